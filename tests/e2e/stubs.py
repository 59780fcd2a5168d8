"""Small readers of what bare stubs reply."""

from __future__ import annotations

from typing import Any

import grpc
import pytest


def ids(found: Any) -> list[Any]:
    return [point.id.num or point.id.uuid for point in found]


def refused(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value.code(), caught.value.details()
