"""What /metrics tells: the right numbers, under documented names, in a form that Prometheus takes."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .running import COUNT, Upstream, Vecgate
from .scrape import Scrape, documented
from .wire import Wire, get, post, until

COUNT_ROUTE = "/collections/{collection_name}/points/count"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


def scrape(vecgate: Vecgate) -> Scrape:
    return Scrape.of(vecgate.metrics().body.decode())


def settled(vecgate: Vecgate, name: str, value: float, **labels: str) -> Scrape:
    """A request is counted when its answer is out, so shortly after the client has it."""
    until(lambda: scrape(vecgate).total(name, **labels) == value, f"{name} is {value}")
    return scrape(vecgate)


def test_routes_statuses_and_collections(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, metrics={"collections": 2}) as vecgate:
        vecgate.wait_ready()
        for name in ("n1", "n2", "n1", "n3"):
            assert post(vecgate.rest, f"/collections/{name}/points/count").status == 200
        assert post(vecgate.rest, "/collections/n1/points/count", b"{").status == 400
        assert get(vecgate.rest, "/nowhere").status == 404
        told = settled(vecgate, "rest_responses_total", 6)
        labels = {"method": "POST", "endpoint": COUNT_ROUTE}
        assert told.value("rest_responses_total", **labels, status="200") == 4
        assert told.value("rest_responses_total", **labels, status="400") == 1
        assert told.value("rest_responses_total", method="other", endpoint="unmatched", status="404") == 1
        assert told.value("rest_responses_duration_seconds_count", **labels, status="200") == 4
        per_collection = "vecgate_collection_requests_total"
        assert told.value(per_collection, collection="n1", **labels, status="200") == 2
        assert told.value(per_collection, collection="n1", **labels, status="400") == 1
        assert told.value(per_collection, collection="n2", **labels, status="200") == 1
        assert told.value(per_collection, collection="other", **labels, status="200") == 1  # the third name
        assert told.value("vecgate_collection_duration_seconds_count", collection="n1") == 3
        assert told.total("vecgate_upstream_responses_total", code="OK") >= 4


def test_names_that_nothing_succeeded_with_take_no_place(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, metrics={"collections": 1}) as vecgate:
        vecgate.wait_ready()
        for number in range(20):
            assert post(vecgate.rest, f"/collections/guess{number}/points/count", b"{").status == 400
        assert post(vecgate.rest, "/collections/n1/points/count").status == 200
        told = settled(vecgate, "vecgate_collection_requests_total", 21)
        assert told.total("vecgate_collection_requests_total", collection="other") == 20
        assert told.total("vecgate_collection_requests_total", collection="n1") == 1


def test_collections_can_be_left_out(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, metrics={"collections": 0}) as vecgate:
        vecgate.wait_ready()
        assert post(vecgate.rest, "/collections/secret1/points/count", b"{").status == 400
        settled(vecgate, "rest_responses_total", 1)
        assert b"secret1" not in vecgate.metrics().body
        assert b"vecgate_collection" not in vecgate.metrics().body


def test_stages_tell_where_the_time_went(upstream: Upstream, tmp_path: Path) -> None:
    def slow(request: bytes, context: object) -> bytes:
        time.sleep(0.2)
        return answer(request, context)

    answer, upstream.answers[COUNT] = upstream.answers[COUNT], slow
    with Vecgate(tmp_path, upstream.port, metrics={"server_timing": True}) as vecgate:
        vecgate.wait_ready()
        reply = post(vecgate.rest, "/collections/n1/points/count", accept_encoding="gzip")
        timing = dict(re.findall(r"(\w+);dur=([\d.]+)", reply.header("server-timing")))
        assert list(timing) == ["queue", "read", "parse", "upstream", "print", "compress", "total"]
        assert 200 <= float(timing["upstream"]) <= float(timing["total"]) < 5_000
        assert sum(map(float, timing.values())) <= 2 * float(timing["total"])
        told = settled(vecgate, "rest_responses_total", 1)
        for stage in (*list(timing)[:-1], "write"):
            assert told.value("vecgate_stage_seconds_count", stage=stage) == 1
        assert 0.2 <= told.value("vecgate_stage_seconds_sum", stage="upstream") < 5


def test_server_timing_is_off_by_default(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port) as vecgate:
        assert get(vecgate.rest, "/").header("server-timing") is None


def test_process_is_described(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, threads=2) as vecgate:
        vecgate.wait_ready()
        told = scrape(vecgate)
        kernel = Path(f"/proc/{vecgate.process.pid}")
        status = dict(line.split(":\t", 1) for line in (kernel / "status").read_text().splitlines() if ":\t" in line)
        resident = int(status["VmRSS"].split()[0]) * 1024
        assert 0.5 * resident < told.value("process_resident_memory_bytes") < 2 * resident
        assert abs(told.value("process_threads") - int(status["Threads"])) <= 2
        assert abs(told.value("process_open_fds") - vecgate.descriptors()) <= 2
        assert abs(told.value("process_start_time_seconds") - time.time()) < 60
        assert 0 < told.value("process_cpu_seconds_total") < 60
        assert told.value("process_max_fds") >= 1024


@pytest.fixture
def busy(upstream: Upstream, tmp_path: Path) -> Iterator[Scrape]:
    """What is told after one of everything."""
    with Vecgate(tmp_path, upstream.port) as vecgate:
        vecgate.wait_ready()
        post(vecgate.rest, "/collections/n1/points/count")
        with Wire(vecgate.rest) as wire:
            wire.send(b"nonsense\r\n\r\n")
            assert wire.reply().status == 400
        settled(vecgate, "rest_responses_total", 1)
        (tmp_path / "metrics").write_bytes(vecgate.metrics().body)
        yield scrape(vecgate)


def test_every_metric_is_documented(busy: Scrape) -> None:
    known = documented()
    assert busy.types.keys() <= known.keys()
    for name, (kind, labels, meaning, shown) in known.items():
        assert meaning
        if name not in busy.types:
            assert shown, f"{name} is said to be shown from the start"
            continue
        assert busy.types[name] == kind, name
        # Upstreams have names where there are several (test_upstreams.py).
        assert busy.label_names(name) == set(filter(None, labels.split(", "))) - {"upstream"}, name


@pytest.mark.skipif(shutil.which("promtool") is None, reason="there is no promtool (Debian package prometheus)")
def test_promtool_has_nothing_to_say(busy: Scrape, tmp_path: Path) -> None:
    with (tmp_path / "metrics").open() as text:
        said = subprocess.run(["promtool", "check", "metrics"], stdin=text, capture_output=True, text=True)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
