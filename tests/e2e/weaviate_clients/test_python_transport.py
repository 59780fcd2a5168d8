"""The Python client: batches larger than a message, answers that come too late, waiting for the start."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from .library import define, fill, key, vector
from .python_client import client_of, weaviate
from .stage import Stage

pytestmark = [
    pytest.mark.skipif(weaviate is None, reason="deploy/install-dependencies.sh --with-checks installs the client"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning", "ignore::DeprecationWarning"),
]


def test_a_large_batch_is_split_and_told_in_order(tmp_path: Any) -> None:
    with Stage(tmp_path, with_rest=False, upstream={"max_message_bytes": 65536}) as stage:
        define(stage.store)
        client, answers = client_of(stage), []
        client.batch.configure(batch_size=1000, dynamic=False, num_workers=1, callback=answers.extend)
        for number in range(100):
            pages = 1.5 if number == 57 else number
            given = {"title": f"{number} " + "x" * 4000, "pages": pages}
            client.batch.add_data_object(given, "Book", uuid=key(number), vector=vector(number))
        client.batch.flush()
        assert [one["id"] for one in answers] == [key(number) for number in range(100)]
        assert [index for index, one in enumerate(answers) if one["result"]["status"] != "SUCCESS"] == [57]
        assert "'pages'" in answers[57]["result"]["errors"]["error"][0]["message"]
        assert stage.service.calls["BatchObjects"] >= 7
        kept = stage.store.get("Book").shards[""].objects
        assert [kept[key(number)].properties["pages"] for number in range(3)] == [0, 1, 2]
        assert len(kept) == 99


def test_a_batch_that_took_too_long_is_looked_after(without_rest: Stage) -> None:
    """The client gives up, asks for each object whether it is there, and sends those again that are not, or are others."""
    stage = without_rest
    fill(stage.store)
    released = threading.Event()

    def wait(name: str) -> None:
        if name == "BatchObjects":
            released.wait(10)

    client = client_of(stage)
    client.timeout_config = (5, 1)
    client.batch.configure(batch_size=10, dynamic=False, timeout_retries=1)
    client.batch.add_data_object({"title": "slow"}, "Book", uuid=key(901), vector=vector(1))
    client.batch.add_data_object({"title": "other"}, "Book", uuid=key(101), vector=vector(101))
    stage.service.before = wait
    timer = threading.Timer(1.5, released.set)
    timer.start()
    try:
        answers = client.batch.create_objects()
    finally:
        timer.cancel()
        stage.service.before = lambda name: None
    assert all(one["result"]["status"] == "SUCCESS" for one in answers)
    kept = stage.store.get("Book").shards[""].objects
    assert [kept[key(number)].properties["title"] for number in (901, 101)] == ["slow", "other"]


def test_waits_for_the_start(stage: Stage) -> None:
    assert client_of(stage, startup_period=5).is_ready()
