"""Filters: conditions, matches, ranges, times and places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .case import POINTS, Wanted, accepted, post, refused, sends, status


def filtered(text: Any, wanted: Wanted) -> Any:
    return post("filter", f"{POINTS}/scroll", {"filter": text}, wanted)


def must(condition: Any, wanted: Wanted) -> Any:
    return filtered({"must": [condition]}, wanted)


def condition(holds: Callable[[Any], bool]) -> Wanted:
    return sends(lambda m: holds(m.filter.must[0]))


CONDITIONS = [
    filtered({"must": {"key": "a", "match": {"value": 1}}}, condition(lambda c: c.field.match.integer == 1)),
    filtered({"must": None, "should": []}, accepted),
    filtered(
        {"musty": []}, refused(400, "unknown field `musty`, expected one of `should`, `min_should`, `must`, `must_not`")
    ),
    filtered(
        {"min_should": {"conditions": [{"has_id": [1]}], "min_count": 0}},
        refused(422, "scroll_request.filter.min_should.min_count: min_count must be greater than 0"),
    ),
    filtered({"min_should": {"conditions": {"has_id": [1]}, "min_count": 1}}, status(400)),
    must({}, condition(lambda c: c.HasField("filter"))),
    # The first form that is found counts, whatever else is there.
    must({"is_empty": {"key": "a"}, "must": [{"bad": 1}]}, condition(lambda c: c.is_empty.key == "a")),
    must({"key": 1}, refused(400, "Filter condition 'key' must be a string")),
    must(
        {"key": "a"},
        refused(
            422,
            "scroll_request.filter.must[0].__all__: ",
            "Validation error: At least one field condition must be specified [{}]",
        ),
    ),
    must({"key": "a", "match": {"value": 1}, "foo": 1}, accepted),
    must({"foo": 1}, refused(400, "Expected some form of condition, which can be a field condition")),
    must({"has_id": []}, condition(lambda c: c.HasField("has_id"))),
    must({"has_vector": ""}, condition(lambda c: c.HasField("has_vector"))),
    must({"slice": {"total": 2, "index": 2}}, status(422)),
    must({"slice": {"total": 0, "index": 0}}, status(400)),
    must(
        {"nested": {"key": "a", "filter": {"must": {"key": "b", "match": {"value": True}}}}},
        condition(lambda c: c.nested.filter.must[0].field.match.boolean is True),
    ),
    must(
        {"key": "a", "match": {"value": 1}, "range": {"gt": 1}},
        condition(lambda c: c.field.HasField("match") and c.field.HasField("range")),
    ),
    must({"key": "a", "is_empty": False}, condition(lambda c: c.field.HasField("is_empty") and not c.field.is_empty)),
    must({"key": "a", "values_count": {"gt": -1}}, refused(400, "Invalid value integer `-1`. Expected usize")),
]


def match(text: Any, kind: str) -> Any:
    return must({"key": "a", "match": text}, condition(lambda c: c.field.match.WhichOneof("match_value") == kind))


MATCHES = [
    *(
        match({"value": text}, kind)
        for text, kind in [("s", "keyword"), (1, "integer"), (-(2**63), "integer"), (True, "boolean")]
    ),
    *(match({kind: "x"}, kind) for kind in ("text", "text_any", "phrase", "prefix")),
    *(match({"any": items}, kind) for items, kind in [(["a"], "keywords"), ([1], "integers"), ([], "keywords")]),
    *(
        match({"except": items}, kind)
        for items, kind in [(["a"], "except_keywords"), ([1], "except_integers"), ([], "except_keywords")]
    ),
    match([1], "integer"),
    *(
        must(
            {"key": "a", "match": text}, refused(400, "data did not match any variant of untagged enum MatchInterface")
        )
        for text in (
            {"value": 1.0},
            {"value": 2**63},
            {"value": None},
            {"any": ["a", 1]},
            {"any": [1.5]},
            {"any": [True]},
            {"any": None},
            {},
            {"foo": 1},
        )
    ),
]


def within(bounds: Any, wanted: Wanted) -> Any:
    return must({"key": "a", "range": bounds}, wanted)


def instant(text: str, seconds: int, nanos: int = 0) -> Any:
    def holds(found: Any) -> bool:
        time = found.field.datetime_range.gte
        return (time.seconds, time.nanos) == (seconds, nanos)

    return within({"gte": text}, condition(holds))


RANGES = [
    within({"gt": 1}, condition(lambda c: c.field.range.gt == 1)),
    within({"gt": None, "lt": 2}, condition(lambda c: c.field.range.lt == 2)),
    within({}, condition(lambda c: c.field.HasField("range"))),
    within({"gt": "2024-01-01", "lt": 5}, status(400)),
    # Seconds as Python's datetime has them.
    instant("2024-01-02T03:04:05Z", 1704164645),
    instant("2024-01-02t03:04:05z", 1704164645),
    instant("  2024-01-02T03:04:05Z", 1704164645),
    instant("2024-01-02T03:04:05 UTC", 1704164645),
    instant("2024-01-02 03:04:05.5+01:00", 1704161045, 500_000_000),
    instant("2024-01-02T03:04:05+0130", 1704159245),
    instant("2024-01-02 03:04:05 +01", 1704161045),
    instant("2024-01-02T03:04", 1704164640),
    instant("2024-01-02T03:04:60Z", 1704164700),
    instant("2024-1-2", 1704153600),
    instant("1969-12-31T23:59:59.5Z", -1, 500_000_000),
    *(
        within(
            {"gte": text},
            refused(400, "does not match accepted datetime format (RFC3339). Example: 2014-01-01T00:00:00Z"),
        )
        for text in (
            "",
            "x",
            "2024-01-02T03",
            "20240102",
            "2024-01-02T03:04Z",
            "2024-01-02T24:00:00Z",
            "2024-01-02T03:04:05,5Z",
            "Tue, 2 Jan 2024 03:04:05 GMT",
            "12024-01-01",
            "2024-13-01",
            "2023-02-29",
        )
    ),
]


def place(clause: Any, wanted: Wanted) -> Any:
    return must({"key": "a", **clause}, wanted)


def ring(*points: tuple[float, float]) -> Any:
    return {"geo_polygon": {"exterior": {"points": [{"lon": lon, "lat": lat} for lon, lat in points]}}}


def circle(center: Any, radius: float = 1) -> Any:
    return {"geo_radius": {"center": center, "radius": radius}}


PLACES = [
    place(circle({"lon": 1, "lat": 2}, 1000.1), condition(lambda c: abs(c.field.geo_radius.radius - 1000.1) < 1e-3)),
    place(circle({"lon": 1, "lat": 2}, -1), accepted),
    place(
        circle({"lon": 1, "lat": 91}),
        refused(
            400, "Wrong format of GeoPoint payload: expected `lat` = 91 within [-90;90] and `lon` = 1 within [-180;180]"
        ),
    ),
    place(circle({"lon": 1}), refused(400, "Missing field lat")),
    place(
        ring((0, 0), (1, 1), (0, 0)),
        refused(400, "Validation failed: polygon invalid, the size must be at least 4, got 3"),
    ),
    place(
        ring((0, 0), (1, 1), (2, 0), (0, 1)),
        refused(400, "the first and the last points should be the same to form a closed line"),
    ),
    place(ring((0, 0), (1, 1), (2, 0), (0, 0)), accepted),
]

CASES = [*CONDITIONS, *MATCHES, *RANGES, *PLACES]
