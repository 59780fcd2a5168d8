"""Start, readiness, drain, and what happens when one side goes away."""

from __future__ import annotations

import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conformance.processes import ScriptedUpstream

from .running import COUNT, CREATE_FULL, EXISTS, Held, Upstream, Vecgate, count, exists
from .wire import Closed, Wire, get, post, request, until

FAST_CLIENTS = 8
SLOW_CLIENTS = 6


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture
def vecgate(upstream: Upstream, tmp_path: Path) -> Iterator[Vecgate]:
    with Vecgate(tmp_path, upstream.port) as gateway:
        yield gateway.wait_ready()


def count_of(number: int) -> bytes:
    return request("POST", f"/collections/n{number}/points/count", b'{"exact":true}')


def is_refused(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return False
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        return False


class Load:
    """A client that asks for the next answer as soon as it has one, over one connection."""

    def __init__(self, port: int, first: int) -> None:
        self.wire = Wire(port)
        self.number = first
        self.answered = 0
        self.wrong: list[object] = []
        self.lost_at: float | None = None  # when the unanswered request had been sent
        self.closed_politely = False

    def run(self) -> None:
        with self.wire as wire:
            while not self.closed_politely:
                self.number += 1
                try:
                    wire.send(count_of(self.number))
                    sent = time.monotonic()
                except ConnectionError:
                    return
                try:
                    reply = wire.reply()
                except Closed as closed:
                    self.lost_at = sent
                    self.wrong += [b for b in closed.args if b]  # half a reply is never allowed
                    return
                if reply.status != 200 or reply.json["result"] != {"count": self.number}:
                    self.wrong.append(reply)
                self.answered += 1
                self.closed_politely = reply.closes


# ---- drain ----


def test_term_under_load_completes_every_request_begun(upstream: Upstream, vecgate: Vecgate) -> None:
    held = upstream.answers[EXISTS] = Held(exists)
    loads = [Load(vecgate.rest, client * 1_000_000) for client in range(FAST_CLIENTS)]
    slow = [Wire(vecgate.rest) for _ in range(SLOW_CLIENTS)]
    begun, silent, idle = Wire(vecgate.rest), Wire(vecgate.rest), Wire(vecgate.rest)
    threads = [threading.Thread(target=load.run) for load in loads]
    for thread in threads:
        thread.start()
    assert idle.ask("GET", "/livez").status == 200
    # Half of them on connections that were used before.
    for wire in slow[::2]:
        assert wire.ask("GET", "/livez").status == 200
    for wire in slow:
        wire.send(request("GET", "/collections/there/exists"))
    half = count_of(42)
    begun.send(half[:1])
    until(lambda: held.entered == SLOW_CLIENTS, "slow requests are with the upstream")
    until(lambda: all(load.answered >= 5 for load in loads), "the load runs")

    killed = time.monotonic()
    vecgate.terminate()
    silent.send(count_of(43))  # connected before the signal
    until(lambda: vecgate.readiness() == 503, "not ready while draining", within=2)
    until(lambda: is_refused(vecgate.rest), "new connections are refused", within=2)
    assert idle.ends(within=2)
    assert vecgate.process.poll() is None
    begun.send(half[1:])
    for wire, number in ((begun, 42), (silent, 43)):
        reply = wire.reply()
        assert (reply.status, reply.json["result"], reply.closes) == (200, {"count": number}, True)

    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    for load in loads:
        assert not load.wrong
        assert load.lost_at is None or load.lost_at >= killed
    assert held.cancelled == 0
    held.released.set()
    for wire in slow:
        reply = wire.reply()
        assert (reply.status, reply.json["result"], reply.closes) == (200, {"exists": True}, True)
        assert wire.ends()
    assert vecgate.exit_code() == 0
    assert "drain_incomplete" not in vecgate.log
    assert '"stopped"' in vecgate.log


def test_requests_pipelined_before_the_signal_are_answered(upstream: Upstream, vecgate: Vecgate) -> None:
    held = upstream.answers[EXISTS] = Held(exists)
    with Wire(vecgate.rest) as wire:
        wire.send(request("GET", "/collections/there/exists") + count_of(1) + count_of(2))
        until(lambda: held.entered == 1, "the first is with the upstream")
        vecgate.terminate()
        until(lambda: vecgate.readiness() == 503, "draining", within=2)
        held.released.set()
        replies = [wire.reply() for _ in range(3)]
        assert [reply.json["result"] for reply in replies] == [{"exists": True}, {"count": 1}, {"count": 2}]
        assert replies[-1].closes
        assert wire.ends()
    assert vecgate.exit_code() == 0


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_second_signal_ends_at_once(upstream: Upstream, vecgate: Vecgate, second: signal.Signals) -> None:
    held = upstream.answers[EXISTS] = Held(exists)
    with Wire(vecgate.rest) as wire:
        wire.send(request("GET", "/collections/there/exists"))
        until(lambda: held.entered == 1, "the request is with the upstream")
        vecgate.terminate()
        until(lambda: vecgate.readiness() == 503, "draining", within=2)
        vecgate.process.send_signal(second)
        assert vecgate.exit_code(within=2) == 1
    held.released.set()


def test_drain_has_a_bound(upstream: Upstream, tmp_path: Path) -> None:
    held = upstream.answers[EXISTS] = Held(exists)
    with Vecgate(tmp_path, upstream.port, timeouts={"drain": "300ms"}) as vecgate, Wire(vecgate.rest) as wire:
        vecgate.wait_ready()
        wire.send(request("GET", "/collections/there/exists"))
        until(lambda: held.entered == 1, "the request is with the upstream")
        vecgate.terminate()
        assert vecgate.exit_code(within=5) == 0
        assert "drain_incomplete" in vecgate.log
        until(lambda: held.cancelled == 1, "the upstream call is cancelled")


def test_drain_waits_for_calls_in_the_background(upstream: Upstream, vecgate: Vecgate) -> None:
    finished = threading.Event()

    def create(*_: object) -> bytes:
        finished.set()
        return b""

    held = upstream.answers[CREATE_FULL] = Held(create)
    assert post(vecgate.rest, "/snapshots?wait=false").status == 202
    until(lambda: held.entered == 1, "the call is with the upstream")
    vecgate.terminate()
    until(lambda: vecgate.readiness() == 503, "draining", within=2)
    assert vecgate.process.poll() is None
    held.released.set()
    assert vecgate.exit_code() == 0
    assert finished.is_set()
    assert held.cancelled == 0


def test_idle_gateway_stops_at_once(vecgate: Vecgate) -> None:
    with Wire(vecgate.rest) as used, Wire(vecgate.admin) as watching:
        used.ask("GET", "/livez")
        watching.ask("GET", "/livez")
        vecgate.process.send_signal(signal.SIGINT)
        assert vecgate.exit_code(within=5) == 0


def test_gateway_stops_whenever_it_is_told(tmp_path: Path) -> None:
    """Also while it looks for its upstream, and with nothing to wait for. Several tries: it was a race once."""
    for _ in range(10):
        with Vecgate(tmp_path, 1, threads=1) as vecgate:
            vecgate.terminate()
            assert vecgate.exit_code(within=5) == 0


# ---- the upstream goes away ----


def test_upstream_killed_and_back(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    upstream = ScriptedUpstream(tmp_path)
    port = int(upstream.address.rsplit(":", 1)[1])
    try:
        with Vecgate(tmp_path, port) as vecgate, Wire(vecgate.rest) as wire:
            vecgate.wait_ready()
            assert get(vecgate.rest, "/collections").status == 200
            upstream.fault(method=COUNT, delay_ms=60_000)
            wire.send(count_of(1))
            until(lambda: any(call["method"] == COUNT for call in upstream.report()), "a call is with the upstream")
            kill(upstream)
            for reply in (wire.reply(), *(get(vecgate.rest, "/collections") for _ in range(3))):
                assert reply.status == 503
                assert "upstream" in reply.error.lower()
                assert not reply.closes
            until(lambda: vecgate.readiness() == 503, "not ready without upstream")
            native = get(vecgate.rest, "/readyz")
            assert (native.status, native.body) == (503, b"some shards are not ready")
            assert get(vecgate.rest, "/healthz").status == get(vecgate.admin, "/livez").status == 200

            upstream = ScriptedUpstream(tmp_path, f"--port={port}")
            until(lambda: get(vecgate.rest, "/collections").status == 200, "requests are answered again")
            until(lambda: vecgate.readiness() == 200, "ready again")
            assert get(vecgate.rest, "/readyz").status == 200
            assert vecgate.log.count('"upstream_away"') == 1
    finally:
        upstream.close()


def kill(upstream: ScriptedUpstream) -> None:
    upstream._process.kill()
    upstream._process.wait()


def test_starts_without_upstream(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with Vecgate(tmp_path, port) as vecgate:
        assert vecgate.readiness() == 503
        assert get(vecgate.rest, "/readyz").status == 503
        reply = get(vecgate.rest, "/collections")
        assert reply.status == 503
        assert "upstream" in reply.error.lower()
        # Whom to ask for a credential's proof is not there; the answer does not depend on it.
        assert get(vecgate.rest, "/nowhere").status == 404
        until(lambda: "upstream_away" in vecgate.log, "the log says so")
        with Upstream(port) as upstream:
            assert upstream.port == port
            vecgate.wait_ready()
            assert post(vecgate.rest, "/collections/n5/points/count").json["result"] == {"count": 5}


# ---- the client goes away ----


def leave(wire: Wire) -> None:
    wire.socket.close()


def leave_with_reset(wire: Wire) -> None:
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.socket.close()


@pytest.mark.parametrize("go", [leave, leave_with_reset])
def test_client_that_leaves_cancels_its_call(upstream: Upstream, tmp_path: Path, go: Callable[[Wire], None]) -> None:
    with Vecgate(tmp_path, upstream.port, threads=1) as vecgate:  # one channel, open from here on
        vecgate.wait_ready()
        post(vecgate.rest, "/collections/n1/points/count")
        until(lambda: nobody_is_connected(vecgate), "nobody is connected")
        before = vecgate.descriptors()
        held = upstream.answers[EXISTS] = Held(exists)
        clients = [Wire(vecgate.rest) for _ in range(16)]
        for wire in clients:
            wire.send(request("GET", "/collections/there/exists"))
        until(lambda: held.entered == len(clients), "all are with the upstream")
        assert vecgate.descriptors() >= before + len(clients) - 2  # readers of the metrics may have been counted
        for wire in clients[1:]:
            go(wire)
        until(lambda: held.cancelled == len(clients) - 1, "the upstream is told")
        held.released.set()
        assert clients[0].reply().json["result"] == {"exists": True}  # the one who stayed
        clients[0].socket.close()
        until(lambda: vecgate.descriptors() <= before, "descriptors are given back")
        until(lambda: "vecgate_requests_in_flight 0\n" in vecgate.metrics().body.decode(), "nothing is in flight")
        assert vecgate.log.count('"status":499') == len(clients) - 1


def nobody_is_connected(vecgate: Vecgate) -> bool:
    return "vecgate_connections 0\n" in vecgate.metrics().body.decode()


def test_client_that_leaves_in_the_middle_of_its_request(vecgate: Vecgate) -> None:
    post(vecgate.rest, "/collections/n1/points/count")
    until(lambda: nobody_is_connected(vecgate), "nobody is connected")
    before = vecgate.descriptors()
    whole = count_of(1)
    for cut in (0, 1, len(whole) // 2, whole.index(b"\r\n\r\n") + 3, len(whole) - 1):
        with Wire(vecgate.rest) as wire:
            wire.send(whole[:cut])
    until(lambda: nobody_is_connected(vecgate), "their connections are closed")
    until(lambda: vecgate.descriptors() <= before, "descriptors are given back")


def test_connections_beyond_the_limit_are_told(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, limits={"connections": 2}) as vecgate:
        vecgate.wait_ready()
        with Wire(vecgate.rest) as one, Wire(vecgate.rest) as two:
            assert one.ask("GET", "/livez").status == two.ask("GET", "/livez").status == 200
            with Wire(vecgate.rest) as three:
                reply = three.reply()
                assert (reply.status, reply.closes) == (503, True)
                assert three.ends()
        until(lambda: nobody_is_connected(vecgate), "both have left")
        assert get(vecgate.rest, "/livez").status == 200


def test_requests_beyond_the_limit_are_told(upstream: Upstream, tmp_path: Path) -> None:
    held = upstream.answers[EXISTS] = Held(exists)
    with Vecgate(tmp_path, upstream.port, limits={"in_flight": 2}) as vecgate, ThreadPoolExecutor() as pool:
        vecgate.wait_ready()
        running = [pool.submit(get, vecgate.rest, "/collections/there/exists") for _ in range(2)]
        until(lambda: held.entered == 2, "two are with the upstream")
        reply = get(vecgate.rest, "/collections/there/exists")
        assert (reply.status, reply.header("retry-after")) == (503, "1")
        assert "gateway" in reply.error
        held.released.set()
        assert [one.result().status for one in running] == [200, 200]
        assert get(vecgate.rest, "/collections/there/exists").status == 200


def test_stays_in_use(upstream: Upstream, vecgate: Vecgate) -> None:
    """Upstream answers that come while others leave reach the right clients."""
    upstream.answers[COUNT] = count
    held = upstream.answers[EXISTS] = Held(exists)

    def visit(number: int) -> bool:
        with Wire(vecgate.rest) as wire:
            if number % 2:
                wire.send(request("GET", "/collections/there/exists"))
                return True
            wire.send(count_of(number))
            return wire.reply().json["result"] == {"count": number}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(visit, range(200)))
    until(lambda: held.cancelled == held.entered, "all who left are forgotten")
