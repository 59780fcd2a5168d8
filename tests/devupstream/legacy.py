"""Search, recommend and discover, told as queries: the calls clients used before there was Query."""

from __future__ import annotations

from typing import Any, TypeVar

from qdrant_client import grpc

from .convert import FromGrpc
from .errors import bad_request, invalid_argument
from .reads import copy_common

Target = TypeVar("Target", grpc.QueryPoints, grpc.QueryPointGroups)


def search(request: grpc.SearchPoints | grpc.SearchPointGroups, target: Target) -> Target:
    copy_common(request, target)
    target.limit = request.limit
    nearest = target.query.nearest
    if request.HasField("sparse_indices"):
        nearest.sparse.values.extend(request.vector)
        nearest.sparse.indices.extend(request.sparse_indices.data)
    else:
        nearest.dense.data.extend(request.vector)
        nearest.dense.SetInParent()
    if request.HasField("vector_name"):
        target.using = request.vector_name
    return target


def recommend(request: grpc.RecommendPoints | grpc.RecommendPointGroups, target: Target) -> Target:
    copy_common(request, target)
    target.limit = request.limit
    query = target.query.recommend
    query.SetInParent()
    if request.HasField("strategy"):
        query.strategy = request.strategy
    for side in ("positive", "negative"):
        examples = getattr(query, side)
        for point_id in getattr(request, side):
            examples.add().id.CopyFrom(point_id)
        for vector in getattr(request, f"{side}_vectors"):
            examples.add().CopyFrom(as_input(vector))
    average = not request.HasField("strategy") or request.strategy == grpc.RecommendStrategy.AverageVector
    if average and not query.positive:
        raise bad_request("At least one positive vector ID required with this strategy")
    return target


def discover(request: grpc.DiscoverPoints, target: grpc.QueryPoints) -> grpc.QueryPoints:
    copy_common(request, target)
    target.limit = request.limit
    pairs = [
        grpc.ContextInputPair(positive=example(pair.positive), negative=example(pair.negative))
        for pair in request.context
    ]
    if request.HasField("target"):
        target.query.discover.target.CopyFrom(example(request.target.single))
        target.query.discover.context.pairs.extend(pairs)
        target.query.discover.context.SetInParent()
    elif pairs:
        target.query.context.pairs.extend(pairs)
    else:
        raise bad_request("target and/or context_pairs must be specified")
    return target


def example(model: grpc.VectorExample) -> grpc.VectorInput:
    kind = model.WhichOneof("example")
    if kind is None:
        raise invalid_argument("No VectorExample provided")
    return grpc.VectorInput(id=model.id) if kind == "id" else as_input(model.vector)


def as_input(vector: grpc.Vector) -> grpc.VectorInput:
    """A vector as query input. Older clients leave the oneof unset and fill `data` beside it."""
    kind = vector.WhichOneof("vector")
    reply = grpc.VectorInput()
    if kind is not None:
        getattr(reply, kind).CopyFrom(getattr(vector, kind))
        return reply
    value: Any = FromGrpc.convert_vector(vector)
    if vector.HasField("indices"):
        reply.sparse.indices.extend(value.indices)
        reply.sparse.values.extend(value.values)
    elif vector.HasField("vectors_count"):
        for row in value:
            reply.multi_dense.vectors.add().data.extend(row)
    else:
        reply.dense.data.extend(value)
        reply.dense.SetInParent()
    return reply
