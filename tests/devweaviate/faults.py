"""How a call fails: gRPC's status and the text, which is all that clients learn."""

from __future__ import annotations

import grpc


class Fault(Exception):
    """Ends a call. Nearly everything is UNKNOWN over there."""

    def __init__(self, text: str, code: grpc.StatusCode = grpc.StatusCode.UNKNOWN) -> None:
        super().__init__(text)
        self.text = text
        self.code = code

    def within(self, where: str) -> Fault:
        return Fault(f"{where}: {self.text}", self.code)


class Invalid(Exception):
    """One object or reference of a batch is refused."""


def unknown_class(name: str) -> Fault:
    return Fault(f"could not find class {name} in schema")


def unknown_property(name: str, collection: str) -> Fault:
    return Fault(
        f"no such prop with name '{name}' found in class '{collection}' in the schema. "
        "Check your schema files for which properties in this class are available"
    )
