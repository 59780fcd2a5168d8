"""TLS between the gateway and its upstream, with certificates on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from .certificates import Authority, Issued
from .running import Upstream, Vecgate
from .wire import post, until

COUNT_PATH = "/collections/n7/points/count"


class Pair:
    """Who the upstream is, who it believes, and the gateway's side of both."""

    def __init__(self, folder: Path) -> None:
        self.authority, self.clients = Authority(folder, "authority"), Authority(folder, "clients")
        self.server = self.authority.issue("upstream", "DNS:upstream", "IP:127.0.0.1")
        self.client = self.clients.issue("vecgate")
        # Copies: a test may replace them.
        self.ca = folder / "upstream-ca.pem"
        self.ca.write_bytes(self.authority.certificate.read_bytes())

    def credentials(self) -> grpc.ServerCredentials:
        pair = (self.server.key.read_bytes(), self.server.certificate.read_bytes())
        return grpc.ssl_server_credentials([pair], self.clients.certificate.read_bytes(), require_client_auth=True)

    def settings(self, **changes: Any) -> dict[str, Any]:
        tls = {
            "enabled": True,
            "ca": str(self.ca),
            "certificate": str(self.client.certificate),
            "key": str(self.client.key),
        }
        return {"upstream": {"tls": {**tls, **changes}}, "reload": {"watch": "100ms"}}


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


@pytest.fixture
def upstream(pair: Pair) -> Iterator[Upstream]:
    with Upstream(credentials=pair.credentials()) as server:
        yield server


def answers(gateway: Vecgate) -> bool:
    return post(gateway.rest, COUNT_PATH).status == 200


def test_both_show_certificates(pair: Pair, upstream: Upstream, tmp_path: Path) -> None:
    for name in ("", "upstream"):  # the address stands in the certificate, and so does the name
        with Vecgate(tmp_path, upstream.port, **pair.settings(server_name=name)) as gateway:
            gateway.wait_ready()
            assert post(gateway.rest, COUNT_PATH).json["result"] == {"count": 7}


def test_wrong_certificates_are_the_upstreams_fault(pair: Pair, upstream: Upstream, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "stranger")
    unknown = stranger.issue("vecgate")
    for changes in (
        {"server_name": "somebody-else"},
        {"ca": str(stranger.certificate)},
        {"certificate": "", "key": ""},
        {"certificate": str(unknown.certificate), "key": str(unknown.key)},
    ):
        with Vecgate(tmp_path, upstream.port, **pair.settings(**changes)) as gateway:
            reply = post(gateway.rest, COUNT_PATH)
            assert reply.status == 503, changes
            assert "upstream" in reply.error.lower(), changes
            assert gateway.readiness() == 503
    assert upstream.calls.total() == 0


def test_without_tls_where_it_is_needed(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port) as gateway:
        reply = post(gateway.rest, COUNT_PATH)
        assert reply.status == 503
        assert "upstream" in reply.error.lower()


def test_renewal_needs_no_restart(pair: Pair, tmp_path: Path) -> None:
    """Both sides get certificates of other authorities while the gateway runs."""
    folder = tmp_path / "next"
    folder.mkdir()
    other = Pair(folder)
    with Upstream(credentials=pair.credentials()) as first:
        port = first.port
        with Vecgate(tmp_path, port, **pair.settings()) as gateway:
            gateway.wait_ready()
            assert answers(gateway)
            first.server.stop(grace=None).wait()
            with Upstream(port, credentials=other.credentials()):
                until(lambda: post(gateway.rest, COUNT_PATH).status == 503, "the new upstream is not believed")
                Issued(pair.ca, pair.client.key).replace_by(Issued(other.ca, other.client.key))
                pair.client.certificate.write_bytes(other.client.certificate.read_bytes())
                until(lambda: answers(gateway), "the new upstream is believed", within=20)


def test_bad_files_keep_what_works(pair: Pair, upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, **pair.settings()) as gateway:
        gateway.wait_ready()
        pair.client.key.write_text("")
        until(lambda: str(pair.client.key) in gateway.log, "the log names the file")
        for _ in range(5):
            assert answers(gateway)
