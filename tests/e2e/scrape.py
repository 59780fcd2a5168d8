"""Prometheus' text format, read; and what is documented of our metrics."""

from __future__ import annotations

import re
from typing import NamedTuple

from .servers import REPOSITORY

SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
DOCUMENTED = REPOSITORY / "config" / "METRICS.md"
PARTS = ("_bucket", "_sum", "_count")


class Scrape(NamedTuple):
    types: dict[str, str]
    samples: dict[tuple[str, frozenset[tuple[str, str]]], float]

    @classmethod
    def of(cls, text: str) -> Scrape:
        types, samples = {}, {}
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                name, kind = line.removeprefix("# TYPE ").split(" ")
                types[name] = kind
            elif line and not line.startswith("#"):
                name, labels, value = SAMPLE.fullmatch(line).groups()
                samples[name, frozenset(LABEL.findall(labels or ""))] = float(value)
        return cls(types, samples)

    def value(self, name: str, **labels: str) -> float:
        """Of one sample; 0 where there is none."""
        return self.samples.get((name, frozenset(labels.items())), 0)

    def total(self, name: str, **labels: str) -> float:
        """Of all samples with at least these labels."""
        return sum(value for (own, has), value in self.samples.items() if own == name and labels.items() <= dict(has).items())

    def family(self, name: str) -> str:
        """The family of a sample's name."""
        if name in self.types:
            return name
        return next((name.removesuffix(part) for part in PARTS if name.removesuffix(part) in self.types), name)

    def label_names(self, family: str) -> set[str]:
        """Without those of histograms themselves."""
        found = (labels for (name, labels) in self.samples if self.family(name) == family)
        return {key for labels in found for key, _ in labels} - {"le"}


def documented() -> dict[str, list[str]]:
    """The documented metrics: type, labels, meaning, from when on they are shown (empty: from the start)."""
    lines = DOCUMENTED.read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    assert all(len(row) == 5 for row in cells)
    return {row[0].strip("`"): row[1:] for row in cells}
