"""What holds for every file in deploy/."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from .files import DEPLOY, REPOSITORY, check_config, documents, scalars, variables, yaml_files

TEXTS = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
SECRET = re.compile(r"-----BEGIN|(?i:password|secret|api[_-]?key|token)\s*[:=]\s*[\"']?[A-Za-z0-9+/_-]{8,}")
ALLOWED = re.compile(r"\$\{?[A-Z_]+|secretName|secretRef|automountServiceAccountToken")


@pytest.mark.parametrize("path", yaml_files(DEPLOY), ids=lambda path: str(path.relative_to(DEPLOY)))
def test_yaml_is_tidy(path: Path) -> None:
    text = path.read_text()
    assert documents(text)
    assert text.endswith("\n")
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{path.name}:{number}"
        assert "\t" not in line, where
        assert line == line.rstrip(), where
        assert len(line) <= 120, where
        assert (len(line) - len(line.lstrip())) % 2 == 0, f"{where}: odd indentation"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_no_secret_is_in_a_file(path: Path) -> None:
    for line in path.read_text().splitlines():
        assert not SECRET.search(line) or ALLOWED.search(line), line


def test_variables_are_settings() -> None:
    """Every VECGATE_ variable that a file sets is one that vecgate reads."""
    known = variables() | {"VECGATE_TESTS", "VECGATE_VERSION"}  # those of the build
    for path in TEXTS:
        for name in re.findall(r"\bVECGATE_[A-Z0-9_]*[A-Z0-9]\b", path.read_text()):
            assert name in known, f"{path}: {name}"


def test_configurations_are_accepted() -> None:
    for path in (DEPLOY / "docker" / "vecgate.yaml", REPOSITORY / "config" / "vecgate.yaml"):
        said = check_config(path)
        assert said.returncode == 0, said.stderr


def test_scripts_are_programs() -> None:
    for path in TEXTS:
        first = path.read_bytes().split(b"\n", 1)[0]
        if not first.startswith(b"#!"):
            continue
        assert os.access(path, os.X_OK), f"{path} cannot be run"
        shell = first.rsplit(b"/", 1)[1].split()[-1].decode()
        subprocess.run([shell, "-n", path], check=True)


def test_images_are_pinned() -> None:
    for path in yaml_files(DEPLOY):
        for document in documents(path.read_text()):
            for text in scalars(document):
                if isinstance(text, str) and re.fullmatch(r"[a-z0-9./-]+/[a-z0-9-]+(:[\w.-]+)?", text) and ":" in text:
                    assert not text.endswith(":latest"), f"{path}: {text}"
