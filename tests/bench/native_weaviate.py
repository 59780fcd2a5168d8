"""A real Weaviate: its own REST port against vecgate before its gRPC port. All share the machine's cores."""

from __future__ import annotations

import dataclasses
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable

import numpy as np
from google.protobuf.empty_pb2 import Empty

from .bench import Bench
from .load import Peer, alternate, fetch, rate, ratio
from .native import BATCH, NATIVE, PATIENCE, VECGATE, agrees, native_peer
from .processes import everywhere
from .works import BULK_DIM, HITS, SCROLLED, SEARCH_DIM, WRITTEN, Http, Work, json_body, numbers, payload_of

SEARCHED, BULK = "VecgateBench", "VecgateBenchBulk"
OBJECTS = 2_000
PROPERTIES = {"title": "text", "year": "int", "rating": "number", "genres": "text[]", "in_stock": "boolean"}


class Database:
    """The database over its own REST API; makes the classes and removes them."""

    def __init__(self, url: str, objects: int) -> None:
        self.url, self._objects = url.rstrip("/"), objects

    def __enter__(self) -> Database:
        for name in (SEARCHED, BULK):
            if self._has(name):
                raise SystemExit(f"{self.url} has a class {name} already; delete it first")
        try:
            # Nothing is indexed of what is written in bulk: no peer leaves work to the next.
            for name, size, count, index in (
                (SEARCHED, SEARCH_DIM, self._objects, "hnsw"),
                (BULK, BULK_DIM, SCROLLED, "flat"),
            ):
                properties = [{"name": key, "dataType": [kind]} for key, kind in PROPERTIES.items()]
                definition = {"class": name, "vectorizer": "none", "vectorIndexType": index, "properties": properties}
                self._ask("POST", "/v1/schema", definition)
                vectors = np.random.default_rng(11).uniform(-1, 1, (count, size)).astype(np.float32)
                for begin in range(0, count, BATCH):
                    batch = objects_of(name, vectors[begin : begin + BATCH], begin)
                    written(self._ask("POST", "/v1/batch/objects", {"objects": batch}))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in (SEARCHED, BULK):
            self._ask("DELETE", f"/v1/schema/{name}")

    def _has(self, name: str) -> bool:
        try:
            self._ask("GET", f"/v1/schema/{name}")
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return False
        return True

    def _ask(self, method: str, target: str, body: object = None) -> bytes:
        request = urllib.request.Request(
            self.url + target,
            method=method,
            data=None if body is None else json_body(body),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.read()


def objects_of(name: str, vectors: np.ndarray, first: int) -> list[dict[str, object]]:
    return [
        {
            "class": name,
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name} {first + i}")),
            "properties": payload_of(first + i),
            "vector": numbers(vector),
        }
        for i, vector in enumerate(vectors)
    ]


def written(answer: bytes) -> None:
    statuses = {each["result"]["status"] for each in json.loads(answer)}
    if statuses != {"SUCCESS"}:
        raise ValueError(f"not all was written: {answer[-400:]!r}")


def works(ask: Callable[[Http], bytes]) -> list[tuple[str, Work, int]]:
    """The row, the work, and how many at a time. Right is what `ask` gets, which is the database's own answer."""
    random = np.random.default_rng(7)
    batch = objects_of(BULK, random.uniform(-1, 1, (WRITTEN, BULK_DIM)).astype(np.float32), 0)
    near = json.dumps(numbers(random.uniform(-1, 1, SEARCH_DIM).astype(np.float32)))
    properties = " ".join(PROPERTIES)

    def query(name: str, text: str, expected: int) -> Http:
        request = Http("POST", "/v1/graphql", json_body({"query": text}), lambda _: None)
        truth = json.loads(ask(request))["data"]
        (found,) = truth["Get"].values()
        if len(found) != expected:
            raise ValueError(f"{name}: the database gives {len(found)} objects, not {expected}")
        return request._replace(check=agrees(name, truth, "data"))

    def work(name: str, title: str, rest: Http) -> Work:
        return Work(name, title, "", Empty(), Empty(), rest)

    get = f"{{Get{{{BULK}(limit:{SCROLLED}){{{properties} _additional{{id vector}}}}}}}}"
    search = f"{{Get{{{SEARCHED}(nearVector:{{vector:{near}}} limit:{HITS}){{{properties} _additional{{id distance}}}}}}}}"
    writes = Http("POST", "/v1/batch/objects", json_body({"objects": batch}), written)
    return [
        ("weaviate_search", work("near", "nearVector k=10, 128-d", query("near", search, HITS)), 16),
        ("weaviate_get", work("get", "GraphQL Get of 500 x 768-d with vectors", query("get", get, SCROLLED)), 4),
        ("weaviate_batch", work("batch", "batch of 100 x 768-d", writes), 16),
    ]


def native_weaviate(bench: Bench, url: str, upstream: str) -> None:
    bench = dataclasses.replace(bench, options=(*bench.options, "--upstream-kind", "weaviate"))
    place = everywhere()
    database = native_peer(bench, url, place.load)
    with (
        Database(url, OBJECTS // (20 if bench.quick else 1)),
        bench.start_vecgate(upstream, place.gateway, threads=0) as gateway,
    ):
        peers: list[Peer] = [database, bench.rest_peer(VECGATE, gateway, place)]
        for row, work, at_a_time in works(lambda request: fetch(database.host, database.port, request)):
            rounds = alternate(peers, work, at_a_time, bench.rounds(5), bench.seconds(4))
            bench.note(work, rounds, at_a_time)
            bench.rows[row] = ratio(rounds, VECGATE, NATIVE, rate)
