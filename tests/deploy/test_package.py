"""What `cmake --install` puts where, and that the Debian package's lists agree with it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from .files import DEPLOY, REPOSITORY, vecgate

INSTALLED = {
    "etc/logrotate.d/vecgate",
    "etc/vecgate/vecgate.yaml",
    "usr/bin/vecgate",
    "usr/lib/systemd/system/vecgate.service",
    "usr/lib/systemd/system/vecgate.socket",
    "usr/share/doc/vecgate/CHANGELOG.md",
    "usr/share/doc/vecgate/README.md",
    "usr/share/doc/vecgate/copyright",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = vecgate().parents[1]
    if not (build / "cmake_install.cmake").exists():
        pytest.skip("vecgate was not built here")
    folder = tmp_path_factory.mktemp("root")
    subprocess.run(
        ["cmake", "--install", build, "--prefix", "/usr"],
        env={**os.environ, "DESTDIR": str(folder)},
        check=True,
        capture_output=True,
    )
    return folder


def test_installs_these_files(root: Path) -> None:
    assert {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} == INSTALLED


def test_installed_program_and_configuration_work(root: Path) -> None:
    said = subprocess.run(
        [root / "usr/bin/vecgate", "--config", root / "etc/vecgate/vecgate.yaml", "--check-config"],
        env={},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    assert (root / "usr/share/doc/vecgate/copyright").read_text() == (REPOSITORY / "LICENSE").read_text()


def test_configuration_files_survive_upgrades() -> None:
    assert set((DEPLOY / "debian" / "conffiles").read_text().split()) == {
        f"/{path}" for path in INSTALLED if path.startswith("etc/")
    }


def test_rotated_logs_are_where_the_unit_may_write() -> None:
    logs = (DEPLOY / "debian" / "vecgate.logrotate").read_text()
    unit = (DEPLOY / "systemd" / "vecgate.service").read_text()
    assert re.search(r"^/var/log/(\w+)/\*\.log \{$", logs, re.MULTILINE)[1] in re.findall(r"^LogsDirectory=(.*)$", unit, re.MULTILINE)
