"""What differs between two REST replies, under the rules of tests/corpus/qdrant/README.md."""

import re
from dataclasses import dataclass

from .lexemes import Number, spell

# Values a server makes up by itself: another history has others.
SERVER_OWN = {"peer_id", "segments_count", "indexed_vectors_count", "update_queue"}
RECORDED_HEADERS = ("retry-after",)
ERROR_TEXT = "body.status.error"
FORMAT_ERROR = "Format error in JSON body: "
# " (points[3].vector)", " (params[\"a b\"])"
_OWN_PATH = re.compile(r" \((?:[\w-]+|\[\d+\]|\[\"[^\"]*\"\])(?:\.[\w-]+|\[\d+\]|\[\"[^\"]*\"\])*\)$")
_POSITION = re.compile(r" at line \d+ column \d+.*$", re.DOTALL)


@dataclass(frozen=True)
class Difference:
    where: str
    expected: str
    actual: str

    def __str__(self):
        return f"{self.where}: expected {_short(self.expected)}, got {_short(self.actual)}"

    @property
    def is_position_only(self):
        """The same complaint about another place of the body."""
        return self.where == ERROR_TEXT and _POSITION.sub("", self.expected) == _POSITION.sub("", self.actual)


def _short(text, limit=400):
    return text if len(text) <= limit else text[:limit] + f"... ({len(text)} characters)"


@dataclass(frozen=True)
class Tolerance:
    """What one comparison leaves out."""

    volatile: tuple = ()  # dotted paths, through lists
    unordered: tuple = ()  # dotted paths of lists
    exact_spelling: bool = False
    own_values: dict = None  # server's own key -> spellings that are right as well

    @staticmethod
    def of(record):
        """What the record itself says."""
        volatile = tuple(record.compare.get("volatile", ()))
        if record.request.method == "GET" and record.request.target == "/":
            volatile += ("version", "commit")
        return Tolerance(volatile, tuple(record.compare.get("unordered", ())))


def compare_reply(
    expected_status, expected_type, expected_headers, expected_body, reply, tolerance, headers=RECORDED_HEADERS
):
    """Differences of a whole reply, the most telling first."""
    found = []
    if reply.status != expected_status:
        found.append(Difference("status", str(expected_status), str(reply.status)))
    if reply.content_type != expected_type:
        found.append(Difference("content-type", str(expected_type), str(reply.content_type)))
    for name in headers:
        if expected_headers.get(name) != reply.headers.get(name):
            found.append(Difference(f"header {name}", str(expected_headers.get(name)), str(reply.headers.get(name))))
    try:
        actual = reply.document
    except ValueError as error:
        return [*found, Difference("body", spell(expected_body), f"{error}: {reply.body[:200]!r}")]
    return found + compare_body(expected_body, actual, tolerance)


def compare_body(expected, actual, tolerance=Tolerance()):
    expected, actual = (_without_time(side) for side in (expected, actual))
    for path in tolerance.volatile:
        expected, actual = (_dropped(side, path.split(".")) for side in (expected, actual))
    for path in tolerance.unordered:
        expected, actual = (_sorted(side, path.split(".")) for side in (expected, actual))
    return list(_walk(expected, actual, "body", tolerance))


def _without_time(body):
    return {key: value for key, value in body.items() if key != "time"} if isinstance(body, dict) else body


def _edited(value, path, edit):
    """A copy of `value` in which `edit` made a new dict of each dict that holds the last step of `path`."""
    if isinstance(value, list):
        return [_edited(item, path, edit) for item in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    if len(path) == 1:
        return edit(value, path[0])
    return {**value, path[0]: _edited(value[path[0]], path[1:], edit)}


def _dropped(value, path):
    return _edited(value, path, lambda holder, key: {k: v for k, v in holder.items() if k != key})


def _sorted(value, path):
    def edit(holder, key):
        items = holder[key]
        return {**holder, key: sorted(items, key=spell)} if isinstance(items, list) else holder

    return _edited(value, path, edit)


def walk(expected, actual, where, equal, same=None):
    """Differences of two documents; `equal` judges what is neither object nor list, `same` drops members by their key."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in [*expected, *(key for key in actual if key not in expected)]:
            inner = f"{where}.{key}"
            if key not in actual:
                yield Difference(inner, spell(expected[key]), "absent")
            elif key not in expected:
                yield Difference(inner, "absent", spell(actual[key]))
            elif same is None or not same(key, actual[key]):
                yield from walk(expected[key], actual[key], inner, equal, same)
        return
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield Difference(where, spell(expected), spell(actual))
            return
        for i, (left, right) in enumerate(zip(expected, actual, strict=True)):
            yield from walk(left, right, f"{where}[{i}]", equal, same)
        return
    if not equal(where, expected, actual):
        # Texts bare, so that they can be compared further.
        texts = type(expected) is str and type(actual) is str
        yield Difference(where, *((expected, actual) if texts else (spell(expected), spell(actual))))


def equal_scalars(expected, actual, exact_spelling):
    if isinstance(expected, Number) and isinstance(actual, Number):
        return str(expected) == str(actual) if exact_spelling else expected.same_value(actual)
    return type(expected) is type(actual) and expected == actual


def _walk(expected, actual, where, tolerance):
    def equal(where, expected, actual):
        texts = isinstance(expected, str) and isinstance(actual, str)
        if where == ERROR_TEXT and texts and expected.startswith(FORMAT_ERROR) and not _OWN_PATH.search(expected):
            # vecgate ends a format error with the JSON path of its place, which the database does not tell.
            actual = _OWN_PATH.sub("", actual)
        return equal_scalars(expected, actual, tolerance.exact_spelling)

    return walk(expected, actual, where, equal, lambda key, value: _is_own(key, value, tolerance))


def _is_own(key, actual, tolerance):
    return key in SERVER_OWN and spell(actual) in (tolerance.own_values or {}).get(key, ())
