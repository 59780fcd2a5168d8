"""Keys that come and go while the gateway runs, and callers known by their certificate."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .auth_servers import RememberingUpstream
from .running import Vecgate
from .servers import read_named_ports, stop, vecgate_binary
from .wire import Wire, get, until

OLD, NEW = "old--key-of-32-characters-000000", "new--key-of-32-characters-000000"


@pytest.fixture(scope="module")
def upstream() -> Iterator[RememberingUpstream]:
    with RememberingUpstream() as server:
        yield server


def keys(*given: str, access: str = "full") -> dict[str, Any]:
    return {"auth": {"keys": [{"name": "app", "key": key, "access": access} for key in given]}, "reload": {"watch": "0"}}


def reload(vecgate: Vecgate, settings: Any, outcome: str = "config_reloaded") -> None:
    before = len(vecgate.events(outcome))
    vecgate.write(settings)
    vecgate.process.send_signal(signal.SIGHUP)
    until(lambda: len(vecgate.events(outcome)) > before, outcome)


def status(vecgate: Vecgate, key: str) -> int:
    return get(vecgate.rest, "/collections", api_key=key).status


def test_keys_are_rotated_without_a_gap(upstream: RememberingUpstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, **keys(OLD)) as vecgate, Wire(vecgate.wait_ready().rest) as open_one:
        assert (status(vecgate, OLD), status(vecgate, NEW)) == (200, 401)
        reload(vecgate, keys(OLD, NEW))
        assert (status(vecgate, OLD), status(vecgate, NEW)) == (200, 200)
        reload(vecgate, keys(NEW))
        assert (status(vecgate, OLD), status(vecgate, NEW)) == (401, 200)
        # Connections that were open are no exception.
        assert open_one.ask("GET", "/collections", api_key=OLD).status == 401
        reload(vecgate, keys(NEW, access="read-only"))
        body = b'{"vectors":{"size":1,"distance":"Dot"}}'
        assert open_one.ask("PUT", "/collections/c", body, api_key=NEW).status == 403
        reload(vecgate, keys("short"), "config_reload_failed")
        assert (status(vecgate, OLD), status(vecgate, NEW)) == (401, 200)
        assert "short" not in vecgate.log.replace("shorter", "")


def test_a_key_file_is_noticed(upstream: RememberingUpstream, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(OLD)
    settings = keys(f"file:{file}") | {"reload": {"watch": "100ms"}}
    with Vecgate(tmp_path, upstream.port, **settings) as vecgate:
        vecgate.wait_ready()
        assert status(vecgate, OLD) == 200
        file.write_text(NEW)
        until(lambda: (status(vecgate, OLD), status(vecgate, NEW)) == (401, 200), "the new key is in force")


def test_the_upstreams_credential_changes(upstream: RememberingUpstream, tmp_path: Path) -> None:
    def settings(own: str) -> dict[str, Any]:
        return keys(NEW) | {"upstream": {"credentials": {"source": "key", "key": own}}}

    with Vecgate(tmp_path, upstream.port, **settings("one")) as vecgate:
        vecgate.wait_ready()
        for own in ("one", "two"):
            reload(vecgate, settings(own))
            upstream.seen.clear()
            assert status(vecgate, NEW) == 200
            assert upstream.credentials() == [{"authorization": f"Bearer {own}"}]


def openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, a server's certificate, and clients: batch by subject, app by a name, stranger by neither."""
    folder = tmp_path_factory.mktemp("pki")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=authority", "-keyout", folder / "ca.key", "-out", folder / "ca.pem")  # fmt: skip
    for name, subject, alternative in [
        ("server", "/CN=localhost", "DNS:localhost"),
        ("batch", "/O=Example/CN=batch", "DNS:batch.example.org"),
        ("app", "/CN=whatever", "URI:spiffe://example.org/app"),
        ("stranger", "/CN=stranger", "DNS:stranger"),
    ]:
        request, extension = folder / f"{name}.csr", folder / f"{name}.ext"
        extension.write_text(f"subjectAltName={alternative}\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
                "-keyout", folder / f"{name}.key", "-out", request)  # fmt: skip
        openssl("x509", "-req", "-in", request, "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-days", "2",
                "-extfile", extension, "-out", folder / f"{name}.pem")  # fmt: skip
    return folder


def test_certificates_name_their_callers(upstream: RememberingUpstream, pki: Path, tmp_path: Path) -> None:
    import json

    settings = {
        "listeners": [
            {
                "name": "tls",
                "address": "127.0.0.1:0",
                "tls": {
                    "certificates": [str(pki / "server.pem")],
                    "keys": [str(pki / "server.key")],
                    "client_certificates": "optional",
                    "client_ca": str(pki / "ca.pem"),
                },
            }
        ],
        "admin": "127.0.0.1:0",
        "upstream": {"address": f"127.0.0.1:{upstream.port}"},
        "auth": {
            "keys": [{"name": "key", "key": NEW, "access": "full"}],
            "certificates": [
                {"name": "batch", "subject": "CN=batch,O=Example", "access": "full"},
                {"name": "app", "alternative_name": "URI:spiffe://example.org/app", "access": "collections",
                 "collections": ["c:r"]},
            ],
        },
    }  # fmt: skip
    config, ports = tmp_path / "vecgate.yaml", tmp_path / "ports"
    config.write_text(json.dumps(settings))
    process = subprocess.Popen([str(vecgate_binary()), "--config", str(config), "--port-file", str(ports)])
    try:
        port = read_named_ports(ports, process)["tls"]

        def ask(client: str | None, method: str = "GET", target: str = "/collections", **headers: str) -> tuple[int, bytes]:
            context = ssl.create_default_context(cafile=str(pki / "ca.pem"))
            if client is not None:
                context.load_cert_chain(pki / f"{client}.pem", pki / f"{client}.key")
            with Wire(port) as wire:
                wire.socket = context.wrap_socket(wire.socket, server_hostname="localhost")
                body = b'{"vectors":{"size":1,"distance":"Dot"}}' if method == "PUT" else None
                reply = wire.ask(method, target, body, **headers)
                return reply.status, reply.body

        assert ask("batch", "PUT", "/collections/c")[0] == 200
        status, listed = ask("app")
        assert (status, [c["name"] for c in json.loads(listed)["result"]["collections"]]) == (200, ["c"])
        assert ask("app", "PUT", "/collections/c")[0] == 403
        assert ask("stranger")[0] == 401
        assert ask(None)[0] == 401
        assert ask("app", "PUT", "/collections/c", api_key=NEW)[0] == 200
        assert ask("batch", api_key="wrong-key-of-16-characters")[0] == 401
    finally:
        stop(process)
