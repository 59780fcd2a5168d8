"""Calls of the development upstream that the official client hides, and the errors of all, by bare stubs."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from qdrant_client import QdrantClient
from qdrant_client import grpc as q
from qdrant_client import models as m

from .data import FILMS, INDEXES, PEOPLE, film, make_people, wave
from .stubs import ids, refused

# Calls of older clients


def test_search_is_the_nearest_query(films: QdrantClient, points: q.PointsStub) -> None:
    request = q.SearchPoints(
        collection_name=FILMS, vector=wave(3, 4), vector_name="text", limit=4, offset=1, score_threshold=0.01
    )
    wanted = films.query_points(
        FILMS, query=wave(3, 4), using="text", limit=4, offset=1, score_threshold=0.01, with_payload=False
    ).points
    assert ids(points.Search(request).result) == [point.id for point in wanted]
    batch = points.SearchBatch(q.SearchBatchPoints(collection_name=FILMS, search_points=[request, request]))
    assert [ids(item.result) for item in batch.result] == [[point.id for point in wanted]] * 2


def test_search_takes_sparse_vectors(films: QdrantClient, points: q.PointsStub) -> None:
    request = q.SearchPoints(
        collection_name=FILMS,
        vector=[1.0, 2.0],
        sparse_indices=q.SparseIndices(data=[7, 1]),
        vector_name="words",
        limit=3,
    )
    sparse = m.SparseVector(indices=[7, 1], values=[1.0, 2.0])
    wanted = films.query_points(FILMS, query=sparse, using="words", limit=3).points
    assert ids(points.Search(request).result) == [point.id for point in wanted]


def test_search_groups(films: QdrantClient, points: q.PointsStub) -> None:
    make_people(films)
    reply = points.SearchGroups(
        q.SearchPointGroups(
            collection_name=FILMS,
            vector=wave(3, 4),
            vector_name="text",
            limit=2,
            group_by="director",
            group_size=2,
            with_lookup=q.WithLookup(collection=PEOPLE),
        )
    )
    assert len(reply.result.groups) == 2
    for group in reply.result.groups:
        assert len(group.hits) == 2 and not group.hits[0].payload
        if group.HasField("lookup"):
            assert group.lookup.payload["n"].integer_value == group.id.unsigned_value


def test_recommend(films: QdrantClient, points: q.PointsStub) -> None:
    request = q.RecommendPoints(
        collection_name=FILMS,
        positive=[q.PointId(num=1)],
        negative=[q.PointId(num=2)],
        positive_vectors=[q.Vector(dense=q.DenseVector(data=wave(9, 4))), q.Vector(data=wave(4, 4))],
        using="text",
        limit=5,
    )
    examples = m.RecommendInput(positive=[1, wave(9, 4), wave(4, 4)], negative=[2])
    wanted = films.query_points(FILMS, query=m.RecommendQuery(recommend=examples), using="text", limit=5).points
    assert ids(points.Recommend(request).result) == [point.id for point in wanted]
    batch = q.RecommendBatchPoints(collection_name=FILMS, recommend_points=[request])
    assert ids(points.RecommendBatch(batch).result[0].result) == [point.id for point in wanted]
    groups = q.RecommendPointGroups(
        collection_name=FILMS, positive=request.positive, using="text", group_by="genre", group_size=1, limit=3
    )
    assert len(points.RecommendGroups(groups).result.groups) == 3


def test_discover(films: QdrantClient, points: q.PointsStub) -> None:
    def example(number: int) -> q.VectorExample:
        return q.VectorExample(id=q.PointId(num=number))

    pair = q.ContextExamplePair(positive=example(2), negative=example(5))
    request = q.DiscoverPoints(
        collection_name=FILMS, target=q.TargetVector(single=example(1)), context=[pair], using="text", limit=4
    )
    context = [m.ContextPair(positive=2, negative=5)]
    query = m.DiscoverQuery(discover=m.DiscoverInput(target=1, context=context))
    wanted = films.query_points(FILMS, query=query, using="text", limit=4).points
    assert ids(points.Discover(request).result) == [point.id for point in wanted]
    batch = q.DiscoverBatchPoints(collection_name=FILMS, discover_points=[request])
    assert ids(points.DiscoverBatch(batch).result[0].result) == [point.id for point in wanted]
    alone = q.DiscoverPoints(collection_name=FILMS, context=[pair], using="text", limit=20)
    assert len(points.Discover(alone).result) == 10


# Errors

NOT_FOUND, INVALID = grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT
SELECTOR = q.PointsSelector(points=q.PointsIdsList(ids=[q.PointId(num=1)]))

REFUSED_POINT_CALLS: list[tuple[str, Any, grpc.StatusCode, str]] = [
    ("Count", q.CountPoints(collection_name="no"), NOT_FOUND, "Not found: Collection `no` doesn't exist!"),
    ("Upsert", q.UpsertPoints(collection_name=FILMS), INVALID, "Bad request: Empty update request"),
    (
        "Upsert",
        q.UpsertPoints(collection_name=FILMS, points=[q.PointStruct(vectors=q.Vectors())], wait=True),
        INVALID,
        "Empty ID is not allowed",
    ),
    (
        "Upsert",
        q.UpsertPoints(collection_name=FILMS, points=[q.PointStruct(id=q.PointId(num=1))], wait=True),
        INVALID,
        "Expected some vectors",
    ),
    ("Get", q.GetPoints(collection_name=FILMS, ids=[q.PointId()]), INVALID, "No ID options provided"),
    ("Get", q.GetPoints(collection_name=FILMS, ids=[q.PointId(uuid="x")]), INVALID, "Unable to parse UUID: x"),
    (
        "Get",
        q.GetPoints(collection_name=FILMS, with_payload=q.WithPayloadSelector()),
        INVALID,
        "No PayloadSelector",
    ),
    ("Delete", q.DeletePoints(collection_name=FILMS), INVALID, "PointSelector is missing"),
    (
        "UpdateBatch",
        q.UpdateBatchPoints(collection_name=FILMS),
        INVALID,
        "Validation error in body: [operations: value [] invalid, must be at least 1 characters]",
    ),
    (
        "SetPayload",
        q.SetPayloadPoints(collection_name=FILMS, points_selector=SELECTOR, key="a["),
        INVALID,
        "Invalid json path: 'a['",
    ),
    (
        "Search",
        q.SearchPoints(collection_name=FILMS),
        INVALID,
        "Validation error in body: [limit: value 0 invalid, must be 1 or larger]",
    ),
    (
        "QueryBatch",
        q.QueryBatchPoints(collection_name=FILMS, query_points=[q.QueryPoints(collection_name=FILMS, limit=0)]),
        INVALID,
        "Validation error in body: [query_points[0].limit: value 0 invalid, must be 1 or larger]",
    ),
    (
        "Recommend",
        q.RecommendPoints(collection_name=FILMS, limit=1),
        INVALID,
        "Bad request: At least one positive vector ID required with this strategy",
    ),
    (
        "Discover",
        q.DiscoverPoints(collection_name=FILMS, limit=1),
        INVALID,
        "Bad request: target and/or context_pairs must be specified",
    ),
    (
        "Query",
        q.QueryPoints(collection_name=FILMS, shard_key_selector=q.ShardKeySelector(shard_keys=[q.ShardKey(number=7)])),
        INVALID,
        "Bad request: Shard key 7 not found",
    ),
    (
        "CreateFieldIndex",
        q.CreateFieldIndexCollection(collection_name=FILMS, field_name="a"),
        INVALID,
        "cannot convert field_type",
    ),
    (
        "CreateFieldIndex",
        q.CreateFieldIndexCollection(
            collection_name=FILMS,
            field_name="a",
            field_type=q.FieldType.FieldTypeKeyword,
            field_index_params=q.PayloadIndexParams(geo_index_params=q.GeoIndexParams()),
        ),
        INVALID,
        "field_type (Keyword) and field_index_params do not match",
    ),
    (
        "SearchMatrixPairs",
        q.SearchMatrixPoints(collection_name=FILMS, using="zz"),
        INVALID,
        "Wrong input: Vector with name `zz` is not configured in this collection, "
        "available names: image, parts, text, words",
    ),
]


@pytest.mark.parametrize(("method", "request_", "code", "text"), REFUSED_POINT_CALLS)
def test_says_what_is_wrong(
    films: QdrantClient, points: q.PointsStub, method: str, request_: Any, code: grpc.StatusCode, text: str
) -> None:
    assert refused(lambda: getattr(points, method)(request_)) == (code, text)


def test_collections_exist_once(films: QdrantClient) -> None:
    again = refused(
        lambda: films.create_collection(FILMS, vectors_config=m.VectorParams(size=1, distance=m.Distance.DOT))
    )
    assert again == (grpc.StatusCode.ALREADY_EXISTS, "Wrong input: Collection `films` already exists!")
    assert films.delete_collection(FILMS) and not films.delete_collection(FILMS)


def test_shards_cannot_be_changed(films: QdrantClient, channel: grpc.Channel) -> None:
    standalone = (grpc.StatusCode.UNIMPLEMENTED, "Qdrant is running in standalone mode")
    collections = q.CollectionsStub(channel)
    assert refused(lambda: films.create_shard_key(FILMS, "k")) == standalone
    assert refused(lambda: films.delete_shard_key(FILMS, "k")) == standalone
    setup = q.UpdateCollectionClusterSetupRequest(collection_name=FILMS)
    assert refused(lambda: collections.UpdateCollectionClusterSetup(setup)) == standalone
    assert not collections.ListShardKeys(q.ListShardKeysRequest(collection_name=FILMS)).shard_keys
    info = films.collection_cluster_info(FILMS)
    assert (info.shard_count, info.local_shards[0].points_count) == (1, 12)


def test_indexes_are_counted(films: QdrantClient) -> None:
    schema = films.get_collection(FILMS).payload_schema
    assert schema.keys() == INDEXES.keys()
    assert {index.points for index in schema.values()} == {11}
    assert film(1).payload.keys() >= INDEXES.keys()
