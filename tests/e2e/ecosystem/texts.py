"""A few texts and embeddings of them that need no model: what they are near to can be computed by hand."""

from __future__ import annotations

import re
import uuid
import zlib

import numpy as np

SIZE = 8

TEXTS = [
    "the quick brown fox jumps over the lazy dog",
    "a lazy afternoon in the old harbour",
    "the fox and the harbour master",
    "quick notes on brown paper",
    "ships leave the harbour before the storm",
    "storm warnings and quick decisions",
    "the dog sleeps through the storm – ünïcode 東京",
]
KINDS = ["tale", "place", "tale", "note", "place", "note", "tale"]
IDS = [str(uuid.UUID(int=0x1000 + number)) for number in range(len(TEXTS))]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def number_of(word: str) -> int:
    return zlib.crc32(word.encode())


def dense(text: str) -> list[float]:
    """Words counted in a few buckets, of length 1 (in the 32 bits that the database keeps)."""
    vector = np.full(SIZE, 0.125, dtype=np.float32)
    for word in words(text):
        vector[number_of(word) % SIZE] += 1
    return [float(value) for value in vector / np.linalg.norm(vector)]


def sparse(text: str) -> tuple[list[int], list[float]]:
    """Words counted, each at a place of its own."""
    counted: dict[int, float] = {}
    for word in words(text):
        counted[number_of(word) % 100_003] = counted.get(number_of(word) % 100_003, 0.0) + 1.0
    return list(counted), list(counted.values())


def nearest(query: str, kind: str | None = None) -> list[tuple[int, float]]:
    """Numbers of the texts and their cosine similarity to the query, the most similar first."""
    wanted = [number for number in range(len(TEXTS)) if kind in (None, KINDS[number])]
    scores = [(number, float(np.dot(dense(TEXTS[number]), dense(query)))) for number in wanted]
    return sorted(scores, key=lambda found: -found[1])


def sparse_nearest(query: str) -> list[tuple[int, float]]:
    """By the inner product of the counted words; texts without a common word are not found."""
    asked = dict(zip(*sparse(query), strict=True))
    scores = []
    for number, text in enumerate(TEXTS):
        common = [(place, count) for place, count in zip(*sparse(text), strict=True) if place in asked]
        if common:
            scores.append((number, sum(asked[place] * count for place, count in common)))
    return sorted(scores, key=lambda found: -found[1])


def fused(*rankings: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion: the first place is worth 1/2, the next 1/3, and so on."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, (number, _) in enumerate(ranking):
            scores[number] = scores.get(number, 0.0) + 1 / (2 + place)
    return sorted(scores.items(), key=lambda found: -found[1])
