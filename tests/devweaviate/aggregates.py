"""Aggregate: counts and statistics of collections and of groups in them."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from .definitions import Property
from .faults import Fault, unknown_property
from .messages import message
from .ranking import MEDIA
from .search import allowed_objects, ranked
from .store import Collection, Object, Shard, Store
from .values import instant

SEARCHES = {"hybrid": "hybrid_search", "near_vector": "near_vector", "near_object": "near_object"} | {m: m for m in MEDIA}


def aggregate(store: Store, request: Any) -> Any:
    collection = store.get(request.collection)
    try:
        shard = collection.shard(request.tenant)
    except Fault as fault:
        raise fault.within("aggregate") from None
    objects = _objects(store, collection, shard, request)
    reply = message("AggregateReply")()
    if not request.HasField("group_by"):
        reply.single_result.SetInParent()
        _fill(collection, shard, objects, request, reply.single_result)
        # The count is there as soon as anything is asked of single properties.
        reply.single_result.objects_count = len(objects) if request.objects_count else 0
        return reply
    prop = collection.property(request.group_by.property)
    if prop is None:
        return reply
    if prop.type == "geoCoordinates":
        raise Fault("prepare reply: groupedBy: unrecognized grouped by value type: *models.GeoCoordinates")
    groups: dict[Any, list[Object]] = {}
    for one in objects:
        value = one.properties.get(prop.name)
        for item in [] if value is None else value if prop.is_list or prop.is_reference else [value]:
            groups.setdefault(item, []).append(one)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    reply.grouped_results.SetInParent()
    for value, members in ordered[: request.limit or None]:
        out = reply.grouped_results.groups.add()
        _fill(collection, shard, members, request, out)
        if request.objects_count:
            out.objects_count = len(members)
        out.grouped_by.path.append(prop.name)
        _tell_value(prop, value, out.grouped_by)
    return reply


def _objects(store: Store, collection: Collection, shard: Shard, request: Any) -> list[Object]:
    allowed = allowed_objects(store, collection, shard, request, "aggregate")
    kind = request.WhichOneof("search")
    if kind is None:
        return allowed
    search = getattr(request, kind)
    bounded = request.HasField("object_limit") or kind == "hybrid"
    if not bounded and not search.HasField("distance") and not search.HasField("certainty"):
        raise Fault("aggregate: must provide certainty or objectLimit with vector search")
    hits = ranked(collection, shard, allowed, SEARCHES[kind], search)
    if request.HasField("object_limit") and kind == "hybrid":
        # Each of the two searches is limited, not what comes of both.
        hits = _hybrid_limited(collection, shard, allowed, search, request.object_limit)
    elif request.HasField("object_limit"):
        hits = hits[: request.object_limit]
    return [hit.object for hit in hits]


def _hybrid_limited(collection: Collection, shard: Shard, allowed: list[Object], search: Any, limit: int) -> list[Any]:
    words, nears = type(search)(), type(search)()
    words.CopyFrom(search)
    nears.CopyFrom(search)
    words.alpha_param, nears.alpha_param = 0.0, 1.0
    parts = [ranked(collection, shard, allowed, "hybrid_search", one)[:limit] for one in (words, nears)]
    return list({hit.object.id: hit for part in parts for hit in part}.values())


def _tell_value(prop: Property, value: Any, out: Any) -> None:
    if prop.is_reference:
        out.text = f"weaviate://localhost/{value.collection}/{value.id}"
    elif isinstance(value, bool):
        out.boolean = value
    elif isinstance(value, (int, float)):
        out.number = value
    else:
        out.text = value


def _fill(collection: Collection, shard: Shard, objects: list[Object], request: Any, out: Any) -> None:
    for wanted in request.aggregations:
        prop = collection.property(wanted.property)
        if prop is None:
            raise unknown_property(wanted.property, collection.name)
        told = out.aggregations.aggregations.add(property=prop.name)
        if prop.is_reference:
            told.reference.SetInParent()
            told.reference.type = "cref"
            told.reference.pointing_to.extend(prop.targets)
            continue
        values = [one.properties[prop.name] for one in objects if one.properties.get(prop.name) is not None]
        flat = [item for value in values for item in (value if prop.is_list else [value])]
        flags = getattr(wanted, wanted.WhichOneof("aggregation"))
        kind = "int" if prop.element == "int" else "text" if prop.element == "string" else prop.element
        if kind not in ("int", "number", "text", "boolean", "date"):
            raise Fault(
                f"aggregate: shard {shard.name}: aggregate properties: property {prop.name}: unrecoginzed dataType {prop.type}"
            )
        result = getattr(told, kind)
        result.type = prop.type if flags.type else ""
        KINDS[kind](flat, flags, result)


def _numbers(values: list[Any], flags: Any, out: Any) -> None:
    if flags.count:
        out.count = len(values)
    if not values:
        return
    made = {
        "sum": lambda: sum(values),
        "mean": lambda: sum(values) / len(values),
        "median": lambda: statistics.median(values),
        "mode": lambda: _mode(values),
        "maximum": lambda: max(values),
        "minimum": lambda: min(values),
    }
    for name, make in made.items():
        if getattr(flags, name):
            setattr(out, name, make())


def _mode(values: list[Any]) -> Any:
    counts = Counter(values)
    return min(counts, key=lambda one: (-counts[one], one))


def _dates(values: list[str], flags: Any, out: Any) -> None:
    # Counted whether asked or not.
    if flags.count:
        out.count = len(values)
    ordered = sorted(values, key=instant)
    if not ordered:
        return
    if flags.minimum:
        out.minimum = ordered[0]
    if flags.maximum:
        out.maximum = ordered[-1]
    if flags.mode:
        out.mode = _mode(ordered)
    if flags.median:
        middle = datetime.fromtimestamp(statistics.median(map(instant, ordered)), UTC)
        out.median = middle.isoformat().replace("+00:00", "Z")


def _texts(values: list[str], flags: Any, out: Any) -> None:
    # What is counted comes whether asked or not.
    out.count = len(values)
    counts = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    for value, occurs in counts[: flags.top_occurences_limit or 5]:
        out.top_occurences.items.add(value=value, occurs=occurs)


def _booleans(values: list[bool], flags: Any, out: Any) -> None:
    out.count, out.total_true = len(values), sum(values)
    out.total_false = len(values) - out.total_true
    if values:
        out.percentage_true, out.percentage_false = out.total_true / len(values), out.total_false / len(values)


KINDS = {"int": _numbers, "number": _numbers, "date": _dates, "text": _texts, "boolean": _booleans}
