"""The JavaScript client: what it is told of the same library."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from .library import TITLES, WRITERS, book, fill, key, near, told, vector
from .stage import Stage
from .wheres import CASES, matching

FOLDER = Path(__file__).parents[1] / "ecosystem" / "js"
MISSING = "deploy/install-dependencies.sh --with-checks installs it"
QUERY = [0.9, 0.25, 0.5]
PLAIN = "title pages price sold published isbn cover tags years scores flags dates codes"
MADE, NOBODY = key(901), key(999)


class Told(NamedTuple):
    stage: Stage
    steps: dict[str, Any]

    def __getitem__(self, step: str) -> Any:
        return self.steps[step]


def run(stage: Stage, api_key: str = "") -> Told:
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "weaviate-ts-client").is_dir():
        pytest.skip(MISSING)
    fill(stage.store)
    given = {
        "host": stage.url.removeprefix("http://"),
        "key": api_key,
        "withRest": stage.with_rest,
        "book": book(103),
        "vector": vector(103),
        "query": QUERY,
        "plain": PLAIN,
        "wheres": {name: case[0] for name, case in CASES.items()},
        "ids": {
            "made": MADE,
            "nobody": NOBODY,
            "book": key(103),
            "writer": key(14),
            "publisher": key(2),
            "otherPublisher": key(1),
        },
    }
    done = subprocess.run(
        [node, "weaviate.mjs"], cwd=FOLDER, input=json.dumps(given), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return Told(stage, json.loads(done.stdout))


@pytest.fixture(scope="module", params=["with_rest", "without_rest"])
def flow(request: pytest.FixtureRequest) -> Told:
    """What the flow says of its steps."""
    return run(request.getfixturevalue(request.param))


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["_additional"]["id"] for row in rows]


def distances(rows: list[dict[str, Any]]) -> list[tuple[str, float]]:
    return [(row["_additional"]["id"], row["_additional"]["distance"]) for row in rows]


def nearest(query: list[float], count: int = 6, within: float = 2) -> list[tuple[str, Any]]:
    return [(key(number), pytest.approx(far, abs=1e-6)) for number, far in near(query)[:count] if far <= within]


def test_starts(flow: Told) -> None:
    assert flow["live"] is True
    assert flow["ready"] is True
    assert flow["meta"]["version"].split(".")[0] == "1"
    assert flow["openid"] is None


def test_single_objects(flow: Told) -> None:
    assert flow["created"] == {"id": MADE, "class": "Book", "vector": vector(103)}
    assert f"id '{MADE}' already exists" in flow["twice"]
    assert uuid.UUID(flow["madeId"]).version == 4
    expected = told(103)
    if not flow.stage.with_rest:
        expected = {name: value for name, value in expected.items() if name not in ("cover", "writtenBy", "about")}
    found = flow["got"]["properties"]
    assert {**found, "about": None} == {**expected, "about": None}
    assert (flow["got"]["id"], flow["got"]["vector"], flow["got"]["class"]) == (MADE, vector(103), "Book")
    assert flow["exists"] == [True, False]
    assert flow["level"] == MADE
    assert flow["replaced"] == {"title": "replaced"}
    assert "404" in flow["gone"]


def test_what_only_the_rest_port_does(flow: Told) -> None:
    if not flow.stage.with_rest:
        assert "501" in flow["merged"]
        assert "not available through the gRPC upstream" in flow["merged"]
        assert "501" in flow["classes"]
        return
    assert flow["merged"] == {"title": "replaced", "pages": 7}
    assert flow["valid"] is True
    assert "422" in flow["invalid"]
    assert flow["fresh"] == ["a", "b"]
    assert flow["classes"] == ["Publisher", "Writer", "Book", "Note", "Picture"]
    assert flow["green"] == {"name": "green", "activityStatus": "COLD"}
    assert flow["nodes"] == ["HEALTHY"]
    assert flow.stage.store.get("Writer").shards[""].objects[key(14)].properties["employer"] == []


def test_references(flow: Told) -> None:
    assert flow["referenced"] == [{"name": "Dina Foss", "employer": [{"name": "Blue Harbour"}]}]
    assert flow["references"][0] == ["SUCCESS", None]
    assert flow["references"][1][0] == "FAILED"
    assert NOBODY in flow["references"][1][1]
    assert flow["batchReferenced"] == [{"title": "batch 0", "writtenBy": [{"name": "Dina Foss"}]}]


def test_lists(flow: Told) -> None:
    assert flow["listed"] == [[key(number), vector(number)] for number in (101, 102)]
    assert flow["paged"] == [key(number) for number in TITLES]


def test_batches(flow: Told) -> None:
    assert [row[:2] for row in flow["batch"]] == [[True, status] for status in ("SUCCESS", "SUCCESS", "FAILED", "SUCCESS")]
    assert "'pages'" in flow["batch"][2][2]
    assert flow["dry"]["matches"] == 3
    assert flow["dry"]["successful"] == 0
    assert {one["status"] for one in flow["dry"]["objects"]} == {"DRYRUN"}
    assert (flow["deleted"]["matches"], flow["deleted"]["successful"], flow["deleted"]["objects"]) == (3, 3, None)
    assert "422" in flow["refusedDelete"]


def test_every_type_of_property(flow: Told) -> None:
    for number, row in zip((101, 102), flow["types"], strict=True):
        expected = book(number)
        assert row == {name: expected[name] for name in [*PLAIN.split(), "place", "meta", "chapters"]}


def test_searches(flow: Told) -> None:
    assert distances(flow["nearVector"]) == nearest(QUERY, 3)
    first = flow["nearVector"][0]["_additional"]
    kept = flow.stage.store.get("Book").shards[""].objects[first["id"]]
    assert (first["vector"], first["creationTimeUnix"]) == (kept.vectors[""], str(kept.created))
    assert first["certainty"] == pytest.approx(1 - first["distance"] / 2, abs=1e-6)
    assert distances(flow["nearVectorBounded"]) == distances(flow["nearVectorCertain"]) == nearest(QUERY, within=0.2)
    assert distances(flow["nearObject"]) == nearest(vector(103), 3)
    assert sorted(ids(flow["bm25"])) == [key(101), key(102)]
    assert set(ids(flow["hybrid"]["0"])) == {key(103), key(104), key(106)}
    assert ids(flow["hybrid"]["1"]) == [found for found, _ in nearest(QUERY)]
    assert distances(flow["named"]) == [(key(302), 0), (key(301), 1)]
    assert flow["named"][0]["_additional"]["vectors"] == {"shape": [2, 0.5]}


@pytest.mark.parametrize("name", CASES)
def test_where(flow: Told, name: str) -> None:
    assert flow["wheres"][name] == matching(name)


def test_order_and_pages(flow: Told) -> None:
    assert [row["pages"] for row in flow["sorted"]] == [250, 150, 50, 300]
    assert ids(flow["paging"]) == [key(102), key(103)]
    assert ids(flow["after"]) == [key(104), key(105)]


def test_links_and_groups(flow: Told) -> None:
    for number, row in zip((101, 102, 103), flow["links"], strict=True):
        (writer,) = row["writtenBy"]
        assert writer["name"] == WRITERS[11 + (number - 100) % 3][0]
    for row in flow["groups"]:
        group = row["_additional"]["group"]
        is_even = group["groupedBy"] == {"path": ["sold"], "value": "true"}
        members = [one for one in nearest(QUERY) if (int(one[0][-1]) % 2 == 0) == is_even]
        assert distances(group["hits"]) == members[:2]
        assert group["count"] == 2
    assert len(flow["groups"]) == 2


def test_aggregates(flow: Told) -> None:
    assert flow["count"] == [{"meta": {"count": 6}}]
    assert flow["counted"] == flow["nearCount"] == [{"meta": {"count": 3}}]
    statistics = {"sum": 1050, "mean": 175, "median": 175, "maximum": 300, "minimum": 50, "count": 6}
    occurrences = {"topOccurrences": [{"value": "fruit", "occurs": 2}]}
    assert flow["statistics"] == [{"pages": statistics, "sold": {"totalTrue": 3}, "tags": occurrences}]
    assert {row["groupedBy"]["value"]: row["meta"]["count"] for row in flow["grouped"]} == {"true": 3, "false": 3}


def test_documents_and_refusals(flow: Told) -> None:
    assert flow["raw"] == {"Get": {"Book": [{"title": TITLES[101]}]}}
    assert "Cannot query field" in flow["refused"]["class"]
    assert "nope" in flow["refused"]["property"]
    assert "Syntax Error" in flow["refused"]["syntax"]


def test_tenants(flow: Told) -> None:
    assert sorted(flow["tenants"]) == [["asleep", "COLD"], ["blue", "HOT"], ["red", "HOT"]]
    assert flow["tenantExists"] == [True, False]
    assert (flow["ofTenant"]["tenant"], flow["ofTenant"]["properties"]) == ("blue", {"text": "mine"})
    assert flow["tenantHas"] == [True, False]
    assert flow["tenantBatch"] == ["SUCCESS", "FAILED"]
    assert flow["tenantRows"] == [{"text": "note 3"}]
    assert flow["tenantCount"] == [{"meta": {"count": 1}}]
    assert "without tenant" in flow["tenantMissing"]
    assert flow["tenantList"] == [key(201), key(202)]


def test_api_key(tmp_path: Path) -> None:
    with Stage(tmp_path, with_rest=True, api_key="the-key") as stage:
        assert run(stage, "the-key")["count"] == [{"meta": {"count": 6}}]
        for method in ("Search", "BatchObjects", "Aggregate"):
            assert stage.service.metadata[method]["authorization"] == "Bearer the-key"
            assert stage.service.metadata[method]["x-openai-api-key"] == "sk-1"
