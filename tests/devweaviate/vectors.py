"""Vectors: their bytes, and how far apart they are."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy

from .values import float32

SINGLE, MULTI = 1, 2


def unpack(data: bytes, kind: int = SINGLE) -> Any:
    """A vector; a list of vectors for the multi form, which begins with their dimension."""
    if kind != MULTI:
        return list(struct.unpack(f"<{len(data) // 4}f", data[: len(data) // 4 * 4]))
    (dimension,) = struct.unpack_from("<H", data)
    flat = struct.unpack(f"<{(len(data) - 2) // 4}f", data[2:])
    return [list(flat[start : start + dimension]) for start in range(0, len(flat), dimension)]


def pack(vector: Any) -> tuple[bytes, int]:
    if vector and isinstance(vector[0], list):
        flat = [number for row in vector for number in row]
        return struct.pack(f"<H{len(flat)}f", len(vector[0]), *flat), MULTI
    return struct.pack(f"<{len(vector)}f", *vector), SINGLE


def is_multi(vector: Any) -> bool:
    return bool(vector) and isinstance(vector[0], list)


def distance(metric: str, query: Any, vector: Any) -> float:
    if is_multi(vector):
        # Only the query is normalized there.
        rows = [numpy.array(row) for row in (query if is_multi(query) else [query])]
        units = [row / numpy.linalg.norm(row) if metric == "cosine" else row for row in rows]
        return float32(-sum(max(float(numpy.dot(row, one)) for one in vector) for row in units))
    left, right = numpy.array(query, dtype=numpy.float32), numpy.array(vector, dtype=numpy.float32)
    with numpy.errstate(over="ignore"):
        if metric == "dot":
            return float(-numpy.dot(left, right))
        if metric == "l2-squared":
            return float(numpy.sum((left - right) ** 2, dtype=numpy.float32))
        if metric == "manhattan":
            return float(numpy.sum(numpy.abs(left - right), dtype=numpy.float32))
        if metric == "hamming":
            return float(numpy.sum(left != right))
    lengths = numpy.linalg.norm(left.astype(float)) * numpy.linalg.norm(right.astype(float))
    return float32(max(0.0, 1 - float(numpy.dot(left.astype(float), right.astype(float))) / lengths)) if lengths else 1.0


def certainty(far: float) -> float:
    return 1 - far / 2


def normalized(values: list[float]) -> list[float]:
    """Between 0 and 1, the least first; all alike are all 1."""
    low, high = min(values), max(values)
    return [1.0 if math.isclose(low, high) else (one - low) / (high - low) for one in values]
