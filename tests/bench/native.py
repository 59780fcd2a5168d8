"""A real database: its own REST port against vecgate before its gRPC port. All share the machine's cores."""

from __future__ import annotations

import dataclasses
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

import numpy as np

from .bench import Bench
from .load import GrpcPeer, Peer, RestPeer, Rounds, alternate, fetch, median, rate, ratio
from .processes import everywhere
from .works import BULK, BULK_DIM, COLLECTION, SCROLLED, SEARCH_DIM, Work, contains, json_body, numbers, payload_of

NATIVE, VECGATE, GRPC = "native REST", "vecgate", "native gRPC"
ROWS = {"upsert": "upsert_vs_native", "scroll": "scroll_vs_native", "search": "query_vs_native"}
POINTS = 10_000
BATCH = 500
PATIENCE = 120


class Database:
    """The database over its own REST API; makes the collections and removes them."""

    def __init__(self, url: str, points: int) -> None:
        self.url = url.rstrip("/")
        self._points = points

    def __enter__(self) -> Database:
        for name in (COLLECTION, BULK):
            if self._ask("GET", f"/collections/{name}/exists")["exists"]:
                raise SystemExit(f"{self.url} has a collection {name} already; delete it first")
        try:
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in (COLLECTION, BULK):
            self._ask("DELETE", f"/collections/{name}")

    def _ask(self, method: str, target: str, body: object = None) -> object:
        request = urllib.request.Request(
            self.url + target,
            method=method,
            data=None if body is None else json_body(body),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["result"]

    def _fill(self) -> None:
        random = np.random.default_rng(11)
        # Nothing is indexed: optimizers that run meanwhile would disturb one peer more than another.
        for name, size, count in ((COLLECTION, SEARCH_DIM, self._points), (BULK, BULK_DIM, SCROLLED)):
            self._ask(
                *("PUT", f"/collections/{name}"),
                {"vectors": {"size": size, "distance": "Dot"}, "optimizers_config": {"indexing_threshold": 0}},
            )
            for begin in range(0, count, BATCH):
                vectors = random.uniform(-1, 1, (min(BATCH, count - begin), size)).astype(np.float32)
                points = [
                    {"id": begin + i, "vector": numbers(v), "payload": payload_of(begin + i)}
                    for i, v in enumerate(vectors)
                ]
                self._ask("PUT", f"/collections/{name}/points?wait=true", {"points": points})
        deadline = time.monotonic() + PATIENCE
        while any(self._ask("GET", f"/collections/{name}")["status"] != "green" for name in (COLLECTION, BULK)):
            if time.monotonic() > deadline:
                raise RuntimeError("the collections do not become green")
            time.sleep(0.2)


def held_to(work: Work, host: str, port: int) -> Work:
    """The work, whose right answer is what the database itself says."""
    truth = json.loads(fetch(host, port, work.rest))["result"]
    if work.name == "upsert":
        return work  # numbered anew each time; its own check knows what it has to say
    expected = len(work.reply.result)
    if len(truth["points"]) != expected:
        raise ValueError(f"{work.name}: the database gives {len(truth['points'])} points, not {expected}")
    return dataclasses.replace(work, rest=work.rest._replace(check=agrees(work.name, truth, "result")))


def agrees(name: str, truth: object, key: str) -> Callable[[bytes], None]:
    """A check that an answer says under `key` what the database says."""

    def check(answer: bytes) -> None:
        told = json.loads(answer)[key]
        if not (contains(told, truth) and contains(truth, told)):
            raise ValueError(f"{name}: not the answer that the database gives: {answer[:400]!r}")

    return check


def native_peer(bench: Bench, url: str, load: list[int]) -> RestPeer:
    """The database's own REST port."""
    address = urllib.parse.urlsplit(url)
    if address.scheme != "http" or address.hostname is None:
        raise SystemExit(f"--native {url}: not an http://HOST:PORT")
    return RestPeer(NATIVE, None, address.port or 80, bench.folder, load, host=address.hostname)


def native(bench: Bench, url: str, upstream: str) -> None:
    place = everywhere()
    database = native_peer(bench, url, place.load)
    with (
        Database(url, POINTS // (20 if bench.quick else 1)),
        bench.start_vecgate(upstream, place.gateway, threads=0) as gateway,
    ):
        peers: list[Peer] = [
            database,
            bench.rest_peer(VECGATE, gateway, place),
            GrpcPeer(GRPC, bench.build, upstream, bench.folder, place.load),
        ]

        def compare(name: str, at_a_time: int) -> Rounds:
            work = held_to(bench.works[name], database.host, database.port)
            rounds = alternate(peers, work, at_a_time, bench.rounds(5), bench.seconds(4))
            bench.note(work, rounds, at_a_time)
            return rounds

        for name, row in ROWS.items():
            rounds = compare(name, 16)
            bench.rows[row] = ratio(rounds, VECGATE, NATIVE, rate)
            bench.details[f"grpc/{row}"] = ratio(rounds, GRPC, NATIVE, rate)
        rounds = compare("search", 1)
        bench.rows["query_added_us"] = median(rounds[VECGATE], lambda s: s.p50_us) - median(
            rounds[NATIVE], lambda s: s.p50_us
        )
