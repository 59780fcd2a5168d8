"""LangChain's store: texts in, documents out, by every kind of search it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_qdrant import QdrantVectorStore, RetrievalMode, SparseEmbeddings, SparseVector
from qdrant_client import QdrantClient
from qdrant_client import models as m

from . import texts

COLLECTION = "langchain"
TALES = m.Filter(must=[m.FieldCondition(key="metadata.kind", match=m.MatchValue(value="tale"))])


class Dense(Embeddings):
    def embed_documents(self, documents: list[str]) -> list[list[float]]:
        return [texts.dense(text) for text in documents]

    def embed_query(self, text: str) -> list[float]:
        return texts.dense(text)


class Sparse(SparseEmbeddings):
    def embed_documents(self, documents: list[str]) -> list[SparseVector]:
        return [self.embed_query(text) for text in documents]

    def embed_query(self, text: str) -> SparseVector:
        indices, values = texts.sparse(text)
        return SparseVector(indices=indices, values=values)


def told(found: list[tuple[Document, float]]) -> list[Any]:
    return [(document.page_content, document.metadata["kind"], score) for document, score in found]


def make(client: QdrantClient, mode: RetrievalMode = RetrievalMode.HYBRID) -> QdrantVectorStore:
    """An existing collection is checked against the embeddings."""
    return QdrantVectorStore(
        client, COLLECTION, Dense(), retrieval_mode=mode, vector_name="dense",
        sparse_embedding=Sparse(), sparse_vector_name="words",
    )  # fmt: skip


def fill(client: QdrantClient) -> QdrantVectorStore:
    client.create_collection(
        COLLECTION,
        vectors_config={"dense": m.VectorParams(size=texts.SIZE, distance=m.Distance.COSINE)},
        sparse_vectors_config={"words": m.SparseVectorParams()},
    )
    store = make(client)
    added = store.add_texts(texts.TEXTS, [{"kind": kind} for kind in texts.KINDS], texts.IDS, batch_size=3)
    assert added == texts.IDS
    return store


def searches(client: QdrantClient) -> dict[str, list[Any]]:
    fill(client)
    dense, sparse = make(client, RetrievalMode.DENSE), make(client, RetrievalMode.SPARSE)
    return {
        "dense": told(dense.similarity_search_with_score("quick fox", k=4)),
        "filtered": told(dense.similarity_search_with_score("quick fox", k=4, filter=TALES)),
        "sparse": told(sparse.similarity_search_with_score("storm harbour", k=4)),
        "hybrid": told(make(client).similarity_search_with_score("lazy storm", k=5)),
    }


def flow(client: QdrantClient) -> Iterator[Any]:
    yield searches(client)
    store = make(client, RetrievalMode.DENSE)
    yield told(store.similarity_search_with_score("quick fox", k=3, offset=1))
    yield told(store.similarity_search_with_score("quick fox", k=9, score_threshold=0.6))
    yield told(store.max_marginal_relevance_search_with_score_by_vector(texts.dense("storm"), k=3, fetch_k=6))
    yield [document.page_content for document in store.as_retriever(search_kwargs={"k": 2}).invoke("old harbour")]
    yield store.get_by_ids([texts.IDS[2], texts.IDS[0], "00000000-0000-0000-0000-000000000000"])
    store.add_texts(["the fox again"], [{"kind": "tale", "deep": {"n": [1, 2.0, None]}}], [texts.IDS[2]])
    yield store.get_by_ids([texts.IDS[2]])
    yield store.delete([texts.IDS[0], texts.IDS[1]])
    yield client.count(COLLECTION)
    yield client.scroll(COLLECTION, limit=3, with_vectors=True)
    yield client.delete_collection(COLLECTION)


def from_texts(url: str) -> list[Any]:
    """The store makes its own client, collection and vectors."""
    store = QdrantVectorStore.from_texts(
        texts.TEXTS, Dense(), [{"kind": kind} for kind in texts.KINDS], texts.IDS, url=url, prefer_grpc=False,
        check_compatibility=False, collection_name=COLLECTION, force_recreate=True,
    )  # fmt: skip
    found = told(store.similarity_search_with_score("quick fox", k=4))
    store.client.delete_collection(COLLECTION)
    store.client.close()
    return found
