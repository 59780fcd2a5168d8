"""Sends recorded REST requests to a Weaviate and to vecgate before another one, in order, and compares the answers.

Both databases are fresh: what the recorded ones were filled with comes first, to each over its own REST port.
"""

import json

from ..live import connect
from ..replay import Outcome, Verdict
from .compare import compare_reply
from .corpus import SEED, Record, load_all


class Live:
    """Judges records one at a time, beside what `entries` (replay.load_expected) says of them."""

    def __init__(self, native_url, gateway_url, seed_url, entries):
        self._native, self._gateway = connect(native_url), connect(gateway_url)
        self._entries = entries
        for url in (native_url, seed_url):
            _seed(url)

    def close(self):
        self._native.close()
        self._gateway.close()

    def run(self, record):
        native = self._native.send(record.request)
        gateway = self._gateway.send(record.request)
        differences = compare_reply(_as_recorded(record, native), gateway)
        if not differences:
            return Outcome(record, Verdict.EQUAL, [])
        reasons = self._entries.get(record.name)
        if reasons is None and not record.note:
            return Outcome(record, Verdict.UNEXPECTED, differences)
        return Outcome(record, Verdict.EXPECTED, differences, reasons or record.note)


# What the others find must not depend on what these write.
WRITES = ("batch_objects", "batch_references", "batch_delete", "http_errors")


def in_order(records):
    """Those that a database without authentication answers, reads first."""

    def writes(record):
        reading = record.request.method in ("GET", "HEAD") or record.group.startswith(("graphql", "aggregate", "rest"))
        return record.group in WRITES or not reading

    return sorted((record for record in records if record.group != "auth"), key=writes)


def _seed(url):
    connection = connect(url)
    try:
        for record in load_all():
            if record.group != SEED:
                continue
            reply = connection.send(record.request)
            if reply.status != record.status:
                raise RuntimeError(f"{url}: {record.name}: {reply.status} {reply.body[:300]!r}; is it a fresh one?")
    finally:
        connection.close()


def _as_recorded(record, reply):
    """The record, had this been the reply."""
    text = reply.body.decode("utf-8", "replace")
    told = {"status": reply.status, "content_type": reply.content_type}
    if "location" in reply.headers:
        told["location"] = reply.headers["location"]
    try:
        told |= {"body": json.loads(text), "body_text": text}
    except ValueError:
        told["body"] = text
    return Record(json.dumps(record.raw | {"rest_reply": told}))
