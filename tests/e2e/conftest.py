"""What the end-to-end tests run against: the development upstream, the gateway before it, a client for each."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import grpc
import pytest
from qdrant_client import QdrantClient
from qdrant_client import grpc as q

from .data import make_films
from .servers import (
    GRPC_OPTIONS,
    Gateway,
    clear,
    grpc_client_of,
    read_ports,
    start_devupstream,
    stop,
    vecgate_binary,
)


@pytest.fixture(scope="session")
def devupstream() -> Iterator[int]:
    """The port of a development upstream."""
    process, port = start_devupstream()
    yield port
    stop(process)


@pytest.fixture(scope="session")
def vecgate(devupstream: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The ports of a gateway before the development upstream."""
    port_file = tmp_path_factory.mktemp("vecgate") / "ports"
    process = subprocess.Popen(
        [
            str(vecgate_binary()),
            *("--listen", "127.0.0.1:0"),
            *("--upstream", f"127.0.0.1:{devupstream}"),
            *("--admin", "127.0.0.1:0"),
            *("--port-file", str(port_file)),
        ]
    )
    try:
        yield read_ports(port_file, process)
    finally:
        stop(process)


@pytest.fixture(scope="session")
def rest_client(vecgate: Gateway) -> Iterator[QdrantClient]:
    """The official client in REST mode, through the gateway."""
    client = QdrantClient(
        url=f"http://127.0.0.1:{vecgate.rest}",
        prefer_grpc=False,
        check_compatibility=False,
        cloud_inference=True,
        timeout=30,
    )
    yield client
    client.close()


@pytest.fixture(scope="session")
def grpc_client(devupstream: int) -> Iterator[QdrantClient]:
    """The official client in gRPC mode, straight at the upstream."""
    client = grpc_client_of(devupstream)
    yield client
    client.close()


@pytest.fixture
def client(grpc_client: QdrantClient) -> QdrantClient:
    """The gRPC client with an upstream that holds nothing."""
    clear(grpc_client)
    return grpc_client


@pytest.fixture(scope="session")
def channel(devupstream: int) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(f"127.0.0.1:{devupstream}", options=list(GRPC_OPTIONS.items())) as opened:
        yield opened


@pytest.fixture(scope="session")
def points(channel: grpc.Channel) -> q.PointsStub:
    return q.PointsStub(channel)


@pytest.fixture
def films(client: QdrantClient) -> QdrantClient:
    make_films(client)
    return client
