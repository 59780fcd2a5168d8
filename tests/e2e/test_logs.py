"""Logs: one line per request, slow requests, audit; in files that can be rotated; without secrets."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from qdrant_client import grpc as q

from .running import COUNT, Upstream, Vecgate
from .wire import get, post, request, until, Wire

UPSERT = "/qdrant.Points/Upsert"
DELETE_COLLECTION = "/qdrant.Collections/Delete"
POINTS = "/collections/films/points"
KEY = "very-secret-key"
SECRETS = (KEY, "body-secret", "0.123", "token-secret")


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    def upsert(*_: object) -> bytes:
        status = q.UpdateStatus.Completed
        return q.PointsOperationResponse(result=q.UpdateResult(operation_id=1, status=status)).SerializeToString()

    def delete(_: bytes, context: grpc.ServicerContext) -> bytes:
        context.abort(grpc.StatusCode.PERMISSION_DENIED, "Global manage access is required")
        raise AssertionError

    with Upstream() as server:
        server.answers |= {UPSERT: upsert, DELETE_COLLECTION: delete}
        yield server


def lines(path: Path, event: str) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    told = [json.loads(line) for line in path.read_text().splitlines()]
    return [line for line in told if line["event"] == event]


def wait_for(path: Path, event: str, count: int) -> list[dict[str, Any]]:
    until(lambda: len(lines(path, event)) >= count, f"{count} lines {event}")
    return lines(path, event)


def put(port: int, path: str, body: bytes, **headers: str) -> int:
    with Wire(port) as wire:
        wire.send(request("PUT", path, body, **headers))
        return wire.reply().status


def test_a_line_per_request(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port) as vecgate:
        vecgate.wait_ready()
        post(vecgate.rest, "/collections/n3/points/count", b'{"exact":true}', x_request_id="one")
        get(vecgate.rest, "/nowhere", x_request_id="two")
        one, two = wait_for(vecgate.log_file, "request", 2)
        assert one.items() >= {
            "id": "one",
            "client": "127.0.0.1",
            "method": "POST",
            "route": "/collections/{collection_name}/points/count",
            "collection": "n3",
            "status": 200,
            "bytes_in": 14,
        }.items()
        assert one["upstream"] <= one["us"]
        assert (two["id"], two["route"], two["status"]) == ("two", "unmatched", 404)
        assert "collection" not in two


def test_slow_requests_are_told_by_their_shape(upstream: Upstream, tmp_path: Path) -> None:
    def slow(asked: bytes, context: grpc.ServicerContext) -> bytes:
        if q.CountPoints.FromString(asked).collection_name == "n1":
            time.sleep(0.3)
        return answer(asked, context)

    answer, upstream.answers[COUNT] = upstream.answers[COUNT], slow
    body = b'{"exact":true,"filter":{"must":[{"key":"city","match":{"value":"body-secret"}}]}}'
    with Vecgate(tmp_path, upstream.port, log={"slow": "200ms", "access": False}) as vecgate:
        vecgate.wait_ready()
        post(vecgate.rest, "/collections/n2/points/count", body)
        post(vecgate.rest, "/collections/n1/points/count", body)
        (line,) = wait_for(vecgate.log_file, "slow_request", 1)
        assert line["collection"] == "n1"
        assert line["us"] >= 300_000
        assert line["upstream"] >= 290_000
        assert line["shape"] == "{exact: true, filter: {must: [{key: text, match: {value: text}}]}}"
        assert not lines(vecgate.log_file, "request")
        assert "body-secret" not in vecgate.log


def test_writes_and_refusals_are_audited(upstream: Upstream, tmp_path: Path) -> None:
    audit = tmp_path / "audit.log"
    point = b'{"points":[{"id":1,"vector":[0.123,0.5],"payload":{"note":"body-secret"}}]}'
    with Vecgate(tmp_path, upstream.port, log={"audit": True, "audit_file": str(audit)}) as vecgate:
        vecgate.wait_ready()
        assert post(vecgate.rest, "/collections/n1/points/count").status == 200  # a read
        assert put(vecgate.rest, POINTS, point, api_key=KEY, x_request_id="write") == 200
        assert put(vecgate.rest, POINTS, b"{", api_key="another") == 400
        with Wire(vecgate.rest) as wire:
            assert wire.ask("DELETE", "/collections/films", authorization="Bearer token-secret").status == 403
        done, failed, denied = wait_for(audit, "audit", 3)
        assert done.items() >= {
            "id": "write",
            "client": "127.0.0.1",
            "method": "PUT",
            "route": "/collections/{collection_name}/points",
            "collection": "films",
            "status": 200,
            "outcome": "done",
        }.items()
        assert (failed["status"], failed["outcome"]) == (400, "failed")
        assert (denied["status"], denied["outcome"], denied["method"]) == (403, "denied", "DELETE")
        # Who: a piece of a fingerprint, the same for the same key.
        assert len({line["credential"] for line in (done, failed, denied)}) == 3
        put(vecgate.rest, POINTS, point, api_key=KEY)
        assert wait_for(audit, "audit", 4)[3]["credential"] == done["credential"]
        assert put(vecgate.rest, POINTS, point) == 200
        assert "credential" not in wait_for(audit, "audit", 5)[4]
        assert not lines(vecgate.log_file, "audit")
        for secret in SECRETS:
            assert secret not in audit.read_text() + vecgate.log


def test_audit_is_off_by_default(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port) as vecgate:
        vecgate.wait_ready()
        put(vecgate.rest, POINTS, b'{"points":[]}')
        wait_for(vecgate.log_file, "request", 1)
        assert not lines(vecgate.log_file, "audit")


def test_files_are_opened_anew_after_rotation(upstream: Upstream, tmp_path: Path) -> None:
    events, access = tmp_path / "events.log", tmp_path / "access.log"
    with Vecgate(tmp_path, upstream.port, log={"file": str(events), "access_file": str(access)}) as vecgate:
        vecgate.wait_ready()
        get(vecgate.rest, "/livez", x_request_id="before")
        wait_for(access, "request", 1)
        for path in (events, access):
            path.rename(path.with_suffix(".1"))
        vecgate.process.send_signal(signal.SIGUSR1)
        until(lambda: events.exists() and access.exists(), "new files are there")
        get(vecgate.rest, "/livez", x_request_id="after")
        assert [line["id"] for line in wait_for(access, "request", 1)] == ["after"]
        assert [line["id"] for line in lines(access.with_suffix(".1"), "request")] == ["before"]
        wait_for(events, "logs_reopened", 1)
        assert lines(events.with_suffix(".1"), "started")
        vecgate.terminate()
        assert vecgate.exit_code() == 0
        assert lines(events, "stopped")


def test_a_log_that_cannot_be_written_is_said_at_once(upstream: Upstream, tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception):
        Vecgate(tmp_path, upstream.port, log={"file": "/proc/nowhere/log"})
    assert "/proc/nowhere/log" in (tmp_path / "log").read_text()
