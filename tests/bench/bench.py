"""What all parts of a run share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .load import RestPeer, Rounds, cpu_us, median, rate
from .processes import CannedUpstream, Placement, Vecgate
from .works import Work

# Connections, or calls in flight, in a closed loop. A scroll's answer is 4 MB: four keep any server busy.
AT_A_TIME = {"search": 32, "upsert": 16, "scroll": 4}


@dataclass
class Bench:
    """One run: where the programs are, how long to measure, what was found."""

    build: Path
    folder: Path  # for bodies, configurations, port files; gone after the run
    works: dict[str, Work]
    vecgate: Path
    baseline: Path | None = None  # another build of vecgate, measured beside it
    options: tuple[str, ...] = ()  # for every vecgate
    quick: bool = False  # shows that all works; the numbers mean nothing
    soak_bytes: int = 10_000_000_000
    rows: dict[str, float] = field(default_factory=dict)
    details: dict[str, float] = field(default_factory=dict)
    say: Callable[[str], None] = print

    def seconds(self, full: float) -> float:
        return 1 if self.quick else full

    def rounds(self, full: int) -> int:
        return 1 if self.quick else full

    def start_upstream(self, place: Placement) -> CannedUpstream:
        return CannedUpstream(self.build, self.folder, list(self.works.values()), place.upstream)

    def start_vecgate(self, upstream: str, cores: list[int], threads: int = 1, binary: Path | None = None) -> Vecgate:
        return Vecgate(binary or self.vecgate, self.folder, upstream, cores, threads, self.options)

    def rest_peer(self, name: str, gateway: Vecgate, place: Placement) -> RestPeer:
        return RestPeer(name, gateway, gateway.port, self.folder, place.load)

    def note(self, work: Work, rounds: Rounds, at_a_time: int) -> None:
        """Prints what each peer did, and keeps it for the history."""
        self.say(f"{work.title}, {at_a_time} at a time")
        for peer, samples in rounds.items():
            speed, cpu, half = (median(samples, of) for of in (rate, cpu_us, lambda s: s.p50_us))
            spread = max(map(rate, samples)) / min(map(rate, samples)) - 1
            own = f"{cpu:>9.1f} us CPU each" if cpu else " " * 21
            self.say(f"  {peer:<22}{speed:>10.0f}/s  {own}  p50 {half:>9.0f} us  spread {spread:.0%}")
            where = f"{work.name}/{at_a_time}/{peer}"
            self.details |= {f"{where}/rate": speed, f"{where}/p50_us": half}
            if cpu:  # not a database's, which may run elsewhere
                self.details[f"{where}/cpu_us"] = cpu
