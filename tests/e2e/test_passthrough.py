"""Routes that gRPC has nothing for, with a REST port behind the gateway and without one."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from .certificates import Authority
from .running import Upstream, Vecgate
from .servers import vecgate_binary
from .wire import Reply, Wire, chunked, get, request

SNAPSHOT = bytes(range(256)) * (16 << 12)  # 16 MiB
DOWNLOAD = "/collections/c/snapshots/s.snapshot"
UPLOAD = "/collections/c/snapshots/upload?wait=true"
GROWTH_KIB = 24 << 10  # what a body of any size may cost


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def told(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def heard(self) -> dict[str, Any]:
        return {"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}}

    def do_GET(self) -> None:
        if self.path != DOWNLOAD:
            return self.told(200, self.heard())
        first = int((self.headers["Range"] or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if first else 200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(SNAPSHOT) - first))
        self.end_headers()
        self.wfile.write(SNAPSHOT[first:])

    def do_POST(self) -> None:
        digest, size = hashlib.sha256(), 0
        for piece in self.pieces():
            digest.update(piece)
            size += len(piece)
        self.told(200, self.heard() | {"size": size, "sha256": digest.hexdigest()})

    do_PUT = do_POST

    def pieces(self) -> Iterator[bytes]:
        if self.headers["Transfer-Encoding"] != "chunked":
            rest = int(self.headers["Content-Length"] or 0)
            while rest:
                yield (piece := self.rfile.read(min(rest, 1 << 16)))
                rest -= len(piece)
            return
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()


class RestServer:
    def __init__(self, certificate: Path | None = None, clients: Path | None = None) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            if clients is not None:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(clients)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def __enter__(self) -> RestServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def rest_settings(url: str, *groups: str, **more: str) -> dict[str, Any]:
    return {"upstream": {"rest": url, "rest_groups": list(groups), **more}}


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture(scope="module")
def rest() -> Iterator[RestServer]:
    with RestServer() as server:
        yield server


@pytest.fixture(scope="module")
def vecgate(upstream: Upstream, rest: RestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vecgate]:
    settings = rest_settings(f"http://127.0.0.1:{rest.port}", "snapshots", "cluster")
    with Vecgate(tmp_path_factory.mktemp("vecgate"), upstream.port, **settings) as gateway:
        yield gateway.wait_ready()


def most_memory(gateway: Vecgate) -> int:
    """The largest resident size so far, in KiB."""
    status = Path(f"/proc/{gateway.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def upload(port: int, body: bytes, framing: dict[str, str]) -> Reply:
    with Wire(port, patience=30) as wire:
        wire.send(request("POST", UPLOAD, api_key="k", content_type="multipart/form-data; boundary=b", **framing))
        wire.send(body)
        return wire.reply()


def test_timing_is_told(upstream: Upstream, rest: RestServer, tmp_path: Path) -> None:
    settings = rest_settings(f"http://127.0.0.1:{rest.port}", "snapshots") | {"metrics": {"server_timing": True}}
    with Vecgate(tmp_path, upstream.port, **settings) as gateway:
        reply = get(gateway.rest, DOWNLOAD)
        assert reply.status == 200
        timing = dict(re.findall(r"(\w+);dur=([\d.]+)", reply.header("server-timing") or ""))
        assert float(timing["total"]) >= float(timing["upstream"]) > 0
        assert "write" not in timing, "what comes after the head"


def test_without_a_rest_port_they_are_501(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port) as gateway:
        gateway.wait_ready()
        reply = get(gateway.rest, DOWNLOAD)
        assert (reply.status, reply.error) == (501, "The download of a snapshot is not available through the gRPC API")


def test_only_listed_groups_pass(vecgate: Vecgate) -> None:
    assert get(vecgate.rest, "/cluster").json["path"] == "/cluster"
    assert get(vecgate.rest, "/telemetry").status == 501
    # A part of a route that gRPC has stays what it is.
    with Wire(vecgate.rest) as wire:
        body = b'{"start_resharding":{"direction":"up","peer_id":1,"shard_key":null}}'
        assert wire.ask("POST", "/collections/c/cluster", body).status == 501


def test_snapshots_come_down(vecgate: Vecgate) -> None:
    before = most_memory(vecgate)
    for _ in range(3):
        reply = get(vecgate.rest, DOWNLOAD)
        assert reply.status == 200
        assert reply.header("content-type") == "application/octet-stream"
        assert reply.body == SNAPSHOT
    part = get(vecgate.rest, DOWNLOAD, range="bytes=1000-")
    assert part.status == 206
    assert part.body == SNAPSHOT[1000:]
    assert most_memory(vecgate) - before < GROWTH_KIB


def test_snapshots_go_up_sized_and_chunked(vecgate: Vecgate) -> None:
    body = SNAPSHOT * 4
    before = most_memory(vecgate)
    told = [
        upload(vecgate.rest, body, {"content_length": str(len(body))}).json,
        upload(vecgate.rest, chunked(*(body[at : at + (1 << 20)] for at in range(0, len(body), 1 << 20))),
               {"transfer_encoding": "chunked"}).json,
    ]
    for heard in told:
        assert heard["path"] == UPLOAD
        assert heard["size"] == len(body)
        assert heard["sha256"] == hashlib.sha256(body).hexdigest()
        assert heard["headers"]["api-key"] == "k"
        assert heard["headers"]["content-type"] == "multipart/form-data; boundary=b"
    assert most_memory(vecgate) - before < GROWTH_KIB


def test_an_open_connection_serves_both_ways(vecgate: Vecgate) -> None:
    with Wire(vecgate.rest) as wire:
        for _ in range(3):
            assert wire.ask("PUT", "/collections/c/snapshots/recover", b'{"location":"x"}').json["size"] == 16
            assert wire.ask("GET", "/collections/there/exists").status == 200


def test_a_rest_port_that_is_away_is_503(upstream: Upstream, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Vecgate(tmp_path, upstream.port, **rest_settings(f"http://127.0.0.1:{port}", "cluster")) as gateway:
        gateway.wait_ready()
        reply = get(gateway.rest, "/cluster")
        assert reply.status == 503
        assert reply.error == "The REST port of the database is not available: Connection refused"


def test_tls(upstream: Upstream, tmp_path: Path) -> None:
    files = {}
    for name in ("ours", "other"):
        files[name] = tmp_path / f"{name}.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", files[name], "-out", tmp_path / "certificate"],
            check=True,
            capture_output=True,
        )
        with files[name].open("ab") as both:
            both.write((tmp_path / "certificate").read_bytes())
    with RestServer(files["ours"]) as server:
        for host, ca, status in [("localhost", "ours", 200), ("localhost", "other", 503), ("127.0.0.1", "ours", 503)]:
            settings = rest_settings(f"https://{host}:{server.port}", "cluster", rest_ca=str(files[ca]))
            with Vecgate(tmp_path, upstream.port, **settings) as gateway:
                gateway.wait_ready()
                assert get(gateway.rest, "/cluster").status == status, (host, ca)


def test_client_certificate(upstream: Upstream, tmp_path: Path) -> None:
    authority, clients = Authority(tmp_path, "authority"), Authority(tmp_path, "clients")
    server, client = authority.issue("localhost"), clients.issue("vecgate")
    both = tmp_path / "both.pem"
    both.write_bytes(server.key.read_bytes() + server.certificate.read_bytes())
    shown = {"rest_certificate": str(client.certificate), "rest_key": str(client.key)}
    with RestServer(both, clients.certificate) as rest:
        for own, status in ((shown, 200), ({}, 503)):
            settings = rest_settings(
                f"https://localhost:{rest.port}", "cluster", rest_ca=str(authority.certificate), **own
            )
            with Vecgate(tmp_path, upstream.port, **settings) as gateway:
                gateway.wait_ready()
                assert get(gateway.rest, "/cluster").status == status, own


@pytest.mark.parametrize(
    ("rest_keys", "fault"),
    [
        ({"rest": "http://127.0.0.1:1", "rest_groups": ["snapshots", "nonsense"]}, "there is no group 'nonsense'"),
        ({"rest": "http://127.0.0.1:1"}, "must be given together"),
        ({"rest": "127.0.0.1:1", "rest_groups": ["snapshots"]}, "must be http://host:port or https://host:port"),
    ],
)
def test_settings_that_make_no_sense_are_refused(rest_keys: dict[str, Any], fault: str, tmp_path: Path) -> None:
    config = tmp_path / "vecgate.yaml"
    config.write_text(json.dumps({"upstream": rest_keys}))
    checked = subprocess.run(
        [str(vecgate_binary()), "--config", str(config), "--check-config"], capture_output=True, text=True
    )
    assert checked.returncode == 2
    assert fault in checked.stderr
