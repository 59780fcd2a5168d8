"""The Python client: start-up, single objects, references."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from .library import TITLES, beacon, book, key, told, vector
from .python_client import client_of, weaviate
from .stage import Stage

pytestmark = pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client")


@pytest.fixture
def client(stage: Stage) -> Any:
    return client_of(stage)


def test_starts(stage: Stage, client: Any) -> None:
    assert client.is_ready() is True
    assert client.is_live() is True
    meta = client.get_meta()
    assert meta["version"] >= "1.14"
    assert meta["grpcMaxMessageSize"] == 104_858_000
    assert client.get_open_id_configuration() is None


@pytest.mark.parametrize("number", [*TITLES])
def test_gets_every_type_of_property(stage: Stage, client: Any, number: int) -> None:
    found = client.data_object.get_by_id(key(number), class_name="Book", with_vector=True)
    assert {name: found[name] for name in ("class", "id", "vector")} == {
        "class": "Book",
        "id": key(number),
        "vector": vector(number),
    }
    assert isinstance(found["creationTimeUnix"], int)
    expected = told(number)
    if not stage.with_rest:
        # gRPC gives these only by name, and names are told by the schema.
        for name in ("cover", "writtenBy", "about"):
            del expected[name]
    assert in_no_order(found["properties"]) == in_no_order(expected)


def in_no_order(properties: dict[str, Any]) -> dict[str, Any]:
    """References to several collections are asked for one by one."""
    about = {"about": sorted(properties["about"], key=str)} if "about" in properties else {}
    return properties | about


@pytest.mark.parametrize("given_id", [True, False])
def test_creates_replaces_and_deletes(client: Any, given_id: bool) -> None:
    data = client.data_object
    given = book(101) | {"title": "Another"}
    made = data.create(given, "Book", uuid=key(901) if given_id else None, vector=vector(101))
    assert made == key(901) if given_id else uuid.UUID(made).version == 4
    assert data.exists(made, class_name="Book") is True
    found = data.get_by_id(made, class_name="Book", with_vector=True)
    assert (found["properties"]["title"], found["vector"]) == ("Another", vector(101))

    data.replace({"title": "Replaced"}, "Book", made, vector=[1, 0, 0.5])
    found = data.get_by_id(made, class_name="Book", with_vector=True)
    assert (found["properties"], found["vector"]) == ({"title": "Replaced"}, [1, 0, 0.5])

    data.delete(made, class_name="Book")
    assert data.exists(made, class_name="Book") is False
    assert data.get_by_id(made, class_name="Book") is None
    data.delete(made, class_name="Book")  # 204, too


def test_what_was_created_twice_exists(client: Any) -> None:
    with pytest.raises(weaviate.ObjectAlreadyExistsException):
        client.data_object.create({"title": "x"}, "Book", uuid=key(101))


def test_consistency_level_and_numpy_vector(client: Any) -> None:
    numpy = pytest.importorskip("numpy")
    level = weaviate.data.replication.ConsistencyLevel.ONE
    given = numpy.array([0.5, 0.25, 1], dtype=numpy.float32)
    client.data_object.create({"title": "x"}, "Book", uuid=key(902), vector=given, consistency_level=level)
    found = client.data_object.get_by_id(key(902), class_name="Book", with_vector=True, consistency_level=level)
    assert found["vector"] == [0.5, 0.25, 1]
    assert client.data_object.exists(key(902), class_name="Book", consistency_level=level)
    client.data_object.delete(key(902), class_name="Book", consistency_level=level)


def test_merges_where_the_rest_port_is(stage: Stage, client: Any) -> None:
    def merge() -> None:
        client.data_object.update({"pages": 7}, "Book", key(101), vector=[1, 1, 1])

    if not stage.with_rest:
        with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
            merge()
        assert caught.value.status_code == 501
        return
    merge()
    found = client.data_object.get_by_id(key(101), class_name="Book", with_vector=True)
    assert (found["properties"]["pages"], found["properties"]["title"]) == (7, TITLES[101])
    assert found["vector"] == [1, 1, 1]


def test_validates_where_the_rest_port_is(with_rest: Stage) -> None:
    data = client_of(with_rest).data_object
    assert data.validate({"title": "x"}, "Book") == {"error": None, "valid": True}
    assert data.validate({"nope": "x"}, "Book")["valid"] is False


def test_lists_and_pages(client: Any) -> None:
    everything = client.data_object.get(class_name="Book", limit=100)
    assert (everything["totalResults"], len(everything["objects"])) == (6, 6)
    pages, after = [], "00000000-0000-0000-0000-000000000000"
    while page := client.data_object.get(class_name="Book", limit=4, after=after)["objects"]:
        pages.append([one["id"] for one in page])
        after = page[-1]["id"]
    assert pages == [[key(number) for number in (101, 102, 103, 104)], [key(105), key(106)]]
    skipped = client.data_object.get(class_name="Book", limit=2, offset=3)["objects"]
    assert [one["id"] for one in skipped] == [one["id"] for one in everything["objects"]][3:5]


def test_lists_sorted(client: Any) -> None:
    sort = {"properties": ["sold", "pages"], "order_asc": [True, False]}
    found = client.data_object.get(class_name="Book", sort=sort, with_vector=True)["objects"]
    assert [one["properties"]["pages"] for one in found] == [250, 150, 50, 300, 200, 100]
    assert found[0]["vector"] == vector(105)


def test_appends_references(stage: Stage, client: Any) -> None:
    reference = client.data_object.reference
    reference.add(key(13), "employer", key(2), from_class_name="Writer", to_class_name="Publisher")
    assert stage.store.get("Writer").shards[""].objects[key(13)].properties["employer"] == [("Publisher", key(2))]
    asked = client.query.get("Writer", ["name", "employer { ... on Publisher { name } }"])
    rows = asked.with_where({"path": ["id"], "operator": "Equal", "valueText": key(13)}).do()
    assert rows["data"]["Get"]["Writer"] == [{"name": "Cleo Eng", "employer": [{"name": "Blue Harbour"}]}]


def test_replaces_and_deletes_references_where_the_rest_port_is(with_rest: Stage) -> None:
    from .library import fill

    fill(with_rest.store)
    reference = client_of(with_rest).data_object.reference
    reference.update(key(11), "employer", [key(2)], from_class_name="Writer", to_class_names="Publisher")
    kept = with_rest.store.get("Writer").shards[""].objects[key(11)].properties
    assert kept["employer"] == [("Publisher", key(2))]
    reference.delete(key(11), "employer", key(2), from_class_name="Writer", to_class_name="Publisher")
    assert kept["employer"] == []


@pytest.mark.parametrize(
    "change, status, text",
    [
        ({"pages": 1.5}, 422, "invalid integer property 'pages' on class 'Book'"),
        ({"published": "yesterday"}, 422, "invalid date property 'published' on class 'Book'"),
        ({"isbn": "nope"}, 422, "invalid uuid property 'isbn' on class 'Book'"),
        ({"place": {"latitude": 1}}, 422, "geoCoordinates is missing required field 'longitude'"),
        ({"writtenBy": [beacon("Writer", 999)]}, 422, "no object with id " + key(999)),
    ],
)
def test_refusals_of_values(client: Any, change: dict[str, Any], status: int, text: str) -> None:
    with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
        client.data_object.create(change, "Book")
    assert caught.value.status_code == status
    assert text in str(caught.value)


def test_what_is_not_there(client: Any) -> None:
    data = client.data_object
    assert data.get_by_id(key(101), class_name="Nope") is None
    assert data.exists(key(999), class_name="Book") is False
    with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
        data.replace({"title": "x"}, "Book", key(999))
    assert caught.value.status_code == 404
    with pytest.raises(weaviate.UnexpectedStatusCodeException):
        data.reference.add(key(999), "employer", key(1), from_class_name="Writer", to_class_name="Publisher")
