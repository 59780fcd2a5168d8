"""Flows over collections: configuration, aliases, indexes, vector names, snapshots, cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qdrant_client import QdrantClient
from qdrant_client import models as m

from .compare import failure
from .data import FILMS, INDEXES, PLAIN, make_films, make_plain


def lifecycle(client: QdrantClient) -> Iterator[Any]:
    yield client.collection_exists("c")
    yield client.create_collection("c", vectors_config=m.VectorParams(size=4, distance=m.Distance.COSINE))
    yield client.collection_exists("c")
    yield client.get_collections()
    yield client.get_collection("c")
    yield client.delete_collection("c")
    yield client.delete_collection("c")
    yield client.get_collections()


def every_option(client: QdrantClient) -> Iterator[Any]:
    yield client.create_collection(
        "c",
        vectors_config={
            "a": m.VectorParams(
                size=8,
                distance=m.Distance.EUCLID,
                datatype=m.Datatype.FLOAT16,
                on_disk=True,
                hnsw_config=m.HnswConfigDiff(m=8, ef_construct=64, payload_m=4),
                quantization_config=m.ScalarQuantization(
                    scalar=m.ScalarQuantizationConfig(type=m.ScalarType.INT8, quantile=0.95, always_ram=True)
                ),
            ),
            "b": m.VectorParams(
                size=2,
                distance=m.Distance.MANHATTAN,
                datatype=m.Datatype.UINT8,
                multivector_config=m.MultiVectorConfig(comparator=m.MultiVectorComparator.MAX_SIM),
            ),
        },
        sparse_vectors_config={
            "s": m.SparseVectorParams(
                index=m.SparseIndexParams(full_scan_threshold=100, on_disk=True, datatype=m.Datatype.FLOAT16),
                modifier=m.Modifier.IDF,
            ),
            "t": m.SparseVectorParams(),
        },
        shard_number=2,
        replication_factor=1,
        write_consistency_factor=1,
        on_disk_payload=False,
        hnsw_config=m.HnswConfigDiff(m=32, full_scan_threshold=1000, max_indexing_threads=2, on_disk=True),
        optimizers_config=m.OptimizersConfigDiff(
            deleted_threshold=0.5, indexing_threshold=100, flush_interval_sec=2, max_optimization_threads=3
        ),
        wal_config=m.WalConfigDiff(wal_capacity_mb=16, wal_segments_ahead=1),
        strict_mode_config=m.StrictModeConfig(enabled=False, max_query_limit=50, search_max_oversampling=2.5),
        metadata={"owner": "test", "n": 1, "list": [1, 2.5, None]},
    )
    yield client.get_collection("c")


QUANTIZATIONS: list[Any] = [
    m.ScalarQuantization(scalar=m.ScalarQuantizationConfig(type=m.ScalarType.INT8)),
    m.ProductQuantization(product=m.ProductQuantizationConfig(compression=m.CompressionRatio.X16, always_ram=True)),
    m.ProductQuantization(product=m.ProductQuantizationConfig(compression=m.CompressionRatio.X4)),
    m.BinaryQuantization(binary=m.BinaryQuantizationConfig(always_ram=False)),
    m.BinaryQuantization(
        binary=m.BinaryQuantizationConfig(
            encoding=m.BinaryQuantizationEncoding.TWO_BITS,
            query_encoding=m.BinaryQuantizationQueryEncoding.SCALAR8BITS,
        )
    ),
    m.TurboQuantization(turbo=m.TurboQuantQuantizationConfig(bits=m.TurboQuantBitSize.BITS2)),
]


def quantizations(client: QdrantClient) -> Iterator[Any]:
    for number, quantization in enumerate(QUANTIZATIONS):
        yield client.create_collection(
            f"c{number}",
            vectors_config=m.VectorParams(size=4, distance=m.Distance.DOT),
            quantization_config=quantization,
        )
        yield client.get_collection(f"c{number}").config.quantization_config


def update(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    yield client.update_collection(
        FILMS,
        vectors_config={
            "text": m.VectorParamsDiff(
                hnsw_config=m.HnswConfigDiff(m=24),
                quantization_config=m.BinaryQuantization(binary=m.BinaryQuantizationConfig(always_ram=True)),
                on_disk=True,
            )
        },
        sparse_vectors_config={"words": m.SparseVectorParams(index=m.SparseIndexParams(on_disk=True))},
        hnsw_config=m.HnswConfigDiff(ef_construct=123),
        optimizers_config=m.OptimizersConfigDiff(indexing_threshold=7, max_segment_size=9000),
        collection_params=m.CollectionParamsDiff(replication_factor=2, read_fan_out_factor=3),
        quantization_config=m.ScalarQuantization(scalar=m.ScalarQuantizationConfig(type=m.ScalarType.INT8)),
        strict_mode_config=m.StrictModeConfig(max_timeout=9),
        metadata={"a": 1, "b": {"c": [True]}},
    )
    yield client.get_collection(FILMS)
    yield client.update_collection(
        FILMS,
        vectors_config={"text": m.VectorParamsDiff(quantization_config=m.Disabled.DISABLED)},
        quantization_config=m.Disabled.DISABLED,
        metadata={"a": None, "d": "new"},
    )
    yield client.get_collection(FILMS)
    make_plain(client)
    yield client.update_collection(PLAIN, vectors_config={"": m.VectorParamsDiff(hnsw_config=m.HnswConfigDiff(m=5))})
    yield client.get_collection(PLAIN)


def aliases(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    create = m.CreateAliasOperation(create_alias=m.CreateAlias(collection_name=PLAIN, alias_name="now"))
    rename = m.RenameAliasOperation(rename_alias=m.RenameAlias(old_alias_name="now", new_alias_name="then"))
    delete = m.DeleteAliasOperation(delete_alias=m.DeleteAlias(alias_name="then"))
    yield client.update_collection_aliases([create])
    yield client.get_aliases()
    yield client.get_collection_aliases(PLAIN)
    yield client.count("now")
    yield client.get_collection("now").points_count
    yield client.update_collection_aliases([rename])
    yield client.get_aliases()
    yield failure(lambda: client.update_collection_aliases([rename]))
    yield client.update_collection_aliases([delete, create])
    yield client.get_collection_aliases(PLAIN)
    yield client.delete_collection("now")
    yield client.update_collection_aliases([m.DeleteAliasOperation(delete_alias=m.DeleteAlias(alias_name="now"))])
    yield client.get_aliases()


def alias_errors(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)

    def create(alias: str, name: str) -> Any:
        operation = m.CreateAliasOperation(create_alias=m.CreateAlias(collection_name=name, alias_name=alias))
        return client.update_collection_aliases([operation])

    yield failure(lambda: create("a", "missing"))
    yield failure(lambda: create(PLAIN, PLAIN))
    yield create("a", PLAIN)
    yield failure(lambda: client.create_collection("a", vectors_config=m.VectorParams(size=1, distance=m.Distance.DOT)))


INDEX_PARAMS: list[Any] = [
    *INDEXES.values(),
    m.KeywordIndexParams(type=m.KeywordIndexType.KEYWORD, is_tenant=True, on_disk=True),
    m.IntegerIndexParams(type=m.IntegerIndexType.INTEGER, lookup=False, range=True, is_principal=True),
    m.FloatIndexParams(type=m.FloatIndexType.FLOAT, on_disk=True),
    m.GeoIndexParams(type=m.GeoIndexType.GEO, on_disk=True),
    m.BoolIndexParams(type=m.BoolIndexType.BOOL),
    m.DatetimeIndexParams(type=m.DatetimeIndexType.DATETIME, is_principal=True),
    m.TextIndexParams(
        type=m.TextIndexType.TEXT,
        tokenizer=m.TokenizerType.PREFIX,
        min_token_len=2,
        max_token_len=10,
        lowercase=False,
        phrase_matching=True,
        stopwords=m.StopwordsSet(languages=[m.Language.ENGLISH, m.Language.GERMAN], custom=["foo"]),
        stemmer=m.SnowballParams(type=m.Snowball.SNOWBALL, language=m.SnowballLanguage.ENGLISH),
    ),
]


def indexes(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    for number, params in enumerate(INDEX_PARAMS):
        yield client.create_payload_index(PLAIN, f"k{number}.x[]", params, wait=True)
    yield client.create_payload_index(PLAIN, "n", m.PayloadSchemaType.INTEGER, wait=False)
    yield client.get_collection(PLAIN).payload_schema
    yield client.delete_payload_index(PLAIN, "n", wait=True)
    yield client.delete_payload_index(PLAIN, "missing", wait=True)
    yield sorted(client.get_collection(PLAIN).payload_schema)


def vector_names(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    dense = m.DenseVectorNameConfig(dense=m.DenseVectorConfig(size=2, distance=m.Distance.DOT))
    sparse = m.SparseVectorNameConfig(sparse=m.SparseVectorConfig(modifier=m.Modifier.IDF))
    yield client.create_vector_name(PLAIN, "d", dense, wait=True)
    yield client.create_vector_name(PLAIN, "s", sparse, wait=True)
    yield client.create_vector_name(PLAIN, "d", dense, wait=True)
    yield failure(lambda: client.create_vector_name(PLAIN, "d", sparse, wait=True))
    yield client.get_collection(PLAIN).config.params
    vectors = {"d": [1.0, 2.0], "s": m.SparseVector(indices=[3, 1], values=[0.5, 1.5])}
    yield client.update_vectors(PLAIN, [m.PointVectors(id=1, vector=vectors)], wait=True)
    yield client.retrieve(PLAIN, [1, 2], with_vectors=True)
    yield client.query_points(PLAIN, query=[1.0, 1.0], using="d")
    yield client.delete_vector_name(PLAIN, "d", wait=True)
    yield client.delete_vector_name(PLAIN, "missing", wait=True)
    yield client.get_collection(PLAIN).config.params
    yield client.retrieve(PLAIN, [1], with_vectors=True)


def snapshots(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    yield client.list_snapshots(PLAIN)
    made = client.create_snapshot(PLAIN)
    yield [made.size, made.name.startswith(PLAIN), "T" in made.creation_time, len(made.checksum)]
    yield [found.name == made.name for found in client.list_snapshots(PLAIN)]
    yield client.delete_snapshot(PLAIN, made.name)
    yield failure(lambda: client.delete_snapshot(PLAIN, "none.snapshot"))
    full = client.create_full_snapshot()
    yield [found.name == full.name for found in client.list_full_snapshots()]
    yield client.delete_full_snapshot(full.name)
    yield client.list_full_snapshots()
    yield failure(lambda: client.create_snapshot("missing"))


def cluster(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    info = client.collection_cluster_info(PLAIN)
    # The client's gRPC side makes an empty list of what REST, the database's own too, leaves out.
    info.resharding_operations = info.resharding_operations or None
    yield info
    yield list(client.list_shard_keys(PLAIN).shard_keys or [])
    yield failure(lambda: client.create_shard_key(PLAIN, "k"))
    yield failure(lambda: client.delete_shard_key(PLAIN, 7))
    drop = m.DropReplicaOperation(drop_replica=m.Replica(shard_id=0, peer_id=1))
    yield failure(lambda: client.cluster_collection_update(PLAIN, drop))
    yield failure(lambda: client.collection_cluster_info("missing"))


def errors(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    params = m.VectorParams(size=3, distance=m.Distance.DOT)
    yield failure(lambda: client.create_collection(PLAIN, vectors_config=params))
    yield failure(lambda: client.create_collection("a<b", vectors_config=params))
    yield failure(
        lambda: client.create_collection("big", vectors_config=m.VectorParams(size=65537, distance=m.Distance.DOT))
    )
    yield failure(lambda: client.get_collection("missing"))
    yield failure(lambda: client.update_collection("missing", hnsw_config=m.HnswConfigDiff(m=1)))
    yield failure(lambda: client.update_collection(PLAIN, vectors_config={"zz": m.VectorParamsDiff(on_disk=True)}))
    yield failure(lambda: client.create_payload_index("missing", "a", m.PayloadSchemaType.KEYWORD))
    yield failure(lambda: client.list_snapshots("missing"))


FLOWS = [
    lifecycle,
    every_option,
    quantizations,
    update,
    aliases,
    alias_errors,
    indexes,
    vector_names,
    snapshots,
    cluster,
    errors,
]
