"""A collection's configuration: what a request leaves out, how a change is merged, how it is replied.

Kept as protobuf messages from end to end, so that every option a client sends comes back whether or not local
mode knows it.
"""

from __future__ import annotations

from typing import Any

from qdrant_client import grpc
from qdrant_client.http import models as rest

from . import validation
from .collection import Collection
from .convert import FromGrpc
from .errors import vector_name_missing, wrong_input

SAME_IN_PARAMS = ("replication_factor", "write_consistency_factor", "read_fan_out_factor", "read_fan_out_delay_ms")


def default_settings() -> grpc.CollectionConfig:
    """What the server applies where a request says nothing."""
    auto = grpc.MaxOptimizationThreads(setting=grpc.MaxOptimizationThreads.Setting.Auto)
    return grpc.CollectionConfig(
        params=grpc.CollectionParams(
            vectors_config=grpc.VectorsConfig(params_map=grpc.VectorParamsMap()),
            shard_number=1,
            replication_factor=1,
            write_consistency_factor=1,
            on_disk_payload=True,
        ),
        hnsw_config=grpc.HnswConfigDiff(
            m=16, ef_construct=100, full_scan_threshold=10000, max_indexing_threads=0, on_disk=False
        ),
        optimizer_config=grpc.OptimizersConfigDiff(
            deleted_threshold=0.2,
            vacuum_min_vector_number=1000,
            default_segment_number=0,
            indexing_threshold=10000,
            flush_interval_sec=5,
            max_optimization_threads=auto,
        ),
        wal_config=grpc.WalConfigDiff(wal_capacity_mb=32, wal_segments_ahead=0, wal_retain_closed=1),
    )


def create(request: grpc.CreateCollection) -> tuple[rest.CreateCollection, grpc.CollectionConfig]:
    """The two forms of a new collection's configuration: local mode's, and the one replied."""
    check_create(request)
    settings = default_settings()
    params = settings.params
    if request.HasField("vectors_config") and request.vectors_config.WhichOneof("config") is not None:
        params.vectors_config.CopyFrom(request.vectors_config)
    for field in ("sparse_vectors_config", "sharding_method", "shard_number", "on_disk_payload", "payload"):
        copy_field(request, params, field)
    for field in SAME_IN_PARAMS[:2]:
        copy_field(request, params, field)
    settings.hnsw_config.MergeFrom(request.hnsw_config)
    settings.wal_config.MergeFrom(request.wal_config)
    merge_optimizers(settings.optimizer_config, request.optimizers_config)
    copy_field(request, settings, "quantization_config")
    copy_field(request, settings, "strict_mode_config")
    merge_metadata(settings, request)
    config = rest.CreateCollection(
        vectors=FromGrpc.convert_vectors_config(params.vectors_config),
        sparse_vectors=(
            FromGrpc.convert_sparse_vector_config(params.sparse_vectors_config)
            if params.HasField("sparse_vectors_config")
            else None
        ),
    )
    return config, settings


def check_create(request: grpc.CreateCollection) -> None:
    validation.check_new_name(request.collection_name)
    complaints = validation.out_of_bounds(request, validation.COLLECTION)
    kind = request.vectors_config.WhichOneof("config")
    if kind == "params":
        complaints += validation.out_of_bounds(
            request.vectors_config.params, validation.VECTOR_PARAMS, "vectors_config.config."
        )
    elif kind == "params_map":
        for params in request.vectors_config.params_map.map.values():
            complaints += validation.out_of_bounds(params, validation.VECTOR_PARAMS, "vectors_config.config.map.[].")
    validation.check(complaints)
    late = validation.out_of_bounds(request, [validation.Bound("hnsw_config.full_scan_threshold", 10)])
    if late:
        raise wrong_input(f"Validation error in body: [{late[0]}]")
    for name in request.sparse_vectors_config.map:
        for letter in name:
            if letter in validation.NAME_FORBIDS:
                raise wrong_input(f'Invalid sparse vector name `{name}`: vector name cannot contain "{letter}" char')


def update(collection: Collection, request: grpc.UpdateCollection) -> None:
    """Applies a PATCH: every part merges into what is there, nothing set means nothing changed."""
    validation.check(validation.out_of_bounds(request, validation.COLLECTION_DIFF))
    settings = collection.settings
    vectors = changed_vectors(settings.params.vectors_config, request.vectors_config)
    for name in request.sparse_vectors_config.map:
        if name not in settings.params.sparse_vectors_config.map:
            raise vector_name_missing(name)

    for params, diff in vectors:
        if diff.HasField("hnsw_config"):
            params.hnsw_config.MergeFrom(diff.hnsw_config)
        copy_field(diff, params, "on_disk")
        copy_field(diff, params, "memory")
        if diff.HasField("quantization_config"):
            replace_quantization(params, diff.quantization_config)
    for name, diff in request.sparse_vectors_config.map.items():
        merged = settings.params.sparse_vectors_config.map[name]
        merged.MergeFrom(diff)
        collection.update_sparse_vectors_config(name, FromGrpc.convert_sparse_vector_params(merged))
    for field in (*SAME_IN_PARAMS, "on_disk_payload", "payload"):
        copy_field(request.params, settings.params, field)
    settings.hnsw_config.MergeFrom(request.hnsw_config)
    merge_optimizers(settings.optimizer_config, request.optimizers_config)
    if request.HasField("quantization_config"):
        replace_quantization(settings, request.quantization_config)
    if request.HasField("strict_mode_config"):
        settings.strict_mode_config.MergeFrom(request.strict_mode_config)
    merge_metadata(settings, request)


def changed_vectors(
    config: grpc.VectorsConfig, diff: grpc.VectorsConfigDiff
) -> list[tuple[grpc.VectorParams, grpc.VectorParamsDiff]]:
    """Pairs of what is configured and its change. The default vector goes by the empty name."""
    kind = diff.WhichOneof("config")
    if kind is None:
        return []
    changes = {"": diff.params} if kind == "params" else dict(diff.params_map.map)
    pairs = []
    for name, change in changes.items():
        if config.WhichOneof("config") == "params" and name == "":
            pairs.append((config.params, change))
        elif name in config.params_map.map:
            pairs.append((config.params_map.map[name], change))
        else:
            raise vector_name_missing(name)
    return pairs


def copy_field(source: Any, target: Any, field: str) -> None:
    """Copies a field if it is set."""
    if not source.HasField(field):
        return
    value = getattr(source, field)
    if hasattr(value, "CopyFrom"):
        getattr(target, field).CopyFrom(value)
    else:
        setattr(target, field, value)


def merge_optimizers(settings: grpc.OptimizersConfigDiff, diff: grpc.OptimizersConfigDiff) -> None:
    """The number of threads has an old and a new field; the old one wins, and a number is replied in both."""
    settings.MergeFrom(diff)
    if diff.HasField("deprecated_max_optimization_threads"):
        settings.max_optimization_threads.value = diff.deprecated_max_optimization_threads
    threads = settings.max_optimization_threads
    settings.ClearField("deprecated_max_optimization_threads")
    if threads.WhichOneof("variant") == "value":
        settings.deprecated_max_optimization_threads = threads.value


def replace_quantization(settings: Any, diff: grpc.QuantizationConfigDiff) -> None:
    kind = diff.WhichOneof("quantization")
    settings.ClearField("quantization_config")
    if kind is not None and kind != "disabled":
        getattr(settings.quantization_config, kind).CopyFrom(getattr(diff, kind))


def merge_metadata(settings: grpc.CollectionConfig, request: Any) -> None:
    """Keys are added and replaced; a null removes one."""
    for key, value in request.metadata.items():
        if value.WhichOneof("kind") in (None, "null_value"):
            settings.metadata.pop(key, None)
        else:
            settings.metadata[key].CopyFrom(value)


def add_vector(collection: Collection, request: grpc.CreateVectorNameRequest) -> None:
    """A new vector name. The same configuration again changes nothing; another one is refused."""
    name = request.vector_name
    params = collection.settings.params
    kind = request.WhichOneof("vector_config")
    dense = dense_vectors(params.vectors_config)
    if kind == "dense_config":
        if name in params.sparse_vectors_config.map:
            raise wrong_input(f"Vector `{name}` already exists as a sparse vector")
        wanted = dense_params(request.dense_config)
        if name in dense:
            if dense[name] != wanted:
                raise wrong_input(f"Dense vector `{name}` already exists with a different configuration")
            return
        collection.create_dense_vector_name(
            name,
            rest.DenseVectorConfig(
                size=wanted.size,
                distance=FromGrpc.convert_distance(wanted.distance),
                multivector_config=(
                    FromGrpc.convert_multivector_config(wanted.multivector_config)
                    if wanted.HasField("multivector_config")
                    else None
                ),
            ),
        )
        dense[name] = wanted
        store_dense(params, dense)
    elif kind == "sparse_config":
        if name in dense:
            raise wrong_input(f"Vector `{name}` already exists as a dense vector")
        wanted = sparse_params(request.sparse_config)
        known = params.sparse_vectors_config.map
        if name in known:
            if known[name] != wanted:
                raise wrong_input(f"Sparse vector `{name}` already exists with a different configuration")
            return
        modifier = FromGrpc.convert_modifier(wanted.modifier) if wanted.HasField("modifier") else None
        collection.create_sparse_vector_name(name, rest.SparseVectorConfig(modifier=modifier))
        params.sparse_vectors_config.map[name].CopyFrom(wanted)


def remove_vector(collection: Collection, name: str) -> None:
    params = collection.settings.params
    if name in params.sparse_vectors_config.map:
        collection.delete_vector_name(name)
        del params.sparse_vectors_config.map[name]
        return
    dense = dense_vectors(params.vectors_config)
    if name in dense:
        collection.delete_vector_name(name)
        del dense[name]
        store_dense(params, dense)


def dense_vectors(config: grpc.VectorsConfig) -> dict[str, grpc.VectorParams]:
    single = config.WhichOneof("config") == "params"
    return {"": config.params} if single else dict(config.params_map.map)


def store_dense(params: grpc.CollectionParams, dense: dict[str, grpc.VectorParams]) -> None:
    """From the first change of names on, vectors are replied as a map, the default one by its empty name."""
    params.vectors_config.CopyFrom(grpc.VectorsConfig(params_map=grpc.VectorParamsMap(map=dense)))


def dense_params(config: grpc.DenseVectorCreationConfig) -> grpc.VectorParams:
    params = grpc.VectorParams(size=config.size, distance=config.distance)
    copy_field(config, params, "multivector_config")
    copy_field(config, params, "datatype")
    return params


def sparse_params(config: grpc.SparseVectorCreationConfig) -> grpc.SparseVectorParams:
    params = grpc.SparseVectorParams()
    copy_field(config, params, "modifier")
    if config.HasField("datatype"):
        params.index.datatype = config.datatype
    return params


def info(collection: Collection) -> grpc.CollectionInfo:
    reply = grpc.CollectionInfo(
        status=grpc.CollectionStatus.Green,
        optimizer_status=grpc.OptimizerStatus(ok=True),
        segments_count=2,
        config=collection.settings,
        points_count=collection.count().count,
        indexed_vectors_count=0,
        update_queue=grpc.UpdateQueueInfo(),
    )
    for key, index in collection.indexes.items():
        reply.payload_schema[key].CopyFrom(index)
        reply.payload_schema[key].points = collection.indexed_points(key)
    return reply
