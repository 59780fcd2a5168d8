"""What must hold for a query before local mode may run it, in the words of the real server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from qdrant_client.http import models as rest

from .collection import Collection, default_name
from .errors import bad_request, not_found, point_missing, wrong_input
from .store import Store

Stage = rest.QueryRequest | rest.Prefetch
NEEDS_PREFETCH = {rest.FusionQuery: "Fusion", rest.RrfQuery: "Fusion", rest.FormulaQuery: "Formula"}


def prepare(store: Store, collection: Collection, query: rest.QueryRequest) -> None:
    """Checks every stage of a query and brings it into the form local mode takes."""
    check_stage(store, collection, query)
    push_filter(query.prefetch, query.filter)


def check_stage(store: Store, collection: Collection, stage: Stage) -> None:
    sources = stage.prefetch or []
    for source in sources:
        check_stage(store, collection, source)
    query = stage.query
    if query is None:
        if sources:
            raise bad_request(
                "A query is needed to merge the prefetches. Can't have prefetches without defining a query."
            )
        return
    name = NEEDS_PREFETCH.get(type(query))
    if name is not None:
        if not sources:
            raise wrong_input(f"Validation failed: cannot apply {name} without prefetches")
        check_weights(query, len(sources))
        return
    if isinstance(query, rest.OrderByQuery):
        collection.require_order_index(query.order_by.key)
        return
    check_inputs(store, collection, stage)


def check_weights(query: Any, sources: int) -> None:
    weights = query.rrf.weights if isinstance(query, rest.RrfQuery) else None
    if weights is not None and len(weights) != sources:
        raise wrong_input(
            f"Validation failed: RRF weights length ({len(weights)}) does not match number of prefetches ({sources})"
        )


def check_examples(recommend: rest.RecommendInput) -> None:
    """The average strategy needs something to average, all of one kind."""
    average = recommend.strategy in (None, rest.RecommendStrategy.AVERAGE_VECTOR)
    if average and not recommend.positive:
        raise wrong_input("Positive vectors should not be empty with `average` strategy")
    kinds = {type(value) for value in recommend.positive if not isinstance(value, (int, str))}
    if average and len(kinds) > 1:
        raise wrong_input("Can't average vectors with different types")


def check_inputs(store: Store, collection: Collection, stage: Stage) -> None:
    """Every id must stand for a stored vector, every vector must fit the one searched."""
    using = default_name(stage.using)
    lookup = stage.lookup_from
    source = store.find_lookup(lookup.collection) if lookup is not None else collection
    source_name = lookup.vector if lookup is not None and lookup.vector is not None else using

    def check(value: Any) -> Any:
        if isinstance(value, (int, str)):
            require_stored(source, source_name, value)
            return value
        return collection.fit(using, value)

    if not isinstance(stage.query, rest.SampleQuery):
        collection.require_vector(using)
    check_idf(collection, stage, using)
    if isinstance(stage.query, rest.RecommendQuery):
        check_examples(stage.query.recommend)
    replace_inputs(stage.query, check)


def require_stored(source: Collection, name: str, point_id: int | str) -> None:
    source.require_vector(name)
    row = source.live(point_id)
    if row is None:
        raise point_missing(point_id)
    if not source.has_vector(row, name):
        raise not_found(f'Vector with name "{name}" for point not found')


def check_idf(collection: Collection, stage: Stage, using: str) -> None:
    if stage.params is None or stage.params.idf is None:
        return
    config = (collection.config.sparse_vectors or {}).get(using)
    if config is None or config.modifier != rest.Modifier.IDF:
        raise wrong_input(
            "Validation failed: search param `idf` requires a sparse vector with the `idf` modifier, "
            f'which vector "{using}" is not'
        )


def replace_inputs(query: Any, change: Callable[[Any], Any]) -> None:
    """Applies `change` to every id and vector of a query."""
    if isinstance(query, rest.NearestQuery):
        query.nearest = change(query.nearest)
    elif isinstance(query, rest.RecommendQuery):
        query.recommend.positive = [change(value) for value in query.recommend.positive or []]
        query.recommend.negative = [change(value) for value in query.recommend.negative or []]
    elif isinstance(query, rest.DiscoverQuery):
        query.discover.target = change(query.discover.target)
        replace_pairs(query.discover.context, change)
    elif isinstance(query, rest.ContextQuery):
        replace_pairs(query.context, change)
    elif isinstance(query, rest.RelevanceFeedbackQuery):
        query.relevance_feedback.target = change(query.relevance_feedback.target)
        for item in query.relevance_feedback.feedback:
            item.example = change(item.example)


def replace_pairs(pairs: Iterable[rest.ContextPair], change: Callable[[Any], Any]) -> None:
    for pair in pairs:
        pair.positive = change(pair.positive)
        pair.negative = change(pair.negative)


def push_filter(prefetches: list[rest.Prefetch] | None, outer: rest.Filter | None) -> None:
    """The filter of a query holds for all its sources too; local mode only looks at the last stage's."""
    for prefetch in prefetches or []:
        if outer is not None:
            inner = prefetch.filter
            prefetch.filter = outer if inner is None else rest.Filter(must=[outer, inner])
        push_filter(prefetch.prefetch, prefetch.filter)
