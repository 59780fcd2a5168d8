"""Which gRPC method a REST route calls, learned from the recorded exchanges that have both."""

from urllib.parse import unquote

# Segments that are part of a route; all others are names and ids.
LITERALS = set(
    "aliases batch clear cluster collections count delete discover exists facet groups index matrix offsets pairs "
    "payload points query recommend scroll search shards snapshots vectors".split()
)


def route_of(request):
    path = request.target.split("?", 1)[0]
    segments = [unquote(segment) for segment in path.split("/") if segment]
    shape = []
    for i, segment in enumerate(segments):
        is_collection = i == 1 and segments[0] == "collections" and not (segment == "aliases" and len(segments) == 2)
        is_name = i >= 3 and segments[2] in ("index", "vectors")
        shape.append("*" if is_collection or is_name or segment not in LITERALS else segment)
    return request.method, tuple(shape)


class RouteMethods:
    def __init__(self, records):
        self._methods = {}
        for record in records:
            if record.calls:
                self._methods.setdefault(route_of(record.request), record.calls[0]["method"])

    def of(self, request):
        """None for routes that never ask the upstream. The root of the API asks for a health check at most."""
        method = self._methods.get(route_of(request))
        return None if method == "/qdrant.Qdrant/HealthCheck" else method
