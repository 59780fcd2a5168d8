"""The edge of Weaviate's API: who asks, forms of failures, routes that gRPC has nothing for."""

import json
import re
import urllib.request

import pytest

from ..corpus import HttpRequest
from . import corpus
from .replay import Stage

TENANTS = "/v1/schema/Tenanted/tenants"
TENANTS_GET = "/weaviate.v1.Weaviate/TenantsGet"
BATCH_OBJECTS = "/weaviate.v1.Weaviate/BatchObjects"
NO_KEY = "anonymous access not enabled. Please authenticate through one of the available methods"


@pytest.fixture(scope="module")
def stage():
    stage = Stage(with_rest=False)
    yield stage
    stage.close()


def ask(stage, method="GET", target=TENANTS, headers=None, body=None):
    return stage.connection.send(HttpRequest(method, target, headers or {}, body))


def handler_text(reply):
    """The text of {"error":[{"message":...}]}."""
    (error,) = json.loads(reply.body)["error"]
    assert list(error) == ["message"]
    return error["message"]


@pytest.mark.parametrize(
    "code, message, status, text",
    [
        ("PERMISSION_DENIED", "rbac: forbidden action: user 'x'", 403, "rbac: forbidden action: user 'x'"),
        ("UNAVAILABLE", "server is in read-only mode", 503, "server is in read-only mode"),
        ("DEADLINE_EXCEEDED", "too slow", 504, "Timeout: the upstream did not answer in time"),
        ("RESOURCE_EXHAUSTED", "more than it takes", 413, "more than it takes"),
        ("FAILED_PRECONDITION", "restricted", 422, "restricted"),
        ("UNKNOWN", "get tenants: tenant not found: \"x\"", 422, 'tenant not found: "x"'),
        ("UNKNOWN", "429 Too many requests", 429, "429 Too many requests"),
        ("UNKNOWN", "panic occurred: goroutine 7", 500, "The database failed on this request"),
    ],
)
def test_status_follows_from_code_and_text(stage, code, message, status, text):
    stage.upstream.fault(method=TENANTS_GET, error={"code": code, "message": message})  # all: reads are asked again
    reply = ask(stage)
    stage.upstream.fault(count=-1)
    assert (reply.status, reply.content_type, handler_text(reply)) == (status, "application/json", text)


def field(number, content):
    """A field of text, bytes or a message, all short."""
    content = content.encode() if isinstance(content, str) else content
    assert len(content) < 128
    return bytes([number << 3 | 2, len(content)]) + content


def details(domain, **metadata):
    """google.rpc.Status with a google.rpc.ErrorInfo, as the trailer has it."""
    info = field(2, domain) + b"".join(field(3, field(1, key) + field(2, value)) for key, value in metadata.items())
    any_info = field(1, "x/google.rpc.ErrorInfo") + field(2, info)
    return {"grpc-status-details-bin": (b"\x08\x08" + field(3, any_info)).decode("ascii")}


def test_a_limit_of_use_is_told_with_its_value(stage):
    trailers = details("weaviate.usagelimits", limit="objects", value="10000")
    error = {"code": "RESOURCE_EXHAUSTED", "message": "hit limit of 10000 objects", "metadata": trailers}
    stage.upstream.fault(method=TENANTS_GET, error=error)
    reply = ask(stage)
    stage.upstream.fault(count=-1)
    assert (reply.status, reply.content_type) == (429, "application/json")
    assert json.loads(reply.body) == {
        "errorCode": "USAGE_LIMIT_EXCEEDED",
        "limit": "objects",
        "value": 10000,
        "message": "hit limit of 10000 objects",
    }


def test_a_wrong_key_is_told_by_the_door(stage):
    refusal = {"code": "UNKNOWN", "message": "extract auth: unauthorized: invalid api key"}
    stage.upstream.fault(method=TENANTS_GET, count=1, error=refusal)
    reply = ask(stage, headers={"authorization": "Bearer wrong"})
    assert (reply.status, reply.content_type) == (401, "application/json")
    assert json.loads(reply.body) == {"code": 401, "message": "unauthorized: invalid api key"}


@pytest.mark.parametrize("headers", [{}, {"authorization": "Basic YTpi"}, {"authorization": "bearer admin-key"}])
def test_no_key_is_told_as_text(stage, headers):
    refusal = {"code": "UNKNOWN", "message": "extract auth: unauthorized: invalid api key"}
    stage.upstream.fault(method=TENANTS_GET, count=1, error=refusal)
    reply = ask(stage, headers=headers)
    assert (reply.status, reply.content_type) == (401, "text/plain; charset=utf-8")
    assert json.loads(reply.body) == {"code": 401, "message": NO_KEY}


def metadata_of(stage, **request):
    stage.upstream.expect()
    ask(stage, **request)
    (call,) = [call for call in stage.upstream.report() if call["method"] == TENANTS_GET]
    return set(call["metadata"])


def test_headers_of_providers_go_along_and_addresses_do_not(stage):
    headers = {"X-OpenAI-Api-Key": "k", "X-Weaviate-Client": "c", "X-Forwarded-For": "10.0.0.1", "X-Real-Ip": "10.0.0.1"}
    assert metadata_of(stage, headers=headers) == {"x-openai-api-key", "x-weaviate-client"}


def test_the_credential_may_stand_in_the_query_and_is_not_logged(stage):
    assert metadata_of(stage, target=TENANTS + "?access_token=secret-of-query") == {"authorization"}
    assert "secret-of-query" not in stage.gateway.log.read_text()


@pytest.mark.parametrize(
    "method, target, headers, body, status, message",
    [
        ("GET", "/v1/nope", {}, None, 404, "path /v1/nope was not found"),
        ("PUT", "/v1/objects", {}, b"", 405, "method PUT is not allowed, but [GET,POST] are"),
        (
            *("POST", "/v1/objects", {"content-type": "text/plain"}, b"{}", 415),
            'unsupported media type "text/plain", only [application/json application/yaml] are allowed',
        ),
        (
            *("POST", "/v1/objects", {}, b"{}", 415),
            'unsupported media type "application/octet-stream", only [application/json application/yaml] are allowed',
        ),
        (
            *("GET", TENANTS, {"accept": "text/html"}, None, 406),
            "unsupported media type requested, only [application/json] are available",
        ),
    ],
)
def test_refusals_by_the_head(stage, method, target, headers, body, status, message):
    reply = ask(stage, method, target, headers, body)
    assert (reply.status, json.loads(reply.body)) == (status, {"code": status, "message": message})
    assert reply.headers.get("allow") == ("GET,POST" if status == 405 else None)


def collections_of(stage):
    """Labels (collection, endpoint) that requests are counted under."""
    with urllib.request.urlopen(f"http://127.0.0.1:{stage.gateway.admin_port}/metrics") as answer:
        text = answer.read().decode()
    lines = re.findall(r"^vecgate_collection_requests_total\{(.*)\} ", text, re.MULTILINE)
    labels = [dict(re.findall(r'(\w+)="([^"]*)"', line)) for line in lines]
    return {(one["collection"], one["endpoint"]) for one in labels}


def test_requests_are_counted_by_collection_wherever_it_stands(stage):
    records = {record.name: record for record in corpus.load()}
    for name in ("tenants/list", "batch_objects/tenant", "aggregate/tenant", "objects/list-class", "batch_delete/tenant"):
        stage.upstream.expect(name, unordered=True)
        assert stage.connection.send(records[name].request).status == 200
    counted = collections_of(stage)
    assert counted >= {
        ("Tenanted", "/v1/schema/{className}/tenants"),
        ("Tenanted", "/v1/batch/objects"),
        ("Tenanted", "/v1/graphql"),
        ("Publisher", "/v1/objects"),
    }
    assert {collection for collection, _ in counted} <= {"Tenanted", "Publisher", "other"}  # no tenant is a label


def test_slashes_do_not_count(stage):
    assert ask(stage, target="//v1/.well-known//live/").status == 200


def test_what_clients_may_ask_without_credentials(stage):
    root = ask(stage, target="/")
    assert (root.status, root.headers["location"]) == (301, "/v1")
    assert ask(stage, target="/v1").status == 200
    for path in ("live", "ready"):
        reply = ask(stage, target=f"/v1/.well-known/{path}")
        assert (reply.status, reply.content_type, reply.body) == (200, None, b"")
    assert ask(stage, target="/v1/.well-known/openid-configuration").status == 404


@pytest.mark.parametrize(
    "headers, text",
    [({"authorization": "Bearer wrong"}, "unauthorized: invalid api key"), ({}, NO_KEY)],
)
def test_meta_is_told_to_known_callers_only(stage, headers, text):
    refusal = {"code": "UNKNOWN", "message": "extract auth: unauthorized: invalid api key"}
    stage.upstream.fault(method=BATCH_OBJECTS, count=1, error=refusal)
    reply = ask(stage, target="/v1/meta", headers=headers)
    assert (reply.status, json.loads(reply.body)) == (401, {"code": 401, "message": text})


def test_meta_is_told_whatever_else_the_database_says(stage):
    for code, message in (("UNAVAILABLE", "server is in read-only mode"), ("PERMISSION_DENIED", "forbidden action: user 'x'")):
        stage.upstream.fault(method=BATCH_OBJECTS, count=1, error={"code": code, "message": message})
        reply = ask(stage, target="/v1/meta")
        assert (reply.status, json.loads(reply.body)["grpcMaxMessageSize"]) == (200, 104858000)


def test_what_grpc_has_nothing_for_says_so(stage):
    reply = ask(stage, "PATCH", "/v1/objects/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000001", {}, b"{}")
    assert reply.status == 501
    assert handler_text(reply) == "merging into objects is not available through the gRPC upstream"
