"""The development upstream of Weaviate answers as the recorded server did.

It is given what was written into that server, in the same order, and asked what that was asked, both by the corpus.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from devweaviate.faults import Fault
from devweaviate.messages import message, methods
from devweaviate.service import Service
from devweaviate.store import Store
from devweaviate.vectors import pack
from google.protobuf import json_format

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "weaviate"
READS = ("graphql_get", "graphql_search", "graphql_where", "graphql_errors", "aggregate", "rest_search", "tenants")
# In the order in which they were recorded. Writes build on one another, and some are not in the corpus, so of those that tell
# what was there before only refusals are compared.
WRITES = ("objects", "http_errors", "batch_objects", "batch_references", "batch_delete")
TELLING = ("Search", "BatchDelete")
# Their sources were written by what is not in the corpus.
WITHOUT_SOURCE = ("objects/reference-unknown", "objects/reference-plain-property")
TIMES = {"creationTimeUnix", "lastUpdateTimeUnix"}
# In no order that means anything.
UNORDERED = {"tenants", "vectors", "aggregations", "errors", "groups"}
# What it has not got: vectors that a module makes, answers, other orders by a module.
MODULES = ('"Bigram"', '"generative"', '"rerank"')


def records(*groups: str) -> Iterator[dict[str, Any]]:
    for group in groups:
        with (CORPUS / f"{group}.jsonl").open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def calls(*groups: str, names: str = ".*") -> Iterator[Any]:
    for record in records(*groups):
        if not re.fullmatch(names, record["name"]):
            continue
        for number, call in enumerate(record["grpc"] or []):
            if not any(module in json.dumps(call["request"]) for module in MODULES):
                yield pytest.param(call, id=f"{record['name']}-{number}")


def seeded() -> Service:
    service = Service(Store())
    for record in records("seed"):
        path, body = record["rest"]["path"], record["rest"]["body"]
        if path == "/v1/schema":
            service.store.add(body)
        elif path.endswith("/tenants"):
            for tenant in body:
                service.store.get(path.split("/")[3]).set_tenant(tenant["name"], tenant.get("activityStatus", "HOT"))
        elif body.get("class") != "Bigram":
            write(service, body["objects"] if path == "/v1/batch/objects" else [body])
    return service


def write(service: Service, objects: list[dict[str, Any]]) -> None:
    request = message("BatchObjectsRequest")()
    for one in objects:
        out = request.objects.add(collection=one["class"], uuid=one["id"], tenant=one.get("tenant", ""))
        out.properties.non_ref_properties.update(one.get("properties", {}))
        if "vector" in one:
            out.vector_bytes, _ = pack(one["vector"])
        for name, vector in one.get("vectors", {}).items():
            packed, kind = pack(vector)
            out.vectors.add(name=name, vector_bytes=packed, type=kind)
    reply = service.answer("BatchObjects", request)
    assert not reply.errors, reply.errors


@pytest.fixture(scope="module")
def service() -> Service:
    return seeded()


def ask(service: Service, call: dict[str, Any]) -> dict[str, Any]:
    name = call["method"].rsplit("/", 1)[1]
    request = methods()[name].FromString(base64.b64decode(call["request_b64"]))
    try:
        return json_format.MessageToDict(service.answer(name, request))
    except Fault as fault:
        return {"code": fault.code.name, "message": fault.text}


def recorded(call: dict[str, Any]) -> dict[str, Any]:
    if "error" in call:
        return call["error"]
    reply = message(call["method"].rsplit("/", 1)[1] + "Reply").FromString(base64.b64decode(call["reply_b64"]))
    return json_format.MessageToDict(reply)


def normal(value: Any, key: str = "") -> Any:
    """Without what is made up anew every time."""
    if isinstance(value, dict):
        kept = {name: normal(item, name) for name, item in value.items() if name not in ("took", "explainScore")}
        return {name: "TIME" if name in TIMES else item for name, item in kept.items()}
    if isinstance(value, list):
        items = [normal(item, key) for item in value]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if key in UNORDERED else items
    if isinstance(value, str) and key in ("message", "error"):
        value = re.sub(r"\b(shard |[a-z]\w*_)[A-Za-z0-9]{12}\b", r"\1SHARD", value)
        return re.sub(r"named vectors \[[^\]]*\]", "named vectors [LIST]", value)
    return value


def assert_alike(mine: Any, theirs: Any, where: str = "") -> None:
    """Numbers may differ as 32-bit sums in another order do."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        assert mine.keys() == theirs.keys(), where
        for key in mine:
            assert_alike(mine[key], theirs[key], f"{where}.{key}")
    elif isinstance(mine, list) and isinstance(theirs, list):
        assert len(mine) == len(theirs), where
        for index, (left, right) in enumerate(zip(mine, theirs, strict=True)):
            assert_alike(left, right, f"{where}[{index}]")
    elif isinstance(mine, float) and isinstance(theirs, float):
        assert math.isclose(mine, theirs, rel_tol=2e-5, abs_tol=2e-6), f"{where}: {mine} {theirs}"
    else:
        assert mine == theirs, where


@pytest.mark.parametrize("call", [*calls(*READS), *calls("objects", names="objects/(get|head|list)-.*")])
def test_reads(service: Service, call: dict[str, Any]) -> None:
    assert_alike(normal(ask(service, call)), normal(recorded(call)))


def compared(name: str, call: dict[str, Any]) -> bool:
    reads_what_was_written = name.startswith("objects/post-")
    return reads_what_was_written or "error" in call or call["method"].rsplit("/", 1)[1] not in TELLING


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    """What a service of its own answers to all that was written, by the call's name."""
    service = seeded()
    return {one.id: ask(service, one.values[0]) for one in calls(*WRITES)}


@pytest.mark.parametrize(
    "call, name",
    [
        pytest.param(one.values[0], one.id, id=one.id)
        for one in calls(*WRITES)
        if compared(one.id, one.values[0]) and not one.id.startswith(WITHOUT_SOURCE)
    ],
)
def test_writes(answers: dict[str, dict[str, Any]], call: dict[str, Any], name: str) -> None:
    assert_alike(normal(answers[name]), normal(recorded(call)))
