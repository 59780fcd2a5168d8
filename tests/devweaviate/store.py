"""Collections, their tenants and objects, in memory."""

from __future__ import annotations

import random
import string
import threading
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .definitions import Property, capital, completed, property_of
from .faults import Fault, unknown_class

ACTIVE = ("HOT", "ACTIVE")
Vector = list[float] | list[list[float]]


class Reference(NamedTuple):
    collection: str
    id: str


@dataclass
class Object:
    id: str
    properties: dict[str, Any]  # references are lists of Reference
    vectors: dict[str, Vector]  # "" is the one without a name
    created: int = field(default_factory=lambda: int(time.time() * 1000))
    updated: int = 0

    def __post_init__(self) -> None:
        self.updated = self.updated or self.created


@dataclass
class Shard:
    """Objects in the order in which they were written last."""

    name: str = field(default_factory=lambda: "".join(random.choices(string.ascii_letters + string.digits, k=12)))
    objects: dict[str, Object] = field(default_factory=dict)

    def put(self, one: Object) -> None:
        self.objects.pop(one.id, None)
        self.objects[one.id] = one


class Collection:
    def __init__(self, definition: dict[str, Any]) -> None:
        self.definition = completed(definition)
        self.name: str = self.definition["class"]
        self.properties: dict[str, Property] = {}
        self.tenants: dict[str, str] = {}
        self.shards: dict[str, Shard] = {} if self.is_multi_tenant else {"": Shard()}
        for one in self.definition["properties"] or []:
            self._know(one)

    @property
    def is_multi_tenant(self) -> bool:
        return self.definition["multiTenancyConfig"]["enabled"]

    @property
    def vector_names(self) -> list[str]:
        """Names of vectors; none where there is only the one without a name."""
        return list(self.definition.get("vectorConfig") or {})

    def distance(self, vector: str) -> str:
        config = self.definition["vectorConfig"][vector] if vector else self.definition
        return (config.get("vectorIndexConfig") or {}).get("distance") or "cosine"

    def indexes(self, what: str) -> bool:
        return bool(self.definition["invertedIndexConfig"].get(what))

    def add_property(self, definition: dict[str, Any]) -> None:
        self.definition["properties"] = [*(self.definition["properties"] or []), definition]
        self._know(definition)

    def _know(self, definition: dict[str, Any]) -> None:
        self.properties[definition["name"]] = property_of(definition)

    def property(self, name: str) -> Property | None:
        return self.properties.get(name) or self.properties.get(name[:1].lower() + name[1:])

    def shard(self, tenant: str) -> Shard:
        if self.is_multi_tenant and not tenant:
            raise Fault(f"class {self.name} has multi-tenancy enabled, but request was without tenant")
        if tenant and not self.is_multi_tenant:
            raise Fault(f"class {self.name} has multi-tenancy disabled, but request was with tenant")
        if tenant and tenant not in self.tenants:
            raise Fault(f'tenant not found: "{tenant}"')
        if tenant and self.tenants[tenant] not in ACTIVE:
            raise Fault(f"tenant not active: '{tenant}'")
        return self.shards[tenant]

    def set_tenant(self, name: str, status: str) -> None:
        self.tenants[name] = {"ACTIVE": "HOT", "INACTIVE": "COLD"}.get(status, status)
        self.shards.setdefault(name, Shard())

    def drop_tenant(self, name: str) -> None:
        self.tenants.pop(name, None)
        self.shards.pop(name, None)


class Store:
    """One lock guards all: calls are short."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.collections: dict[str, Collection] = {}

    def add(self, definition: dict[str, Any]) -> Collection:
        collection = Collection(definition)
        self.collections[collection.name] = collection
        return collection

    def find(self, name: str) -> Collection | None:
        return self.collections.get(capital(name))

    def get(self, name: str) -> Collection:
        found = self.find(name)
        if found is None:
            raise unknown_class(name)
        return found

    def target(self, reference: Reference, tenant: str) -> tuple[Collection, Object] | None:
        collection = self.find(reference.collection)
        if collection is None:
            return None
        shard = collection.shards.get(tenant if collection.is_multi_tenant else "")
        found = shard.objects.get(reference.id) if shard else None
        return (collection, found) if found else None
