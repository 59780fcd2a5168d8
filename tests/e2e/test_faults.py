"""What an upstream may do wrong, and what its clients are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import grpc
import pytest
from conformance.processes import ScriptedUpstream
from qdrant_client import grpc as q

from .running import COUNT, CREATE_FULL, EXISTS, SCROLL, Held, Upstream, Vecgate, exists
from .wire import Reply, Wire, get, post, until

COUNT_PATH = "/collections/n7/points/count"


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedUpstream]:
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "empty.jsonl").touch()
    program = ScriptedUpstream(corpus)
    yield program
    program.close()


@pytest.fixture(scope="module")
def before_scripted(scripted: ScriptedUpstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vecgate]:
    port = int(scripted.address.rsplit(":", 1)[1])
    # Each fault is to be seen; test_upstream_faults.py is about calls made again.
    with Vecgate(tmp_path_factory.mktemp("vecgate"), port, upstream={"retries": {"attempts": 1}}) as gateway:
        yield gateway.wait_ready()


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture(scope="module")
def vecgate(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vecgate]:
    with Vecgate(tmp_path_factory.mktemp("vecgate"), upstream.port) as gateway:
        yield gateway.wait_ready()


def failing(upstream: Upstream, method: str, code: grpc.StatusCode, text: str) -> None:
    def fail(_: bytes, context: grpc.ServicerContext) -> bytes:
        context.abort(code, text)

    upstream.answers[method] = fail


@pytest.fixture(scope="module", autouse=True)
def never_answered(upstream: Upstream, vecgate: Vecgate) -> Iterator[Future[Reply]]:
    """Asked first, because it takes the longest: a second and the slack."""
    held = upstream.answers["/qdrant.Points/Facet"] = Held(exists)
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(post, vecgate.rest, "/collections/n1/facet?timeout=1", b'{"key":"a"}')
        held.released.set()


# ---- faults of the upstream's own making ----


def test_garbage_is_told_as_such(scripted: ScriptedUpstream, before_scripted: Vecgate) -> None:
    scripted.fault(method=COUNT, count=1, garbage=True)
    with Wire(before_scripted.rest) as wire:
        reply = wire.ask("POST", COUNT_PATH, b"{}")
        assert reply.status == 500
        assert "cannot be decoded" in reply.error
        assert wire.ask("GET", "/livez").status == 200


def test_cut_connection_is_told_and_mended(scripted: ScriptedUpstream, before_scripted: Vecgate) -> None:
    scripted.fault(method=COUNT, count=1, close=True)
    reply = post(before_scripted.rest, COUNT_PATH)
    assert reply.status == 503, reply
    assert reply.error  # the server's own words when it found the time to say them
    scripted.fault(method=COUNT, count=0, error={"code": "NOT_FOUND", "message": "Not found: back"})
    until(lambda: post(before_scripted.rest, COUNT_PATH).status == 404, "the upstream is reached again")
    scripted.fault(count=-1)


@pytest.mark.parametrize("size", [8 << 10, 100_000, 900_000])
def test_long_error_text_arrives_whole(scripted: ScriptedUpstream, before_scripted: Vecgate, size: int) -> None:
    text = "Wrong input: " + "x" * size + " end"
    scripted.fault(method=COUNT, count=1, error={"code": "INVALID_ARGUMENT", "message": text})
    reply = post(before_scripted.rest, COUNT_PATH)
    assert reply.status == 400
    assert reply.error == text


def test_large_trailers_are_no_obstacle(scripted: ScriptedUpstream, before_scripted: Vecgate) -> None:
    scripted.fault(
        method=COUNT, count=1, error={"code": "NOT_FOUND", "message": "Not found: x"}, trailer_bytes=64 << 10
    )
    reply = post(before_scripted.rest, COUNT_PATH)
    assert (reply.status, reply.error) == (404, "Not found: x")


def test_trailers_beyond_the_limit_fail_one_request(scripted: ScriptedUpstream, before_scripted: Vecgate) -> None:
    scripted.fault(
        method=COUNT, count=1, error={"code": "NOT_FOUND", "message": "Not found: x"}, trailer_bytes=3 << 20
    )
    reply = post(before_scripted.rest, COUNT_PATH)
    assert reply.status in (500, 503), reply
    assert reply.error
    # gRPC may give the connection up with it; then a call that comes just now is lost, too.
    scripted.fault(method=COUNT, count=0, error={"code": "NOT_FOUND", "message": "Not found: next"})
    until(lambda: post(before_scripted.rest, COUNT_PATH).error == "Not found: next", "the next one is answered")
    scripted.fault(count=-1)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("INVALID_ARGUMENT", 400),
        ("NOT_FOUND", 404),
        ("ALREADY_EXISTS", 409),
        ("RESOURCE_EXHAUSTED", 500),
        ("FAILED_PRECONDITION", 500),
        ("DEADLINE_EXCEEDED", 408),
        ("CANCELLED", 408),
        ("UNIMPLEMENTED", 501),
        ("UNAVAILABLE", 503),
        ("DATA_LOSS", 400),
        ("INTERNAL", 500),
        ("ABORTED", 500),
        ("OUT_OF_RANGE", 500),
        ("UNKNOWN", 500),
    ],
)
def test_error_without_text(scripted: ScriptedUpstream, before_scripted: Vecgate, code: str, status: int) -> None:
    scripted.fault(method=COUNT, count=1, error={"code": code, "message": ""})
    reply = post(before_scripted.rest, COUNT_PATH)
    assert reply.status == status
    assert isinstance(reply.error, str)


@pytest.mark.parametrize(("code", "status"), [("UNAUTHENTICATED", 401), ("PERMISSION_DENIED", 403)])
def test_refusal_of_the_caller_without_text(
    scripted: ScriptedUpstream, before_scripted: Vecgate, code: str, status: int
) -> None:
    scripted.fault(method=COUNT, count=1, error={"code": code, "message": ""})
    reply = post(before_scripted.rest, COUNT_PATH)
    assert (reply.status, reply.body, reply.header("content-type")) == (status, b"", None)


def test_error_text_cannot_break_the_reply(upstream: Upstream, vecgate: Vecgate) -> None:
    text = 'Wrong input: "quoted" \\ \r\nset-cookie: a=b\r\n\r\n\t\x01 ünïcode 東京 %41%'
    failing(upstream, "/qdrant.Collections/Get", grpc.StatusCode.INVALID_ARGUMENT, text)
    reply = get(vecgate.rest, "/collections/n1")
    assert (reply.status, reply.error) == (400, text)
    assert reply.header("set-cookie") is None


def test_delay_keeps_the_answer(scripted: ScriptedUpstream, before_scripted: Vecgate) -> None:
    scripted.fault(method=COUNT, count=1, delay_ms=200, error={"code": "NOT_FOUND", "message": "Not found: late"})
    assert post(before_scripted.rest, COUNT_PATH).error == "Not found: late"


# ---- size and time ----


def test_large_reply_arrives_whole(upstream: Upstream, vecgate: Vecgate) -> None:
    points = 20
    page = q.ScrollResponse(
        result=[
            q.RetrievedPoint(
                id=q.PointId(num=number), payload={"text": q.Value(string_value=f"{number}é" + "x" * (1 << 20))}
            )
            for number in range(points)
        ]
    ).SerializeToString()
    assert len(page) > 20 << 20
    upstream.answers[SCROLL] = lambda *_: page
    reply = post(vecgate.rest, "/collections/n1/points/scroll", b'{"with_payload":true}')
    assert reply.status == 200
    told = reply.json["result"]["points"]
    assert [point["id"] for point in told] == list(range(points))
    assert all(point["payload"]["text"] == f"{point['id']}é" + "x" * (1 << 20) for point in told)


def test_client_that_leaves_a_large_reply(upstream: Upstream, vecgate: Vecgate) -> None:
    page = q.ScrollResponse(
        result=[q.RetrievedPoint(id=q.PointId(num=1), payload={"text": q.Value(string_value="x" * (20 << 20))})]
    ).SerializeToString()
    upstream.answers[SCROLL] = lambda *_: page
    with Wire(vecgate.rest) as wire:
        wire.send(b"POST /collections/n1/points/scroll HTTP/1.1\r\nhost: t\r\ncontent-length: 2\r\n\r\n{}")
        assert wire.socket.recv(100).startswith(b"HTTP/1.1 200")
    until(lambda: "vecgate_connections 0\n" in vecgate.metrics().body.decode(), "its connection is closed")
    assert get(vecgate.rest, "/livez").status == 200


# ---- in the background ----


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("POST", "/snapshots", CREATE_FULL),
        ("DELETE", "/snapshots/s1", "/qdrant.Snapshots/DeleteFull"),
        ("POST", "/collections/n1/snapshots", "/qdrant.Snapshots/Create"),
        ("DELETE", "/collections/n1/snapshots/s1", "/qdrant.Snapshots/Delete"),
    ],
)
def test_not_waiting_is_accepted_and_done(
    upstream: Upstream, vecgate: Vecgate, method: str, path: str, call: str
) -> None:
    held = upstream.answers[call] = Held(lambda *_: b"")
    with Wire(vecgate.rest) as wire:
        reply = wire.ask(method, f"{path}?wait=false")
        assert reply.status == 202
        assert reply.json.keys() == {"status", "time"}
        assert reply.json["status"] == "accepted"
    # The client is gone and the call goes on.
    until(lambda: held.entered == 1, "the call is made")
    until(lambda: "vecgate_connections 0\n" in vecgate.metrics().body.decode(), "the client has left")
    held.released.set()
    until(lambda: told_in_background(vecgate, path, code=0), "the call has ended well")
    assert held.cancelled == 0


def test_failure_in_the_background_is_logged(upstream: Upstream, vecgate: Vecgate) -> None:
    failing(upstream, CREATE_FULL, grpc.StatusCode.INTERNAL, "disk is full")
    assert post(vecgate.rest, "/snapshots?wait=false").status == 202
    until(lambda: told_in_background(vecgate, "/snapshots", code=13), "the failure is told")


def told_in_background(vecgate: Vecgate, path: str, code: int) -> bool:
    lines = [json.loads(line) for line in vecgate.log.splitlines() if '"background_call"' in line]
    template = path.replace("n1", "{collection_name}").replace("s1", "{snapshot_name}")
    return any(line["route"] == template and line["code"] == code for line in lines)


def test_upstream_that_never_answers_is_a_timeout(never_answered: Future[Reply], upstream: Upstream) -> None:
    reply = never_answered.result(timeout=15)
    assert reply.status == 408
    assert reply.error == "Timeout: the upstream did not answer in time"
    assert 5.5 < reply.json["time"] < 9
    held = upstream.answers["/qdrant.Points/Facet"]
    until(lambda: held.cancelled == 1, "the upstream is told")
    assert upstream.calls[EXISTS] == 0


def test_no_request_is_left_behind(vecgate: Vecgate, before_scripted: Vecgate) -> None:
    for gateway in (vecgate, before_scripted):
        until(lambda gateway=gateway: "vecgate_requests_in_flight 0\n" in gateway.metrics().body.decode(), "all ended")
        assert gateway.process.poll() is None
