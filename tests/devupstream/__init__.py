"""A development upstream: Qdrant's public gRPC services over the in-memory mode of the official client package."""
