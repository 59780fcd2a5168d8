"""The work that is measured: each is one request with its answer, as REST has them and as gRPC has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from google.protobuf import json_format
from google.protobuf.message import Message
from qdrant_client import grpc as q

COLLECTION = "vecgate_bench"  # 128-d, searched
BULK = "vecgate_bench_bulk"  # 768-d, written and scrolled
SEARCH_DIM, BULK_DIM = 128, 768
HITS, WRITTEN, SCROLLED = 10, 100, 500


class Http(NamedTuple):
    """One request as it goes over HTTP, and a look at the body of its answer that raises when it is wrong."""

    method: str
    target: str
    body: bytes
    check: Callable[[bytes], None]


@dataclass(frozen=True)
class Work:
    name: str
    title: str
    rpc: str  # "qdrant.Points.Query"
    request: Message
    reply: Message  # what the canned upstream answers
    rest: Http

    @property
    def path(self) -> str:
        """The method as gRPC has it on the wire, which is also where a transcoder offers it."""
        service, method = self.rpc.rsplit(".", 1)
        return f"/{service}/{method}"

    @property
    def transcoded(self) -> Http:
        """The nearest a generic transcoder does: the same message, in protobuf's own JSON."""
        body = json_format.MessageToJson(self.request, preserving_proto_field_name=True, indent=None)

        def check(answer: bytes) -> None:
            told = json_format.Parse(answer, type(self.reply)())
            if told != self.reply:
                raise ValueError(f"{self.name}: the transcoder's answer is another message")

        return Http("POST", self.path, body.encode(), check)


def numbers(vector: np.ndarray) -> list[float]:
    """A float32 vector as a client sends it: the shortest decimals that read back as the same numbers."""
    return [float(str(value)) for value in vector]


def contains(actual: Any, expected: Any) -> bool:
    """All of `expected` is in `actual`; floats are compared as the 32-bit numbers they are."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            key in actual and contains(actual[key], value) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(expected)
            and all(contains(a, e) for a, e in zip(actual, expected))
        )
    if isinstance(expected, float):
        return isinstance(actual, (int, float)) and bool(np.float32(actual) == np.float32(expected))
    return type(actual) is type(expected) and actual == expected


def result_is(name: str, expected: Any) -> Callable[[bytes], None]:
    def check(answer: bytes) -> None:
        told = json.loads(answer)
        if told.get("status") != "ok" or not contains(told.get("result"), expected):
            raise ValueError(f"{name}: not the expected answer: {answer[:400]!r}")

    return check


def point_id(number: int) -> q.PointId:
    return q.PointId(num=number)


def payload_of(number: int) -> dict[str, Any]:
    return {
        "title": f"The number {number} of many titles, und eine Übersetzung",
        "year": 1950 + number % 70,
        "rating": number % 10 + 0.5,
        "genres": ["drama", "crime"],
        "in_stock": number % 2 == 0,
    }


def value_of(value: Any) -> q.Value:
    if isinstance(value, bool):
        return q.Value(bool_value=value)
    if isinstance(value, int):
        return q.Value(integer_value=value)
    if isinstance(value, float):
        return q.Value(double_value=value)
    if isinstance(value, list):
        return q.Value(list_value=q.ListValue(values=[value_of(item) for item in value]))
    return q.Value(string_value=value)


def dense(vector: np.ndarray) -> q.Vectors:
    return q.Vectors(vector=q.Vector(dense=q.DenseVector(data=vector.tolist())))


def json_body(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def search(random: np.random.Generator) -> Work:
    vector = random.uniform(-1, 1, SEARCH_DIM).astype(np.float32)
    scores = np.sort(random.uniform(0, 1, HITS).astype(np.float32))[::-1]
    reply = q.QueryResponse(time=0.000123)
    for i, score in enumerate(scores):
        payload = {key: value_of(value) for key, value in payload_of(i).items()}
        reply.result.append(q.ScoredPoint(id=point_id(i), payload=payload, score=float(score), version=3))
    points = [
        {"id": i, "version": 3, "score": float(score), "payload": payload_of(i)} for i, score in enumerate(scores)
    ]
    return Work(
        name="search",
        title=f"query k={HITS}, {SEARCH_DIM}-d, payload",
        rpc="qdrant.Points.Query",
        request=q.QueryPoints(
            collection_name=COLLECTION,
            query=q.Query(nearest=q.VectorInput(dense=q.DenseVector(data=vector.tolist()))),
            limit=HITS,
            with_payload=q.WithPayloadSelector(enable=True),
        ),
        reply=reply,
        rest=Http(
            "POST",
            f"/collections/{COLLECTION}/points/query",
            json_body({"query": numbers(vector), "limit": HITS, "with_payload": True}),
            result_is("search", {"points": points}),
        ),
    )


def upsert(random: np.random.Generator, count: int = WRITTEN) -> Work:
    vectors = random.uniform(-1, 1, (count, BULK_DIM)).astype(np.float32)
    points = [q.PointStruct(id=point_id(i), vectors=dense(vector)) for i, vector in enumerate(vectors)]
    completed = q.UpdateResult(operation_id=7, status=q.UpdateStatus.Completed)
    return Work(
        name="upsert",
        title=f"upsert of {count} x {BULK_DIM}-d",
        rpc="qdrant.Points.Upsert",
        request=q.UpsertPoints(collection_name=BULK, wait=True, points=points),
        reply=q.PointsOperationResponse(result=completed, time=0.000123),
        rest=Http(
            "PUT",
            f"/collections/{BULK}/points?wait=true",
            json_body({"points": [{"id": i, "vector": numbers(vector)} for i, vector in enumerate(vectors)]}),
            result_is("upsert", {"status": "completed"}),
        ),
    )


def scroll(random: np.random.Generator) -> Work:
    vectors = random.uniform(-1, 1, (SCROLLED, BULK_DIM)).astype(np.float32)
    reply = q.ScrollResponse(time=0.000123)
    for i, vector in enumerate(vectors):
        output = q.VectorOutput(dense=q.DenseVector(data=vector.tolist()))
        reply.result.append(q.RetrievedPoint(id=point_id(i), vectors=q.VectorsOutput(vector=output)))
    return Work(
        name="scroll",
        title=f"scroll of {SCROLLED} x {BULK_DIM}-d with vectors",
        rpc="qdrant.Points.Scroll",
        request=q.ScrollPoints(
            collection_name=BULK,
            limit=SCROLLED,
            with_payload=q.WithPayloadSelector(enable=False),
            with_vectors=q.WithVectorsSelector(enable=True),
        ),
        reply=reply,
        rest=Http(
            "POST",
            f"/collections/{BULK}/points/scroll",
            json_body({"limit": SCROLLED, "with_payload": False, "with_vector": True}),
            result_is("scroll", {"points": [{"id": i, "vector": v.tolist()} for i, v in enumerate(vectors)]}),
        ),
    )


def all_works() -> dict[str, Work]:
    random = np.random.default_rng(7)
    return {work.name: work for work in (search(random), upsert(random), scroll(random))}
