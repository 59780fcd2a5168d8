"""A catalogue of 1,000 things to search, and what the answers have to be, computed by brute force."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

COUNT = 1000
TEXT_SIZE, VIEW_SIZE, TERMS = 32, 8, 400
COLORS = ("black", "blue", "green", "red", "white")
KINDS = ("chair", "desk", "lamp", "shelf", "sofa")
CITIES = {"Oslo": (59.91, 10.75), "Porto": (41.15, -8.61), "Turin": (45.07, 7.69)}

Dense = list[float]


class Item(NamedTuple):
    id: int
    text: Dense
    terms: dict[int, float]
    views: list[Dense]
    payload: dict[str, Any]


def _dense(source: random.Random, size: int) -> Dense:
    return [round(source.uniform(-1, 1), 4) for _ in range(size)]


def _sparse(source: random.Random, count: int) -> dict[int, float]:
    return {index: round(source.uniform(0.1, 2), 3) for index in sorted(source.sample(range(TERMS), count))}


def _item(source: random.Random, number: int) -> Item:
    color, kind, city = source.choice(COLORS), source.choice(KINDS), source.choice(list(CITIES))
    latitude, longitude = CITIES[city]
    return Item(
        number,
        _dense(source, TEXT_SIZE),
        _sparse(source, 12),
        [_dense(source, VIEW_SIZE) for _ in range(source.randint(1, 4))],
        {
            "name": f"{color} {kind} no. {number}",
            "color": color,
            "kind": kind,
            "price": round(source.uniform(10, 500), 2),
            "year": source.randint(1950, 2025),
            "shop": {"city": city, "at": {"lat": latitude, "lon": longitude}},
        },
    )


def catalogue() -> list[Item]:
    """The same every time."""
    source = random.Random(7)
    return [_item(source, number) for number in range(1, COUNT + 1)]


class Wish(NamedTuple):
    """What is searched for, in the three ways a thing can be searched."""

    text: Dense
    terms: dict[int, float]
    views: list[Dense]


def wish() -> Wish:
    source = random.Random(8)
    return Wish(_dense(source, TEXT_SIZE), _sparse(source, 20), [_dense(source, VIEW_SIZE) for _ in range(2)])


def dot(a: Dense, b: Dense) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def unit(vector: Dense) -> Dense:
    length = math.sqrt(dot(vector, vector))
    return [x / length for x in vector]


def cosine(a: Dense, b: Dense) -> float:
    return dot(unit(a), unit(b))


def sparse_dot(a: dict[int, float], b: dict[int, float]) -> float:
    return sum(weight * b[index] for index, weight in a.items() if index in b)


def max_similarity(query: list[Dense], rows: list[Dense]) -> float:
    return sum(max(cosine(part, row) for row in rows) for part in query)


def average_of_examples(positive: list[Item], negative: list[Item]) -> Dense:
    """The vector that recommendation searches for by default."""

    def mean(items: list[Item]) -> Dense:
        return [sum(column) / len(items) for column in zip(*(unit(item.text) for item in items), strict=True)]

    return [2 * good - bad for good, bad in zip(mean(positive), mean(negative), strict=True)]


def reciprocal_ranks(lists: Iterable[list[int]], k: int = 2) -> dict[int, float]:
    scores: dict[int, float] = {}
    for ids in lists:
        for place, point in enumerate(ids):
            scores[point] = scores.get(point, 0) + 1 / (k + place)
    return scores


def scores_of(items: Iterable[Item], score: Callable[[Item], float]) -> dict[int, float]:
    return {item.id: score(item) for item in items}
