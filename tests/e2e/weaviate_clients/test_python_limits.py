"""The Python client: what gRPC has nothing for, what the database has no module for, and callers without a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .library import fill, key
from .python_client import client_of, weaviate
from .stage import Stage

pytestmark = [
    pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # routes without a class are told to be old
]
ONLY_REST: dict[str, tuple[Callable[[Any], Any], str]] = {
    "merge": (lambda c: c.data_object.update({"pages": 1}, "Book", key(101)), f"PATCH /v1/objects/Book/{key(101)}"),
    "classification": (
        lambda c: c.data_object.get_by_id(key(101), class_name="Book", additional_properties=["classification"]),
        f"GET /v1/objects/Book/{key(101)}?include=classification",
    ),
    "node": (
        lambda c: c.data_object.get_by_id(key(101), class_name="Book", node_name="node1"),
        f"GET /v1/objects/Book/{key(101)}?node_name=node1",
    ),
    "without a class": (lambda c: c.data_object.get_by_id(key(101)), f"GET /v1/objects/{key(101)}"),
    "list of all": (lambda c: c.data_object.get(limit=2), "GET /v1/objects?limit=2"),
    "shards": (lambda c: c.schema.get_class_shards("Book"), "GET /v1/schema/Book/shards"),
    "nodes": (lambda c: c.cluster.get_nodes_status("Book"), "GET /v1/nodes/Book"),
    "backup": (lambda c: c.backup.get_create_status("b", "filesystem"), "GET /v1/backups/filesystem/b"),
    "classify": (lambda c: c.classification.get(key(1)), f"GET /v1/classifications/{key(1)}"),
}


def ignoring_status(call: Callable[[Any], Any], client: Any) -> int:
    try:
        call(client)
    except weaviate.UnexpectedStatusCodeException as told:
        return told.status_code
    return 200


@pytest.mark.parametrize("name", ONLY_REST)
def test_goes_to_the_rest_port(with_rest: Stage, name: str) -> None:
    fill(with_rest.store)
    client = client_of(with_rest)
    with_rest.rest.asked.clear()
    call, request = ONLY_REST[name]
    assert ignoring_status(call, client) != 501
    assert request in with_rest.rest.asked


@pytest.mark.parametrize("name", ONLY_REST)
def test_is_told_without_the_rest_port(without_rest: Stage, name: str) -> None:
    with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
        ONLY_REST[name][0](client_of(without_rest))
    assert caught.value.status_code == 501
    assert "not available through the gRPC upstream" in str(caught.value)


def test_reads_and_writes_of_objects_do_not_go_to_the_rest_port(with_rest: Stage) -> None:
    fill(with_rest.store)
    client = client_of(with_rest)
    client.data_object.exists(key(101), class_name="Book")
    with_rest.rest.asked.clear()
    client.data_object.create({"name": "x"}, "Publisher", uuid=key(970))
    client.data_object.get_by_id(key(970), class_name="Publisher")
    client.query.get("Publisher", ["name"]).do()
    client.data_object.delete(key(970), class_name="Publisher")
    # The schema may be asked for; nothing else.
    assert {one for one in with_rest.rest.asked if not one.startswith("GET /v1/schema")} == set()


@pytest.mark.parametrize(
    "text",
    [
        "{ Get { Book(ask: {question: \"why?\"}) { title } } }",
        "{ Get { Book(group: {type: closest, force: 0.1}) { title } } }",
        "{ Explore(nearText: {concepts: [\"x\"]}) { beacon } }",
        "{ __schema { types { name } } }",
    ],
)
def test_parts_of_graphql_that_grpc_has_not(stage: Stage, text: str) -> None:
    (error,) = client_of(stage).query.raw(text)["errors"]
    assert error["extensions"] == {"code": 501}
    assert "not available through the gRPC upstream" in error["message"]


def test_what_needs_a_module_is_told_by_the_database(stage: Stage) -> None:
    query = client_of(stage).query
    for asked, text in (
        (query.get("Book", ["title"]).with_near_text({"concepts": ["x"]}), "Make sure a vectorizer module is configured"),
        (query.get("Book", ["title"]).with_hybrid("x"), "VectorFromInput was called without vectorizer"),
        (query.get("Book", ["title"]).with_generate(single_prompt="say {title}"), "generative"),
    ):
        answer = asked.do()
        assert text in answer["errors"][0]["message"]
        assert answer["data"]["Get"] == {"Book": None}


@pytest.mark.parametrize("rest", [True, False], ids=["with_rest", "without_rest"])
def test_without_a_key(tmp_path: Any, rest: bool) -> None:
    with Stage(tmp_path, rest, api_key="the-key") as stage:
        fill(stage.store)
        # The database tells no anonymous caller even its version; the client asks for that first.
        with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
            client_of(stage)
        assert caught.value.status_code == 401
        assert "anonymous access not enabled" in str(caught.value)
