"""The Python client: GraphQL's Aggregate."""

from __future__ import annotations

import statistics
from typing import Any

import pytest

from .library import TITLES
from .python_client import client_of, weaviate
from .stage import Stage

pytestmark = pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client")
PAGES = [50 * (number - 100) for number in TITLES]
PRICES = [2.5 * (number - 100) + 0.1 for number in TITLES]


@pytest.fixture
def aggregate(stage: Stage) -> Any:
    return client_of(stage).query.aggregate


def rows(asked: Any, name: str = "Book") -> list[dict[str, Any]]:
    answer = asked.do()
    assert "errors" not in answer, answer
    return answer["data"]["Aggregate"][name]


def test_counts(aggregate: Any) -> None:
    assert rows(aggregate("Book").with_meta_count()) == [{"meta": {"count": 6}}]
    where = {"path": ["pages"], "operator": "GreaterThan", "valueInt": 150}
    assert rows(aggregate("Book").with_meta_count().with_where(where)) == [{"meta": {"count": 3}}]
    assert rows(aggregate("Book").with_meta_count().with_where(where | {"valueInt": 999})) == [{"meta": {"count": 0}}]


def test_statistics(aggregate: Any) -> None:
    asked = aggregate("Book").with_fields("pages { count sum mean median maximum minimum type }")
    asked = asked.with_fields("price { mean minimum maximum }").with_fields("sold { totalTrue totalFalse percentageTrue }")
    asked = asked.with_fields("tags { count topOccurrences(limit: 1) { value occurs } }")
    asked = asked.with_fields("published { minimum maximum median }").with_fields("writtenBy { pointingTo type }")
    (row,) = rows(asked)
    assert row["pages"] == {
        "count": 6,
        "sum": sum(PAGES),
        "mean": statistics.mean(PAGES),
        "median": statistics.median(PAGES),
        "maximum": max(PAGES),
        "minimum": min(PAGES),
        "type": "int",
    }
    assert row["price"] == {
        "mean": pytest.approx(statistics.mean(PRICES)),
        "minimum": PRICES[0],
        "maximum": PRICES[-1],
    }
    assert row["sold"] == {"totalTrue": 3, "totalFalse": 3, "percentageTrue": 0.5}
    assert row["tags"] == {"count": 8, "topOccurrences": [{"value": "fruit", "occurs": 2}]}
    assert row["published"]["minimum"] == "2011-01-02T03:04:05Z"
    assert row["published"]["maximum"] == "2016-01-02T03:04:05Z"
    assert row["writtenBy"] == {"pointingTo": ["Writer"], "type": "cref"}


def test_groups(aggregate: Any) -> None:
    asked = aggregate("Book").with_group_by_filter(["sold"]).with_fields("groupedBy { path value } pages { sum }")
    found = rows(asked.with_meta_count())
    by_value = {row["groupedBy"]["value"]: row for row in found}
    assert by_value == {
        value: {"groupedBy": {"path": ["sold"], "value": value}, "meta": {"count": 3}, "pages": {"sum": total}}
        for value, total in (("true", 600), ("false", 450))
    }
    limited = aggregate("Book").with_group_by_filter(["title"]).with_fields("groupedBy { value }").with_limit(2)
    assert len(rows(limited)) == 2


def test_with_searches(aggregate: Any) -> None:
    near = aggregate("Book").with_near_vector({"vector": [0.9, 0.25, 0.5]}).with_object_limit(3).with_meta_count()
    assert rows(near) == [{"meta": {"count": 3}}]
    from .library import near as nearest

    within = sum(far <= 0.2 for _, far in nearest([0.9, 0.25, 0.5]))
    bounded = aggregate("Book").with_near_vector({"vector": [0.9, 0.25, 0.5], "distance": 0.2}).with_meta_count()
    assert rows(bounded) == [{"meta": {"count": within}}]


def test_refusals(aggregate: Any) -> None:
    for asked in (
        aggregate("Nope").with_meta_count(),
        aggregate("Book").with_fields("nope { count }"),
        aggregate("Book").with_near_vector({"vector": [0.9, 0.25, 0.5]}).with_meta_count(),
    ):
        assert asked.do()["errors"]
