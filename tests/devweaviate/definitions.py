"""What a collection is defined as: its JSON form, and its properties with their types."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import Any

from .values import RFC3339, UUID

CLASS_NAME = re.compile(r"[A-Z][_0-9A-Za-z]{0,254}")
RESERVED = {"_additional", "_id", "id"}
SCALARS = {"text", "string", "int", "number", "boolean", "date", "uuid", "blob", "geoCoordinates", "phoneNumber", "object"}
REFERENCE = "cref"


@dataclass(frozen=True)
class Property:
    name: str
    type: str  # as in the definition; REFERENCE for references
    targets: tuple[str, ...] = ()
    nested: dict[str, Property] = field(default_factory=dict)
    tokenization: str = "word"
    searchable: bool = False

    @property
    def is_reference(self) -> bool:
        return self.type == REFERENCE

    @property
    def is_list(self) -> bool:
        return self.type.endswith("[]")

    @property
    def element(self) -> str:
        return self.type.removesuffix("[]")


def property_of(definition: dict[str, Any]) -> Property:
    types = definition["dataType"]
    if types[0].removesuffix("[]") not in SCALARS:
        return Property(definition["name"], REFERENCE, tuple(types))
    nested = {one["name"]: property_of(one) for one in definition.get("nestedProperties") or []}
    is_text = types[0].removesuffix("[]") in ("text", "string")
    return Property(
        definition["name"],
        types[0],
        nested=nested,
        tokenization=definition.get("tokenization") or "word",
        searchable=is_text and definition.get("indexSearchable") is not False,
    )


def completed(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition with what the server adds, as far as clients look at it."""
    result = copy.deepcopy(definition)
    result["class"] = capital(result["class"])
    inverted = {"bm25": {"b": 0.75, "k1": 1.2}, "cleanupIntervalSeconds": 60, "stopwords": {"preset": "en"}}
    result["invertedIndexConfig"] = inverted | (result.get("invertedIndexConfig") or {})
    result["multiTenancyConfig"] = {"enabled": False} | (result.get("multiTenancyConfig") or {})
    result["replicationConfig"] = {"factor": 1} | (result.get("replicationConfig") or {})
    result.setdefault("properties", None)
    if "vectorConfig" not in result:
        result["vectorIndexType"] = result.get("vectorIndexType") or "hnsw"
        result["vectorIndexConfig"] = {"distance": "cosine"} | (result.get("vectorIndexConfig") or {})
        result["vectorizer"] = result.get("vectorizer") or "none"
    for one in result["properties"] or []:
        is_text = one["dataType"][0] in ("text", "text[]")
        one.setdefault("indexFilterable", True)
        one.setdefault("indexSearchable", is_text)
        if is_text:
            one.setdefault("tokenization", "word")
    return result


def capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def inferred(name: str, value: Any) -> dict[str, Any]:
    """The definition of a property that was written before it was defined."""
    return {"name": name, "dataType": _types(value)} | (
        {"nestedProperties": [inferred(key, item) for key, item in _first(value).items()]}
        if _types(value)[0].startswith("object")
        else {}
    )


def _first(value: Any) -> dict[str, Any]:
    return value[0] if isinstance(value, list) else value


def _types(value: Any) -> list[str]:
    if isinstance(value, list):
        if value and isinstance(value[0], dict) and "beacon" in value[0]:
            return [value[0]["beacon"].split("/")[-2]]
        return [_types(value[0])[0] + "[]" if value else "text[]"]
    if isinstance(value, bool):
        return ["boolean"]
    if isinstance(value, (int, float)):
        return ["number"]
    if isinstance(value, dict):
        if value.keys() >= {"latitude", "longitude"}:
            return ["geoCoordinates"]
        return ["phoneNumber" if "input" in value else "object"]
    if UUID.fullmatch(value):
        return ["uuid"]
    return ["date" if RFC3339.fullmatch(value) else "text"]
