"""Searches: which objects, in which order, how near."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .faults import Fault
from .filters import valid_id
from .messages import enum
from .results import Hit
from .store import Collection, Object, Shard
from .text import bm25
from .vectors import distance, normalized, unpack

MEDIA = ("near_text", "near_image", "near_audio", "near_video", "near_depth", "near_thermal", "near_imu")
RANK_SHIFT = 60
KNN = "explorer: get class: concurrentTargetVectorSearch): explorer: get class: "
Queries = dict[str, list[Any]]  # name of a vector -> vectors that are looked for


def near(collection: Collection, shard: Shard, allowed: list[Object], kind: str, search: Any) -> list[Hit]:
    """Hits of near_vector and near_object, the nearest first, within the threshold."""
    if search.HasField("certainty") and search.HasField("distance"):
        raise Fault(f"{kind}: cannot provide distance and certainty")
    targets = target_vectors(collection, search.targets)
    queries = _of_object(collection, shard, search, targets) if kind == "near_object" else vectors_of(search, targets)
    _check_widths(collection, shard, queries)
    hits = joined(collection, allowed, queries, search.targets)
    if search.HasField("distance"):
        return [hit for hit in hits if hit.distance <= search.distance]
    if search.HasField("certainty"):
        return [hit for hit in hits if 1 - hit.distance / 2 >= search.certainty]
    return hits


def target_vectors(collection: Collection, targets: Any) -> list[str]:
    names, known = list(targets.target_vectors), collection.vector_names
    if not names:
        if len(known) > 1:
            raise Fault(
                f"extract target vectors: class {collection.name} has multiple vectors, but no target vectors were provided"
            )
        return known or [""]
    for name in names:
        if name not in known:
            listed = " ".join(known)
            raise Fault(
                f"extract target vectors: class {collection.name} does not have named vector {name} configured. Available "
                f"named vectors [{listed}]"
            )
    return names


def vectors_of(search: Any, targets: list[str]) -> Queries:
    per_target = getattr(search, "vector_for_targets", ())
    if per_target:
        return {one.name: [unpack(v.vector_bytes, v.type) for v in one.vectors] for one in per_target}
    found = [unpack(one.vector_bytes, one.type) for one in search.vectors]
    return {name: found for name in targets}


def _of_object(collection: Collection, shard: Shard, search: Any, targets: list[str]) -> Queries:
    where = KNN + "vectorize search vector: nearObject params: "
    if not valid_id(search.id):
        raise Fault(
            f'{where}search index {collection.name.lower()}: determine shard: parse uuid "{search.id}": invalid UUID length: '
            f"{len(search.id)}"
        )
    one = shard.objects.get(search.id.lower())
    if one is None or any(name not in one.vectors for name in targets):
        raise Fault(where + "vector not found")
    return {name: [one.vectors[name]] for name in targets}


def _check_widths(collection: Collection, shard: Shard, queries: Queries) -> None:
    index = collection.name.lower()
    for name, vectors in queries.items():
        for one in shard.objects.values():
            known = one.vectors.get(name)
            if known and not isinstance(known[0], list) and len(known) != len(vectors[0]):
                raise Fault(
                    f"{KNN}vector search: object vector search at index {index}: shard {index}_{shard.name}: vector search: "
                    f"knn search: distance between entrypoint and query node: {len(known)} vs {len(vectors[0])}: vector "
                    "lengths don't match"
                )


def joined(collection: Collection, allowed: list[Object], queries: Queries, targets: Any) -> list[Hit]:
    """Distances to one target, or to several combined as asked."""
    weights = {one.target: one.weight for one in targets.weights_for_targets}
    method = enum("CombinationMethod")[targets.combination].name.removeprefix("COMBINATION_METHOD_TYPE_")
    single = len(queries) == 1
    parts: dict[str, dict[str, float]] = {}
    for name, vectors in queries.items():
        metric = collection.distance(name)
        having = [one for one in allowed if name in one.vectors]
        parts[name] = {one.id: min(distance(metric, query, one.vectors[name]) for query in vectors) for one in having}
    ids = list(dict.fromkeys(key for part in parts.values() for key in part))
    if method in ("SUM", "AVERAGE", "MANUAL", "RELATIVE_SCORE"):
        ids = [key for key in ids if all(key in part for part in parts.values())]
    if method == "RELATIVE_SCORE":
        for name, part in parts.items():
            part = {key: part[key] for key in ids}
            low, high = min(part.values(), default=0), max(part.values(), default=0)
            parts[name] = {key: (one - low) / (high - low) if high > low else 0.0 for key, one in part.items()}
    combine = _combination(method, weights)
    far = {key: combine({name: part[key] for name, part in parts.items() if key in part}) for key in ids}
    by_id = {one.id: one for one in allowed}
    is_cosine = single and collection.distance(next(iter(queries))) == "cosine"
    hits = [Hit(by_id[key], distance=value, is_cosine=is_cosine) for key, value in far.items()]
    return sorted(hits, key=lambda hit: hit.distance)


def _combination(method: str, weights: dict[str, float]) -> Callable[[dict[str, float]], float]:
    if method == "SUM":
        return lambda part: sum(part.values())
    if method == "AVERAGE":
        return lambda part: sum(part.values()) / len(part)
    if method in ("MANUAL", "RELATIVE_SCORE"):
        return lambda part: sum(weights[name] * value for name, value in part.items())
    return lambda part: min(part.values())


def keyword(collection: Collection, shard: Shard, allowed: list[Object], search: Any) -> list[Hit]:
    need, across = 1, False
    operator_field = "search_operator" if "search_operator" in search.DESCRIPTOR.fields_by_name else "bm25_search_operator"
    if search.HasField(operator_field):
        options = getattr(search, operator_field)
        name = enum("SearchOperatorOptions.Operator")[options.operator].name
        need, across = None if "AND" in name else options.minimum_or_tokens_match or 1, name.endswith("CROSS")
    scores = bm25(collection, list(shard.objects.values()), allowed, search.query, search.properties, need, across)
    return [Hit(shard.objects[key], score=score) for key, score in scores.items()]


def hybrid(collection: Collection, shard: Shard, allowed: list[Object], search: Any) -> list[Hit]:
    alpha = (search.alpha_param if search.HasField("alpha_param") else 0.75) if search.use_alpha_param else search.alpha
    words = keyword(collection, shard, allowed, search) if alpha < 1 else []
    nears = _hybrid_vectors(collection, shard, allowed, search) if alpha > 0 else []
    if search.WhichOneof("threshold"):
        nears = [hit for hit in nears if hit.distance <= search.vector_distance]
        inside = {hit.object.id for hit in nears}
        words = [hit for hit in words if hit.object.id in inside]
    if enum("Hybrid.FusionType")[search.fusion_type].name.endswith("RANKED"):
        lists = [[1 / (RANK_SHIFT + rank) for rank in range(len(hits))] for hits in (words, nears)]
    else:
        lists = [normalized([hit.score for hit in words]) if words else []]
        lists.append(normalized([-hit.distance for hit in nears]) if nears else [])
    scores: dict[str, float] = {}
    objects: dict[str, Object] = {}
    for hits, parts, weight in ((words, lists[0], 1 - alpha), (nears, lists[1], alpha)):
        for hit, part in zip(hits, parts, strict=True):
            objects[hit.object.id] = hit.object
            scores[hit.object.id] = scores.get(hit.object.id, 0.0) + weight * part
    hits = [Hit(objects[key], score=score) for key, score in scores.items()]
    return sorted(hits, key=lambda hit: -hit.score)


def _hybrid_vectors(collection: Collection, shard: Shard, allowed: list[Object], search: Any) -> list[Hit]:
    if search.HasField("near_text"):
        raise no_vectorizer(collection)
    vectors = search.near_vector if search.HasField("near_vector") else search
    targets = vectors.targets if vectors.targets.target_vectors else search.targets
    queries = vectors_of(vectors, target_vectors(collection, targets))
    if not any(queries.values()):
        raise Fault(
            f"VectorFromInput was called without vectorizer on class {collection.name} for input {search.query}"
        )
    _check_widths(collection, shard, queries)
    return joined(collection, allowed, queries, targets)


def no_vectorizer(collection: Collection) -> Fault:
    return Fault(
        f"explorer: get class: vectorize params: could not vectorize input for collection {collection.name} with search-type "
        "nearText. Make sure a vectorizer module is configured for this collection"
    )
