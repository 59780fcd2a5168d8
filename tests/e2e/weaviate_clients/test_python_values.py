"""The Python client: values at the edges, in and out again, by REST and by GraphQL."""

from __future__ import annotations

import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from devweaviate.values import float32

from .library import key
from .python_client import client_of, weaviate
from .stage import Stage

pytestmark = [
    pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # routes without a class are told to be old
]
TEXTS = [
    "",
    " spaces  and\ttabs\r\nand lines ",
    "\"quotes\" and 'others' and \\backslashes\\ and /slashes/",
    "æøå ŁÓDŹ 漢字 עברית 🎉👩‍👩‍👧",
    "\u2028 \u2029 \u0001 \u007f \ufeff \ufffd",
    "<html> & </script> {{braces}} ${x} #comment",
    "x" * 100_000,
]


@pytest.fixture
def client(stage: Stage) -> Any:
    return client_of(stage)


def both(client: Any, name: str, number: int, fields: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An object's properties as REST tells them, and as GraphQL."""
    by_rest = client.data_object.get_by_id(key(number), class_name=name)["properties"]
    where = {"path": ["id"], "operator": "Equal", "valueText": key(number)}
    (by_graphql,) = client.query.get(name, [fields]).with_where(where).do()["data"]["Get"][name]
    return by_rest, by_graphql


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_texts(client: Any, text: str) -> None:
    client.data_object.create({"title": text, "tags": [text, "b"]}, "Book", uuid=key(901))
    expected = {"title": text, "tags": [text, "b"]}
    assert both(client, "Book", 901, "title tags") == (expected, expected)


@pytest.mark.parametrize("text", ['said "hello"', "æøå 🎉", "back\\\\slash", "<&>"])
def test_texts_in_filters(client: Any, text: str) -> None:
    """A new line becomes a space, and a backslash escapes: so the client writes GraphQL."""
    client.data_object.create({"title": text.replace("\\\\", "\\")}, "Book", uuid=key(902))
    where = {"path": ["title"], "operator": "Equal", "valueText": text}
    found = client.query.get("Book", ["title"]).with_where(where).with_additional("id").do()
    assert key(902) in [row["_additional"]["id"] for row in found["data"]["Get"]["Book"]]


@pytest.mark.parametrize("number", [0, -1, 2**31, -(2**31) - 1, 2**53 - 1, 24_000_000_000])
def test_integers(client: Any, number: int) -> None:
    client.data_object.create({"pages": number, "years": [number]}, "Book", uuid=key(903))
    expected = {"pages": number, "years": [number]}
    # Beyond 32 bits the database's own GraphQL says null; the gateway tells the number.
    assert both(client, "Book", 903, "pages years") == (expected, expected)


@pytest.mark.parametrize("number", [0.1, -2.5e-08, 1e21, 1.7976931348623157e308, 5e-324, 1 / 3, 100.0])
def test_numbers(client: Any, number: float) -> None:
    client.data_object.create({"price": number, "scores": [number, 0.5]}, "Book", uuid=key(904))
    expected = {"price": number, "scores": [number, 0.5]}
    assert both(client, "Book", 904, "price scores") == (expected, expected)


def test_nothing(client: Any) -> None:
    given = {"title": None, "pages": 1, "tags": [], "years": [], "meta": {"note": None, "n": 2}, "chapters": []}
    client.data_object.create(given, "Book", uuid=key(905))
    by_rest, by_graphql = both(client, "Book", 905, "title pages tags years price meta { note n }")
    assert {name: by_rest[name] for name in ("pages", "tags", "years")} == {"pages": 1, "tags": [], "years": []}
    assert "title" not in by_rest
    assert by_rest["meta"]["n"] == 2
    assert by_graphql["title"] is None
    assert by_graphql["price"] is None
    assert (by_graphql["tags"], by_graphql["years"], by_graphql["meta"]["n"]) == ([], [], 2)


def random_book(source: random.Random) -> dict[str, Any]:
    """Some of a book's properties, with values that come back as they were given."""
    letters = "abc XYZ 019 \"'\\/<>&{}[]#\n\t æøå 漢 🎉"

    def text() -> str:
        return "".join(source.choices(letters, k=source.randrange(12)))

    def date() -> str:
        fraction = source.choice(["", ".5", ".123456789"])
        offset = source.choice(["Z", "+02:00", "-11:30"])
        return f"{source.randrange(1900, 2100)}-{source.randrange(1, 13):02}-15T{source.randrange(24):02}:00:59{fraction}{offset}"

    def some(make: Any) -> list[Any]:
        return [make() for _ in range(source.randrange(4))]

    def integer() -> int:
        return source.choice([0, 1, -1, source.randrange(-(2**53), 2**53)])

    def number() -> float:
        return source.choice([0.0, 1.5, source.uniform(-1, 1), source.uniform(-1e300, 1e300), source.uniform(-1, 1) * 1e-300])

    def identity() -> str:
        return str(uuid.UUID(int=source.getrandbits(128)))

    def flag() -> bool:
        return source.random() < 0.5

    def nested() -> dict[str, Any]:
        return {"note": text(), "n": integer(), "inner": {"x": number(), "words": some(text)}}

    makers = {
        "title": text,
        "pages": integer,
        "price": number,
        "sold": flag,
        "published": date,
        "isbn": identity,
        "place": lambda: {"latitude": source.randrange(-360, 361) / 4, "longitude": source.randrange(-720, 721) / 4},
        "tags": lambda: some(text),
        "years": lambda: some(integer),
        "scores": lambda: some(number),
        "flags": lambda: some(flag),
        "dates": lambda: some(date),
        "codes": lambda: some(identity),
        "meta": nested,
        "chapters": lambda: [{"head": text(), "page": integer()} for _ in range(source.randrange(3))],
    }
    return {name: make() for name, make in makers.items() if source.random() < 0.7}


FIELDS = (
    "title pages price sold published isbn place { latitude longitude } tags years scores flags dates codes "
    "meta { note n inner { x words } } chapters { head page }"
)


@pytest.mark.parametrize("seed", range(3))
def test_random_objects(client: Any, seed: int) -> None:
    source = random.Random(seed)
    given = {key(3000 + number): random_book(source) for number in range(40)}
    for made, properties in given.items():
        client.batch.add_data_object(properties, "Book", uuid=made)
    assert {one["result"]["status"] for one in client.batch.create_objects()} == {"SUCCESS"}
    listed = client.data_object.get(class_name="Book", limit=100)["objects"]
    by_list = {one["id"]: one["properties"] for one in listed}
    where = {"path": ["id"], "operator": "ContainsAny", "valueTextArray": [*given]}
    found = client.query.get("Book", [FIELDS]).with_where(where).with_additional("id").with_limit(100).do()
    by_graphql = {row.pop("_additional")["id"]: row for row in found["data"]["Get"]["Book"]}
    assert by_graphql.keys() == given.keys()
    for made, properties in given.items():
        assert client.data_object.get_by_id(made, class_name="Book")["properties"] == by_list[made] == properties
        assert {name: value for name, value in by_graphql[made].items() if value is not None} == properties


def test_long_vectors(client: Any) -> None:
    source = random.Random(7)
    long = [source.uniform(-1, 1) for _ in range(1536)]
    client.data_object.create({"name": "x"}, "Publisher", uuid=key(906), vector=long)
    found = client.data_object.get_by_id(key(906), class_name="Publisher", with_vector=True)
    assert [float32(number) for number in found["vector"]] == [float32(number) for number in long]
    asked = client.query.get("Publisher", ["name"]).with_near_vector({"vector": long}).with_additional("id distance vector")
    (row,) = asked.with_limit(1).do()["data"]["Get"]["Publisher"]
    assert (row["_additional"]["id"], row["_additional"]["distance"]) == (key(906), pytest.approx(0, abs=1e-6))
    assert [float32(number) for number in row["_additional"]["vector"]] == [float32(number) for number in long]


def test_a_vector_with_exponents(client: Any) -> None:
    asked = client.query.get("Book", ["title"]).with_near_vector({"vector": [1e-07, -2.5e-3, 1]}).with_limit(1)
    assert len(asked.do()["data"]["Get"]["Book"]) == 1


def test_many_at_a_time(client: Any) -> None:
    def work(number: int) -> tuple[str, bool]:
        made = client.data_object.create({"name": f"n {number}"}, "Publisher", uuid=key(2000 + number))
        found = client.data_object.get_by_id(made, class_name="Publisher")["properties"]["name"]
        client.data_object.delete(made, class_name="Publisher")
        return found, client.data_object.exists(made, class_name="Publisher")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(40))) == [(f"n {number}", False) for number in range(40)]


def test_without_a_class(without_rest: Stage) -> None:
    data = client_of(without_rest).data_object
    for ask in (data.get, lambda: data.get_by_id(key(1)), lambda: data.delete(key(1))):
        with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
            ask()
        assert caught.value.status_code == 501
