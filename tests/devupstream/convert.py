"""The package's own gRPC <-> REST conversions, corrected where a server must do better than a client.

The conversions exist for the client, which reads what a server wrote. A server also meets messages that no
server writes: filters with clauses left empty, conditions with several clauses, ids in any spelling of a UUID.
"""

from __future__ import annotations

import uuid
from typing import Any

from grpc import StatusCode
from qdrant_client import grpc
from qdrant_client.conversions.conversion import GrpcToRest, RestToGrpc
from qdrant_client.http import models as rest
from qdrant_client.local import datetime_utils
from qdrant_client.local.order_by import datetime_to_microseconds

from .errors import ApiError, invalid_argument, no_inference

FIELD_CLAUSES = (
    "match",
    "range",
    "geo_bounding_box",
    "geo_radius",
    "values_count",
    "geo_polygon",
    "datetime_range",
    "is_empty",
    "is_null",
)


def json_of(value: grpc.Value) -> Any:
    """A payload value as Python has it. A Value without a kind is a null, as in the real server."""
    kind = value.WhichOneof("kind")
    if kind is None or kind == "null_value":
        return None
    if kind == "struct_value":
        return {key: json_of(item) for key, item in value.struct_value.fields.items()}
    if kind == "list_value":
        return [json_of(item) for item in value.list_value.values]
    return getattr(value, kind)


class FromGrpc(GrpcToRest):
    """Requests: protobuf messages to the models local mode takes."""

    @classmethod
    def convert_payload(cls, model: Any) -> dict[str, Any]:
        return {key: json_of(model[key]) for key in model}

    @classmethod
    def convert_point_id(cls, model: grpc.PointId) -> int | str:
        kind = model.WhichOneof("point_id_options")
        if kind is None:
            raise invalid_argument("No ID options provided")
        if kind == "num":
            return model.num
        try:
            return str(uuid.UUID(model.uuid))
        except ValueError:
            raise invalid_argument(f"Unable to parse UUID: {model.uuid}") from None

    @classmethod
    def convert_filter(cls, model: grpc.Filter) -> rest.Filter:
        """Local mode takes an empty `should` for one that nothing satisfies; in protobuf it is no clause at all."""

        def conditions(given: Any) -> list[rest.Condition] | None:
            known = [item for item in given if item.WhichOneof("condition_one_of") is not None]
            return [cls.convert_condition(item) for item in known] or None

        min_should = None
        if model.HasField("min_should"):
            min_should = rest.MinShould(
                conditions=conditions(model.min_should.conditions) or [],
                min_count=model.min_should.min_count,
            )
        return rest.Filter(
            must=conditions(model.must),
            should=conditions(model.should),
            must_not=conditions(model.must_not),
            min_should=min_should,
        )

    @classmethod
    def convert_condition(cls, model: grpc.Condition) -> rest.Condition:
        if model.WhichOneof("condition_one_of") != "field":
            return super().convert_condition(model)
        return cls.convert_clauses(model.field)

    @classmethod
    def convert_clauses(cls, model: grpc.FieldCondition) -> rest.Condition:
        """The clauses of one condition are alternatives to the server; local mode would look at the first only."""
        given = [name for name in FIELD_CLAUSES if model.HasField(name)]
        if "range" in given and "datetime_range" in given:
            given.remove("datetime_range")
        clauses = [cls.convert_clause(model, name) for name in given]
        if len(clauses) == 1:
            return clauses[0]
        # Without any clause nothing matches: an empty list of ids says so.
        return rest.Filter(should=clauses) if clauses else rest.HasIdCondition(has_id=[])

    @classmethod
    def convert_clause(cls, model: grpc.FieldCondition, name: str) -> rest.Condition:
        if name in ("is_empty", "is_null"):
            field = rest.PayloadField(key=model.key)
            condition = (
                rest.IsEmptyCondition(is_empty=field) if name == "is_empty" else rest.IsNullCondition(is_null=field)
            )
            return condition if getattr(model, name) else rest.Filter(must_not=[condition])
        alone = grpc.FieldCondition(key=model.key)
        getattr(alone, name).CopyFrom(getattr(model, name))
        return cls.convert_field_condition(alone)

    @classmethod
    def convert_with_payload_selector(cls, model: grpc.WithPayloadSelector) -> Any:
        if model.WhichOneof("selector_options") is None:
            raise invalid_argument("No PayloadSelector")
        return super().convert_with_payload_selector(model)

    @classmethod
    def convert_with_vectors_selector(cls, model: grpc.WithVectorsSelector) -> Any:
        return False if model.WhichOneof("selector_options") is None else super().convert_with_vectors_selector(model)

    @classmethod
    def convert_start_from(cls, model: grpc.StartFrom) -> int | float | None:
        """Datetimes become microseconds here, so that a missing zone means UTC whatever the machine's zone is."""
        kind = model.WhichOneof("value")
        if kind == "timestamp":
            return datetime_to_microseconds(cls.convert_timestamp(model.timestamp))
        if kind == "datetime":
            parsed = datetime_utils.parse(model.datetime)
            if parsed is None:
                raise invalid_argument(f"'{model.datetime}' does not match accepted datetime format (RFC3339).")
            return datetime_to_microseconds(parsed)
        return None if kind is None else getattr(model, kind)

    @classmethod
    def convert_vector(cls, model: grpc.Vector) -> Any:
        if model.WhichOneof("vector") in ("document", "image", "object"):
            raise no_inference()
        value = super().convert_vector(model)
        return value if isinstance(value, rest.SparseVector) else list(value)

    @classmethod
    def convert_vector_input(cls, model: grpc.VectorInput) -> Any:
        if model.WhichOneof("variant") in ("document", "image", "object"):
            raise ApiError(StatusCode.INTERNAL, f"Inference error: {no_inference().text}")
        return super().convert_vector_input(model)

    @classmethod
    def convert_formula_query(cls, model: grpc.Formula) -> rest.FormulaQuery:
        return rest.FormulaQuery(
            formula=cls.convert_expression(model.expression),
            defaults=cls.convert_payload(model.defaults),
        )

    @classmethod
    def convert_with_lookup(cls, model: grpc.WithLookup) -> rest.WithLookup:
        """Unlike local mode the server returns the payload of a looked-up point unless told otherwise."""
        lookup = super().convert_with_lookup(model)
        if lookup.with_payload is None:
            lookup.with_payload = True
        return lookup


class ToGrpc(RestToGrpc):
    """Replies: the models local mode gives to protobuf messages."""

    @classmethod
    def convert_record(cls, model: rest.Record) -> grpc.RetrievedPoint:
        if model.payload is None:
            model = model.model_copy(update={"payload": {}})
        return super().convert_record(model)
