"""The API key check in front of every service."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import grpc

OPEN = ("/qdrant.Qdrant/HealthCheck", "/grpc.health.v1.Health/Check")


def denied(text: str) -> grpc.RpcMethodHandler:
    def refuse(request: Any, context: grpc.ServicerContext) -> None:
        context.abort(grpc.StatusCode.UNAUTHENTICATED, text)

    return grpc.unary_unary_rpc_method_handler(refuse)


class ApiKey(grpc.ServerInterceptor):
    """Metadata `api-key` is judged alone when it is there, else `authorization: Bearer ...`."""

    def __init__(self, key: str) -> None:
        self.key = key.encode()

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Any], details: grpc.HandlerCallDetails
    ) -> Any:
        if details.method in OPEN:
            return continuation(details)
        given = credential(dict(details.invocation_metadata))
        if given is None:
            return denied("Must provide an API key or an Authorization bearer token")
        if not hmac.compare_digest(given.encode(), self.key):
            return denied("Invalid API key or JWT")
        return continuation(details)


def credential(metadata: dict[str, str]) -> str | None:
    if "api-key" in metadata:
        return metadata["api-key"]
    authorization = metadata.get("authorization", "")
    return authorization.removeprefix("Bearer ") if authorization.startswith("Bearer ") else None
