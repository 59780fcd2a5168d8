"""The live mode, against two small servers that say what they are told."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .corpus import Record
from .live import Live, connect
from .replay import StandIn, Verdict


@contextmanager
def serving(answer):
    """A server that gives what `answer(method, target, body)` says; yields its URL and what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body go out together

        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked.append((self.command, self.path, body))
            status, headers, text = answer(*asked[-1])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def says(body, status=200, **headers):
    return lambda *_: (status, {"content-type": "application/json", **headers}, body.encode())


def record(path="/collections/c", method="GET", result=True, compare=None):
    reply = {"status": 200, "content_type": "application/json", "body": {"result": result, "status": "ok", "time": 0.1}}
    rest = {"method": method, "path": path, "query": "", "body": None}
    line = {"name": "g/n", "seq": 1, "server": "main", "kind": "raw", "derived": "none", "grpc": None}
    return Record(json.dumps({**line, "rest": rest, "rest_reply": reply, "compare": compare or {}}))


def run(native, gateway, *records, stand_ins=()):
    with serving(native) as (native_url, native_asked), serving(gateway) as (gateway_url, gateway_asked):
        live = Live(native_url, gateway_url, list(stand_ins), entries={})
        try:
            return [live.run(each) for each in records], native_asked, gateway_asked
        finally:
            live.close()


def test_equal_servers_agree():
    body = '{"result":{"score":0.1,"operation_id":%d},"status":"ok","time":%f}'
    (outcome,), native, gateway = run(says(body % (1, 0.1)), says(body % (2, 0.2)), record())
    assert outcome.verdict is Verdict.EQUAL
    assert native == gateway == [("GET", "/collections/c", b"")]


@pytest.mark.parametrize(
    "gateway, where",
    [
        (says('{"result":1.0}'), ["body.result"]),
        (says('{"result":1}', status=202), ["status"]),
        (says('{"result":1}', **{"retry-after": "3"}), ["header retry-after"]),
        (says('{"result":1'), ["body"]),
    ],
)
def test_a_difference_is_named(gateway, where):
    (outcome,), _, _ = run(says('{"result":1}'), gateway, record())
    assert outcome.verdict is Verdict.UNEXPECTED
    assert [d.where for d in outcome.differences] == where


def test_a_record_says_what_is_unordered():
    both = says('{"result":[1,2]}'), says('{"result":[2,1]}')
    assert run(*both, record())[0][0].verdict is Verdict.UNEXPECTED
    assert run(*both, record(compare={"unordered": ["result"]}))[0][0].verdict is Verdict.EQUAL


def test_a_route_without_grpc_may_be_refused():
    stand_in = StandIn("g/*", 501, "no gRPC method")
    (outcome,), _, _ = run(says("{}"), says("{}", status=501), record(), stand_ins=[stand_in])
    assert outcome.verdict is Verdict.NOT_REPLAYABLE


def test_snapshots_go_by_the_name_each_server_gave():
    def server(own):
        return says(json.dumps({"result": {"name": own, "size": len(own)}, "status": "ok"}))

    create = record("/collections/c/snapshots", "POST", {"name": "recorded.snapshot"})
    delete = record("/collections/c/snapshots/recorded.snapshot", "DELETE")
    outcomes, native, gateway = run(server("one.snapshot"), server("other.snapshot"), create, delete)
    assert outcomes[0].verdict is Verdict.EQUAL
    assert native[1][1] == "/collections/c/snapshots/one.snapshot"
    assert gateway[1][1] == "/collections/c/snapshots/other.snapshot"


def test_a_closed_idle_connection_is_opened_again():
    with serving(says("{}", connection="close")) as (url, asked):
        connection = connect(url)
        for _ in range(2):
            connection.send(record().request)
        connection.close()
    assert len(asked) == 2


def test_only_plain_http_is_spoken():
    with pytest.raises(ValueError):
        connect("https://127.0.0.1:1")
