"""The service qdrant.Snapshots: descriptions only. Size and checksum are those of the state they were made of."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp
from qdrant_client import grpc
from qdrant_client.grpc.snapshots_service_pb2_grpc import SnapshotsServicer

from .collection import Collection
from .convert import ToGrpc
from .errors import not_found
from .rpc import unary
from .store import PEER_ID, Store


def state_of(collection: Collection) -> bytes:
    records = collection.retrieve(list(collection.ids), with_payload=True, with_vectors=True)
    parts = [collection.settings, *(ToGrpc.convert_record(record) for record in records)]
    return b"".join(part.SerializeToString(deterministic=True) for part in parts)


def describe(stem: str, collections: Iterable[Collection]) -> grpc.SnapshotDescription:
    state = b"".join(state_of(collection) for collection in collections)
    now = int(time.time())
    stamp = time.strftime("%Y-%m-%d-%H-%M-%S", time.gmtime(now))
    return grpc.SnapshotDescription(
        name=f"{stem}-{stamp}.snapshot",
        creation_time=Timestamp(seconds=now),
        size=len(state),
        checksum=hashlib.sha256(state).hexdigest(),
    )


def remove(snapshots: dict[str, grpc.SnapshotDescription], name: str) -> grpc.DeleteSnapshotResponse:
    if snapshots.pop(name, None) is None:
        raise not_found(f"Snapshot {name} not found")
    return grpc.DeleteSnapshotResponse()


class Snapshots(SnapshotsServicer):
    def __init__(self, store: Store) -> None:
        self.store = store

    @unary
    def Create(self, request: grpc.CreateSnapshotRequest) -> grpc.CreateSnapshotResponse:
        name = request.collection_name
        collection = self.store.find(name)
        made = describe(f"{self.store.aliases.get(name, name)}-{PEER_ID}", [collection])
        collection.snapshots[made.name] = made
        return grpc.CreateSnapshotResponse(snapshot_description=made)

    @unary
    def List(self, request: grpc.ListSnapshotsRequest) -> grpc.ListSnapshotsResponse:
        snapshots = self.store.find(request.collection_name).snapshots
        return grpc.ListSnapshotsResponse(snapshot_descriptions=snapshots.values())

    @unary
    def Delete(self, request: grpc.DeleteSnapshotRequest) -> grpc.DeleteSnapshotResponse:
        return remove(self.store.find(request.collection_name).snapshots, request.snapshot_name)

    @unary
    def CreateFull(self, request: grpc.CreateFullSnapshotRequest) -> grpc.CreateSnapshotResponse:
        made = describe("full-snapshot", self.store.collections.values())
        self.store.full_snapshots[made.name] = made
        return grpc.CreateSnapshotResponse(snapshot_description=made)

    @unary
    def ListFull(self, request: grpc.ListFullSnapshotsRequest) -> grpc.ListSnapshotsResponse:
        return grpc.ListSnapshotsResponse(snapshot_descriptions=self.store.full_snapshots.values())

    @unary
    def DeleteFull(self, request: grpc.DeleteFullSnapshotRequest) -> grpc.DeleteSnapshotResponse:
        return remove(self.store.full_snapshots, request.snapshot_name)
