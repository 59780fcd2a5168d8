"""TLS and unix-domain sockets with the programs that people use: Python's ssl, httpx, curl, openssl."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from qdrant_client import QdrantClient
from qdrant_client import grpc as q

from .certificates import Authority, Issued, openssl
from .running import COUNT, EXISTS, SCROLL, Held, Upstream, Vecgate, exists
from .wire import Closed, Wire, request, until

COUNT_PATH = "/collections/n7/points/count"
KEY = "a-s3cret-that-nobody-shall-read"


class Edge:
    """A gateway with a listener of each kind, and whom they believe."""

    def __init__(self, folder: Path, upstream: int) -> None:
        self.authority = Authority(folder, "authority")
        self.clients = Authority(folder, "clients")
        self.shown = self.authority.issue("localhost", "DNS:localhost", "IP:127.0.0.1")
        self.other = self.authority.issue("other", "DNS:a.example", "DNS:*.b.example")
        self.path = folder / "gate.sock"
        tls = {key: self.shown.settings[key] + self.other.settings[key] for key in ("certificates", "keys")}
        asking = {"client_certificates": "required", "client_ca": str(self.clients.certificate)}
        self.gateway = Vecgate(
            folder,
            upstream,
            listeners=[
                {"name": "rest", "address": "127.0.0.1:0"},
                {"name": "tls", "address": "127.0.0.1:0", "tls": tls},
                {"name": "trusted", "address": "127.0.0.1:0", "tls": tls | asking},
                {"name": "open", "address": "0.0.0.0:0"},
                {"name": "local", "address": f"unix:{self.path}", "unix_mode": 600},
            ],
            timeouts={"handshake": "500ms"},
            log={"level": "debug"},
        )
        self.tls, self.trusted = self.gateway.ports["tls"], self.gateway.ports["trusted"]

    def wire(self, name: str = "localhost") -> Wire:
        return Wire(self.tls, tls=self.authority.client(), name=name)

    def s_client(self, *arguments: str | Path, text: str = "Q\n", port: int | None = None) -> str:
        told = openssl(
            *("s_client", "-connect", f"127.0.0.1:{port or self.tls}", "-CAfile", self.authority.certificate),
            *("-servername", "localhost", *arguments),
            text=text,
        )
        return told.stdout + told.stderr

    def handshakes(self, listener: str, result: str) -> int:
        lines = self.gateway.metrics().body.decode().splitlines()
        wanted = [f'listener="{listener}"', f'result="{result}"']
        return sum(
            int(line.rsplit(" ", 1)[1])
            for line in lines
            if line.startswith("vecgate_tls_handshakes_total") and all(label in line for label in wanted)
        )


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture
def edge(upstream: Upstream, tmp_path: Path) -> Iterator[Edge]:
    made = Edge(tmp_path, upstream.port)
    with made.gateway as gateway:
        gateway.wait_ready()
        yield made


@pytest.fixture(scope="module")
def shared(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """For tests that leave it as it was."""
    made = Edge(tmp_path_factory.mktemp("edge"), upstream.port)
    with made.gateway as gateway:
        gateway.wait_ready()
        yield made


# ---- who connects, and how ----


def test_all_kinds_of_listeners_side_by_side(shared: Edge) -> None:
    body = b"{}"
    for wire in (Wire(shared.gateway.rest), shared.wire(), Wire(shared.path)):
        with wire:
            for _ in range(2):
                assert wire.ask("POST", COUNT_PATH, body).json["result"] == {"count": 7}


def test_clients_over_tls(shared: Edge) -> None:
    url = f"https://127.0.0.1:{shared.tls}"
    with httpx.Client(verify=shared.authority.client()) as client:
        assert client.post(url + COUNT_PATH, json={}).json()["result"] == {"count": 7}
    client = QdrantClient(url=url, verify=shared.authority.client(), check_compatibility=False)
    assert client.count("n7").count == 7
    with httpx.Client() as stranger, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        stranger.get(url)


def test_curl_over_a_unix_socket(shared: Edge) -> None:
    assert stat.S_IMODE(shared.path.stat().st_mode) == 0o600
    told = subprocess.run(
        ["curl", "-sS", "--unix-socket", str(shared.path), f"http://localhost{COUNT_PATH}", "--json", "{}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert '"count":7' in told.stdout


def test_curl_over_tls(shared: Edge) -> None:
    for version in ("--tls-max=1.2", "--tlsv1.3"):
        told = subprocess.run(
            [
                *("curl", "-sS", version.split("=")[0], *version.split("=")[1:], "--cacert", shared.authority.certificate),
                *(f"https://localhost:{shared.tls}{COUNT_PATH}", "--resolve", f"localhost:{shared.tls}:127.0.0.1"),
                *("--json", "{}"),
            ],
            capture_output=True,
            text=True,
            timeout=20,
        )
        assert '"count":7' in told.stdout, told.stderr


@pytest.mark.parametrize(
    ("name", "subject"),
    [("localhost", "localhost"), ("a.example", "other"), ("x.b.example", "other"), ("x.y.b.example", "localhost")],
)
def test_the_name_chooses_the_certificate(shared: Edge, name: str, subject: str) -> None:
    told = shared.s_client("-servername", name)
    assert f"subject=CN = {subject}" in told


# ---- nothing weak ----


def test_protocols(shared: Edge) -> None:
    for weak in ("-tls1", "-tls1_1"):
        told = shared.s_client(weak, "-cipher", "ALL:@SECLEVEL=0")
        assert "Cipher is (NONE)" in told, weak
    for good in ("-tls1_2", "-tls1_3"):
        told = shared.s_client(good)
        assert "Verify return code: 0 (ok)" in told, told
        assert "Compression: NONE" in told
        if good == "-tls1_2":
            assert "Secure Renegotiation IS supported" in told
            assert "Extended master secret: yes" in told


def test_ciphers(shared: Edge) -> None:
    """Each one that the openssl program knows."""
    listed = openssl("ciphers", "-s", "-tls1_2", "ALL:COMPLEMENTOFALL:@SECLEVEL=0").stdout.strip().split(":")
    assert len(listed) > 40
    taken = {
        cipher
        for cipher in listed
        if not cipher.startswith("TLS_")
        and "Cipher is (NONE)" not in shared.s_client("-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")
    }
    assert taken == {
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
    }


def test_groups_and_signatures(shared: Edge) -> None:
    for group in ("X25519", "P-256", "P-384"):
        assert "Cipher is TLS_" in shared.s_client("-tls1_3", "-curves", group), group
    for group in ("P-521", "X448", "ffdhe2048"):
        assert "Cipher is (NONE)" in shared.s_client("-tls1_3", "-curves", group), group
    assert "Cipher is (NONE)" in shared.s_client("-tls1_2", "-sigalgs", "ECDSA+SHA1", "-cipher", "ALL:@SECLEVEL=0")


def test_renegotiation_is_refused(shared: Edge) -> None:
    told = shared.s_client("-tls1_2", text="R\n")
    assert "no renegotiation" in told or "RENEGOTIATING" not in told.split("verify return")[-1], told


def test_protocol_negotiation(shared: Edge) -> None:
    assert "ALPN protocol: http/1.1" in shared.s_client("-alpn", "h2,http/1.1")
    assert "no application protocol" in shared.s_client("-alpn", "h2")


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_sessions_come_back(shared: Edge, version: str, tmp_path: Path) -> None:
    session = tmp_path / "session"
    ask = "GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    assert "New, " in shared.s_client(version, "-sess_out", session, "-ign_eof", text=ask)
    assert "Reused, " in shared.s_client(version, "-sess_in", session, "-ign_eof", text=ask)


# ---- client certificates ----


def test_required_client_certificates(shared: Edge, tmp_path: Path) -> None:
    own = shared.clients.issue("reader")
    with Wire(shared.trusted, tls=shared.authority.client(own)) as wire:
        assert wire.ask("POST", COUNT_PATH, b"{}").json["result"] == {"count": 7}
    for stranger in (None, Authority(tmp_path, "clients").issue("reader")):
        with pytest.raises((ssl.SSLError, Closed)), Wire(shared.trusted, tls=shared.authority.client(stranger)) as wire:
            wire.ask("GET", "/livez")
    until(lambda: shared.handshakes("trusted", "no_client_certificate") == 1, "who had none is counted")
    until(lambda: shared.handshakes("trusted", "bad_client_certificate") == 1, "the stranger is counted")


# ---- renewal ----


def serial_of(edge: Edge) -> str:
    with edge.wire() as wire:
        return wire.socket.getpeercert()["serialNumber"]


class Load:
    """Clients that ask all the time, some on one connection, some on a new one each time."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.stop = threading.Event()
        self.answers = 0
        self.faults: list[object] = []
        self.threads = [threading.Thread(target=self.run, args=(keeps,)) for keeps in (True, True, False, False)]

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def run(self, keeps: bool) -> None:
        try:
            while not self.stop.is_set():
                with self.edge.wire() as wire:
                    while True:
                        reply = wire.ask("POST", COUNT_PATH, b"{}")
                        assert reply.json["result"] == {"count": 7}
                        self.answers += 1
                        if not keeps or self.stop.is_set():
                            break
        except Exception as fault:  # noqa: BLE001 - told by the test
            self.faults.append(fault)

    def goes_on(self) -> None:
        before = self.answers
        until(lambda: self.faults or self.answers >= before + 20, "requests are answered")
        assert not self.faults


@pytest.mark.parametrize("told", ["by the files", "by a signal"])
def test_renewal_loses_no_request(edge: Edge, told: str) -> None:
    with Load(edge) as load:
        load.goes_on()
        for _ in range(3):
            renewed = edge.authority.issue("localhost", "DNS:localhost", "IP:127.0.0.1")
            before = serial_of(edge)
            edge.shown.replace_by(renewed)
            if told == "by a signal":
                edge.gateway.process.send_signal(signal.SIGHUP)
            until(lambda before=before: serial_of(edge) != before, "the new certificate is shown")
            load.goes_on()
    assert not load.faults
    serial = serial_of(edge).lower()
    until(lambda: f'serial="{serial}"' in edge.gateway.metrics().body.decode(), "its expiry is told")


def test_bad_pair_keeps_the_old_one(edge: Edge) -> None:
    before = serial_of(edge)
    good = Issued(*(path.with_suffix(".good") for path in edge.shown))
    good.replace_by(edge.shown)
    edge.shown.key.write_text("no key at all")
    edge.gateway.process.send_signal(signal.SIGHUP)
    until(lambda: str(edge.shown.key) in edge.gateway.log, "the log names the file")
    assert serial_of(edge) == before
    renewed = edge.authority.issue("localhost", "DNS:localhost", "IP:127.0.0.1")
    edge.shown.replace_by(renewed)
    until(lambda: serial_of(edge) != before, "the next good pair is used")


def test_expiry_is_told(shared: Edge) -> None:
    lines = shared.gateway.metrics().body.decode().splitlines()
    told = [line for line in lines if line.startswith("vecgate_tls_certificate_expiry_timestamp_seconds{")]
    assert len(told) == 4  # two listeners with two certificates each
    for line in told:
        assert 19 * 86400 < float(line.rsplit(" ", 1)[1]) - time.time() < 21 * 86400
    assert any('listener="tls"' in line and 'subject="CN=localhost"' in line for line in told)


# ---- clients that do not play by the rules ----


def test_http_without_tls_is_told(shared: Edge) -> None:
    before = shared.handshakes("tls", "plain_http")
    with Wire(shared.tls) as wire:
        reply = wire.ask("POST", COUNT_PATH, b"{}")
        assert (reply.status, reply.closes, reply.body) == (400, True, b"This port speaks HTTPS.\n")
        assert wire.ends()
    until(lambda: shared.handshakes("tls", "plain_http") == before + 1, "it is counted")


def test_tls_without_need_is_refused(shared: Edge) -> None:
    with pytest.raises(ssl.SSLError):
        Wire(shared.gateway.rest, tls=shared.authority.client())


def test_garbage_ends_the_connection(shared: Edge) -> None:
    for data in (b"\0" * 100, b"\xff" * 20_000, b"SSH-2.0-x\r\n", bytes.fromhex("160301000501000001ff")):
        with socket.create_connection(("127.0.0.1", shared.tls), timeout=10) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            while client.recv(1000):
                pass
    with shared.wire() as wire:
        assert wire.ask("GET", "/livez").status == 200


def test_slow_handshakes_are_cut(shared: Edge) -> None:
    before = shared.handshakes("tls", "timeout")
    for data in (b"", bytes.fromhex("1603010200010001fc0303")):
        with socket.create_connection(("127.0.0.1", shared.tls), timeout=10) as client:
            client.sendall(data)
            start = time.monotonic()
            assert client.recv(1) == b""
            assert 0.4 < time.monotonic() - start < 3
    until(lambda: shared.handshakes("tls", "timeout") == before + 2, "they are counted")


def test_clients_that_vanish_leave_nothing(shared: Edge, upstream: Upstream) -> None:
    page = q.ScrollResponse(
        result=[q.RetrievedPoint(id=q.PointId(num=1), payload={"text": q.Value(string_value="x" * (8 << 20))})]
    ).SerializeToString()
    upstream.answers[SCROLL] = lambda *_: page
    gateway = shared.gateway

    def nobody() -> bool:
        return "vecgate_connections 0\n" in gateway.metrics().body.decode()

    with shared.wire() as wire:
        wire.ask("POST", COUNT_PATH, b"{}")
    until(nobody, "nobody is connected")
    before = gateway.descriptors()
    whole = request("POST", COUNT_PATH, b"{}")
    scroll = request("POST", "/collections/n1/points/scroll", b'{"with_payload":true}')
    for data in (b"", whole[:1], whole[:-1], whole[: whole.index(b"\r\n\r\n")], whole, scroll):
        for orderly in (True, False):
            wire = shared.wire()
            wire.send(data)
            if data == scroll:
                assert wire.socket.recv(12) == b"HTTP/1.1 200"
            if orderly:
                wire.socket.setblocking(False)
                with pytest.raises((ssl.SSLError, OSError)):
                    wire.socket.unwrap()  # says goodbye and does not wait
                    raise OSError
            wire.socket.close()
    until(nobody, "their connections are closed")
    until(lambda: gateway.descriptors() <= before, "descriptors are given back")


def test_client_that_leaves_cancels_its_call(shared: Edge, upstream: Upstream) -> None:
    held = upstream.answers[EXISTS] = Held(exists)
    try:
        with shared.wire() as wire:
            wire.send(request("GET", "/collections/there/exists"))
            until(lambda: held.entered == 1, "the request is with the upstream")
        until(lambda: held.cancelled == 1, "the upstream is told")
    finally:
        upstream.answers[EXISTS] = exists


# ---- the end ----


def test_drain_over_tls(edge: Edge, upstream: Upstream) -> None:
    held = upstream.answers[EXISTS] = Held(exists)
    try:
        with edge.wire() as busy, edge.wire() as idle, edge.wire() as fresh:
            assert idle.ask("GET", "/livez").status == 200
            busy.send(request("GET", "/collections/there/exists"))
            until(lambda: held.entered == 1, "the request is with the upstream")
            edge.gateway.terminate()
            until(lambda: edge.gateway.readiness() == 503, "draining")
            assert idle.ends()
            assert fresh.ask("GET", "/livez").status == 200
            held.released.set()
            reply = busy.reply()
            assert (reply.json["result"], reply.closes) == ({"exists": True}, True)
            assert busy.ends()
        assert edge.gateway.exit_code() == 0
    finally:
        upstream.answers[EXISTS] = exists


def test_unix_socket_of_a_killed_gateway_is_taken_over(upstream: Upstream, tmp_path: Path) -> None:
    path = tmp_path / "gate.sock"
    listeners = [{"name": "local", "address": f"unix:{path}"}]
    for end in (signal.SIGKILL, signal.SIGTERM, signal.SIGTERM):
        with Vecgate(tmp_path, upstream.port, listeners=listeners) as gateway:
            gateway.wait_ready()
            with Wire(path) as wire:
                assert wire.ask("POST", COUNT_PATH, b"{}").json["result"] == {"count": 7}
            gateway.process.send_signal(end)
            gateway.exit_code()


# ---- credentials in plain text ----


def test_credentials_in_plain_text_are_warned_about_once(edge: Edge) -> None:
    def warnings() -> int:
        return edge.gateway.log.count('"credentials_in_plain_text"')

    for wire in (edge.wire(), Wire(edge.gateway.rest), Wire(edge.path), Wire(edge.gateway.ports["open"])):
        with wire:
            assert wire.ask("POST", COUNT_PATH, b"{}").status == 200
    for wire in (edge.wire(), Wire(edge.gateway.rest), Wire(edge.path)):
        with wire:
            assert wire.ask("POST", COUNT_PATH, b"{}", api_key=KEY).status == 200
    assert warnings() == 0
    for field in ("authorization", "api_key", "api_key"):
        with Wire(edge.gateway.ports["open"]) as wire:
            assert wire.ask("POST", COUNT_PATH, b"{}", **{field: f"Bearer {KEY}"}).status == 200
    until(lambda: warnings() == 1, "the first is told")
    assert '"listener":"open","field":"authorization"' in edge.gateway.log
    assert KEY not in edge.gateway.log


def test_faults_of_the_configuration_are_told_at_start(shared: Edge, tmp_path: Path) -> None:
    config = tmp_path / "vecgate.yaml"
    program = shared.gateway.process.args[0]
    environment = {**os.environ, "VECGATE_UPSTREAM_ADDRESS": "127.0.0.1:1"}

    def fault(tls: str) -> str:
        config.write_text(f"listeners: [{{name: a, address: '127.0.0.1:0', tls: {tls}}}]")
        told = subprocess.run(
            [program, "--config", config, "--check-config"], capture_output=True, text=True, env=environment, timeout=20
        )
        assert told.returncode == 2
        return told.stderr

    mine, other = shared.shown, shared.other
    pair = f"certificates: [{mine.certificate}], keys: [{mine.key}]"
    assert "no/such.pem" in fault("{certificates: [/no/such.pem], keys: [/no/such.key]}")
    assert f"{other.key}: not the key of {mine.certificate}" in fault(
        f"{{certificates: [{mine.certificate}], keys: [{other.key}]}}"
    )
    assert "tls.keys" in fault(f"{{certificates: [{mine.certificate}]}}")
    assert "tls.ciphers" in fault(f"{{{pair}, ciphers: NONE-SUCH}}")
    assert "tls.client_ca" in fault(f"{{{pair}, client_certificates: required}}")


def test_the_count_of_calls_is_not_wrong(upstream: Upstream) -> None:
    """What was refused never reached the upstream as something else."""
    assert set(upstream.calls) <= {COUNT, EXISTS, SCROLL, "/qdrant.Qdrant/HealthCheck", "/qdrant.Collections/List"}
