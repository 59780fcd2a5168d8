"""Tokens, made by a library that is not ours, and the tokens that the gateway itself shows the upstream."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from .auth_servers import Issuer, RememberingUpstream, new_key
from .certificates import Authority
from .running import SCROLL, Vecgate
from .wire import Reply, Wire, get, until

SECRET = "the-secret-that-the-database-has-too"
MANAGE = "Forbidden: Global manage access is required"
BAD = "Invalid API key or JWT"
VECTORS = {"vectors": {"size": 1, "distance": "Dot"}}
LATER = 4102444800


@pytest.fixture(scope="module")
def upstream() -> Iterator[RememberingUpstream]:
    with RememberingUpstream() as server:
        yield server


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as server:
        yield server


@pytest.fixture(scope="module")
def vecgate(upstream: RememberingUpstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vecgate]:
    auth = {"tokens": [{"name": "database", "secret": SECRET}]}
    with Vecgate(tmp_path_factory.mktemp("tokens"), upstream.port, auth=auth) as gateway:
        yield gateway.wait_ready()


def token(claims: dict[str, Any], secret: str = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, secret, algorithm)


def ask(gateway: Vecgate, key: str, method: str = "GET", target: str = "/collections", body: Any = None) -> Reply:
    with Wire(gateway.rest) as wire:
        return wire.ask(method, target, None if body is None else json.dumps(body).encode(), api_key=key)


def plain(reply: Reply) -> tuple[int, str]:
    assert reply.header("content-type") is None
    return reply.status, reply.body.decode()


def test_access_is_what_the_token_says(vecgate: Vecgate) -> None:
    some = token({"access": [{"collection": "c", "access": "r"}]})
    for granted, created, listed in [({}, 200, "cd"), ({"access": "m"}, 200, "cd"), ({"access": "r"}, 403, "cd")]:
        key = token(granted)
        assert ask(vecgate, key, "PUT", "/collections/c", VECTORS).status == created
        assert [c["name"] for c in ask(vecgate, key).json["result"]["collections"]] == list(listed)
    assert [c["name"] for c in ask(vecgate, some).json["result"]["collections"]] == ["c"]
    assert ask(vecgate, some, "PUT", "/collections/c", VECTORS).error == "Forbidden: Global access is required"
    assert get(vecgate.rest, "/collections", authorization=f"Bearer {some}").status == 200


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (token({"exp": 1000}), (403, "ExpiredSignature")),
        (token({}, "some-other-secret-of-enough-length"), (403, "InvalidSignature")),
        (token({"access": "rw"}), (403, "InvalidSignature")),
        (token({}, algorithm="HS512"), (401, BAD)),
        (jwt.encode({}, None, "none"), (401, BAD)),
        ("a.b.c", (401, BAD)),
        ("a" * 20_000, (401, BAD)),
        (
            token({"access": [{"collection": "c", "access": "r", "payload": {"a": 1}}]}),
            (401, "access[0].payload: The 'payload' constraint is deprecated and should not be used"),
        ),
    ],
)
def test_refusals_are_those_of_the_database(vecgate: Vecgate, key: str, expected: tuple[int, str]) -> None:
    assert plain(ask(vecgate, key)) == expected


def test_clocks_may_differ_a_little(vecgate: Vecgate) -> None:
    now = int(time.time())
    assert ask(vecgate, token({"exp": now - 20})).status == 200
    assert ask(vecgate, token({"exp": now - 40})).status == 403
    assert ask(vecgate, token({"nbf": now + 20})).status == 200
    assert ask(vecgate, token({"nbf": now + 60})).status == 401


def test_a_token_may_depend_on_a_value(vecgate: Vecgate, upstream: RememberingUpstream) -> None:
    def while_role_is(value: Any, collection: str = "c") -> str:
        return token({"value_exists": {"collection": collection, "matches": [{"key": "role", "value": value}]}})

    upstream.seen.clear()
    with Wire(vecgate.rest) as wire:  # a connection stays with its thread
        for _ in range(3):
            assert wire.ask("GET", "/collections", api_key=while_role_is("x")).status == 200
    assert [method for method, _ in upstream.seen].count(SCROLL) == 1, "it is remembered for a moment"
    failed = "Invalid JWT, stateful validation failed"
    assert plain(ask(vecgate, while_role_is("y"))) == (401, failed)
    assert plain(ask(vecgate, while_role_is(1))) == (401, failed)
    assert plain(ask(vecgate, while_role_is("x", "missing"))) == (403, failed)
    assert plain(ask(vecgate, token({"value_exists": {"collection": 1}}))) == (403, "InvalidSignature")


def test_no_token_is_shown(vecgate: Vecgate) -> None:
    key = token({"access": "r", "subject": "somebody"})
    assert ask(vecgate, key).status == 200
    ask(vecgate, key + "x")
    until(lambda: '"caller":"somebody"' in vecgate.log, "the caller is named")
    assert key not in vecgate.log
    assert SECRET not in vecgate.log + vecgate.metrics().body.decode()


def keyed(server: Issuer, /, **more: Any) -> dict[str, Any]:
    return {"auth": {"tokens": [{"name": "issuer", "keys": f"{server.url}/keys", **more}]}}


def signed(key: Any, name: str | None, algorithm: str, **claims: Any) -> str:
    claims = {"exp": LATER, "access": "r"} | claims
    return jwt.encode(claims, key, algorithm, headers={} if name is None else {"kid": name})


def test_public_keys_of_all_kinds(issuer: Issuer, upstream: RememberingUpstream, tmp_path: Path) -> None:
    issuer.keys = {algorithm: new_key(algorithm) for algorithm in ("RS256", "ES256", "EdDSA")}
    with Vecgate(tmp_path, upstream.port, **keyed(issuer)) as gateway:
        gateway.wait_ready()
        for algorithm, key in issuer.keys.items():
            assert ask(gateway, signed(key, algorithm, algorithm)).status == 200
            assert ask(gateway, signed(key, None, algorithm)).status == 200
            assert ask(gateway, signed(key, algorithm, algorithm), "PUT", "/collections/c", VECTORS).error == MANAGE
            assert plain(ask(gateway, signed(new_key(algorithm), algorithm, algorithm))) == (403, "InvalidSignature")
        rsa = issuer.keys["RS256"]
        # Without an end, or without a word about access.
        assert plain(ask(gateway, jwt.encode({"access": "r"}, rsa, "RS256"))) == (401, BAD)
        assert plain(ask(gateway, jwt.encode({"exp": LATER}, rsa, "RS256"))) == (401, BAD)
        # The public key, which everyone knows, taken for a secret.
        public = rsa.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        assert plain(ask(gateway, forged(public, {"alg": "HS256", "kid": "RS256"}))) == (401, BAD)
        assert plain(ask(gateway, forged(b"", {"alg": "none"}))) == (401, BAD)
        assert plain(ask(gateway, signed(rsa, "ES256", "RS256"))) == (401, BAD)


def forged(secret: bytes, header: dict[str, str]) -> str:
    def encoded(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    text = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps({'exp': LATER, 'access': 'm'}).encode())}"
    return f"{text}.{encoded(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def test_issuer_and_audience(issuer: Issuer, upstream: RememberingUpstream, tmp_path: Path) -> None:
    issuer.keys = {"k": new_key("ES256")}
    settings = keyed(issuer, issuer="https://login", audience="vecgate", access_claim="https://x/access")
    with Vecgate(tmp_path, upstream.port, **settings) as gateway:
        gateway.wait_ready()

        def status(**claims: Any) -> int:
            return ask(gateway, signed(issuer.keys["k"], "k", "ES256", **claims)).status

        good = {"iss": "https://login", "aud": ["a", "vecgate"], "https://x/access": "r"}
        assert status(**good) == 200
        assert status(**good | {"aud": "a"}) == 401
        assert status(**good | {"iss": "https://other"}) == 401
        assert status(**good | {"https://x/access": None}) == 403
        assert status(**{"iss": "https://login", "aud": "vecgate"}) == 401


def test_keys_are_rotated(issuer: Issuer, upstream: RememberingUpstream, tmp_path: Path) -> None:
    old, new = new_key("ES256"), new_key("ES256")
    issuer.keys = {"old": old}
    # Without `keys` the issuer itself says where they are.
    auth = {"tokens": [{"name": "issuer", "issuer": issuer.url}]}
    with Vecgate(tmp_path, upstream.port, auth=auth) as gateway:
        gateway.wait_ready()
        of_old = signed(old, "old", "ES256", iss=issuer.url)
        of_new = signed(new, "new", "ES256", iss=issuer.url)
        assert ask(gateway, of_old).status == 200
        asked = len(issuer.asked)
        for _ in range(20):
            assert ask(gateway, of_new).status == 401
        assert len(issuer.asked) - asked <= 2, "unknown keys are not asked for without end"
        issuer.keys = {"new": new}
        until(lambda: ask(gateway, of_new).status == 200, "the new key is known", 15)
        # What was verified is remembered for a moment only.
        until(lambda: ask(gateway, of_old).status == 401, "the old key is forgotten", 15)
        issuer.answers["/keys"] = lambda: (500, {})
        assert ask(gateway, of_new).status == 200


def test_keys_outlive_a_reload_that_does_not_concern_them(
    issuer: Issuer, upstream: RememberingUpstream, tmp_path: Path
) -> None:
    issuer.keys = {"k": new_key("ES256")}
    settings = keyed(issuer) | {"reload": {"watch": "0"}}
    with Vecgate(tmp_path, upstream.port, **settings) as gateway:
        gateway.wait_ready()
        assert ask(gateway, signed(issuer.keys["k"], "k", "ES256")).status == 200
        issuer.answers["/keys"] = lambda: (500, {})
        settings["auth"]["keys"] = [{"name": "w", "key": FULL, "access": "full"}]
        gateway.write(settings)
        gateway.process.send_signal(signal.SIGHUP)
        until(lambda: gateway.events("config_reloaded"), "it was reloaded")
        assert ask(gateway, FULL).status == 200
        assert ask(gateway, signed(issuer.keys["k"], "k", "ES256", sub="not seen yet")).status == 200


def test_keys_by_tls(upstream: RememberingUpstream, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "authority")
    with Issuer(authority.issue("localhost")) as issuer:
        issuer.keys = {"k": new_key("EdDSA")}

        def status(ca: Path) -> int:
            auth = {"tokens": [{"name": "login", "issuer": issuer.url, "ca": str(ca)}]}
            with Vecgate(tmp_path, upstream.port, auth=auth) as gateway:
                gateway.wait_ready()
                reply = ask(gateway, signed(issuer.keys["k"], "k", "EdDSA", iss=issuer.url))
                assert bool(gateway.events("token_keys_unavailable")) == (reply.status != 200)
                return reply.status

        assert status(authority.certificate) == 200
        assert status(Authority(tmp_path, "another").certificate) == 401
        # What is found safely must not lead to where it can be changed on its way.
        with Issuer() as plain_one:
            plain_one.keys = issuer.keys
            document = {"issuer": issuer.url, "jwks_uri": f"{plain_one.url}/keys"}
            issuer.answers["/.well-known/openid-configuration"] = lambda: (200, document)
            assert status(authority.certificate) == 401
            assert plain_one.asked == []


def test_key_files_are_watched(upstream: RememberingUpstream, tmp_path: Path) -> None:
    from .auth_servers import key_set

    key, file = new_key("EdDSA"), tmp_path / "keys.json"
    file.write_text(json.dumps(key_set({"a": new_key("EdDSA")})))
    auth = {"tokens": [{"name": "file", "keys": str(file)}]}
    with Vecgate(tmp_path, upstream.port, auth=auth) as gateway:
        gateway.wait_ready()
        assert ask(gateway, signed(key, "b", "EdDSA")).status == 401
        file.write_text(json.dumps(key_set({"b": key})))
        until(lambda: ask(gateway, signed(key, "b", "EdDSA")).status == 200, "the file was read again")


# ------------------------------------------------------------------------------- what the gateway shows the upstream

FULL = "full-key-of-32-characters-000000"


def own(**credentials: Any) -> dict[str, Any]:
    keys = [{"name": "w", "key": FULL, "access": "full"}]
    return {"auth": {"keys": keys}, "upstream": {"credentials": credentials}}


def shown(gateway: Vecgate, upstream: RememberingUpstream) -> dict[str, str]:
    upstream.seen.clear()
    assert ask(gateway, FULL).status == 200
    (credential,) = upstream.credentials()
    return credential


def test_oauth2_tokens_are_renewed_ahead_of_their_end(
    issuer: Issuer, upstream: RememberingUpstream, tmp_path: Path
) -> None:
    given = []

    def give() -> tuple[int, Any]:
        given.append(f"token-{len(given)}")
        if len(given) == 2:
            return 500, {"error": "temporarily"}
        return 200, {"access_token": given[-1], "token_type": "Bearer", "expires_in": 10}

    issuer.answers["/token"] = give
    oauth2 = {"token_url": f"{issuer.url}/token", "client_id": "me", "client_secret": "hush-hush", "scope": "db"}
    with Vecgate(tmp_path, upstream.port, **own(source="oauth2", oauth2=oauth2)) as gateway:
        gateway.wait_ready()
        assert shown(gateway, upstream) == {"authorization": "Bearer token-0"}
        path, headers, body = issuer.asked[0]
        assert (path, body) == ("/token", b"grant_type=client_credentials&scope=db")
        assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"me:hush-hush"
        # The second attempt failed while the first token was good still; nobody noticed.
        seen: set[str] = set()

        def renewed() -> bool:
            seen.add(shown(gateway, upstream)["authorization"])
            return "Bearer token-2" in seen

        until(renewed, "the token is renewed", 30)
        assert seen == {"Bearer token-0", "Bearer token-2"}
        told = gateway.log + gateway.metrics().body.decode()
        assert "hush-hush" not in told and "token-0" not in told


def test_without_a_token_nothing_is_asked(issuer: Issuer, upstream: RememberingUpstream, tmp_path: Path) -> None:
    issuer.answers["/token"] = lambda: (401, {"error": "invalid_client"})
    oauth2 = {"token_url": f"{issuer.url}/token", "client_id": "me", "client_secret": "wrong-one"}
    with Vecgate(tmp_path, upstream.port, **own(source="oauth2", oauth2=oauth2)) as gateway:
        until(lambda: "invalid_client" in gateway.log, "the failure is told")
        assert gateway.readiness() == 503
        failures = re.search(r"^vecgate_upstream_credential_failures_total (\d+)", gateway.metrics().body.decode(), re.M)
        assert failures is not None and int(failures[1]) >= 1
        upstream.seen.clear()
        reply = ask(gateway, FULL)
        assert reply.status == 503
        assert "credential" in reply.error
        assert upstream.seen == []
        issuer.answers["/token"] = lambda: (200, {"access_token": "t", "token_type": "Bearer", "expires_in": 60})
        gateway.wait_ready()
        assert shown(gateway, upstream) == {"authorization": "Bearer t"}


def test_a_command_and_a_file_give_tokens(upstream: RememberingUpstream, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("one\n")
    for source in [
        {"source": "command", "command": ["/bin/cat", str(file)], "refresh": "100ms"},
        {"source": "file", "file": str(file), "file_check": "100ms"},
    ]:
        file.write_text("one\n")
        with Vecgate(tmp_path, upstream.port, **own(**source)) as gateway:
            gateway.wait_ready()
            assert shown(gateway, upstream) == {"authorization": "Bearer one"}
            file.write_text("two\n")
            until(lambda: shown(gateway, upstream) == {"authorization": "Bearer two"}, "the new token is used")  # noqa: B023
            file.unlink()
            time.sleep(0.3)
            assert shown(gateway, upstream) == {"authorization": "Bearer two"}


def test_a_command_does_not_hold_up_the_end(upstream: RememberingUpstream, tmp_path: Path) -> None:
    started = tmp_path / "started"
    command = ["/bin/sh", "-c", f"touch {started}; sleep 60"]
    with Vecgate(tmp_path, upstream.port, **own(source="command", command=command, timeout="60s")) as gateway:
        until(started.exists, "the command runs")
        assert ask(gateway, FULL).status == 503
        gateway.terminate()
        assert gateway.exit_code(30) == 0


def test_a_credential_that_the_database_refuses_is_our_fault(tmp_path: Path) -> None:
    import grpc

    with RememberingUpstream() as refusing:
        refusing.answers["/qdrant.Collections/List"] = lambda _, context: context.abort(
            grpc.StatusCode.UNAUTHENTICATED, BAD
        )
        with Vecgate(tmp_path, refusing.port, **own(source="key", key="stale")) as gateway:
            gateway.wait_ready()
            reply = ask(gateway, FULL)
            assert reply.status == 503
            assert reply.error == "The database does not accept the credential of the gateway"
