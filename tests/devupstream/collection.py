"""One collection: local mode's vectors and payloads, and what only a server keeps about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from qdrant_client import grpc
from qdrant_client.http import models as rest
from qdrant_client.local.json_path_parser import JsonPathItem, JsonPathItemType
from qdrant_client.local.local_collection import DEFAULT_VECTOR_NAME, LocalCollection
from qdrant_client.local.payload_value_extractor import value_by_key

from .errors import point_missing, unfit_vector, vector_name_missing, wrong_input
from .validation import json_path

FACET_TYPES = {
    grpc.PayloadSchemaType.Keyword: str,
    grpc.PayloadSchemaType.Uuid: str,
    grpc.PayloadSchemaType.Integer: int,
    grpc.PayloadSchemaType.Bool: bool,
}
ORDER_TYPES = {
    grpc.PayloadSchemaType.Integer,
    grpc.PayloadSchemaType.Float,
    grpc.PayloadSchemaType.Datetime,
    grpc.PayloadSchemaType.Uuid,
}
INDEXING_HELP = "Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas"


class Collection(LocalCollection):
    """Adds configuration, payload indexes, operation numbers, point versions and snapshots."""

    def __init__(self, config: rest.CreateCollection, settings: grpc.CollectionConfig) -> None:
        super().__init__(config)
        self.settings = settings
        self.indexes: dict[str, grpc.PayloadSchemaInfo] = {}
        self.snapshots: dict[str, grpc.SnapshotDescription] = {}
        self.versions: dict[int | str, int] = {}
        self.operation = 0

    # Points

    def next_operation(self, steps: int = 1) -> int:
        self.operation += steps
        return self.operation

    def live(self, point_id: int | str) -> int | None:
        """The row of a point that is there; local mode keeps the row of a deleted one."""
        row = self.ids.get(point_id)
        return None if row is None or self.deleted[row] else row

    def present(self, ids: Sequence[int | str]) -> list[int | str]:
        return [point_id for point_id in ids if self.live(point_id) is not None]

    def require(self, ids: Sequence[int | str]) -> None:
        for point_id in ids:
            if self.live(point_id) is None:
                raise point_missing(point_id)

    def touch(self, ids: Sequence[int | str]) -> None:
        """Marks points as changed by the current operation."""
        for point_id in ids:
            self.versions[point_id] = self.operation

    def stamp(self, points: Sequence[rest.ScoredPoint]) -> None:
        for point in points:
            point.version = self.versions.get(point.id, 0)

    def _upsert_point(
        self,
        point: rest.PointStruct,
        update_filter: rest.Filter | None = None,
        update_mode: rest.UpdateMode | None = None,
    ) -> None:
        """A point deleted before counts as absent for the update mode."""
        if point.id in self.ids and self.live(point.id) is None:
            if update_mode == rest.UpdateMode.UPDATE_ONLY:
                return
            update_mode = None
        super()._upsert_point(point, update_filter=update_filter, update_mode=update_mode)

    # Vectors

    def has_vector(self, row: int, name: str) -> bool:
        return not self.deleted_per_vector[name][row]

    def require_vector(self, name: str) -> None:
        if name not in self._all_vectors_keys:
            raise vector_name_missing(name)

    def fit(self, name: str, vector: Any) -> Any:
        """Checks a vector against the one configured as `name`; a dense one is a multivector of one row."""
        self.require_vector(name)
        sparse = isinstance(vector, rest.SparseVector)
        if sparse != (name in self.sparse_vectors):
            raise unfit_vector("Conversion between sparse and regular vectors failed")
        if sparse:
            return vector
        rows = vector if vector and isinstance(vector[0], list) else [vector]
        if name in self.vectors and rows is vector:
            raise unfit_vector("Conversion between multi and regular vectors failed")
        size = self.get_vector_params(name).size
        for row in rows:
            if len(row) != size:
                raise unfit_vector(f"Vector dimension error: expected dim: {size}, got {len(row)}")
        return rows if name in self.multivectors else vector

    def search(self, *args: Any, with_vectors: bool | Sequence[str] = False, **kwargs: Any) -> list[rest.ScoredPoint]:
        """Works on copies: cosine scoring normalises the rows it is given in place, and a missing multivector
        (no rows) has no shape to compare with."""
        stored = self.vectors, self.multivectors
        self.vectors = {name: rows.copy() for name, rows in self.vectors.items()}
        self.multivectors = {
            name: [rows.copy() if rows.size else self._blank(name) for rows in matrices]
            for name, matrices in self.multivectors.items()
        }
        try:
            found = super().search(*args, with_vectors=False, **kwargs)
        finally:
            self.vectors, self.multivectors = stored
        for point in found:
            point.vector = self._get_vectors(self.ids[point.id], with_vectors)
        return found

    def _blank(self, name: str) -> np.ndarray:
        return np.zeros((1, self.multivectors_config[name].size), dtype=np.float32)

    def delete_vector_name(self, vector_name: str) -> None:
        """Local mode refuses any removal while the default vector is configured without a name."""
        if isinstance(self.config.vectors, rest.VectorParams):
            self.config.vectors = {DEFAULT_VECTOR_NAME: self.config.vectors}
        super().delete_vector_name(vector_name)

    # Payloads

    def set_payload(self, payload: dict[str, Any], selector: Any, key: str | None = None) -> None:
        """Merges; a null at the top of what is set removes the key instead."""
        ids = self._selector_to_ids(selector)
        super().set_payload({name: value for name, value in payload.items() if value is not None}, ids, key)
        nulls = [name for name, value in payload.items() if value is None]
        parent = json_path(key) if key is not None else []
        for point_id in ids:
            for name in nulls:
                remove(self.payload[self.ids[point_id]], [*parent, key_item(name)])

    def delete_payload(self, keys: Sequence[str], selector: Any) -> None:
        """Keys are paths; local mode would only remove keys at the top."""
        paths = [json_path(key) for key in keys]
        for point_id in self._selector_to_ids(selector):
            for path in paths:
                remove(self.payload[self.ids[point_id]], path)

    def indexed_points(self, key: str) -> int:
        return sum(
            value_by_key(payload, key) is not None
            for payload, deleted in zip(self.payload, self.deleted)
            if not deleted
        )

    def facet(self, key: str, facet_filter: rest.Filter | None = None, limit: int = 10) -> rest.FacetResponse:
        """Counts the values the index of `key` would hold: those of its own type."""
        json_path(key)
        index = self.indexes.get(key)
        if index is None or index.data_type not in FACET_TYPES:
            raise wrong_input(
                f"No appropriate index for faceting: `{key}`. Please create one to facet on this field. "
                f"{INDEXING_HELP} support Match conditions"
            )
        wanted = FACET_TYPES[index.data_type]
        counts: Counter[str | int | bool] = Counter()
        for row in np.nonzero(self._payload_and_non_deleted_mask(facet_filter))[0]:
            counts.update({value for value in value_by_key(self.payload[row], key) or [] if type(value) is wanted})
        ranked = sorted(counts.items(), key=lambda hit: (-hit[1], hit[0]))
        return rest.FacetResponse(hits=[rest.FacetValueHit(value=value, count=n) for value, n in ranked[:limit]])

    def require_order_index(self, key: str) -> None:
        json_path(key)
        if key not in self.indexes or self.indexes[key].data_type not in ORDER_TYPES:
            raise wrong_input(
                f"No range index for `order_by` key: `{key}`. Please create one to use `order_by`. "
                f"{INDEXING_HELP} support Range conditions"
            )

    def _scroll_by_value(self, order_by: Any, *args: Any, **kwargs: Any) -> tuple[list[rest.Record], Any]:
        """What a float index orders by is a float, whatever number the payload holds."""
        records, following = super()._scroll_by_value(order_by, *args, **kwargs)
        index = self.indexes.get(order_by.key)
        if index is not None and index.data_type == grpc.PayloadSchemaType.Float:
            for record in records:
                record.order_value = float(record.order_value)
        return records, following


def default_name(name: str | None) -> str:
    return DEFAULT_VECTOR_NAME if name is None else name


def key_item(name: str) -> JsonPathItem:
    return JsonPathItem(item_type=JsonPathItemType.KEY, key=name)


def remove(payload: Any, path: Sequence[JsonPathItem]) -> None:
    """Removes what `path` leads to. One element of an array cannot be removed, all of them can."""
    item, rest_of_path = path[0], path[1:]
    if item.item_type == JsonPathItemType.KEY:
        if not isinstance(payload, dict) or item.key not in payload:
            return
        if rest_of_path:
            remove(payload[item.key], rest_of_path)
        else:
            del payload[item.key]
    elif isinstance(payload, list):
        if item.item_type == JsonPathItemType.WILDCARD_INDEX:
            if not rest_of_path:
                payload.clear()
            for element in payload:
                remove(element, rest_of_path)
        elif rest_of_path and item.index < len(payload):
            remove(payload[item.index], rest_of_path)
