"""What a real database told callers of all kinds, told by the gateway that judges the same callers itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .auth_servers import RememberingUpstream
from .running import Vecgate
from .wire import Wire

RECORDS = [json.loads(line) for line in (Path(__file__).parents[1] / "corpus/qdrant/auth.jsonl").read_text().splitlines()]
DIFFERENT = {
    "auth/batch-empty-read-only": "a write without content is refused like any other, before its body is read",
    "auth/jwt-snapshot-download": "the same words in the envelope",
}


@pytest.fixture(scope="module")
def upstream() -> Iterator[RememberingUpstream]:
    with RememberingUpstream() as server:
        yield server


@pytest.fixture(scope="module")
def vecgate(upstream: RememberingUpstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vecgate]:
    def hashed(key: str) -> str:  # keys of such length are not taken as they are
        return f"sha256:{b'somesalt'.hex()}:{hashlib.sha256(b'somesalt' + key.encode()).hexdigest()}"

    auth = {
        "keys": [
            {"name": "admin", "hash": hashed("admin-key"), "access": "full"},
            {"name": "admin", "hash": hashed("alt-key"), "access": "full"},
            {"name": "reader", "hash": hashed("ro-key"), "access": "read-only"},
        ],
        "tokens": [{"name": "database", "secret": "admin-key"}, {"name": "database", "secret": "alt-key"}],
    }
    with Vecgate(tmp_path_factory.mktemp("recorded"), upstream.port, auth=auth) as gateway:
        yield gateway.wait_ready()


def told(body: Any) -> Any:
    return body["status"]["error"] if isinstance(body, dict) else body


@pytest.mark.parametrize("record", RECORDS, ids=[record["name"] for record in RECORDS])
def test_callers_are_told_what_the_database_told_them(vecgate: Vecgate, record: dict[str, Any]) -> None:
    sent, recorded = record["rest"], record["rest_reply"]
    headers = {name.replace("-", "_"): value for name, value in (sent.get("headers") or {}).items()}
    body = None if sent.get("body") is None else json.dumps(sent["body"]).encode()
    target = sent["path"] + (f"?{sent['query']}" if sent["query"] else "")
    with Wire(vecgate.rest) as wire:
        reply = wire.ask(sent["method"], target, body, **headers)
    if recorded["status"] not in (401, 403):
        assert (reply.status in (401, 403)) == (record["name"] in DIFFERENT)
        if sent["method"] == "GET" and sent["path"] == "/collections":
            assert reply.json["result"] == recorded["body"]["result"]
        return
    assert reply.status == recorded["status"]
    if record["name"] not in DIFFERENT:
        assert reply.header("content-type") == recorded["content_type"]
    text = told(reply.json) if reply.header("content-type") else reply.body.decode()
    assert text == told(recorded["body"])
