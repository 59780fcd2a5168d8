"""The programs a replay runs against each other."""

import base64
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import grpc

from .corpus import QDRANT, REPOSITORY

EQUIVALENTS = Path(__file__).parent / "qdrant" / "default_equivalents.json"
START_SECONDS = 20


def binary(variable, built_as):
    """The program named by an environment variable, else the one of the newest build."""
    if named := os.environ.get(variable):
        return Path(named)
    built = [REPOSITORY / "build" / preset / built_as for preset in ("release", "dev")]
    built = [path for path in built if path.exists()]
    if not built:
        raise FileNotFoundError(f"{Path(built_as).name} is not built; build it or set {variable}")
    return max(built, key=lambda path: path.stat().st_mtime)


class ScriptedUpstream:
    """tests/support/scripted_upstream with a corpus, and its control methods."""

    def __init__(self, corpus=QDRANT, *arguments, equivalents=EQUIVALENTS):
        self._folder = tempfile.TemporaryDirectory(prefix="vecgate-conformance-")
        self.folder = Path(self._folder.name)  # for whoever needs files as long as it runs
        rules = [f"--equivalents={equivalents}"] if equivalents else []
        program = binary("SCRIPTED_UPSTREAM_BIN", "tests/support/scripted_upstream/scripted_upstream")
        self._process = subprocess.Popen(
            [program, f"--corpus={corpus}", *rules, "--port=0", *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        # The program loads its corpus before it listens, and fails rather than hang.
        line = self._process.stdout.readline()
        if " listening on " not in line:
            raise RuntimeError(f"scripted_upstream did not start: exit {self._process.wait(START_SECONDS)}")
        self.address = line.rsplit(" ", 1)[1].strip()
        self._channel = grpc.insecure_channel(
            self.address, options=[("grpc.max_receive_message_length", -1), ("grpc.enable_http_proxy", 0)]
        )

    def close(self):
        self._channel.close()
        self._process.terminate()
        self._process.wait(START_SECONDS)
        self._process.stdout.close()
        self._folder.cleanup()

    def call(self, method, request, metadata=None, timeout=START_SECONDS):
        """A call of any method by bytes."""
        return self._channel.unary_unary(method)(request, metadata=metadata, timeout=timeout)

    def _steer(self, command, **arguments):
        # Also while the server listens again after closing its connections.
        reply = self._channel.unary_unary(f"/vecgate.test.Script/{command}")(
            json.dumps(arguments).encode(), wait_for_ready=True, timeout=START_SECONDS
        )
        return json.loads(reply)

    def expect(self, record=None, otherwise=None, reads=(), unordered=False):
        self._steer("Expect", record=record, otherwise=otherwise, reads=list(reads), unordered=unordered)

    def fault(self, **fault):
        self._steer("Fault", **fault)

    def report(self):
        return self._steer("Report")["calls"]


def reply_answer(reply=b""):
    return {"reply_b64": base64.b64encode(reply).decode()}


class Gateway:
    """vecgate in front of an upstream, on free ports."""

    def __init__(self, upstream_address, *arguments):
        self._folder = tempfile.TemporaryDirectory(prefix="vecgate-conformance-")
        self.log = Path(self._folder.name) / "log"
        ports = Path(self._folder.name) / "ports"
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [
                    binary("VECGATE_BIN", "gateway/vecgate"),
                    *("--listen", "127.0.0.1:0"),
                    *("--admin", "127.0.0.1:0"),
                    *("--upstream", upstream_address),
                    *("--port-file", ports),
                    *arguments,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.port, self.admin_port = self._wait_for_ports(ports)

    def _wait_for_ports(self, path):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            lines = path.read_text().splitlines() if path.exists() else []
            ports = dict(line.split("=", 1) for line in lines if "=" in line)
            if "rest" in ports and "admin" in ports:
                return int(ports["rest"]), int(ports["admin"])
            time.sleep(0.01)
        raise RuntimeError(f"vecgate did not start: {self.log.read_text()[-2000:]}")

    def close(self):
        self._process.terminate()
        try:
            self._process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
