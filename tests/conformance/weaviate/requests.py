"""Whether two gRPC requests ask the same: other forms are right where the database takes them for the same."""

import base64
import json

from devweaviate.messages import pool
from google.protobuf import json_format, message_factory

# Lists of names, whose order says nothing.
UNORDERED = {"nonRefProperties", "refProperties", "objectProperties", "primitiveProperties", "aggregations", "vectors"}


def read(method, request):
    """A request in base64 as a dictionary in normal form; the text itself where the schema has no such method."""
    try:
        service, name = method.strip("/").split("/")
        found = pool().FindServiceByName(service).FindMethodByName(name)
    except KeyError:
        return request
    message = message_factory.GetMessageClass(found.input_type).FromString(base64.b64decode(request))
    return _normal(json_format.MessageToDict(message))


def _normal(value):
    if isinstance(value, dict):
        normal = {key: _normal(item) for key, item in value.items()}
        for key in UNORDERED & normal.keys():
            if isinstance(normal[key], list):
                normal[key] = sorted(normal[key], key=lambda item: json.dumps(item, sort_keys=True))
        return normal
    if isinstance(value, list):
        return [_normal(item) for item in value]
    return value


def differences(expected, actual, where=""):
    """Lines that tell where two requests in normal form differ."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted(expected.keys() | actual.keys()):
            inner = f"{where}.{key}" if where else key
            if key not in actual:
                yield f"{inner}: {expected[key]!r} is missing"
            elif key not in expected:
                yield f"{inner}: {actual[key]!r} is too much"
            else:
                yield from differences(expected[key], actual[key], inner)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for i, (left, right) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(left, right, f"{where}[{i}]")
    elif expected != actual:
        yield f"{where}: {actual!r} instead of {expected!r}"
