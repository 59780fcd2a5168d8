"""The messages of proto/weaviate, compiled when they are first asked for."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc

PROTO = Path(__file__).resolve().parents[2] / "proto"
SERVICE = "weaviate.v1.Weaviate"


@functools.cache
def pool() -> descriptor_pool.DescriptorPool:
    wellknown = Path(grpc_tools.__file__).parent / "_proto"
    files = [path.relative_to(PROTO).as_posix() for path in sorted((PROTO / "weaviate").rglob("*.proto"))]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "schema.pb"
        arguments = ["protoc", f"--proto_path={PROTO}", f"--proto_path={wellknown}", "--include_imports"]
        if protoc.main([*arguments, f"--descriptor_set_out={out}", *files]) != 0:
            raise RuntimeError(f"{PROTO} does not compile")
        described = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file
    result = descriptor_pool.DescriptorPool()
    for file in described:
        result.Add(file)
    return result


@functools.cache
def message(name: str) -> type[Any]:
    """The class of a message of package weaviate.v1; nested ones as Outer.Inner."""
    return message_factory.GetMessageClass(pool().FindMessageTypeByName(f"weaviate.v1.{name}"))


@functools.cache
def enum(name: str) -> Any:
    return pool().FindEnumTypeByName(f"weaviate.v1.{name}").values_by_number


def methods() -> dict[str, type[Any]]:
    """Unary methods of the service -> class of the request."""
    service = pool().FindServiceByName(SERVICE)
    return {
        method.name: message_factory.GetMessageClass(method.input_type)
        for method in service.methods
        if not method.server_streaming
    }
