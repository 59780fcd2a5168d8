"""Payload indexes: checked and remembered. Local mode has none; facets and `order_by` ask for them all the same."""

from __future__ import annotations

from qdrant_client import grpc

from . import validation
from .errors import invalid_argument

# FieldType counts from 0, the PayloadSchemaType of replies from 1, in the same order.
KINDS = ("keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid")


def read(request: grpc.CreateFieldIndexCollection) -> grpc.PayloadSchemaInfo:
    params = request.field_index_params
    given = params.WhichOneof("index_params")
    if given == "integer_index_params":
        integer = params.integer_index_params
        if integer.HasField("lookup") and integer.HasField("range") and not integer.lookup and not integer.range:
            validation.check(
                [
                    "field_index_params.index_params.lookup: Validation error: "
                    "the 'lookup' and 'range' capabilities can't be both disabled [{}]"
                ]
            )
    validation.json_path(request.field_name)
    if not request.HasField("field_type"):
        raise invalid_argument("cannot convert field_type")
    kind = KINDS[request.field_type]
    if given is not None and given != f"{kind}_index_params":
        raise invalid_argument(f"field_type ({kind.capitalize()}) and field_index_params do not match")
    if given == "text_index_params" and params.text_index_params.tokenizer == grpc.TokenizerType.Unknown:
        raise invalid_argument("unknown tokenizer type")
    index = grpc.PayloadSchemaInfo(data_type=request.field_type + 1)
    if given is not None:
        index.params.CopyFrom(params)
    return index
