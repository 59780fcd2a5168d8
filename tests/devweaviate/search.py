"""Search: a request to its reply."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from .faults import Fault, unknown_property
from .filters import InIndex, compiled
from .messages import message
from .ranking import MEDIA, hybrid, keyword, near, no_vectorizer
from .results import Hit, selected, tell_hit
from .store import Collection, Object, Shard, Store
from .values import instant

MAXIMUM, DEFAULT_LIMIT = 10_000, 10
SEARCHES = ("hybrid_search", "bm25_search", "near_vector", "near_object", *MEDIA)
START = "00000000-0000-0000-0000-000000000000"


def search(store: Store, request: Any) -> Any:
    collection = store.get(request.collection)
    kinds = [kind for kind in SEARCHES if request.HasField(kind)]
    _check(store, collection, request, kinds)
    where = "explorer: get class: vector search" if kinds else "explorer: list class: search"
    shard = _shard(collection, request.tenant, where)
    hits = _hits(store, collection, shard, request, kinds)
    reply = message("SearchReply")(generative_grouped_result="")
    limit = request.limit or DEFAULT_LIMIT
    if request.autocut:
        hits = _cut(hits, request.autocut)
    page = hits[request.offset : request.offset + limit]
    if request.HasField("group_by"):
        _group(store, collection, page, request, reply)
        return reply
    for hit in page:
        tell_hit(store, collection, hit, request, reply.results.add())
    return reply


def _check(store: Store, collection: Collection, request: Any, kinds: list[str]) -> None:
    if len(kinds) > 1:
        raise Fault("conflict: both near<Media> and keyword-based (bm25) arguments present, choose one")
    for field in ("generative", "rerank", "boost"):
        if request.HasField(field):
            raise Fault(f"{field}: no such module here")
    if kinds and request.sort_by:
        raise Fault("sorting cannot be combined with search")
    for position, sort in enumerate(request.sort_by):
        name = sort.path[0] if sort.path else ""
        if name not in ("_id", "id", "_creationTimeUnix", "_lastUpdateTimeUnix") and collection.property(name) is None:
            raise unknown_property(name, collection.name).within(f"invalid 'sort' parameter: sort parameter at position {position}")
    if request.after:
        if request.HasField("filters"):
            raise Fault("cursor api: invalid 'after' parameter: where cannot be set with after and limit parameters")
        if request.offset:
            raise Fault("cursor api: invalid 'after' parameter: offset cannot be set with after and limit parameters")
    limit = request.limit or DEFAULT_LIMIT
    if request.offset + limit > MAXIMUM:
        raise Fault(
            "explorer: list class: search: invalid pagination params: query maximum results exceeded: the total limit "
            f"calculated from the provided offset '{request.offset}' and limit '{limit}' exceeds the configured value for "
            f"QUERY_MAXIMUM_RESULTS '{MAXIMUM}'. If you've supplied a negative offset or limit, this may be an underflow error"
        )
    if request.HasField("group_by"):
        if not kinds:
            raise Fault("group is not present map[]")
        for name in request.group_by.path:
            if collection.property(name) is None:
                raise unknown_property(name, collection.name)
    # What is asked of an object is judged even where there is none.
    if request.HasField("properties"):
        selected(collection, Object("", {}, {}), request.properties)


def _shard(collection: Collection, tenant: str, where: str) -> Shard:
    try:
        return collection.shard(tenant)
    except Fault as fault:
        raise fault.within(f"{where}: object search at index {collection.name.lower()}") from None


def allowed_objects(store: Store, collection: Collection, shard: Shard, request: Any, where: str) -> list[Object]:
    objects = list(shard.objects.values())
    if not request.HasField("filters"):
        return objects
    try:
        test = compiled(store, collection, request.filters, request.tenant)
        return [one for one in objects if test(one)]
    except InIndex as reason:
        index = collection.name.lower()
        raise Fault(
            f"{where}: object search at index {index}: local shard object search {index}_{shard.name}: {reason}"
        ) from None


def _hits(store: Store, collection: Collection, shard: Shard, request: Any, kinds: list[str]) -> list[Hit]:
    allowed = allowed_objects(store, collection, shard, request, "explorer: list class: search")
    if not kinds:
        return [Hit(one) for one in _listed(collection, allowed, request)]
    return ranked(collection, shard, allowed, kinds[0], getattr(request, kinds[0]))


def ranked(collection: Collection, shard: Shard, allowed: list[Object], kind: str, search: Any) -> list[Hit]:
    if kind in MEDIA:
        raise no_vectorizer(collection)
    if kind in ("near_vector", "near_object"):
        return near(collection, shard, allowed, kind, search)
    return (keyword if kind == "bm25_search" else hybrid)(collection, shard, allowed, search)


def _listed(collection: Collection, objects: list[Object], request: Any) -> list[Object]:
    if request.after:
        after = "" if request.after == START else request.after
        return [one for one in sorted(objects, key=lambda one: one.id) if one.id > after]
    for sort in reversed(request.sort_by):
        objects = sorted(objects, key=cmp_to_key(_order(collection, sort.path[0], sort.ascending)))
    return objects


def _order(collection: Collection, name: str, ascending: bool) -> Any:
    prop = collection.property(name)

    def value(one: Object) -> Any:
        if prop is None:
            return {"_creationTimeUnix": one.created, "_lastUpdateTimeUnix": one.updated}.get(name, one.id)
        found = one.properties.get(prop.name)
        if found is None or prop.element != "date":
            return found
        return [instant(item) for item in found] if prop.is_list else instant(found)

    def compare(left: Object, right: Object) -> int:
        ours, theirs = value(left), value(right)
        if ours is None or theirs is None:
            result = (ours is not None) - (theirs is not None)
        else:
            result = (ours > theirs) - (ours < theirs)
        return result if ascending else -result

    return compare


def _cut(hits: list[Hit], jumps: int) -> list[Hit]:
    """Ends before the given jump in scores, as far as the scores jump at all."""
    values = [hit.score if hit.score is not None else hit.distance for hit in hits]
    if len(values) < 3 or values[0] == values[-1]:
        return hits
    steps = [
        abs(one - values[0]) / abs(values[-1] - values[0]) - index / (len(values) - 1) for index, one in enumerate(values)
    ]
    for index in range(1, len(steps)):
        before = steps[index - 1]
        is_peak = steps[index] > before and (index + 1 == len(steps) or steps[index] > steps[index + 1])
        if is_peak:
            jumps -= 1
            if not jumps:
                return hits[:index]
    return hits


def _group(store: Store, collection: Collection, hits: list[Hit], request: Any, reply: Any) -> None:
    wanted = request.group_by
    prop = collection.property(wanted.path[0])
    groups: dict[str, list[Hit]] = {}
    if request.HasField("bm25_search"):
        return  # the server groups only what has a distance
    for hit in hits:
        for name in _group_names(prop, hit.object.properties.get(prop.name)):
            if name in groups or len(groups) < wanted.number_of_groups:
                members = groups.setdefault(name, [])
                if len(members) < wanted.objects_per_group:
                    members.append(hit)
    # The property itself is told, too.
    told = type(request)()
    told.CopyFrom(request)
    if not prop.is_reference and prop.name not in told.properties.non_ref_properties:
        told.properties.non_ref_properties.append(prop.name)
    for name, members in groups.items():
        far = [hit.distance or 0.0 for hit in members]
        out = reply.group_by_results.add(
            name=name, number_of_objects=len(members), min_distance=min(far), max_distance=max(far)
        )
        for hit in members:
            tell_hit(store, collection, hit, told, out.objects.add())


def _group_names(prop: Any, value: Any) -> list[str]:
    if value is None:
        return [""]
    if prop.is_reference:
        return [f"weaviate://localhost/{ref.collection}/{ref.id}" for ref in value]
    return [_name(item) for item in (value if prop.is_list else [value])]


def _name(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")
