"""Everything that can be wrong with an upstream; every cell ends in a correct answer or a clean refusal, in time."""

from __future__ import annotations

import signal
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from qdrant_client import grpc as q

from .h2_server import Call, H2Server
from .running import COUNT, Held, Upstream, Vecgate, count
from .wire import Reply, Wire, get, post, until

READ = ("POST", "/collections/n7/points/count", b"{}")
WRITE = ("PUT", "/collections/n7/points", b'{"points":[{"id":1,"vector":[1.0]}]}')
UPSERT = "/qdrant.Points/Upsert"
SEVEN = q.CountResponse(result=q.CountResult(count=7), time=0.001).SerializeToString()
DONE = q.PointsOperationResponse(
    result=q.UpdateResult(operation_id=1, status=q.UpdateStatus.Completed), time=0.001
).SerializeToString()

# Short times, so that no cell takes long.
QUICK: dict[str, Any] = {
    "connect_timeout": "300ms",
    "health_interval": "100ms",
    "health_timeout": "300ms",
    "deadlines": {"read": "700ms", "write": "700ms"},
    "retries": {"backoff": "10ms"},
}
NO_BREAKER = {"breaker": {"failures": 0, "percent": 0}}


def settings(*addresses: str, **changes: Any) -> dict[str, Any]:
    return {"upstream": {"address": list(addresses)} | QUICK | changes}


def good(call: Call) -> None:
    call.answer(SEVEN if call.path == COUNT else DONE)


def first(fault: Callable[[Call], None]) -> Callable[[Call], None]:
    """The fault for the first call, good answers for all others."""
    seen: list[Call] = []

    def behave(call: Call) -> None:
        seen.append(call)
        (fault if len(seen) == 1 else good)(call)

    return behave


def ask(gateway: Vecgate, request: tuple[str, str, bytes]) -> Reply:
    with Wire(gateway.rest) as wire:
        return wire.ask(*request)


def unavailable(reply: Reply) -> None:
    assert reply.status == 503, reply
    assert "upstream" in reply.error.lower(), reply.error


@pytest.fixture
def server() -> Iterator[H2Server]:
    with H2Server(good) as made:
        yield made


@pytest.fixture
def gateway(server: H2Server, tmp_path: Path) -> Iterator[Vecgate]:
    with Vecgate(tmp_path, None, **settings(server.address, **NO_BREAKER)) as made:
        yield made.wait_ready()


def test_good_answers_by_hand_are_understood(gateway: Vecgate) -> None:
    assert ask(gateway, READ).json["result"] == {"count": 7}
    assert ask(gateway, WRITE).json["result"]["status"] == "completed"


# ---- one call goes wrong ----


def cut_midway(call: Call) -> None:
    call.head()
    call.message(SEVEN[:2], announced=len(SEVEN))
    call.cut()


def ended_midway(call: Call) -> None:
    call.head()
    call.message(SEVEN[:2], announced=len(SEVEN))
    call.trailers(("grpc-status", "0"))


def refused_stream(call: Call) -> None:
    call.reset(7)


def gone_away(call: Call) -> None:
    call.go_away(0)


def gone_away_after(call: Call) -> None:
    call.go_away(call.stream)
    good(call)


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize("fault", [refused_stream, gone_away, gone_away_after])
def test_what_the_server_never_saw_is_made_again(
    server: H2Server, gateway: Vecgate, fault: Callable[[Call], None], request_: tuple[str, str, bytes]
) -> None:
    server.behave = first(fault)
    assert ask(gateway, request_).status == 200


def test_a_read_that_is_cut_off_is_made_again(server: H2Server, gateway: Vecgate) -> None:
    server.behave = first(cut_midway)
    assert ask(gateway, READ).json["result"] == {"count": 7}
    assert server.seen[COUNT] == 2


def test_a_write_that_is_cut_off_is_not(server: H2Server, gateway: Vecgate) -> None:
    server.behave = first(cut_midway)
    unavailable(ask(gateway, WRITE))
    assert server.seen[UPSERT] == 1
    assert ask(gateway, WRITE).status == 200


def without_status(call: Call) -> None:
    call.head()
    call.message(SEVEN)
    call.trailers(("x-something", "else"))


def garbage_status(call: Call) -> None:
    call.head()
    call.message(SEVEN)
    call.trailers(("grpc-status", "banana"), ("grpc-message", "%zz%"))


def garbage_message(call: Call) -> None:
    call.head()
    call.message(b"\xff\xff\xff")
    call.trailers(("grpc-status", "0"))


def html(call: Call) -> None:
    call.head("502", "text/html")
    call.connection.frame(0, 1, call.stream, b"<h1>bad gateway</h1>")


def reset_stream(call: Call) -> None:
    call.head()
    call.reset(2)


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize("fault", [without_status, garbage_status, garbage_message, html, reset_stream, ended_midway])
def test_an_answer_that_is_none_is_told(
    server: H2Server, gateway: Vecgate, fault: Callable[[Call], None], request_: tuple[str, str, bytes]
) -> None:
    server.behave = fault
    with Wire(gateway.rest) as wire:
        reply = wire.ask(*request_)
        assert reply.status in (500, 503), reply
        assert reply.error
        server.behave = good
        assert wire.ask(*request_).status == 200  # the client's connection is as good as before


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_silence_is_a_timeout(server: H2Server, gateway: Vecgate, request_: tuple[str, str, bytes]) -> None:
    server.behave = lambda call: None
    begin = time.monotonic()
    reply = ask(gateway, request_)
    assert reply.status == 408
    assert reply.error.startswith("Timeout: ")
    assert 0.6 < time.monotonic() - begin < 3


def test_slow_is_no_fault(server: H2Server, gateway: Vecgate) -> None:
    def slow(call: Call) -> None:
        time.sleep(0.4)
        good(call)

    server.behave = slow
    assert ask(gateway, READ).status == 200
    assert ask(gateway, WRITE).status == 200


# ---- the address is wrong ----


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"\0" * 64])
def test_something_else_listens_there(tmp_path: Path, greeting: bytes) -> None:
    with H2Server(good) as server:
        server.greeting = greeting
        with Vecgate(tmp_path, None, **settings(server.address)) as gateway:
            for request in (READ, WRITE):
                unavailable(ask(gateway, request))
            assert gateway.readiness() == 503


def test_half_open_is_unavailable_in_time(tmp_path: Path) -> None:
    with H2Server(good) as server:
        server.half_open = True
        with Vecgate(tmp_path, None, **settings(server.address)) as gateway:
            for request in (READ, WRITE):
                begin = time.monotonic()
                unavailable(ask(gateway, request))
                assert time.monotonic() - begin < 3


def test_wrong_certificate_is_no_upstream(tmp_path: Path) -> None:
    certificates = [tmp_path / name for name in ("right.pem", "wrong.pem")]
    for path in certificates:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
                *("-days", "2", "-subj", "/CN=db", "-addext", "subjectAltName=IP:127.0.0.1"),
                *("-keyout", path.with_suffix(".key"), "-out", path),
            ],
            check=True,
            capture_output=True,
        )
    contexts = {}
    for path in certificates:
        contexts[path.stem] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        contexts[path.stem].load_cert_chain(path, path.with_suffix(".key"))
        contexts[path.stem].set_alpn_protocols(["h2"])
    tls = {"enabled": True, "ca": str(certificates[0])}
    for name, status in (("right", 200), ("wrong", 503)):
        with (
            H2Server(good, tls=contexts[name]) as server,
            Vecgate(tmp_path, None, **settings(server.address, tls=tls)) as gateway,
        ):
            assert ask(gateway, READ).status == status
            assert ask(gateway, WRITE).status == status
            assert (server.seen[COUNT] > 0) == (status == 200)


# ---- several addresses ----


def test_one_of_two_is_dead(tmp_path: Path) -> None:
    with Upstream() as one, Upstream() as two:
        one.answers[UPSERT] = two.answers[UPSERT] = lambda *_: DONE
        addresses = [f"127.0.0.1:{one.port}", f"127.0.0.1:{two.port}"]
        with Vecgate(tmp_path, None, **settings(*addresses)) as gateway, Wire(gateway.wait_ready().rest) as wire:
            for _ in range(20):
                assert wire.ask(*READ).status == 200
            assert one.calls[COUNT] == two.calls[COUNT] == 10
            two.server.stop(grace=None).wait()
            for _ in range(50):
                assert wire.ask(*READ).status == 200
                assert wire.ask(*WRITE).status == 200
            until(lambda: f'vecgate_upstream_healthy{{address="{addresses[1]}"}} 0' in metrics(gateway), "it is ill")
            assert f'vecgate_upstream_healthy{{address="{addresses[0]}"}} 1' in metrics(gateway)
            assert gateway.readiness() == 200
            with Upstream(two.port) as again:
                again.answers[UPSERT] = lambda *_: DONE
                until(lambda: wire.ask(*READ).status == 200 and again.calls[COUNT] > 0, "it is asked again")


def test_both_are_dead_and_come_back(tmp_path: Path) -> None:
    with Upstream() as one, Upstream() as two:
        ports = (one.port, two.port)
        gateway = Vecgate(tmp_path, None, **settings(*(f"127.0.0.1:{port}" for port in ports)))
        with gateway, Wire(gateway.wait_ready().rest) as wire:
            one.server.stop(grace=None).wait()
            two.server.stop(grace=None).wait()
            replies = [wire.ask(*READ) for _ in range(30)]
            for reply in replies:
                unavailable(reply)
            assert replies[-1].header("retry-after") is not None
            assert "vecgate_upstream_ejections_total" in metrics(gateway)
            begin = time.monotonic()
            wire.ask(*READ)
            assert time.monotonic() - begin < 0.2  # at once: nobody is asked
            until(lambda: gateway.readiness() == 503, "it is not ready")
            with Upstream(ports[0]), Upstream(ports[1]):
                until(lambda: wire.ask(*READ).status == 200, "one is back")
                until(lambda: gateway.readiness() == 200, "it is ready")
                for _ in range(20):
                    assert wire.ask(*READ).status == 200


def test_a_slow_address_is_hedged(tmp_path: Path) -> None:
    def late(call: Call) -> None:
        time.sleep(0.5)
        good(call)

    with H2Server(late) as slow, H2Server(good) as quick:
        addresses = (slow.address, quick.address)
        changes = {"hedge_after": "30ms", "balance": "pick_first"}
        with Vecgate(tmp_path, None, **settings(*addresses, **changes)) as gateway, Wire(gateway.rest) as wire:
            gateway.wait_ready()
            for _ in range(5):
                begin = time.monotonic()
                assert wire.ask(*READ).status == 200
                assert time.monotonic() - begin < 0.4
            assert "vecgate_upstream_hedges_won_total 5" in metrics(gateway)


def metrics(gateway: Vecgate) -> str:
    return gateway.metrics().body.decode()


# ---- nothing is left behind ----


def resident_kib(gateway: Vecgate) -> int:
    status = Path(f"/proc/{gateway.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def test_faults_leave_nothing_behind(tmp_path: Path) -> None:
    faults = [cut_midway, refused_stream, gone_away, garbage_status, garbage_message, html, reset_stream, ended_midway]
    calls = 0

    def behave(call: Call) -> None:
        nonlocal calls
        calls += 1
        good(call) if calls % 2 else faults[calls // 2 % len(faults)](call)

    with H2Server(good) as server, Upstream() as other:
        other.answers[UPSERT] = lambda *_: DONE
        addresses = (server.address, f"127.0.0.1:{other.port}")
        with Vecgate(tmp_path, None, **settings(*addresses)) as gateway, ThreadPoolExecutor(8) as pool:
            gateway.wait_ready()

            def round_of(number: int) -> set[int]:
                requests = (READ if i % 2 else WRITE for i in range(number))
                return {reply.status for reply in pool.map(lambda request: ask(gateway, request), requests)}

            assert round_of(50) == {200}
            server.behave = behave
            assert round_of(200) <= {200, 500, 503}
            settled, memory = gateway.descriptors(), resident_kib(gateway)
            assert round_of(600) <= {200, 500, 503}
            server.behave = good
            until(lambda: "vecgate_requests_in_flight 0\n" in metrics(gateway), "all requests have ended")
            until(lambda: gateway.descriptors() <= settled + 4, "all connections are given back")
            assert resident_kib(gateway) < memory + 16 * 1024
            assert get(gateway.rest, "/livez").status == 200
            assert gateway.process.poll() is None


def test_upstream_calls_are_compressed_when_told(tmp_path: Path) -> None:
    """The size on the wire tells: a compressed message has its flag set, and is smaller."""
    sizes = {}
    body = b'{"filter":{"must":[{"key":"k","match":{"value":"' + b"x" * 50_000 + b'"}}]}}'
    for compression in ("none", "gzip"):
        calls: list[Call] = []

        def behave(call: Call, calls: list[Call] = calls) -> None:
            calls.append(call)
            good(call)

        with H2Server(behave) as server:
            changes = {"compression": compression}
            with Vecgate(tmp_path, None, **settings(server.address, **changes)) as gateway:
                assert post(gateway.wait_ready().rest, READ[1], body).status == 200
        sizes[compression] = (calls[0].body[0], len(calls[0].body))
    assert sizes["none"][0] == 0
    assert sizes["none"][1] > 50_000
    assert sizes["gzip"][0] == 1
    assert sizes["gzip"][1] < 5_000


def test_count_is_what_the_other_upstream_says() -> None:
    """The two servers of this file agree."""
    request = q.CountPoints(collection_name="n7").SerializeToString()
    answers = [q.CountResponse.FromString(message).result.count for message in (count(request, None), SEVEN)]
    assert answers == [7, 7]


# ---- the set changes ----


def test_upstreams_come_and_go_without_a_lost_call(tmp_path: Path) -> None:
    """Under load: from one to two, then to the other; a call under way ends where it began."""
    with Upstream() as one, Upstream() as two:
        held = one.answers["/qdrant.Points/Facet"] = Held(lambda *_: q.FacetResponse(time=0.001).SerializeToString())
        addresses = (f"127.0.0.1:{one.port}", f"127.0.0.1:{two.port}")
        with Vecgate(tmp_path, None, **settings(addresses[0])) as gateway, ThreadPoolExecutor(5) as pool:
            gateway.wait_ready()
            stop = threading.Event()

            def load() -> set[int]:
                statuses = set()
                with Wire(gateway.rest) as wire:
                    while not stop.is_set():
                        statuses.add(wire.ask(*READ).status)
                return statuses

            loads = [pool.submit(load) for _ in range(4)]
            waiting = pool.submit(post, gateway.rest, "/collections/n7/facet?timeout=30", b'{"key":"a"}')
            until(lambda: held.entered == 1, "a call is under way")
            assert two.calls[COUNT] == 0
            for step, (changed, watched) in enumerate([(addresses, two), (addresses[1:], two)], start=1):
                gateway.write(settings(*changed))
                gateway.process.send_signal(signal.SIGHUP)
                until(lambda step=step: len(gateway.events("config_reloaded")) >= step, "it is read")
                before = watched.calls[COUNT]
                until(lambda before=before: watched.calls[COUNT] > before + 20, "it is asked")
            until(lambda: f'address="{addresses[0]}"' not in metrics(gateway), "the first is gone")
            gone = one.calls[COUNT]
            until(lambda: two.calls[COUNT] > gone + 50, "the second goes on")
            assert one.calls[COUNT] <= gone + 4  # chosen just before
            held.released.set()
            assert waiting.result().status == 200
            stop.set()
            assert set().union(*(future.result() for future in loads)) == {200}
