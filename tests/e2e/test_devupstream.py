"""The development upstream itself, by the official client over gRPC and, where that hides a call, by bare stubs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from grpc_health.v1 import health_pb2, health_pb2_grpc
from qdrant_client import QdrantClient
from qdrant_client import grpc as q
from qdrant_client import models as m

from .data import FILMS, PLAIN, UUID, make_plain, wave
from .servers import grpc_client_of, start_devupstream, stop
from .stubs import ids, refused

KEY = "s3cret"


def field(key: str, **clauses: Any) -> q.Condition:
    return q.Condition(field=q.FieldCondition(key=key, **clauses))


# The server


def test_says_who_it_is(channel: grpc.Channel) -> None:
    reply = q.QdrantStub(channel).HealthCheck(q.HealthCheckRequest())
    assert (reply.title, reply.version) == ("qdrant - vector search engine", "1.19.0")
    assert not reply.HasField("commit")


@pytest.mark.parametrize("service", ["", "qdrant.Points", "nobody"])
def test_health_is_serving_for_any_service(channel: grpc.Channel, service: str) -> None:
    reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service))
    assert reply.status == health_pb2.HealthCheckResponse.SERVING


def test_ends_cleanly_when_told() -> None:
    process, _ = start_devupstream()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    assert process.stdout.read() == ""


@pytest.fixture(scope="module")
def guarded() -> Iterator[grpc.Channel]:
    process, port = start_devupstream("--api-key", KEY)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as opened:
        yield opened
    stop(process)


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        ([], "Must provide an API key or an Authorization bearer token"),
        ([("authorization", f"bearer {KEY}")], "Must provide an API key or an Authorization bearer token"),
        ([("api-key", "wrong")], "Invalid API key or JWT"),
        ([("authorization", "Bearer wrong")], "Invalid API key or JWT"),
        ([("api-key", "wrong"), ("authorization", f"Bearer {KEY}")], "Invalid API key or JWT"),
    ],
)
def test_refuses_calls_without_the_key(guarded: grpc.Channel, metadata: list, text: str) -> None:
    call = q.CollectionsStub(guarded).List
    got = refused(lambda: call(q.ListCollectionsRequest(), metadata=metadata))
    assert got == (grpc.StatusCode.UNAUTHENTICATED, text)


@pytest.mark.parametrize("metadata", [[("api-key", KEY)], [("authorization", f"Bearer {KEY}")]])
def test_takes_either_form_of_the_key(guarded: grpc.Channel, metadata: list) -> None:
    q.CollectionsStub(guarded).List(q.ListCollectionsRequest(), metadata=metadata)


def test_health_needs_no_key(guarded: grpc.Channel) -> None:
    q.QdrantStub(guarded).HealthCheck(q.HealthCheckRequest())
    health_pb2_grpc.HealthStub(guarded).Check(health_pb2.HealthCheckRequest())


def test_measures_its_time(channel: grpc.Channel) -> None:
    assert q.CollectionsStub(channel).List(q.ListCollectionsRequest()).time > 0


def test_takes_messages_of_any_size(client: QdrantClient) -> None:
    client.create_collection("wide", vectors_config=m.VectorParams(size=4096, distance=m.Distance.DOT))
    rows = [m.PointStruct(id=n, vector=[float(n)] * 4096) for n in range(600)]
    client.upsert("wide", rows, wait=True)
    records, _ = client.scroll("wide", limit=600, with_vectors=True)
    assert [record.vector[0] for record in records] == [float(n) for n in range(600)]


def test_serves_many_clients_at_once(devupstream: int, client: QdrantClient) -> None:
    make_plain(client)

    def work(number: int) -> int:
        other = grpc_client_of(devupstream)
        try:
            for step in range(10):
                point = m.PointStruct(id=1000 * number + step, vector=wave(step, 3), payload={"by": number})
                other.upsert(PLAIN, [point], wait=True)
                assert other.query_points(PLAIN, query=wave(step, 3), limit=3).points
            condition = m.FieldCondition(key="by", match=m.MatchValue(value=number))
            return other.count(PLAIN, m.Filter(must=[condition])).count
        finally:
            other.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(1, 9))) == [10] * 8
    assert client.count(PLAIN).count == 6 + 80


# Writes


def test_operations_are_numbered_and_waited_for(films: QdrantClient) -> None:
    point = [m.PointStruct(id=1, vector={})]
    first = films.upsert(FILMS, point, wait=True)
    second = films.upsert(FILMS, point, wait=False)
    assert (first.status, second.status) == (m.UpdateStatus.COMPLETED, m.UpdateStatus.ACKNOWLEDGED)
    assert second.operation_id == first.operation_id + 1


def test_a_change_nobody_waits_for_fails_unseen(films: QdrantClient) -> None:
    films.upsert(FILMS, [m.PointStruct(id=500, vector={"zz": [1.0]})], wait=False)
    assert films.retrieve(FILMS, [500]) == []


def test_a_point_has_the_version_of_its_last_change(films: QdrantClient) -> None:
    number = films.set_payload(FILMS, {"a": 1}, [3], wait=True).operation_id
    versions = {p.id: p.version for p in films.query_points(FILMS, query=3, using="image", limit=20).points}
    assert number not in versions.values()
    versions = {p.id: p.version for p in films.query_points(FILMS, query=wave(3, 4), using="text", limit=20).points}
    assert versions[3] == number
    assert all(p.version == 0 for p in films.query_points(FILMS, limit=3).points)


def test_an_id_in_other_spelling_is_the_same_uuid(films: QdrantClient) -> None:
    for spelling in (UUID.upper(), UUID.replace("-", ""), f"urn:uuid:{UUID}"):
        assert [record.id for record in films.retrieve(FILMS, [spelling])] == [UUID]


def test_set_payload_removes_what_is_set_to_null(films: QdrantClient) -> None:
    films.set_payload(FILMS, {"title": None, "new": 1}, [1], wait=True)
    films.set_payload(FILMS, {"one": None, "two": 2}, [1], key="deep", wait=True)
    payload = films.retrieve(FILMS, [1])[0].payload
    assert "title" not in payload and payload["new"] == 1 and payload["deep"] == {"two": 2}
    assert payload["nothing"] is None


def test_batched_operations_before_a_failure_stay(films: QdrantClient) -> None:
    operations = [
        m.SetPayloadOperation(set_payload=m.SetPayload(payload={"kept": 1}, points=[1])),
        m.SetPayloadOperation(set_payload=m.SetPayload(payload={"kept": 1}, points=[777])),
    ]
    code, text = refused(lambda: films.batch_update_points(FILMS, operations, wait=True))
    assert (code, text) == (grpc.StatusCode.NOT_FOUND, "Not found: No point with id 777 found")
    assert films.retrieve(FILMS, [1])[0].payload["kept"] == 1


def test_payloads_keep_integers_and_floats_apart(films: QdrantClient) -> None:
    payload = films.retrieve(FILMS, [8])[0].payload
    assert type(payload["rating"]) is float and type(payload["year"]) is int
    assert payload["large"] == 9007199254740993
    assert [type(item) for item in payload["deep"]["one"]["two"]] == [int, float, str, type(None), bool]


# Filters


def test_a_filter_without_clauses_matches_all(films: QdrantClient, points: q.PointsStub) -> None:
    for empty in (q.Filter(), q.Filter(must=[q.Condition()]), q.Filter(must=[q.Condition(filter=q.Filter())])):
        reply = points.Count(q.CountPoints(collection_name=FILMS, filter=empty))
        assert reply.result.count == 12


def test_clauses_of_one_condition_are_alternatives(films: QdrantClient, points: q.PointsStub) -> None:
    either = field("year", match=q.Match(integer=1991), range=q.Range(gte=2000))
    reply = points.Scroll(q.ScrollPoints(collection_name=FILMS, filter=q.Filter(must=[either])))
    assert ids(reply.result) == [1, 10, 11]


def test_delete_takes_a_condition_without_clauses_for_nothing(films: QdrantClient, points: q.PointsStub) -> None:
    selector = q.PointsSelector(filter=q.Filter(must=[field("year")]))
    points.Delete(q.DeletePoints(collection_name=FILMS, points=selector, wait=True))
    assert films.count(FILMS).count == 12
    code, text = refused(
        lambda: points.ClearPayload(q.ClearPayloadPoints(collection_name=FILMS, points=selector, wait=True))
    )
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    assert text.startswith("Validation error in body: [points.points_selector_one_of.must[0].condition_one_of.match:")


def test_the_filter_of_a_fused_query_holds_for_its_sources(films: QdrantClient) -> None:
    noir = m.Filter(must=[m.FieldCondition(key="genre", match=m.MatchValue(value="noir"))])
    prefetch = [m.Prefetch(query=wave(3, 4), using="text"), m.Prefetch(query=wave(3, 3), using="image")]
    fused = films.query_points(
        FILMS, prefetch=prefetch, query=m.FusionQuery(fusion=m.Fusion.RRF), query_filter=noir, limit=20
    ).points
    assert fused and {point.payload["genre"] for point in fused} == {"noir"}


def test_datetimes_order_by_microseconds(films: QdrantClient, points: q.PointsStub) -> None:
    start = q.StartFrom(timestamp=Timestamp(seconds=788961600))  # 1995-01-01T12:00:00Z
    for start_from in (start, q.StartFrom(datetime="1995-01-01T12:00:00")):
        order = q.OrderBy(key="released", start_from=start_from)
        found = points.Scroll(q.ScrollPoints(collection_name=FILMS, order_by=order, limit=1)).result
        assert ids(found) == [5]
        assert found[0].order_value.int == 794059200_000000
