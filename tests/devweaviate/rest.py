"""The REST side: what gRPC has nothing for. Schema, tenants, nodes, merging, validation, replacing of references."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from .definitions import CLASS_NAME, capital
from .faults import Fault, Invalid
from .store import Collection, Object, Reference, Store
from .writes import kept_value, put

VERSION = "1.40.0"
MAXIMUM = 104_858_000
NO_KEY = (
    '{"code":401,"message": "anonymous access not enabled. Please authenticate through one of the available methods: '
    '[API-keys]" }'
)


class Answer(NamedTuple):
    status: int
    body: Any = None


class Asked(NamedTuple):
    store: Store
    path: list[str]  # the variables in it
    query: dict[str, str]
    body: Any

    @property
    def collection(self) -> Collection:
        found = self.store.find(self.path[0])
        if found is None:
            raise Refused(Answer(404))
        return found

    @property
    def object(self) -> Object:
        found = self.collection.shard(self.query.get("tenant", "")).objects.get(self.path[1])
        if found is None:
            raise Refused(Answer(404))
        return found


class Refused(Exception):
    """Carries the answer."""

    @property
    def answer(self) -> Answer:
        return self.args[0]


def failure(status: int, text: str) -> Answer:
    return Answer(status, {"error": [{"message": text}]})


def meta(_: Asked) -> Answer:
    return Answer(200, {"grpcMaxMessageSize": MAXIMUM, "hostname": "http://[::]:8080", "modules": {}, "version": VERSION})


def nodes(asked: Asked) -> Answer:
    count = sum(len(shard.objects) for one in asked.store.collections.values() for shard in one.shards.values())
    stats = {"objectCount": count, "shardCount": len(asked.store.collections)}
    node = {"name": "node1", "status": "HEALTHY", "version": VERSION, "gitHash": "", "shards": None, "stats": stats}
    return Answer(200, {"nodes": [node | {"batchStats": {"queueLength": 0, "ratePerSecond": 0}}]})


def list_schema(asked: Asked) -> Answer:
    return Answer(200, {"classes": [one.definition for one in asked.store.collections.values()]})


def create_class(asked: Asked) -> Answer:
    name = capital(asked.body.get("class") or "")
    if not CLASS_NAME.fullmatch(name):
        return failure(422, f"'{name}' is not a valid class name")
    if asked.store.find(name):
        return Answer(422, {"allowed": None, "error": [{"message": f"class name {name} already exists"}]})
    return Answer(200, asked.store.add(asked.body).definition)


def get_class(asked: Asked) -> Answer:
    return Answer(200, asked.collection.definition)


def update_class(asked: Asked) -> Answer:
    asked.collection.definition.update({key: asked.body[key] for key in ("description",) if key in asked.body})
    return Answer(200, asked.collection.definition)


def delete_class(asked: Asked) -> Answer:
    asked.store.collections.pop(capital(asked.path[0]), None)
    return Answer(200)


def add_property(asked: Asked) -> Answer:
    asked.collection.add_property(asked.body)
    return Answer(200, asked.body)


def shards(asked: Asked) -> Answer:
    found = asked.collection.shards.items()
    return Answer(200, [{"name": key or one.name, "status": "READY", "vectorQueueSize": 0} for key, one in found])


def write_tenants(asked: Asked) -> Answer:
    for one in asked.body:
        asked.collection.set_tenant(one["name"], one.get("activityStatus", "HOT"))
    return Answer(200, asked.body)


def delete_tenants(asked: Asked) -> Answer:
    for name in asked.body:
        asked.collection.drop_tenant(name)
    return Answer(200)


def validate(asked: Asked) -> Answer:
    scratch = Store()
    scratch.collections = asked.store.collections
    collection = scratch.find(asked.body["class"])
    if collection is None:
        return failure(422, f"invalid object: class '{asked.body['class']}' not present in schema")
    for name, value in (asked.body.get("properties") or {}).items():
        if name not in collection.properties:
            return failure(422, f"invalid object: no such prop with name '{name}' found in class '{collection.name}'")
        kept_value(scratch, collection, collection.properties[name], value, "")
    return Answer(200)


def merge(asked: Asked) -> Answer:
    one, collection, body = asked.object, asked.collection, asked.body
    given = {name: as_given(value) for name, value in one.properties.items()} | (body.get("properties") or {})
    vectors = dict(one.vectors)
    if body.get("vector"):
        vectors[""] = body["vector"]
    vectors |= body.get("vectors") or {}
    merged = put(asked.store, collection.name, one.id, given, vectors, asked.query.get("tenant", ""))
    merged.created = one.created
    return Answer(204)


def as_given(value: Any) -> Any:
    """A kept value in the form in which it is written."""
    if isinstance(value, list) and value and isinstance(value[0], Reference):
        return [{"beacon": f"weaviate://localhost/{ref.collection}/{ref.id}"} for ref in value]
    if isinstance(value, dict) and "default_country" in value:
        return {"input": value["input"], "defaultCountry": value["default_country"]}
    return value


def replace_references(asked: Asked) -> Answer:
    prop = asked.collection.properties[asked.path[2]]
    asked.object.properties[prop.name] = kept_value(asked.store, asked.collection, prop, asked.body, "")
    return Answer(200)


def delete_reference(asked: Asked) -> Answer:
    prop = asked.collection.properties[asked.path[2]]
    gone = kept_value(asked.store, asked.collection, prop, [asked.body], "")
    kept = [ref for ref in asked.object.properties.get(prop.name) or [] if ref not in gone]
    asked.object.properties[prop.name] = kept
    return Answer(204)


CLASS, OBJECT = r"/v1/schema/([^/]+)", r"/v1/objects/([^/]+)/([^/]+)"
ROUTES: list[tuple[str, str, Callable[[Asked], Answer]]] = [
    ("GET", "/v1/meta", meta),
    ("GET", "/v1/nodes", nodes),
    ("GET", "/v1/schema", list_schema),
    ("POST", "/v1/schema", create_class),
    ("GET", CLASS, get_class),
    ("PUT", CLASS, update_class),
    ("DELETE", CLASS, delete_class),
    ("POST", CLASS + "/properties", add_property),
    ("GET", CLASS + "/shards", shards),
    ("POST", CLASS + "/tenants", write_tenants),
    ("PUT", CLASS + "/tenants", write_tenants),
    ("DELETE", CLASS + "/tenants", delete_tenants),
    ("POST", "/v1/objects/validate", validate),
    ("PATCH", OBJECT, merge),
    ("PUT", OBJECT + "/references/([^/]+)", replace_references),
    ("DELETE", OBJECT + "/references/([^/]+)", delete_reference),
]


def answer(store: Store, method: str, target: str, body: Any) -> Answer:
    parts = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    for wanted, pattern, handler in ROUTES:
        found = re.fullmatch(pattern, parts.path.rstrip("/"))
        if wanted == method and found:
            try:
                with store.lock:
                    return handler(Asked(store, list(found.groups()), query, body))
            except Refused as refused:
                return refused.answer
            except (Fault, Invalid) as reason:
                return failure(422, f"invalid object: {reason}")
    return Answer(404)


class RestSide:
    """Listens from construction until close, on a thread of its own. `asked` notes every request as METHOD TARGET."""

    def __init__(self, store: Store, host: str = "127.0.0.1", port: int = 0, api_key: str | None = None) -> None:
        self.asked: list[str] = []
        side = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                side.asked.append(f"{self.command} {self.path}")
                is_open = self.path == "/v1/.well-known/openid-configuration"
                if api_key and not is_open and self.headers.get("authorization") != f"Bearer {api_key}":
                    return self.reply(401, NO_KEY.encode(), "text/plain; charset=utf-8")
                status, told = answer(store, self.command, self.path, body)
                self.reply(status, b"" if told is None else json.dumps(told).encode() + b"\n", "application/json")

            def reply(self, status: int, body: bytes, content_type: str) -> None:
                self.send_response(status)
                if body:
                    self.send_header("content-type", content_type)
                if status != 204:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
