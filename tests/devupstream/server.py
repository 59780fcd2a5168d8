"""Puts the services together and listens."""

from __future__ import annotations

import importlib.metadata
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc as grpcio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from qdrant_client import grpc
from qdrant_client.grpc.collections_service_pb2_grpc import add_CollectionsServicer_to_server
from qdrant_client.grpc.points_service_pb2_grpc import add_PointsServicer_to_server
from qdrant_client.grpc.qdrant_pb2_grpc import QdrantServicer, add_QdrantServicer_to_server
from qdrant_client.grpc.snapshots_service_pb2_grpc import add_SnapshotsServicer_to_server

from .auth import ApiKey
from .collections_service import Collections
from .points import Points
from .snapshots import Snapshots
from .store import Store

THREADS = 16
OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # Error texts travel as metadata; validation texts can be long.
    ("grpc.max_metadata_size", 1 << 20),
    ("grpc.absolute_max_metadata_size", 1 << 20),
    # A port in use is an error, not a second listener.
    ("grpc.so_reuseport", 0),
)


class Root(QdrantServicer):
    """The service qdrant.Qdrant."""

    def HealthCheck(self, request: grpc.HealthCheckRequest, context: grpcio.ServicerContext) -> grpc.HealthCheckReply:
        return grpc.HealthCheckReply(
            title="qdrant - vector search engine", version=importlib.metadata.version("qdrant-client")
        )


class Health(health_pb2_grpc.HealthServicer):
    """As the real server: serving whatever service is asked about, and no Watch."""

    def Check(self, request: Any, context: grpcio.ServicerContext) -> health_pb2.HealthCheckResponse:
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)


def build(host: str, port: int, api_key: str | None = None) -> tuple[grpcio.Server, int]:
    """A server that is bound but not started, and its port."""
    interceptors = [ApiKey(api_key)] if api_key else []
    server = grpcio.server(ThreadPoolExecutor(max_workers=THREADS), interceptors=interceptors, options=OPTIONS)
    store = Store()
    add_QdrantServicer_to_server(Root(), server)
    add_CollectionsServicer_to_server(Collections(store), server)
    add_PointsServicer_to_server(Points(store), server)
    add_SnapshotsServicer_to_server(Snapshots(store), server)
    health_pb2_grpc.add_HealthServicer_to_server(Health(), server)
    shown = f"[{host}]" if ":" in host else host
    return server, server.add_insecure_port(f"{shown}:{port}")
