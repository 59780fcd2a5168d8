"""What is measured before the canned upstream, where the gateway's own cost stands alone."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess

from .bench import AT_A_TIME, Bench
from .envoy import Envoy, install_envoy
from .load import GrpcPeer, Peer, RestPeer, alternate, cpu_us, median, open_loop, per_cpu_second, rate, ratio, wake_only
from .processes import everywhere, placement

VECGATE, BASELINE, ENVOY, GRPC = "vecgate", "vecgate (baseline)", "Envoy transcoder", "gRPC client"
CORES_TO_SCALE_ON = 6  # two for the gateway, the others out of its way


def peers(bench: Bench) -> None:
    """One I/O thread on one core: rates and CPU of vecgate, Envoy, and a bare gRPC client."""
    place = placement()
    with contextlib.ExitStack() as running:
        upstream = running.enter_context(bench.start_upstream(place))
        gateway = running.enter_context(bench.start_vecgate(upstream.address, place.gateway))
        compared: list[Peer] = [bench.rest_peer(VECGATE, gateway, place)]
        if bench.baseline:
            other = running.enter_context(
                bench.start_vecgate(upstream.address, place.gateway, binary=bench.baseline)
            )
            compared.append(bench.rest_peer(BASELINE, other, place))
        try:
            binary = install_envoy(bench.build)
        except subprocess.CalledProcessError as error:
            bench.say(f"Envoy is left out, it cannot be installed: {error}")
        else:
            envoy = running.enter_context(
                Envoy(binary, bench.build, bench.folder, upstream.address, place.gateway)
            )
            compared.append(
                RestPeer(ENVOY, envoy, envoy.port, bench.folder, place.load, form=lambda work: work.transcoded)
            )
        # In the gateway's place: on its core.
        compared.append(GrpcPeer(GRPC, bench.build, upstream.address, bench.folder, place.gateway))

        for work in bench.works.values():
            rounds = alternate(compared, work, AT_A_TIME[work.name], bench.rounds(3), bench.seconds(3))
            bench.note(work, rounds, AT_A_TIME[work.name])
            if work.name == "search":
                bench.rows["cpu_vs_grpc"] = ratio(rounds, VECGATE, GRPC, cpu_us)
                if ENVOY in rounds:
                    bench.rows["cpu_vs_envoy"] = ratio(rounds, VECGATE, ENVOY, cpu_us)
        for at_a_time in (1, 128):
            work = bench.works["search"]
            bench.note(work, alternate(compared, work, at_a_time, 1, bench.seconds(2)), at_a_time)


def scaling(bench: Bench) -> None:
    """One I/O thread against two. With few cores all share them, and what a second of CPU is worth is compared."""
    many = len(os.sched_getaffinity(0)) >= CORES_TO_SCALE_ON
    worth, speed = [], []
    with contextlib.ExitStack() as running:
        place = placement(gateways=2) if many else everywhere()
        upstream = running.enter_context(bench.start_upstream(place))
        compared = []
        for threads in (1, 2):
            cores = place.gateway[:threads] if many else place.gateway
            gateway = running.enter_context(bench.start_vecgate(upstream.address, cores, threads))
            compared.append(bench.rest_peer(f"vecgate, {threads} thread(s)", gateway, place))
        one, two = (peer.name for peer in compared)
        for name in ("search", "upsert"):
            work = bench.works[name]
            rounds = alternate(compared, work, AT_A_TIME[name], bench.rounds(3), bench.seconds(3))
            bench.note(work, rounds, AT_A_TIME[name])
            worth.append(ratio(rounds, two, one, per_cpu_second))
            speed.append(ratio(rounds, two, one, rate))
    bench.rows["scaling_cpu"] = min(worth)
    if many:
        bench.rows["scaling_rate"] = min(speed)


def latency(bench: Bench) -> None:
    """Searches on a fixed schedule, at half of the rate that a closed loop reaches just before."""
    work, connections = bench.works["search"], AT_A_TIME["search"]
    place = placement()
    with bench.start_upstream(place) as upstream, bench.start_vecgate(upstream.address, place.gateway) as gateway:
        peer = bench.rest_peer(VECGATE, gateway, place)
        most = median(alternate([peer], work, connections, bench.rounds(3), bench.seconds(2))[VECGATE], rate)
        told = []
        for _ in range(bench.rounds(3)):
            # Just before each run, on the gateway's core while it rests: others may be busy on this machine.
            floor = wake_only(bench.build, most / 2, bench.seconds(2), place.gateway)
            run = open_loop(bench.build, peer, work, most / 2, connections, bench.seconds(5), place.load)
            told.append(run | {f"machine_{key}": floor[f"late_{key}"] for key in ("p99_us", "p999_us", "max_us")})
    middle = {key: statistics.median(run[key] for run in told) for key in told[0]}
    bench.say(
        f"{work.title}, on schedule at {most / 2:.0f}/s: p50 {middle['p50_us']:.0f}  p90 {middle['p90_us']:.0f}  "
        f"p99 {middle['p99_us']:.0f}  p99.9 {middle['p999_us']:.0f}  most {middle['max_us']:.0f} us; "
        f"the generator's own lateness: p99 {middle['late_p99_us']:.0f}  p99.9 {middle['late_p999_us']:.0f} us; "
        f"a sleeper's on the gateway's core: "
        f"p99 {middle['machine_p99_us']:.0f}  p99.9 {middle['machine_p999_us']:.0f} us"
    )
    bench.rows |= {
        "p99_us": middle["p99_us"],
        "p999_us": middle["p999_us"],
        "waiting_at_end": max(run["waiting_at_end"] for run in told),
    }
    bench.details |= {f"latency/{key}": value for key, value in middle.items()}
