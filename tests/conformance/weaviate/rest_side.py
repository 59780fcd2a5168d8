"""A small REST port of the database: what stands behind `upstream.rest`.

Answers what was recorded: the record it is told to expect, else the first with the same method, target and body. The
list of all collections is put together from those that the seed creates.

    python -m conformance.weaviate.rest_side [--port 0]
"""

import argparse
import http.server
import json
import threading

from . import corpus


class RestSide:
    """Runs on a thread of its own from construction until close."""

    def __init__(self, records=None, port=0):
        records = corpus.load_all() if records is None else records
        self.expected = None  # the record whose reply is given whatever is asked
        self.asked = []  # "METHOD target", since the list was last emptied
        self._recorded = {}
        classes = []
        for record in records:
            if record.group == corpus.SEED and record.request.target == "/v1/schema" and record.status == 200:
                classes.append(json.loads(record.native_bytes))
            if not record.has_twin and record.group != "auth":
                self._recorded.setdefault(_key(record.request.method, record.request.target, record.request.body), record)
        self._schema = {"classes": classes}
        side = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("content-length") or 0)
                side.answer(self, self.rfile.read(length) if length else None)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, handler, body):
        self.asked.append(f"{handler.command} {handler.path}")
        record = self.expected or self._recorded.get(_key(handler.command, handler.path, body))
        if record is not None:
            return _send(handler, record.status, record.content_type, record.native_bytes, record.location)
        path = handler.path.split("?")[0].rstrip("/")
        if handler.command == "GET" and path == "/v1/schema":
            return _send(handler, 200, "application/json", json.dumps(self._schema).encode())
        if handler.command == "GET" and path.startswith("/v1/schema/"):
            for one in self._schema["classes"]:
                if one["class"] == path.removeprefix("/v1/schema/"):
                    return _send(handler, 200, "application/json", json.dumps(one).encode())
        if handler.command == "GET" and path == "/v1/nodes":
            node = {"name": "node1", "status": "HEALTHY", "version": "1.40.0-dev", "gitHash": "", "shards": None}
            return _send(handler, 200, "application/json", json.dumps({"nodes": [node]}).encode())
        return _send(handler, 404, None, b"")


def _key(method, target, body):
    try:
        body = json.dumps(json.loads(body), sort_keys=True) if body else ""
    except ValueError:
        body = repr(body)
    return method, target, body


def _send(handler, status, content_type, body, location=None):
    handler.send_response(status)
    if content_type:
        handler.send_header("content-type", content_type)
    if location:
        handler.send_header("location", location)
    if status != 204:
        handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD" and status != 204:
        handler.wfile.write(body)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    side = RestSide(port=parser.parse_args().port)
    print(f"rest side listening on {side.address}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
