"""Writing: batches of objects and of references, deleting by filter."""

from __future__ import annotations

import uuid
from typing import Any

from google.protobuf import json_format

from .definitions import CLASS_NAME, RESERVED, Property, capital, inferred
from .faults import Fault, Invalid, unknown_class
from .filters import InIndex, compiled, valid_id
from .messages import message
from .store import Collection, Object, Reference, Store
from .values import checked
from .vectors import unpack

MAXIMUM = 10_000


def batch_objects(store: Store, request: Any) -> Any:
    reply = message("BatchObjectsReply")()
    if any(not one.collection for one in request.objects):
        raise Fault("panic occurred: runtime error: index out of range [0] with length 0")
    for index, one in enumerate(request.objects):
        try:
            _write(store, one)
        except (Invalid, Fault) as reason:
            reply.errors.add(index=index, error=str(reason))
    return reply


def _write(store: Store, one: Any) -> None:
    if not valid_id(one.uuid):
        raise Invalid(f"invalid UUID length: {len(one.uuid)}")
    given = json_format.MessageToDict(one.properties.non_ref_properties) if one.HasField("properties") else {}
    vectors = {vector.name: unpack(vector.vector_bytes, vector.type) for vector in one.vectors}
    if one.vector_bytes:
        vectors[""] = unpack(one.vector_bytes)
    put(store, one.collection, one.uuid.lower(), given, vectors, one.tenant)


def put(store: Store, name: str, key: str, given: dict[str, Any], vectors: dict[str, Any], tenant: str) -> Object:
    """Judges an object and keeps it, in place of one of that id."""
    collection = _collection_for_write(store, name)
    shard = collection.shard(tenant)
    for prop, value in given.items():
        if value is None or prop in collection.properties:
            continue
        if prop in RESERVED:
            raise Invalid(f"auto-schema: update collection: '{prop}' is a reserved property name")
        collection.add_property(inferred(prop, value))
    kept = {
        prop: kept_value(store, collection, collection.properties[prop], value, tenant)
        for prop, value in given.items()
        if value is not None
    }
    one = Object(key, kept, _vectors(collection, key, vectors))
    shard.put(one)
    return one


def _collection_for_write(store: Store, name: str) -> Collection:
    found = store.find(name)
    if found is not None:
        return found
    if not CLASS_NAME.fullmatch(capital(name)):
        raise Invalid(f"auto-schema: create collection: '{capital(name)}' is not a valid class name")
    return store.add({"class": name})


def kept_value(store: Store, collection: Collection, prop: Property, value: Any, tenant: str) -> Any:
    if not prop.is_reference:
        return checked(prop, value, collection.name)
    found = []
    for item in value:
        parts = item["beacon"].removeprefix("weaviate://localhost/").split("/")
        reference = Reference(parts[0] if len(parts) == 2 else prop.targets[0], parts[-1])
        if store.target(reference, tenant) is None:
            raise Invalid(f"invalid cref: 'cref' {collection.name}:{prop.name}: no object with id {reference.id} found")
        found.append(reference)
    return found


def _vectors(collection: Collection, key: str, given: dict[str, Any]) -> dict[str, Any]:
    names = collection.vector_names
    if "" in given and names:
        if names != ["default"]:
            raise Invalid(f"collection {collection.name} does not have single vector index")
        given["default"] = given.pop("")
    for name, vector in given.items():
        if name and name not in names:
            raise Invalid(f"collection {collection.name} does not have configuration for vector {name}")
        for shard in collection.shards.values():
            lengths = (_width(one.vectors[name]) for one in shard.objects.values() if name in one.vectors)
            known = next(lengths, None)
            if known is not None and known != _width(vector):
                raise Invalid(
                    f"Validate vector index for {key}: new node has a vector with length {_width(vector)}. Existing nodes "
                    f"have vectors with length {known}: vector dimensions do not match the index dimensions"
                )
    return given


def _width(vector: Any) -> int:
    return len(vector[0]) if vector and isinstance(vector[0], list) else len(vector)


def batch_references(store: Store, request: Any) -> Any:
    reply = message("BatchReferencesReply")()
    for index, one in enumerate(request.references):
        try:
            _append(store, one)
        except (Invalid, Fault) as reason:
            reply.errors.add(index=index, error=str(reason))
    return reply


def _append(store: Store, one: Any) -> None:
    if not valid_id(one.to_uuid):
        raise Invalid(f"invalid cref URI: 2nd path segment must be uuid, but got '{one.to_uuid}'")
    collection = store.find(one.from_collection)
    if collection is None:
        raise Invalid(f'source class "{one.from_collection}" not found in schema')
    source = collection.shard(one.tenant).objects.get(one.from_uuid.lower())
    if source is None:
        raise Invalid(f"ref batch: object with id {one.from_uuid} not found")
    prop = collection.property(one.name)
    if prop is None:
        raise Invalid(f"ref batch: property '{one.name}' not found in schema")
    if not prop.is_reference:
        kind = {"text": "string"}.get(prop.type, prop.type)
        if prop.name in source.properties:
            raise Invalid(f"ref batch: prop {prop.name} is present, but not a ref, got: {kind}")
        raise Invalid(f"ref batch: write inverted batch: write additions: no bucket for prop '{prop.name}__meta_count' found")
    towards = one.to_collection if one.HasField("to_collection") else prop.targets[0]
    source.properties[prop.name] = [*(source.properties.get(prop.name) or []), Reference(towards, one.to_uuid.lower())]


def batch_delete(store: Store, request: Any) -> Any:
    collection = store.find(request.collection)
    if collection is None:
        raise unknown_class(request.collection).within("batch delete params")
    try:
        test = compiled(store, collection, request.filters, request.tenant)
    except Fault as fault:
        raise fault.within("batch delete params") from None
    except InIndex as reason:
        raise Fault(f"batch delete: cannot find objects: {reason}") from None
    try:
        shard = collection.shard(request.tenant)
    except Fault as fault:
        raise fault.within("batch delete: cannot find objects") from None
    found = [one for one in shard.objects.values() if test(one)]
    reply = message("BatchDeleteReply")(matches=len(found), successful=len(found[:MAXIMUM]))
    for one in found[:MAXIMUM]:
        if request.verbose:
            reply.objects.add(uuid=uuid.UUID(one.id).bytes, successful=True, error="")
        if not request.dry_run:
            del shard.objects[one.id]
    return reply
