"""Starts and stops the programs under test and makes clients for them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from qdrant_client import QdrantClient

TESTS = Path(__file__).resolve().parent.parent
REPOSITORY = TESTS.parent
BUILDS = [REPOSITORY / "build" / preset / "gateway" / "vecgate" for preset in ("release", "dev")]
START_SECONDS = 20
GRPC_OPTIONS = {"grpc.max_metadata_size": 1 << 20}


class Gateway(NamedTuple):
    rest: int
    admin: int


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def start_devupstream(*arguments: str) -> tuple[subprocess.Popen, int]:
    """A development upstream on a free port; it says which on its first line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "devupstream", "--port", "0", *arguments],
        cwd=TESTS,
        stdout=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    assert "listening on" in line, f"the development upstream did not start: {line!r}"
    return process, int(line.rsplit(":", 1)[1])


def grpc_client_of(port: int, **arguments: Any) -> QdrantClient:
    """`cloud_inference` only keeps the client from computing documents itself."""
    return QdrantClient(
        host="127.0.0.1",
        grpc_port=port,
        prefer_grpc=True,
        check_compatibility=False,
        grpc_options=dict(GRPC_OPTIONS),
        cloud_inference=True,
        timeout=30,
        **arguments,
    )


def vecgate_binary() -> Path:
    """The binary named by VECGATE_BIN, which must then exist, or the first preset that was built."""
    if "VECGATE_BIN" in os.environ:
        return Path(os.environ["VECGATE_BIN"])
    for binary in BUILDS:
        if binary.exists():
            return binary
    pytest.skip("vecgate is not built; set VECGATE_BIN to run this test")


def read_named_ports(path: Path, process: subprocess.Popen) -> dict[str, int]:
    """Waits for the gateway to write `NAME=PORT` of its listeners."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"vecgate ended with status {process.returncode} before it listened")
        if path.exists():
            lines = (line.split("=", 1) for line in path.read_text().splitlines())
            return {name: int(port) for name, port in lines}
        time.sleep(0.02)
    pytest.fail("vecgate did not say where it listens")


def read_ports(path: Path, process: subprocess.Popen) -> Gateway:
    ports = read_named_ports(path, process)
    return Gateway(ports["rest"], ports["admin"])


def clear(client: QdrantClient) -> None:
    for collection in client.get_collections().collections:
        client.delete_collection(collection.name)
    for snapshot in client.list_full_snapshots():
        client.delete_full_snapshot(snapshot.name)
