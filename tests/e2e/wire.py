"""HTTP/1.1 by hand: what goes over the connection is exactly what a test writes."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

PATIENCE = 10.0


class Closed(Exception):
    """The other side ended the connection before a whole reply."""


class Reply(NamedTuple):
    status: int
    headers: list[tuple[str, str]]  # names in lower case
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    @property
    def closes(self) -> bool:
        return (self.header("connection") or "").lower() == "close"

    @property
    def json(self) -> Any:
        assert self.header("content-type") == "application/json", self
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The text of the API's error envelope."""
        told = self.json
        assert set(told) == {"status", "time"}, told
        assert set(told["status"]) == {"error"}, told
        return told["status"]["error"]


class Wire:
    """One connection. Bytes behind a reply are kept for the next one."""

    def __init__(
        self, port: int | Path, patience: float = PATIENCE, tls: ssl.SSLContext | None = None, name: str = "localhost"
    ) -> None:
        """`port`: of this machine, or the path of a unix-domain socket."""
        if isinstance(port, Path):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(patience)
            self.socket.connect(str(port))
        else:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname=name)
        self.patience = patience
        self.input = b""

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def _more(self) -> bool:
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionError:
            return False
        self.input += data
        return bool(data)

    def readable(self, within: float) -> bool:
        """True when there is something to read, or the end. TLS has bytes of its own, so it reads to know."""
        self.socket.settimeout(within)
        try:
            self._more()
        except TimeoutError:
            return bool(self.input)
        finally:
            self.socket.settimeout(self.patience)
        return True

    def reply(self, *, bodiless: bool = False) -> Reply:
        """The next reply, interim ones included."""
        while b"\r\n\r\n" not in self.input:
            if not self._more():
                raise Closed(self.input)
        head, self.input = self.input.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1", first
        headers = [(name.lower(), value.strip()) for name, value in (line.split(":", 1) for line in lines)]
        length = 0 if bodiless or status.startswith("1") else int(dict(headers)["content-length"])
        body = bytearray(self.input[:length])
        self.input = self.input[length:]
        while len(body) < length:
            try:
                data = self.socket.recv(min(1 << 20, length - len(body)))
            except ConnectionError as error:
                raise Closed(bytes(body)) from error
            if not data:
                raise Closed(bytes(body))
            body += data
        return Reply(int(status), headers, bytes(body))

    def ends(self, within: float | None = None) -> bool:
        """True when the other side ends the connection and sends nothing before."""
        if self.input:
            return False
        self.socket.settimeout(self.patience if within is None else within)
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(self.patience)

    def ask(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Reply:
        self.send(request(method, target, body, **headers))
        return self.reply(bodiless=method == "HEAD")


def request(method: str, target: str, body: bytes | None = None, **headers: str) -> bytes:
    """Header names are written with underscores for hyphens."""
    fields = {"host": "test"} | {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        fields |= {"content-type": "application/json", "content-length": str(len(body))}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def get(port: int, target: str, **headers: str) -> Reply:
    with Wire(port) as wire:
        return wire.ask("GET", target, **headers)


def post(port: int, target: str, body: bytes = b"{}", **headers: str) -> Reply:
    with Wire(port) as wire:
        return wire.ask("POST", target, body, **headers)


def until(true: Callable[[], Any], what: str, within: float = PATIENCE) -> None:
    """Asks again and again until the answer is yes."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.01)
