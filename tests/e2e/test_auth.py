"""Callers that the gateway judges itself: keys, what they may do, and what the upstream sees of it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from .auth_servers import RememberingUpstream
from .running import Vecgate
from .servers import vecgate_binary
from .test_passthrough import RestServer
from .wire import Reply, Wire, get, post, request

FULL, READ, SOME, POINTS = "full-key-of-32-characters-000000", "read-key-of-32-characters-000000", \
    "some-key-of-32-characters-000000", "prw--key-of-32-characters-000000"
NO_KEY = "Must provide an API key or an Authorization bearer token"
BAD_KEY = "Invalid API key or JWT"
MANAGE = "Forbidden: Global manage access is required"
GLOBAL = "Forbidden: Global access is required"


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(vecgate_binary()), *arguments], input=text, capture_output=True, text=True)


def hash_of(key: str) -> str:
    return run("--hash-key", text=key + "\n").stdout.strip()


@pytest.fixture(scope="module")
def upstream() -> Iterator[RememberingUpstream]:
    with RememberingUpstream() as server:
        yield server


@pytest.fixture(scope="module")
def vecgate(upstream: RememberingUpstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vecgate]:
    folder = tmp_path_factory.mktemp("auth")
    (folder / "read").write_text(READ + "\n")
    keys = [
        {"name": "writer", "hash": hash_of(FULL), "access": "full"},
        {"name": "reader", "key": f"file:{folder / 'read'}", "access": "read-only"},
        {"name": "tenant", "key": SOME, "access": "collections", "collections": ["c:rw", "e:r"]},
        {"name": "points", "hash": hash_of(POINTS), "access": "collections", "collections": ["c:prw"]},
    ]
    with Vecgate(folder, upstream.port, auth={"keys": keys}) as gateway:
        yield gateway.wait_ready()


def ask(gateway: Vecgate, key: str | None, method: str, target: str, body: Any = None) -> Reply:
    headers = {} if key is None else {"api_key": key}
    with Wire(gateway.rest) as wire:
        return wire.ask(method, target, None if body is None else json.dumps(body).encode(), **headers)


def told(reply: Reply) -> str:
    return "" if reply.status == 200 else reply.error if reply.header("content-type") else reply.body.decode()


POINT = {"points": [{"id": 1, "vector": [1.0]}]}
SCHEMA = {"field_name": "f", "field_schema": "keyword"}
ALIAS = {"actions": [{"create_alias": {"collection_name": "c", "alias_name": "a"}}]}
VECTORS = {"vectors": {"size": 1, "distance": "Dot"}}


@pytest.mark.parametrize(
    ("method", "target", "body", "reader", "tenant", "points"),
    [
        ("POST", "/collections/c/points/scroll", {}, "", "", ""),
        ("POST", "/collections/d/points/scroll", {}, "", "Forbidden: Access to collection d is required",
         "Forbidden: Access to collection d is required"),
        ("PUT", "/collections/c/points", POINT, MANAGE, "", ""),
        ("PUT", "/collections/e/points", POINT, MANAGE, "Forbidden: Write access to collection e is required",
         "Forbidden: Access to collection e is required"),
        ("PUT", "/collections/c/index", SCHEMA, MANAGE, "", "Forbidden: Only points access is allowed for collection c"),
        ("PUT", "/collections/c", VECTORS, MANAGE, GLOBAL, GLOBAL),
        ("POST", "/collections/aliases", ALIAS, MANAGE, GLOBAL, GLOBAL),
        ("GET", "/collections", None, "", "", ""),
        ("GET", "/metrics", None, "", GLOBAL, GLOBAL),
        ("GET", "/", None, "", "", ""),
    ],
)  # fmt: skip
def test_keys_open_what_they_are_for(
    vecgate: Vecgate, method: str, target: str, body: Any, reader: str, tenant: str, points: str
) -> None:
    assert told(ask(vecgate, FULL, method, target, body)) == ""
    assert told(ask(vecgate, READ, method, target, body)) == reader
    assert told(ask(vecgate, SOME, method, target, body)) == tenant
    assert told(ask(vecgate, POINTS, method, target, body)) == points


def test_refusals_are_those_of_the_database(vecgate: Vecgate) -> None:
    for headers, text in [({}, NO_KEY), ({"authorization": FULL}, NO_KEY), ({"api_key": "nope"}, BAD_KEY),
                          ({"authorization": "Bearer nope"}, BAD_KEY), ({"api_key": "nope", "authorization": f"Bearer {FULL}"}, BAD_KEY)]:
        reply = get(vecgate.rest, "/collections", **headers)
        assert (reply.status, reply.body.decode()) == (401, text)
        assert reply.header("content-type") is None
        assert (reply.header("www-authenticate") or "").startswith('Bearer realm="vecgate"')
        # Neither a route nor its absence is shown to strangers.
        assert get(vecgate.rest, "/nothing", **headers).status == 401
        assert get(vecgate.rest, "/telemetry", **headers).status == 401
    assert get(vecgate.rest, "/collections", authorization=f"Bearer {FULL}").status == 200
    assert ask(vecgate, READ, "GET", "/nothing").status == 404
    assert ask(vecgate, READ, "GET", "/telemetry").status == 501
    forbidden = ask(vecgate, READ, "PUT", "/collections/c", VECTORS)
    assert (forbidden.status, forbidden.error) == (403, MANAGE)
    assert forbidden.header("www-authenticate") is None


def test_who_may_not_write_need_not_send_a_body(vecgate: Vecgate, upstream: RememberingUpstream) -> None:
    upstream.seen.clear()
    with Wire(vecgate.rest) as wire:
        wire.send(request("PUT", "/collections/c/points?wait=true", api_key=READ, content_type="application/json",
                          content_length="1000000", expect="100-continue"))  # fmt: skip
        reply = wire.reply()
        assert (reply.status, reply.error) == (403, MANAGE)
        assert wire.ends()
    assert upstream.seen == []


FOREIGN = {"collection": "d", "vector": "v"}


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("query", {"query": 1, "lookup_from": FOREIGN}),
        ("query", {"prefetch": {"query": 1, "prefetch": [{"query": 2, "lookup_from": FOREIGN}]}, "query": {"fusion": "rrf"}}),
        ("query/batch", {"searches": [{"query": 1}, {"query": 1, "lookup_from": FOREIGN}]}),
        ("query/groups", {"query": 1, "group_by": "g", "with_lookup": "d"}),
        ("query/groups", {"query": 1, "group_by": "g", "with_lookup": {"collection": "d"}}),
        ("recommend", {"positive": [1], "limit": 1, "lookup_from": FOREIGN}),
    ],
)
def test_bodies_may_not_name_foreign_collections(
    vecgate: Vecgate, upstream: RememberingUpstream, target: str, body: Any
) -> None:
    upstream.seen.clear()
    path = f"/collections/c/points/{target}"
    reply = ask(vecgate, SOME, "POST", path, body)
    assert (reply.status, reply.error) == (403, "Forbidden: Access to collection d is required")
    assert upstream.seen == []
    own = json.loads(json.dumps(body).replace('"d"', '"e"'))
    assert ask(vecgate, SOME, "POST", path, own).status == 200
    assert ask(vecgate, READ, "POST", path, body).status == 200


def test_lists_show_what_may_be_read(vecgate: Vecgate) -> None:
    names = lambda reply: [one["name"] for one in reply.json["result"]["collections"]]  # noqa: E731
    assert names(ask(vecgate, READ, "GET", "/collections")) == ["c", "d"]
    assert names(ask(vecgate, SOME, "GET", "/collections")) == ["c"]
    assert ask(vecgate, SOME, "GET", "/aliases").json["result"] == {
        "aliases": [{"alias_name": "to-c", "collection_name": "c"}]
    }
    assert len(ask(vecgate, FULL, "GET", "/aliases").json["result"]["aliases"]) == 3


def test_failures_are_counted_and_callers_named(vecgate: Vecgate) -> None:
    def count(reason: str) -> int:
        found = re.search(rf'^vecgate_auth_failures_total{{reason="{reason}"}} (\d+)', vecgate.metrics().body.decode(), re.M)
        assert found is not None, reason
        return int(found[1])

    before = {reason: count(reason) for reason in ("no_credential", "unknown_key", "forbidden", "expired")}
    ask(vecgate, None, "GET", "/collections")
    ask(vecgate, "nope", "GET", "/collections")
    ask(vecgate, READ, "PUT", "/collections/c", VECTORS)
    assert {reason: count(reason) - n for reason, n in before.items()} == {
        "no_credential": 1, "unknown_key": 1, "forbidden": 1, "expired": 0
    }  # fmt: skip
    lines = [json.loads(line) for line in vecgate.log.splitlines() if '"event":"request"' in line]
    assert {"reader", "writer", "tenant"} <= {line.get("caller") for line in lines}
    assert any(line.get("fault") == "auth: forbidden" and line["origin"] == "downstream" for line in lines)


def test_no_secret_is_shown(vecgate: Vecgate) -> None:
    ask(vecgate, FULL, "GET", "/collections")
    ask(vecgate, "a-wrong-key-nobody-may-see", "GET", "/collections")
    shown = vecgate.log + vecgate.metrics().body.decode()
    for secret in (FULL, READ, SOME, POINTS, "a-wrong-key-nobody-may-see"):
        assert secret not in shown


def test_the_upstream_sees_no_key_of_ours(vecgate: Vecgate, upstream: RememberingUpstream) -> None:
    upstream.seen.clear()
    for key in (FULL, READ, SOME):
        ask(vecgate, key, "POST", "/collections/c/points/scroll", {})
    get(vecgate.rest, "/", api_key=FULL)
    assert upstream.credentials() == [{}, {}, {}]  # and the root asks for health only


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ({"source": "forward"}, {"api-key": FULL}),
        ({"source": "key", "key": "own"}, {"authorization": "Bearer own"}),
        ({"source": "key", "key": "own", "header": "api-key"}, {"api-key": "own"}),
    ],
)
def test_whose_credential_the_upstream_sees(
    upstream: RememberingUpstream, tmp_path: Path, source: dict[str, str], seen: dict[str, str]
) -> None:
    auth = {"keys": [{"name": "w", "key": FULL, "access": "full"}]}
    with Vecgate(tmp_path, upstream.port, auth=auth, upstream={"credentials": source}) as gateway:
        gateway.wait_ready()
        upstream.seen.clear()
        assert ask(gateway, FULL, "GET", "/collections").status == 200
        assert ask(gateway, FULL, "POST", "/collections/c/points/scroll", {}).status == 200
        assert get(gateway.rest, "/collections", api_key="wrong").status == 401
        assert upstream.credentials() == [seen, seen]
        assert "Bearer own" not in gateway.log


def test_the_rest_port_sees_what_the_upstream_sees(upstream: RememberingUpstream, tmp_path: Path) -> None:
    keys = [{"name": "w", "key": FULL, "access": "full"},
            {"name": "t", "key": SOME, "access": "collections", "collections": ["c:rw"]}]  # fmt: skip
    with RestServer() as rest:
        settings = {
            "auth": {"keys": keys},
            "upstream": {"credentials": {"source": "key", "key": "own"}, "rest": f"http://127.0.0.1:{rest.port}",
                         "rest_groups": ["snapshots", "cluster"]},
        }  # fmt: skip
        with Vecgate(tmp_path, upstream.port, **settings) as gateway:
            gateway.wait_ready()
            snapshot = "/collections/{}/snapshots/recover"
            seen = ask(gateway, FULL, "PUT", snapshot.format("c"), {"location": "file:///x"}).json
            assert (seen["headers"].get("authorization"), seen["headers"].get("api-key")) == ("Bearer own", None)
            assert told(ask(gateway, SOME, "PUT", snapshot.format("c"), {"location": "file:///x"})) == GLOBAL
            assert told(ask(gateway, SOME, "GET", "/cluster")) == GLOBAL
            assert ask(gateway, "wrong", "GET", "/cluster").status == 401


def test_limits_are_kept_by_caller(upstream: RememberingUpstream, tmp_path: Path) -> None:
    secret = "a-secret-for-tokens-of-32-bytes-"
    auth = {
        "keys": [{"name": name, "key": key, "access": "full"} for name, key in [("app", FULL), ("app", READ), ("b", SOME)]],
        "tokens": [{"name": "issuer", "secret": secret}],
    }
    body = {"points": [{"id": i, "vector": [0.5] * 8} for i in range(500)]}
    # The first request takes what would come in more than half an hour.
    with Vecgate(tmp_path, upstream.port, auth=auth, limits={"per_caller": {"vector_values": 2}}) as gateway:
        gateway.wait_ready()

        def status(key: str) -> int:
            return ask(gateway, key, "PUT", "/collections/c/points", body).status

        assert status(FULL) == 200
        assert status(FULL) == 429
        assert status(READ) == 429, "another key of the same caller"
        assert status(SOME) == 200
        # Tokens hold names that others choose.
        app, other = (jwt.encode({"sub": name}, secret, "HS256") for name in ("app", "other"))
        assert (status(app), status(app), status(other)) == (200, 429, 200)
        renewed = jwt.encode({"sub": "app", "exp": 4102444800}, secret, "HS256")
        assert status(renewed) == 429


def test_callers_unknown_here_may_be_left_to_the_database(upstream: RememberingUpstream, tmp_path: Path) -> None:
    auth = {"keys": [{"name": "r", "key": READ, "access": "read-only"}], "passthrough": "always"}
    with Vecgate(tmp_path, upstream.port, auth=auth) as gateway:
        gateway.wait_ready()
        upstream.seen.clear()
        assert ask(gateway, READ, "GET", "/collections").status == 200
        assert ask(gateway, "of-the-database", "PUT", "/collections/c", VECTORS).status == 200
        assert upstream.credentials() == [{}, {"api-key": "of-the-database"}]


def test_nobody_may_be_let_in(upstream: RememberingUpstream, tmp_path: Path) -> None:
    settings = {"auth": {"anonymous": "read-only"}, "upstream": {"credentials": {"source": "key", "key": "own"}}}
    with Vecgate(tmp_path, upstream.port, **settings) as gateway:
        gateway.wait_ready()
        upstream.seen.clear()
        assert ask(gateway, None, "GET", "/collections").status == 200
        assert told(ask(gateway, None, "PUT", "/collections/c", VECTORS)) == MANAGE
        assert ask(gateway, "anything", "GET", "/collections").status == 401
        assert upstream.credentials() == [{"authorization": "Bearer own"}]


def test_hashes() -> None:
    one, two = hash_of(FULL), hash_of(FULL)
    assert re.fullmatch(r"sha256:[0-9a-f]{32}:[0-9a-f]{64}", one)
    assert one != two
    refused = run("--hash-key", text="short\n")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "at least 16" in refused.stderr
    assert "short" not in refused.stderr.replace("shorter", "")


KEY = {"name": "k", "key": FULL, "access": "full"}


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"auth": {"keys": [KEY | {"hash": "sha256:00:00"}]}}, "key: either this or hash must be given"),
        ({"auth": {"keys": [{"name": "k", "hash": "sha256:00:00", "access": "full"}]}}, "auth.keys[0].hash: must be sha256:"),
        ({"auth": {"keys": [KEY | {"access": "collections"}]}}, "collections: must be given with access collections"),
        ({"auth": {"keys": [KEY | {"access": "collections", "collections": ["c"]}]}}, "must be NAME:r, NAME:rw or NAME:prw"),
        ({"auth": {"keys": [KEY | {"key": "env:NO_SUCH_VARIABLE"}]}}, "the environment has no NO_SUCH_VARIABLE"),
        ({"auth": {"tokens": [{"name": "t"}]}}, "secret: either this, keys or issuer must be given"),
        ({"auth": {"tokens": [{"name": "t", "keys": "/no/such/file"}]}}, "auth.tokens[0].keys: cannot read /no/such/file"),
        ({"auth": {"passthrough": "never"}}, "lets nobody in"),
        ({"upstream": {"credentials": {"source": "key"}}}, "upstream.credentials.key: must be given when the source is key"),
        ({"upstream": {"credentials": {"source": "key", "key": "k"}}}, "callers that nobody has judged"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], fault: str, tmp_path: Path) -> None:
    config = tmp_path / "vecgate.yaml"
    config.write_text(json.dumps(settings))
    checked = run("--config", str(config), "--check-config")
    assert checked.returncode == 2
    assert fault in checked.stderr
    assert FULL not in checked.stderr


def test_keys_are_not_printed(tmp_path: Path) -> None:
    config = tmp_path / "vecgate.yaml"
    config.write_text(json.dumps({"auth": {"keys": [KEY], "tokens": [{"name": "t", "secret": "s3cret"}]}}))
    printed = run("--config", str(config), "--print-config").stdout
    assert "***" in printed
    assert FULL not in printed and "s3cret" not in printed


def test_posts_still_work(vecgate: Vecgate) -> None:
    assert post(vecgate.rest, "/collections/c/points/scroll", api_key=READ).status == 200
