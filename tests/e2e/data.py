"""The collections the flows work on."""

from __future__ import annotations

from qdrant_client import QdrantClient
from qdrant_client import models as m

FILMS = "films"
PLAIN = "plain"
PEOPLE = "people"
UUID = "0f6a1c9e-8a2b-4a66-9d0e-3a0a5d0b7c11"

GENRES = ("drama", "comedy", "noir")
TEXT_PARAMS = m.TextIndexParams(type=m.TextIndexType.TEXT, tokenizer=m.TokenizerType.WORD, lowercase=True)
INDEXES: dict[str, m.PayloadSchemaType | m.PayloadSchemaParams] = {
    "genre": m.PayloadSchemaType.KEYWORD,
    "year": m.IntegerIndexParams(type=m.IntegerIndexType.INTEGER, lookup=True, range=True),
    "rating": m.PayloadSchemaType.FLOAT,
    "seen": m.PayloadSchemaType.BOOL,
    "released": m.PayloadSchemaType.DATETIME,
    "place": m.PayloadSchemaType.GEO,
    "plot": TEXT_PARAMS,
    "key": m.UuidIndexParams(type=m.UuidIndexType.UUID, is_tenant=True),
}


def wave(seed: int, size: int) -> list[float]:
    """A vector that is different for every seed, without a random generator."""
    return [((seed * 37 + place * 61) % 97 - 48) / 50 for place in range(size)]


def film(number: int) -> m.PointStruct:
    vectors: dict = {"text": wave(number, 4), "image": wave(number + 5, 3)}
    if number % 2:
        vectors["words"] = m.SparseVector(indices=[number % 5, 7, 11 + number], values=[1.0, 0.5, 0.25 * number])
    if number % 3:
        vectors["parts"] = [wave(number, 2), wave(number + 1, 2)]
    payload = {
        "title": f"Film {number} – ünïcode 東京",
        "genre": GENRES[number % 3],
        "year": 1990 + number,
        "rating": number / 4,
        "seen": number % 2 == 0,
        "released": f"{1990 + number}-03-01T12:00:00Z",
        "place": {"lat": 40.0 + number, "lon": 5.0 + number},
        "plot": f"a quick brown fox number {number}",
        "tags": [f"t{number % 4}", "all"],
        "cast": [{"name": "Ann", "age": 20 + number}, {"name": "Bob", "age": 40}],
        "director": number % 3 + 1,
        "nothing": None,
        "empty": [],
        "deep": {"one": {"two": [1, 2.0, "3", None, True]}},
        "large": 9007199254740993,
        "small": -1,
        "key": UUID,
    }
    return m.PointStruct(id=number, vector=vectors, payload=payload)


def make_films(client: QdrantClient) -> None:
    """Twelve points with every kind of vector and payload value, and an index on every kind of key."""
    client.create_collection(
        FILMS,
        vectors_config={
            "text": m.VectorParams(size=4, distance=m.Distance.COSINE),
            "image": m.VectorParams(size=3, distance=m.Distance.DOT),
            "parts": m.VectorParams(
                size=2,
                distance=m.Distance.DOT,
                multivector_config=m.MultiVectorConfig(comparator=m.MultiVectorComparator.MAX_SIM),
            ),
        },
        sparse_vectors_config={"words": m.SparseVectorParams(modifier=m.Modifier.IDF)},
    )
    for key, schema in INDEXES.items():
        client.create_payload_index(FILMS, key, schema, wait=True)
    points = [film(number) for number in range(1, 12)]
    points.append(m.PointStruct(id=UUID, vector={"text": [0.5, -0.5, 0.25, 0.125]}))
    client.upsert(FILMS, points, wait=True)


def make_plain(client: QdrantClient) -> None:
    """One vector without a name, by distance instead of similarity."""
    client.create_collection(PLAIN, vectors_config=m.VectorParams(size=3, distance=m.Distance.EUCLID))
    points = [m.PointStruct(id=n, vector=wave(n, 3), payload={"n": n}) for n in range(1, 7)]
    client.upsert(PLAIN, points, wait=True)


def make_people(client: QdrantClient) -> None:
    """What the `director` of a film stands for."""
    client.create_collection(PEOPLE, vectors_config={"face": m.VectorParams(size=4, distance=m.Distance.DOT)})
    people = [m.PointStruct(id=n, vector={"face": wave(n, 4)}, payload={"name": f"P{n}", "n": n}) for n in (1, 2)]
    client.upsert(PEOPLE, people, wait=True)
