"""What every call has in common: one lock around the store, errors as status codes, the measured time."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import grpc

from .errors import describe


def unary(handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any, grpc.ServicerContext], Any]:
    """Turns `handler(self, request) -> reply` into a servicer method. `self` must have a `store`."""

    @functools.wraps(handler)
    def call(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        started = time.perf_counter()
        try:
            with self.store.lock:
                reply = handler(self, request)
        except Exception as error:
            context.abort(*describe(error))
        if "time" in reply.DESCRIPTOR.fields_by_name:
            reply.time = time.perf_counter() - started
        return reply

    return call
