"""Writes the seed inputs of tests/fuzz/corpus: from the recorded exchanges, and by hand where a target has none there.

    python tests/fuzz/make_seeds.py

Inputs that once broke something are kept beside them under other names and are left alone.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from qdrant_client import grpc as q

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
RECORDS = HERE.parent / "corpus" / "qdrant"
DOCUMENTS = HERE.parent / "corpus" / "weaviate"
RULES = HERE.parents[1] / "translators" / "rules" / "qdrant"
LARGEST = 600
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get"]


def place(name: str) -> bytes:
    """Where a name stands on a target's ring, as support/ring.h has it."""
    value = 2166136261
    for byte in name.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return ((value >> 16 ^ value) & 0xFFFF).to_bytes(2, "big")


def records() -> Iterator[dict]:
    for file in sorted(RECORDS.glob("*.jsonl")):
        for line in file.open(encoding="utf-8"):
            yield json.loads(line)


def routes() -> list[tuple[str, str]]:
    """Methods and templates of the rules; those with more literal segments first."""
    found = []
    for file in sorted(RULES.glob("*.textproto")):
        found += re.findall(r'method: "([A-Z]+)"\s+path: "([^"]+)"', file.read_text())
    return sorted(found, key=lambda route: route[1].count("{"))


def variables(template: str, path: str) -> list[str] | None:
    """Nothing when the path is none of the template's."""
    wanted, given = ([part for part in text.split("/") if part] for text in (template, path))
    if len(wanted) != len(given):
        return None
    taken = []
    for part, text in zip(wanted, given, strict=True):
        if part.startswith("{"):
            taken.append(text)
        elif part != unquote(text):
            return None
    return taken


def route_of(table: list[tuple[str, str]], request: dict) -> tuple[str, list[str]] | None:
    for method, template in table:
        if method == request["method"] and (taken := variables(template, request["path"])) is not None:
            return f"{method} {template}", taken
    return None


def response_names() -> dict[str, str]:
    """The message that a gRPC method replies with, by the method's path."""
    files = [q.points_service_pb2, q.collections_service_pb2, q.snapshots_service_pb2, q.qdrant_pb2]
    return {
        f"/{service.full_name}/{method.name}": method.output_type.name
        for file in files
        for service in file.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }


def from_records() -> dict[str, dict[str, bytes]]:
    table, responses = routes(), response_names()
    seeds: dict[str, dict[str, bytes]] = defaultdict(dict)
    taken: dict[tuple, int] = defaultdict(int)

    def add(target: str, kind: tuple, data: bytes, most: int = 1) -> None:
        if len(data) > LARGEST or taken[target, kind] >= most:
            return
        taken[target, kind] += 1
        seeds[target][f"seed-{len(seeds[target]):03}"] = data

    for record in records():
        request = record["rest"]
        found = route_of(table, request)
        add("router", (found[0] if found else request["path"],), bytes([METHODS.index(request["method"])])
            + request["path"].encode()) if request["method"] in METHODS else None
        if found:
            name, texts = found
            body = request.get("body_text")
            if body is None and request.get("body") is not None:
                body = json.dumps(request["body"], ensure_ascii=False, separators=(",", ":"))
            if body is not None:
                add("body", (name, record["rest_reply"]["status"]), place(name) + body.encode(), most=2)
            query = request.get("query") or ""
            text = texts[-1] if texts else ""
            if query or not body:
                add("query", (name, query), place(name) + text.encode() + b"\0" + query.encode())
        for call in record["grpc"] or []:
            if "reply_b64" in call and (message := responses.get(call["method"])):
                add("message", (message,), place(message) + base64.b64decode(call["reply_b64"]), most=3)
            if error := call.get("error"):
                code = q_code(error)
                text = str(error.get("message") or error.get("details") or "")
                add("status", (code, text[:12]), bytes([code - 1, 0, 0]) + b"\0" + text.encode())
    return seeds


def q_code(error: dict) -> int:
    import grpc

    name = error.get("code")
    if isinstance(name, int):
        return name
    return grpc.StatusCode[name].value[0]


def by_hand() -> dict[str, dict[str, bytes]]:
    datetimes = [
        "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.123456789+01:30", "2024-01-02 03:04", "2024-01-02", "0001-01-01",
        "2024-1-2 3:4:5 +0100", "2024-02-30T00:00:00Z", "9999-12-31T23:59:60Z", "-0044-03-15T12:00:00Z", "2024-01-02T24:00:00Z",
        "1969-12-31T23:59:59.5 UTC", "+012345-01-01T00:00:00-23:59",
    ]  # fmt: skip
    paths = ["a", "a.b[].c[3]", '"a.b"[0]', "größe.名", "a..b", "a[", '""', "a-b_c.0", "a[18446744073709551615]", 'a."b c"']
    heads = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /collections/c/points?wait=true HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
        "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET http://h/p?q HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
        "GET /%2F HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nX-A:\t b \r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    ]
    chunks = ["5\r\nhello\r\n0\r\n\r\n", "a;x=\"y\"\r\n0123456789\r\n0\r\nT: v\r\n\r\n", "0\r\n\r\nGET /", "ffffffffffffffff\r\n",
              "3\r\nabcd\r\n", "1\r\na\r\n1\r\nb\r\n00\r\n\r\n", "-1\r\n", "5\nhello\n0\n\n"]  # fmt: skip
    plain = b'{"points":[' + b'{"id":1},' * 20 + b"{}]}"
    raw = zlib.compressobj(wbits=-15)
    brotli = bytes.fromhex("0b028068656c6c6f03")
    zstd = bytes.fromhex("28b52ffd0405290000") + b"hello" + bytes.fromhex("00000000")
    coded = [
        (0, gzip.compress(plain, mtime=0)), (0, gzip.compress(b"", mtime=0)), (0, gzip.compress(plain, mtime=0)[:-3]),
        (1, zlib.compress(plain)), (1, raw.compress(plain) + raw.flush()), (2, brotli), (2, b"\x06"), (3, zstd),
        (0, gzip.compress(bytes(100000), mtime=0)), (3, b"\x28\xb5\x2f\xfd"),
    ]  # fmt: skip
    given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    traces = [
        f"traceparent:{given}\ntracestate:a=1,b@c=2\nx-request-id:r", f"Traceparent: {given} ", f"traceparent:{given}-more",
        f"traceparent:cc{given[2:]}-more", f"traceparent:{given}\ntraceparent:{given}", f"traceparent:ff{given[2:]}",
        f"traceparent:{given[:-2]}00\ntracestate: \ntracestate:,,a=,=b", "x-tracing-id:t\nx-request-id:a b", "traceparent:",
    ]  # fmt: skip
    shapes = [
        '{"query":[0.1,2],"limit":10,"filter":{"must":[{"key":"k","match":{"value":"v"}}]}}', "[[[[[[[[[[1]]]]]]]]]]",
        '{"points":[{"id":1,"vector":{"a":[1,2]},"payload":{"x":null,"y":true}},{}]}', '{"a":1,', "[1,2,", '"x"', "17", "",
    ]  # fmt: skip
    named = lambda inputs: {f"seed-{i:03}": data for i, data in enumerate(inputs)}  # noqa: E731
    return {
        "datetime": named(text.encode() for text in datetimes),
        "json_path": named(text.encode() for text in paths),
        "head": named(bytes([6]) + text.encode() for text in heads),
        "chunks": named(bytes([2, 200]) + text.encode() for text in chunks),
        "shape": named(text.encode() for text in shapes),
        "trace": named(text.encode() for text in traces),
        "decoder": named(bytes([coding, 255]) + data for coding, data in coded),
    }


def documents() -> dict[str, bytes]:
    """GraphQL: those that were recorded, and by hand what nobody sent."""
    found = {}
    for file in ("graphql_get", "graphql_errors", "aggregate"):
        for line in (DOCUMENTS / f"{file}.jsonl").open(encoding="utf-8"):
            body = json.loads(line)["rest"].get("body")
            if isinstance(body, dict) and isinstance(body.get("query"), str):
                found[body["query"]] = None
    by_hand = [
        'query A($n: [Int!]! $s: Boolean = true) @skip(if: false) { a(n: $n) @include(if: $s) { ...F ... @skip(if: $s) { b } } }'
        " fragment F on T { c ... on U { d: e } }",
        'query($n: Own, $t: Boolean!) { a(v: [$n {k: $n, e: RED}]) @include(if: $t) { b } a(v: [$n {k: $n, e: RED}]) { c } }',
        '{ a(s: "\\u00e6\\ud83d\\ude00\\n\\"", b: """\n  one\n    two \\""" x\n  """, f: -0.5E+3, z: null) }',
        "{ ...A } fragment A on T { ...B } fragment B on T { x { ...A } }", "\ufeff{ a ... { a } ... on T { a: b } }", "{ a: b a: c }",
        "query A { a } query A { b } { c }", '"text" type T { a: Int }', "{" * 60, "{ a(b: " + "[" * 60,
    ]  # fmt: skip
    return {f"seed-{i:03}": text.encode() for i, text in enumerate([*found, *by_hand])}


def queries() -> dict[str, bytes]:
    """GraphQL documents with what gRPC answered."""
    found = []
    for file in ("graphql_get", "graphql_search", "aggregate"):
        for line in (DOCUMENTS / f"{file}.jsonl").open(encoding="utf-8"):
            record = json.loads(line)
            for call in record["grpc"] or []:
                data = record["rest"]["body"]["query"].encode() + b"\0" + base64.b64decode(call.get("reply_b64") or "")
                if len(data) <= LARGEST:
                    found.append(data)
    return {f"seed-{i:03}": data for i, data in enumerate(found)}


def main() -> None:
    for target, seeds in {**from_records(), **by_hand(), "graphql": documents(), "graphql_query": queries()}.items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("seed-*"):
            old.unlink()
        for name, data in seeds.items():
            (folder / name).write_bytes(data)
        print(f"{target}: {len(seeds)} seeds, {sum(map(len, seeds.values()))} bytes")


if __name__ == "__main__":
    main()
