"""Too much of everything: refused at once, with the right status and a reason in the metrics."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from qdrant_client import grpc as q

from .running import COUNT, SCROLL, Held, Upstream, Vecgate, count
from .wire import Closed, Reply, Wire, get, post, request, until

COUNT_PATH = "/collections/n7/points/count"
UPSERT = "/qdrant.Points/Upsert"
QUERY = "/qdrant.Points/Query"
QUERY_BATCH = "/qdrant.Points/QueryBatch"
UPDATE_BATCH = "/qdrant.Points/UpdateBatch"
DONE = q.PointsOperationResponse(
    result=q.UpdateResult(operation_id=1, status=q.UpdateStatus.Completed), time=0.001
).SerializeToString()


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        server.answers[UPSERT] = lambda *_: DONE
        server.answers[QUERY_BATCH] = lambda *_: q.QueryBatchResponse(time=0.001).SerializeToString()
        server.answers[UPDATE_BATCH] = lambda *_: q.UpdateBatchResponse(time=0.001).SerializeToString()
        server.answers[QUERY] = lambda *_: q.QueryResponse(time=0.001).SerializeToString()
        yield server


def gateway(tmp_path: Path, upstream: Upstream, **settings: Any) -> Vecgate:
    return Vecgate(tmp_path, upstream.port, **settings).wait_ready()


def limited(gateway: Vecgate, reason: str) -> int:
    for line in gateway.metrics().body.decode().splitlines():
        if line.startswith(f'vecgate_limited_total{{reason="{reason}"}}'):
            return int(line.rsplit(" ", 1)[1])
    raise AssertionError(f"no metric for {reason}")


def refused(reply: Reply, status: int) -> int:
    """How long it says to wait."""
    assert reply.status == status, reply
    assert reply.error
    wait = int(reply.header("retry-after") or 0)
    assert wait >= 1
    return wait


def test_requests_of_a_caller(upstream: Upstream, tmp_path: Path) -> None:
    with gateway(tmp_path, upstream, limits={"per_caller": {"requests": 2}}) as vecgate:
        replies = [post(vecgate.rest, COUNT_PATH, api_key="a") for _ in range(6)]
        assert [reply.status for reply in replies[:4]] == [200] * 4
        refused(replies[-1], 429)
        assert post(vecgate.rest, COUNT_PATH, api_key="b").status == 200
        assert post(vecgate.rest, COUNT_PATH, authorization="Bearer a").status == 200
        assert post(vecgate.rest, COUNT_PATH).status == 200
        assert get(vecgate.rest, "/readyz", api_key="a").status == 200
        assert limited(vecgate, "caller_requests") == sum(reply.status == 429 for reply in replies)
        until(lambda: post(vecgate.rest, COUNT_PATH, api_key="a").status == 200, "the wait is over")


def test_requests_for_a_collection(upstream: Upstream, tmp_path: Path) -> None:
    with gateway(tmp_path, upstream, limits={"per_collection": {"requests": 1}}) as vecgate:
        statuses = [post(vecgate.rest, COUNT_PATH, api_key=str(i)).status for i in range(5)]
        assert statuses.count(429) >= 2
        assert post(vecgate.rest, "/collections/n8/points/count").status == 200
        assert limited(vecgate, "collection_requests") == statuses.count(429)


@pytest.mark.parametrize(
    "vector", ["[1.0,2.0,3.0,4.0]", '{"a":[1.0,2.0],"b":[3.0,4.0]}', '[[1.0,2.0],[3.0,4.0]]'], ids=str
)
def test_vector_values_of_writes(upstream: Upstream, tmp_path: Path, vector: str) -> None:
    """100 points of 4 values, at 100 values a second: the first takes all that was saved up, and 200 more."""
    points = ",".join(f'{{"id":{i},"vector":{vector}}}' for i in range(100))
    body = f'{{"points":[{points}]}}'.encode()
    with gateway(tmp_path, upstream, limits={"per_caller": {"vector_values": 100}}) as vecgate, Wire(vecgate.rest) as wire:
        assert wire.ask("PUT", "/collections/n7/points", body).status == 200
        assert 2 <= refused(wire.ask("PUT", "/collections/n7/points", body), 429) <= 3
        refused(wire.ask("POST", COUNT_PATH, b"{}"), 429)
        assert limited(vecgate, "caller_vector_values") == 2


def points(count: int, vector: str = "[1.0]") -> str:
    return ",".join(f'{{"id":{i},"vector":{vector}}}' for i in range(count))


@pytest.mark.parametrize("vector", ["{}", "[1.0,2.0]", '{"a":[1.0],"b":[3.0]}', "[[1.0],[3.0]]"], ids=str)
def test_points_written(upstream: Upstream, tmp_path: Path, vector: str) -> None:
    """40 points at 10 a second, however many vectors each: the first takes all that was saved up, and 20 more."""
    body = f'{{"points":[{points(40, vector)}]}}'.encode()
    with gateway(tmp_path, upstream, limits={"per_caller": {"points": 10}}) as vecgate, Wire(vecgate.rest) as wire:
        assert wire.ask("PUT", "/collections/n7/points", body).status == 200
        assert 2 <= refused(wire.ask("PUT", "/collections/n7/points", body), 429) <= 3
        assert wire.ask("PUT", "/collections/n7/points", body, api_key="another").status == 200
        assert limited(vecgate, "caller_points") == 1


def test_points_of_a_batch_and_not_of_queries(upstream: Upstream, tmp_path: Path) -> None:
    query = b'{"searches":[' + b",".join([b'{"query":[0.5]}'] * 50) + b"]}"
    batch = f"""{{"operations":[{{"upsert":{{"points":[{points(15)}]}}}},{{"delete":{{"points":[1]}}}},
                 {{"update_vectors":{{"points":[{points(15)}]}}}}]}}""".encode()
    with gateway(tmp_path, upstream, limits={"per_collection": {"points": 10}}) as vecgate, Wire(vecgate.rest) as wire:
        for _ in range(3):
            assert wire.ask("POST", "/collections/n7/points/query/batch", query).status == 200
        assert wire.ask("POST", "/collections/n7/points/batch", batch).status == 200
        assert 1 <= refused(wire.ask("POST", "/collections/n7/points/batch", batch), 429) <= 2
        assert wire.ask("POST", "/collections/n8/points/batch", batch).status == 200
        assert limited(vecgate, "collection_points") == 1


def test_depth_of_bodies(upstream: Upstream, tmp_path: Path) -> None:
    """Told as the database tells it of 127 levels: at the bracket that is one too many."""

    def body(levels: int) -> bytes:
        return b'{"x":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"

    with gateway(tmp_path, upstream, limits={"json_depth": 6}) as vecgate, Wire(vecgate.rest) as wire:
        assert wire.ask("POST", COUNT_PATH, body(6)).status == 200
        reply = wire.ask("POST", COUNT_PATH, body(7))
        assert (reply.status, reply.error) == (
            400,
            "Format error in JSON body: recursion limit exceeded at line 1 column 11",
        )
    with gateway(tmp_path, upstream) as vecgate, Wire(vecgate.rest) as wire:
        assert wire.ask("POST", COUNT_PATH, body(127)).status == 200
        reply = wire.ask("POST", COUNT_PATH, body(128))
        assert reply.status == 400
        assert "recursion limit exceeded" in reply.error


def test_vector_values_of_queries(upstream: Upstream, tmp_path: Path) -> None:
    vector = ",".join(["0.5"] * 300)
    with gateway(tmp_path, upstream, limits={"per_collection": {"vector_values": 100}}) as vecgate:
        assert post(vecgate.rest, "/collections/n7/points/query", f'{{"query":[{vector}]}}'.encode()).status == 200
        refused(post(vecgate.rest, COUNT_PATH), 429)
        assert post(vecgate.rest, "/collections/n8/points/count").status == 200


@pytest.mark.parametrize("scope", ["caller", "collection"])
def test_requests_at_a_time(upstream: Upstream, tmp_path: Path, scope: str) -> None:
    held = upstream.answers[COUNT] = Held(count)
    try:
        with gateway(tmp_path, upstream, limits={f"per_{scope}": {"in_flight": 2}}) as vecgate:
            with ThreadPoolExecutor(2) as pool:
                waiting = [pool.submit(post, vecgate.rest, COUNT_PATH) for _ in range(2)]
                until(lambda: held.entered == 2, "two are under way")
                refused(post(vecgate.rest, COUNT_PATH), 429)
                held.released.set()
                assert [future.result().status for future in waiting] == [200, 200]
            assert post(vecgate.rest, COUNT_PATH).status == 200
            assert limited(vecgate, f"{scope}_in_flight") == 1
    finally:
        upstream.answers[COUNT] = count


def test_bytes_at_a_time(upstream: Upstream, tmp_path: Path) -> None:
    with gateway(tmp_path, upstream, limits={"in_flight_bytes": "1MiB"}) as vecgate, Wire(vecgate.rest) as first:
        size = 1000 << 10
        body = b"{" + b" " * (size - 2) + b"}"
        first.send(request("POST", COUNT_PATH, body)[: -size // 2])
        until(lambda: f"vecgate_request_bytes_in_flight {size}\n" in vecgate.metrics().body.decode(), "it is being read")
        with Wire(vecgate.rest) as second:
            reply = second.ask("POST", COUNT_PATH, body)
            refused(reply, 503)
            assert reply.closes
        assert post(vecgate.rest, COUNT_PATH).status == 200
        first.send(body[-(size // 2) :])
        assert first.reply().status == 200
        until(lambda: "vecgate_request_bytes_in_flight 0\n" in vecgate.metrics().body.decode(), "it is given back")
        assert limited(vecgate, "in_flight_bytes") == 1


def test_replies_have_a_limit(upstream: Upstream, tmp_path: Path) -> None:
    page = q.ScrollResponse(
        result=[q.RetrievedPoint(id=q.PointId(num=1), payload={"text": q.Value(string_value="x" * (1 << 20))})]
    ).SerializeToString()
    upstream.answers[SCROLL] = lambda *_: page
    with gateway(tmp_path, upstream, limits={"reply_bytes": "512KiB"}) as vecgate:
        reply = post(vecgate.rest, "/collections/n7/points/scroll")
        assert reply.status == 500
        assert "limits.reply_bytes" in reply.error
        assert post(vecgate.rest, COUNT_PATH).status == 200
        assert limited(vecgate, "reply_bytes") == 1


def test_heads_bodies_and_connections_are_counted(upstream: Upstream, tmp_path: Path) -> None:
    limits = {"body_bytes": "1KiB", "header_bytes": "2KiB", "connections": 2}
    with gateway(tmp_path, upstream, limits=limits) as vecgate:
        assert get(vecgate.rest, "/", x=("y" * 3000)).status == 431
        assert post(vecgate.rest, COUNT_PATH, b"{}" + b" " * 2000).status == 400
        until(lambda: "vecgate_connections 0\n" in vecgate.metrics().body.decode(), "both are closed")
        with Wire(vecgate.rest) as one, Wire(vecgate.rest) as two:
            assert one.ask("GET", "/").status == two.ask("GET", "/").status == 200
            try:
                assert get(vecgate.rest, "/").status == 503
            except Closed:
                pass  # the refusal was on its way when the connection ended
        for reason in ("header_bytes", "body_bytes", "connections"):
            assert limited(vecgate, reason) == 1, reason


def test_under_overload_nothing_waits_in_line(tmp_path: Path) -> None:
    """Sixty clients at a gateway that takes eight at a time: eight are with the database, the others know at once."""
    with Upstream() as upstream, ThreadPoolExecutor(60) as pool:
        held = upstream.answers[COUNT] = Held(count)
        with gateway(tmp_path, upstream, limits={"in_flight": 8}) as vecgate:
            try:
                admitted = [pool.submit(post, vecgate.rest, COUNT_PATH) for _ in range(8)]
                until(lambda: held.entered == 8, "eight are with the database")
                refused = list(pool.map(lambda _: post(vecgate.rest, COUNT_PATH), range(52)))
                assert {(reply.status, reply.header("retry-after")) for reply in refused} == {(503, "1")}
                assert held.entered == 8
                assert not any(each.done() for each in admitted)
            finally:
                held.released.set()
            assert {each.result().status for each in admitted} == {200}
            assert post(vecgate.rest, COUNT_PATH).status == 200
            assert limited(vecgate, "in_flight") == 52
