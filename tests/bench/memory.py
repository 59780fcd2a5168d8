"""Memory: at rest, for idle connections, for one large upsert, and after much traffic."""

from __future__ import annotations

import http.client
import statistics
import time

import numpy as np

from .bench import AT_A_TIME, Bench
from .load import RestPeer, fetch
from .processes import Vecgate, allow_many_connections, everywhere
from .works import BULK, BULK_DIM, Http, Work, json_body, numbers, result_is

CONNECTIONS = 2000
LARGE_BODY = 32 << 20  # the limit of bodies by default
SOAK_SECONDS = 90  # at most
MIB = 1 << 20


class IdleConnections:
    """Closes them all at its end."""

    def __init__(self, port: int, request: Http) -> None:
        self._port, self._request = port, request
        self._open: list[http.client.HTTPConnection] = []

    def __enter__(self) -> IdleConnections:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._open:
            connection.close()

    def open(self, count: int) -> None:
        for _ in range(count):
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            self._open.append(connection)
            request = self._request
            connection.request(request.method, request.target, request.body, {"content-type": "application/json"})
            answer = connection.getresponse()
            if answer.status != 200 or not answer.read():
                raise RuntimeError(f"connection {len(self._open)}: {answer.status}")


def memory(bench: Bench) -> None:
    allow_many_connections()
    place = everywhere()
    with bench.start_upstream(place) as upstream:
        with bench.start_vecgate(upstream.address, place.gateway) as gateway:
            at_rest(bench, gateway)
            idle_connections(bench, gateway)
        with bench.start_vecgate(upstream.address, place.gateway) as gateway:
            large_upsert(bench, gateway)
        with bench.start_vecgate(upstream.address, place.gateway) as gateway:
            soak(bench, gateway, bench.rest_peer("vecgate", gateway, place))


def at_rest(bench: Bench, gateway: Vecgate) -> None:
    time.sleep(0.5)
    bench.rows["rss_idle_mb"] = gateway.memory("VmRSS") / MIB


def idle_connections(bench: Bench, gateway: Vecgate) -> None:
    """Each has had its answer and waits for its next request."""
    count = CONNECTIONS // (10 if bench.quick else 1)
    work = bench.works["search"]
    with IdleConnections(gateway.port, work.rest) as first:
        first.open(50)  # what the first requests leave behind once and for all is not the connections'
    time.sleep(0.5)
    before = gateway.memory("VmRSS")
    with IdleConnections(gateway.port, work.rest) as idle:
        idle.open(count)
        time.sleep(0.5)
        grown = gateway.memory("VmRSS") - before
    bench.rows["connection_kb"] = grown / count / 1024


def large_upsert(bench: Bench, gateway: Vecgate) -> None:
    """The largest body that is taken, once, by a process that has seen nothing else."""
    request = large_request()
    request.check(fetch("127.0.0.1", gateway.port, request))
    bench.rows["upsert_peak"] = gateway.memory("VmHWM") / len(request.body)


def large_request() -> Http:
    """Just below the limit; one point's text is repeated under other ids, which saves minutes of printing numbers."""
    vector = numbers(np.random.default_rng(3).uniform(-1, 1, BULK_DIM).astype(np.float32))
    point = json_body({"vector": vector})[1:]
    count = (LARGE_BODY - 1024) // (len(point) + len('{"id":10000,') + 1)
    points = b",".join(b'{"id":%d,' % (10_000 + i) + point for i in range(count))
    return Http(
        *("PUT", f"/collections/{BULK}/points?wait=true", b'{"points":[' + points + b"]}"),
        result_is("large upsert", {"status": "completed"}),
    )


def soak(bench: Bench, gateway: Vecgate, peer: RestPeer) -> None:
    """All works in turn until so many bytes went through; compares memory early and late."""
    wanted = bench.soak_bytes // (100 if bench.quick else 1)
    works: list[Work] = list(bench.works.values())
    for work in works:
        peer.check(work)
    through, sizes = 0.0, []
    deadline = time.monotonic() + (10 if bench.quick else SOAK_SECONDS)
    while (through < wanted or len(sizes) < 4) and time.monotonic() < deadline:
        for work in works:
            sample = peer.measure(work, AT_A_TIME[work.name], 1)
            through += sample.bytes + sample.requests * len(work.rest.body)
        sizes.append(gateway.memory("VmRSS"))
    # The first turn fills pools and arenas.
    settled = sizes[1:] or sizes
    third = max(1, len(settled) // 3)
    early, late = statistics.median(settled[:third]), statistics.median(settled[-third:])
    bench.say(
        f"memory after {through / 1e9:.1f} GB: {late / MIB:.1f} MiB, early on {early / MIB:.1f} MiB, "
        f"at most {max(sizes) / MIB:.1f} MiB"
    )
    bench.rows["growth"] = late / early
    bench.details |= {"memory/soak_gb": through / 1e9, "memory/soak_rss_mb": late / MIB}
