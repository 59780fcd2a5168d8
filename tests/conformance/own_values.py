"""Values of a recorded REST reply that follow the history of its server, read from the gRPC reply beside it."""

from .compare import SERVER_OWN
from .lexemes import Number


def _values(tree, key):
    """All values of a key, in order. 64-bit integers are text in the readable form of gRPC replies."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == key:
                yield value
            else:
                yield from _values(value, key)
    elif isinstance(tree, list):
        for item in tree:
            yield from _values(item, key)


def _replies(record):
    return [call["reply"] for call in record.calls if call.get("reply")]


def own_values(record):
    return {key: {str(value) for value in _values(_replies(record), key)} for key in SERVER_OWN}


def with_operation_ids(record):
    """The expected body with the operation ids of the gRPC server."""
    body = record.expected_body
    ids = [Number(str(value)) for value in _values(_replies(record), "operation_id")]
    if not isinstance(body, dict) or len(ids) != len(list(_values(body, "operation_id"))):
        return body
    remaining = iter(ids)

    def renumbered(tree):
        if isinstance(tree, dict):
            return {k: next(remaining) if k == "operation_id" else renumbered(v) for k, v in tree.items()}
        return [renumbered(item) for item in tree] if isinstance(tree, list) else tree

    return {**body, "result": renumbered(body.get("result"))} if "result" in body else body
