"""What people use instead of the bare API: LangChain, LlamaIndex and the JavaScript client, through the gateway.

The stores' results over REST equal those of the same store over gRPC at the upstream itself, and both, like those of the
JavaScript client, what numpy says of the same vectors.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from qdrant_client import QdrantClient

from .compare import run
from .ecosystem import texts
from .servers import Gateway, clear

JAVASCRIPT = Path(__file__).parent / "ecosystem" / "js"
MISSING = "deploy/install-dependencies.sh --with-checks installs it"


def scored(found: list[Any]) -> list[tuple[str, Any]]:
    """Texts and scores. The database computes with 32 bits."""
    return [(text, pytest.approx(score, abs=1e-5)) for text, _, score in found]


def expected(ranking: list[tuple[int, float]], top: int) -> list[tuple[str, float]]:
    return [(texts.TEXTS[number], score) for number, score in ranking[:top]]


@pytest.fixture(params=["langchain", "llamaindex"])
def store(request: pytest.FixtureRequest) -> ModuleType:
    pytest.importorskip({"langchain": "langchain_qdrant", "llamaindex": "llama_index"}[request.param], reason=MISSING)
    from importlib import import_module

    return import_module(f"{__package__}.ecosystem.flow_{request.param}")


def test_store_finds_the_same_over_rest_and_grpc(
    store: ModuleType, rest_client: QdrantClient, grpc_client: QdrantClient
) -> None:
    clear(grpc_client)
    wanted = run(store.flow, grpc_client)
    clear(grpc_client)
    got = run(store.flow, rest_client)
    for step, (mine, reference) in enumerate(zip(got, wanted, strict=True)):
        assert mine == reference, f"result {step} of the flow differs"


def test_store_finds_what_is_near(store: ModuleType, rest_client: QdrantClient, grpc_client: QdrantClient) -> None:
    clear(grpc_client)
    found = store.searches(rest_client)
    assert expected(texts.nearest("quick fox"), 4) == scored(found["dense"])
    assert expected(texts.nearest("quick fox", "tale"), 4) == scored(found["filtered"])
    wanted = expected(texts.sparse_nearest("storm harbour"), 4)
    assert sorted(score for _, score in wanted) == sorted(score for _, _, score in found["sparse"])
    if "hybrid" in found:
        both = texts.fused(texts.nearest("lazy storm")[:5], texts.sparse_nearest("lazy storm")[:5])
        assert found["hybrid"][0][0] == texts.TEXTS[both[0][0]]


def test_langchain_makes_its_own_collection(vecgate: Gateway) -> None:
    pytest.importorskip("langchain_qdrant", reason=MISSING)
    from .ecosystem.flow_langchain import from_texts

    assert expected(texts.nearest("quick fox"), 4) == scored(from_texts(f"http://127.0.0.1:{vecgate.rest}"))


@pytest.fixture(scope="module")
def told(vecgate: Gateway) -> dict[str, Any]:
    """What the JavaScript flow says of its steps."""
    node = shutil.which("node")
    if node is None or not (JAVASCRIPT / "node_modules").is_dir():
        pytest.skip(MISSING)
    indices, values = texts.sparse("lazy storm")
    given = {
        "url": f"http://127.0.0.1:{vecgate.rest}",
        "query": texts.dense("quick fox"),
        "sparse": {"indices": indices, "values": values},
        "points": points(),
    }
    done = subprocess.run(
        [node, "flow.mjs"], cwd=JAVASCRIPT, input=json.dumps(given), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def points() -> list[dict[str, Any]]:
    result = []
    for number, text in enumerate(texts.TEXTS):
        indices, values = texts.sparse(text)
        words = {"indices": indices, "values": values}
        payload = {"text": text, "kind": texts.KINDS[number], "n": number, "deep": {"list": [1, 2.5, None, "ü"]}}
        result.append({"id": number, "vector": {"dense": texts.dense(text), "words": words}, "payload": payload})
    return result


def by_id(found: list[dict[str, Any]]) -> list[tuple[int, Any]]:
    return [(point["id"], pytest.approx(point["score"], abs=1e-5)) for point in found]


def test_javascript_writes(told: dict[str, Any]) -> None:
    assert told["created"] is True
    assert [told["index"], told["upserted"], told["deleted"]] == ["completed"] * 3
    assert told["updates"] == ["completed", "completed"]
    assert told["count"] == len(texts.TEXTS)
    assert told["left"] == len(texts.TEXTS) - 2
    assert told["changed"] == [
        {"id": 0, "payload": {"kind": "tale", "n": 0, "deep": points()[0]["payload"]["deep"], "seen": True, "half": 0.5}}
    ]
    assert told["dropped"] is True
    assert told["exists"] is False


def test_javascript_searches(told: dict[str, Any]) -> None:
    near, tales = texts.nearest("quick fox")[:4], texts.nearest("quick fox", "tale")[:4]
    assert near == by_id(told["dense"]) == by_id(told["legacy"])
    assert tales == by_id(told["filtered"])
    assert [near, tales] == [by_id(answer["points"]) for answer in told["batch"]]
    assert all(point["payload"] == points()[point["id"]]["payload"] for point in told["dense"])
    sparse = texts.sparse_nearest("lazy storm")
    assert sorted(score for _, score in sparse[:4]) == sorted(point["score"] for point in told["sparse"])
    assert set(told["hybrid"][0]["payload"]) == {"text"}
    best = {}
    for number, _ in texts.nearest("quick fox"):
        best.setdefault(texts.KINDS[number], number)
    assert told["groups"] == [[kind, number] for kind, number in best.items()]
    assert {hit["value"]: hit["count"] for hit in told["facet"]} == {"tale": 3, "place": 2, "note": 2}


def test_javascript_scrolls_through_everything(told: dict[str, Any]) -> None:
    assert [point["id"] for point in told["scrolled"]] == list(range(len(texts.TEXTS)))
    for point, given in zip(told["scrolled"], points(), strict=True):
        assert point["payload"] == given["payload"]
        assert point["vector"]["dense"] == pytest.approx(given["vector"]["dense"], abs=1e-6)
        kept, sent = point["vector"]["words"], given["vector"]["words"]
        assert dict(zip(kept["indices"], kept["values"], strict=True)) == dict(
            zip(sent["indices"], sent["values"], strict=True)
        )


def test_javascript_understands_refusals(told: dict[str, Any]) -> None:
    assert told["missing"] == {"status": 404, "text": "Not found: Collection `nothing` doesn't exist!"}
    assert told["invalid"]["status"] == 422
    assert told["invalid"]["text"].startswith("Validation error in JSON body: [internal.limit: value 0 invalid")
    assert told["malformed"]["status"] == 400
    assert "Expected some form of vector, id, or a type of query" in told["malformed"]["text"]
