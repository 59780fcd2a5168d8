"""A tour of vecgate in front of Weaviate's gRPC: requests of its REST API and of GraphQL, by plain HTTP.

    python deploy/tour_weaviate.py --url http://127.0.0.1:6333 [--admin http://127.0.0.1:9090]

Every step shows what is sent and what is answered, and checks the answer. It expects the objects that tests/corpus/weaviate
was recorded with, and changes nothing. Exits with 1 when a step failed.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from typing import Any

SHOWN = 300
PUBLISHER = "5e1f0c00-7a3b-4d2e-9c11-000000000001"


class Tour:
    """The steps, and how many of them failed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.failed = 0

    def step(self, title: str, method: str, path: str, body: Any = None, status: int = 200, holds: str = "") -> None:
        """One request; the answer has that status and `holds` somewhere."""
        print(f"\n{title}\n  {method} {path}" + (f"\n  {json.dumps(body)}" if body is not None else ""))
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                got, text = reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            got, text = error.code, error.read().decode()
        print(f"  -> {got} {text[:SHOWN]}{'...' if len(text) > SHOWN else ''}")
        if got != status or holds not in text:
            self.failed += 1
            print(f"  FAILED: expected {status} with {holds!r}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--admin", help="where health and metrics are")
    options = parser.parse_args()
    tour = Tour(options.url)

    tour.step("What clients ask first.", "GET", "/v1/meta", holds='"version"')
    tour.step("Is it ready?", "GET", "/v1/.well-known/ready")
    tour.step("One object, found by its id.", "GET", f"/v1/objects/Publisher/{PUBLISHER}", holds=PUBLISHER)
    tour.step("GraphQL becomes a search.", "POST", "/v1/graphql",
              {"query": "{Get{Article(limit: 3){title pages price sold published isbn}}}"}, holds='"title"')
    tour.step("Counting.", "POST", "/v1/graphql", {"query": "{Aggregate{Article{meta{count}}}}"}, holds='"count"')
    tour.step("A search as newer servers offer it.", "POST", "/v1/search/Article/bm25",
              {"query": "apple", "limit": 2, "returnProperties": ["title", "pages"], "returnMetadata": ["score"]},
              holds='"score"')
    tour.step("Tenants.", "GET", "/v1/schema/Tenanted/tenants", holds='"activityStatus"')
    tour.step("What gRPC has nothing for comes from the REST port.", "GET", "/v1/schema/Article", holds='"Article"')
    tour.step("Faults are told as the database tells them.", "POST", "/v1/objects", {"class": "Thing", "id": "nope"}, 422,
              "must be of type uuid")
    if options.admin:
        with urllib.request.urlopen(options.admin + "/metrics", timeout=30) as reply:
            text = reply.read().decode()
        # Only what this tour touched.
        lines = [line for line in text.splitlines() if line.startswith("vecgate_collection_requests_total{")]
        print("\nWhat vecgate counted:\n  " + "\n  ".join(lines[:5]))
    print(f"\n{tour.failed} steps failed" if tour.failed else "\nAll as expected.")
    return 1 if tour.failed else 0


if __name__ == "__main__":
    sys.exit(main())
