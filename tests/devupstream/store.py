"""All collections and aliases: local mode's client behind one lock."""

from __future__ import annotations

import threading

from qdrant_client import grpc
from qdrant_client.http import models as rest
from qdrant_client.local.qdrant_local import QdrantLocal

from .collection import Collection
from .errors import collection_exists, collection_missing, not_found, wrong_input

# The one node there is. The real server draws a random number.
PEER_ID = 6334


class Store(QdrantLocal):
    """The state of the whole server. Hold `lock` around every use."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self.lock = threading.RLock()
        self.full_snapshots: dict[str, grpc.SnapshotDescription] = {}

    def _get_collection(self, collection_name: str) -> Collection:
        name = self.aliases.get(collection_name, collection_name)
        if name not in self.collections:
            raise collection_missing(collection_name)
        return self.collections[name]

    def find(self, name: str) -> Collection:
        """The collection of this name or alias."""
        return self._get_collection(name)

    def has(self, name: str) -> bool:
        return self.aliases.get(name, name) in self.collections

    def find_lookup(self, name: str) -> Collection:
        """As `find`, with the text for a collection that is only looked into."""
        if not self.has(name):
            raise not_found(f"Collection {name} not found")
        return self.find(name)

    def create(self, name: str, config: rest.CreateCollection, settings: grpc.CollectionConfig) -> None:
        if name in self.collections:
            raise collection_exists(name)
        if name in self.aliases:
            raise wrong_input(f"Can't create collection with name {name}. Alias with the same name already exists")
        self.collections[name] = Collection(config, settings)

    def change_alias(self, action: grpc.AliasOperations) -> None:
        kind = action.WhichOneof("action")
        if kind == "delete_alias":
            self.aliases.pop(action.delete_alias.alias_name, None)
        elif kind == "create_alias":
            alias, target = action.create_alias.alias_name, action.create_alias.collection_name
            if target not in self.collections:
                raise collection_missing(target)
            self._set_alias(alias, target)
        elif kind == "rename_alias":
            old, new = action.rename_alias.old_alias_name, action.rename_alias.new_alias_name
            if old not in self.aliases:
                raise not_found(f"Alias {old} does not exists!")
            self._set_alias(new, self.aliases[old])
            if new != old:
                del self.aliases[old]

    def _set_alias(self, alias: str, target: str) -> None:
        if alias in self.collections:
            raise collection_exists(alias)
        self.aliases[alias] = target
