"""The gRPC side: every unary method of the service, and health."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from grpc_health.v1 import health_pb2

from .aggregates import aggregate
from .faults import Fault
from .messages import SERVICE, enum, message, methods
from .search import search
from .store import Store
from .writes import batch_delete, batch_objects, batch_references

HEALTH = "/grpc.health.v1.Health/Check"
MAXIMUM = 104_858_000
OPTIONS = (
    ("grpc.max_receive_message_length", MAXIMUM),
    ("grpc.max_send_message_length", MAXIMUM),
    ("grpc.max_metadata_size", 1 << 20),
    ("grpc.so_reuseport", 0),
)
THREADS = 8


def tenants_get(store: Store, request: Any) -> Any:
    if not request.collection:
        raise Fault("get tenants: missing collection ")
    where = "get tenants: failed to execute query: could not get tenants: could not get tenants: "
    collection = store.find(request.collection)
    if collection is None:
        raise Fault(where + "class not found")
    if not collection.is_multi_tenant:
        raise Fault(f'{where}multi-tenancy is not enabled for class "{collection.name}"')
    reply = message("TenantsGetReply")()
    numbers = {value.name: number for number, value in enum("TenantActivityStatus").items()}
    for name, status in collection.tenants.items():
        if not request.HasField("names") or name in request.names.values:
            reply.tenants.add(name=name, activity_status=numbers[f"TENANT_ACTIVITY_STATUS_{status}"])
    return reply


METHODS: dict[str, Callable[[Store, Any], Any]] = {
    "Search": search,
    "Aggregate": aggregate,
    "BatchObjects": batch_objects,
    "BatchReferences": batch_references,
    "BatchDelete": batch_delete,
    "TenantsGet": tenants_get,
}


class Service(grpc.GenericRpcHandler):
    """Keeps how often each method was called and the metadata of the last call, for tests that ask what arrives. They may
    also make answers wait: `before` is called with the method's name before each, outside of the lock."""

    def __init__(self, store: Store, api_key: str | None = None) -> None:
        self.store = store
        self.api_key = api_key
        self.requests = methods()
        self.metadata: dict[str, dict[str, str]] = {}
        self.calls: Counter[str] = Counter()
        self.before: Callable[[str], None] = lambda name: None

    def answer(self, name: str, request: Any) -> Any:
        """Raises Fault."""
        started = time.perf_counter()
        with self.store.lock:
            reply = METHODS[name](self.store, request)
        reply.took = time.perf_counter() - started
        return reply

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        if details.method == HEALTH:
            serving = health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)
            return grpc.unary_unary_rpc_method_handler(lambda *_: serving.SerializeToString())
        name = details.method.removeprefix(f"/{SERVICE}/")
        if name not in METHODS:
            return None
        metadata = dict(details.invocation_metadata)
        self.metadata[name] = metadata
        self.calls[name] += 1

        def call(request: Any, context: grpc.ServicerContext) -> Any:
            if self.api_key and metadata.get("authorization") != f"Bearer {self.api_key}":
                context.abort(grpc.StatusCode.UNKNOWN, "extract auth: unauthorized: invalid api key")
            self.before(name)
            try:
                return self.answer(name, request)
            except Fault as fault:
                context.abort(fault.code, fault.text)

        return grpc.unary_unary_rpc_method_handler(
            call, self.requests[name].FromString, lambda reply: reply.SerializeToString()
        )


def build(service: Service, host: str, port: int) -> tuple[grpc.Server, int]:
    """A server that is bound but not started, and its port."""
    server = grpc.server(ThreadPoolExecutor(max_workers=THREADS), handlers=[service], options=OPTIONS)
    return server, server.add_insecure_port(f"{host}:{port}")
