"""What differs between two REST replies, beside what tests/corpus/weaviate/README.md calls volatile."""

import re

from ..compare import Difference, equal_scalars, walk
from ..lexemes import Number, parse, spell

VOLATILE = re.compile(
    r"_?(creationTimeUnix|lastUpdateTimeUnix)|creation_time_unix|last_update_time_unix|creationTime|lastUpdateTime"
    r"|took|tookMs|hostname|explainScore|explain_score"
)
# Made up by the server: names of shards, addresses, lists in no order.
TEXTS = [
    (re.compile(r"\b(shard |[a-z]\w*_)[A-Za-z0-9]{12}\b"), r"\1SHARD"),
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
    (re.compile(r"Did you mean [^?]*\?"), "Did you mean LIST?"),
    (re.compile(r"\b(but|only|named vectors) \[[^\]]*\]"), r"\1 [LIST]"),
]


def compare_reply(record, reply):
    """Differences of a whole reply, the most telling first."""
    found = []
    if reply.status != record.status:
        found.append(Difference("status", str(record.status), str(reply.status)))
    if reply.content_type != record.content_type:
        found.append(Difference("content-type", str(record.content_type), str(reply.content_type)))
    if record.location is not None and reply.headers.get("location") != record.location:
        found.append(Difference("header location", record.location, str(reply.headers.get("location"))))
    expected = record.body
    if isinstance(expected, str) or record.request.method == "HEAD":
        actual = reply.body.decode("utf-8", "replace")
        if actual.strip() != (expected.strip() if isinstance(expected, str) else ""):
            found.append(Difference("body", repr(expected), repr(actual[:400])))
        return found
    try:
        actual = parse(reply.body.decode("utf-8"))
    except ValueError as error:
        return [*found, Difference("body", spell(expected), f"{error}: {reply.body[:300]!r}")]
    random_ids = record.name.split("/")[1].find("without-id") >= 0
    sides = [_normal(side, random_ids) for side in (expected, actual)]
    if record.group == "tenants" and all(isinstance(side, list) for side in sides):
        sides = [sorted(side, key=spell) for side in sides]

    def equal(_, left, right):
        return equal_scalars(left, right, record.is_spelled)

    return found + list(walk(*sides, "body", equal))


def _normal(value, random_ids):
    if isinstance(value, dict):
        return {
            key: "VOLATILE" if VOLATILE.fullmatch(key) or (random_ids and key == "id") else _normal(item, random_ids)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_normal(item, random_ids) for item in value]
    if isinstance(value, str) and not isinstance(value, Number):
        for pattern, stand_in in TEXTS:
            value = pattern.sub(stand_in, value)
    return value
