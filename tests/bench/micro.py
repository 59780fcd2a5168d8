"""JSON alone, one core: the micro-benchmarks' times against each other."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from .bench import Bench
from .processes import on, placement

PROGRAM = "tests/bench/micro/vecgate_bench"
VECTORS = "/100/768"  # the upsert of the other parts
# row -> (ours, theirs, their arguments; "": all that both have)
PAIRS = {
    "read_vs_simdjson": ("ReadFloats", "SimdjsonParse", VECTORS),
    "read_vs_protobuf": ("ReadFloats", "ProtobufJsonRead", VECTORS),
    "write_vs_to_chars": ("WriteFloats", "ToCharsLoop", VECTORS),
    "write_vs_protobuf": ("WriteFloats", "ProtobufJsonWrite", VECTORS),
    "read_payload_vs_simdjson": ("ReadPayload", "SimdjsonParsePayload", ""),
    "write_payload_vs_protobuf": ("WritePayload", "ProtobufJsonWritePayload", ""),
}
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def medians(report: dict) -> dict[str, float]:
    """Name, with arguments -> nanoseconds of CPU for the same work, the median of the repetitions."""
    return {
        run["run_name"]: run["cpu_time"] * NANOSECONDS[run["time_unit"]]
        for run in report["benchmarks"]
        if run.get("aggregate_name") == "median"
    }


def speedup(times: dict[str, float], ours: str, theirs: str, arguments: str = "") -> float | None:
    """How many times faster ours is; where both have several rows of arguments, in the worst of them."""
    rows = {name.removeprefix(theirs): time for name, time in times.items() if name.split("/")[0] == theirs}
    found = [
        time / times[ours + row]
        for row, time in rows.items()
        if arguments in ("", row) and ours + row in times
    ]
    return min(found, default=None)


def measure(program: Path, repetitions: int, seconds: float) -> dict[str, float]:
    """Runs what PAIRS names, taking turns; nanoseconds by name."""
    names = sorted({name for ours, theirs, _ in PAIRS.values() for name in (ours, theirs)})
    command = on(
        *(placement().gateway, program, f"--benchmark_filter=^({'|'.join(names)})(/|$)", "--benchmark_format=json"),
        *("--benchmark_report_aggregates_only=true", "--benchmark_enable_random_interleaving=true"),
        *(f"--benchmark_repetitions={repetitions}", f"--benchmark_min_time={seconds}"),
    )
    return medians(json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout))


def ratios(times: dict[str, float]) -> dict[str, float]:
    found = {row: speedup(times, *pair) for row, pair in PAIRS.items()}
    return {row: value for row, value in found.items() if value is not None}


def micro(bench: Bench) -> None:
    program: Path = bench.build / PROGRAM
    if not program.exists():
        bench.say(f"no micro-benchmarks: {program} is not built")
        return
    times = measure(program, bench.rounds(4) + 1, 0.01 if bench.quick else 0.2)
    for name, nanoseconds in sorted(times.items()):
        bench.say(f"  {name:<32}{nanoseconds / 1000:>12.1f} us")
        bench.details[f"micro/{name}/us"] = nanoseconds / 1000
    bench.rows |= ratios(times)
