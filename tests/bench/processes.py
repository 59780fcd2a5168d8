"""The programs a measurement runs: each on free ports, on cores of its own where there are enough."""

from __future__ import annotations

import base64
import json
import os
import resource
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

from .works import Work

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 30
TICKS = os.sysconf("SC_CLK_TCK")


class Placement(NamedTuple):
    """Who runs on which cores."""

    gateway: list[int]
    upstream: list[int]
    load: list[int]


def placement(gateways: int = 1) -> Placement:
    """The gateway's cores are its own if there is any other; upstream and load share theirs when there are few."""
    cores = sorted(os.sched_getaffinity(0))
    gateway, rest = cores[:gateways], cores[gateways:]
    if not rest:
        return Placement(cores, cores, cores)
    half = len(rest) // 2
    return Placement(gateway, rest[:half] or rest, rest[half:])


def everywhere() -> Placement:
    cores = sorted(os.sched_getaffinity(0))
    return Placement(cores, cores, cores)


def on(cores: list[int], *command: object) -> list[str]:
    """The command, held to these cores. What runs it keeps its process id."""
    return ["taskset", "--cpu-list", ",".join(map(str, cores)), *map(str, command)]


def allow_many_connections() -> None:
    """For this process and those it starts."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Program:
    """A process until `close`; also a context."""

    def __init__(self, command: list[str], **options: object) -> None:
        self.process = subprocess.Popen(command, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def cpu_seconds(self) -> float:
        """User and system time of all threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, what: str) -> int:
        """Bytes: `VmRSS` now, `VmHWM` at most so far."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(what + ":"):
                return int(line.split()[1]) * 1024
        raise LookupError(what)

    def _wait_for(self, path: Path) -> str:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if path.exists() and (text := path.read_text()):
                return text
            time.sleep(0.02)
        self.close()
        raise RuntimeError(f"{self.process.args} did not start: {self.process.poll()}")


class CannedUpstream(Program):
    """Answers each work's call with its one reply, and health checks."""

    def __init__(self, build: Path, folder: Path, works: list[Work], cores: list[int]) -> None:
        canned = folder / "canned.json"
        replies = {work.path: base64.b64encode(work.reply.SerializeToString()).decode() for work in works}
        canned.write_text(json.dumps({path: {"reply_b64": reply} for path, reply in replies.items()}))
        program = build / "tests/support/scripted_upstream/scripted_upstream"
        super().__init__(on(cores, program, f"--canned={canned}", "--port=0"), stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if " listening on " not in line:
            raise RuntimeError("the canned upstream did not start")
        self.address = line.rsplit(" ", 1)[1].strip()


class Vecgate(Program):
    """With its defaults, access log included; the log goes nowhere."""

    def __init__(
        self,
        binary: Path,
        folder: Path,
        upstream: str,
        cores: list[int],
        threads: int = 1,
        options: tuple[str, ...] = (),
    ) -> None:
        ports = folder / "ports"
        ports.unlink(missing_ok=True)
        super().__init__(
            on(
                *(cores, binary, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--upstream", upstream),
                *("--threads", threads, "--port-file", ports, *options),
            ),
            stdout=subprocess.DEVNULL,
        )
        told = dict(line.split("=", 1) for line in self._wait_for(ports).splitlines())
        self.port = int(told["rest"])
        deadline = time.monotonic() + START_SECONDS
        while not self._ready(int(told["admin"])):
            if time.monotonic() > deadline:
                self.close()
                raise RuntimeError(f"{binary} does not become ready before {upstream}")
            time.sleep(0.05)

    @staticmethod
    def _ready(admin: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz", timeout=START_SECONDS) as answer:
                return answer.status == 200
        except OSError:
            return False
