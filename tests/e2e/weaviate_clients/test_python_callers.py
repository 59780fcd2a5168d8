"""The Python client, judged by the gateway: keys that open everything, everything to be read, and some collections."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .library import fill, key
from .python_client import client_of, weaviate
from .stage import Stage

pytestmark = [
    pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # it is told that batches are made by hand
]
KEYS = {name: f"{name}-key-of-32-characters-00000000" for name in ("full", "read", "some")}
RIGHTS = [
    {"name": "full", "key": KEYS["full"], "access": "full"},
    {"name": "read", "key": KEYS["read"], "access": "read-only"},
    {
        "name": "some",
        "key": KEYS["some"],
        "access": "collections",
        "collections": ["Book:r", "Publisher:rw", "Note:rw"],
    },
]


@pytest.fixture(scope="module", params=[True, False], ids=["with_rest", "without_rest"])
def guarded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The database knows one key, which only the gateway has."""
    own = {"credentials": {"source": "key", "key": "db-key"}}
    folder = tmp_path_factory.mktemp("callers")
    with Stage(folder, request.param, api_key="db-key", auth={"keys": RIGHTS}, upstream=own) as stage:
        stage.gateway.wait_ready()
        yield stage


def where(path: list[str], text: str) -> dict[str, Any]:
    return {"path": path, "operator": "Equal", "valueText": text}


def batch(client: Any, *names: str) -> None:
    for name in names:
        client.batch.add_data_object({}, name)
    client.batch.create_objects()


WRITER = ["writtenBy", "Writer", "name"]
# What is asked, and whether readers and those limited to some collections may.
REQUESTS: dict[str, tuple[Callable[[Any], Any], bool, bool]] = {
    "meta": (lambda c: c.get_meta(), True, True),
    "query": (lambda c: c.query.get("Book", ["title"]).do(), True, True),
    "query of another": (lambda c: c.query.get("Writer", ["name"]).do(), True, False),
    "query of both": (lambda c: c.query.raw("{ Get { Book { title } Writer { name } } }"), True, False),
    "query through a reference": (lambda c: c.query.get("Book", ["writtenBy { ... on Writer { name } }"]).do(), True, False),
    "filter through a reference": (lambda c: c.query.get("Book", ["title"]).with_where(where(WRITER, "x")).do(), True, False),
    "aggregate": (lambda c: c.query.aggregate("Book").with_meta_count().do(), True, True),
    "aggregate of another": (lambda c: c.query.aggregate("Writer").with_meta_count().do(), True, False),
    "exists": (lambda c: c.data_object.exists(key(1), class_name="Publisher"), True, True),
    "exists in another": (lambda c: c.data_object.exists(key(11), class_name="Writer"), True, False),
    "list": (lambda c: c.data_object.get(class_name="Publisher"), True, True),
    "list of another": (lambda c: c.data_object.get(class_name="Writer"), True, False),
    "tenants": (lambda c: c.schema.get_class_tenants("Note"), True, True),
    "create": (lambda c: c.data_object.create({"name": "x"}, "Publisher"), False, True),
    "create what is only read": (lambda c: c.data_object.create({"title": "x"}, "Book"), False, False),
    "replace": (lambda c: c.data_object.replace({"name": "y"}, "Publisher", key(1)), False, True),
    "delete": (lambda c: c.data_object.delete(key(2), class_name="Publisher"), False, True),
    "batch": (lambda c: batch(c, "Publisher", "Publisher"), False, True),
    "batch with another": (lambda c: batch(c, "Publisher", "Writer"), False, False),
    "delete by filter": (lambda c: c.batch.delete_objects("Publisher", where(["name"], "x")), False, True),
    "delete by filter in another": (lambda c: c.batch.delete_objects("Writer", where(["name"], "x")), False, False),
}


def status(call: Callable[[Any], Any], client: Any) -> int:
    try:
        call(client)
    except weaviate.UnexpectedStatusCodeException as refusal:
        return refusal.status_code
    return 200


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("caller", KEYS)
def test_callers_may_what_their_key_opens(guarded: Stage, caller: str, name: str) -> None:
    fill(guarded.store)
    call, reader_may, some_may = REQUESTS[name]
    may = {"full": True, "read": reader_may, "some": some_may}[caller]
    client = client_of(guarded, auth_client_secret=weaviate.AuthApiKey(KEYS[caller]))
    assert status(call, client) == (200 if may else 403)


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.data_object.get(),
        lambda c: c.data_object.get(class_name="Writer", additional_properties=["classification"]),
        lambda c: c.data_object.get_by_id(key(11), class_name="Writer", node_name="node1"),
        lambda c: c.schema.get(),
        lambda c: c.schema.get("Writer"),
    ],
    ids=["all classes", "another", "one of another", "schema", "schema of another"],
)
def test_the_rest_port_is_no_way_around(guarded: Stage, ask: Callable[[Any], Any]) -> None:
    client = client_of(guarded, auth_client_secret=weaviate.AuthApiKey(KEYS["some"]))
    guarded.rest.asked.clear()
    assert status(ask, client) in (403, 501)
    assert guarded.rest.asked == []


def test_what_was_refused_was_not_done(guarded: Stage) -> None:
    fill(guarded.store)
    client = client_of(guarded, auth_client_secret=weaviate.AuthApiKey(KEYS["some"]))
    before = len(guarded.store.get("Publisher").shards[""].objects)
    guarded.service.calls.clear()
    assert status(lambda c: batch(c, "Publisher", "Writer"), client) == 403
    assert len(guarded.store.get("Publisher").shards[""].objects) == before
    assert guarded.service.calls == {}


def test_strangers_are_not_let_in(guarded: Stage) -> None:
    for secret in (None, weaviate.AuthApiKey("db-key"), weaviate.AuthApiKey("nobody's")):
        with pytest.raises(weaviate.UnexpectedStatusCodeException) as caught:
            client_of(guarded, auth_client_secret=secret)
        assert caught.value.status_code == 401


def passed(guarded: Stage, caller: str, target: str) -> tuple[int, bool]:
    """The status, and whether the REST port was asked."""
    guarded.rest.asked.clear()
    asked = urllib.request.Request(guarded.url + target, headers={"authorization": f"Bearer {KEYS[caller]}"})
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, f"GET {target}" in guarded.rest.asked
    except urllib.error.HTTPError as refusal:
        return refusal.code, f"GET {target}" in guarded.rest.asked


# Whether callers of some collections may have it passed through: only the path tells which collection it concerns.
@pytest.mark.parametrize(
    ("target", "some_may"),
    [
        ("/v1/objects", False),
        ("/v1/objects?class=Publisher&include=classification", False),
        (f"/v1/objects/Publisher/{key(1)}?include=classification", True),
        (f"/v1/objects/Publisher/{key(1)}?node_name=node1", True),
        (f"/v1/objects/Writer/{key(11)}?include=classification", False),
    ],
)
def test_what_grpc_cannot_answer_is_passed_to_those_who_may(guarded: Stage, target: str, some_may: bool) -> None:
    fill(guarded.store)
    assert passed(guarded, "read", target)[1] == guarded.with_rest
    status, was_passed = passed(guarded, "some", target)
    assert was_passed == (guarded.with_rest and some_may)
    if not some_may and guarded.with_rest:
        assert status == 403
    if not guarded.with_rest:
        assert status == (403 if "Writer" in target else 501)
