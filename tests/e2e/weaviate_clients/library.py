"""Publishers, writers and books: what the flows write and ask for, with every type of property."""

from __future__ import annotations

import base64
import math
from typing import Any

from devweaviate.store import Store
from devweaviate.writes import put

INDEXED = {"indexNullState": True, "indexPropertyLength": True, "indexTimestamps": True}


def key(number: int) -> str:
    return f"5a1b0000-0000-4000-8000-{number:012d}"


def beacon(collection: str, number: int) -> dict[str, str]:
    return {"beacon": f"weaviate://localhost/{collection}/{key(number)}"}


def properties(**types: str) -> list[dict[str, Any]]:
    """A bar stands between the targets of a reference."""
    return [{"name": name, "dataType": kind.split("|")} for name, kind in types.items()]


PUBLISHER = {"class": "Publisher", "vectorizer": "none", "properties": properties(name="text", country="text")}
WRITER = {
    "class": "Writer",
    "vectorizer": "none",
    "properties": properties(name="text", age="int", employer="Publisher"),
}
BOOK = {
    "class": "Book",
    "vectorizer": "none",
    "vectorIndexConfig": {"distance": "cosine"},
    "invertedIndexConfig": INDEXED,
    "properties": [
        *properties(
            title="text",
            pages="int",
            price="number",
            sold="boolean",
            published="date",
            isbn="uuid",
            cover="blob",
            place="geoCoordinates",
            phone="phoneNumber",
            tags="text[]",
            years="int[]",
            scores="number[]",
            flags="boolean[]",
            dates="date[]",
            codes="uuid[]",
        ),
        {
            "name": "meta",
            "dataType": ["object"],
            "nestedProperties": [
                *properties(note="text", n="int"),
                {"name": "inner", "dataType": ["object"], "nestedProperties": properties(x="number", words="text[]")},
            ],
        },
        {"name": "chapters", "dataType": ["object[]"], "nestedProperties": properties(head="text", page="int")},
        *properties(writtenBy="Writer", about="Writer|Publisher"),
    ],
}
TENANTED = {
    "class": "Note",
    "vectorizer": "none",
    "multiTenancyConfig": {"enabled": True},
    "properties": properties(text="text", n="int"),
}
NAMED = {
    "class": "Picture",
    "properties": properties(title="text"),
    "vectorConfig": {
        name: {"vectorizer": {"none": {}}, "vectorIndexType": "hnsw", "vectorIndexConfig": {"distance": distance}}
        for name, distance in (("colour", "cosine"), ("shape", "l2-squared"))
    },
}
CLASSES = [PUBLISHER, WRITER, BOOK, TENANTED, NAMED]

PUBLISHERS = {1: ("North Press", "NO"), 2: ("Blue Harbour", "NL")}
# Nobody wrote as 14.
WRITERS = {11: ("Ann Berg", 41, 1), 12: ("Bob Dahl", 52, 2), 13: ("Cleo Eng", 29, None), 14: ("Dina Foss", 63, None)}
TITLES = {
    101: "Red apple harvest",
    102: "Green apple pie",
    103: "Blue ocean wave",
    104: "Red sky at night",
    105: "Small house by the river",
    106: "Night train to Oslo",
}


def vector(number: int) -> list[float]:
    """Exact in 32 bits, so that what comes back equals what went in."""
    return [number % 7 / 8, number % 5 / 4 - 0.5, 0.25 + number % 3 / 2]


def book(number: int) -> dict[str, Any]:
    """All properties of a book, as clients write them."""
    n = number - 100
    return {
        "title": TITLES[number],
        "pages": 50 * n,
        "price": 2.5 * n + 0.1,
        "sold": n % 2 == 0,
        "published": f"20{10 + n}-01-02T03:04:05Z",
        "isbn": f"a0eebc99-9c0b-4ef8-bb6d-6bb9bd38000{n}",
        "cover": base64.b64encode(f"cover {n} \xff".encode("latin-1")).decode(),
        "place": {"latitude": 59.5 + n, "longitude": 10.75},
        "phone": {"input": "020 1234567", "defaultCountry": "nl"},
        "tags": ["fruit", f"tag {n}"] if n < 3 else [f"tag {n}"],
        "years": [2000 + n, -n],
        "scores": [n / 4, 1e-7],
        "flags": [True, n % 2 == 0],
        "dates": ["2020-01-01T00:00:00Z", f"2021-05-0{n}T12:00:00.5+02:00"],
        "codes": [f"b0eebc99-9c0b-4ef8-bb6d-6bb9bd38000{n}"],
        "meta": {"note": f"note {n} æøå", "n": n, "inner": {"x": n + 0.25, "words": ["p", "q"]}},
        "chapters": [{"head": "one", "page": 1}, {"head": "two", "page": n}],
        "writtenBy": [beacon("Writer", 11 + n % 3)],
        "about": [beacon("Publisher", 1), beacon("Writer", 12)],
    }


def told(number: int) -> dict[str, Any]:
    """The same as the database tells it: telephone numbers parsed, references with where to find them."""
    result = book(number)
    result["phone"] = {
        "countryCode": 31,
        "defaultCountry": "NL",
        "input": "020 1234567",
        "internationalFormatted": "+31 20 123 4567",
        "national": 201234567,
        "nationalFormatted": "020 123 4567",
        "valid": True,
    }
    for name in ("writtenBy", "about"):
        result[name] = [one | {"href": "/v1/objects" + one["beacon"].removeprefix("weaviate://localhost")} for one in result[name]]
    return result


def near(query: list[float]) -> list[tuple[int, float]]:
    """Books by their cosine distance."""

    def distance(left: list[float], right: list[float]) -> float:
        return 1 - sum(map(lambda a, b: a * b, left, right)) / math.hypot(*left) / math.hypot(*right)

    return sorted(((number, distance(query, vector(number))) for number in TITLES), key=lambda found: found[1])


def define(store: Store) -> None:
    store.collections.clear()
    for definition in CLASSES:
        store.add(definition)


def fill(store: Store) -> None:
    """What the flows that only read expect."""
    define(store)
    for number, (name, country) in PUBLISHERS.items():
        put(store, "Publisher", key(number), {"name": name, "country": country}, {}, "")
    for number, (name, age, employer) in WRITERS.items():
        employed = {"employer": [beacon("Publisher", employer)]} if employer else {}
        put(store, "Writer", key(number), {"name": name, "age": age} | employed, {}, "")
    for number in TITLES:
        put(store, "Book", key(number), book(number), {"": vector(number)}, "")
    for number, tenant in ((1, "blue"), (2, "blue"), (3, "red")):
        store.get("Note").set_tenant(tenant, "HOT")
        put(store, "Note", key(200 + number), {"text": f"note {number}", "n": number}, {"": vector(number)}, tenant)
    store.get("Note").set_tenant("asleep", "COLD")
    for number in (1, 2, 3):
        vectors = {"colour": vector(number), "shape": [float(number), 0.5]}
        put(store, "Picture", key(300 + number), {"title": f"picture {number}"}, vectors, "")
