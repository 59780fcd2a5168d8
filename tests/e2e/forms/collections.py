"""Collections, indexes, shards; and numbers, payloads and usage in replies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qdrant_client import grpc as q

from .case import POINTS, Wanted, accepted, answers, bare, post, put, refused, says, sends, status

QUERY = "/qdrant.Points/Query"


def create(body: Any, wanted: Wanted) -> Any:
    return put("create", "/collections/c", body, wanted)


def dense(**params: Any) -> Any:
    return {"vectors": {"size": 1, "distance": "Dot", **params}}


NOT_VECTORS = refused(400, "untagged enum VectorsConfig")
COLLECTIONS = [
    create({}, accepted),
    create({"vectors": {}, "init_from": {"collection": "x"}, "uuid": None}, accepted),
    create({"vectors": None}, status(400)),
    create(dense(size=0), NOT_VECTORS),
    create(dense(distance="dot"), NOT_VECTORS),
    create(dense(size=65537), refused(422, "[vectors.size: value 65537 invalid, must be from 1 to 65536]")),
    create({"vectors": {"a": dense(size=65537)["vectors"]}}, refused(422, "vectors.?.size: value 65537 invalid")),
    create(dense(memory="pinned"), status(422)),
    create(
        dense(multivector_config={"comparator": "max_sim"}),
        sends(lambda m: m.vectors_config.params.HasField("multivector_config")),
    ),
    create(
        {"optimizer_config": {"memmap_threshold_kb": 1}, "quantization": {"scalar": {"type": "int8"}}},
        sends(lambda m: m.optimizers_config.memmap_threshold == 1 and m.quantization_config.scalar.type == 1),
    ),
    create(
        {"optimizers_config": {"max_optimization_threads": "auto"}},
        sends(lambda m: m.optimizers_config.max_optimization_threads.WhichOneof("variant") == "setting"),
    ),
    create(
        {"quantization_config": {"turbo": {"bits": "bits1_5"}}},
        sends(lambda m: m.quantization_config.HasField("turboquant")),
    ),
    create(
        {"quantization_config": {"scalar": {"type": "int8", "quantile": 0.4}}},
        refused(422, "value 0.4000000059604645 invalid, must be from 0.5 to 1.0"),
    ),
    create(
        {"hnsw_config": {"ef_construct": 3}},
        refused(422, "hnsw_config.ef_construct: value 3 invalid, must be 4 or larger"),
    ),
    put(
        "name",
        "/collections/a%2Fb",
        {},
        says(422, 'Validation error in path parameters: [collection_name: collection name cannot contain "/" char]'),
    ),
    put("name", "/collections/a*b", {}, refused(422, 'collection name cannot contain "*" char')),
    put("name", "/collections/" + "a" * 256, {}, refused(422, "collection_name: value")),
    bare("name", "GET", "/collections/a*b", accepted),
    post(
        "patch",
        "/collections/c",
        {"quantization_config": "Disabled"},
        sends(lambda m: m.quantization_config.HasField("disabled")),
        "PATCH",
    ),
    post("patch", "/collections/c", {"quantization_config": "disabled"}, status(400), "PATCH"),
    put("vector name", "/collections/c/vectors/x", {"dense": {"size": 0, "distance": "Dot"}}, status(422)),
    put("vector name", "/collections/c/vectors/x", {}, status(400)),
]


def index(schema: Any, wanted: Wanted) -> Any:
    return put("index", "/collections/c/index", {"field_name": "a", "field_schema": schema}, wanted)


INDEXES = [
    put(
        "index",
        "/collections/c/index",
        {"field_name": "a"},
        says(400, "Bad request: Can't auto-detect field type, please specify `field_schema` in the request"),
    ),
    put(
        "index",
        "/collections/c/index",
        {"field_name": "a", "field_type": "keyword"},
        sends(lambda m: m.HasField("field_type") and m.field_type == 0),
    ),
    index(
        {"type": "text"}, sends(lambda m: m.field_index_params.text_index_params.tokenizer == 3 and m.field_type == 4)
    ),
    index({"type": "integer", "lookup": False, "range": False}, status(422)),
    index(
        {"type": "keyword", "prefix": False},
        sends(lambda m: not m.field_index_params.keyword_index_params.HasField("prefix")),
    ),
    index(
        {"type": "text", "stopwords": "english", "stemmer": {"type": "none"}},
        sends(
            lambda m: (
                list(m.field_index_params.text_index_params.stopwords.languages) == ["english"]
                and m.field_index_params.text_index_params.stemmer.HasField("disabled")
            )
        ),
    ),
]

MOVE = {"shard_id": 1, "from_peer_id": 1, "to_peer_id": 2}
SHARDS = [
    post(
        "move",
        "/collections/c/cluster",
        {"move_shard": {**MOVE, "to_peer_id": 1}},
        refused(
            422,
            "[move_shard.to_peer_id: cannot transfer shard to itself, ",
            '"to_peer_id" must be different than 1 in "from_peer_id"]',
        ),
    ),
    post(
        "first known key",
        "/collections/c/cluster",
        {"drop_replica": {"shard_id": 1, "peer_id": 2}, "move_shard": MOVE},
        sends(lambda m: m.WhichOneof("operation") == "move_shard"),
    ),
    post(
        "none",
        "/collections/c/cluster",
        {"x": 1},
        refused(400, "data did not match any variant of untagged enum ClusterOperations"),
    ),
    post("no gRPC", "/collections/c/cluster", {"start_resharding": {}}, status(501)),
    put(
        "number",
        "/collections/c/shards",
        {"shard_key": "a", "shards_number": 0},
        refused(400, "invalid value: integer `0`, expected a nonzero u32"),
    ),
    put(
        "placement",
        "/collections/c/shards",
        {"shard_key": "a", "placement": []},
        refused(400, "placement cannot be empty"),
    ),
]


def reply(holds: str | Callable[[Any], bool], body: Any = None, **parts: Any) -> Any:
    wanted = answers(holds) if isinstance(holds, str) else holds
    return post("reply", f"{POINTS}/query", body or {}, wanted, **{QUERY: q.QueryResponse(**parts)})


def point(**parts: Any) -> list[Any]:
    return [q.ScoredPoint(id=q.PointId(num=1), version=3, **parts)]


SCORES = {
    0.1: "0.1",
    1.0: "1.0",
    -0.0: "-0.0",
    1e13: "1e+13",
    9.999999e12: "9999999000000.0",
    1e-6: "0.000001",
    9.999999e-7: "9.999999e-7",
    3.4028235e38: "3.4028235e+38",
    1e-45: "1e-45",
    16777216.0: "16777216.0",
}
DOUBLES = {
    1.0: "1.0",
    -0.0: "-0.0",
    1e16: "1e+16",
    2.5e15: "2500000000000000.0",
    1e-5: "0.00001",
    9.99e-6: "9.99e-6",
    5e-324: "5e-324",
}
USAGE = q.Usage(hardware=q.HardwareUsage(cpu=1))
REPLIES = [
    *(reply(f'"score":{text}', result=point(score=score)) for score, text in SCORES.items()),
    reply('"score":null', result=point(score=float("nan"))),
    *(
        reply(
            f'"payload":{{"a":{text}}}',
            {"with_payload": True},
            result=point(payload={"a": q.Value(double_value=number)}),
        )
        for number, text in DOUBLES.items()
    ),
    reply(
        '"payload":{"a":-9223372036854775808}',
        {"with_payload": True},
        result=point(payload={"a": q.Value(integer_value=-(2**63))}),
    ),
    reply('"payload":{"a":null}', {"with_payload": True}, result=point(payload={"a": q.Value()})),
    reply(
        '"a":"\\u001f\x7f\u2028/\\"\\\\"',
        {"with_payload": True},
        result=point(payload={"a": q.Value(string_value='\x1f\x7f\u2028/"\\')}),
    ),
    reply('"payload":{}', {"with_payload": True}, result=point()),
    reply('"payload":{}', {"with_payload": []}, result=point()),
    reply(lambda o: "payload" not in o.text, result=point()),
    reply('"hardware":{"cpu":1,"payload_io_read":0,"payload_io_write":0,', usage=USAGE),
    reply('"vector_io_write":0},"inference":null}', usage=USAGE),
    reply(lambda o: "usage" not in o.text, usage=q.Usage()),
    post("last page", f"{POINTS}/scroll", {}, answers('"next_page_offset":null')),
]

CASES = [*COLLECTIONS, *INDEXES, *SHARDS, *REPLIES]
