"""Several databases, of both kinds, behind one gateway."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from .running import COUNT, Upstream, Vecgate
from .scrape import Scrape, documented
from .wire import Wire, get, post, until

SERVING = b"\x08\x01"  # grpc.health.v1.HealthCheckResponse: status SERVING
# weaviate.v1.TenantsGetReply with one tenant (field 2): name "t" (1), TENANT_ACTIVITY_STATUS_HOT = 1 (2)
TENANTS = b"\x12\x05\x0a\x01t\x10\x01"
TENANTS_GET = "/weaviate.v1.Weaviate/TenantsGet"


@pytest.fixture
def vectors() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def documents() -> Iterator[Upstream]:
    with Upstream() as upstream:
        upstream.answers = {
            "/grpc.health.v1.Health/Check": lambda *_: SERVING,
            TENANTS_GET: lambda *_: TENANTS,
        }
        yield upstream


def settings(vectors: int, documents: int) -> dict:
    return {
        "upstreams": [
            {"name": "vectors", "address": f"127.0.0.1:{vectors}"},
            {
                "name": "documents",
                "kind": "weaviate",
                "address": f"127.0.0.1:{documents}",
                "hosts": ["documents.example", "docs"],
            },
        ],
        "listeners": [
            {"name": "q", "address": "127.0.0.1:0", "upstream": "vectors"},
            {"name": "w", "address": "127.0.0.1:0", "upstream": "documents"},
            {"name": "both", "address": "127.0.0.1:0"},
        ],
    }


@pytest.fixture
def gateway(tmp_path: Path, vectors: Upstream, documents: Upstream) -> Iterator[Vecgate]:
    with Vecgate(tmp_path, None, **settings(vectors.port, documents.port)) as running:
        yield running.wait_ready()


def asks_vectors(port: int, **headers: str) -> bool:
    reply = post(port, "/collections/n17/points/count", **headers)
    return reply.status == 200 and "count" in reply.json["result"]


def asks_documents(port: int, **headers: str) -> bool:
    reply = get(port, "/v1/schema/C/tenants", **headers)
    return reply.status == 200 and reply.json == [{"activityStatus": "HOT", "name": "t"}]


def test_each_listener_speaks_the_api_of_its_upstream(gateway: Vecgate) -> None:
    assert asks_vectors(gateway.ports["q"])
    assert not asks_documents(gateway.ports["q"])
    assert asks_documents(gateway.ports["w"])
    assert not asks_vectors(gateway.ports["w"])
    # A route that an API does not have is refused in its own words.
    assert get(gateway.ports["q"], "/v1/nothing").status == 404
    refused = get(gateway.ports["w"], "/v1/nothing")
    assert (refused.status, refused.json["code"]) == (404, 404)


def test_a_listener_without_one_goes_by_host(gateway: Vecgate) -> None:
    both = gateway.ports["both"]
    assert asks_documents(both, host="documents.example")
    assert asks_documents(both, host=f"DOCS:{both}")
    assert asks_vectors(both, host="documents.example.org")
    # One connection may ask both.
    with Wire(both) as wire:
        assert wire.ask("GET", "/v1/schema/C/tenants", host="docs").status == 200
        assert wire.ask("POST", "/collections/n17/points/count", b"{}", host="other").status == 200


def test_each_is_ready_by_itself_and_the_gateway_when_all_are(gateway: Vecgate, documents: Upstream) -> None:
    documents.server.stop(grace=None).wait()
    until(lambda: gateway.readiness() == 503, "the gateway notices", 15)
    assert get(gateway.ports["q"], "/readyz").status == 200
    assert get(gateway.ports["w"], "/v1/.well-known/ready").status == 503
    assert asks_vectors(gateway.ports["q"])


def test_metrics_and_log_tell_them_apart(gateway: Vecgate, vectors: Upstream, documents: Upstream) -> None:
    assert asks_vectors(gateway.ports["q"])
    assert asks_documents(gateway.ports["w"])
    found = Scrape.of(gateway.metrics().body.decode())
    for name, upstream in (("vectors", vectors), ("documents", documents)):
        assert found.value("vecgate_upstream_healthy", upstream=name, address=f"127.0.0.1:{upstream.port}") == 1
        assert found.value("vecgate_upstream_ready", upstream=name) == 1
    for name, (_, labels, _, _) in documented().items():
        if name in found.types and "upstream" in labels.split(", "):
            assert found.label_names(name) == set(labels.split(", ")), name
    routes = {dict(labels).get("endpoint") for _, labels in found.samples}
    assert {"/collections/{collection_name}/points/count", "/v1/schema/{className}/tenants"} <= routes
    requests = {(line["route"], line["upstream_name"]) for line in gateway.events("request")}
    assert requests == {
        ("/collections/{collection_name}/points/count", "vectors"),
        ("/v1/schema/{className}/tenants", "documents"),
    }


def test_one_of_them_moves_while_it_runs(gateway: Vecgate, vectors: Upstream, documents: Upstream) -> None:
    with Upstream() as moved:
        gateway.write(settings(moved.port, documents.port))
        gateway.process.send_signal(signal.SIGHUP)
        until(lambda: gateway.events("config_reloaded"), "a reload")
        until(lambda: asks_vectors(gateway.ports["q"]) and moved.calls[COUNT] > 0, "the new upstream is asked")
        before = vectors.calls[COUNT]
        assert asks_vectors(gateway.ports["q"])
        assert vectors.calls[COUNT] == before
        assert asks_documents(gateway.ports["w"])


def test_a_faulty_one_is_named(gateway: Vecgate, vectors: Upstream, documents: Upstream) -> None:
    faulty = settings(vectors.port, documents.port)
    faulty["upstreams"][1]["tls"] = {"enabled": True, "ca": "/nonexistent/ca.pem"}
    gateway.write(faulty)
    gateway.process.send_signal(signal.SIGHUP)
    until(lambda: gateway.events("config_reload_failed"), "a reload that fails")
    assert "documents" in gateway.events("config_reload_failed")[0]["error"]
    assert asks_documents(gateway.ports["w"])


def test_credentials_go_to_the_one_that_is_asked(gateway: Vecgate, vectors: Upstream, documents: Upstream) -> None:
    seen: list[str] = []

    def tenants(_: bytes, context: grpc.ServicerContext) -> bytes:
        seen.append(dict(context.invocation_metadata())["authorization"])
        return TENANTS

    documents.answers[TENANTS_GET] = tenants
    assert asks_documents(gateway.ports["w"], authorization="Bearer secret")
    assert seen == ["Bearer secret"]
