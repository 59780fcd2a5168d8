"""The Python client: batches of objects and references, deleting by filter."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from .library import TITLES, beacon, book, key, told, vector
from .python_client import client_of, weaviate
from .stage import Stage
from .wheres import CASES, matching

pytestmark = [
    pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client"),
    # A thread of the client asks for the nodes to find a size of batches, and ends where that is not available; and it
    # warns when batches are made by hand.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning", "ignore::DeprecationWarning"),
]
RED = {"path": ["title"], "operator": "Equal", "valueText": "red"}


@pytest.fixture
def client(stage: Stage) -> Any:
    return client_of(stage)


def objects(stage: Stage, name: str = "Book", tenant: str = "") -> dict[str, Any]:
    return stage.store.get(name).shards[tenant].objects


@pytest.mark.parametrize("configuration", [{"batch_size": 7}, {"batch_size": 5, "dynamic": True}, {"batch_size": 100}])
def test_many_objects(stage: Stage, client: Any, configuration: dict[str, Any]) -> None:
    answers: list[Any] = []
    client.batch.configure(num_workers=2, callback=answers.extend, **configuration)
    with client.batch as batch:
        made = [
            batch.add_data_object(book(101 + number % 6) | {"pages": number}, "Book", uuid=key(1000 + number), vector=vector(number))
            for number in range(40)
        ]
    assert made == [key(1000 + number) for number in range(40)]
    assert [one["result"] for one in answers] == [{"status": "SUCCESS"}] * 40
    assert {one["id"] for one in answers} == set(made)
    kept = objects(stage)
    assert [(kept[one].properties["pages"], kept[one].vectors[""]) for one in made] == [(n, vector(n)) for n in range(40)]
    found = client.data_object.get_by_id(key(1003), class_name="Book")["properties"]
    expected = told(104) | {"pages": 3}
    assert {name: found[name] for name in found if name != "about"} == {
        name: expected[name] for name in found if name != "about"
    }


def test_refused_objects_are_told_one_by_one(stage: Stage, client: Any) -> None:
    given = [
        {"title": "good"},
        {"pages": 1.5},
        {"published": "yesterday"},
        {"writtenBy": [beacon("Writer", 999)]},
        {"title": "good, too"},
    ]
    for number, one in enumerate(given):
        client.batch.add_data_object(one, "Book", uuid=key(1100 + number))
    client.batch.add_data_object({"text": "x"}, "Note", uuid=key(1105))
    answers = client.batch.create_objects()
    assert [one["id"] for one in answers] == [key(1100 + number) for number in range(6)]
    assert [one["result"]["status"] for one in answers] == ["SUCCESS", "FAILED", "FAILED", "FAILED", "SUCCESS", "FAILED"]
    texts = [one["result"]["errors"]["error"][0]["message"] for one in answers if one["result"]["status"] == "FAILED"]
    for text, part in zip(texts, ("'pages'", "'published'", "cref", "multi-tenancy"), strict=True):
        assert part in text
    assert key(1101) not in objects(stage)
    assert key(1104) in objects(stage)


def test_errors_are_tried_again(client: Any) -> None:
    """The client sends what was refused once more, and only that."""
    from weaviate.batch.crud_batch import WeaviateErrorRetryConf

    answers: list[Any] = []
    retries = WeaviateErrorRetryConf(number_retries=1)
    client.batch.configure(batch_size=10, callback=answers.extend, weaviate_error_retries=retries)
    client.batch.add_data_object({"title": "good"}, "Book", uuid=key(1200))
    client.batch.add_data_object({"pages": 1.5}, "Book", uuid=key(1201))
    client.batch.create_objects()
    assert [one["id"] for one in answers] == [key(1200), key(1201)]


def test_ids_are_made(stage: Stage, client: Any) -> None:
    made = [client.batch.add_data_object({"title": f"made {number}"}, "Book") for number in range(3)]
    answers = client.batch.create_objects()
    assert [one["id"] for one in answers] == made
    assert all(uuid.UUID(one).version == 4 for one in made)
    assert {objects(stage)[one].properties["title"] for one in made} == {"made 0", "made 1", "made 2"}


def test_references(stage: Stage, client: Any) -> None:
    client.batch.add_reference(key(13), "Writer", "employer", key(1), to_object_class_name="Publisher")
    client.batch.add_reference(key(101), "Book", "about", key(2), to_object_class_name="Publisher")
    client.batch.add_reference(key(102), "Book", "writtenBy", key(13))
    client.batch.add_reference(key(999), "Book", "writtenBy", key(13))
    answers = client.batch.create_references()
    assert [one["result"]["status"] for one in answers] == ["SUCCESS", "SUCCESS", "SUCCESS", "FAILED"]
    assert answers[0]["from"] == f"weaviate://localhost/Writer/{key(13)}/employer"
    assert answers[0]["to"] == f"weaviate://localhost/Publisher/{key(1)}"
    assert key(999) in answers[3]["result"]["errors"]["error"][0]["message"]
    assert objects(stage, "Writer")[key(13)].properties["employer"] == [("Publisher", key(1))]
    assert objects(stage)[key(101)].properties["about"][-1] == ("Publisher", key(2))
    assert objects(stage)[key(102)].properties["writtenBy"][-1] == ("Writer", key(13))


def test_objects_and_references_together(stage: Stage, client: Any) -> None:
    with client.batch(batch_size=2, num_workers=1) as batch:
        for number in range(5):
            batch.add_data_object({"name": f"writer {number}", "age": 20 + number}, "Writer", uuid=key(1300 + number))
            batch.add_reference(key(1300 + number), "Writer", "employer", key(1), to_object_class_name="Publisher")
    kept = objects(stage, "Writer")
    assert [kept[key(1300 + number)].properties["employer"] for number in range(5)] == [[("Publisher", key(1))]] * 5


def test_deletes(stage: Stage, client: Any) -> None:
    tried = client.batch.delete_objects("Book", RED, dry_run=True, output="verbose")
    assert tried["results"] == {
        "failed": 0,
        "limit": 10000,
        "matches": 2,
        "objects": [{"id": key(number), "status": "DRYRUN"} for number in (101, 104)],
        "successful": 0,
    }
    assert (tried["dryRun"], tried["output"], tried["match"]["class"]) == (True, "verbose", "Book")
    assert len(objects(stage)) == len(TITLES)

    done = client.batch.delete_objects("Book", RED)
    assert {name: done["results"][name] for name in ("matches", "successful", "failed", "objects")} == {
        "matches": 2,
        "successful": 2,
        "failed": 0,
        "objects": None,
    }
    assert [*objects(stage)] == [key(number) for number in (102, 103, 105, 106)]
    nothing = client.batch.delete_objects("Book", RED, output="verbose")
    assert (nothing["results"]["matches"], nothing["results"]["objects"]) == (0, None)


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("created")])
def test_deletes_what_filters_match(client: Any, name: str) -> None:
    """REST names the kinds of values as GraphQL does, but for lists."""
    given = dict(CASES[name][0])
    for kind in ("valueText", "valueInt", "valueNumber"):
        if isinstance(given.get(kind), list):
            given[f"{kind}Array"] = given.pop(kind)
    found = client.batch.delete_objects("Book", given, dry_run=True, output="verbose")["results"]["objects"]
    assert [one["id"] for one in found or []] == matching(name)


def test_refused_deletes(client: Any) -> None:
    with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
        client.batch.delete_objects("Nope", RED)
    assert caught.value.status_code == 422
    with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
        client.batch.delete_objects("Book", RED | {"path": ["nope"]})
    assert caught.value.status_code == 422


def test_consistency_level(stage: Stage, client: Any) -> None:
    client.batch.configure(batch_size=10, dynamic=False, consistency_level=weaviate.data.replication.ConsistencyLevel.ALL)
    client.batch.add_data_object({"title": "x"}, "Book", uuid=key(1400))
    assert client.batch.create_objects()[0]["result"]["status"] == "SUCCESS"
    assert client.batch.delete_objects("Book", RED, dry_run=True)["results"]["matches"] == 2
