"""Recorded exchanges of Weaviate (tests/corpus/weaviate says what they hold)."""

import json
from dataclasses import dataclass
from functools import cached_property

from .. import lexemes
from ..corpus import REPOSITORY, request_of

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
        return request_of(self.raw["rest"])


def load(folder=FOLDER):
    """Everything but the seed, which only puts a fresh server into the state that the reads expect."""
    return [record for record in load_all(folder) if record.group != SEED]


def load_all(folder=FOLDER):
    records = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            records.extend(Record(line) for line in lines)
    return records
