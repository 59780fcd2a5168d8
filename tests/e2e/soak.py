"""Mixed load while everything around it changes: certificates, keys, configuration, the upstream, the gateway itself.

    cd tests && python -m e2e.soak --minutes 10

Clients speak TLS and plain HTTP, read and write, with and without compression, under keys that are rotated. No request may
fail but those under way while the upstream is dead, and each of them must be told so by a 503.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from qdrant_client import grpc as q

from .certificates import Authority, Issued
from .running import COUNT, LIST, Vecgate
from .servers import BUILDS, START_SECONDS
from .wire import Wire, until

CLIENTS = 8
QUERY, UPSERT = "/qdrant.Points/Query", "/qdrant.Points/Upsert"
# What the gateway may still say of an upstream that is back: its breakers and gRPC's back-off have to notice.
RECOVERY_SECONDS = 10.0


def canned() -> dict[str, Any]:
    hits = [q.ScoredPoint(id=q.PointId(num=i), score=0.5, version=1) for i in range(20)]
    replies = {
        COUNT: q.CountResponse(result=q.CountResult(count=17), time=0.001),
        LIST: q.ListCollectionsResponse(time=0.001),
        QUERY: q.QueryResponse(result=hits, time=0.001),
        UPSERT: q.PointsOperationResponse(
            result=q.UpdateResult(operation_id=1, status=q.UpdateStatus.Completed), time=0.001
        ),
    }
    return {
        path: {"reply_b64": base64.b64encode(reply.SerializeToString()).decode()} for path, reply in replies.items()
    }


class DyingUpstream:
    """A canned upstream that is killed and comes back at the same address."""

    def __init__(self, folder: Path) -> None:
        self.canned = folder / "canned.json"
        self.canned.write_text(json.dumps(canned()))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.down: list[tuple[float, float]] = []
        self.start()

    def start(self) -> None:
        named = os.environ.get("SCRIPTED_UPSTREAM_BIN")
        program = (
            Path(named) if named else BUILDS[0].parents[1] / "tests/support/scripted_upstream/scripted_upstream"
        )
        self.process = subprocess.Popen(
            [program, f"--canned={self.canned}", f"--port={self.port}"], stdout=subprocess.PIPE, text=True
        )
        assert " listening on " in self.process.stdout.readline()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def restart(self, pause: float) -> None:
        begin = time.monotonic()
        self.down.append((begin, float("inf")))
        self.kill()
        time.sleep(pause)
        self.start()
        self.down[-1] = (begin, time.monotonic() + RECOVERY_SECONDS)

    def was_down(self, begin: float, end: float) -> bool:
        return any(begin <= until and end >= since for since, until in self.down)


class Client(threading.Thread):
    """Keeps asking over connections that live until the gateway says that they end."""

    def __init__(self, soak: Soak, number: int) -> None:
        super().__init__()
        self.soak, self.random = soak, random.Random(number)
        self.tls = soak.authority.client() if number % 2 else None
        self.counts: Counter[str] = Counter()
        self.failed: list[str] = []
        vectors = [{"id": i, "vector": [self.random.uniform(-1, 1) for _ in range(64)]} for i in range(40)]
        self.upsert = json.dumps({"points": vectors}).encode()

    def ask(self, wire: Wire) -> tuple[str, Any]:
        key = {"api_key": self.soak.key}
        match self.random.randrange(5):
            case 0:
                return "list", wire.ask("GET", "/collections", **key)
            case 1:
                return "count", wire.ask("POST", "/collections/n17/points/count", b"{}", **key)
            case 2:
                return "upsert", wire.ask("PUT", "/collections/n17/points?wait=true", self.upsert, **key)
            case 3:
                packed = gzip.compress(self.upsert, 1)
                return "gzip", wire.ask("PUT", "/collections/n17/points", packed, content_encoding="gzip", **key)
            case _:
                body = json.dumps({"query": [0.5] * 64, "limit": 20}).encode()
                return "query", wire.ask(
                    "POST", "/collections/n17/points/query", body, accept_encoding="gzip", **key
                )

    def run(self) -> None:
        while not self.soak.done.is_set():
            try:
                with Wire(self.soak.ports["tls" if self.tls else "rest"], 30, self.tls) as wire:
                    self.counts["connections"] += 1
                    while not self.soak.done.is_set():
                        begin = time.monotonic()
                        what, reply = self.ask(wire)
                        self.judge(what, reply, begin)
                        if reply.closes:
                            break
            except Exception as error:  # whatever it is, it is a failure
                self.failed.append(f"{time.strftime('%X')} {error!r}")

    def judge(self, what: str, reply: Any, begin: float) -> None:
        if reply.status == 200:
            self.counts[what] += 1
            return
        packed = reply.header("content-encoding") == "gzip"
        text = (gzip.decompress(reply.body) if packed else reply.body).decode()
        told = reply.status == 503 and json.loads(text)["status"]["error"]
        if told and self.soak.upstream.was_down(begin, time.monotonic()):
            self.counts["told that the upstream is away"] += 1
        else:
            self.failed.append(f"{time.strftime('%X')} {what}: {reply.status} {text[:200]}")


class Soak:
    def __init__(self, folder: Path, seconds: float) -> None:
        self.folder, self.seconds = folder, seconds
        self.authority = Authority(folder)
        self.issued: Issued = self.authority.issue("localhost")
        self.upstream = DyingUpstream(folder)
        self.keys = [f"key-{i}-of-enough-characters-000000" for i in range(2)]
        self.key = self.keys[0]
        self.counts: Counter[str] = Counter()
        self.done = threading.Event()
        self.gateways = 0
        try:
            self.gateway = self.start_gateway()
        except BaseException:
            self.upstream.kill()
            raise
        self.ports = dict(self.gateway.ports)

    def settings(self) -> dict[str, Any]:
        return {
            "listeners": [
                {"name": "rest", "address": "127.0.0.1:0"},
                {"name": "tls", "address": "127.0.0.1:0", "tls": self.issued.settings},
            ],
            "auth": {"keys": [{"name": f"k{i}", "key": key, "access": "full"} for i, key in enumerate(self.keys)]},
            "limits": {"in_flight": 500 + self.counts["reloads"] % 100},
            "lifecycle": {"handover": str(self.folder / "handover.sock")},
            "timeouts": {"drain": "20s"},
            "reload": {"watch": "0"},
        }

    def start_gateway(self) -> Vecgate:
        self.gateways += 1
        folder = self.folder / f"gateway{self.gateways}"
        folder.mkdir()
        return Vecgate(folder, self.upstream.port, **self.settings())

    def reload(self) -> None:
        before = len(self.gateway.events("config_reloaded"))
        self.gateway.write(self.settings())
        self.gateway.process.send_signal(signal.SIGHUP)
        until(lambda: len(self.gateway.events("config_reloaded")) > before, "a reload", 20)
        self.counts["reloads"] += 1

    # Each of these happens again and again.
    def rotate_keys(self) -> None:
        new = f"key-{self.counts['keys'] + 2}-of-enough-characters-000000"
        self.keys = [self.key, new]
        self.reload()
        self.key = new
        time.sleep(1)  # requests under the old one end
        self.keys = [new]
        self.reload()
        self.counts["keys"] += 1

    def renew_certificate(self) -> None:
        self.issued.replace_by(self.authority.issue("localhost"))
        self.reload()
        self.counts["certificates"] += 1

    def break_configuration(self) -> None:
        before = len(self.gateway.events("config_reload_failed"))
        self.gateway.write("limits: nonsense")
        self.gateway.process.send_signal(signal.SIGHUP)
        until(lambda: len(self.gateway.events("config_reload_failed")) > before, "a reload that fails", 20)
        self.reload()
        self.counts["faulty configurations"] += 1

    def restart_upstream(self) -> None:
        self.upstream.restart(1.5)
        self.counts["upstream restarts"] += 1
        until(lambda: self.gateway.readiness() == 200, "the gateway is ready again", 30)

    def hand_over(self) -> None:
        successor = self.start_gateway()
        assert successor.ports == self.ports, (successor.ports, self.ports)
        assert self.gateway.exit_code(40) == 0
        assert "drain_incomplete" not in self.gateway.log
        self.gateway = successor.wait_ready(30)
        self.counts["handovers"] += 1

    def run(self) -> list[str]:
        """What went wrong."""
        self.gateway.wait_ready(30)
        clients = [Client(self, i) for i in range(CLIENTS)]
        end = time.monotonic() + self.seconds
        handover_at = time.monotonic() + self.seconds / 2
        small: list[int] = []
        try:
            for client in clients:
                client.start()
            while time.monotonic() < end:
                for step in (
                    self.rotate_keys,
                    self.renew_certificate,
                    self.restart_upstream,
                    self.break_configuration,
                ):
                    step()
                    time.sleep(min(2.0, self.seconds / 40))
                if handover_at is not None and time.monotonic() > handover_at:
                    self.hand_over()
                    handover_at = None
                small.append(self.gateway.descriptors())
            if handover_at is not None:
                self.hand_over()
        finally:
            self.done.set()
            for client in clients:
                client.join(START_SECONDS * 2)
            self.gateway.__exit__()
            self.upstream.kill()
        for client in clients:
            self.counts += client.counts
        failed = [line for client in clients for line in client.failed]
        if max(small) > 2 * min(small) + 50:
            failed.append(f"descriptors grew: {small}")
        failed += [f"no {what} at all" for what in ("list", "count", "upsert", "gzip", "query") if not self.counts[what]]
        return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder), minutes * 60)
        failed = soak.run()
    for what, count in sorted(soak.counts.items()):
        print(f"{count:>9} {what}")
    for line in failed[:20]:
        print(line)
    print(f"{len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
