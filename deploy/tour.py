"""A tour of a running vecgate: plain HTTP requests and the official Python client, in turn.

    python deploy/tour.py --url http://127.0.0.1:6333 [--admin http://127.0.0.1:9090]

Every step shows what is sent and what is answered, and checks the answer. Exits with 1 when a step failed. It makes
the collection `vecgate_tour` anew and leaves it there to play with.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from qdrant_client import models as m

import tour_data as data
from tour_calls import BOLD, PLAIN, Http, official_client

NAME, ALIAS = "vecgate_tour", "vecgate_tour_alias"
PATH = f"/collections/{NAME}"
TOLERANCE = 1e-4


class WrongAnswerError(Exception):
    pass


def check(holds: bool, expected: str) -> None:
    if not holds:
        raise WrongAnswerError(f"expected {expected}")


def check_equal(what: str, got: Any, wanted: Any) -> None:
    check(got == wanted, f"{what} to be {wanted!r}, got {got!r}")


def check_best(hits: Iterable[tuple[int, float]], scores: dict[int, float], limit: int) -> None:
    """The hits are the `limit` best of `scores`, best first. Equal scores may change places."""
    best = sorted(scores.values(), reverse=True)[:limit]
    found = list(hits)
    check_equal("the number of hits", len(found), len(best))
    check_equal("ids found twice", len({point for point, _ in found}), len(found))
    for (point, score), wanted in zip(found, best, strict=True):
        check(point in scores, f"point {point} not to be found")
        check(abs(score - scores[point]) < TOLERANCE, f"score {scores[point]:.5f} of point {point}, got {score:.5f}")
        check(abs(score - wanted) < TOLERANCE, f"a score of {wanted:.5f} in place of point {point} with {score:.5f}")


def hits_of(result: dict[str, Any]) -> list[tuple[int, float]]:
    return [(point["id"], point["score"]) for point in result["points"]]


class Tour:
    """The steps, in the order of their definition."""

    def __init__(self, url: str, admin: str | None) -> None:
        self.http = Http(url)
        self.admin = Http(admin) if admin else None
        self.client = official_client(url)
        self.items = data.catalogue()
        self.wish = data.wish()

    def _dropped(self, condition: Callable[[data.Item], bool]) -> int:
        """Forgets items as the collection did; how many."""
        kept = [item for item in self.items if not condition(item)]
        dropped = len(self.items) - len(kept)
        self.items = kept
        return dropped

    def ask_who_answers(self) -> None:
        reply = self.http.call("GET", "/")
        check_equal("the status", reply.status, 200)
        check("title" in reply.body and "version" in reply.body, "title and version of the database")

    def create_collection(self) -> None:
        """dense, sparse and multi vectors under names of their own"""
        self.http.call("DELETE", PATH)
        reply = self.http.call(
            "PUT",
            PATH,
            {
                "vectors": {
                    "text": {"size": data.TEXT_SIZE, "distance": "Cosine"},
                    "views": {
                        "size": data.VIEW_SIZE,
                        "distance": "Cosine",
                        "multivector_config": {"comparator": "max_sim"},
                    },
                },
                "sparse_vectors": {"terms": {}},
            },
        )
        check_equal("the status", reply.status, 200)
        check_equal("the result", reply.result, True)
        vectors = self.client.get_collection(NAME).config.params.vectors
        check_equal("the vectors", sorted(vectors), ["text", "views"])
        check_equal("the comparator", vectors["views"].multivector_config.comparator, m.MultiVectorComparator.MAX_SIM)

    def index_payload(self) -> None:
        """for facets and for order"""
        for key, schema in (("color", "keyword"), ("year", {"type": "integer", "range": True, "lookup": False})):
            reply = self.http.call("PUT", f"{PATH}/index?wait=true", {"field_name": key, "field_schema": schema})
            check_equal("the status", reply.status, 200)
            check_equal("the state", reply.result["status"], "completed")

    def upsert_1000_points(self) -> None:
        points = [
            m.PointStruct(
                id=item.id,
                vector={
                    "text": item.text,
                    "views": item.views,
                    "terms": m.SparseVector(indices=list(item.terms), values=list(item.terms.values())),
                },
                payload=item.payload,
            )
            for item in self.items
        ]
        check_equal("the state", self.client.upsert(NAME, points, wait=True).status, m.UpdateStatus.COMPLETED)
        check_equal("the count", self.client.count(NAME).count, data.COUNT)

    def search_with_a_filter(self) -> None:
        condition = {
            "must": [{"key": "color", "match": {"value": "red"}}, {"key": "price", "range": {"lt": 250}}],
            "must_not": [{"key": "shop.city", "match": {"any": ["Oslo"]}}],
        }
        request = {"query": self.wish.text, "using": "text", "filter": condition, "limit": 5, "with_payload": True}
        reply = self.http.call("POST", f"{PATH}/points/query", request)
        check_equal("the status", reply.status, 200)
        fitting = [
            item
            for item in self.items
            if item.payload["color"] == "red" and item.payload["price"] < 250 and item.payload["shop"]["city"] != "Oslo"
        ]
        scores = data.scores_of(fitting, lambda item: data.cosine(self.wish.text, item.text))
        check_best(hits_of(reply.result), scores, 5)
        payloads = {item.id: item.payload for item in fitting}
        for point in reply.result["points"]:
            check_equal("the payload", point["payload"], payloads[point["id"]])

    def search_by_several_vectors(self) -> None:
        """each part of the query finds its best row of each point"""
        found = self.client.query_points(NAME, query=self.wish.views, using="views", limit=5).points
        scores = data.scores_of(self.items, lambda item: data.max_similarity(self.wish.views, item.views))
        check_best([(point.id, point.score) for point in found], scores, 5)

    def search_hybrid(self) -> None:
        """words and meaning, fused by reciprocal rank"""
        terms = {"indices": list(self.wish.terms), "values": list(self.wish.terms.values())}
        request = {
            "prefetch": [
                {"query": terms, "using": "terms", "limit": 20},
                {"query": self.wish.text, "using": "text", "limit": 20},
            ],
            "query": {"fusion": "rrf"},
            "limit": 5,
            "with_payload": ["name"],
        }
        reply = self.http.call("POST", f"{PATH}/points/query", request)
        check_equal("the status", reply.status, 200)
        by_terms = data.scores_of(self.items, lambda item: data.sparse_dot(self.wish.terms, item.terms))
        by_text = data.scores_of(self.items, lambda item: data.cosine(self.wish.text, item.text))
        lists = [sorted(scores, key=scores.__getitem__, reverse=True)[:20] for scores in (by_terms, by_text)]
        check_best(hits_of(reply.result), data.reciprocal_ranks(lists), 5)

    def recommend(self) -> None:
        """like 1 and 2, unlike 3"""
        query = m.RecommendQuery(recommend=m.RecommendInput(positive=[1, 2], negative=[3]))
        found = self.client.query_points(NAME, query=query, using="text", limit=5).points
        examples = {item.id: item for item in self.items if item.id in (1, 2, 3)}
        wanted = data.average_of_examples([examples[1], examples[2]], [examples[3]])
        others = [item for item in self.items if item.id not in examples]
        scores = data.scores_of(others, lambda item: data.cosine(wanted, item.text))
        check_best([(point.id, point.score) for point in found], scores, 5)

    def count_by_color(self) -> None:
        reply = self.http.call("POST", f"{PATH}/facet", {"key": "color", "limit": 10, "exact": True})
        check_equal("the status", reply.status, 200)
        counts = {hit["value"]: hit["count"] for hit in reply.result["hits"]}
        check_equal("the counts", counts, dict(Counter(item.payload["color"] for item in self.items)))

    def scroll_by_year(self) -> None:
        """newest first"""
        order = {"key": "year", "direction": "desc"}
        request = {"order_by": order, "limit": 6, "with_payload": ["year", "name"]}
        reply = self.http.call("POST", f"{PATH}/points/scroll", request)
        check_equal("the status", reply.status, 200)
        years = sorted((item.payload["year"] for item in self.items), reverse=True)[:6]
        check_equal("the years", [point["payload"]["year"] for point in reply.result["points"]], years)
        check_equal("the order values", [point["order_value"] for point in reply.result["points"]], years)

    def update_payload(self) -> None:
        red = m.Filter(must=[m.FieldCondition(key="color", match=m.MatchValue(value="red"))])
        self.client.set_payload(NAME, {"sale": {"percent": 20, "until": None}}, points=red, wait=True)
        on_sale = {"must": [{"key": "sale.percent", "range": {"gte": 20}}]}
        reply = self.http.call("POST", f"{PATH}/points/count", {"filter": on_sale, "exact": True})
        check_equal("the status", reply.status, 200)
        check_equal("the count", reply.result["count"], sum(item.payload["color"] == "red" for item in self.items))
        first = next(item for item in self.items if item.payload["color"] == "red")
        reply = self.http.call("GET", f"{PATH}/points/{first.id}")
        wanted = {**first.payload, "sale": {"percent": 20, "until": None}}
        check_equal("the payload", reply.result["payload"], wanted)

    def delete_points(self) -> None:
        body = {"filter": {"must": [{"key": "price", "range": {"gte": 450}}]}}
        reply = self.http.call("POST", f"{PATH}/points/delete?wait=true", body)
        check_equal("the state", reply.result["status"], "completed")
        check(self._dropped(lambda item: item.payload["price"] >= 450) > 0, "something to delete")
        check_equal("the count", self.client.count(NAME).count, len(self.items))

    def name_an_alias(self) -> None:
        action = {"create_alias": {"collection_name": NAME, "alias_name": ALIAS}}
        reply = self.http.call("POST", "/collections/aliases", {"actions": [action]})
        check_equal("the result", reply.result, True)
        check_equal("the count", self.client.count(ALIAS).count, len(self.items))
        aliases = self.client.get_collection_aliases(NAME).aliases
        check_equal("the aliases", [alias.alias_name for alias in aliases], [ALIAS])

    def make_mistakes(self) -> None:
        """errors come as the database's own REST port tells them"""
        query = f"{PATH}/points/query"
        reply = self.http.call("POST", query, {"query": [1, 2, 3], "using": "text"})
        check_equal("the status of a wrong size", reply.status, 400)
        check_equal("the error", reply.error, "Wrong input: Vector dimension error: expected dim: 32, got 3")
        reply = self.http.call("POST", query, {"query": self.wish.text, "using": "text", "limit": 0})
        check_equal("the status of a wrong limit", reply.status, 422)
        check("limit: value 0 invalid, must be 1 or larger" in reply.error, "the error to name limit and bound")
        reply = self.http.call("POST", query, '{"query": [1, 2')
        check_equal("the status of broken JSON", reply.status, 400)
        check("Format error in JSON body" in reply.error, "the error to say that it is the body's format")
        reply = self.http.call("GET", "/collections/never_made")
        check_equal("the status of what is not there", reply.status, 404)
        check_equal("the error", reply.error, "Not found: Collection `never_made` doesn't exist!")

    def ask_for_what_grpc_has_not(self) -> None:
        reply = self.http.call("GET", "/telemetry")
        check_equal("the status", reply.status, 501)
        check_equal("the error", reply.error, "Telemetry is not available through the gRPC API")

    def look_at_the_operators_side(self) -> None:
        if self.admin is None:
            print("  (no --admin given)")
            return
        check_equal("readiness", self.admin.call("GET", "/readyz").status, 200)
        metrics = self.admin.call("GET", "/metrics").body
        series = 'rest_responses_total{method="POST",endpoint="/collections/{collection_name}/points/query"'
        check(series in metrics, "responses counted by route and status")


def steps_of(tour: Tour) -> list[Callable[[], None]]:
    return [getattr(tour, name) for name in vars(Tour) if not name.startswith("_")]


def passed(step: Callable[[], None]) -> bool:
    try:
        step()
    except WrongAnswerError as error:
        print(f"  {BOLD}FAILED{PLAIN}: {error}")
        return False
    except Exception:  # whatever goes wrong in a step, the next ones are still worth a look
        print(f"  {BOLD}FAILED{PLAIN}:")
        traceback.print_exc(file=sys.stdout)
        return False
    print("  ok")
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:6333", help="vecgate's REST port")
    parser.add_argument("--admin", help="vecgate's admin port")
    arguments = parser.parse_args()

    steps = steps_of(Tour(arguments.url.rstrip("/"), arguments.admin))
    failed = []
    for number, step in enumerate(steps, start=1):
        title = step.__name__.replace("_", " ")
        note = f": {step.__doc__}" if step.__doc__ else ""
        print(f"\n{BOLD}[{number}/{len(steps)}] {title}{PLAIN}{note}")
        if not passed(step):
            failed.append(title)
    print(f"\nTour: {len(steps) - len(failed)} of {len(steps)} steps as they should be", end="")
    print(f"; failed: {', '.join(failed)}" if failed else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
