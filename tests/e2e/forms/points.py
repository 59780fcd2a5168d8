"""Ids, shard keys, paths, vectors, payloads and the bodies of writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .case import POINTS, Wanted, accepted, bare, post, put, refused, says, sends, status

NOT_AN_ID = "is not a valid point ID, valid values are either an unsigned integer or a UUID"
UUID = "550e8400-e29b-41d4-a716-446655440000"
INVALID = "Validation error in JSON body: "

IDS = [
    *(
        post("id", POINTS, f'{{"ids":[{text}]}}', accepted)
        for text in (
            "0",
            "18446744073709551615",
            f'"{UUID}"',
            f'"{UUID.upper().replace("-", "")}"',
            f'"{{{UUID}}}"',
            f'"urn:uuid:{UUID}"',
        )
    ),
    *(
        post("no id", POINTS, f'{{"ids":[{text}]}}', refused(400, NOT_AN_ID))
        for text in (
            "18446744073709551616",
            "-1",
            "1.0",
            "1e0",
            "-0",
            "null",
            '"12"',
            f'"URN:UUID:{UUID}"',
            "[1]",
            "{}",
            "true",
        )
    ),
    *(
        post("told as", POINTS, f'{{"ids":[{text}]}}', refused(400, f"value {told} is"))
        for text, told in [
            ("null", "Unit"),
            ("[1]", "[U64(1)]"),
            ("1.0", "1"),
            ("18446744073709551616", "18446744073709552000"),
            ("-1", "-1"),
        ]
    ),
    *(
        bare("in a path", "GET", f"{POINTS}/{text}", status(404))
        for text in ("7", "%2B1", "18446744073709551615", UUID)
    ),
    *(bare("in a path", "GET", f"{POINTS}/{text}", status(400)) for text in ("x", "1.0", "-1", "18446744073709551616")),
    bare("shown as read", "GET", f"{POINTS}/007", says(404, "Not found: Point with id 7 does not exists!")),
    bare(
        "shown as read",
        "GET",
        f"{POINTS}/{UUID.upper()}",
        says(404, f"Not found: Point with id {UUID} does not exists!"),
    ),
    bare("no id", "GET", f"{POINTS}/scroll", says(400, 'Wrong input: Can not recognize "scroll" as point id')),
]


def shard_key(text: str, wanted: Wanted) -> Any:
    return post("shard key", f"{POINTS}/count", f'{{"shard_key":{text}}}', wanted)


SHARD_KEYS = [
    shard_key('"12"', sends(lambda m: [key.keyword for key in m.shard_key_selector.shard_keys] == ["12"])),
    shard_key("7", sends(lambda m: [key.number for key in m.shard_key_selector.shard_keys] == [7])),
    shard_key("18446744073709551615", sends(lambda m: m.shard_key_selector.shard_keys[0].number == 2**64 - 1)),
    shard_key('["a",1]', sends(lambda m: len(m.shard_key_selector.shard_keys) == 2)),
    shard_key("[]", sends(lambda m: m.HasField("shard_key_selector") and not m.shard_key_selector.shard_keys)),
    shard_key('{"target":"a","fallback":"b"}', sends(lambda m: m.shard_key_selector.fallback.keyword == "b")),
    shard_key("null", sends(lambda m: not m.HasField("shard_key_selector"))),
    *(
        shard_key(text, refused(400, "Expected a string or an integer"))
        for text in ("1.5", "-1", "true", '{"target":"a"}', '[["a"]]', "[null]")
    ),
]

PATHS = [
    *(
        post("path", "/collections/c/facet", {"key": path}, accepted)
        for path in ("a", "a.b", "a[].b", "a[0]", '"a b".c', "ü.é", "a-b_c", "0")
    ),
    *(
        post("no path", "/collections/c/facet", {"key": path}, refused(400, f"Invalid json path: '{path}'"))
        for path in ("", "a..b", "a[", "a[-1]", "a.*", "a b", ".a", "a.", "a[b]", '"a', "a/b")
    ),
    bare("no path", "DELETE", "/collections/c/index/a..b", refused(400, "Deserialize error in path parameters: ")),
]


def vector(text: str, wanted: Wanted) -> Any:
    return put("vector", POINTS, f'{{"points":[{{"id":1,"vector":{text}}}]}}', wanted)


def stored(holds: Callable[[Any], bool]) -> Wanted:
    return sends(lambda m: holds(m.points[0].vectors))


VECTORS = [
    vector("[1,2.5,-0.0]", stored(lambda v: list(v.vector.dense.data) == [1, 2.5, 0])),
    vector("[[1,2],[3,4]]", stored(lambda v: len(v.vector.multi_dense.vectors) == 2)),
    # Two rows of which the first could be indices: a sparse vector, wherever one is looked for first.
    vector('{"a":[[1,2],[3,4]]}', stored(lambda v: list(v.vectors.vectors["a"].sparse.indices) == [1, 2])),
    vector('{"a":[[1.0,2],[3,4]]}', stored(lambda v: len(v.vectors.vectors["a"].multi_dense.vectors) == 2)),
    vector('{"a":[[1,2],[3,4],[5,6]]}', stored(lambda v: len(v.vectors.vectors["a"].multi_dense.vectors) == 3)),
    vector('{"indices":[1,2],"values":[0.5,1]}', stored(lambda v: set(v.vectors.vectors) == {"indices", "values"})),
    vector("{}", stored(lambda v: v.WhichOneof("vectors_options") == "vectors")),
    vector(
        '{"text":"a","model":"","options":{"x":1}}', stored(lambda v: v.vector.document.options["x"].integer_value == 1)
    ),
    vector('{"image":{"a":[1]},"model":"m"}', stored(lambda v: v.vector.HasField("image"))),
    vector('{"object":1,"model":"m"}', stored(lambda v: v.vector.HasField("object"))),
    vector("[1e39]", stored(lambda v: v.vector.dense.data[0] == float("inf"))),
    vector("[1e-400]", stored(lambda v: v.vector.dense.data[0] == 0)),
    vector("[1e400]", refused(400, "number out of range")),
    vector("[]", says(422, INVALID + "[points[0].vector.vector: dense vector must not be empty]")),
    vector("[[]]", says(422, INVALID + "[points[0].vector.data: all vectors must be non-empty]")),
    vector(
        "[[1,2],[3]]",
        refused(
            422, "[points[0].vector.data: all vectors must have the same dimension, found vector with dimension 1]"
        ),
    ),
    vector(
        '{"a":{"indices":[1,1],"values":[1,2]}}',
        refused(422, "points[0].vector.?.indices: Validation error: must be unique"),
    ),
    vector(
        '{"a":{"indices":[1,2],"values":[1]}}',
        refused(422, "points[0].vector.?.values: Validation error: must be the same length"),
    ),
    *(
        vector(text, refused(400, "data did not match any variant of untagged enum VectorStruct"))
        for text in ("null", '["1"]', "1")
    ),
    put("alias", POINTS, '{"points":[{"id":1,"vectors":[1]}]}', stored(lambda v: list(v.vector.dense.data) == [1])),
    put(
        "both names",
        POINTS,
        '{"points":[{"id":1,"vectors":[1],"vector":[2]}]}',
        refused(400, "duplicate field `vector`"),
    ),
    put("none", POINTS, '{"points":[{"id":1}]}', refused(400, "missing field `vector`")),
    put(
        "as a list",
        POINTS,
        '{"points":[[1,[1.0],{"a":1}]]}',
        sends(lambda m: m.points[0].payload["a"].integer_value == 1),
    ),
]


def payload(text: str, wanted: Wanted) -> Any:
    return put("payload", POINTS, f'{{"points":[{{"id":1,"vector":[1],"payload":{text}}}]}}', wanted)


def value(text: str, kind: str, number: float | None = None) -> Any:
    def holds(message: Any) -> bool:
        found = message.points[0].payload["a"]
        return found.WhichOneof("kind") == kind and (number is None or getattr(found, kind) == number)

    return payload(f'{{"a":{text}}}', sends(holds))


PAYLOADS = [
    value("1", "integer_value", 1),
    value("-9223372036854775808", "integer_value", -(2**63)),
    value("9223372036854775808", "double_value", 2.0**63),
    value("1.0", "double_value", 1.0),
    value("1e3", "double_value", 1000.0),
    value("-0", "double_value", 0.0),
    value("null", "null_value"),
    value('"\\u0000\\uD83D\\uDE00"', "string_value"),
    payload("null", sends(lambda m: not m.points[0].payload)),
    payload('{"a":1,"a":2}', sends(lambda m: m.points[0].payload["a"].integer_value == 2)),
    payload("[]", status(400)),
    payload('{"a":"\\ud800"}', status(400)),
    payload('{"a":' + "[" * 124 + "]" * 124 + "}", refused(400, "recursion limit exceeded at line 1 column")),
]


def columns(ids: str, vectors: str, wanted: Wanted, payloads: str | None = None) -> Any:
    more = "" if payloads is None else f',"payloads":{payloads}'
    return put("columns", POINTS, f'{{"batch":{{"ids":{ids},"vectors":{vectors}{more}}}}}', wanted)


COLUMNS = [
    columns("[1,2]", "[[1],[2]]", sends(lambda m: m.points[1].payload["a"].integer_value == 1), '[null,{"a":1}]'),
    columns("[1,2]", "[[1]]", refused(422, "[batch.batch: number of ids and vectors must be equal (2 != 1)]")),
    columns(
        "[1,2]", "[[1],[2]]", refused(422, "[batch.batch: number of ids and payloads must be equal (2 != 1)]"), "[null]"
    ),
    columns(
        "[1,2]", "{}", sends(lambda m: all(p.vectors.WhichOneof("vectors_options") == "vectors" for p in m.points))
    ),
    columns(
        "[1]",
        '{"a":[[1,2]],"s":[{"indices":[1],"values":[2]}]}',
        sends(lambda m: set(m.points[0].vectors.vectors.vectors) == {"a", "s"}),
    ),
    columns(
        "[1]",
        '[{"text":"a","model":"m"}]',
        says(400, "Direct Document processing is not supported in top-level batch vectors. Use named vectors."),
    ),
    columns(
        "[1]",
        '{"a":[{"text":"b","model":"m"}]}',
        sends(lambda m: m.points[0].vectors.vectors.vectors["a"].document.text == "b"),
    ),
    put(
        "columns first",
        POINTS,
        '{"points":[],"batch":{"ids":[1],"vectors":[[1]]}}',
        sends(lambda m: len(m.points) == 1),
    ),
    put("neither", POINTS, "{}", refused(400, "Invalid PointInsertOperations format")),
]


def kinds(outcome: Any) -> list[str]:
    return [message.points_selector.WhichOneof("points_selector_one_of") for message in outcome.sent]


NO_SELECTOR = "Either list of point ids or filter must be provided"
UPDATES = [
    put(
        "mode",
        POINTS,
        '{"points":[{"id":1,"vector":[1]}],"update_mode":"update_only"}',
        sends(lambda m: m.update_mode == 2),
    ),
    put(
        "mode",
        POINTS,
        '{"points":[{"id":1,"vector":[1]}],"update_mode":"Upsert"}',
        refused(400, "unknown variant `Upsert`, expected one of `upsert`, `insert_only`, `update_only`"),
    ),
    # Filters of deletions are not validated.
    post("unchecked", f"{POINTS}/delete", {"filter": {"must": [{"key": "a"}]}}, accepted),
    post("unchecked", f"{POINTS}/delete", {"filter": {"min_should": {"conditions": [], "min_count": 0}}}, accepted),
    post(
        "points win",
        f"{POINTS}/delete",
        '{"points":[1],"filter":{"bad":1}}',
        lambda o: kinds_of_delete(o) == ["points"],
    ),
    post(
        "two calls",
        f"{POINTS}/vectors/delete",
        {"points": [1], "filter": {}, "vector": ["a"]},
        lambda o: kinds(o) == ["filter", "points"],
    ),
    post(
        "no selector",
        f"{POINTS}/vectors/delete",
        {"vector": ["a"]},
        says(400, "Bad request: No filter or points provided"),
    ),
    post("no names", f"{POINTS}/vectors/delete", {"points": [1], "vector": []}, status(422)),
    post("no selector", f"{POINTS}/payload", {"payload": {}}, refused(400, NO_SELECTOR)),
    post(
        "null deletes",
        f"{POINTS}/payload",
        {"payload": {"a": None}, "points": [1], "filter": {}},
        sends(lambda m: m.payload["a"].WhichOneof("kind") == "null_value"),
    ),
    put(
        "no key",
        f"{POINTS}/payload",
        {"payload": {"a": 1}, "points": [1], "key": "x"},
        sends(lambda m: not m.HasField("key")),
    ),
    put(
        "bad key",
        f"{POINTS}/payload",
        {"payload": {"a": 1}, "points": [1], "key": "x["},
        refused(400, "Invalid json path"),
    ),
    put("none", f"{POINTS}/vectors", {"points": []}, says(422, INVALID + "[points: must specify points to update]")),
    put(
        "empty",
        f"{POINTS}/vectors",
        {"points": [{"id": 1, "vector": {}}]},
        says(422, INVALID + "[points[0].vector: must specify vectors to update for point]"),
    ),
    post(
        "nothing",
        f"{POINTS}/batch",
        {"operations": []},
        lambda o: o.status == 200 and '"result":[]' in o.text and not o.sent,
    ),
    post(
        "first known key",
        f"{POINTS}/batch",
        {"operations": [{"delete": {"points": [1]}, "upsert": {"points": [{"id": 1, "vector": [1]}]}}]},
        sends(lambda m: m.operations[0].WhichOneof("operation") == "upsert"),
    ),
]


def kinds_of_delete(outcome: Any) -> list[str]:
    return [message.points.WhichOneof("points_selector_one_of") for message in outcome.sent]


CASES = [*IDS, *SHARD_KEYS, *PATHS, *VECTORS, *PAYLOADS, *COLUMNS, *UPDATES]
