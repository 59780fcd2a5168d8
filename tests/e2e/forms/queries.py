"""Reads: what they select, in which order, by which query; parameters of the query string; bodies that are no JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .case import POINTS, Wanted, accepted, bare, post, refused, says, sends, status

INVALID = "Validation error in JSON body: "


def scroll(body: Any, wanted: Wanted) -> Any:
    return post("scroll", f"{POINTS}/scroll", body, wanted)


READS = [
    scroll(
        {"with_payload": 1},
        refused(400, "Expected a boolean, an array of strings, or an object with an include/exclude field"),
    ),
    scroll({"with_payload": {"include": ["a"], "exclude": ["b"]}}, status(400)),
    scroll({"with_vector": None}, refused(400, "Expected a boolean, or an array of strings")),
    scroll({"with_vector": True, "with_vectors": True}, refused(400, "duplicate field `with_vector`")),
    scroll('{"limit":1,"limit":2}', refused(400, "duplicate field `limit`")),
    scroll({"limit": 0}, refused(422, "[scroll_request.limit: value 0 invalid, must be 1 or larger]")),
    scroll('{"limit":10.0}', refused(400, "invalid type: floating point `10.0`, expected usize")),
    scroll('{"limit":1e1}', refused(400, "invalid type: floating point `10.0`, expected usize")),
    scroll('{"limit":-1}', refused(400, "invalid value: integer `-1`, expected usize")),
    scroll('{"limit":4294967296}', sends(lambda m: m.limit == 4294967295)),
    scroll({"order_by": "a"}, sends(lambda m: m.order_by.key == "a")),
    scroll(
        {"order_by": {"key": "a", "direction": "desc", "start_from": "2024-01-01"}},
        sends(lambda m: m.order_by.start_from.datetime == "2024-01-01" and m.order_by.direction == 1),
    ),
    scroll({"order_by": {"key": "a", "start_from": 1.5}}, sends(lambda m: m.order_by.start_from.float == 1.5)),
    scroll(
        {"order_by": {"direction": "desc"}},
        refused(400, "Expected a string, or an object with a key, direction and/or start_from"),
    ),
    post("no null", f"{POINTS}/count", {"exact": None}, refused(400, "invalid type: null, expected a boolean")),
    post(
        "matrix",
        f"{POINTS}/search/matrix/pairs",
        {"sample": 1},
        says(422, INVALID + "[search_request.sample: value 1 invalid, must be 2 or larger]"),
    ),
]


def query(text: Any, wanted: Wanted) -> Any:
    text = text if isinstance(text, str) else json.dumps(text)
    return post("query", f"{POINTS}/query", f'{{"query":{text}}}', wanted)


def asks(text: Any, holds: Callable[[Any], bool]) -> Any:
    return query(text, sends(lambda m: holds(m.query)))


QUERIES = [
    asks(1, lambda q: q.nearest.id.num == 1),
    asks('"550e8400-e29b-41d4-a716-446655440000"', lambda q: q.nearest.id.uuid != ""),
    asks([1, 2], lambda q: list(q.nearest.dense.data) == [1, 2]),
    asks([[1, 2], [3, 4]], lambda q: q.nearest.HasField("sparse")),
    asks([[1.5, 2], [3, 4]], lambda q: q.nearest.HasField("multi_dense")),
    asks({"nearest": 1, "foo": 1}, lambda q: q.HasField("nearest")),
    asks({"nearest": 1, "mmr": {}}, lambda q: q.HasField("nearest_with_mmr")),
    asks({"recommend": {"positive": [1]}}, lambda q: q.HasField("recommend")),
    asks({"discover": {"target": 1, "context": None}}, lambda q: q.discover.HasField("context")),
    asks({"context": {"positive": 1, "negative": 2}}, lambda q: len(q.context.pairs) == 1),
    asks({"order_by": "a"}, lambda q: q.order_by.key == "a"),
    asks({"fusion": "rrf"}, lambda q: q.HasField("fusion") and q.fusion == 0),
    asks({"rrf": {"k": 60, "weights": [1.5]}}, lambda q: q.rrf.k == 60 and list(q.rrf.weights) == [1.5]),
    asks({"sample": "random"}, lambda q: q.HasField("sample")),
    asks(
        {"formula": {"sum": ["$score", 1, {"mult": [{"key": "a", "match": {"value": 1}}, {}]}]}, "defaults": {"a": 1}},
        lambda q: q.formula.expression.sum.sum[0].variable == "$score",
    ),
    asks(
        {
            "relevance_feedback": {
                "target": 1,
                "feedback": [{"example": 1, "score": 0.5}],
                "strategy": {"naive": {"a": 1, "b": 0, "c": 1}},
            }
        },
        lambda q: q.HasField("relevance_feedback"),
    ),
    *(
        query(text, refused(400, "Expected some form of vector, id, or a type of query"))
        for text in ('"abc"', "{}", "true", '{"what":1}')
    ),
    query({"discover": {"target": 1}}, status(400)),
    query({"rrf": {"weights": []}}, refused(400, "RRF weights length (0) does not match number of prefetches")),
    query(
        {"recommend": {}}, refused(422, "internal.query.recommend.positives, negatives: Validation error: At least one")
    ),
    query(
        {"formula": {"key": "a"}},
        refused(422, "internal.query.__all__: Validation error: At least one field condition"),
    ),
    query(
        {"nearest": 1, "mmr": {"diversity": 1.5}}, refused(422, "diversity: value 1.5 invalid, must be from 0.0 to 1.0")
    ),
    query(
        {"nearest": 1, "mmr": {"candidates_limit": 16385}},
        refused(422, "value 16385 invalid, must be 16384 or smaller"),
    ),
    query({"text": "a", "model": ""}, refused(422, 'value "" invalid, must be at least 1 characters')),
]


def searched(body: Any, wanted: Wanted, route: str = "query") -> Any:
    return post("search", f"{POINTS}/{route}", body, wanted)


SEARCHES = [
    searched(
        {"prefetch": {"query": 1, "limit": 0}, "query": {"fusion": "dbsf"}},
        says(422, INVALID + "[internal.prefetch[0].limit: value 0 invalid, must be 1 or larger]"),
    ),
    searched(
        {"query": 1, "params": {"hnsw_ef": 0}},
        refused(422, "internal.params.hnsw_ef: value 0 invalid, must be 1 or larger"),
    ),
    searched({"query": 1, "params": {"exact": None}}, refused(400, "invalid type: null, expected a boolean")),
    searched(
        {"query": 1, "params": {"quantization": {"oversampling": 0.5}}},
        refused(422, "value 0.5 invalid, must be 1.0 or larger"),
    ),
    searched({"query": 1, "params": {"idf": "global"}}, sends(lambda m: m.params.HasField("idf"))),
    searched(
        {"query": 1, "params": {"idf": {"corpus": {"must": [{"key": "a"}]}}}},
        refused(422, "internal.params.idf.must[0].__all__"),
    ),
    searched({"query": 1, "top": 3}, sends(lambda m: not m.HasField("limit"))),
    searched(
        {"searches": [{"query": 1, "limit": 0}]},
        refused(422, "[searches[0].internal.limit: value 0 invalid"),
        "query/batch",
    ),
    searched(
        {"query": 1, "group_by": "a", "with_vectors": True},
        sends(lambda m: not m.HasField("with_vectors")),
        "query/groups",
    ),
    searched(
        {"query": 1, "group_by": "a", "limit": 0},
        refused(422, "search_group_request.group_request.limit: value 0"),
        "query/groups",
    ),
    searched(
        {"query": 1, "group_by": "a", "with_lookup": "x"},
        sends(lambda m: m.with_lookup.collection == "x" and not m.with_lookup.HasField("with_payload")),
        "query/groups",
    ),
    searched(
        {"query": 1, "group_by": "a", "with_lookup": {"collection": "x", "with_payload": None}},
        sends(
            lambda m: (
                m.with_lookup.with_payload.WhichOneof("selector_options") == "enable"
                and not m.with_lookup.with_payload.enable
            )
        ),
        "query/groups",
    ),
    searched(
        {"vector": {"name": "s", "vector": {"indices": [1], "values": [2]}}, "top": 3},
        sends(lambda m: m.vector_name == "s" and list(m.sparse_indices.data) == [1] and m.limit == 3),
        "search",
    ),
    searched({"vector": [1], "limit": 0}, refused(422, "search_request.limit: value 0 invalid"), "search"),
    searched({"vector": [1]}, refused(400, "missing field `limit`"), "search"),
    searched({"positive": None, "limit": 1}, status(400), "recommend"),
    searched(
        {"positive": [1, [1, 2], {"indices": [1], "values": [1]}], "limit": 1},
        sends(lambda m: len(m.positive) == 1 and len(m.positive_vectors) == 2),
        "recommend",
    ),
]

PARAMETERS = [
    *(
        post(
            "write",
            f"{POINTS}/delete?{text}",
            {"points": [1]},
            refused(400, "Deserialize error in query parameters: ", part),
        )
        for text, part in [
            ("wait=1", "provided string was not `true` or `false`"),
            ("wait=", "provided string was not `true` or `false`"),
            ("ordering=Weak", "unknown variant `Weak`, expected one of `weak`, `medium`, `strong`"),
            ("timeout=-1", "std::time::Duration cannot be negative"),
            ("wait=true&wait=true", "duplicate field `wait`"),
            ("timeout=x", "invalid digit found in string"),
            ("timeout=", "cannot parse integer from empty string"),
            ("timeout=99999999999999999999", "number too large to fit in target type"),
        ]
    ),
    post(
        "write",
        f"{POINTS}/delete?timeout=0&%77ait=true&zz=1",
        {"points": [1]},
        sends(lambda m: m.wait and m.HasField("timeout")),
    ),
    *(
        post("read", f"{POINTS}/count?{text}", {}, refused(400, "Deserialize error in query parameters: ", part))
        for text, part in [
            ("consistency=0", "failed to deserialize read consistency query parameter value '0'"),
            ("consistency=%ff", "query parameter value '\N{REPLACEMENT CHARACTER}'"),
            ("timeout=0", "invalid value: integer `0`, expected a nonzero u64"),
        ]
    ),
    post(
        "read", f"{POINTS}/count?consistency=all", {}, sends(lambda m: m.read_consistency.WhichOneof("value") == "type")
    ),
    post("read", f"{POINTS}/count?consistency=3", {}, sends(lambda m: m.read_consistency.factor == 3)),
    post("read", f"{POINTS}/count?consistency=", {}, sends(lambda m: not m.HasField("read_consistency"))),
    post("read", f"{POINTS}/count?consistency", {}, sends(lambda m: not m.HasField("read_consistency"))),
    bare(
        "collection",
        "DELETE",
        "/collections/c?timeout=0",
        says(422, "Validation error in query parameters: [timeout: value 0 invalid, must be 1 or larger]"),
    ),
]

BODIES = [
    scroll("", says(400, "Format error in JSON body: EOF while parsing a value at line 1 column 0")),
    scroll(" ", refused(400, "EOF while parsing a value at line 1 column 1")),
    scroll("{} x", refused(400, "trailing characters at line 1 column 4")),
    scroll('{"limit":1,}', refused(400, "trailing comma at line 1 column 12")),
    scroll("{'limit':1}", refused(400, "key must be a string at line 1 column 2")),
    scroll(b"\xef\xbb\xbf{}", refused(400, "expected value at line 1 column 1")),
    scroll(b'{"limit\xff":1}', status(400)),
    query("[NaN]", refused(400, "expected value")),
    bare("no route", "GET", "/nothing", lambda o: o.status == 404 and not o.text),
    bare("no route", "GET", "/locks", lambda o: o.status == 404 and not o.text),
    bare("slashes", "GET", "//collections///c//", accepted),
    bare("escaped", "GET", "/%63ollections", accepted),
]

CASES = [*READS, *QUERIES, *SEARCHES, *PARAMETERS, *BODIES]
