"""The Python client: schema, tenants, the cluster; credentials and what else goes along with a call."""

from __future__ import annotations

from typing import Any

import pytest

from .library import BOOK, CLASSES, PUBLISHER, fill, key
from .python_client import client_of, weaviate
from .stage import Stage

pytestmark = [
    pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # it is told that batches are made by hand
]


def test_schema_through_the_rest_port(with_rest: Stage) -> None:
    with_rest.store.collections.clear()
    schema = client_of(with_rest).schema
    assert schema.get() == {"classes": []}
    schema.create({"classes": CLASSES})
    assert schema.contains({"classes": CLASSES})
    assert schema.exists("Book") is True
    assert schema.exists("Nope") is False
    found = schema.get("Book")
    assert [one["name"] for one in found["properties"]] == [one["name"] for one in BOOK["properties"]]
    schema.property.create("Publisher", {"name": "city", "dataType": ["text"]})
    assert [one["name"] for one in schema.get("Publisher")["properties"]] == ["name", "country", "city"]
    schema.update_config("Publisher", {"description": "who prints"})
    assert schema.get("Publisher")["description"] == "who prints"
    assert schema.get_class_shards("Publisher")[0]["status"] == "READY"
    with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
        schema.create_class(PUBLISHER)
    assert caught.value.status_code == 422
    schema.delete_class("Publisher")
    assert schema.exists("Publisher") is False
    schema.delete_all()
    assert schema.get() == {"classes": []}


def test_schema_changes_are_noticed_at_once(with_rest: Stage) -> None:
    """What a blob is, and what a reference, is asked of the schema; the one of yesterday must not answer."""
    with_rest.store.collections.clear()
    client = client_of(with_rest)
    for kind, value in (("text", "aGVsbG8="), ("blob", "d29ybGQ=")):
        client.schema.create_class({"class": "Thing", "vectorizer": "none", "properties": [{"name": "data", "dataType": [kind]}]})
        client.data_object.create({"data": value}, "Thing", uuid=key(1))
        assert client.data_object.get_by_id(key(1), class_name="Thing")["properties"] == {"data": value}
        client.schema.delete_class("Thing")
        assert client.data_object.get_by_id(key(1), class_name="Thing") is None


def test_schema_without_the_rest_port(without_rest: Stage) -> None:
    with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
        client_of(without_rest).schema.get()
    assert caught.value.status_code == 501
    assert without_rest.rest.asked == []


def test_nodes(with_rest: Stage) -> None:
    (node,) = client_of(with_rest).cluster.get_nodes_status()
    assert node["status"] == "HEALTHY"


def test_tenants(stage: Stage) -> None:
    schema = client_of(stage).schema
    told = {tenant.name: tenant.activity_status.value for tenant in schema.get_class_tenants("Note")}
    assert told == {"blue": "HOT", "red": "HOT", "asleep": "COLD"}


def test_tenants_change_through_the_rest_port(with_rest: Stage) -> None:
    from weaviate.schema.crud_schema import Tenant, TenantActivityStatus

    fill(with_rest.store)
    schema = client_of(with_rest).schema
    schema.add_class_tenants("Note", [Tenant("green"), Tenant("grey", TenantActivityStatus.COLD)])
    schema.update_class_tenants("Note", [Tenant("green", TenantActivityStatus.COLD)])
    schema.remove_class_tenants("Note", ["red"])
    told = {tenant.name: tenant.activity_status.value for tenant in schema.get_class_tenants("Note")}
    assert told == {"blue": "HOT", "asleep": "COLD", "green": "COLD", "grey": "COLD"}


def test_objects_of_tenants(stage: Stage) -> None:
    client = client_of(stage)
    data, tenant = client.data_object, {"tenant": "blue"}
    made = data.create({"text": "mine", "n": 9}, "Note", uuid=key(290), vector=[1, 0, 1], **tenant)
    assert data.exists(made, class_name="Note", **tenant) is True
    assert data.exists(made, class_name="Note", tenant="red") is False
    found = data.get_by_id(made, class_name="Note", with_vector=True, **tenant)
    assert (found["tenant"], found["properties"], found["vector"]) == ("blue", {"text": "mine", "n": 9}, [1, 0, 1])
    listed = data.get(class_name="Note", **tenant)["objects"]
    assert [one["id"] for one in listed] == [key(201), key(202), key(290)]
    data.replace({"text": "other"}, "Note", made, **tenant)
    assert data.get_by_id(made, class_name="Note", **tenant)["properties"] == {"text": "other"}
    data.delete(made, class_name="Note", **tenant)
    assert data.exists(made, class_name="Note", **tenant) is False

    client.batch.add_data_object({"text": "red one"}, "Note", uuid=key(291), tenant="red")
    client.batch.add_data_object({"text": "nobody's"}, "Note", uuid=key(292), tenant="nobody")
    client.batch.add_data_object({"text": "sleeping"}, "Note", uuid=key(293), tenant="asleep")
    answers = client.batch.create_objects()
    assert [one["result"]["status"] for one in answers] == ["SUCCESS", "FAILED", "FAILED"]
    assert answers[0]["tenant"] == "red"
    where = {"path": ["text"], "operator": "Like", "valueText": "red*"}
    deleted = client.batch.delete_objects("Note", where, output="verbose", tenant="red")
    assert [one["id"] for one in deleted["results"]["objects"]] == [key(291)]


def test_queries_of_tenants(stage: Stage) -> None:
    query = client_of(stage).query
    asked = query.get("Note", ["text"]).with_tenant("blue")
    assert asked.do()["data"]["Get"]["Note"] == [{"text": "note 1"}, {"text": "note 2"}]
    counted = query.aggregate("Note").with_tenant("red").with_meta_count().do()
    assert counted["data"]["Aggregate"]["Note"] == [{"meta": {"count": 1}}]
    for tenant, text in ((None, "without tenant"), ("nobody", "tenant not found"), ("asleep", "tenant not active")):
        asked = query.get("Note", ["text"])
        answer = (asked.with_tenant(tenant) if tenant else asked).do()
        assert text in answer["errors"][0]["message"]
        assert answer["data"]["Get"]["Note"] is None
    unwanted = query.get("Book", ["title"]).with_tenant("blue").do()["errors"][0]["message"]
    assert unwanted == 'Unknown argument "tenant" on field "Book" of type "GetObjectsObj".'


@pytest.mark.parametrize("rest", [True, False], ids=["with_rest", "without_rest"])
def test_api_key(tmp_path: Any, rest: bool) -> None:
    from weaviate import AuthApiKey

    with Stage(tmp_path, rest, api_key="the-key") as stage:
        fill(stage.store)
        client = client_of(stage, auth_client_secret=AuthApiKey("the-key"), additional_headers={"X-OpenAI-Api-Key": "sk-1"})
        assert client.is_ready()
        assert client.data_object.exists(key(101), class_name="Book")
        assert len(client.query.get("Book", ["title"]).do()["data"]["Get"]["Book"]) == 6
        client.data_object.create({"title": "x"}, "Book")
        # Keys of providers go along to the database's modules.
        for method in ("Search", "BatchObjects"):
            assert stage.service.metadata[method]["x-openai-api-key"] == "sk-1"
            assert stage.service.metadata[method]["authorization"] == "Bearer the-key"

        by_header = client_of(stage, additional_headers={"Authorization": "Bearer the-key"})
        assert by_header.data_object.exists(key(101), class_name="Book")
        with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
            client_of(stage, auth_client_secret=AuthApiKey("wrong")).data_object.exists(key(101), class_name="Book")
        assert caught.value.status_code == 401
        assert "the-key" not in stage.gateway.log
        assert "sk-1" not in stage.gateway.log
