"""Changes of points. Every function serves both the single call and the same operation inside a batch:
the two messages have the same fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qdrant_client import grpc
from qdrant_client.http import models as rest

from . import validation
from .collection import Collection
from .convert import FromGrpc
from .errors import RefusedChange, bad_request, empty_update, invalid_argument, wrong_input

PointIds = list[int | str]
Batched = grpc.PointsUpdateOperation


def refuse_shard_keys(message: Any) -> None:
    """No collection here has shard keys, so a write that names one has nowhere to go."""
    if not message.HasField("shard_key_selector"):
        return
    keys = message.shard_key_selector.shard_keys
    if not keys:
        raise wrong_input("Empty shard keys selection")
    key = keys[0]
    shown = f'"{key.keyword}"' if key.WhichOneof("key") == "keyword" else key.number
    raise wrong_input(f"Shard key {shown} not found")


def selected(
    collection: Collection, selector: grpc.PointsSelector | None, path: str, validated: bool = True
) -> PointIds:
    """The ids a selector stands for: those it lists, present or not, or those its filter matches."""
    kind = None if selector is None else selector.WhichOneof("points_selector_one_of")
    if kind is None:
        raise invalid_argument("PointSelector is missing")
    if kind == "points":
        if not selector.points.ids:
            raise empty_update()
        return [FromGrpc.convert_point_id(point_id) for point_id in selector.points.ids]
    if validated:
        validation.check(validation.filter_complaints(selector.filter, f"{path}.points_selector_one_of"))
    return collection._filter_to_ids(FromGrpc.convert_filter(selector.filter))


def existing(collection: Collection, message: Any) -> tuple[PointIds, PointIds]:
    """As `selected`, with the part that is there. Points that are not are reported after the change."""
    selector = message.points_selector if message.HasField("points_selector") else None
    ids = selected(collection, selector, "points_selector")
    return ids, collection.present(ids)


def update_filter(message: Any) -> rest.Filter | None:
    if not message.HasField("update_filter"):
        return None
    validation.check(validation.filter_complaints(message.update_filter, "update_filter"))
    return FromGrpc.convert_filter(message.update_filter)


def read_vectors(collection: Collection, vectors: grpc.Vectors, index: int) -> dict[str, Any]:
    """The vectors of one point, checked against the collection; a single one goes by the empty name."""
    kind = vectors.WhichOneof("vectors_options")
    if kind is None:
        raise invalid_argument("Expected some vectors")
    given = {"": vectors.vector} if kind == "vector" else vectors.vectors.vectors
    path = "vector" if kind == "vector" else "vectors.[]"
    read = {}
    for name, vector in given.items():
        if vector.WhichOneof("vector") == "sparse":
            where = f"points[{index}].vectors.vectors_options.{path}"
            validation.check(validation.sparse_complaints(vector.sparse.indices, vector.sparse.values, where))
        value = FromGrpc.convert_vector(vector)
        if isinstance(value, list) and not value:
            raise wrong_input(f"points[{index}].vector.vector: dense vector must not be empty")
        read[name] = collection.fit(name, value)
    return read


def read_point(collection: Collection, point: grpc.PointStruct, index: int) -> rest.PointStruct:
    if not point.HasField("id"):
        raise invalid_argument("Empty ID is not allowed")
    return rest.PointStruct(
        id=FromGrpc.convert_point_id(point.id),
        vector=read_vectors(collection, point.vectors, index),
        payload=FromGrpc.convert_payload(point.payload),
    )


def upsert(collection: Collection, message: grpc.UpsertPoints | Batched.PointStructList) -> None:
    if not message.points:
        raise empty_update()
    points = [read_point(collection, point, index) for index, point in enumerate(message.points)]
    mode = FromGrpc.convert_update_mode(message.update_mode) if message.HasField("update_mode") else None
    collection.upsert(points, update_filter=update_filter(message), update_mode=mode)
    collection.touch([point.id for point in points])


def delete(collection: Collection, message: grpc.DeletePoints | Batched.DeletePoints) -> None:
    """The one operation that neither validates its filter nor minds points that are not there."""
    selector = message.points if message.HasField("points") else None
    if selector is not None:
        refuse_bad_slices(selector.filter)
    ids = selected(collection, selector, "points", validated=False)
    collection.delete(ids)


def refuse_bad_slices(model: grpc.Filter) -> None:
    if any(text.split(": ")[0].endswith(".index") for text in validation.filter_complaints(model, "")):
        raise invalid_argument("Slice index must be less than the total number of slices")


def update_vectors(collection: Collection, message: grpc.UpdatePointVectors | Batched.UpdateVectors) -> None:
    if not message.points:
        raise empty_update()
    points = [
        rest.PointVectors(
            id=FromGrpc.convert_point_id(point.id),
            vector=read_vectors(collection, point.vectors, index),
        )
        for index, point in enumerate(message.points)
    ]
    condition = update_filter(message)
    ids = [point.id for point in points]
    collection.update_vectors(
        [point for point in points if collection.live(point.id) is not None], update_filter=condition
    )
    collection.touch(ids)
    collection.require(ids)


def delete_vectors(collection: Collection, message: grpc.DeletePointVectors | Batched.DeleteVectors) -> None:
    ids, present = existing(collection, message)
    for name in message.vectors.names:
        collection.require_vector(name)
    collection.delete_vectors(list(message.vectors.names), present)
    collection.touch(present)
    collection.require(ids)


def set_payload(collection: Collection, message: grpc.SetPayloadPoints | Batched.SetPayload) -> None:
    key = message.key if message.HasField("key") else None
    if key is not None:
        validation.json_path(key)
    ids, present = existing(collection, message)
    collection.set_payload(FromGrpc.convert_payload(message.payload), present, key)
    collection.touch(present)
    collection.require(ids)


def overwrite_payload(collection: Collection, message: grpc.SetPayloadPoints | Batched.OverwritePayload) -> None:
    """`key` has no meaning here."""
    ids, present = existing(collection, message)
    collection.overwrite_payload(FromGrpc.convert_payload(message.payload), present)
    collection.touch(present)
    collection.require(ids)


def delete_payload(collection: Collection, message: grpc.DeletePayloadPoints | Batched.DeletePayload) -> None:
    ids, present = existing(collection, message)
    collection.delete_payload(list(message.keys), present)
    collection.touch(present)
    collection.require(ids)


def clear_payload(collection: Collection, message: grpc.ClearPayloadPoints | Batched.ClearPayload) -> None:
    ids = selected(collection, message.points if message.HasField("points") else None, "points")
    present = collection.present(ids)
    collection.clear_payload(present)
    collection.touch(present)
    collection.require(ids)


OPERATIONS: dict[str, Callable[[Collection, Any], None]] = {
    "upsert": upsert,
    "delete_points": delete,
    "set_payload": set_payload,
    "overwrite_payload": overwrite_payload,
    "delete_payload": delete_payload,
    "clear_payload": clear_payload,
    "update_vectors": update_vectors,
    "delete_vectors": delete_vectors,
}
# The forms older clients send: the selector alone.
BARE_SELECTORS = {
    "delete_deprecated": ("delete_points", Batched.DeletePoints),
    "clear_payload_deprecated": ("clear_payload", Batched.ClearPayload),
}


def operation_of(operation: grpc.PointsUpdateOperation) -> tuple[Callable[[Collection, Any], None], Any]:
    """The change one operation of a batch asks for, and its message."""
    kind = operation.WhichOneof("operation")
    if kind is None:
        raise bad_request("Operation is missing")
    message = getattr(operation, kind)
    if kind in BARE_SELECTORS:
        kind, wrapper = BARE_SELECTORS[kind]
        message = wrapper(points=message)
    return OPERATIONS[kind], message


def run(collection: Collection, change: Callable[[Collection, Any], None], message: Any, wait: bool) -> int:
    """Applies one change under the next operation number."""
    refuse_shard_keys(message)
    number = collection.next_operation()
    try:
        change(collection, message)
    except RefusedChange:
        if wait:
            raise
    return number
