"""Sends requests, and shows each as curl would send it, with its status and a shortened reply."""

from __future__ import annotations

import json
import shlex
import sys
import urllib.error
import urllib.request
from typing import Any, NamedTuple

import httpx
from qdrant_client import QdrantClient

TIMEOUT_SECONDS = 60
SHOWN_CHARACTERS = 700
SHOWN_ELEMENTS = 3
BOLD, PLAIN = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")


class Reply(NamedTuple):
    status: int
    body: Any  # JSON, or text where it is none

    @property
    def result(self) -> Any:
        return self.body["result"]

    @property
    def error(self) -> str:
        return self.body["status"]["error"]


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def shortened(value: Any) -> Any:
    """Long lists show their beginning and how many elements follow."""
    if isinstance(value, dict):
        return {key: shortened(element) for key, element in value.items()}
    if not isinstance(value, list):
        return value
    head = [shortened(element) for element in value[:SHOWN_ELEMENTS]]
    return head if len(head) == len(value) else [*head, f"... {len(value) - len(head)} more"]


def shown(value: Any) -> str:
    text = value.rstrip() if isinstance(value, str) else json.dumps(shortened(value), ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]} ..."


def show_request(method: str, url: str, body: str | None, sender: str) -> None:
    line = f"curl -X {method} {shlex.quote(url)}"
    if body:
        line += f" -H 'content-type: application/json' -d {shlex.quote(shown(parsed(body)))}"
    note = f"  # {sender}, {len(body):,} bytes" if body and len(body) > SHOWN_CHARACTERS else f"  # {sender}"
    print(f"{BOLD}$ {line}{PLAIN}{note}")


def show_reply(status: int, text: str) -> None:
    print(f"  {BOLD}{status}{PLAIN} {shown(parsed(text))}")


class Http:
    """Plain requests, by the standard library."""

    def __init__(self, url: str) -> None:
        self._url = url

    def call(self, method: str, path: str, body: Any = None) -> Reply:
        """`body` is sent as JSON; a string is sent as it stands."""
        data = body if body is None or isinstance(body, str) else json.dumps(body)
        show_request(method, self._url + path, data, "plain HTTP")
        request = urllib.request.Request(
            self._url + path,
            data=data.encode() if data is not None else None,
            method=method,
            headers={"content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            status, text = refusal.code, refusal.read().decode()
        show_reply(status, text)
        return Reply(status, parsed(text))


def official_client(url: str) -> QdrantClient:
    """The official client as anyone would make it, with its HTTP library told to show what passes."""

    def requested(request: httpx.Request) -> None:
        show_request(request.method, str(request.url), request.read().decode(), "qdrant-client")

    def answered(response: httpx.Response) -> None:
        show_reply(response.status_code, response.read().decode())

    return QdrantClient(
        url=url, timeout=TIMEOUT_SECONDS, event_hooks={"request": [requested], "response": [answered]}
    )
