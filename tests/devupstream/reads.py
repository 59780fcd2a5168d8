"""Reading points: from a gRPC request to local mode's answer."""

from __future__ import annotations

from typing import Any

from qdrant_client import grpc
from qdrant_client.http import models as rest

from . import validation
from .collection import Collection, default_name
from .convert import FromGrpc
from .errors import bad_request, vector_name_missing, wrong_input
from .queries import prepare
from .store import Store

UNVERSIONED = (rest.OrderByQuery, rest.SampleQuery)


def begin(store: Store, request: Any) -> Collection:
    """The collection a read is about. A shard key it names cannot be found, as no collection here has any."""
    collection = store.find(request.collection_name)
    if request.HasField("shard_key_selector") and request.shard_key_selector.shard_keys:
        key = request.shard_key_selector.shard_keys[0]
        shown = f'"{key.keyword}"' if key.WhichOneof("key") == "keyword" else key.number
        raise bad_request(f"Shard key {shown} not found")
    return collection


def filter_of(request: Any) -> rest.Filter | None:
    if not request.HasField("filter"):
        return None
    validation.check(validation.filter_complaints(request.filter, "filter"))
    return FromGrpc.convert_filter(request.filter)


def payload_of(request: Any, default: bool = False) -> Any:
    if not request.HasField("with_payload"):
        return default
    return FromGrpc.convert_with_payload_selector(request.with_payload)


def vectors_of(collection: Collection, request: Any) -> bool | list[str]:
    if not request.HasField("with_vectors"):
        return False
    wanted = FromGrpc.convert_with_vectors_selector(request.with_vectors)
    if isinstance(wanted, list):
        for name in wanted:
            collection.require_vector(name)
    return wanted


def get(store: Store, request: grpc.GetPoints) -> list[rest.Record]:
    """In the order asked for, each point once."""
    collection = begin(store, request)
    ids = dict.fromkeys(FromGrpc.convert_point_id(point_id) for point_id in request.ids)
    return collection.retrieve(list(ids), payload_of(request), vectors_of(collection, request))


def scroll(store: Store, request: grpc.ScrollPoints) -> tuple[list[rest.Record], int | str | None]:
    validation.check(validation.out_of_bounds(request, [validation.Bound("limit", 1)]))
    collection = begin(store, request)
    offset = FromGrpc.convert_point_id(request.offset) if request.HasField("offset") else None
    order_by = None
    if request.HasField("order_by"):
        if offset is not None:
            raise wrong_input(
                "Cannot use an `offset` when using `order_by`. The alternative for paging is to use "
                "`order_by.start_from` and a filter to exclude the IDs that you've already seen for the "
                "`order_by.start_from` value"
            )
        order_by = FromGrpc.convert_order_by(request.order_by)
        collection.require_order_index(order_by.key)
    return collection.scroll(
        scroll_filter=filter_of(request),
        limit=request.limit if request.HasField("limit") else 10,
        order_by=order_by,
        offset=offset,
        with_payload=payload_of(request, default=True),
        with_vectors=vectors_of(collection, request),
    )


def count(store: Store, request: grpc.CountPoints) -> int:
    return begin(store, request).count(filter_of(request)).count


def facet(store: Store, request: grpc.FacetCounts) -> rest.FacetResponse:
    collection = begin(store, request)
    limit = request.limit if request.HasField("limit") else 10
    return collection.facet(request.key, filter_of(request), limit)


def query(store: Store, request: grpc.QueryPoints) -> list[rest.ScoredPoint]:
    collection = begin(store, request)
    model = FromGrpc.convert_query_points(request)
    model.with_vector = vectors_of(collection, request)
    model.limit = 10 if model.limit is None else model.limit
    prepare(store, collection, model)
    return run(store, request.collection_name, model) if model.limit else []


def run(store: Store, name: str, model: rest.QueryRequest) -> list[rest.ScoredPoint]:
    """Runs a prepared query and gives the points their versions, which local mode does not keep."""
    # A context without pairs prefers no point over another; local mode refuses it.
    indifferent = isinstance(model.query, rest.ContextQuery) and not model.query.context
    points = store.query_points(
        collection_name=name,
        query=None if indifferent else model.query,
        using=model.using,
        prefetch=model.prefetch or [],
        query_filter=model.filter,
        search_params=model.params,
        limit=model.limit,
        offset=model.offset or 0,
        with_payload=model.with_payload or False,
        with_vectors=model.with_vector or False,
        score_threshold=model.score_threshold,
        lookup_from=model.lookup_from,
    ).points
    if model.query is not None and not isinstance(model.query, UNVERSIONED):
        store.find(name).stamp(points)
    if indifferent:
        for point in points:
            point.score = 0.0
    return points


def copy_common(source: Any, target: Any) -> None:
    """Copies the fields that two request messages share by name."""
    for field, value in source.ListFields():
        twin = target.DESCRIPTOR.fields_by_name.get(field.name)
        if twin is None or twin.message_type != field.message_type:
            continue
        if field.is_repeated:
            getattr(target, field.name).extend(value)
        elif field.message_type is not None:
            getattr(target, field.name).CopyFrom(value)
        else:
            setattr(target, field.name, value)


def matrix_arguments(store: Store, request: grpc.SearchMatrixPoints) -> tuple[Collection, dict[str, Any]]:
    validation.check(validation.out_of_bounds(request, validation.MATRIX))
    collection = begin(store, request)
    using = default_name(request.using if request.HasField("using") else None)
    names = sorted(collection._all_vectors_keys)
    if using not in names:
        if not names:
            raise vector_name_missing(using)
        raise wrong_input(
            f"Vector with name `{using}` is not configured in this collection, available names: {', '.join(names)}"
        )
    return collection, {
        "query_filter": filter_of(request),
        "limit": request.limit if request.HasField("limit") else 3,
        "sample": request.sample if request.HasField("sample") else 10,
        "using": using,
    }
