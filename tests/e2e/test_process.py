"""The gateway as a process among others: sockets it is given, what it tells, who comes after it."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .running import Upstream, Vecgate
from .wire import Closed, Wire, get, request, until

FIRST_PASSED = 3  # by convention of socket activation
LOAD_CLIENTS = 6
HANDOVERS = 3
REPLACED_WITHIN = 40.0  # a successor waits for its upstream, then idle connections get their time


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


def collections() -> bytes:
    return request("GET", "/collections")


# ---- socket activation ----


def through(script: str, *sockets: socket.socket) -> dict[str, Any]:
    """Starts the gateway by a line of shell that ends by becoming it. $s0 ... are the sockets."""
    numbers = [one.fileno() for one in sockets]
    variables = " ".join(f"s{i}={number};" for i, number in enumerate(numbers))
    return {"through": ["bash", "-c", f'{variables} {script} exec "$@"', "vecgate"], "pass_fds": numbers}


def passing(*sockets: socket.socket, names: str | None) -> dict[str, Any]:
    """How a service manager starts a process with sockets."""
    moves = " ".join(f"{FIRST_PASSED + i}<&$s{i}" for i in range(len(sockets)))
    told = f"LISTEN_PID=$$ LISTEN_FDS={len(sockets)}" + ("" if names is None else f" LISTEN_FDNAMES={names}")
    return through(f"exec {moves}; export {told};", *sockets)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.mark.parametrize("names", ["rest", "vecgate.socket", None])
def test_serves_at_the_socket_it_is_given(
    upstream: Upstream, tmp_path: Path, listening: socket.socket, names: str | None
) -> None:
    port = listening.getsockname()[1]
    # They come before the gateway does, and while it is restarted; nobody is refused.
    for _ in range(2):
        with Wire(port) as early:
            early.send(collections())
            with Vecgate(tmp_path, upstream.port, popen=passing(listening, names=names), threads=2) as vecgate:
                assert vecgate.rest == port
                assert early.reply().status == 200
                vecgate.wait_ready()
                assert get(port, "/collections").status == 200
                vecgate.terminate()
                assert vecgate.exit_code() == 0


def test_sockets_go_to_listeners_by_name(upstream: Upstream, tmp_path: Path, listening: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as admin:
        popen = passing(admin, listening, names="admin:rest")
        with Vecgate(tmp_path, upstream.port, popen=popen) as vecgate:
            assert vecgate.rest == listening.getsockname()[1]
            assert vecgate.admin == admin.getsockname()[1]
            vecgate.wait_ready()


def test_a_socket_that_is_nobodys_is_a_fault(upstream: Upstream, tmp_path: Path, listening: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        popen = passing(listening, other, names="rest:metrics")
        with pytest.raises(pytest.fail.Exception, match="ended with status 1"):
            Vecgate(tmp_path, upstream.port, popen=popen)
    assert "there is no listener called 'metrics'" in (tmp_path / "log").read_text()


# ---- the service manager ----


class Manager:
    """Where NOTIFY_SOCKET leads."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(10)
        self.path = str(path)

    def __enter__(self) -> Manager:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def next(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.socket.recv(4096).decode().splitlines())

    def popen(self, **variables: str) -> dict[str, Any]:
        return {"env": {**os.environ, "NOTIFY_SOCKET": self.path, **variables}}


def test_tells_the_service_manager(upstream: Upstream, tmp_path: Path) -> None:
    settings = {"reload": {"watch": "0"}}
    with (
        Manager(tmp_path / "notify") as manager,
        Vecgate(tmp_path, upstream.port, popen=manager.popen(), **settings) as vecgate,
    ):
        ready = {"READY": "1", "MAINPID": str(vecgate.process.pid), "STATUS": "serving"}
        assert manager.next() == ready
        assert get(vecgate.rest, "/livez").status == 200
        vecgate.process.send_signal(signal.SIGHUP)
        reloading = manager.next()
        assert reloading["RELOADING"] == "1"
        assert int(reloading["MONOTONIC_USEC"]) > 0
        assert manager.next() == ready
        vecgate.terminate()
        assert manager.next() == {"STOPPING": "1", "STATUS": "draining"}
        assert vecgate.exit_code() == 0


def test_feeds_the_watchdog(upstream: Upstream, tmp_path: Path) -> None:
    with (
        Manager(tmp_path / "notify") as manager,
        Vecgate(tmp_path, upstream.port, popen=manager.popen(WATCHDOG_USEC="200000"), threads=3) as vecgate,
    ):
        assert manager.next()["READY"] == "1"
        for _ in range(5):
            assert manager.next() == {"WATCHDOG": "1"}
        vecgate.terminate()
        told: dict[str, str] = {}
        while "STOPPING" not in told:
            told = manager.next()
        assert vecgate.exit_code() == 0


# ---- memory stays in memory ----


def crash(vecgate: Vecgate) -> int:
    vecgate.process.send_signal(signal.SIGSEGV)
    _, status = os.waitpid(vecgate.process.pid, 0)
    assert os.WIFSIGNALED(status)
    return status


def test_leaves_no_core_dump(upstream: Upstream, tmp_path: Path) -> None:
    without = {name: value for name, value in os.environ.items() if name != "VECGATE_LIFECYCLE_CORE_DUMPS"}
    popen = through("ulimit -Sc $(ulimit -Hc);") | {"env": without, "cwd": tmp_path}
    with Vecgate(tmp_path, upstream.port, popen=popen) as vecgate:
        limits = Path(f"/proc/{vecgate.process.pid}/limits").read_text()
        (line,) = (line for line in limits.splitlines() if line.startswith("Max core file size"))
        assert line.split()[4:6] == ["0", "0"]
        assert not os.WCOREDUMP(crash(vecgate))
    assert not list(tmp_path.glob("core*"))


# ---- handover ----


class Load:
    """A client that keeps asking; it takes a new connection when the old one is announced to end, and only then."""

    def __init__(self, port: int | Path) -> None:
        self.port = port
        self.answered = 0
        self.connections = 0
        self.failed: list[object] = []
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                with Wire(self.port) as wire:
                    self.connections += 1
                    while not self.stop.is_set():
                        reply = wire.ask("GET", "/collections")
                        self.answered += 1
                        if reply.status != 200:
                            self.failed.append(reply)
                        if reply.closes:
                            break
            except (Closed, OSError) as error:
                self.failed.append(error)


def folder(parent: Path, name: str) -> Path:
    path = parent / name
    path.mkdir()
    return path


def test_handover_under_load_fails_nothing(upstream: Upstream, tmp_path: Path) -> None:
    settings = {"lifecycle": {"handover": str(tmp_path / "handover.sock")}, "timeouts": {"drain": "10s"}}
    current = Vecgate(folder(tmp_path, "0"), upstream.port, threads=2, **settings)
    loads = [Load(current.wait_ready().rest) for _ in range(LOAD_CLIENTS)]
    threads = [threading.Thread(target=load.run) for load in loads]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, HANDOVERS + 1):
            before = [load.answered for load in loads]
            # More threads than there are sockets, and less.
            successor = Vecgate(folder(tmp_path, str(number)), upstream.port, threads=4 - number, **settings)
            assert (successor.rest, successor.admin) == (current.rest, current.admin)
            assert current.exit_code(REPLACED_WITHIN) == 0
            assert current.events("replaced")
            assert "drain_incomplete" not in current.log
            current = successor
            until(lambda: all(load.answered > was + 20 for load, was in zip(loads, before)), "all go on")  # noqa: B023
    finally:
        for load in loads:
            load.stop.set()
        for thread in threads:
            thread.join(10)
        current.__exit__()
    for load in loads:
        assert not load.failed
        assert load.connections > HANDOVERS
    assert not (tmp_path / "handover.sock").exists()


def test_a_unix_domain_socket_is_handed_over(upstream: Upstream, tmp_path: Path) -> None:
    path = tmp_path / "rest.sock"
    settings = {
        "lifecycle": {"handover": str(tmp_path / "handover.sock")},
        "listeners": [{"name": "local", "address": f"unix:{path}"}],
    }
    with Vecgate(folder(tmp_path, "0"), upstream.port, threads=2, **settings) as first:
        first.wait_ready()
        inode = path.stat().st_ino
        loads = [Load(path) for _ in range(LOAD_CLIENTS)]
        threads = [threading.Thread(target=load.run) for load in loads]
        for thread in threads:
            thread.start()
        try:
            until(lambda: all(load.answered for load in loads), "all are served")
            with Vecgate(folder(tmp_path, "1"), upstream.port, threads=1, **settings) as second:
                assert first.exit_code(REPLACED_WITHIN) == 0
                before = [load.answered for load in loads]
                until(lambda: all(load.answered > was + 20 for load, was in zip(loads, before)), "all go on")
                assert path.stat().st_ino == inode, "it is the same socket"
                for load in loads:
                    load.stop.set()
                assert second.readiness() == 200
        finally:
            for load in loads:
                load.stop.set()
            for thread in threads:
                thread.join(10)
    for load in loads:
        assert not load.failed
        assert load.connections > 1


def test_requests_of_the_replaced_gateway_are_finished(upstream: Upstream, tmp_path: Path) -> None:
    settings = {"lifecycle": {"handover": str(tmp_path / "handover.sock")}}
    with Vecgate(folder(tmp_path, "0"), upstream.port, **settings) as first:
        first.wait_ready()
        with Wire(first.rest) as idle, Wire(first.rest) as half:
            assert idle.ask("GET", "/livez").status == 200
            half.send(collections()[:10])
            with Vecgate(folder(tmp_path, "1"), upstream.port, **settings) as second:
                until(lambda: first.events("replaced"), "it is replaced")
                half.send(collections()[10:])
                for wire in (half, idle):
                    if wire is idle:
                        wire.send(collections())
                    reply = wire.reply()
                    assert (reply.status, reply.closes) == (200, True)
                assert first.exit_code(REPLACED_WITHIN) == 0
                assert get(second.rest, "/collections").status == 200


def test_a_successor_that_does_not_start_changes_nothing(upstream: Upstream, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"lifecycle": {"handover": str(tmp_path / "handover.sock")}}
    with Vecgate(folder(tmp_path, "0"), upstream.port, **settings) as first, Wire(first.wait_ready().rest) as wire:
        with pytest.raises(pytest.fail.Exception, match="ended with status 1"):
            # It has the sockets by then, and cannot write where it listens.
            Vecgate(folder(tmp_path, "1"), upstream.port, popen=through("trap '' XFSZ; ulimit -f 0;"), **settings)
        until(lambda: first.events("handover_abandoned"), "the first goes on")
        assert wire.ask("GET", "/collections").status == 200
        assert get(first.rest, "/collections").status == 200
        assert first.process.poll() is None
        with Vecgate(folder(tmp_path, "2"), upstream.port, **settings) as second:
            assert second.rest == first.rest
            assert first.exit_code(REPLACED_WITHIN) == 0


def test_a_signal_after_the_handover_ends_what_is_idle(upstream: Upstream, tmp_path: Path) -> None:
    settings = {"lifecycle": {"handover": str(tmp_path / "handover.sock")}}
    with Vecgate(folder(tmp_path, "0"), upstream.port, **settings) as first, Wire(first.wait_ready().rest) as idle:
        assert idle.ask("GET", "/livez").status == 200
        with Vecgate(folder(tmp_path, "1"), upstream.port, **settings):
            until(lambda: first.events("replaced"), "it is replaced")
            first.terminate()
            assert idle.ends(within=2)
            assert first.exit_code(within=5) == 0
