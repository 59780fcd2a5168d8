"""Flows over points: writes of every kind, and the reads that are no queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from qdrant_client import QdrantClient
from qdrant_client import models as m

from .compare import failure
from .data import FILMS, PLAIN, UUID, make_films, make_plain, wave

ONE = m.Filter(must=[m.HasIdCondition(has_id=[1])])


def everything(client: QdrantClient, name: str) -> Any:
    return client.scroll(name, limit=100, with_payload=True, with_vectors=True)


def upsert_kinds(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    yield everything(client, FILMS)
    yield client.upsert(FILMS, [m.PointStruct(id=1, vector={}, payload={"only": "payload"})], wait=True)
    yield client.upsert(FILMS, [m.PointStruct(id=99, vector={"text": wave(3, 4)})], wait=False)
    yield client.retrieve(FILMS, [1, 99], with_vectors=True)


def upsert_batch(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    batch = m.Batch(
        ids=[10, UUID, 12], vectors=[wave(n, 3) for n in range(3)], payloads=[{"a": 1}, {}, {"b": [None, {}]}]
    )
    yield client.upsert(PLAIN, batch, wait=True)
    yield everything(client, PLAIN)
    make_films(client)
    named = m.Batch(
        ids=[50, 51],
        vectors={
            "text": [wave(1, 4), wave(2, 4)],
            "words": [m.SparseVector(indices=[9, 2], values=[1.0, 2.0]), m.SparseVector(indices=[], values=[])],
            "parts": [[wave(1, 2), wave(2, 2), wave(3, 2)], [wave(4, 2)]],
        },
    )
    yield client.upsert(FILMS, named, wait=True)
    yield client.retrieve(FILMS, [50, 51], with_vectors=True)


def upsert_modes(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)

    def put(mode: m.UpdateMode | None, condition: m.Filter | None = None) -> Any:
        points = [m.PointStruct(id=n, vector=[9.0, 8.0, n], payload={"mode": str(mode)}) for n in (1, 40)]
        return client.upsert(PLAIN, points, wait=True, update_mode=mode, update_filter=condition)

    for mode in (m.UpdateMode.UPDATE_ONLY, m.UpdateMode.INSERT_ONLY, m.UpdateMode.UPSERT):
        yield put(mode)
        yield everything(client, PLAIN)
    yield put(None, m.Filter(must=[m.FieldCondition(key="mode", match=m.MatchValue(value="none"))]))
    yield everything(client, PLAIN)


def upload(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    vectors = np.array([wave(n, 3) for n in range(40)], dtype=np.float32)
    payload = [{"n": n} for n in range(40)]
    client.upload_collection(PLAIN, vectors, payload, list(range(100, 140)), batch_size=7, wait=True)
    points = [m.PointStruct(id=n, vector=wave(n, 3), payload={"n": n}) for n in range(200, 220)]
    client.upload_points(PLAIN, points, batch_size=6, wait=True)
    yield client.count(PLAIN)
    yield everything(client, PLAIN)


def delete(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    yield client.delete(FILMS, [1, UUID, 777], wait=True)
    yield client.delete(FILMS, m.FilterSelector(filter=m.Filter(must=[m.HasIdCondition(has_id=[2])])), wait=True)
    yield client.delete(FILMS, m.PointIdsList(points=[3]), wait=False)
    yield [record.id for record in client.scroll(FILMS, limit=100)[0]]
    yield client.query_points(FILMS, query=wave(1, 4), using="text", limit=3)
    yield client.upsert(FILMS, [m.PointStruct(id=1, vector={"text": wave(1, 4)})], wait=True)
    yield client.retrieve(FILMS, [1, 2, 3], with_vectors=True)


def payloads(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    selector = m.FilterSelector(filter=m.Filter(must=[m.FieldCondition(key="genre", match=m.MatchValue(value="noir"))]))
    yield client.set_payload(FILMS, {"a": 1, "b": {"c": [1, 2.5, "x", None]}, "title": None}, [1, 2], wait=True)
    yield client.set_payload(FILMS, {"two": "replaced", "three": 3}, [1], key="deep.one", wait=True)
    yield client.set_payload(FILMS, {"age": 99}, [2], key="cast[0]", wait=True)
    yield client.set_payload(FILMS, {"selected": True}, selector, wait=True)
    yield client.set_payload(FILMS, {"lazy": 1.0}, m.PointIdsList(points=[3]), wait=False)
    yield everything(client, FILMS)
    yield client.overwrite_payload(FILMS, {"new": 1, "null": None}, [1, 4], wait=True)
    yield client.overwrite_payload(FILMS, {}, [5], wait=True)
    yield client.delete_payload(FILMS, ["a", "b.c", "cast[].age", "missing"], [2], wait=True)
    yield client.delete_payload(FILMS, ["tags"], selector, wait=True)
    yield client.clear_payload(FILMS, [6], wait=True)
    yield client.clear_payload(FILMS, selector, wait=True)
    yield everything(client, FILMS)


def vectors(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    changed = [
        m.PointVectors(id=1, vector={"text": wave(70, 4), "words": m.SparseVector(indices=[5, 1], values=[3.0, 4.0])}),
        m.PointVectors(id=UUID, vector={"parts": [wave(1, 2)], "image": wave(1, 3)}),
    ]
    yield client.update_vectors(FILMS, changed, wait=True)
    yield client.delete_vectors(FILMS, ["image", "words"], [2, 3], wait=True)
    yield client.delete_vectors(FILMS, ["text"], m.Filter(must=[m.HasIdCondition(has_id=[4])]), wait=True)
    yield everything(client, FILMS)
    make_plain(client)
    yield client.update_vectors(PLAIN, [m.PointVectors(id=1, vector=[7.0, 7.0, 7.0])], wait=True)
    yield client.delete_vectors(PLAIN, [""], [2], wait=True)
    yield everything(client, PLAIN)


def batch_update(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    point = m.PointStruct(id=30, vector={"text": wave(30, 4)}, payload={"fresh": True})
    condition = m.Filter(must=[m.FieldCondition(key="year", range=m.Range(gte=1999))])
    operations: list[Any] = [
        m.UpsertOperation(upsert=m.PointsList(points=[point])),
        m.UpsertOperation(upsert=m.PointsBatch(batch=m.Batch(ids=[31], vectors={"text": [wave(31, 4)]}))),
        m.SetPayloadOperation(set_payload=m.SetPayload(payload={"x": 1}, points=[30, 31])),
        m.SetPayloadOperation(set_payload=m.SetPayload(payload={"y": 2}, filter=condition)),
        m.SetPayloadOperation(set_payload=m.SetPayload(payload={"z": 3}, points=[30], key="nested")),
        m.OverwritePayloadOperation(overwrite_payload=m.SetPayload(payload={"w": 4}, points=[2])),
        m.DeletePayloadOperation(delete_payload=m.DeletePayload(keys=["title"], points=[3])),
        m.ClearPayloadOperation(clear_payload=m.PointIdsList(points=[4])),
        m.UpdateVectorsOperation(
            update_vectors=m.UpdateVectors(points=[m.PointVectors(id=30, vector={"image": wave(30, 3)})])
        ),
        m.DeleteVectorsOperation(delete_vectors=m.DeleteVectors(vector=["text"], points=[5])),
        m.DeleteOperation(delete=m.PointIdsList(points=[6])),
        m.DeleteOperation(delete=m.FilterSelector(filter=m.Filter(must=[m.HasIdCondition(has_id=[7])]))),
    ]
    yield client.batch_update_points(FILMS, operations, wait=True)
    yield everything(client, FILMS)
    yield client.batch_update_points(FILMS, [m.DeleteOperation(delete=m.PointIdsList(points=[8]))], wait=False)


def retrieve(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    yield client.retrieve(FILMS, [3, 1, 777, UUID], with_payload=True, with_vectors=True)
    yield client.retrieve(FILMS, [1], with_payload=False)
    yield client.retrieve(FILMS, [1], with_payload=["title", "deep.one", "cast[].name"])
    yield client.retrieve(FILMS, [1], with_payload=m.PayloadSelectorInclude(include=["year"]))
    yield client.retrieve(FILMS, [1], with_payload=m.PayloadSelectorExclude(exclude=["deep", "cast", "tags", "plot"]))
    yield client.retrieve(FILMS, [1, UUID], with_payload=False, with_vectors=["image", "words"])
    make_plain(client)
    yield client.retrieve(PLAIN, [1, 2], with_vectors=True)


def scroll(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    offset = None
    for _ in range(4):
        records, offset = client.scroll(FILMS, limit=4, offset=offset, with_payload=["year"])
        yield records
        yield offset
        if offset is None:
            break
    yield client.scroll(FILMS, limit=3, with_payload=False, with_vectors=True)
    yield client.scroll(FILMS, scroll_filter=ONE)


def scroll_ordered(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    desc = m.Direction.DESC
    orders: list[Any] = [
        "year",
        m.OrderBy(key="year", direction=desc, start_from=1997),
        m.OrderBy(key="rating", start_from=1.25),
        m.OrderBy(key="rating", direction=desc),
        m.OrderBy(key="released", direction=desc),
        m.OrderBy(key="released", start_from="1995-01-01T00:00:00Z"),
    ]
    for order in orders:
        yield client.scroll(FILMS, order_by=order, limit=4, with_payload=["title"])


def count_and_facet(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    yield client.count(FILMS)
    yield client.count(FILMS, exact=False)
    yield client.count(FILMS, count_filter=ONE)
    for key in ("genre", "year", "seen", "key"):
        yield client.facet(FILMS, key, limit=5)
    yield client.facet(FILMS, "genre", facet_filter=m.Filter(must_not=[m.HasIdCondition(has_id=[1, 2])]), exact=True)


def errors(client: QdrantClient) -> Iterator[Any]:
    make_films(client)

    def put(vector: Any, name: str = FILMS) -> dict[str, Any]:
        return failure(lambda: client.upsert(name, [m.PointStruct(id=1, vector=vector)], wait=True))

    yield put({"text": [1.0, 2.0]})
    yield put({"zz": [1.0]})
    yield put({"text": m.SparseVector(indices=[1], values=[1.0])})
    yield put({"text": [[1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0]]})
    yield put({"words": [1.0, 2.0]})
    yield put({"words": m.SparseVector(indices=[1, 2], values=[1.0])})
    yield put({"text": []})
    yield put({"text": wave(1, 4)}, "missing")
    yield failure(lambda: client.upsert(FILMS, [], wait=True))
    yield failure(lambda: client.delete(FILMS, [], wait=True))
    yield failure(lambda: client.set_payload(FILMS, {"a": 1}, [777], wait=True))
    yield failure(lambda: client.delete_vectors(FILMS, ["zz"], [1], wait=True))
    yield failure(lambda: client.delete_vectors(FILMS, ["text"], [777], wait=True))
    yield failure(lambda: client.clear_payload(FILMS, [777], wait=True))
    yield failure(lambda: client.update_vectors(FILMS, [m.PointVectors(id=1, vector={"text": [1.0]})], wait=True))
    yield failure(lambda: client.retrieve("missing", [1]))
    yield failure(lambda: client.retrieve(FILMS, [1], with_vectors=["zz"]))
    yield failure(lambda: client.scroll(FILMS, limit=0))
    yield failure(lambda: client.scroll(FILMS, order_by="title"))
    yield failure(lambda: client.scroll(FILMS, order_by="year", offset=3))
    yield failure(lambda: client.facet(FILMS, "title"))
    yield failure(lambda: client.count("missing"))
    bad = m.DeleteOperation(delete=m.PointIdsList(points=[]))
    yield failure(lambda: client.batch_update_points(FILMS, [bad], wait=True))


FLOWS = [
    upsert_kinds,
    upsert_batch,
    upsert_modes,
    upload,
    delete,
    payloads,
    vectors,
    batch_update,
    retrieve,
    scroll,
    scroll_ordered,
    count_and_facet,
    errors,
]
