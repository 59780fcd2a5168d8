"""Headers that go on to the upstream with some requests only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from qdrant_client import grpc as q

from .running import COUNT, Listening, Upstream, Vecgate
from .wire import post

POINTS = "/collections/n3/points"
CLEAR = "/qdrant.Points/ClearPayload"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


def test_route_affinity_goes_with_reads(upstream: Upstream, tmp_path: Path) -> None:
    upstream.answers[CLEAR] = lambda *_: q.PointsOperationResponse().SerializeToString()
    reads, writes = Listening(upstream, COUNT), Listening(upstream, CLEAR)
    with Vecgate(tmp_path, upstream.port) as vecgate:
        vecgate.wait_ready()
        assert post(vecgate.rest, f"{POINTS}/count", x_qdrant_route_affinity="a7").status == 200
        cleared = post(vecgate.rest, f"{POINTS}/payload/clear", b'{"points":[1]}', x_qdrant_route_affinity="a7")
        assert cleared.status == 200
        assert reads.last["x-qdrant-route-affinity"] == "a7"
        assert "x-qdrant-route-affinity" not in writes.last


@pytest.mark.parametrize(("trusted", "passes"), [("127.0.0.0/8", True), ("192.0.2.7", False), (None, False)])
def test_forwarded_goes_on_from_trusted_proxies(
    upstream: Upstream, tmp_path: Path, trusted: str | None, passes: bool
) -> None:
    heard = Listening(upstream, COUNT)
    settings = {} if trusted is None else {"trusted_proxies": [trusted]}
    with Vecgate(tmp_path, upstream.port, **settings) as vecgate:
        vecgate.wait_ready()
        post(vecgate.rest, f"{POINTS}/count", forwarded="for=203.0.113.9", x_forwarded_for="203.0.113.9")
        expected = {"forwarded": "for=203.0.113.9", "x-forwarded-for": "203.0.113.9"} if passes else {}
        assert {key: heard.last[key] for key in heard.last if "forwarded" in key} == expected
