"""What is aimed at, and how a run compares: the table, the history, the README."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .processes import REPOSITORY

HISTORY = Path(__file__).parent / "history.jsonl"
README = REPOSITORY / "README.md"
BEGIN, END = "<!-- tests/bench/run.py writes from here -->", "<!-- to here -->"

Record = dict[str, Any]


@dataclass(frozen=True)
class Row:
    key: str
    what: str
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g} {self.unit}".rstrip()
        return f"≤ {self.at_most:g} {self.unit}".rstrip()

    def told(self, value: float) -> str:
        digits = 2 if self.unit == "x" else 1 if abs(value) < 100 else 0
        return f"{value:.{digits}f} {self.unit}".rstrip()

    def met(self, value: float) -> bool:
        return value >= self.at_least if self.at_least is not None else value <= self.at_most


ROWS = (
    Row("upsert_vs_native", "upsert of 100 x 768-d, 16 connections: requests/s / native REST", "x", at_least=1.6),
    Row("scroll_vs_native", "scroll of 500 x 768-d with vectors, 16 connections: the same", "x", at_least=1.8),
    Row("query_vs_native", "query k=10, 128-d, payload, 16 connections: the same", "x", at_least=0.95),
    Row("query_added_us", "that query, 1 connection: median over native REST", "µs", at_most=120),
    Row("weaviate_batch", "Weaviate: batch of 100 x 768-d, 16 connections: requests/s / native REST", "x", at_least=1.6),
    Row("weaviate_get", "Weaviate: GraphQL Get of 500 x 768-d with vectors, 4 connections: the same", "x", at_least=1.8),
    Row("weaviate_search", "Weaviate: nearVector k=10, 128-d, 16 connections: the same", "x", at_least=0.95),
    Row("read_vs_simdjson", "JSON → message, f32 arrays: speed / simdjson's parse into its DOM", "x", at_least=0.85),
    Row("read_vs_protobuf", "the same / protobuf's JSON reader", "x", at_least=12),
    Row("write_vs_to_chars", "message → JSON, f32 arrays: speed / a loop of std::to_chars", "x", at_least=1.5),
    Row("write_vs_protobuf", "the same / protobuf's JSON writer", "x", at_least=14),
    Row("read_payload_vs_simdjson", "JSON → message, 50 mixed keys: speed / simdjson's parse", "x", at_least=0.5),
    Row("write_payload_vs_protobuf", "message → JSON, 50 mixed keys: speed / protobuf's writer", "x", at_least=8),
    Row("cpu_vs_envoy", "CPU of a search, 32 connections / Envoy's gRPC-JSON transcoder", "x", at_most=0.45),
    Row("cpu_vs_grpc", "the same / a bare grpc++ client's", "x", at_most=1.7),
    Row("scaling_cpu", "requests per second of CPU, 2 I/O threads / 1", "x", at_least=0.9),
    Row("scaling_rate", "requests/s, 2 I/O threads / 1 (6 cores or more)", "x", at_least=1.8),
    Row("rss_idle_mb", "memory at rest", "MiB", at_most=30),
    Row("connection_kb", "memory per idle keep-alive connection", "KiB", at_most=12),
    Row("upsert_peak", "peak memory of a 32 MiB upsert / its body", "x", at_most=4),
    Row("growth", "memory after much traffic (by default 10 GB) / early on", "x", at_most=1.1),
    Row("p99_us", "search at half of the maximum rate, on schedule: p99", "µs", at_most=1000),
    Row("p999_us", "the same: p99.9", "µs", at_most=5000),
    Row("waiting_at_end", "the same: requests still queued at the end", "", at_most=0),
)


def record_of(rows: dict[str, float], details: dict[str, float]) -> Record:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=False)
        return done.stdout.strip()

    # Results of earlier runs are no change of what is measured.
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{HISTORY}", f":!{README}")
    return {
        "date": datetime.date.today().isoformat(),
        "commit": (git("rev-parse", "--short=10", "HEAD") or "unknown") + ("+changes" if changed else ""),
        "machine": machine(),
        "rows": {key: round(value, 4) for key, value in rows.items()},
        "details": {key: round(value, 2) for key, value in details.items()},
    }


def machine() -> str:
    """Its class, not its name."""
    models = [line.split(":", 1)[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    model = " ".join(models[0].split()) if models else os.uname().machine
    return f"{len(os.sched_getaffinity(0))} cores, {model}"


def text_table(rows: dict[str, float]) -> str:
    lines = [f"{'':76}{'measured':>12}  target"]
    for row in ROWS:
        if row.key not in rows:
            lines.append(f"{row.what:76}{'-':>12}  {row.target}")
            continue
        value = rows[row.key]
        line = f"{row.what:76}{row.told(value):>12}  {row.target:<12}{'' if row.met(value) else 'missed'}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def append(record: Record, path: Path = HISTORY) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def load(path: Path = HISTORY) -> list[Record]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def latest(history: Iterable[Record]) -> dict[str, Record]:
    """Each row's key -> the last record that measured it."""
    return {key: record for record in history for key in record["rows"]}


def markdown(history: Iterable[Record]) -> str:
    found = latest(history)
    lines = ["| work | measured | target | |", "|---|---|---|---|"]
    measured = set()
    for row in ROWS:
        if (record := found.get(row.key)) is None:
            lines.append(f"| {row.what} | not yet | {row.target} | |")
            continue
        value = record["rows"][row.key]
        lines.append(f"| {row.what} | {row.told(value)} | {row.target} | {'met' if row.met(value) else 'missed'} |")
        measured.add(f"{record['date']}, commit {record['commit']}, {record['machine']}")
    # A real database may stand elsewhere, so rows can be of several runs.
    return "\n".join([*lines, "", *(f"Measured {run}." for run in sorted(measured))]).rstrip()


def update_readme(history: Iterable[Record], path: Path = README) -> None:
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"{path.name}: not one '{BEGIN}' and one '{END}'")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    path.write_text(f"{head}{BEGIN}\n{markdown(history)}\n{END}{tail}", encoding="utf-8")
