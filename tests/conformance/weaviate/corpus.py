"""Recorded exchanges of Weaviate (tests/corpus/weaviate says what they hold)."""

import json
from dataclasses import dataclass
from functools import cached_property

from .. import lexemes
from ..corpus import REPOSITORY, HttpRequest

FOLDER = REPOSITORY / "tests" / "corpus" / "weaviate"
SEED = "seed"


@dataclass(frozen=True)
class Record:
    line: str

    @cached_property
    def raw(self):
        return json.loads(self.line)

    @property
    def name(self):
        return self.raw["name"]

    @property
    def group(self):
        return self.name.split("/")[0]

    @property
    def note(self):
        return self.raw.get("note") or ""

    @property
    def calls(self):
        """Empty where the gateway answers alone, and where gRPC has nothing for it."""
        return self.raw["grpc"] or []

    @property
    def has_twin(self):
        return self.raw["grpc"] is not None

    @property
    def status(self):
        return self.raw["rest_reply"]["status"]

    @property
    def content_type(self):
        return self.raw["rest_reply"]["content_type"]

    @property
    def location(self):
        return self.raw["rest_reply"].get("location")

    @cached_property
    def body(self):
        """The native reply with its numbers as spelled, where that was recorded; a text if it is not JSON."""
        reply = self.raw["rest_reply"]
        if isinstance(reply["body"], str):
            return reply["body"]
        return lexemes.parse(reply.get("body_text") or json.dumps(reply["body"]))

    @property
    def is_spelled(self):
        return "body_text" in self.raw["rest_reply"]

    @cached_property
    def native_bytes(self):
        reply = self.raw["rest_reply"]
        if "body_text" in reply:
            return reply["body_text"].encode()
        return reply["body"].encode() if isinstance(reply["body"], str) else json.dumps(reply["body"]).encode()

    @cached_property
    def request(self):
        rest = self.raw["rest"]
        target = rest["path"] + ("?" + rest["query"] if rest.get("query") else "")
        body = None
        if rest.get("body_text") is not None:
            body = rest["body_text"].encode("utf-8", "surrogatepass")
        elif rest.get("body") is not None:
            body = json.dumps(rest["body"]).encode()
        headers = {"content-type": "application/json"} if body is not None else {}
        for name, value in (rest.get("headers") or {}).items():
            headers.pop(name.lower(), None)
            if value is not None:
                headers[name.lower()] = value
        return HttpRequest(rest["method"], target, headers, body)


def load(folder=FOLDER):
    """Everything but the seed, which only puts a fresh server into the state that the reads expect."""
    return [record for record in load_all(folder) if record.group != SEED]


def load_all(folder=FOLDER):
    records = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            records.extend(Record(line) for line in lines)
    return records
