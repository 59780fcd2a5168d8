"""HTTP as the gateway speaks it: framing, refusals, time limits, paths, credentials, metrics."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .ambiguous import BROKEN_CHUNKS, CHUNKED, COUNT_PATH, REFUSED_HEADS, head
from .certificates import Authority
from .running import COUNT, Upstream, Vecgate
from .servers import start_devupstream, stop
from .wire import Closed, Reply, Wire, chunked, get, post, request, until

HEAD_SECONDS = 0.6
IDLE_SECONDS = 0.8
BODY_LIMIT = 64 << 10
SETTINGS = {
    "limits": {"body_bytes": BODY_LIMIT, "header_bytes": 8192, "minimum_rate": 0},
    "timeouts": {"head": "600ms", "keep_alive": "800ms", "body_progress": "600ms"},
}
ANSWER = {"count": 7}
KEY = "the-s3cret-key-of-this-test"


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def listeners(authority: Authority) -> list[dict]:
    """With and without TLS: HTTP is the same."""
    plain = {"name": "rest", "address": "127.0.0.1:0"}
    return [plain, {"name": "tls", "address": "127.0.0.1:0", "tls": authority.issue("localhost").settings}]


@pytest.fixture(scope="module")
def vecgate(
    upstream: Upstream, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Vecgate]:
    with Vecgate(tmp_path_factory.mktemp("vecgate"), upstream.port, listeners=listeners(authority)) as gateway:
        yield gateway.wait_ready()


@pytest.fixture(scope="module")
def strict(
    upstream: Upstream, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Vecgate]:
    """A gateway with small limits and little patience."""
    settings = SETTINGS | {"listeners": listeners(authority)}
    with Vecgate(tmp_path_factory.mktemp("strict"), upstream.port, **settings) as gateway:
        yield gateway.wait_ready()


Connect = Callable[[Vecgate], Wire]


@pytest.fixture(params=["plain", "TLS"])
def connect(request: pytest.FixtureRequest, authority: Authority) -> Connect:
    if request.param == "plain":
        return lambda gateway: Wire(gateway.rest)
    return lambda gateway: Wire(gateway.ports["tls"], tls=authority.client())


@pytest.fixture
def wire(vecgate: Vecgate, connect: Connect) -> Iterator[Wire]:
    with connect(vecgate) as opened:
        yield opened


def works(wire: Wire) -> bool:
    """The connection takes one more request."""
    return wire.ask("POST", COUNT_PATH, b"{}").json["result"] == ANSWER


# ---- framing ----


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    wire.send(b"".join(request("POST", f"/collections/n{number}/points/count", b"{}") for number in range(10)))
    assert [wire.reply().json["result"]["count"] for _ in range(10)] == list(range(10))


def test_pipelined_requests_of_all_kinds(wire: Wire) -> None:
    wire.send(
        request("GET", "/livez")
        + head("transfer-encoding: chunked")
        + chunked(b"{", b"}")
        + request("GET", "/nowhere", b"a body that nobody reads")
        + request("GET", "/collections/there/exists", b"GET /livez HTTP/1.1\r\n\r\n")
        + request("POST", COUNT_PATH, b"{")
        + request("HEAD", "/livez")
        + request("POST", COUNT_PATH, b"{}", connection="close")
        + request("GET", "/livez")
    )
    assert [wire.reply().status for _ in range(7)] == [200, 200, 404, 200, 400, 404, 200]
    assert wire.ends()


def test_bytes_may_come_one_by_one(wire: Wire) -> None:
    for data in (request("POST", COUNT_PATH, b'{"exact":true}'), head("transfer-encoding: chunked") + chunked(b"{}")):
        for byte in data:
            wire.send(bytes([byte]))
        assert wire.reply().json["result"] == ANSWER


@pytest.mark.parametrize(
    "body",
    [
        chunked(b'{"exact":', b"t", b"rue}"),
        chunked(*(bytes([byte]) for byte in b'{"exact":true}')),
        b"00000000e\r\n" + b'{"exact":true}' + b"\r\n000\r\n\r\n",
        b'E;name=value;other="quoted"\r\n{"exact":true}\r\n0\r\n\r\n',
        b'e\r\n{"exact":true}\r\n0\r\ntrailer: of no interest\r\nother: one\r\n\r\n',
        chunked(b" " * 4095, b" " * 4096, b" " * 4097, b" " * 65537, b"{}"),
    ],
    ids=["pieces", "bytes", "zeros", "extensions", "trailers", "odd sizes"],
)
def test_chunked_bodies(wire: Wire, body: bytes) -> None:
    wire.send(head("transfer-encoding: chunked") + body)
    assert wire.reply().json["result"] == ANSWER
    assert works(wire)


def test_body_may_begin_with_spaces(wire: Wire) -> None:
    for body in (b'  \t {"exact":true}', b'\r\n\r\n {"exact":true}', b"\n{}"):
        wire.send(request("POST", COUNT_PATH, body))
        assert wire.reply().json["result"] == ANSWER


def test_empty_lines_before_a_request_are_ignored(wire: Wire) -> None:
    wire.send(b"\r\n\r\n" + request("POST", COUNT_PATH, b"{}"))
    assert wire.reply().status == 200
    assert works(wire)


@pytest.mark.parametrize("framing", ["content-length: 2", "transfer-encoding: chunked"])
def test_continue_is_said_before_the_body(wire: Wire, framing: str) -> None:
    wire.send(head(framing, "expect: 100-continue"))
    assert wire.reply().status == 100
    wire.send(b"{}" if "length" in framing else chunked(b"{}"))
    assert wire.reply().json["result"] == ANSWER
    assert works(wire)


def test_continue_is_not_said_to_what_is_refused(wire: Wire) -> None:
    wire.send(head("content-length: 2", "expect: 100-continue", first="POST /nowhere HTTP/1.1"))
    reply = wire.reply()
    assert (reply.status, reply.closes) == (404, True)


def test_continue_is_not_said_to_what_is_too_large(strict: Vecgate, connect: Connect) -> None:
    with connect(strict) as wire:
        wire.send(head(f"content-length: {BODY_LIMIT + 1}", "expect: 100-continue"))
        reply = wire.reply()
        assert (reply.status, reply.closes) == (400, True)


# ---- what must not be understood in two ways ----

@pytest.mark.parametrize("name", REFUSED_HEADS)
def test_ambiguous_heads_are_refused(upstream: Upstream, wire: Wire, name: str) -> None:
    calls = upstream.calls[COUNT]
    # The second request must never be found behind the first.
    wire.send(REFUSED_HEADS[name] + b"{}" + request("POST", COUNT_PATH, b"{}"))
    reply = wire.reply()
    assert reply.status in (400, 501, 505), reply  # 505: what stands behind a space is no version
    assert (reply.closes, reply.body) == (True, b"")
    assert wire.ends()
    assert upstream.calls[COUNT] == calls


def test_equal_lengths_are_one_or_none(wire: Wire) -> None:
    """RFC 9112 6.3 allows both: refusing, and taking them for one."""
    wire.send(head("content-length: 2", "content-length: 2") + b"{}")
    assert wire.reply().status in (200, 400)


@pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/11"])
def test_other_versions_are_refused(wire: Wire, version: str) -> None:
    wire.send(head("content-length: 2", first=f"POST {COUNT_PATH} {version}") + b"{}")
    reply = wire.reply()
    assert (reply.status in (400, 505), reply.closes) == (True, True)
    assert wire.ends()


@pytest.mark.parametrize("name", BROKEN_CHUNKS)
def test_broken_chunks_are_refused(upstream: Upstream, wire: Wire, name: str) -> None:
    calls = upstream.calls[COUNT]
    wire.send(head(CHUNKED) + BROKEN_CHUNKS[name] + request("POST", COUNT_PATH, b"{}"))
    reply = wire.reply()
    assert (reply.status, reply.closes) == (400, True)
    assert reply.error
    assert wire.ends()
    assert upstream.calls[COUNT] == calls


# ---- limits ----


@pytest.mark.parametrize(
    "data",
    [
        head("x-long: " + "a" * 9000),
        head(*(f"x-{number}: {number}" for number in range(1000))),
        head(first="GET /" + "a" * 9000 + " HTTP/1.1"),
        b"GET /" + b"a" * 20_000,
    ],
    ids=["field", "fields", "target", "endless"],
)
def test_large_head_is_refused(strict: Vecgate, connect: Connect, data: bytes) -> None:
    with connect(strict) as wire:
        wire.send(data)
        reply = wire.reply()
        assert (reply.status, reply.closes) == (431, True)
        assert wire.ends()


def test_head_of_the_allowed_size_passes(strict: Vecgate, connect: Connect) -> None:
    with connect(strict) as wire:
        wire.send(head("x-long: " + "a" * 8000, "content-length: 2") + b"{}")
        assert wire.reply().status == 200


def test_large_announced_body_is_refused(strict: Vecgate, connect: Connect) -> None:
    size = 4 << 20
    with connect(strict) as wire:
        wire.send(head(f"content-length: {size}") + b" " * size)  # the reply must survive what is on its way
        reply = wire.reply()
        assert (reply.status, reply.closes) == (400, True)
        assert reply.error == f"JSON payload ({size} bytes) is larger than allowed (limit: {BODY_LIMIT} bytes)."
        assert wire.ends()


@pytest.mark.parametrize("pieces", [[BODY_LIMIT + 1], [1] * 10 + [BODY_LIMIT], [BODY_LIMIT, 1]])
def test_large_chunked_body_is_refused(strict: Vecgate, connect: Connect, pieces: list[int]) -> None:
    with connect(strict) as wire:
        wire.send(head(CHUNKED) + chunked(*(b" " * piece for piece in pieces)))
        reply = wire.reply()
        assert (reply.status, reply.closes) == (400, True)
        assert reply.error == f"JSON payload has exceeded limit ({BODY_LIMIT} bytes)."
        assert wire.ends()


def test_body_of_the_allowed_size_passes(strict: Vecgate, connect: Connect) -> None:
    body = b"{}".rjust(BODY_LIMIT)
    with connect(strict) as wire:
        assert wire.ask("POST", COUNT_PATH, body).status == 200
        wire.send(head(CHUNKED) + chunked(body))
        assert wire.reply().status == 200


def trickle(wire: Wire, data: bytes) -> Reply:
    """Sends a byte now and then until there is a reply."""
    for byte in data:
        if wire.readable(0.05):
            return wire.reply()
        wire.send(bytes([byte]))
    raise AssertionError("nobody stopped it")


def test_slow_head_is_cut(strict: Vecgate, connect: Connect) -> None:
    with connect(strict) as wire:
        start = time.monotonic()
        reply = trickle(wire, head("x-slow: " + "a" * 500))
        assert (reply.status, reply.closes) == (408, True)
        assert HEAD_SECONDS * 0.9 < time.monotonic() - start < HEAD_SECONDS + 2
        assert wire.ends()


def test_stalled_body_is_cut(strict: Vecgate, connect: Connect) -> None:
    for data in (head("content-length: 10") + b"{", head(CHUNKED) + b"5\r\n{"):
        with connect(strict) as wire:
            wire.send(data)
            reply = wire.reply()
            assert (reply.status, reply.closes) == (408, True)
            assert reply.error.startswith("Timeout")
            assert wire.ends()


def test_slow_body_that_goes_on_is_taken(strict: Vecgate, connect: Connect) -> None:
    body = b" " * 14 + b"{}"
    with connect(strict) as wire:
        wire.send(head(f"content-length: {len(body)}"))
        start = time.monotonic()
        for byte in body:
            assert not wire.readable(0.06), wire.reply()
            wire.send(bytes([byte]))
        assert time.monotonic() - start > 0.6
        assert wire.reply().status == 200


def test_idle_connection_is_closed(strict: Vecgate, connect: Connect) -> None:
    with connect(strict) as fresh, connect(strict) as used:
        start = time.monotonic()
        assert used.ask("GET", "/livez").status == 200
        for wire in (fresh, used):
            assert wire.ends()
            assert IDLE_SECONDS * 0.9 < time.monotonic() - start < IDLE_SECONDS + 2


# ---- methods, targets, versions ----


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("HEAD", "/"),
        ("HEAD", "/collections"),
        ("OPTIONS", "/collections"),
        ("OPTIONS", "*"),
        ("GET", "/nowhere"),
        ("GET", "/collections/a/b/c/d"),
        ("POST", "/collections"),
        ("DELETE", "/livez"),
        ("PATCH", COUNT_PATH),
        ("TRACE", "/"),
        ("BREW", "/collections"),
        ("get", "/collections"),
        ("GET", "/Collections"),
        ("GET", "/livezz"),
        ("GET", "/collections/%zz/exists"),
        ("GET", "/collections/%"),
    ],
)
def test_what_is_no_route_is_an_empty_404(wire: Wire, method: str, path: str) -> None:
    reply = wire.ask(method, path)
    assert (reply.status, reply.body, reply.header("content-type")) == (404, b"", None)
    assert not reply.closes
    assert works(wire)


@pytest.mark.parametrize(
    "target",
    [
        COUNT_PATH,
        COUNT_PATH + "/",
        "//collections//n7/points///count//",
        "/%63ollections/n7/points/%63%6Funt",
        "/collections/%6E7/points/count",
        f"http://elsewhere:1234{COUNT_PATH}",
        f"HTTPS://elsewhere{COUNT_PATH}/?timeout=5",
        COUNT_PATH + "?",
        COUNT_PATH + "?timeout=5&unknown=1",
    ],
)
def test_targets_of_one_route(wire: Wire, target: str) -> None:
    assert wire.ask("POST", target, b"{}").json["result"] == ANSWER


def test_slash_in_a_name_is_told(wire: Wire) -> None:
    reply = wire.ask("GET", "/collections/a%2Fb/exists")
    assert reply.status == 422
    assert 'collection name cannot contain "/" char' in reply.error


def test_old_version_closes_unless_asked(vecgate: Vecgate, connect: Connect) -> None:
    with connect(vecgate) as wire:
        wire.send(b"GET /livez HTTP/1.0\r\n\r\n")
        reply = wire.reply()
        assert (reply.status, reply.closes) == (200, True)
        assert wire.ends()
    with connect(vecgate) as wire:
        for _ in range(2):
            wire.send(b"GET /livez HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
            assert wire.reply().header("connection") == "keep-alive"


# ---- other origins, credentials ----


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vecgate]:
    """A gateway before an upstream that asks for a key."""
    process, port = start_devupstream("--api-key", KEY)
    try:
        with Vecgate(tmp_path_factory.mktemp("guarded"), port, log={"level": "debug"}) as gateway:
            yield gateway.wait_ready()
    finally:
        stop(process)


GOOD = [{"api_key": KEY}, {"authorization": f"Bearer {KEY}"}, {"api_key": KEY, "authorization": "Bearer wrong"}]
BAD = [
    ({}, b"Must provide an API key or an Authorization bearer token"),
    ({"api_key": "wrong"}, b"Invalid API key or JWT"),
    ({"authorization": "Bearer wrong"}, b"Invalid API key or JWT"),
    ({"api_key": "wrong", "authorization": f"Bearer {KEY}"}, b"Invalid API key or JWT"),
    ({"authorization": f"bearer {KEY}"}, b"Must provide an API key or an Authorization bearer token"),
]


@pytest.mark.parametrize(("headers", "text"), BAD)
def test_bad_key_is_refused_before_anything_else(guarded: Vecgate, headers: dict[str, str], text: bytes) -> None:
    with Wire(guarded.rest) as wire:
        for method, path, body in (
            ("GET", "/collections", None),
            ("GET", "/nowhere", None),
            ("OPTIONS", "/collections", None),
            ("GET", "/telemetry", None),
            ("GET", "/metrics", None),
            ("GET", "/livezz", None),
            ("POST", COUNT_PATH, b"{}"),
            ("POST", COUNT_PATH, b"{broken"),
        ):
            reply = wire.ask(method, path, body, origin="http://a.example", **headers)
            assert (reply.status, reply.body, reply.header("content-type")) == (401, text, None), (method, path)
            assert reply.header("access-control-allow-origin") == "http://a.example"


@pytest.mark.parametrize("headers", GOOD)
def test_good_key_reaches_the_routes(guarded: Vecgate, headers: dict[str, str]) -> None:
    with Wire(guarded.rest) as wire:
        assert wire.ask("GET", "/collections", **headers).json["result"] == {"collections": []}
        missing = wire.ask("GET", "/nowhere", **headers)
        assert (missing.status, missing.body) == (404, b"")
        told = wire.ask("GET", "/telemetry", **headers)
        assert (told.status, told.error) == (501, "Telemetry is not available through the gRPC API")
        assert wire.ask("POST", COUNT_PATH, b"{broken", **headers).status == 400
        assert wire.ask("GET", "/metrics", **headers).status == 200


def test_open_routes_need_no_key(guarded: Vecgate) -> None:
    with Wire(guarded.rest) as wire:
        for path in ("/", "/healthz", "/livez", "/readyz"):
            for headers in ({}, {"api_key": "wrong"}):
                assert wire.ask("GET", path, **headers).status == 200
    with Wire(guarded.admin) as wire:
        for path in ("/metrics", "/healthz", "/livez", "/readyz"):
            assert wire.ask("GET", path).status == 200
        assert wire.ask("POST", "/metrics").status == 405
        assert wire.ask("GET", "/collections").status == 404


def test_preflight_needs_no_key(guarded: Vecgate) -> None:
    with Wire(guarded.rest) as wire:
        reply = wire.ask(
            "OPTIONS",
            "/collections/a/points",
            origin="http://a.example",
            access_control_request_method="PUT",
            access_control_request_headers="api-key,content-type",
        )
        assert reply.status == 200
        assert reply.header("access-control-allow-origin") == "http://a.example"
        assert "PUT" in reply.header("access-control-allow-methods")
        assert reply.header("access-control-allow-headers") == "api-key,content-type"
        assert wire.ask("GET", "/livez", origin="http://a.example").header("access-control-allow-origin")
        assert wire.ask("GET", "/livez").header("access-control-allow-origin") is None


def test_keys_do_not_appear_in_the_log(guarded: Vecgate) -> None:
    """Wherever somebody may have put them."""
    with Wire(guarded.rest) as wire:
        wire.ask("GET", f"/collections?api-key={KEY}", api_key=KEY)
        wire.ask("GET", f"/{KEY}", api_key=KEY)
        wire.ask("GET", "/collections", api_key=KEY + "x")
        wire.ask("GET", "/collections", authorization=f"Bearer {KEY}", x_request_id="the-last-one")
    until(lambda: "the-last-one" in guarded.log, "the last request is in the log")
    assert KEY not in guarded.log
    assert KEY not in guarded.metrics().body.decode()


def test_bodies_do_not_appear_in_the_log(guarded: Vecgate) -> None:
    with Wire(guarded.rest) as wire:
        body = json.dumps({"filter": "a-value-of-the-body"}).encode()
        assert wire.ask("POST", COUNT_PATH, body, api_key=KEY, x_request_id="wrong-body").status == 400
    until(lambda: "wrong-body" in guarded.log, "the request is in the log")
    assert "a-value-of-the-body" not in guarded.log


def test_headers_that_are_no_metadata_do_no_harm(wire: Wire) -> None:
    """What gRPC's library would not take is not passed on."""
    wire.send(head("api-key: caf\xe9", "grpc-timeout: 1n", "x-bin-api-key: \x7f", "content-length: 2") + b"{}")
    try:
        assert wire.reply().status in (200, 400)
    except Closed:
        pytest.fail("closed without an answer")


# ---- metrics ----


def test_metrics_count_by_route_template(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port) as vecgate:
        vecgate.wait_ready()
        with Wire(vecgate.rest) as wire:
            for number in range(5):
                assert wire.ask("POST", f"/collections/n{number}/points/count", b"{}").status == 200
            for _ in range(3):
                assert wire.ask("POST", COUNT_PATH, b"{").status == 400
            assert wire.ask("GET", "/nobody-knows-this-path").status == 404
            assert wire.ask("DELETE", "/livez").status == 404
            assert wire.ask("GET", "/livez").status == 200
        with Wire(vecgate.rest) as wire:
            wire.send(head("content-length: x"))
            assert wire.reply().status == 400
        template = "/collections/{collection_name}/points/count"
        # A request is counted when its reply is out, so the client may be the first to know.
        for line in (
            f'rest_responses_total{{method="POST",endpoint="{template}",status="200"}} 5',
            f'rest_responses_total{{method="POST",endpoint="{template}",status="400"}} 3',
            'rest_responses_total{method="other",endpoint="unmatched",status="404"} 2',
            'rest_responses_total{method="GET",endpoint="/livez",status="200"} 1',
            f'rest_responses_duration_seconds_count{{method="POST",endpoint="{template}",status="200"}} 5',
            'vecgate_refusals_total{status="400"} 1',
            "vecgate_requests_in_flight 0",
        ):
            until(lambda line=line: line in vecgate.metrics().body.decode().splitlines(), line, within=2)
        text = vecgate.metrics().body.decode()
        # Of what clients send, only names of collections that they had an answer from become labels.
        assert COUNT_PATH == "/collections/n7/points/count"
        for raw in ("n7", "nobody-knows"):
            assert raw not in text
        assert get(vecgate.rest, "/metrics").header("content-type").startswith("text/plain")
        assert post(vecgate.rest, COUNT_PATH).status == 200
