"""The official client does the same over REST through the gateway and over gRPC at the upstream itself.

Both histories run on the same upstream, one after the other, each on nothing but what it made itself.
"""

from __future__ import annotations

import pytest
from qdrant_client import QdrantClient

from . import flows_collections, flows_points, flows_queries
from .compare import Flow, nearly, run
from .servers import clear

FLOWS = [
    pytest.param(flow, id=f"{module.__name__.rpartition('_')[2]}-{flow.__name__}")
    for module in (flows_collections, flows_points, flows_queries)
    for flow in module.FLOWS
]

# The flows that meet nothing local mode does otherwise than a server.
SAME_LOCALLY = [
    flows_points.upsert_batch,
    flows_points.upsert_modes,
    flows_points.upload,
    flows_points.vectors,
    flows_points.retrieve,
    flows_points.scroll,
    flows_points.scroll_ordered,
    flows_points.count_and_facet,
    flows_queries.search_params,
    flows_queries.discover,
    flows_queries.feedback,
    flows_queries.order_and_sample,
    flows_queries.mmr,
    flows_queries.formula,
    flows_queries.batch,
]


@pytest.mark.parametrize("flow", FLOWS)
def test_upstream_repeats_itself(flow: Flow, grpc_client: QdrantClient) -> None:
    """Without this, a difference below could be the upstream's own."""
    results = []
    for _ in range(2):
        clear(grpc_client)
        results.append(run(flow, grpc_client))
    assert results[0]
    assert results[0] == results[1]


@pytest.mark.parametrize("flow", SAME_LOCALLY, ids=lambda flow: flow.__name__)
def test_upstream_computes_as_local_mode(flow: Flow, grpc_client: QdrantClient) -> None:
    clear(grpc_client)
    served = run(flow, grpc_client)
    local = run(flow, QdrantClient(":memory:"))
    for step, (mine, reference) in enumerate(zip(served, local, strict=True)):
        assert nearly(mine, reference), f"result {step} of the flow differs"


@pytest.mark.parametrize("flow", FLOWS)
def test_rest_equals_grpc(flow: Flow, rest_client: QdrantClient, grpc_client: QdrantClient) -> None:
    clear(grpc_client)
    wanted = run(flow, grpc_client)
    clear(grpc_client)
    got = run(flow, rest_client)
    for step, (mine, reference) in enumerate(zip(got, wanted, strict=True)):
        assert mine == reference, f"result {step} of the flow differs"
