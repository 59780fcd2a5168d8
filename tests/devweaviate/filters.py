"""Which objects a filter lets through."""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Callable
from typing import Any

from .definitions import Property
from .faults import Fault, unknown_property
from .messages import enum
from .store import Collection, Object, Store
from .text import STOPWORDS, tokens, words
from .values import UUID, instant

Test = Callable[[Object], bool]
NESTED = (
    "filtering on nested properties is a preview feature, disabled by default; set WEAVIATE_PREVIEW_NESTED_FILTERING=true to "
    "enable"
)
TIMES = {"_creationTimeUnix": "created", "_lastUpdateTimeUnix": "updated"}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": lambda left, right: left == right,
    "NOT_EQUAL": lambda left, right: left != right,
    "GREATER_THAN": lambda left, right: left > right,
    "GREATER_THAN_EQUAL": lambda left, right: left >= right,
    "LESS_THAN": lambda left, right: left < right,
    "LESS_THAN_EQUAL": lambda left, right: left <= right,
}
EARTH = 6_371_008.8  # metres


class InIndex(Exception):
    """A failure that only the search itself finds: the caller says where it was."""


def compiled(store: Store, collection: Collection, filters: Any, tenant: str) -> Test:
    """Raises Fault for what is wrong with the filter itself, InIndex for what its values are no good for."""
    operator = enum("Filters.Operator")[filters.operator].name.removeprefix("OPERATOR_")
    if operator in ("AND", "OR", "NOT"):
        parts = [compiled(store, collection, one, tenant) for one in filters.filters]
        if operator == "NOT":
            return lambda one: not parts[0](one)
        combine = all if operator == "AND" else any
        return lambda one: combine(part(one) for part in parts)
    kind = filters.WhichOneof("test_value")
    value = getattr(filters, kind) if kind else None
    if hasattr(value, "values"):
        value = list(value.values)
    return _of_target(store, collection, filters.target, operator, kind, value, tenant)


def _of_target(
    store: Store, collection: Collection, target: Any, operator: str, kind: str | None, value: Any, tenant: str
) -> Test:
    which = target.WhichOneof("target")
    if which == "property":
        return _of_property(collection, target.property, operator, kind, value)
    if which == "count":
        return _of_property(collection, target.count.on, operator, kind, value)
    path = getattr(target, which)
    prop = _known(collection, path.on)
    towards = path.target_collection if which == "multi_target" else prop.targets[0]
    inner = _of_target(store, store.get(towards), path.target, operator, kind, value, tenant)

    def through(one: Object) -> bool:
        found = (store.target(ref, tenant) for ref in one.properties.get(prop.name) or [] if ref.collection == towards)
        return any(inner(item[1]) for item in found if item)

    return through


def _known(collection: Collection, name: str) -> Property:
    prop = collection.property(name)
    if prop is None:
        raise unknown_property(name, collection.name)
    return prop


def _of_property(collection: Collection, name: str, operator: str, kind: str | None, value: Any) -> Test:
    if name in ("_id", "id"):
        return _of_id(operator, value)
    if name in TIMES:
        if not collection.indexes("indexTimestamps"):
            raise InIndex(
                "resolve doc ids for prop/value pair: Timestamps must be indexed to be filterable! Add `IndexTimestamps: true` "
                f"to the InvertedIndexConfig in {collection.name}"
            )
        compare, bound = COMPARISONS[operator], _time(value)
        return lambda one: compare(getattr(one, TIMES[name]) / 1000, bound)
    if counted := re.fullmatch(r"len\((.+)\)", name):
        prop, compare = _known(collection, counted[1]), COMPARISONS[operator]
        return lambda one: compare(len(one.properties.get(prop.name) or ()), value)
    prop = _known(collection, name)
    if operator == "IS_NULL":
        if not collection.indexes("indexNullState"):
            raise InIndex(
                "resolve doc ids for prop/value pair: Nullstate must be indexed to be filterable! Add `indexNullState: true` "
                "to the invertedIndexConfig"
            )
        return lambda one: (one.properties.get(prop.name) in (None, [])) == value
    if prop.is_reference:
        compare = COMPARISONS[operator]
        return lambda one: compare(len(one.properties.get(prop.name) or ()), value)
    if prop.element == "object":
        raise Fault(NESTED)
    if operator == "WITHIN_GEO_RANGE":
        return lambda one: _metres(one.properties.get(prop.name), value) <= value.distance
    if operator.startswith("CONTAINS"):
        if prop.element in ("text", "string") and not value:
            raise InIndex(
                "invalid search term, only stopwords provided. Stopwords can be configured in "
                "class.invertedIndexConfig.stopwords"
            )
        parts = [_of_value(prop, "EQUAL", kind.removesuffix("_array") if kind else None, item) for item in value]
        if operator == "CONTAINS_NONE":
            return lambda one: not any(part(one) for part in parts)
        combine = all if operator == "CONTAINS_ALL" else any
        return lambda one: combine(part(one) for part in parts)
    return _of_value(prop, operator, kind, value)


def _of_id(operator: str, value: Any) -> Test:
    if operator == "LIKE":
        return lambda one: fnmatch.fnmatchcase(one.id, value)
    if operator.startswith("CONTAINS"):
        combine = all if operator == "CONTAINS_ALL" else any
        inside = [_of_id("EQUAL", item) for item in value]
        return lambda one: combine(part(one) for part in inside) != (operator == "CONTAINS_NONE")
    compare = COMPARISONS[operator]
    return lambda one: compare(one.id, value)


def _of_value(prop: Property, operator: str, kind: str | None, value: Any) -> Test:
    if prop.element in ("text", "string"):
        return _of_text(prop, operator, kind, value)
    wanted = _coerced(prop, kind, value)
    if operator == "NOT_EQUAL":
        return lambda one: not _some(prop, one, lambda item: item == wanted)
    compare = COMPARISONS[operator]
    return lambda one: _some(prop, one, lambda item: compare(item, wanted))


def _some(prop: Property, one: Object, test: Callable[[Any], bool]) -> bool:
    value = one.properties.get(prop.name)
    if value is None:
        return False
    return any(test(_comparable(prop, item)) for item in (value if prop.is_list else [value]))


def _of_text(prop: Property, operator: str, kind: str | None, value: Any) -> Test:
    if kind != "value_text":
        raise InIndex(f"expected value to be string, got '{(kind or '').removeprefix('value_')}'")
    wanted = tokens(prop.tokenization, value, pattern=operator == "LIKE")
    if prop.tokenization == "word" and operator != "LIKE":
        wanted = [word for word in wanted if word not in STOPWORDS]
    if operator == "LIKE":
        patterns = [re.compile(fnmatch.translate(word)) for word in wanted]
        return lambda one: all(any(map(pattern.match, words(prop, one.properties.get(prop.name)))) for pattern in patterns)
    if operator in ("EQUAL", "NOT_EQUAL"):
        return lambda one: (set(wanted) <= set(words(prop, one.properties.get(prop.name)))) == (operator == "EQUAL")
    compare = COMPARISONS[operator]
    return lambda one: any(compare(word, wanted[0]) for word in words(prop, one.properties.get(prop.name)))


def _coerced(prop: Property, kind: str | None, value: Any) -> Any:
    try:
        if prop.element == "int":
            return int(float(value)) if isinstance(value, (str, float)) else int(value)
        if prop.element == "number":
            return float(value)
        if prop.element == "date":
            return _time(value)
        if prop.element == "uuid":
            return value.lower()
    except ValueError:
        pass
    else:
        return value
    raise InIndex(f"expected value to be {prop.element}, got '{(kind or '').removeprefix('value_')}'")


def _time(value: str) -> float:
    try:
        return instant(value)
    except ValueError:
        raise InIndex(
            f'trying parse time as RFC3339 string: parsing time "{value}" as "2006-01-02T15:04:05Z07:00": cannot parse '
            f'"{value}" as "2006"'
        ) from None


def _comparable(prop: Property, value: Any) -> Any:
    return instant(value) if prop.element == "date" else value


def _metres(value: dict[str, float] | None, centre: Any) -> float:
    if value is None:
        return math.inf
    ours, theirs = math.radians(value["latitude"]), math.radians(centre.latitude)
    across = math.radians(centre.longitude - value["longitude"])
    half = math.sin((theirs - ours) / 2) ** 2 + math.cos(ours) * math.cos(theirs) * math.sin(across / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def valid_id(text: str) -> bool:
    return UUID.fullmatch(text) is not None
