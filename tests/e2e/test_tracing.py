"""Traces: taken from the client, passed to the upstream, told to a collector."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from .collector import Collector
from .running import COUNT, Listening, Upstream, Vecgate
from .scrape import Scrape
from .wire import get, post, until

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SAMPLED = f"00-{TRACE}-{PARENT}-01"
UNSAMPLED = f"00-{TRACE}-{PARENT}-00"
COUNT_PATH = "/collections/n3/points/count"
SERVER, CLIENT = 2, 3


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        yield server


def traced(tmp_path: Path, upstream: Upstream, collector: Collector, **more: object) -> Vecgate:
    tracing = {"endpoint": collector.url, "interval": "50ms", **more}
    return Vecgate(tmp_path, upstream.port, tracing=tracing)


def told(collector: Collector, count: int) -> list[dict]:
    until(lambda: len(collector.spans) >= count, f"{count} spans are told")
    return collector.spans


def spans_counted(vecgate: Vecgate, result: str) -> float:
    return Scrape.of(vecgate.metrics().body.decode()).value("vecgate_spans_total", result=result)


# ---- context ----


def test_without_a_collector_all_passes_as_it_came(upstream: Upstream, tmp_path: Path) -> None:
    heard = Listening(upstream, COUNT)
    with Vecgate(tmp_path, upstream.port) as vecgate:
        vecgate.wait_ready()
        reply = post(vecgate.rest, COUNT_PATH, traceparent=UNSAMPLED, x_request_id="my-id")
        assert reply.header("x-request-id") is None
        assert heard.last["traceparent"] == UNSAMPLED
        assert heard.last["x-request-id"] == "my-id"
        until(lambda: '"my-id"' in vecgate.log, "the access log has it")
        post(vecgate.rest, COUNT_PATH)
        assert not heard.last.keys() & {"traceparent", "tracestate", "x-request-id"}


def test_trace_and_request_id_reach_the_upstream(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    heard = Listening(upstream, COUNT)
    with traced(tmp_path, upstream, collector) as vecgate:
        vecgate.wait_ready()
        reply = post(vecgate.rest, COUNT_PATH, traceparent=UNSAMPLED, tracestate="a=1,b=2", x_request_id="my-id")
        assert reply.header("x-request-id") == "my-id"
        version, trace, span, flags = heard.last["traceparent"].split("-")
        assert (version, trace, flags) == ("00", TRACE, "00")
        assert span != PARENT
        assert heard.last["tracestate"] == "a=1,b=2"
        assert heard.last["x-request-id"] == "my-id"
        until(lambda: '"my-id"' in vecgate.log, "the access log has it")
        (line,) = [line for line in vecgate.log.splitlines() if '"my-id"' in line]
        assert json.loads(line)["trace"] == TRACE


def test_trace_and_request_id_are_made(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    heard = Listening(upstream, COUNT)
    with traced(tmp_path, upstream, collector) as vecgate:
        vecgate.wait_ready()
        seen = set()
        for _ in range(3):
            made = post(vecgate.rest, COUNT_PATH).header("x-request-id")
            assert re.fullmatch(r"[0-9a-f]{32}", made)
            assert re.fullmatch(rf"00-{made}-[0-9a-f]{{16}}-00", heard.last["traceparent"])
            assert heard.last["x-request-id"] == made
            assert "tracestate" not in heard.last
            seen.add(made)
        assert len(seen) == 3


@pytest.mark.parametrize(
    "given",
    [
        "nonsense",
        SAMPLED.upper(),
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{PARENT}-01",
        SAMPLED + "-more",
    ],
)
def test_broken_traceparent_is_replaced(
    upstream: Upstream, collector: Collector, tmp_path: Path, given: str
) -> None:
    heard = Listening(upstream, COUNT)
    with traced(tmp_path, upstream, collector) as vecgate:
        vecgate.wait_ready()
        assert post(vecgate.rest, COUNT_PATH, traceparent=given, tracestate="a=1").status == 200
        assert TRACE not in heard.last["traceparent"]
        assert "tracestate" not in heard.last


def test_request_id_is_echoed_with_every_answer(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    with traced(tmp_path, upstream, collector) as vecgate:
        vecgate.wait_ready()
        for path in ("/nowhere", "/telemetry", "/livez", "/collections"):
            assert get(vecgate.rest, path, x_request_id="one").header("x-request-id") == "one"
        forged = get(vecgate.rest, "/livez", x_request_id="two words").header("x-request-id")
        assert re.fullmatch(r"[0-9a-f]{32}", forged)


# ---- spans ----


def test_spans_of_a_request(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    heard = Listening(upstream, COUNT)
    with traced(tmp_path, upstream, collector, service="edge") as vecgate:
        vecgate.wait_ready()
        before = time.time_ns()
        assert post(vecgate.rest, COUNT_PATH, traceparent=SAMPLED, tracestate="a=1", x_request_id="my-id").status == 200
        spans = {span["kind"]: span for span in told(collector, 2)}
        server, client = spans[SERVER], spans[CLIENT]
        assert server["traceId"] == client["traceId"] == TRACE
        assert server["parentSpanId"] == PARENT
        assert client["parentSpanId"] == server["spanId"]
        assert heard.last["traceparent"] == f"00-{TRACE}-{client['spanId']}-01"
        assert server["traceState"] == "a=1"
        assert before <= int(server["startTimeUnixNano"]) <= int(client["startTimeUnixNano"])
        assert int(client["endTimeUnixNano"]) <= int(server["endTimeUnixNano"]) <= time.time_ns()
        assert server["name"] == "POST /collections/{collection_name}/points/count"
        assert client["name"] == "qdrant.Points/Count"
        assert server["attributes"].items() >= {
            "http.request.method": "POST",
            "http.route": "/collections/{collection_name}/points/count",
            "http.response.status_code": 200,
            "url.path": COUNT_PATH,
            "client.address": "127.0.0.1",
            "vecgate.request.id": "my-id",
            "db.system.name": "qdrant",
            "db.collection.name": "n3",
        }.items()
        assert client["attributes"].items() >= {
            "rpc.system": "grpc",
            "rpc.service": "qdrant.Points",
            "rpc.method": "Count",
            "rpc.grpc.status_code": 0,
            "db.system.name": "qdrant",
            "db.operation.name": "Count",
            "db.collection.name": "n3",
        }.items()
        assert server["status"] == client["status"] == {}
        assert collector.resource()["service.name"] == "edge"
        until(lambda: spans_counted(vecgate, "exported") == 2, "they are counted")


def test_failures_are_marked(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    def fail(_: bytes, context: grpc.ServicerContext) -> bytes:
        context.abort(grpc.StatusCode.INTERNAL, "it broke")
        raise AssertionError

    upstream.answers[COUNT] = fail
    with traced(tmp_path, upstream, collector) as vecgate:
        vecgate.wait_ready()
        assert post(vecgate.rest, COUNT_PATH, traceparent=SAMPLED).status == 500
        spans = {span["kind"]: span for span in told(collector, 2)}
        assert spans[SERVER]["status"] == spans[CLIENT]["status"] == {"code": 2}
        assert spans[SERVER]["attributes"]["error.type"] == "500"
        assert spans[CLIENT]["attributes"]["rpc.grpc.status_code"] == grpc.StatusCode.INTERNAL.value[0]


def test_only_sampled_traces_are_told(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    with traced(tmp_path, upstream, collector) as vecgate:  # ratio 0
        vecgate.wait_ready()
        post(vecgate.rest, COUNT_PATH)
        post(vecgate.rest, COUNT_PATH, traceparent=UNSAMPLED)
        post(vecgate.rest, COUNT_PATH, traceparent=SAMPLED)
        assert {span["traceId"] for span in told(collector, 2)} == {TRACE}
    with traced(tmp_path, upstream, collector, ratio=1, parent_based=False) as vecgate:
        vecgate.wait_ready()
        before = len(collector.spans)
        post(vecgate.rest, COUNT_PATH, traceparent=UNSAMPLED)
        post(vecgate.rest, COUNT_PATH)
        told(collector, before + 4)


def test_what_is_sent_holds_no_secret(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("Bearer collector-token\n")
    headers = [{"name": "authorization", "value": f"file:{token}"}, {"name": "x-tenant", "value": "blue"}]
    with traced(tmp_path, upstream, collector, headers=headers) as vecgate:
        vecgate.wait_ready()
        post(
            vecgate.rest,
            COUNT_PATH + "?timeout=5",
            b'{"filter":{"must":[{"key":"k","match":{"value":"body-secret"}}]}}',
            traceparent=SAMPLED,
            api_key="client-key",
            authorization="Bearer client-token",
        )
        told(collector, 2)
        (sent, body), *_ = collector.requests
        assert sent["authorization"] == "Bearer collector-token"
        assert sent["x-tenant"] == "blue"
        assert sent["content-type"] == "application/json"
        assert sent["content-encoding"] == "gzip"
        assert sent[":path"] == "/v1/traces"
        for secret in ("client-key", "client-token", "body-secret", "collector-token"):
            assert secret not in json.dumps(body)
            assert secret not in vecgate.log


def test_collector_that_fails_for_a_while(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    collector.statuses = [503, 429]
    with traced(tmp_path, upstream, collector, gzip=False) as vecgate:
        vecgate.wait_ready()
        post(vecgate.rest, COUNT_PATH, traceparent=SAMPLED)
        until(lambda: spans_counted(vecgate, "exported") == 2, "they arrive in the end", within=20)
        assert len(collector.requests) == 3
        assert "content-encoding" not in collector.requests[0][0]
        assert spans_counted(vecgate, "failed") == 0


def test_collector_that_refuses_is_not_asked_again(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    collector.statuses = [400]
    with traced(tmp_path, upstream, collector) as vecgate:
        vecgate.wait_ready()
        post(vecgate.rest, COUNT_PATH, traceparent=SAMPLED)
        until(lambda: spans_counted(vecgate, "failed") == 2, "they are given up")
        assert len(collector.requests) == 1
        assert "spans_not_exported" in vecgate.log
        post(vecgate.rest, COUNT_PATH, traceparent=SAMPLED)
        until(lambda: spans_counted(vecgate, "exported") == 2, "the next ones are taken")


def test_requests_do_not_wait_for_a_collector(upstream: Upstream, tmp_path: Path) -> None:
    """One that accepts connections and never answers: what finds no room is dropped and counted."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        tracing = {
            "endpoint": f"http://127.0.0.1:{silent.getsockname()[1]}/",
            "interval": "50ms",
            "queue": 4,
            "timeout": "60s",
        }
        with Vecgate(tmp_path, upstream.port, tracing=tracing, threads=1) as vecgate:
            vecgate.wait_ready()
            begin = time.monotonic()
            for _ in range(20):
                assert post(vecgate.rest, COUNT_PATH, traceparent=SAMPLED).status == 200
            assert time.monotonic() - begin < 10
            until(lambda: spans_counted(vecgate, "dropped") >= 20, "spans are dropped")
            vecgate.terminate()
            assert vecgate.exit_code(within=10) == 0


def test_spans_are_sent_before_the_end(upstream: Upstream, collector: Collector, tmp_path: Path) -> None:
    with traced(tmp_path, upstream, collector, interval="1h") as vecgate:
        vecgate.wait_ready()
        post(vecgate.rest, COUNT_PATH, traceparent=SAMPLED)
        assert not collector.spans
        vecgate.terminate()
        assert vecgate.exit_code() == 0
    assert len(collector.spans) == 2
