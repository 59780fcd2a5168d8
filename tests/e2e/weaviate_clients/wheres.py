"""Filters with every operator and kind of value, beside what they mean for a book."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

from .library import TITLES, WRITERS, key


def where(path: str | list[str], operator: str, **value: Any) -> dict[str, Any]:
    return {"path": [path] if isinstance(path, str) else path, "operator": operator, **value}


def both(operator: str, *operands: dict[str, Any]) -> dict[str, Any]:
    return {"operator": operator, "operands": list(operands)}


def words(number: int) -> list[str]:
    return re.findall(r"\w+", TITLES[number].lower())


def writer(number: int) -> int:
    return 11 + (number - 100) % 3


NEAR = {"geoCoordinates": {"latitude": 61.0, "longitude": 10.75}, "distance": {"max": 120_000.0}}  # a degree is 111 km
CASES: dict[str, tuple[dict[str, Any], Callable[[int], bool]]] = {
    "text": (where("title", "Equal", valueText="red"), lambda n: "red" in words(n)),
    "two words": (where("title", "Equal", valueText="Apple RED"), lambda n: {"apple", "red"} <= set(words(n))),
    "not equal": (where("title", "NotEqual", valueText="red"), lambda n: "red" not in words(n)),
    "string": (where("title", "Equal", valueString="house"), lambda n: "house" in words(n)),
    "quotes and a new line": (where("title", "Equal", valueText='"red"\n sky'), lambda n: {"red", "sky"} <= set(words(n))),
    "like": (where("title", "Like", valueText="*pp?e"), lambda n: "apple" in words(n)),
    "int": (where("pages", "Equal", valueInt=100), lambda n: n == 102),
    "greater": (where("pages", "GreaterThan", valueInt=150), lambda n: n > 103),
    "greater or equal": (where("pages", "GreaterThanEqual", valueInt=150), lambda n: n >= 103),
    "less": (where("price", "LessThan", valueNumber=7.6), lambda n: 2.5 * (n - 100) + 0.1 < 7.6),
    "less or equal": (where("price", "LessThanEqual", valueNumber=5.1), lambda n: n <= 102),
    "number beyond 32 bits": (where("pages", "LessThan", valueInt=24_000_000_000), lambda n: True),
    "negative number": (where("years", "Equal", valueInt=-3), lambda n: n == 103),
    "boolean": (where("sold", "Equal", valueBoolean=True), lambda n: n % 2 == 0),
    "date": (where("published", "GreaterThan", valueDate="2013-01-02T03:04:05Z"), lambda n: n > 103),
    "date elsewhere": (where("published", "LessThanEqual", valueDate="2013-01-02T05:04:05+02:00"), lambda n: n <= 103),
    "uuid": (where("isbn", "Equal", valueText="a0eebc99-9c0b-4ef8-bb6d-6bb9bd380004"), lambda n: n == 104),
    "id": (where("id", "Equal", valueText=key(105)), lambda n: n == 105),
    "id is one of": (where("id", "ContainsAny", valueText=[key(101), key(106)]), lambda n: n in (101, 106)),
    "created": (where("_creationTimeUnix", "GreaterThan", valueText="1577836800000"), lambda n: True),
    "created before": (where("_creationTimeUnix", "LessThan", valueDate="2020-01-01T00:00:00Z"), lambda n: False),
    "place": (where("place", "WithinGeoRange", valueGeoRange=NEAR), lambda n: n in (101, 102)),
    "null": (where("price", "IsNull", valueBoolean=True), lambda n: False),
    "not null": (where("price", "IsNull", valueBoolean=False), lambda n: True),
    "length": (where("len(tags)", "Equal", valueInt=2), lambda n: n < 103),
    "any": (where("tags", "ContainsAny", valueText=["fruit", "4"]), lambda n: n in (101, 102, 104)),
    "all": (where("tags", "ContainsAll", valueText=["fruit", "2"]), lambda n: n == 102),
    "any number": (where("scores", "ContainsAny", valueNumber=[0.5, 1.25]), lambda n: n in (102, 105)),
    "any int": (where("pages", "ContainsAny", valueInt=[50, 300, 1]), lambda n: n in (101, 106)),
    "reference": (
        where(["writtenBy", "Writer", "name"], "Equal", valueText="Ann Berg"),
        lambda n: WRITERS[writer(n)][0] == "Ann Berg",
    ),
    "two references": (
        where(["writtenBy", "Writer", "employer", "Publisher", "country"], "Equal", valueText="NL"),
        lambda n: writer(n) == 12,
    ),
    "count of references": (where("about", "Equal", valueInt=2), lambda n: True),
    "and": (
        both("And", where("title", "Equal", valueText="red"), where("pages", "GreaterThan", valueInt=100)),
        lambda n: n == 104,
    ),
    "or in and": (
        both(
            "And",
            both("Or", where("pages", "Equal", valueInt=50), where("pages", "Equal", valueInt=100)),
            where("sold", "Equal", valueBoolean=False),
        ),
        lambda n: n == 101,
    ),
}


def matching(name: str) -> list[str]:
    test = CASES[name][1]
    return [key(number) for number in TITLES if test(number)]


def random_tree(source: random.Random, depth: int = 3) -> tuple[dict[str, Any], Callable[[int], bool]]:
    """A filter of others, and what it means."""
    if depth == 0 or source.random() < 0.3:
        return CASES[source.choice([*CASES])]
    operator = source.choice(["And", "Or"])
    parts = [random_tree(source, depth - 1) for _ in range(source.randrange(1, 4))]
    combine = all if operator == "And" else any
    return both(operator, *(part[0] for part in parts)), lambda n: combine(part[1](n) for part in parts)
