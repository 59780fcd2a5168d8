"""Objects as a search tells them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from .faults import unknown_property
from .store import Collection, Object, Store
from .values import tell
from .vectors import certainty, is_multi, pack


@dataclass
class Hit:
    """What a search knows of an object beside the object."""

    object: Object
    distance: float | None = None
    score: float | None = None
    is_cosine: bool = False
    explained: str = ""


def tell_hit(store: Store, collection: Collection, hit: Hit, request: Any, out: Any) -> None:
    """Fills a SearchResult."""
    out.metadata.SetInParent()
    tell_metadata(collection, hit, request.metadata, out.metadata)
    wanted = request.properties if request.HasField("properties") else None
    tell_properties(store, collection, hit.object, wanted, request.tenant, out.properties)


def tell_properties(store: Store, collection: Collection, one: Object, wanted: Any, tenant: str, out: Any) -> None:
    out.target_collection = collection.name
    for name, chosen in selected(collection, one, wanted).items():
        prop = collection.properties[name]
        value = one.properties.get(name)
        if chosen is not None and value is not None:
            value = [_pruned(item, chosen) for item in value] if prop.is_list else _pruned(value, chosen)
        tell(prop, value, out.non_ref_props.fields[name])
    if wanted is None:
        return
    for ref in wanted.ref_properties:
        out.ref_props_requested = True
        _tell_reference(store, collection, one, ref, tenant, out)


def selected(collection: Collection, one: Object, wanted: Any) -> dict[str, Any]:
    """Properties to tell, with which parts of an object, None all. Those asked for by name are told as null, too."""
    if wanted is None or wanted.return_all_nonref_properties:
        plain = (prop for prop in collection.properties.values() if not prop.is_reference and prop.type != "blob")
        return {prop.name: None for prop in plain if one.properties.get(prop.name) is not None}
    result: dict[str, Any] = {}
    for name in wanted.non_ref_properties:
        result[_name(collection, name)] = None
    for part in wanted.object_properties:
        result[_name(collection, part.prop_name)] = part
    return result


def _name(collection: Collection, name: str) -> str:
    prop = collection.property(name)
    if prop is None:
        raise unknown_property(name, collection.name)
    return prop.name


def _pruned(value: dict[str, Any], part: Any) -> dict[str, Any]:
    result = {name: value[name] for name in part.primitive_properties if name in value}
    for inner in part.object_properties:
        if inner.prop_name in value:
            item = value[inner.prop_name]
            result[inner.prop_name] = [_pruned(x, inner) for x in item] if isinstance(item, list) else _pruned(item, inner)
    return result


def _tell_reference(store: Store, collection: Collection, one: Object, wanted: Any, tenant: str, out: Any) -> None:
    prop = collection.property(wanted.reference_property)
    if prop is None or not prop.is_reference:
        raise unknown_property(wanted.reference_property, collection.name)
    towards = wanted.target_collection or prop.targets[0]
    found = [store.target(ref, tenant) for ref in one.properties.get(prop.name) or [] if ref.collection == towards]
    if not any(found):
        return
    told = out.ref_props.add(prop_name=prop.name)
    for target, item in filter(None, found):
        part = told.properties.add()
        properties = wanted.properties if wanted.HasField("properties") else None
        tell_properties(store, target, item, properties, tenant, part)
        if wanted.HasField("metadata"):
            part.metadata.SetInParent()
            tell_metadata(target, Hit(item), wanted.metadata, part.metadata)


def tell_metadata(collection: Collection, hit: Hit, wanted: Any, out: Any) -> None:
    one = hit.object
    if wanted.uuid:
        out.id, out.id_as_bytes = one.id, uuid.UUID(one.id).bytes
    if wanted.creation_time_unix:
        out.creation_time_unix, out.creation_time_unix_present = one.created, True
    if wanted.last_update_time_unix:
        out.last_update_time_unix, out.last_update_time_unix_present = one.updated, True
    if wanted.distance and hit.distance is not None:
        out.distance, out.distance_present = hit.distance, True
    if wanted.certainty and hit.distance is not None and hit.is_cosine:
        out.certainty, out.certainty_present = certainty(hit.distance), True
    if wanted.score:
        out.score, out.score_present = hit.score or 0.0, True
    if wanted.explain_score:
        out.explain_score, out.explain_score_present = hit.explained, True
    if wanted.is_consistent and collection.definition["replicationConfig"]["factor"] > 1:
        out.is_consistent, out.is_consistent_present = True, True
    if wanted.vector and "" in one.vectors and not is_multi(one.vectors[""]):
        out.vector.extend(one.vectors[""])
        out.vector_bytes, _ = pack(one.vectors[""])
    names = list(wanted.vectors) or (collection.vector_names if wanted.vector else [])
    for name in names:
        if name in one.vectors:
            packed, kind = pack(one.vectors[name])
            out.vectors.add(name=name, vector_bytes=packed, type=kind)
