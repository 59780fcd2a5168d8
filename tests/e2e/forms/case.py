"""One request, and what must come of it: the message that the upstream is sent, or the refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

POINTS = "/collections/c/points"


@dataclass(frozen=True)
class Outcome:
    status: int
    text: str
    sent: list[Message]

    @property
    def error(self) -> str:
        return json.loads(self.text)["status"]["error"]


Wanted = Callable[[Outcome], bool]


@dataclass(frozen=True)
class Case:
    name: str
    method: str
    path: str
    body: str | bytes | None
    wanted: Wanted
    replies: dict[str, Message] = field(default_factory=dict)


def post(name: str, path: str, body: Any, wanted: Wanted, method: str = "POST", **replies: Message) -> Case:
    """A body that is no text is written as JSON."""
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return Case(f"{name} {method} {path} {str(text)[:60]}", method, path, text, wanted, replies)


def put(name: str, path: str, body: Any, wanted: Wanted) -> Case:
    return post(name, path, body, wanted, "PUT")


def bare(name: str, method: str, path: str, wanted: Wanted) -> Case:
    return Case(f"{name} {method} {path}", method, path, None, wanted)


def accepted(outcome: Outcome) -> bool:
    return outcome.status == 200


def status(code: int) -> Wanted:
    return lambda outcome: outcome.status == code


def refused(code: int, *parts: str) -> Wanted:
    """With every one of the parts in the text."""
    return lambda outcome: outcome.status == code and all(part in outcome.error for part in parts)


def says(code: int, text: str) -> Wanted:
    """With exactly this text."""
    return lambda outcome: outcome.status == code and outcome.error == text


def sends(holds: Callable[[Any], bool]) -> Wanted:
    return lambda outcome: outcome.status == 200 and bool(holds(outcome.sent[0]))


def answers(part: str) -> Wanted:
    return lambda outcome: outcome.status == 200 and part in outcome.text
