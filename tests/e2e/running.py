"""Gateways that a test starts, signals and outlives, and an upstream that does what a test says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from qdrant_client import grpc as q

from .servers import read_named_ports, stop, vecgate_binary
from .wire import Reply, get, until

# Without it /proc/PID is closed to whoever is not root: Vecgate.descriptors.
os.environ.setdefault("VECGATE_LIFECYCLE_CORE_DUMPS", "true")

HEALTH = "/qdrant.Qdrant/HealthCheck"
COUNT = "/qdrant.Points/Count"
EXISTS = "/qdrant.Collections/CollectionExists"
LIST = "/qdrant.Collections/List"
SCROLL = "/qdrant.Points/Scroll"
CREATE_FULL = "/qdrant.Snapshots/CreateFull"

Answer = Callable[[bytes, grpc.ServicerContext], bytes]


class Vecgate:
    """A gateway with a log that can be read. `settings` are those of the configuration file; they name the upstream when
    its port is not given."""

    def __init__(
        self, folder: Path, upstream: int | None, /, popen: dict[str, Any] | None = None, **settings: Any
    ) -> None:
        ports, self.config = folder / "ports", folder / "vecgate.yaml"
        ports.unlink(missing_ok=True)
        self.write(settings)
        self.log_file = folder / "log"
        popen = dict(popen or {})
        with self.log_file.open("w") as log:
            self.process = subprocess.Popen(
                [
                    *popen.pop("through", ()),
                    str(vecgate_binary()),
                    *(("--config", str(self.config)) if settings else ()),
                    *(() if "listeners" in settings else ("--listen", "127.0.0.1:0")),
                    *("--admin", "127.0.0.1:0"),
                    *(("--upstream", f"127.0.0.1:{upstream}") if upstream is not None else ()),
                    *("--port-file", str(ports)),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                **popen,
            )
        self.ports = read_named_ports(ports, self.process)
        self.rest, self.admin = self.ports.get("rest", 0), self.ports["admin"]

    def __enter__(self) -> Vecgate:
        return self

    def __exit__(self, *_: object) -> None:
        stop(self.process)

    def write(self, settings: Any) -> None:
        """The configuration file: settings, or its text."""
        text = settings if isinstance(settings, str) else json.dumps(settings)  # JSON is YAML
        draft = self.config.with_suffix(".new")
        draft.write_text(text)
        draft.rename(self.config)

    def events(self, name: str) -> list[dict[str, Any]]:
        """Lines of the log with that event."""
        lines = (json.loads(line) for line in self.log.splitlines() if line.startswith("{") and line.endswith("}"))
        return [line for line in lines if line.get("event") == name]

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def readiness(self) -> int:
        return get(self.admin, "/readyz").status

    def wait_ready(self, within: float = 10) -> Vecgate:
        until(lambda: self.readiness() == 200, "the gateway is ready", within)
        return self

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self, within: float = 10) -> int:
        return self.process.wait(timeout=within)

    def metrics(self) -> Reply:
        return get(self.admin, "/metrics")

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


class Upstream(grpc.GenericRpcHandler):
    """A server on a free port that answers methods by functions from bytes to bytes. It is healthy."""

    def __init__(self, port: int = 0, credentials: grpc.ServerCredentials | None = None, **options: int) -> None:
        self.answers: dict[str, Answer] = {
            HEALTH: lambda *_: q.HealthCheckReply(title="test", version="1.19.0").SerializeToString(),
            LIST: lambda *_: q.ListCollectionsResponse().SerializeToString(),
            COUNT: count,
            EXISTS: exists,
        }
        self.calls: Counter[str] = Counter()
        self.server = grpc.server(
            ThreadPoolExecutor(max_workers=64),
            handlers=[self],
            options=[
                ("grpc.max_send_message_length", -1),
                ("grpc.max_receive_message_length", -1),
                ("grpc.max_metadata_size", 8 << 20),
                ("grpc.so_reuseport", 0),
            ],
        )
        address = f"127.0.0.1:{port}"
        self.port = (
            self.server.add_insecure_port(address)
            if credentials is None
            else self.server.add_secure_port(address, credentials)
        )
        self.server.start()

    def __enter__(self) -> Upstream:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop(grace=None).wait()

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        answer = self.answers.get(details.method)
        if answer is None:
            return None
        self.calls[details.method] += 1
        return grpc.unary_unary_rpc_method_handler(answer)


def count(request: bytes, _: grpc.ServicerContext) -> bytes:
    """A collection named n17 has 17 points."""
    name = q.CountPoints.FromString(request).collection_name
    return q.CountResponse(result=q.CountResult(count=int(name[1:])), time=0.001).SerializeToString()


def exists(request: bytes, _: grpc.ServicerContext) -> bytes:
    """Only the collection "there" exists."""
    name = q.CollectionExistsRequest.FromString(request).collection_name
    return q.CollectionExistsResponse(result=q.CollectionExists(exists=name == "there")).SerializeToString()


class Held:
    """Keeps calls until they are released, and knows which ended before."""

    def __init__(self, then: Answer) -> None:
        self.then = then
        self.lock = threading.Lock()
        self.entered = 0
        self.cancelled = 0
        self.released = threading.Event()

    def __call__(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        ended = threading.Event()
        if not context.add_callback(ended.set):
            ended.set()
        with self.lock:
            self.entered += 1
        while not self.released.wait(0.01):
            if ended.is_set():
                with self.lock:
                    self.cancelled += 1
                return b""
        return self.then(request, context)


class Listening:
    """An upstream's answer to a method, noting what came along."""

    def __init__(self, upstream: Upstream, method: str) -> None:
        self.metadata: list[dict[str, str]] = []
        answer = upstream.answers[method]

        def note(request: bytes, context: grpc.ServicerContext) -> bytes:
            self.metadata.append({key: value for key, value in context.invocation_metadata()})
            return answer(request, context)

        upstream.answers[method] = note

    @property
    def last(self) -> dict[str, str]:
        return self.metadata[-1]
