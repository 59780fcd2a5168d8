"""Load: closed loops that keep connections or calls busy, an open loop that keeps a schedule."""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from .processes import Program, on
from .works import Http, Work

WRK_SCRIPT = Path(__file__).parent / "wrk.lua"
PATIENCE = 60


@dataclass(frozen=True)
class Sample:
    """What one measurement saw. `cpu_seconds` is the peer's own, not the load's."""

    requests: int
    seconds: float
    cpu_seconds: float
    p50_us: float
    p99_us: float
    bytes: float  # of answers


class Peer(Protocol):
    """One of those that are compared."""

    name: str

    def check(self, work: Work) -> None:
        """Raises when the answer is not what it has to be."""

    def measure(self, work: Work, at_a_time: int, seconds: float) -> Sample: ...


def fetch(host: str, port: int, request: Http) -> bytes:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request(request.method, request.target, request.body, {"content-type": "application/json"})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise ValueError(f"{request.method} {request.target}: {answer.status} {body[:400]!r}")
    return body


def run_json(command: list[str], seconds: float) -> dict[str, Any]:
    """Runs a load program; the last line it prints is a JSON object."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=seconds + PATIENCE, check=True)
    return json.loads(done.stdout.strip().rsplit("\n", 1)[-1])


def sample_of(what: str, run: Callable[[float], dict[str, Any]], seconds: float) -> Sample:
    """Runs longer when nothing was answered: a slow peer on a busy machine. Raises when a request failed."""
    told = run(seconds)
    if told["failed"]:
        raise RuntimeError(f"{what}: {told['failed']} requests failed, {told['requests']} did not")
    if told["requests"]:
        return Sample(**{field.name: told[field.name] for field in fields(Sample)})
    if seconds > PATIENCE:
        raise RuntimeError(f"{what}: not one answer in {seconds:.0f} s")
    return sample_of(what, run, seconds * 4)


class RestPeer:
    """Something that answers REST; `form` says in which form it takes a work."""

    def __init__(
        self,
        name: str,
        program: Program | None,
        port: int,
        folder: Path,
        cores: list[int],
        form: Callable[[Work], Http] = lambda work: work.rest,
        host: str = "127.0.0.1",
    ) -> None:
        self.name, self.program, self.host, self.port = name, program, host, port
        self.folder, self._cores, self._form = folder, cores, form
        self._requests: dict[str, tuple[Http, Path]] = {}

    def request(self, work: Work) -> tuple[Http, Path]:
        """The request, and the file that holds its body."""
        if work.name not in self._requests:
            request, body = self._form(work), self.folder / f"{self.name} {work.name}.json"
            body.write_bytes(request.body)
            self._requests[work.name] = request, body
        return self._requests[work.name]

    def check(self, work: Work) -> None:
        request, _ = self.request(work)
        request.check(fetch(self.host, self.port, request))

    def measure(self, work: Work, at_a_time: int, seconds: float) -> Sample:
        request, body = self.request(work)

        def run(seconds: float) -> dict[str, Any]:
            command = on(
                *(self._cores, "wrk", "--threads", 1, "--connections", at_a_time, "--timeout", "30s"),
                *("--duration", f"{max(1, round(seconds))}s", "--script", WRK_SCRIPT),
                *(f"http://{self.host}:{self.port}{request.target}", "--", request.method, body),
            )
            before = self.program.cpu_seconds() if self.program else 0.0
            told = run_json(command, seconds)
            return told | {"cpu_seconds": self.program.cpu_seconds() - before if self.program else 0.0}

        return sample_of(f"{self.name}, {work.name}", run, seconds)


class GrpcPeer:
    """A bare gRPC client: the floor under everything that speaks gRPC to the upstream."""

    def __init__(self, name: str, build: Path, upstream: str, folder: Path, cores: list[int]) -> None:
        self.name = name
        self._program, self._upstream = build / "tests/bench/grpc_floor", upstream
        self.folder, self._cores = folder, cores

    def _run(self, work: Work, in_flight: int, seconds: float, warmup: float) -> dict[str, Any]:
        request = self.folder / f"{work.name}.request"
        if not request.exists():
            request.write_bytes(work.request.SerializeToString())
        arguments = {
            **{"target": self._upstream, "method": work.rpc, "request": request},
            **{"in_flight": in_flight, "seconds": seconds, "warmup": warmup},
        }
        return run_json(on(self._cores, self._program, *(f"--{k}={v}" for k, v in arguments.items())), seconds)

    def check(self, work: Work) -> None:
        told = self._run(work, in_flight=1, seconds=0.1, warmup=0)
        if told["reply_bytes"] < work.reply.ByteSize() // 2:
            raise ValueError(f"{work.name}: a reply of {told['reply_bytes']} bytes only")

    def measure(self, work: Work, at_a_time: int, seconds: float) -> Sample:
        return sample_of(
            f"{self.name}, {work.name}", lambda seconds: self._run(work, at_a_time, seconds, warmup=0.3), seconds
        )


def open_loop(
    build: Path, peer: RestPeer, work: Work, rate: float, connections: int, seconds: float, cores: list[int]
) -> dict[str, Any]:
    """The open loop's own account; raises when a request was not answered."""
    request, body = peer.request(work)
    arguments = {
        **{"host": peer.host, "port": peer.port, "method": request.method, "target": request.target, "body": body},
        **{"rate": rate, "seconds": seconds, "warmup": min(1.0, seconds), "connections": connections},
    }
    told = run_json(on(cores, build / "tests/bench/open_loop", *(f"--{k}={v}" for k, v in arguments.items())), seconds)
    if told["failed"] or told["unanswered"]:
        raise RuntimeError(f"{peer.name}, {work.name}: {told['failed']} failed, {told['unanswered']} unanswered")
    return told


def wake_only(build: Path, rate: float, seconds: float, cores: list[int]) -> dict[str, Any]:
    """How late these cores wake a program that does nothing but sleep on that schedule: what no server can be below."""
    arguments = {"rate": rate, "seconds": seconds, "warmup": 0.2, "wake_only": "true"}
    return run_json(on(cores, build / "tests/bench/open_loop", *(f"--{k}={v}" for k, v in arguments.items())), seconds)


Rounds = dict[str, list[Sample]]  # by the peer's name


def rate(sample: Sample) -> float:
    return sample.requests / sample.seconds


def cpu_us(sample: Sample) -> float:
    """A request's."""
    return sample.cpu_seconds / sample.requests * 1e6


def per_cpu_second(sample: Sample) -> float:
    return sample.requests / sample.cpu_seconds


def alternate(peers: list[Peer], work: Work, at_a_time: int, rounds: int, seconds: float) -> Rounds:
    """Checks each answer, then measures all peers in turn, round by round: what else the machine does hits all alike."""
    for peer in peers:
        peer.check(work)
    samples: Rounds = {peer.name: [] for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            samples[peer.name].append(peer.measure(work, at_a_time, seconds))
            time.sleep(0.1)
    return samples


def ratio(rounds: Rounds, ours: str, theirs: str, of: Callable[[Sample], float]) -> float:
    """The median of the rounds' own ratios."""
    return statistics.median(of(a) / of(b) for a, b in zip(rounds[ours], rounds[theirs]))


def median(samples: list[Sample], of: Callable[[Sample], float]) -> float:
    return statistics.median(map(of, samples))
