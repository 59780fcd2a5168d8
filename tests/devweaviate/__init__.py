"""A small server that answers as Weaviate does: gRPC, and beside it the REST routes that gRPC has nothing for."""
