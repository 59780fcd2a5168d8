"""Sends recorded REST requests to a database and to vecgate, in order, and compares the answers.

The two need histories of their own: a database each, or nothing between the requests of one run and another's.
"""

import dataclasses
import re
from urllib.parse import urlsplit

from . import expected_differences
from .compare import Difference, Tolerance, compare_reply
from .http_call import Connection
from .replay import Outcome, Verdict

HEADERS = ("retry-after", "content-encoding", "vary", "access-control-allow-origin")
# Over the records' own list: what two servers never agree about.
VOLATILE = (
    "result.operation_id",
    "result.peer_id",
    "result.segments_count",
    "result.indexed_vectors_count",
    "result.update_queue",
)


def connect(url):
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"{url}: not http://host:port")
    return Connection(parts.hostname, parts.port or 80)


class Side:
    """One server, and the names it gave to what the recorded server named otherwise."""

    def __init__(self, url):
        self._connection = connect(url)
        self._names = {}

    def close(self):
        self._connection.close()

    def send(self, record):
        request = record.request
        target = request.target
        for recorded, own in self._names.items():
            target = target.replace(recorded, own)
        reply = self._connection.send(dataclasses.replace(request, target=target))
        self._learn(record, reply)
        return reply

    def _learn(self, record, reply):
        """Snapshot names are the server's own and stand in the paths of later requests."""
        recorded = _snapshot_name(record.expected_body)
        try:
            own = _snapshot_name(reply.document)
        except ValueError:
            return
        if recorded and own:
            self._names[recorded] = own


def _snapshot_name(body):
    result = body.get("result") if isinstance(body, dict) else None
    name = result.get("name") if isinstance(result, dict) else None
    return name if isinstance(name, str) and name.endswith(".snapshot") else None


class Live:
    def __init__(self, native_url, gateway_url, stand_ins, entries=None):
        self._native = Side(native_url)
        self._gateway = Side(gateway_url)
        self._stand_ins = stand_ins
        self._entries = expected_differences.load() if entries is None else entries

    def close(self):
        self._native.close()
        self._gateway.close()

    def run(self, record):
        native = self._native.send(record)
        gateway = self._gateway.send(record)
        stand_in = next((s for s in self._stand_ins if s.fits(record)), None)
        if stand_in is not None and gateway.status == stand_in.status:
            return Outcome(record, Verdict.NOT_REPLAYABLE, [], stand_in.reason)
        differences = self._differences(record, native, gateway)
        entry = self._entries.get(record.name)
        if not differences or entry is None or entry.objection(differences):
            return Outcome(record, Verdict.UNEXPECTED if differences else Verdict.EQUAL, differences)
        return Outcome(record, Verdict.EXPECTED, differences, f"row {entry.row}: {entry.reason}")

    @staticmethod
    def _differences(record, native, gateway):
        if record.compare.get("status_only"):
            same = native.status == gateway.status
            return [] if same else [Difference("status", str(native.status), str(gateway.status))]
        tolerance = Tolerance.of(record)
        tolerance = dataclasses.replace(
            tolerance, volatile=tolerance.volatile + VOLATILE + _snapshot_paths(record), exact_spelling=True
        )
        return compare_reply(
            native.status, native.content_type, native.headers, native.document, gateway, tolerance, HEADERS
        )


def _snapshot_paths(record):
    is_snapshot = re.search(r"/snapshots(\?|/|$)", record.request.target)
    return tuple(f"result.{key}" for key in ("name", "creation_time", "checksum", "size")) if is_snapshot else ()
