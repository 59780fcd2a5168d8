"""The service qdrant.Collections. A standalone server: one node, no shard keys."""

from __future__ import annotations

from qdrant_client import grpc
from qdrant_client.grpc.collections_service_pb2_grpc import CollectionsServicer

from . import config
from .errors import standalone
from .rpc import unary
from .store import PEER_ID, Store


class Collections(CollectionsServicer):
    def __init__(self, store: Store) -> None:
        self.store = store

    @unary
    def Get(self, request: grpc.GetCollectionInfoRequest) -> grpc.GetCollectionInfoResponse:
        return grpc.GetCollectionInfoResponse(result=config.info(self.store.find(request.collection_name)))

    @unary
    def List(self, request: grpc.ListCollectionsRequest) -> grpc.ListCollectionsResponse:
        return grpc.ListCollectionsResponse(
            collections=[grpc.CollectionDescription(name=name) for name in self.store.collections]
        )

    @unary
    def Create(self, request: grpc.CreateCollection) -> grpc.CollectionOperationResponse:
        self.store.create(request.collection_name, *config.create(request))
        return grpc.CollectionOperationResponse(result=True)

    @unary
    def Update(self, request: grpc.UpdateCollection) -> grpc.CollectionOperationResponse:
        config.update(self.store.find(request.collection_name), request)
        return grpc.CollectionOperationResponse(result=True)

    @unary
    def Delete(self, request: grpc.DeleteCollection) -> grpc.CollectionOperationResponse:
        """False for what is not there; an alias does not stand for its collection here."""
        found = request.collection_name in self.store.collections
        if found:
            self.store.delete_collection(request.collection_name)
        return grpc.CollectionOperationResponse(result=found)

    @unary
    def UpdateAliases(self, request: grpc.ChangeAliases) -> grpc.CollectionOperationResponse:
        for action in request.actions:
            self.store.change_alias(action)
        return grpc.CollectionOperationResponse(result=True)

    @unary
    def ListCollectionAliases(self, request: grpc.ListCollectionAliasesRequest) -> grpc.ListAliasesResponse:
        return self._aliases(request.collection_name)

    @unary
    def ListAliases(self, request: grpc.ListAliasesRequest) -> grpc.ListAliasesResponse:
        return self._aliases(None)

    def _aliases(self, wanted: str | None) -> grpc.ListAliasesResponse:
        return grpc.ListAliasesResponse(
            aliases=[
                grpc.AliasDescription(alias_name=alias, collection_name=name)
                for alias, name in self.store.aliases.items()
                if wanted in (None, name)
            ]
        )

    @unary
    def CollectionExists(self, request: grpc.CollectionExistsRequest) -> grpc.CollectionExistsResponse:
        exists = self.store.has(request.collection_name)
        return grpc.CollectionExistsResponse(result=grpc.CollectionExists(exists=exists))

    @unary
    def CollectionClusterInfo(self, request: grpc.CollectionClusterInfoRequest) -> grpc.CollectionClusterInfoResponse:
        """All points are said to live in the first shard."""
        collection = self.store.find(request.collection_name)
        shards = collection.settings.params.shard_number
        points = collection.count().count
        return grpc.CollectionClusterInfoResponse(
            peer_id=PEER_ID,
            shard_count=shards,
            local_shards=[
                grpc.LocalShardInfo(shard_id=shard, points_count=0 if shard else points, state=grpc.ReplicaState.Active)
                for shard in range(shards)
            ],
        )

    @unary
    def UpdateCollectionClusterSetup(
        self, request: grpc.UpdateCollectionClusterSetupRequest
    ) -> grpc.UpdateCollectionClusterSetupResponse:
        raise standalone()

    @unary
    def CreateShardKey(self, request: grpc.CreateShardKeyRequest) -> grpc.CreateShardKeyResponse:
        raise standalone()

    @unary
    def DeleteShardKey(self, request: grpc.DeleteShardKeyRequest) -> grpc.DeleteShardKeyResponse:
        raise standalone()

    @unary
    def ListShardKeys(self, request: grpc.ListShardKeysRequest) -> grpc.ListShardKeysResponse:
        self.store.find(request.collection_name)
        return grpc.ListShardKeysResponse()
