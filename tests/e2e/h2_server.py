"""An HTTP/2 server by hand: what it does to a gRPC call is exactly what a test says."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable

import hpack
from qdrant_client import grpc as q

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, ACK, END_HEADERS = 1, 1, 4
HEALTH = "/qdrant.Qdrant/HealthCheck"
HEALTHY = q.HealthCheckReply(title="test", version="1.19.0").SerializeToString()


def field(name: str, value: str) -> bytes:
    """A header field, neither indexed nor coded."""
    coded = [bytes([len(text)]) + text for text in (name.encode(), value.encode())]
    assert len(name) < 127
    assert len(value) < 127
    return b"\0" + b"".join(coded)


class Call:
    """One call whose request has arrived."""

    def __init__(self, connection: Connection, stream: int, path: str) -> None:
        self.connection = connection
        self.stream = stream
        self.path = path
        self.body = b""

    def head(self, status: str = "200", content_type: str = "application/grpc") -> None:
        block = field(":status", status) + field("content-type", content_type)
        self.connection.frame(HEADERS, END_HEADERS, self.stream, block)

    def message(self, message: bytes, announced: int | None = None) -> None:
        size = len(message) if announced is None else announced
        self.connection.frame(DATA, 0, self.stream, b"\0" + struct.pack(">I", size) + message)

    def trailers(self, *fields: tuple[str, str]) -> None:
        self.connection.frame(
            HEADERS, END_HEADERS | END_STREAM, self.stream, b"".join(field(name, value) for name, value in fields)
        )

    def answer(self, message: bytes) -> None:
        self.head()
        self.message(message)
        self.trailers(("grpc-status", "0"))

    def reset(self, code: int) -> None:
        self.connection.frame(RST_STREAM, 0, self.stream, struct.pack(">I", code))

    def go_away(self, last_stream: int) -> None:
        self.connection.frame(GOAWAY, 0, 0, struct.pack(">II", last_stream, 0))

    def cut(self) -> None:
        """Ends the connection with a TCP reset."""
        self.connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class Connection:
    def __init__(self, server: H2Server, accepted: socket.socket) -> None:
        self.server = server
        self.socket = accepted
        self.lock = threading.Lock()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.close()

    def frame(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        head = struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream)
        with self.lock:
            self.socket.sendall(head + payload)

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data

    def serve(self) -> None:
        with contextlib.suppress(OSError, ConnectionError, ssl.SSLError):
            if self.server.half_open:
                while self.socket.recv(1 << 16):
                    pass
                return
            if self.server.greeting is not None:
                self.socket.sendall(self.server.greeting)
                return
            assert self.read(len(PREFACE)) == PREFACE
            self.frame(SETTINGS, 0, 0, b"")
            self.calls()
        self.close()

    def calls(self) -> None:
        decoder, open_calls = hpack.Decoder(), {}
        while True:
            head = self.read(9)
            size, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
            stream = struct.unpack(">I", head[5:])[0] & 0x7FFFFFFF
            payload = self.read(size)
            if kind == SETTINGS and not flags & ACK:
                self.frame(SETTINGS, ACK, 0, b"")
            elif kind == PING and not flags & ACK:
                self.frame(PING, ACK, 0, payload)
            elif kind == HEADERS:
                fields = dict(decoder.decode(payload))
                open_calls[stream] = Call(self, stream, fields[":path"])
            elif kind == DATA:
                if payload:
                    self.frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", size))
                open_calls[stream].body += payload
            if kind in (HEADERS, DATA) and flags & END_STREAM:
                self.server.handle(open_calls.pop(stream))


class H2Server:
    """Answers health checks; what becomes of any other call says `behave`. `healthy = False` leaves checks unanswered."""

    def __init__(self, behave: Callable[[Call], None], port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.behave = behave
        self.tls = tls
        self.healthy = True
        self.half_open = False
        self.greeting: bytes | None = None
        self.seen: Counter[str] = Counter()
        self.connections: list[Connection] = []
        self.listening = socket.create_server(("127.0.0.1", port))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self) -> H2Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
            connection.close()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                accepted, _ = self.listening.accept()
                threading.Thread(target=self.begin, args=(accepted,), daemon=True).start()

    def begin(self, accepted: socket.socket) -> None:
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls is not None:
            try:
                accepted = self.tls.wrap_socket(accepted, server_side=True)
            except OSError:
                accepted.close()
                return
        connection = Connection(self, accepted)
        self.connections.append(connection)
        connection.serve()

    def handle(self, call: Call) -> None:
        self.seen[call.path] += 1
        if call.path != HEALTH:
            self.behave(call)
        elif self.healthy:
            call.answer(HEALTHY)
