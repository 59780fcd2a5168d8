"""Bounds the server checks on a gRPC message before it looks at any collection."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from qdrant_client import grpc
from qdrant_client.local.json_path_parser import JsonPathItem, parse_json_path

from .errors import failed_validation, invalid_argument

NAME_FORBIDS = '<>:"/\\|?*\0\x1f'


class Bound(NamedTuple):
    """A number at `path` and the least and greatest value it may have. `label` is the path as the server says it."""

    path: str
    least: float | None = None
    most: float | None = None
    label: str = ""


SEARCH_PARAMS = (
    Bound("params.hnsw_ef", 1),
    Bound("params.quantization.oversampling", 1.0),
    Bound("params.acorn.max_selectivity", 0.0, 1.0),
)
SEARCH = (Bound("limit", 1), *SEARCH_PARAMS)
GROUPS = (Bound("limit", 1), Bound("group_size", 1), *SEARCH_PARAMS)
QUERY = (
    *SEARCH,
    Bound("query.nearest_with_mmr.mmr.diversity", 0.0, 1.0, "query.variant.mmr.diversity"),
    Bound("query.nearest_with_mmr.mmr.candidates_limit", None, 16384, "query.variant.mmr.candidates_limit"),
)
MATRIX = (Bound("sample", 2), Bound("limit", 1))
VECTOR_PARAMS = (Bound("size", 1, 65536), Bound("hnsw_config.ef_construct", 4))
OPTIMIZERS = (
    Bound("optimizers_config.deleted_threshold", 0.0, 1.0),
    Bound("optimizers_config.vacuum_min_vector_number", 100),
    Bound("optimizers_config.max_segment_size", 1),
)
COLLECTION = (
    Bound("shard_number", 1),
    Bound("replication_factor", 1),
    Bound("write_consistency_factor", 1),
    Bound("hnsw_config.ef_construct", 4),
    *OPTIMIZERS,
    Bound("quantization_config.scalar.quantile", 0.5, 1.0, "quantization_config.quantization.quantile"),
    Bound("strict_mode_config.max_query_limit", 1),
    Bound("strict_mode_config.max_resident_memory_percent", 1, 100),
)
COLLECTION_DIFF = (Bound("hnsw_config.ef_construct", 4), *OPTIMIZERS)


def check(complaints: Iterable[str]) -> None:
    """Raises one error for all complaints, if there are any."""
    found = list(complaints)
    if found:
        raise failed_validation(found)


def out_of_bounds(message: Any, bounds: Iterable[Bound], prefix: str = "") -> list[str]:
    """One complaint for every number of `message` beyond its bounds; a field not set has none."""
    complaints = []
    for bound in bounds:
        value = value_at(message, bound.path.split("."))
        if value is None:
            continue
        low, high = bound.least, bound.most
        if (low is None or value >= low) and (high is None or value <= high):
            continue
        if low is None:
            must = f"{high} or smaller"
        else:
            must = f"{low} or larger" if high is None else f"from {low} to {high}"
        complaints.append(f"{prefix}{bound.label or bound.path}: value {value} invalid, must be {must}")
    return complaints


def value_at(message: Any, path: list[str]) -> Any:
    """The scalar at the end of `path`, or None where the path leaves what is set."""
    *parents, name = path
    for parent in parents:
        if not message.HasField(parent):
            return None
        message = getattr(message, parent)
    if message.DESCRIPTOR.fields_by_name[name].has_presence and not message.HasField(name):
        return None
    return getattr(message, name)


def query_complaints(request: Any, bounds: Iterable[Bound], prefix: str = "") -> list[str]:
    """Bounds of a query, of its prefetches and of its filter."""
    complaints = out_of_bounds(request, bounds, prefix)
    if request.HasField("filter"):
        complaints += filter_complaints(request.filter, f"{prefix}filter")
    if "query" in request.DESCRIPTOR.fields_by_name and request.query.WhichOneof("variant") == "nearest":
        sparse = request.query.nearest.sparse
        complaints += sparse_complaints(sparse.indices, sparse.values, f"{prefix}query.variant.variant")
    if "prefetch" in request.DESCRIPTOR.fields_by_name:
        for index, prefetch in enumerate(request.prefetch):
            complaints += query_complaints(prefetch, QUERY, f"{prefix}prefetch[{index}].")
    return complaints


def filter_complaints(model: grpc.Filter, path: str) -> list[str]:
    complaints = []
    for clause in ("should", "must", "must_not"):
        for index, condition in enumerate(getattr(model, clause)):
            complaints += condition_complaints(condition, f"{path}.{clause}[{index}].condition_one_of")
    if model.HasField("min_should"):
        for index, condition in enumerate(model.min_should.conditions):
            complaints += condition_complaints(condition, f"{path}.min_should.conditions[{index}].condition_one_of")
        if model.min_should.min_count == 0:
            complaints.append(f"{path}.min_should.min_count: min_count must be greater than 0")
    return complaints


def condition_complaints(condition: grpc.Condition, path: str) -> list[str]:
    kind = condition.WhichOneof("condition_one_of")
    if kind == "filter":
        return filter_complaints(condition.filter, path)
    if kind == "nested":
        return filter_complaints(condition.nested.filter, f"{path}.filter")
    if kind == "slice" and condition.slice.index >= condition.slice.total:
        return [f"{path}.index: Validation error: must be less than the total number of slices [{{}}]"]
    if kind == "field" and len(condition.field.ListFields()) - bool(condition.field.key) == 0:
        return [f"{path}.match: Validation error: At least one field condition must be specified [{{}}]"]
    return []


def sparse_complaints(indices: Any, values: Any, path: str) -> list[str]:
    if len(indices) != len(values):
        return [f"{path}.values: Validation error: must be the same length as indices [{{}}]"]
    if len(set(indices)) != len(indices):
        return [f"{path}.indices: Validation error: must be unique [{{}}]"]
    return []


def check_new_name(name: str) -> None:
    """A collection to create: 1 to 255 characters, none that a file name could not hold."""
    if not 1 <= len(name) <= 255:
        quoted = json.dumps(name, ensure_ascii=False)
        check([f"collection_name: value {quoted} invalid, must be from 1 to 255 characters"])
    for letter in name:
        if letter in NAME_FORBIDS:
            shown = json.dumps(letter) if letter in "\0\x1f" else f'"{letter}"'
            check([f"collection_name: collection name cannot contain {shown} char"])


def json_path(text: str) -> list[JsonPathItem]:
    """The parts of a payload path."""
    try:
        return parse_json_path(text)
    except ValueError:
        raise invalid_argument(f"Invalid json path: '{text}'") from None
