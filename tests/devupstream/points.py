"""The service qdrant.Points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qdrant_client import grpc
from qdrant_client.grpc.points_service_pb2_grpc import PointsServicer

from . import config, groups, indexes, legacy, reads, validation, writes
from .convert import ToGrpc
from .errors import failed_validation
from .rpc import unary
from .store import Store


def update_result(number: int, request: Any) -> grpc.UpdateResult:
    status = grpc.UpdateStatus.Completed if request.wait else grpc.UpdateStatus.Acknowledged
    return grpc.UpdateResult(operation_id=number, status=status)


def updated(number: int, request: Any) -> grpc.PointsOperationResponse:
    """Replies to single updates always carry `usage`, empty where nothing is measured."""
    return grpc.PointsOperationResponse(result=update_result(number, request), usage=grpc.Usage())


def scored(points: list[Any]) -> list[grpc.ScoredPoint]:
    return [ToGrpc.convert_scored_point(point) for point in points]


class Points(PointsServicer):
    def __init__(self, store: Store) -> None:
        self.store = store

    def _change(self, request: Any, change: Callable[[Any, Any], None]) -> grpc.PointsOperationResponse:
        collection = self.store.find(request.collection_name)
        return updated(writes.run(collection, change, request, request.wait), request)

    # Writes

    @unary
    def Upsert(self, request: grpc.UpsertPoints) -> grpc.PointsOperationResponse:
        return self._change(request, writes.upsert)

    @unary
    def Delete(self, request: grpc.DeletePoints) -> grpc.PointsOperationResponse:
        return self._change(request, writes.delete)

    @unary
    def UpdateVectors(self, request: grpc.UpdatePointVectors) -> grpc.PointsOperationResponse:
        return self._change(request, writes.update_vectors)

    @unary
    def DeleteVectors(self, request: grpc.DeletePointVectors) -> grpc.PointsOperationResponse:
        return self._change(request, writes.delete_vectors)

    @unary
    def SetPayload(self, request: grpc.SetPayloadPoints) -> grpc.PointsOperationResponse:
        return self._change(request, writes.set_payload)

    @unary
    def OverwritePayload(self, request: grpc.SetPayloadPoints) -> grpc.PointsOperationResponse:
        return self._change(request, writes.overwrite_payload)

    @unary
    def DeletePayload(self, request: grpc.DeletePayloadPoints) -> grpc.PointsOperationResponse:
        return self._change(request, writes.delete_payload)

    @unary
    def ClearPayload(self, request: grpc.ClearPayloadPoints) -> grpc.PointsOperationResponse:
        return self._change(request, writes.clear_payload)

    @unary
    def UpdateBatch(self, request: grpc.UpdateBatchPoints) -> grpc.UpdateBatchResponse:
        """In order; what was applied before an operation that fails stays."""
        if not request.operations:
            raise failed_validation(["operations: value [] invalid, must be at least 1 characters"])
        collection = self.store.find(request.collection_name)
        reply = grpc.UpdateBatchResponse()
        for operation in request.operations:
            change, message = writes.operation_of(operation)
            reply.result.append(update_result(writes.run(collection, change, message, request.wait), request))
        return reply

    @unary
    def CreateFieldIndex(self, request: grpc.CreateFieldIndexCollection) -> grpc.PointsOperationResponse:
        collection = self.store.find(request.collection_name)
        collection.indexes[request.field_name] = indexes.read(request)
        return updated(collection.next_operation(2), request)

    @unary
    def DeleteFieldIndex(self, request: grpc.DeleteFieldIndexCollection) -> grpc.PointsOperationResponse:
        validation.json_path(request.field_name)
        collection = self.store.find(request.collection_name)
        collection.indexes.pop(request.field_name, None)
        return updated(collection.next_operation(2), request)

    @unary
    def CreateVectorName(self, request: grpc.CreateVectorNameRequest) -> grpc.PointsOperationResponse:
        if request.WhichOneof("vector_config") == "dense_config":
            bounds = [validation.Bound("size", 1, 65536)]
            validation.check(validation.out_of_bounds(request.dense_config, bounds, "vector_config."))
        collection = self.store.find(request.collection_name)
        config.add_vector(collection, request)
        return updated(collection.next_operation(2), request)

    @unary
    def DeleteVectorName(self, request: grpc.DeleteVectorNameRequest) -> grpc.PointsOperationResponse:
        collection = self.store.find(request.collection_name)
        config.remove_vector(collection, request.vector_name)
        return updated(collection.next_operation(2), request)

    # Reads

    @unary
    def Get(self, request: grpc.GetPoints) -> grpc.GetResponse:
        return grpc.GetResponse(result=[ToGrpc.convert_record(record) for record in reads.get(self.store, request)])

    @unary
    def Scroll(self, request: grpc.ScrollPoints) -> grpc.ScrollResponse:
        records, following = reads.scroll(self.store, request)
        return grpc.ScrollResponse(
            result=[ToGrpc.convert_record(record) for record in records],
            next_page_offset=None if following is None else ToGrpc.convert_extended_point_id(following),
        )

    @unary
    def Count(self, request: grpc.CountPoints) -> grpc.CountResponse:
        return grpc.CountResponse(result=grpc.CountResult(count=reads.count(self.store, request)))

    @unary
    def Facet(self, request: grpc.FacetCounts) -> grpc.FacetResponse:
        hits = reads.facet(self.store, request).hits
        return grpc.FacetResponse(hits=[ToGrpc.convert_facet_value_hit(hit) for hit in hits])

    @unary
    def SearchMatrixPairs(self, request: grpc.SearchMatrixPoints) -> grpc.SearchMatrixPairsResponse:
        collection, arguments = reads.matrix_arguments(self.store, request)
        pairs = collection.search_matrix_pairs(**arguments)
        return grpc.SearchMatrixPairsResponse(result=ToGrpc.convert_search_matrix_pairs(pairs))

    @unary
    def SearchMatrixOffsets(self, request: grpc.SearchMatrixPoints) -> grpc.SearchMatrixOffsetsResponse:
        collection, arguments = reads.matrix_arguments(self.store, request)
        offsets = collection.search_matrix_offsets(**arguments)
        return grpc.SearchMatrixOffsetsResponse(result=ToGrpc.convert_search_matrix_offsets(offsets))

    @unary
    def Query(self, request: grpc.QueryPoints) -> grpc.QueryResponse:
        validation.check(validation.query_complaints(request, validation.QUERY))
        return grpc.QueryResponse(result=scored(reads.query(self.store, request)))

    @unary
    def QueryBatch(self, request: grpc.QueryBatchPoints) -> grpc.QueryBatchResponse:
        return grpc.QueryBatchResponse(
            result=self._batch(request.query_points, "query_points", validation.QUERY, lambda item: item)
        )

    @unary
    def QueryGroups(self, request: grpc.QueryPointGroups) -> grpc.QueryGroupsResponse:
        validation.check(validation.query_complaints(request, validation.GROUPS))
        return grpc.QueryGroupsResponse(result=ToGrpc.convert_groups_result(groups.query_groups(self.store, request)))

    # Reads of older clients

    @unary
    def Search(self, request: grpc.SearchPoints) -> grpc.SearchResponse:
        validation.check(validation.query_complaints(request, validation.SEARCH))
        return grpc.SearchResponse(result=scored(reads.query(self.store, as_search(request))))

    @unary
    def SearchBatch(self, request: grpc.SearchBatchPoints) -> grpc.SearchBatchResponse:
        return grpc.SearchBatchResponse(
            result=self._batch(request.search_points, "search_points", validation.SEARCH, as_search)
        )

    @unary
    def SearchGroups(self, request: grpc.SearchPointGroups) -> grpc.SearchGroupsResponse:
        validation.check(validation.query_complaints(request, validation.GROUPS))
        found = groups.query_groups(self.store, legacy.search(request, grpc.QueryPointGroups()))
        return grpc.SearchGroupsResponse(result=ToGrpc.convert_groups_result(found))

    @unary
    def Recommend(self, request: grpc.RecommendPoints) -> grpc.RecommendResponse:
        validation.check(validation.query_complaints(request, validation.SEARCH_PARAMS))
        return grpc.RecommendResponse(result=scored(reads.query(self.store, as_recommend(request))))

    @unary
    def RecommendBatch(self, request: grpc.RecommendBatchPoints) -> grpc.RecommendBatchResponse:
        return grpc.RecommendBatchResponse(
            result=self._batch(request.recommend_points, "recommend_points", validation.SEARCH_PARAMS, as_recommend)
        )

    @unary
    def RecommendGroups(self, request: grpc.RecommendPointGroups) -> grpc.RecommendGroupsResponse:
        validation.check(validation.query_complaints(request, validation.GROUPS))
        found = groups.query_groups(self.store, legacy.recommend(request, grpc.QueryPointGroups()))
        return grpc.RecommendGroupsResponse(result=ToGrpc.convert_groups_result(found))

    @unary
    def Discover(self, request: grpc.DiscoverPoints) -> grpc.DiscoverResponse:
        validation.check(validation.query_complaints(request, validation.SEARCH))
        return grpc.DiscoverResponse(result=scored(reads.query(self.store, as_discover(request))))

    @unary
    def DiscoverBatch(self, request: grpc.DiscoverBatchPoints) -> grpc.DiscoverBatchResponse:
        return grpc.DiscoverBatchResponse(
            result=self._batch(request.discover_points, "discover_points", validation.SEARCH, as_discover)
        )

    def _batch(
        self, items: Any, field: str, bounds: Any, as_query: Callable[[Any], grpc.QueryPoints]
    ) -> list[grpc.BatchResult]:
        """One list of points for every item. All are validated before the first is run."""
        complaints: list[str] = []
        for index, item in enumerate(items):
            if not item.collection_name:
                complaints.append(
                    f'{field}[{index}].collection_name: value "" invalid, must be from 1 to 255 characters'
                )
            complaints += validation.query_complaints(item, bounds, f"{field}[{index}].")
        validation.check(complaints)
        return [grpc.BatchResult(result=scored(reads.query(self.store, as_query(item)))) for item in items]


def as_search(request: grpc.SearchPoints) -> grpc.QueryPoints:
    return legacy.search(request, grpc.QueryPoints())


def as_recommend(request: grpc.RecommendPoints) -> grpc.QueryPoints:
    return legacy.recommend(request, grpc.QueryPoints())


def as_discover(request: grpc.DiscoverPoints) -> grpc.QueryPoints:
    return legacy.discover(request, grpc.QueryPoints())
