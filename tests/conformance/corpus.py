"""Recorded exchanges (tests/corpus says what they hold)."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from . import lexemes

REPOSITORY = Path(__file__).resolve().parents[2]
QDRANT = REPOSITORY / "tests" / "corpus" / "qdrant"


@dataclass(frozen=True)
class HttpRequest:
    method: str
    target: str
    headers: dict
    body: bytes | None


@dataclass(frozen=True)
class HttpReply:
    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    @property
    def content_type(self):
        return self.headers.get("content-type")

    @cached_property
    def document(self):
        """The body as JSON if it says it is, else as text."""
        text = self.body.decode("utf-8")
        return lexemes.parse(text) if self.content_type == "application/json" and text else text


def request_of(rest):
    """The request that a record's `rest` describes. A header of null is left out, where another would be sent without it."""
    target = rest["path"] + ("?" + rest["query"] if rest.get("query") else "")
    body = None
    if rest.get("body_text") is not None:
        body = rest["body_text"].encode("utf-8", "surrogatepass")
    elif rest.get("body") is not None:
        body = json.dumps(rest["body"]).encode()
    headers = {"content-type": "application/json"} if body is not None else {}
    headers |= {name.lower(): value for name, value in (rest.get("headers") or {}).items()}
    headers = {name: value for name, value in headers.items() if value is not None}
    return HttpRequest(rest["method"], target, headers, body)


class Record:
    def __init__(self, line):
        self.raw = json.loads(line)
        # The same with numbers as spelled. A recorded `text` has the server's own spelling.
        spelled = lexemes.parse(line)["rest_reply"]
        self.exact_spelling = "text" in spelled
        self.expected_body = lexemes.parse(spelled["text"]) if self.exact_spelling else spelled["body"]

    def __repr__(self):
        return self.name

    @property
    def name(self):
        return self.raw["name"]

    @property
    def seq(self):
        return self.raw["seq"]

    @property
    def server(self):
        return self.raw["server"]

    @property
    def kind(self):
        return self.raw["kind"]

    @property
    def derived(self):
        return self.raw["derived"]

    @property
    def calls(self):
        return self.raw["grpc"] or []

    @property
    def compare(self):
        return self.raw.get("compare") or {}

    @property
    def status(self):
        return self.raw["rest_reply"]["status"]

    @property
    def content_type(self):
        return self.raw["rest_reply"].get("content_type")

    @property
    def reply_headers(self):
        return self.raw["rest_reply"].get("headers") or {}

    @property
    def error_text(self):
        """The text of a native error, None for a success."""
        body = self.expected_body
        if self.status < 400:
            return None
        if isinstance(body, dict):
            return body["status"]["error"]
        return body or ""

    @property
    def refused_before_operation(self):
        """Native servers print exactly 0.0 when parsing or validation fails; the operation never started."""
        body = self.raw["rest_reply"]["body"]
        return self.status >= 400 and isinstance(body, dict) and body.get("time") == 0.0

    @cached_property
    def request(self):
        return request_of(self.raw["rest"])


def load(folder=QDRANT):
    records = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            records.extend(Record(line) for line in lines)
    return sorted(records, key=lambda record: record.seq)
