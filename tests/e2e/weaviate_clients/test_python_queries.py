"""The Python client: GraphQL's Get."""

from __future__ import annotations

import random
from typing import Any

import pytest
from devweaviate.values import float32

from .library import PUBLISHERS, TITLES, WRITERS, book, key, near, vector
from .python_client import client_of, weaviate
from .stage import Stage
from .wheres import CASES, matching, random_tree

pytestmark = pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client")
QUERY = [0.9, 0.25, 0.5]


@pytest.fixture
def query(stage: Stage) -> Any:
    return client_of(stage).query


def rows(asked: Any, name: str = "Book") -> list[dict[str, Any]]:
    answer = asked.do()
    assert "errors" not in answer, answer
    return answer["data"]["Get"][name]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [row["_additional"]["id"] for row in found]


def nearest(count: int, *, within: float = 2.0) -> list[tuple[str, Any]]:
    return [(key(number), pytest.approx(far, abs=1e-6)) for number, far in near(QUERY)[:count] if far <= within]


def distances(found: list[dict[str, Any]]) -> list[tuple[str, float]]:
    return [(row["_additional"]["id"], row["_additional"]["distance"]) for row in found]


def test_every_type_of_property(query: Any) -> None:
    plain = "title pages price sold published isbn cover tags years scores flags dates codes"
    asked = [*plain.split(), "place { latitude longitude }", "phone { input internationalFormatted national valid }"]
    asked += ["meta { note n inner { x words } }", "chapters { head page }"]
    found = rows(query.get("Book", asked).with_additional(["id"]))
    assert ids(found) == [key(number) for number in TITLES]
    for number, row in zip(TITLES, found, strict=True):
        expected = {name: value for name, value in book(number).items() if name not in ("writtenBy", "about")}
        formatted = {"internationalFormatted": "+31 20 123 4567", "national": 201234567, "valid": True}
        expected["phone"] = {"input": "020 1234567"} | formatted
        assert {name: value for name, value in row.items() if name != "_additional"} == expected


def test_additional(stage: Stage, query: Any) -> None:
    wanted = ["id", "vector", "creationTimeUnix", "lastUpdateTimeUnix", "distance", "certainty", "score", "explainScore"]
    found = rows(query.get("Book", ["title"]).with_near_vector({"vector": QUERY}).with_additional(wanted).with_limit(2))
    for row, (number, far) in zip(found, near(QUERY), strict=False):
        told = row["_additional"]
        kept = stage.store.get("Book").shards[""].objects[key(number)]
        assert (told["id"], told["vector"]) == (key(number), vector(number))
        assert (told["creationTimeUnix"], told["lastUpdateTimeUnix"]) == (str(kept.created), str(kept.updated))
        assert told["certainty"] == pytest.approx(1 - far / 2, abs=1e-6)
        assert told["certainty"] == 1 - float32(told["distance"]) / 2
        assert (told["score"], told["explainScore"]) == ("0", "")


def test_near_vector(query: Any) -> None:
    def asked(**bounds: Any) -> Any:
        return query.get("Book", ["title"]).with_near_vector({"vector": QUERY, **bounds}).with_additional("id distance")

    assert distances(rows(asked().with_limit(3))) == nearest(3)
    assert distances(rows(asked())) == nearest(6)
    assert distances(rows(asked(distance=0.2))) == nearest(6, within=0.2)
    assert distances(rows(asked(certainty=0.9))) == nearest(6, within=0.2)
    assert distances(rows(asked().with_limit(2).with_offset(2))) == nearest(4)[2:]
    filtered = asked().with_where({"path": ["sold"], "operator": "Equal", "valueBoolean": True})
    assert distances(rows(filtered)) == [one for one in nearest(6) if int(one[0][-1]) % 2 == 0]


@pytest.mark.parametrize("form", [lambda number: {"id": key(number)}, lambda n: {"beacon": f"weaviate://localhost/Book/{key(n)}"}])
def test_near_object(query: Any, form: Any) -> None:
    found = rows(query.get("Book", ["title"]).with_near_object(form(103)).with_additional("id distance").with_limit(4))
    expected = [(key(number), pytest.approx(far, abs=1e-6)) for number, far in near(vector(103))[:4]]
    assert distances(found) == expected


def test_bm25(query: Any) -> None:
    found = rows(query.get("Book", ["title"]).with_bm25("apple", properties=["title"]).with_additional(["id", "score"]))
    assert sorted(ids(found)) == [key(101), key(102)]
    assert all(float(row["_additional"]["score"]) > 0 for row in found)
    boosted = rows(query.get("Book", ["title"]).with_bm25('red "sky"', properties=["title^2"]).with_additional("id"))
    assert ids(boosted) == [key(104), key(101)]


@pytest.mark.parametrize("fusion", [None, "RANKED", "RELATIVE_SCORE"])
def test_hybrid(query: Any, fusion: str | None) -> None:
    from weaviate.gql.get import HybridFusion

    kind = HybridFusion[fusion] if fusion else None

    def asked(alpha: float | None) -> list[str]:
        found = query.get("Book", ["title"]).with_hybrid(
            "ocean night", alpha=alpha, vector=QUERY, properties=["title"], fusion_type=kind
        )
        return ids(rows(found.with_additional(["id", "score"]).with_limit(6)))

    assert set(asked(0)) == {key(103), key(104), key(106)}
    assert asked(1) == [found for found, _ in nearest(6)]
    assert set(asked(0.5)) == set(asked(None)) == {key(number) for number in TITLES}


@pytest.mark.parametrize("name", CASES)
def test_where(query: Any, name: str) -> None:
    assert ids(rows(query.get("Book", ["title"]).with_where(CASES[name][0]).with_additional("id"))) == matching(name)


def test_where_of_wheres(query: Any) -> None:
    source = random.Random(3)
    for _ in range(25):
        where, matches = random_tree(source)
        found = ids(rows(query.get("Book", ["title"]).with_where(where).with_additional("id")))
        assert found == [key(number) for number in TITLES if matches(number)], where


def test_sort(query: Any) -> None:
    def asked(sort: Any) -> list[str]:
        return ids(rows(query.get("Book", ["title"]).with_sort(sort).with_additional("id").with_limit(4)))

    by_pages = {"path": ["pages"], "order": "desc"}
    assert asked(by_pages) == [key(number) for number in (106, 105, 104, 103)]
    assert asked([{"path": ["sold"], "order": "asc"}, by_pages]) == [key(number) for number in (105, 103, 101, 106)]
    titles = sorted(TITLES, key=lambda number: TITLES[number])
    assert asked({"path": ["title"], "order": "asc"}) == [key(number) for number in titles[:4]]


def test_limit_offset_after(query: Any) -> None:
    def asked() -> Any:
        return query.get("Book", ["title"]).with_additional("id")

    everything = [key(number) for number in TITLES]
    assert ids(rows(asked().with_limit(2).with_offset(1))) == everything[1:3]
    assert ids(rows(asked().with_limit(2).with_after(key(103)))) == everything[3:5]
    assert ids(rows(asked().with_limit(2).with_after("00000000-0000-0000-0000-000000000000"))) == everything[:2]
    assert ids(rows(asked().with_limit(2).with_after(key(106)))) == []


def test_references(query: Any) -> None:
    from weaviate import AdditionalProperties, LinkTo

    link = LinkTo("writtenBy", "Writer", ["name", LinkTo("employer", "Publisher", ["name", "country"])])
    found = rows(query.get("Book", ["title", link]))
    for number, row in zip(TITLES, found, strict=True):
        name, _, employer = WRITERS[11 + (number - 100) % 3]
        publisher = dict(zip(("name", "country"), PUBLISHERS[employer], strict=True)) if employer else None
        assert row["writtenBy"] == [{"name": name, "employer": [publisher] if publisher else None}]
    both = "about { ... on Writer { name _additional { id } __typename } ... on Publisher { country __typename } }"
    for row in rows(query.get("Book", [both]).with_limit(2)):
        told = {one["__typename"]: one for one in row["about"]}
        assert told == {
            "Writer": {"name": "Bob Dahl", "_additional": {"id": key(12)}, "__typename": "Writer"},
            "Publisher": {"country": "NO", "__typename": "Publisher"},
        }
    with_ids = rows(query.get("Book", ["title"]).with_additional(AdditionalProperties(uuid=True, vector=True)).with_limit(1))
    assert with_ids == [{"title": TITLES[101], "_additional": {"id": key(101), "vector": vector(101)}}]


def test_group_by(query: Any) -> None:
    asked = query.get("Book", []).with_near_vector({"vector": QUERY}).with_limit(6)
    asked = asked.with_group_by(["sold"], groups=2, objects_per_group=2)
    hits = "hits { title _additional { id distance } }"
    found = rows(asked.with_additional(f"group {{ id groupedBy {{ value path }} count minDistance maxDistance {hits} }}"))
    groups = [row["_additional"]["group"] for row in found]
    assert [group["groupedBy"]["path"] for group in groups] == [["sold"], ["sold"]]
    for group in groups:
        is_even = group["groupedBy"]["value"] == "true"
        members = [one for one in near(QUERY) if (one[0] % 2 == 0) == is_even][:2]
        assert [hit["_additional"]["id"] for hit in group["hits"]] == [key(number) for number, _ in members]
        assert group["count"] == 2
        assert (group["minDistance"], group["maxDistance"]) == tuple(pytest.approx(far, abs=1e-6) for _, far in members)


def test_several_in_one(query: Any) -> None:
    first = query.get("Book", ["title"]).with_limit(1).with_alias("one")
    second = query.get("Book", ["pages"]).with_where({"path": ["pages"], "operator": "Equal", "valueInt": 100}).with_alias("two")
    third = query.get("Writer", ["name"]).with_sort({"path": ["age"], "order": "asc"})
    answer = query.multi_get([first, second, third]).do()
    assert answer["data"]["Get"] == {
        "one": [{"title": TITLES[101]}],
        "two": [{"pages": 100}],
        "Writer": [{"name": name} for name in ("Cleo Eng", "Ann Berg", "Bob Dahl", "Dina Foss")],
    }


def test_consistency_level(query: Any) -> None:
    level = weaviate.data.replication.ConsistencyLevel.QUORUM
    assert len(rows(query.get("Book", ["title"]).with_consistency_level(level))) == 6


def test_named_vectors(query: Any) -> None:
    # The client's builder has no targets.
    near_shape = 'nearVector: {vector: [2.0, 0.5] targetVectors: ["shape"]}'
    wanted = "title _additional { id distance vectors { colour shape } }"
    found = query.raw(f"{{ Get {{ Picture({near_shape} limit: 2) {{ {wanted} }} }} }}")["data"]["Get"]["Picture"]
    assert distances(found) == [(key(302), 0), (key(301), 1)]
    assert found[0]["_additional"]["vectors"] == {"colour": vector(2), "shape": [2, 0.5]}


def test_raw(query: Any) -> None:
    answer = query.raw("{ Get { Book(limit: 1) { title, _additional { id } } } Aggregate { Book { meta { count } } } }")
    assert answer["data"] == {
        "Get": {"Book": [{"title": TITLES[101], "_additional": {"id": key(101)}}]},
        "Aggregate": {"Book": [{"meta": {"count": 6}}]},
    }


@pytest.mark.parametrize(
    "text, part",
    [
        ("{ Get { Nope { title } } }", 'Cannot query field "Nope" on type "GetObjectsObj"'),
        ("{ Get { Book { nope } } }", "nope"),
        ("{ Get { Book { title } }", "Syntax Error"),
        ('{ Get { Book(where: {path: ["nope"], operator: Equal, valueText: "x"}) { title } } }', "no such prop"),
        ('{ Get { Book(where: {path: ["title"], operator: Same, valueText: "x"}) { title } } }', "Same"),
        ("{ Get { Book(nearVector: {vector: [1, 2]}) { title } } }", "vector lengths don't match"),
        ('{ Get { Book(nearObject: {id: "nope"}) { title } } }', "nope"),
    ],
)
def test_refusals(query: Any, text: str, part: str) -> None:
    answer = query.raw(text)
    assert part in answer["errors"][0]["message"]


def test_one_refused_field_leaves_the_others(query: Any) -> None:
    first = query.get("Book", ["title"]).with_limit(1)
    answer = query.multi_get([first, query.get("Writer", ["nope"])]).do()
    assert len(answer["errors"]) == 1
