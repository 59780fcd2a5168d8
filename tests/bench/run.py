#!/usr/bin/env python3
"""Measures how fast vecgate is, beside others in the same run. See README.md beside this file."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import canned, report  # noqa: E402
from bench.bench import Bench  # noqa: E402
from bench.memory import memory  # noqa: E402
from bench.micro import micro  # noqa: E402
from bench.native import native  # noqa: E402
from bench.native_weaviate import native_weaviate  # noqa: E402
from bench.processes import REPOSITORY  # noqa: E402
from bench.works import all_works  # noqa: E402

PARTS = {
    "micro": micro,
    "peers": canned.peers,
    "scaling": canned.scaling,
    "latency": canned.latency,
    "memory": memory,
}
NATIVE = {"qdrant": native, "weaviate": native_weaviate}
NEEDED = ("tests/bench/grpc_floor", "tests/bench/open_loop", "tests/support/scripted_upstream/scripted_upstream")
BUILD_HINT = "cmake --preset release -DVECGATE_BENCH=ON && cmake --build --preset release"


def path(text: str) -> Path:
    return Path(text).resolve()


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="a few seconds, to see that all works; nothing is recorded")
    add("--parts", nargs="*", choices=PARTS, metavar="PART", help=f"only these: {' '.join(PARTS)}; none, too")
    add("--native", metavar="URL", help="measure against a real database: its REST port, as http://127.0.0.1:6333")
    add("--native-kind", choices=NATIVE, default="qdrant", help="which database that is (qdrant)")
    add("--upstream", metavar="ADDR", help="with --native: the same database's gRPC port, as 127.0.0.1:6334")
    add("--build", type=path, default=REPOSITORY / "build/release", help="build folder (build/release)")
    add("--vecgate", type=path, help="another binary than the build's")
    add("--baseline", type=path, help="a second binary, measured beside the first")
    add("--option", action="append", default=[], help="for every vecgate, as --option=--config=FILE; repeatable")
    add("--soak-gb", type=float, default=10, help="traffic through the gateway before its memory is looked at (10)")
    add("--update-readme", action="store_true", help="then write README's table, from the last run that has each row")
    chosen = parser.parse_args(arguments)
    if (chosen.native is None) != (chosen.upstream is None):
        parser.error("--native and --upstream go together")
    if chosen.parts is None:
        chosen.parts = [] if chosen.native else list(PARTS)
    return chosen


def require_programs(build: Path, vecgate: Path) -> None:
    missing = [str(path) for path in (*(build / name for name in NEEDED), vecgate) if not path.exists()]
    if missing:
        raise SystemExit(f"not built: {' '.join(missing)}\n  {BUILD_HINT}")
    for tool in ("wrk", "taskset"):
        if shutil.which(tool) is None:
            raise SystemExit(f"{tool} is not installed (Debian packages: wrk, util-linux)")


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    failed = measure(chosen) if chosen.parts or chosen.native else []
    if chosen.update_readme:
        report.update_readme(report.load())
    if failed:
        print(f"failed: {' '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def measure(chosen: argparse.Namespace) -> list[str]:
    """Prints and records what was measured; the names of parts that failed."""
    vecgate = chosen.vecgate or chosen.build / "gateway/vecgate"
    require_programs(chosen.build, vecgate)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vecgate-bench-") as folder:
        bench = Bench(
            build=chosen.build,
            folder=Path(folder),
            works=all_works(),
            vecgate=vecgate,
            baseline=chosen.baseline,
            options=tuple(chosen.option),
            quick=chosen.quick,
            soak_bytes=int(chosen.soak_gb * 1e9),
        )
        parts = {part: lambda part=part: PARTS[part](bench) for part in chosen.parts}
        if chosen.native:
            parts["native"] = lambda: NATIVE[chosen.native_kind](bench, chosen.native, chosen.upstream)
        failed = [name for name, part in parts.items() if not ran(name, part)]
    record = report.record_of(bench.rows, bench.details)
    print(f"\n{report.text_table(bench.rows)}")
    print(f"{record['commit']}, {record['machine']}, {time.monotonic() - begin:.0f} s")
    if chosen.quick:
        print("a quick run: the numbers mean nothing")
    elif bench.rows:
        report.append(record)
    return failed


def ran(name: str, part: Callable[[], None]) -> bool:
    """A part that fails does not take the others' results along."""
    print(f"-- {name}", flush=True)
    try:
        part()
    except Exception:
        traceback.print_exc()
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
