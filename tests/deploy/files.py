"""Where the files of deploy/ are, and what reads them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "deploy"


class StrictLoader(yaml.SafeLoader):
    """YAML in which a key stands twice is an error, not a choice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def documents(text: str) -> list[Any]:
    return [document for document in yaml.load_all(text, StrictLoader) if document is not None]


def yaml_files(folder: Path) -> list[Path]:
    return sorted(path for kind in ("*.yaml", "*.yml") for path in folder.rglob(kind) if "templates" not in path.parts)


def vecgate() -> Path:
    """The binary named by VECGATE_BIN, or the first preset that was built."""
    if named := os.environ.get("VECGATE_BIN"):
        return Path(named)
    for preset in ("release", "dev"):
        if (binary := REPOSITORY / "build" / preset / "gateway" / "vecgate").exists():
            return binary
    pytest.skip("vecgate is not built; set VECGATE_BIN to run this test")


def check_config(file: Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """What vecgate says of a configuration file."""
    return subprocess.run(
        [vecgate(), "--config", file, "--check-config"], env=environment or {}, capture_output=True, text=True
    )


def settings() -> set[str]:
    """The keys of all settings, as the table in config/settings.cc has them."""
    printed = subprocess.run([vecgate(), "--print-config"], env={}, capture_output=True, text=True, check=True).stdout

    def keys(values: dict, prefix: str) -> Iterator[str]:
        for key, value in values.items():
            if isinstance(value, dict):
                yield from keys(value, f"{prefix}{key}.")
            else:
                yield prefix + key

    return set(keys(yaml.safe_load(printed), ""))


def variables() -> set[str]:
    """The names of the environment variables that are read."""
    return {"VECGATE_" + key.upper().replace(".", "_") for key in settings()}


def scalars(value: Any) -> Iterator[Any]:
    """Keys and values anywhere in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner)
    else:
        yield value
