"""Flows over queries: every kind of query, filters of every kind, groups, batches, matrices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from qdrant_client import QdrantClient
from qdrant_client import models as m

from .compare import failure
from .data import FILMS, PEOPLE, PLAIN, UUID, make_films, make_people, make_plain, wave

TEXT = [0.31, -0.22, 0.47, 0.13]
WORDS = m.SparseVector(indices=[7, 1, 12], values=[1.0, 0.5, 2.0])
PARTS = [wave(1, 2), wave(8, 2)]


def nearest(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    make_plain(client)
    yield client.query_points(FILMS, query=TEXT, using="text", limit=5, with_payload=["title"])
    yield client.query_points(FILMS, query=TEXT, using="text", limit=3, offset=2, with_vectors=True)
    yield client.query_points(FILMS, query=TEXT, using="text", score_threshold=0.3, with_payload=False)
    yield client.query_points(FILMS, query=1, using="image", with_vectors=["words"])
    yield client.query_points(FILMS, query=UUID, using="text", limit=4)
    yield client.query_points(FILMS, query=WORDS, using="words", limit=6)
    yield client.query_points(FILMS, query=PARTS, using="parts", limit=4)
    yield client.query_points(FILMS, query=m.NearestQuery(nearest=TEXT), using="text", limit=2)
    yield client.query_points(PLAIN, query=wave(2, 3), limit=4, with_vectors=True)
    yield client.query_points(PLAIN, query=wave(2, 3), score_threshold=0.9)
    yield client.query_points(FILMS, limit=3, offset=1, with_payload=False)


def search_params(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    params = m.SearchParams(
        hnsw_ef=64,
        exact=True,
        indexed_only=False,
        quantization=m.QuantizationSearchParams(ignore=False, rescore=True, oversampling=1.5),
        acorn=m.AcornSearchParams(enable=True, max_selectivity=0.3),
    )
    yield client.query_points(FILMS, query=TEXT, using="text", search_params=params, limit=2)
    noir = m.Filter(must=[m.FieldCondition(key="genre", match=m.MatchValue(value="noir"))])
    for idf in (m.IdfScope.GLOBAL, m.IdfCorpusParams(corpus=noir)):
        yield client.query_points(FILMS, query=WORDS, using="words", search_params=m.SearchParams(idf=idf))


def recommend(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    strategies = (None, *m.RecommendStrategy)
    for strategy in strategies:
        examples = m.RecommendInput(positive=[1, TEXT], negative=[4], strategy=strategy)
        yield client.query_points(FILMS, query=m.RecommendQuery(recommend=examples), using="text", limit=4)
    only_bad = m.RecommendInput(negative=[2], strategy=m.RecommendStrategy.BEST_SCORE)
    yield client.query_points(FILMS, query=m.RecommendQuery(recommend=only_bad), using="image", limit=3)
    sparse = m.RecommendInput(positive=[1, WORDS], negative=[5])
    yield client.query_points(FILMS, query=m.RecommendQuery(recommend=sparse), using="words", limit=3)
    multi = m.RecommendInput(positive=[PARTS])
    yield client.query_points(FILMS, query=m.RecommendQuery(recommend=multi), using="parts", limit=3)


def discover(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    pairs = [m.ContextPair(positive=2, negative=5), m.ContextPair(positive=TEXT, negative=wave(9, 4))]
    query = m.DiscoverQuery(discover=m.DiscoverInput(target=TEXT, context=pairs))
    yield client.query_points(FILMS, query=query, using="text", limit=5)
    one = m.DiscoverQuery(discover=m.DiscoverInput(target=1, context=pairs[0]))
    yield client.query_points(FILMS, query=one, using="text", limit=5)
    yield client.query_points(FILMS, query=m.ContextQuery(context=pairs), using="text", limit=5)
    yield client.query_points(FILMS, query=m.ContextQuery(context=pairs[1]), using="text", limit=5)


def feedback(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    items = [m.FeedbackItem(example=2, score=0.9), m.FeedbackItem(example=wave(9, 4), score=0.1)]
    strategy = m.NaiveFeedbackStrategy(naive=m.NaiveFeedbackStrategyParams(a=0.5, b=1.0, c=0.25))
    query = m.RelevanceFeedbackQuery(
        relevance_feedback=m.RelevanceFeedbackInput(target=TEXT, feedback=items, strategy=strategy)
    )
    yield client.query_points(FILMS, query=query, using="text", limit=5)


def order_and_sample(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    yield client.query_points(FILMS, query=m.OrderByQuery(order_by="year"), limit=3)
    order = m.OrderBy(key="rating", direction=m.Direction.DESC, start_from=2.0)
    yield client.query_points(FILMS, query=m.OrderByQuery(order_by=order), limit=3)
    sampled = client.query_points(FILMS, query=m.SampleQuery(sample=m.Sample.RANDOM), limit=100).points
    yield sorted(sampled, key=lambda point: str(point.id))


def mmr(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    for settings in (m.Mmr(), m.Mmr(diversity=0.9, candidates_limit=8)):
        yield client.query_points(FILMS, query=m.NearestQuery(nearest=TEXT, mmr=settings), using="text", limit=4)


def sources() -> list[m.Prefetch]:
    return [
        m.Prefetch(query=TEXT, using="text", limit=6),
        m.Prefetch(query=WORDS, using="words", limit=5, score_threshold=0.01),
        m.Prefetch(
            query=m.RecommendQuery(recommend=m.RecommendInput(positive=[1])),
            using="image",
            filter=m.Filter(must=[m.FieldCondition(key="year", range=m.Range(lt=2000))]),
        ),
    ]


def fusion(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    queries: list[Any] = [
        m.FusionQuery(fusion=m.Fusion.RRF),
        m.FusionQuery(fusion=m.Fusion.DBSF),
        m.RrfQuery(rrf=m.Rrf()),
        m.RrfQuery(rrf=m.Rrf(k=60, weights=[3.0, 1.0, 0.5])),
    ]
    for query in queries:
        yield client.query_points(FILMS, prefetch=sources(), query=query, limit=5, with_payload=["title"])
    drama = m.Filter(must=[m.FieldCondition(key="genre", match=m.MatchValue(value="drama"))])
    yield client.query_points(
        FILMS, prefetch=sources(), query=queries[0], query_filter=drama, offset=1, score_threshold=0.1
    )


def nested_prefetch(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    inner = m.Prefetch(prefetch=sources(), query=m.FusionQuery(fusion=m.Fusion.RRF), limit=8)
    yield client.query_points(FILMS, prefetch=inner, query=PARTS, using="parts", limit=4, with_vectors=["parts"])
    outer = m.Prefetch(prefetch=[inner], query=TEXT, using="text", limit=5)
    yield client.query_points(FILMS, prefetch=[outer, inner], query=m.FusionQuery(fusion=m.Fusion.RRF), limit=5)


def lookup(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    make_people(client)
    face = m.LookupLocation(collection=PEOPLE, vector="face")
    yield client.query_points(FILMS, query=1, using="text", lookup_from=face, limit=3)
    examples = m.RecommendQuery(recommend=m.RecommendInput(positive=[1], negative=[2]))
    yield client.query_points(FILMS, query=examples, using="text", lookup_from=face, limit=3)
    prefetch = m.Prefetch(query=2, using="text", lookup_from=face, limit=4)
    yield client.query_points(FILMS, prefetch=prefetch, query=m.FusionQuery(fusion=m.Fusion.RRF))


def formulas() -> list[Any]:
    point = m.GeoPoint(lat=41.0, lon=6.0)
    decay = m.DecayParamsExpression(x="rating", target=1.0, scale=2.0, midpoint=0.25)
    return [
        2.5,
        "$score",
        m.SumExpression(sum=["$score[0]", m.MultExpression(mult=[0.5, "rating"])]),
        m.SumExpression(sum=["$score[1]", m.FieldCondition(key="genre", match=m.MatchValue(value="noir"))]),
        m.SumExpression(sum=["$score", m.Filter(must=[m.HasVectorCondition(has_vector="parts")])]),
        m.DivExpression(div=m.DivParams(left="$score", right="rating", by_zero_default=0.0)),
        m.NegExpression(neg=m.AbsExpression(abs="$score")),
        m.SqrtExpression(sqrt=m.ExpExpression(exp="rating")),
        m.PowExpression(pow=m.PowParams(base="rating", exponent=2.0)),
        m.Log10Expression(log10=m.SumExpression(sum=[1.0, "rating"])),
        m.LnExpression(ln=m.SumExpression(sum=[1.0, "rating"])),
        m.GeoDistance(geo_distance=m.GeoDistanceParams(origin=point, to="place")),
        m.ExpDecayExpression(exp_decay=decay),
        m.GaussDecayExpression(gauss_decay=decay),
        m.LinDecayExpression(lin_decay=decay),
        m.LinDecayExpression(
            lin_decay=m.DecayParamsExpression(
                x=m.DatetimeKeyExpression(datetime_key="released"),
                target=m.DatetimeExpression(datetime="1995-01-01T00:00:00Z"),
                scale=86400.0 * 365,
            )
        ),
    ]


def formula(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    defaults = {"rating": 0.5, "place": {"lat": 0.0, "lon": 0.0}, "released": "2000-01-01T00:00:00Z"}
    for expression in formulas():
        query = m.FormulaQuery(formula=expression, defaults=defaults)
        points = client.query_points(FILMS, prefetch=sources(), query=query, limit=50, with_payload=False).points
        # Many have the same score, and among these any order is right.
        yield sorted(points, key=lambda point: (-round(point.score, 3), str(point.id)))


def conditions() -> list[Any]:
    ring = m.GeoLineString(points=[m.GeoPoint(lat=lat, lon=lon) for lat, lon in ((40, 4), (60, 4), (60, 30), (40, 4))])
    hole = m.GeoLineString(points=[m.GeoPoint(lat=lat, lon=lon) for lat, lon in ((44, 9), (46, 9), (46, 11), (44, 9))])

    def field(key: str, **clause: Any) -> m.FieldCondition:
        return m.FieldCondition(key=key, **clause)

    return [
        field("genre", match=m.MatchValue(value="noir")),
        field("year", match=m.MatchValue(value=1995)),
        field("seen", match=m.MatchValue(value=True)),
        field("genre", match=m.MatchAny(any=["noir", "drama"])),
        field("year", match=m.MatchAny(any=[1991, 1994])),
        field("genre", match=m.MatchExcept(**{"except": ["noir"]})),
        field("year", match=m.MatchExcept(**{"except": [1991]})),
        field("plot", match=m.MatchText(text="quick")),
        field("plot", match=m.MatchTextAny(text_any="nothing fox")),
        field("plot", match=m.MatchPhrase(phrase="brown fox")),
        field("title", match=m.MatchPrefix(prefix="Film 1")),
        field("rating", range=m.Range(gt=0.5, lte=2.0)),
        field("year", range=m.Range(gte=1995, lt=1999)),
        field("released", range=m.DatetimeRange(gte=datetime(1995, 1, 1, tzinfo=UTC))),
        field("released", range=m.DatetimeRange(lt="1994-06-01T00:00:00Z", gt="1991-01-01")),
        field("place", geo_radius=m.GeoRadius(center=m.GeoPoint(lat=42.0, lon=7.0), radius=200_000.5)),
        field(
            "place",
            geo_bounding_box=m.GeoBoundingBox(
                top_left=m.GeoPoint(lat=48.0, lon=5.5), bottom_right=m.GeoPoint(lat=41.5, lon=12.5)
            ),
        ),
        field("place", geo_polygon=m.GeoPolygon(exterior=ring, interiors=[hole])),
        field("cast", values_count=m.ValuesCount(gte=2, lt=5)),
        field("tags[]", match=m.MatchValue(value="t1")),
        field("cast[].age", range=m.Range(gt=25, lt=35)),
        field("nothing", is_null=True),
        field("empty", is_empty=True),
        field("genre", is_empty=False),
        m.IsEmptyCondition(is_empty=m.PayloadField(key="missing")),
        m.IsNullCondition(is_null=m.PayloadField(key="nothing")),
        m.HasIdCondition(has_id=[1, 5, UUID]),
        m.HasIdCondition(has_id=[]),
        m.HasVectorCondition(has_vector="words"),
        m.SliceCondition(slice=m.Slice(total=3, index=1)),
        m.NestedCondition(
            nested=m.Nested(
                key="cast",
                filter=m.Filter(
                    must=[field("name", match=m.MatchValue(value="Ann")), field("age", range=m.Range(gte=26))]
                ),
            )
        ),
        m.Filter(should=[field("year", match=m.MatchValue(value=1992)), m.HasIdCondition(has_id=[7])]),
    ]


def filters(client: QdrantClient) -> Iterator[Any]:
    make_films(client)

    def ids(wanted: m.Filter) -> list[Any]:
        return [record.id for record in client.scroll(FILMS, scroll_filter=wanted, limit=50, with_payload=False)[0]]

    for condition in conditions():
        yield ids(m.Filter(must=[condition]))
        yield ids(m.Filter(must_not=condition))
    first, second, third, *_ = conditions()
    yield ids(m.Filter())
    yield ids(m.Filter(should=[first, second], must_not=[third]))
    yield ids(m.Filter(must=first, should=[second, third]))
    yield ids(m.Filter(min_should=m.MinShould(conditions=[first, second, third], min_count=2)))
    yield client.query_points(FILMS, query=TEXT, using="text", query_filter=m.Filter(must=[first]), limit=3)


def batch(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    requests = [
        m.QueryRequest(query=TEXT, using="text", limit=2, with_payload=True),
        m.QueryRequest(query=WORDS, using="words", limit=3, with_vector=["words"]),
        m.QueryRequest(prefetch=sources(), query=m.FusionQuery(fusion=m.Fusion.RRF), limit=3, offset=1),
        m.QueryRequest(query=1, using="image", filter=m.Filter(must_not=[m.HasIdCondition(has_id=[2, 3])])),
        m.QueryRequest(limit=2, with_payload=["year"]),
    ]
    yield client.query_batch_points(FILMS, requests)
    yield client.query_batch_points(FILMS, [])


def groups(client: QdrantClient) -> Iterator[Any]:
    make_films(client)
    make_people(client)
    yield client.query_points_groups(FILMS, "genre", query=TEXT, using="text", limit=2, group_size=2)
    yield client.query_points_groups(FILMS, "tags", query=TEXT, using="text", group_size=1, with_payload=["year"])
    yield client.query_points_groups(
        FILMS, "director", query=TEXT, using="text", with_lookup=PEOPLE, with_payload=False, with_vectors=["image"]
    )
    whole = m.WithLookup(collection=PEOPLE, with_payload=["name"], with_vectors=True)
    yield client.query_points_groups(FILMS, "director", query=1, using="image", with_lookup=whole)
    bare = m.WithLookup(collection=PEOPLE, with_payload=False, with_vectors=False)
    yield client.query_points_groups(FILMS, "director", query=WORDS, using="words", with_lookup=bare)
    yield client.query_points_groups(
        FILMS, "genre", prefetch=sources(), query=m.FusionQuery(fusion=m.Fusion.DBSF), group_size=2
    )
    yield client.query_points_groups(FILMS, "small", limit=1, group_size=1)


def matrix(client: QdrantClient) -> Iterator[Any]:
    make_plain(client)
    yield client.search_matrix_pairs(PLAIN, sample=50, limit=2)
    yield client.search_matrix_offsets(PLAIN, sample=50, limit=3)
    make_films(client)
    numbered = m.Filter(must_not=[m.HasIdCondition(has_id=[UUID])])
    for using in ("text", "words", "parts"):
        yield client.search_matrix_pairs(FILMS, query_filter=numbered, sample=50, limit=2, using=using)
        yield client.search_matrix_offsets(FILMS, query_filter=numbered, sample=50, limit=2, using=using)


def errors(client: QdrantClient) -> Iterator[Any]:
    make_films(client)

    def ask(**arguments: Any) -> dict[str, Any]:
        return failure(lambda: client.query_points(FILMS, **arguments))

    none_of_any = m.Filter(min_should=m.MinShould(conditions=[m.HasIdCondition(has_id=[1])], min_count=0))
    yield failure(lambda: client.query_points("missing", query=TEXT))
    yield ask(query=[1.0], using="text")
    yield ask(query=TEXT, using="zz")
    yield ask(query=TEXT, using="words")
    yield ask(query=WORDS, using="text")
    yield ask(query=777, using="text")
    yield ask(query=2, using="words")
    yield ask(query=TEXT, using="text", limit=0)
    yield ask(query=TEXT, using="text", query_filter=none_of_any)
    yield ask(query=m.FusionQuery(fusion=m.Fusion.RRF))
    yield ask(query=m.FormulaQuery(formula="$score"))
    yield ask(prefetch=sources())
    yield ask(prefetch=sources(), query=m.RrfQuery(rrf=m.Rrf(weights=[1.0])))
    yield ask(query=1, using="text", lookup_from=m.LookupLocation(collection="missing"))
    yield ask(query=m.OrderByQuery(order_by="title"))
    yield ask(query=TEXT, using="text", search_params=m.SearchParams(idf=m.IdfScope.GLOBAL))
    yield ask(query=m.Document(text="hello", model="nobody/knows"), using="text")
    yield failure(lambda: client.search_matrix_pairs(FILMS, using="text", sample=1))
    yield failure(lambda: client.query_points_groups(FILMS, "genre", query=TEXT, using="text", group_size=0))
    yield failure(lambda: client.query_points_groups(FILMS, "genre", query=TEXT, using="text", with_lookup="missing"))


FLOWS = [
    nearest,
    search_params,
    recommend,
    discover,
    feedback,
    order_and_sample,
    mmr,
    fusion,
    nested_prefetch,
    lookup,
    formula,
    filters,
    batch,
    groups,
    matrix,
    errors,
]
