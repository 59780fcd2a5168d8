"""Queries whose hits are grouped by a payload key.

Local mode has such a query too, but stops at values that are no group (booleans) and does not replace ids in
prefetches by vectors.
"""

from __future__ import annotations

import uuid

from qdrant_client import grpc
from qdrant_client.http import models as rest
from qdrant_client.local.local_collection import LocalCollection, set_prefetch_limit_iteratively
from qdrant_client.local.payload_value_extractor import value_by_key

from . import reads, validation
from .convert import FromGrpc
from .queries import prepare
from .store import Store


def query_groups(store: Store, request: grpc.QueryPointGroups) -> rest.GroupsResult:
    validation.json_path(request.group_by)
    collection = reads.begin(store, request)
    lookup = FromGrpc.convert_with_lookup(request.with_lookup) if request.HasField("with_lookup") else None
    lookup_collection = None if lookup is None else store.find_lookup(lookup.collection)

    plain = grpc.QueryPoints()
    reads.copy_common(request, plain)
    model = FromGrpc.convert_query_points(plain)
    wanted, model.with_payload = model.with_payload or False, True
    model.with_vector = reads.vectors_of(collection, request)
    model.limit = max(1, len(collection.ids))
    set_prefetch_limit_iteratively(model.prefetch or [], model.limit)
    prepare(store, collection, model)

    groups = group(
        reads.run(store, request.collection_name, model),
        request.group_by,
        request.group_size if request.HasField("group_size") else 3,
        request.limit if request.HasField("limit") else 10,
    )
    for found in groups:
        found.hits = [shown(point, wanted) for point in found.hits]
        if lookup_collection is not None:
            records = lookup_collection.retrieve([as_point_id(found.id)], lookup.with_payload, lookup.with_vectors)
            found.lookup = records[0] if records else None
    return rest.GroupsResult(groups=groups)


def group(points: list[rest.ScoredPoint], key: str, size: int, limit: int) -> list[rest.PointGroup]:
    """Groups in the order of their best hit. A point with several values is a hit of each of their groups."""
    groups: dict[int | str, rest.PointGroup] = {}
    for point in points:
        values = value_by_key(point.payload or {}, key) or []
        for value in dict.fromkeys(value for value in values if type(value) in (int, str)):
            found = groups.setdefault(value, rest.PointGroup(id=value, hits=[]))
            if len(found.hits) < size:
                found.hits.append(point)
    return list(groups.values())[:limit]


def shown(point: rest.ScoredPoint, with_payload: rest.WithPayloadInterface) -> rest.ScoredPoint:
    """The whole payload was read for grouping; this leaves what was asked for."""
    return point.model_copy(update={"payload": LocalCollection._process_payload(point.payload, with_payload)})


def as_point_id(group_id: int | str) -> int | str:
    try:
        return group_id if isinstance(group_id, int) else str(uuid.UUID(group_id))
    except ValueError:
        return group_id
