"""A collector of traces: takes OTLP over HTTP as JSON and keeps what it is told."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Collector:
    """`statuses` are answered first, one by one; then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers["content-encoding"] == "gzip":
                    body = gzip.decompress(body)
                headers = {name.lower(): value for name, value in self.headers.items()} | {":path": self.path}
                collector.requests.append((headers, json.loads(body)))
                self.send_response(collector.statuses.pop(0) if collector.statuses else 200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def __enter__(self) -> Collector:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1/traces"

    @property
    def spans(self) -> list[dict[str, Any]]:
        """All spans so far, their attributes as a plain dictionary."""
        found = []
        for _, told in list(self.requests):
            for resource in told["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    found += [span | {"attributes": plain(span["attributes"])} for span in scope["spans"]]
        return found

    def resource(self) -> dict[str, Any]:
        return plain(self.requests[0][1]["resourceSpans"][0]["resource"]["attributes"])


def plain(attributes: list[dict[str, Any]]) -> dict[str, Any]:
    def value(of: dict[str, Any]) -> Any:
        ((kind, content),) = of.items()
        return int(content) if kind == "intValue" else content

    return {one["key"]: value(one["value"]) for one in attributes}
