"""LlamaIndex' store: nodes in, nodes out, by vector, by words, by both and by metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
    VectorStoreQueryResult,
)
from llama_index.vector_stores.qdrant import QdrantVectorStore
from qdrant_client import QdrantClient

from . import texts

COLLECTION = "llamaindex"


def encode(documents: list[str]) -> tuple[list[list[int]], list[list[float]]]:
    indices, values = zip(*(texts.sparse(text) for text in documents), strict=True)
    return list(indices), list(values)


def node(number: int) -> TextNode:
    return TextNode(
        id_=texts.IDS[number],
        text=texts.TEXTS[number],
        embedding=texts.dense(texts.TEXTS[number]),
        metadata={"kind": texts.KINDS[number], "number": number, "half": number / 2},
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=f"book-{number % 2}")},
        # Else what is embedded is more than the text.
        excluded_embed_metadata_keys=["kind", "number", "half"],
    )


def make(client: QdrantClient) -> QdrantVectorStore:
    return QdrantVectorStore(
        COLLECTION, client=client, enable_hybrid=True, sparse_doc_fn=encode, sparse_query_fn=encode, batch_size=3
    )


def told(result: VectorStoreQueryResult) -> list[Any]:
    return [
        (found.get_content(), found.metadata["kind"], score)
        for found, score in zip(result.nodes, result.similarities, strict=True)
    ]


def ask(store: QdrantVectorStore, text: str, mode: str = "default", top: int = 4, **more: Any) -> list[Any]:
    return told(
        store.query(
            VectorStoreQuery(
                query_embedding=texts.dense(text),
                query_str=text,
                similarity_top_k=top,
                mode=VectorStoreQueryMode(mode),
                **more,
            )
        )
    )


def where(key: str, operator: FilterOperator, value: Any) -> MetadataFilter:
    return MetadataFilter(key=key, operator=operator, value=value)


def searches(client: QdrantClient) -> dict[str, list[Any]]:
    store = make(client)
    assert store.add([node(number) for number in range(len(texts.TEXTS))]) == texts.IDS
    tales = MetadataFilters(filters=[where("kind", FilterOperator.EQ, "tale")])
    return {
        "dense": ask(store, "quick fox"),
        "filtered": ask(store, "quick fox", filters=tales),
        "sparse": ask(store, "storm harbour", "sparse"),
    }


def flow(client: QdrantClient) -> Iterator[Any]:
    yield searches(client)
    store = make(client)
    yield ask(store, "lazy storm", "hybrid", sparse_top_k=5, alpha=0.25)
    either = MetadataFilters(
        filters=[where("number", FilterOperator.GTE, 4), where("kind", FilterOperator.IN, ["note"])],
        condition=FilterCondition.OR,
    )
    yield ask(store, "quick fox", top=9, filters=either)
    neither = MetadataFilters(
        filters=[where("half", FilterOperator.LT, 2), where("kind", FilterOperator.NIN, ["note", "place"])]
    )
    yield ask(store, "quick fox", top=9, filters=neither)
    yield sorted(found.node_id for found in store.get_nodes(filters=either))
    yield [found.to_dict() for found in store.get_nodes(node_ids=[texts.IDS[3]])]
    store.delete("book-1")
    yield client.count(COLLECTION)
    store.delete_nodes(node_ids=[texts.IDS[0]])
    yield client.scroll(COLLECTION, limit=10, with_vectors=True)
    store.clear()
    yield client.collection_exists(COLLECTION)
