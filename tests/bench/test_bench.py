"""The harness itself: what it compares is the same work, and its programs do what they say. Nothing here is timed."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from e2e.servers import start_devupstream, stop
from google.protobuf import json_format

from . import report
from .bench import Bench
from .load import GrpcPeer, RestPeer, Sample, alternate, fetch, open_loop, rate, ratio, wake_only
from .memory import LARGE_BODY, IdleConnections, large_request
from .micro import medians, speedup
from .native import native
from .processes import REPOSITORY, CannedUpstream, Vecgate, everywhere, placement
from .works import Http, Work, all_works, contains

VECGATE = Path(os.environ.get("VECGATE_BIN", REPOSITORY / "build/release/gateway/vecgate"))
BUILD = VECGATE.parent.parent
SECONDS = 0.2

needs_wrk = pytest.mark.skipif(
    not VECGATE.exists() or shutil.which("wrk") is None, reason="needs vecgate, built, and wrk"
)
needs_programs = pytest.mark.skipif(
    not (BUILD / "tests/bench/open_loop").exists(), reason="built with -DVECGATE_BENCH=ON only"
)


@pytest.fixture(scope="module")
def works() -> dict[str, Work]:
    return all_works()


@pytest.fixture(scope="module")
def upstream(works: dict[str, Work], tmp_path_factory: pytest.TempPathFactory) -> Iterator[CannedUpstream]:
    folder = tmp_path_factory.mktemp("upstream")
    with CannedUpstream(BUILD, folder, list(works.values()), everywhere().upstream) as program:
        yield program


@pytest.fixture(scope="module")
def peer(upstream: CannedUpstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestPeer]:
    folder = tmp_path_factory.mktemp("vecgate")
    with Vecgate(VECGATE, folder, upstream.address, everywhere().gateway) as gateway:
        yield RestPeer("vecgate", gateway, gateway.port, folder, everywhere().load)


# ---- the works ----


def test_both_forms_carry_the_same_numbers(works):
    points = json.loads(works["upsert"].rest.body)["points"]
    sent = [list(point.vectors.vector.dense.data) for point in works["upsert"].request.points]
    assert [np.float32(point["vector"]).tolist() for point in points] == sent
    searched = json.loads(works["search"].rest.body)["query"]
    assert np.float32(searched).tolist() == list(works["search"].request.query.nearest.dense.data)


def test_a_transcoder_is_given_the_same_message(works):
    for work in works.values():
        assert json_format.Parse(work.transcoded.body, type(work.request)()) == work.request, work.name


def test_a_transcoder_has_to_answer_the_whole_message(works):
    work = works["search"]
    answer = json.loads(json_format.MessageToJson(work.reply))
    work.transcoded.check(json.dumps(answer).encode())
    answer["result"].pop()
    with pytest.raises(ValueError, match="another message"):
        work.transcoded.check(json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("actual", "expected", "held"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, 2], [1, 2], True),
        ([1, 2, 3], [1, 2], False),
        (0.1, float(np.float32(0.1)), True),
        (0.10001, 0.1, False),
        (1, True, False),
        (None, 0.5, False),
    ],
)
def test_answers_are_compared_as_32_bit_numbers(actual, expected, held):
    assert contains(actual, expected) is held


def test_the_large_body_is_just_below_the_limit():
    assert 0 <= LARGE_BODY - len(large_request().body) < 32 << 10


def test_the_gateway_has_a_core_of_its_own_where_there_are_two():
    place = placement()
    assert place.gateway and place.upstream and place.load
    if len(os.sched_getaffinity(0)) > 1:
        assert not set(place.gateway) & set(place.upstream + place.load)


# ---- what is made of the numbers ----


def test_a_ratio_is_the_median_of_the_rounds():
    def sample(requests: int) -> Sample:
        return Sample(requests, seconds=2, cpu_seconds=1, p50_us=1, p99_us=1, bytes=0)

    rounds = {"ours": [sample(n) for n in (100, 400, 900)], "theirs": [sample(n) for n in (100, 200, 100)]}
    assert ratio(rounds, "ours", "theirs", rate) == 2


def test_micro_benchmarks_are_compared_row_by_row():
    def run(name: str, time: float, unit: str = "us", aggregate: str = "median") -> dict:
        return {"run_name": name, "cpu_time": time, "time_unit": unit, "aggregate_name": aggregate}

    times = medians(
        {
            "benchmarks": [
                *(run("ReadFloats/128", 10), run("ReadFloats/768", 20), run("ReadFloats/128", 99, aggregate="mean")),
                *(run("SimdjsonParse/128", 30), run("SimdjsonParse/768", 0.04, "ms"), run("SimdjsonParsePayload", 1)),
            ]
        }
    )
    assert speedup(times, "ReadFloats", "SimdjsonParse") == 2
    assert speedup(times, "ReadFloats", "SimdjsonParse", "/128") == 3
    assert speedup(times, "WriteFloats", "ToCharsLoop") is None


def test_the_readme_shows_the_last_run_of_each_row(tmp_path):
    history, readme = tmp_path / "history.jsonl", tmp_path / "README.md"
    for date, rows in (("2026-01-01", {"cpu_vs_grpc": 1.5, "p99_us": 3000}), ("2026-01-02", {"cpu_vs_grpc": 1.61})):
        report.append({"date": date, "commit": "abc", "machine": "2 cores", "rows": rows, "details": {}}, history)
    readme.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.update_readme(report.load(history), readme)
    text = readme.read_text()
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert "| 1.61 x | ≤ 1.7 x | met |" in text
    assert "| 3000 µs | ≤ 1000 µs | missed |" in text
    assert text.count("not yet") == len(report.ROWS) - 2
    assert "Measured 2026-01-01, commit abc, 2 cores.\nMeasured 2026-01-02, commit abc, 2 cores.\n" in text


def test_the_readme_has_a_place_for_the_table():
    text = report.README.read_text()
    assert text.count(report.BEGIN) == text.count(report.END) == 1


# ---- the programs ----


@needs_wrk
def test_the_closed_loop_sees_every_work_answered(works, peer):
    for work in works.values():
        samples = alternate([peer], work, 2, rounds=1, seconds=SECONDS)[peer.name]
        assert samples[0].requests > 0, work.name
        assert samples[0].bytes > samples[0].requests * 100, work.name


@needs_wrk
def test_a_wrong_answer_is_never_timed(works, peer):
    other = dataclasses.replace(works["search"], rest=works["scroll"].rest._replace(check=works["search"].rest.check))
    with pytest.raises(ValueError, match="not the expected answer"):
        alternate([RestPeer("vecgate", None, peer.port, peer.folder, everywhere().load)], other, 1, 1, SECONDS)


@needs_wrk
def test_connections_stay_open_while_they_are_counted(works, peer):
    with IdleConnections(peer.port, works["search"].rest) as idle:
        idle.open(5)
    assert peer.program.memory("VmHWM") >= peer.program.memory("VmRSS") > 0


@needs_programs
def test_the_floor_makes_the_same_calls(works, upstream, tmp_path):
    floor = GrpcPeer("gRPC", BUILD, upstream.address, tmp_path, everywhere().load)
    for work in works.values():
        assert alternate([floor], work, 2, rounds=1, seconds=SECONDS)[floor.name][0].requests > 0, work.name


@needs_programs
def test_a_sleeper_tells_how_late_it_woke():
    told = wake_only(BUILD, rate=100, seconds=0.5, cores=everywhere().load)
    assert told["sent"] == 50 and told["answered"] == told["failed"] == 0
    assert 0 < told["late_p99_us"] <= told["late_p999_us"] <= told["late_max_us"]


@needs_wrk
@needs_programs
def test_the_open_loop_keeps_its_schedule(works, peer):
    told = open_loop(BUILD, peer, works["search"], rate=100, connections=4, seconds=0.5, cores=everywhere().load)
    assert told["sent"] == told["answered"] == 50
    assert 0 < told["p50_us"] <= told["p90_us"] <= told["p99_us"] <= told["p999_us"] <= told["max_us"]


@needs_wrk
@needs_programs
def test_a_database_is_measured_and_left_as_it_was(works, tmp_path):
    """The development upstream, with a gateway as its REST port."""
    process, port = start_devupstream()
    try:
        with Vecgate(VECGATE, tmp_path, f"127.0.0.1:{port}", everywhere().gateway) as rest:
            bench = Bench(build=BUILD, folder=tmp_path, works=works, vecgate=VECGATE, quick=True)
            native(bench, f"http://127.0.0.1:{rest.port}", f"127.0.0.1:{port}")
            assert bench.rows.keys() == {"upsert_vs_native", "scroll_vs_native", "query_vs_native", "query_added_us"}
            left = fetch("127.0.0.1", rest.port, Http("GET", "/collections", b"", check=lambda _: None))
            assert json.loads(left)["result"] == {"collections": []}
    finally:
        stop(process)
