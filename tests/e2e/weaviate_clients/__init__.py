"""The official clients that speak Weaviate's REST API and GraphQL, through the gateway."""
