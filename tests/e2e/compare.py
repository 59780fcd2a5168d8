"""Results of the two clients as plain values that can be compared.

The client turns a REST reply and a gRPC reply into the same models, but not into identical ones: what REST leaves
out is None there and an empty map here, and a 32-bit float arrives as the shortest decimal here and widened there.
"""

from __future__ import annotations

import enum
import json
import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import grpc
import numpy as np
from pydantic import BaseModel
from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import UnexpectedResponse

Flow = Callable[[QdrantClient], Iterator[Any]]

HTTP_STATUS = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.UNIMPLEMENTED: 405,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.INTERNAL: 500,
}
# How the texts of gRPC errors that are 422 over REST are recognised.
VALIDATION = ("Validation error in body: ", "dense vector must not be empty")
# The server's own, and different on every run.
VOLATILE = {"time", "creation_time", "checksum"}
COUNTED = {"operation_id", "version"}


class Float:
    """Equal to another if both are the same number in 32 or in 64 bits."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Float):
            return False
        return self.value == other.value or np.float32(self.value) == np.float32(other.value)

    def __repr__(self) -> str:
        return repr(self.value)


def plain(value: Any) -> Any:
    """Maps, lists and scalars; None and empty maps left out of maps, floats compared as above."""
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict):
        items = {str(key): plain(item) for key, item in value.items() if key not in VOLATILE}
        return {key: item for key, item in items.items() if item is not None and item != {}}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, float):
        return Float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def nearly(one: Any, other: Any) -> bool:
    """Equal but for the rounding of floats and for what only a server counts."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = (one.keys() | other.keys()) - COUNTED
        return all(nearly(one.get(name), other.get(name)) for name in names)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(nearly, one, other))
    if isinstance(one, Float) and isinstance(other, Float):
        return math.isclose(one.value, other.value, rel_tol=1e-4, abs_tol=1e-5)
    return one == other


def failure(call: Callable[[], Any]) -> dict[str, Any]:
    """The HTTP status of an error and its text. A gRPC error is told as REST would tell it."""
    try:
        result = call()
    except UnexpectedResponse as error:
        status = error.status_code
        text = json.loads(error.content)["status"]["error"]
    except grpc.RpcError as error:
        status, text = HTTP_STATUS[error.code()], error.details().removeprefix("Inference error: ")
        if any(part in text for part in VALIDATION):
            status = 422
    else:
        raise AssertionError(f"expected an error, got {result!r}")
    # Paths in validation texts are those of the JSON body here, those of the message there.
    return {"status": status, "error": "validation" if status == 422 else text}


def run(flow: Flow, client: QdrantClient) -> list[Any]:
    return [plain(result) for result in flow(client)]
