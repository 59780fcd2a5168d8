"""Every form of the REST API, odd ones above all: what the upstream is sent for it, or the words it is refused in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.message import Message
from qdrant_client import grpc as q

from .forms import collections, filters, points, queries
from .forms.case import Case, Outcome
from .running import HEALTH, LIST, Upstream, Vecgate
from .wire import Wire

FILES = (q.points_service_pb2, q.collections_service_pb2, q.snapshots_service_pb2)
REQUESTS = {
    f"/{service.full_name}/{method.name}": message_factory.GetMessageClass(method.input_type)
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


class Recorder(Upstream):
    """Answers every call, with nothing unless a case has a reply for it, and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Message] = []
        self.replies: dict[str, Message] = {}

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        method = details.method
        if method in (HEALTH, LIST):
            return super().service(details)

        def answer(request: bytes, _: grpc.ServicerContext) -> bytes:
            self.sent.append(REQUESTS[method].FromString(request))
            reply = self.replies.get(method)
            return b"" if reply is None else reply.SerializeToString()

        return grpc.unary_unary_rpc_method_handler(answer)


class Running(NamedTuple):
    upstream: Recorder
    port: int


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Recorder() as upstream, Vecgate(tmp_path_factory.mktemp("forms"), upstream.port) as gateway:
        gateway.wait_ready()
        yield Running(upstream, gateway.rest)


CASES = [*points.CASES, *filters.CASES, *queries.CASES, *collections.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_form(case: Case, running: Running) -> None:
    running.upstream.sent = []
    running.upstream.replies = case.replies
    body = case.body.encode() if isinstance(case.body, str) else case.body
    with Wire(running.port) as wire:
        reply = wire.ask(case.method, case.path, body)
    outcome = Outcome(reply.status, reply.body.decode(), running.upstream.sent)
    assert case.wanted(outcome), f"{outcome.status} {outcome.text}\nsent: {outcome.sent}"
