"""deploy/systemd: units that systemd accepts and that leave a broken process little to break."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .files import DEPLOY, REPOSITORY, documents

SERVICE = DEPLOY / "systemd" / "vecgate.service"
SOCKET = DEPLOY / "systemd" / "vecgate.socket"
EXPOSURE = 20  # of 100; 0 is a process that can do nothing

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that is there."""
    for unit in (SERVICE, SOCKET):
        (tmp_path / unit.name).write_text(unit.read_text().replace("/usr/bin/vecgate", "/bin/true"))
    return tmp_path


@needs_systemd
def test_units_are_accepted(units: Path) -> None:
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(str, units.iterdir())],
        capture_output=True,
        text=True,
    )
    ours = [line for line in said.stderr.splitlines() if "vecgate" in line]
    assert not ours
    assert said.returncode == 0, said.stderr


@needs_systemd
def test_exposure_is_low(units: Path) -> None:
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSURE}", "--no-pager", units / SERVICE.name],
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def values(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text(), re.MULTILINE)


def test_socket_listens_where_vecgate_would() -> None:
    (config,) = documents((REPOSITORY / "config" / "vecgate.yaml").read_text())
    assert values(SOCKET, "ListenStream") == [config["listen"]]


def test_stopping_takes_longer_than_draining() -> None:
    (config,) = documents((REPOSITORY / "config" / "vecgate.yaml").read_text())
    assert int(values(SERVICE, "TimeoutStopSec")[0]) > int(config["timeouts"]["drain"].removesuffix("s"))


def test_user_is_made_by_the_package() -> None:
    made = (DEPLOY / "debian" / "postinst").read_text()
    assert f"--no-create-home --quiet {values(SERVICE, 'User')[0]}\n" in made
