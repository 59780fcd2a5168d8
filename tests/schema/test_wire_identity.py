"""Our schemas against the descriptors inside the pinned official packages.

Both sides are turned into a flat table of facts, `name -> {attribute: value}`, one entry for each
message, field, oneof, enum, enum value, service and RPC. Two schemas are identical on the wire and
in JSON when their tables are equal. Comments, options for other languages and the split into files
do not count.
"""

import ast
import importlib
import pathlib
import sys
import tempfile

import grpc_tools
import pytest
from google.protobuf import descriptor_pb2
from grpc_tools import protoc

PROTO_ROOT = pathlib.Path(__file__).resolve().parents[2] / "proto"

F = descriptor_pb2.FieldDescriptorProto

# Services that exist beside the public ones and are left out, so that nothing sent to the gateway
# can reach them. They may be missing from our schema and must not stand in it.
INTERNAL_SERVICES = {
    "qdrant.CollectionsInternal": "peers asking each other about collections",
    "qdrant.PointsInternal": "peers reading and writing each other's shards, past all access rules",
    "qdrant.QdrantInternal": "state of the consensus between peers",
    "qdrant.Raft": "messages of the consensus between peers",
    "qdrant.ShardSnapshots": "snapshots of single shards, exchanged by peers",
    "qdrant.StorageRead": "raw files of the storage; needs no more than read access to a collection",
}

QDRANT_FILES = [
    "collections",
    "collections_service",
    "json_with_int",
    "points",
    "points_service",
    "qdrant",
    "qdrant_common",
    "snapshots_service",
]

# All but `file_replication`, which the servers of one cluster use among themselves, and `health_weaviate`, a copy of
# the standard health service.
WEAVIATE_FILES = [
    "aggregate",
    "base",
    "base_search",
    "batch",
    "batch_delete",
    "generative",
    "properties",
    "search_get",
    "tenants",
    "weaviate",
]
# The newest of the generations inside: others are the same schema for older runtimes.
WEAVIATE_FOLDER = pathlib.Path(sys.prefix) / "schemas" / "weaviate/proto/v1/v6300/v1"

SCHEMAS = {
    "qdrant": {
        "ours": [f"qdrant/{name}.proto" for name in QDRANT_FILES],
        "theirs": [f"qdrant_client.grpc.{name}_pb2" for name in QDRANT_FILES],
        "rpcs": {
            "qdrant.Collections": 14,
            "qdrant.Points": 30,
            "qdrant.Qdrant": 1,
            "qdrant.Snapshots": 6,
        },
    },
    "weaviate": {
        "ours": [f"weaviate/v1/{name}.proto" for name in WEAVIATE_FILES],
        "theirs": [WEAVIATE_FOLDER / f"{name}_pb2.py" for name in WEAVIATE_FILES],
        "rpcs": {"weaviate.v1.Weaviate": 7},
    },
    "grpc.health.v1": {
        "ours": ["grpc/health/v1/health.proto"],
        "theirs": ["grpc_health.v1.health_pb2"],
        "rpcs": {"grpc.health.v1.Health": 3},
    },
}


def read_ours(paths):
    """The files of our schema, compiled."""
    wellknown = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "schema.pb"
        code = protoc.main(
            [
                "protoc",
                f"--proto_path={PROTO_ROOT}",
                f"--proto_path={wellknown}",
                f"--descriptor_set_out={out}",
                *paths,
            ]
        )
        assert code == 0, f"protoc refused {paths}"
        return list(descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file)


def read_source(path):
    """The file that generated Python code would register, without running it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "AddSerializedFile":
            return descriptor_pb2.FileDescriptorProto.FromString(ast.literal_eval(node.args[0]))
    raise ValueError(f"{path} registers no file")


def read_theirs(modules):
    """The files inside installed packages: modules by name, or generated code by path."""
    files = []
    for module in modules:
        if isinstance(module, pathlib.Path):
            files.append(read_source(module))
            continue
        file = descriptor_pb2.FileDescriptorProto()
        importlib.import_module(module).DESCRIPTOR.CopyToProto(file)
        files.append(file)
    return files


def camel(name):
    """The JSON name protoc gives to a field that asks for no other."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def packed(field):
    """Whether the field is written packed, by proto3's rule or by its option."""
    never = (F.TYPE_STRING, F.TYPE_BYTES, F.TYPE_MESSAGE, F.TYPE_GROUP)
    if field.label != F.LABEL_REPEATED or field.type in never:
        return False
    return field.options.packed if field.options.HasField("packed") else True


def enum_facts(enum, scope, facts):
    name = f"{scope}.{enum.name}"
    facts[f"enum {name}"] = {
        "deprecated": enum.options.deprecated,
        "allow_alias": enum.options.allow_alias,
        "reserved numbers": sorted((r.start, r.end) for r in enum.reserved_range),
        "reserved names": sorted(enum.reserved_name),
    }
    for value in enum.value:
        facts[f"enum value {name}.{value.name}"] = {
            "number": value.number,
            "deprecated": value.options.deprecated,
        }


def message_facts(message, scope, facts):
    name = f"{scope}.{message.name}"
    facts[f"message {name}"] = {
        "deprecated": message.options.deprecated,
        "map entry": message.options.map_entry,
        "reserved numbers": sorted((r.start, r.end) for r in message.reserved_range),
        "reserved names": sorted(message.reserved_name),
    }
    entries = {f".{name}.{n.name}" for n in message.nested_type if n.options.map_entry}
    for field in message.field:
        in_oneof = field.HasField("oneof_index") and not field.proto3_optional
        facts[f"field {name}.{field.name}"] = {
            "number": field.number,
            "type": F.Type.Name(field.type),
            "type name": field.type_name,
            "label": F.Label.Name(field.label),
            "presence": field.proto3_optional,
            "oneof": message.oneof_decl[field.oneof_index].name if in_oneof else None,
            "packed": packed(field),
            "map": field.type_name in entries,
            "json name": field.json_name or camel(field.name),
            "default": field.default_value,
            "deprecated": field.options.deprecated,
        }
    for nested in message.nested_type:
        message_facts(nested, name, facts)
    for enum in message.enum_type:
        enum_facts(enum, name, facts)


def schema_facts(files):
    facts = {}
    for file in files:
        for message in file.message_type:
            message_facts(message, file.package, facts)
        for enum in file.enum_type:
            enum_facts(enum, file.package, facts)
        for service in file.service:
            name = f"{file.package}.{service.name}"
            facts[f"service {name}"] = {"deprecated": service.options.deprecated}
            for method in service.method:
                facts[f"rpc {name}.{method.name}"] = {
                    "request": method.input_type,
                    "reply": method.output_type,
                    "request stream": method.client_streaming,
                    "reply stream": method.server_streaming,
                    "deprecated": method.options.deprecated,
                }
        facts[f"package {file.package}"] = {"syntax": file.syntax}
    return facts


def reachable(files, services):
    """Full names of all messages and enums that the given services can carry."""
    uses = {}

    def collect(message, scope):
        name = f"{scope}.{message.name}"
        uses[name] = [field.type_name for field in message.field if field.type_name]
        for nested in message.nested_type:
            collect(nested, name)

    waiting = []
    for file in files:
        for message in file.message_type:
            collect(message, f".{file.package}")
        for service in file.service:
            if f"{file.package}.{service.name}" in services:
                for method in service.method:
                    waiting += [method.input_type, method.output_type]
    found = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses.get(name, [])
    return {name.lstrip(".") for name in found}


def services_of(files):
    return {f"{file.package}.{service.name}" for file in files for service in file.service}


def may_be_missing(fact, internal, only_internal):
    """Whether a fact of theirs belongs to an internal service or to what only those carry."""
    name = fact.split(" ")[-1]
    parts = name.split(".")
    prefixes = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    if fact.startswith(("service ", "rpc ")):
        return not prefixes.isdisjoint(internal)
    return not prefixes.isdisjoint(only_internal)


def differences(ours, theirs, internal=frozenset(INTERNAL_SERVICES)):
    """Every way in which two lists of files differ, one line each; empty when they agree."""
    services = services_of(theirs)
    only_internal = reachable(theirs, services & internal) - reachable(theirs, services - internal)
    mine, yours = schema_facts(ours), schema_facts(theirs)
    lines = []
    for fact in sorted(mine.keys() | yours.keys()):
        if fact not in mine:
            if not may_be_missing(fact, internal, only_internal):
                lines.append(f"{fact}: missing in our schema")
        elif fact not in yours:
            lines.append(f"{fact}: only in our schema")
        else:
            for attribute, wanted in yours[fact].items():
                value = mine[fact][attribute]
                if value != wanted:
                    lines.append(f"{fact}: {attribute} is {value!r}, must be {wanted!r}")
    return lines


@pytest.fixture(scope="module", params=SCHEMAS)
def schema(request):
    entry = SCHEMAS[request.param]
    return entry, read_ours(entry["ours"]), read_theirs(entry["theirs"])


def test_identical_with_the_pinned_package(schema):
    _, ours, theirs = schema
    found = differences(ours, theirs)
    assert not found, "\n" + "\n".join(found)


def test_serves_the_known_number_of_rpcs(schema):
    entry, ours, _ = schema
    counts = {f"{f.package}.{s.name}": len(s.method) for f in ours for s in f.service}
    assert counts == entry["rpcs"]


def test_holds_no_internal_service(schema):
    _, ours, _ = schema
    assert not services_of(ours) & INTERNAL_SERVICES.keys()


def test_every_message_is_carried_by_a_service(schema):
    _, ours, _ = schema
    carried = reachable(ours, services_of(ours))
    kinds_and_names = (fact.rsplit(" ", 1) for fact in schema_facts(ours))
    names = {name for kind, name in kinds_and_names if kind in ("message", "enum")}
    # A nested message is carried with the one around it, whoever names it first.
    idle = {n for n in names if n not in carried and n.rpartition(".")[0] not in carried}
    assert not idle


def test_every_file_is_compared():
    listed = {path for entry in SCHEMAS.values() for path in entry["ours"]}
    folders = {PROTO_ROOT / pathlib.PurePath(path).parent for path in listed}
    present = {
        path.relative_to(PROTO_ROOT).as_posix()
        for folder in folders
        for path in folder.glob("*.proto")
    }
    assert present == listed


# The comparison itself: each change to a copy of the schema must be named.


def copy(files):
    copies = []
    for file in files:
        duplicate = descriptor_pb2.FileDescriptorProto()
        duplicate.CopyFrom(file)
        copies.append(duplicate)
    return copies


def named(items, name):
    return next(item for item in items if item.name == name)


def find_message(files, name):
    return next(m for file in files for m in file.message_type if m.name == name)


def find_field(files, message, field):
    return named(find_message(files, message).field, field)


def find_enum(files, name):
    return next(e for file in files for e in file.enum_type if e.name == name)


def find_service(files, name):
    return next(s for file in files for s in file.service if s.name == name)


def drop_field(files):
    message = find_message(files, "ScoredPoint")
    message.field.remove(named(message.field, "version"))


def change_number(files):
    find_field(files, "ScoredPoint", "version").number = 99


def change_type(files):
    find_field(files, "ScoredPoint", "version").type = F.TYPE_INT64


def change_type_name(files):
    find_field(files, "ScoredPoint", "id").type_name = ".qdrant.Filter"


def change_label(files):
    find_field(files, "ScoredPoint", "id").label = F.LABEL_REPEATED


def drop_presence(files):
    field = find_field(files, "QueryPoints", "limit")
    field.proto3_optional = False
    field.ClearField("oneof_index")


def add_presence(files):
    message = find_message(files, "SearchPoints")
    message.oneof_decl.add(name="_limit")
    field = named(message.field, "limit")
    field.oneof_index = len(message.oneof_decl) - 1
    field.proto3_optional = True


def leave_oneof(files):
    find_field(files, "PointId", "num").ClearField("oneof_index")


def rename_oneof(files):
    find_message(files, "PointId").oneof_decl[0].name = "other"


def unpack(files):
    find_field(files, "DenseVector", "data").options.packed = False


def unmap(files):
    named(find_message(files, "ScoredPoint").nested_type, "PayloadEntry").options.map_entry = False


def change_map_value(files):
    entry = named(find_message(files, "ScoredPoint").nested_type, "PayloadEntry")
    named(entry.field, "value").type_name = ".qdrant.Filter"


def change_json_name(files):
    find_field(files, "ScoredPoint", "version").json_name = "v"


def drop_message(files):
    for file in files:
        for message in [m for m in file.message_type if m.name == "GeoRadius"]:
            file.message_type.remove(message)


def drop_nested_message(files):
    message = find_message(files, "PointsUpdateOperation")
    message.nested_type.remove(named(message.nested_type, "ClearPayload"))


def drop_enum(files):
    for file in files:
        for enum in [e for e in file.enum_type if e.name == "Fusion"]:
            file.enum_type.remove(enum)


def drop_enum_value(files):
    enum = find_enum(files, "Fusion")
    enum.value.remove(named(enum.value, "DBSF"))


def change_enum_number(files):
    named(find_enum(files, "Distance").value, "Dot").number = 7


def drop_service(files):
    for file in files:
        del file.service[:]


def drop_rpc(files):
    service = find_service(files, "Points")
    service.method.remove(named(service.method, "Query"))


def change_request(files):
    named(find_service(files, "Points").method, "Query").input_type = ".qdrant.Filter"


def change_reply(files):
    named(find_service(files, "Points").method, "Query").output_type = ".qdrant.Filter"


def stream_request(files):
    named(find_service(files, "Points").method, "Query").client_streaming = True


def stream_reply(files):
    named(find_service(files, "Points").method, "Query").server_streaming = True


def drop_deprecation(files):
    find_field(files, "Vector", "data").options.deprecated = False


def drop_reservation(files):
    del find_message(files, "ScoredPoint").reserved_range[:]


def change_package(files):
    for file in files:
        file.package = "other"


@pytest.fixture(scope="module")
def qdrant():
    return read_ours(SCHEMAS["qdrant"]["ours"])


MUTATIONS = [
    (drop_field, "field qdrant.ScoredPoint.version", "missing in our schema"),
    (change_number, "field qdrant.ScoredPoint.version", "number is 99, must be 5"),
    (
        change_type,
        "field qdrant.ScoredPoint.version",
        "type is 'TYPE_INT64', must be 'TYPE_UINT64'",
    ),
    (
        change_type_name,
        "field qdrant.ScoredPoint.id",
        "type name is '.qdrant.Filter', must be '.qdrant.PointId'",
    ),
    (
        change_label,
        "field qdrant.ScoredPoint.id",
        "label is 'LABEL_REPEATED', must be 'LABEL_OPTIONAL'",
    ),
    (drop_presence, "field qdrant.QueryPoints.limit", "presence is False, must be True"),
    (add_presence, "field qdrant.SearchPoints.limit", "presence is True, must be False"),
    (leave_oneof, "field qdrant.PointId.num", "oneof is None, must be 'point_id_options'"),
    (rename_oneof, "field qdrant.PointId.uuid", "oneof is 'other', must be 'point_id_options'"),
    (unpack, "field qdrant.DenseVector.data", "packed is False, must be True"),
    (unmap, "field qdrant.ScoredPoint.payload", "map is False, must be True"),
    (
        change_map_value,
        "field qdrant.ScoredPoint.PayloadEntry.value",
        "type name is '.qdrant.Filter', must be '.qdrant.Value'",
    ),
    (change_json_name, "field qdrant.ScoredPoint.version", "json name is 'v', must be 'version'"),
    (drop_message, "message qdrant.GeoRadius", "missing in our schema"),
    (
        drop_nested_message,
        "message qdrant.PointsUpdateOperation.ClearPayload",
        "missing in our schema",
    ),
    (drop_enum, "enum qdrant.Fusion", "missing in our schema"),
    (drop_enum_value, "enum value qdrant.Fusion.DBSF", "missing in our schema"),
    (change_enum_number, "enum value qdrant.Distance.Dot", "number is 7, must be 3"),
    (drop_service, "service qdrant.Points", "missing in our schema"),
    (drop_rpc, "rpc qdrant.Points.Query", "missing in our schema"),
    (
        change_request,
        "rpc qdrant.Points.Query",
        "request is '.qdrant.Filter', must be '.qdrant.QueryPoints'",
    ),
    (
        change_reply,
        "rpc qdrant.Points.Query",
        "reply is '.qdrant.Filter', must be '.qdrant.QueryResponse'",
    ),
    (stream_request, "rpc qdrant.Points.Query", "request stream is True, must be False"),
    (stream_reply, "rpc qdrant.Points.Query", "reply stream is True, must be False"),
    (drop_deprecation, "field qdrant.Vector.data", "deprecated is False, must be True"),
    (drop_reservation, "message qdrant.ScoredPoint", "reserved numbers is [], must be [(4, 5)]"),
    (change_package, "message qdrant.Filter", "missing in our schema"),
]


@pytest.mark.parametrize("mutate, fact, what", MUTATIONS, ids=lambda v: getattr(v, "__name__", ""))
def test_names_a_difference(qdrant, mutate, fact, what):
    changed = copy(qdrant)
    mutate(changed)
    assert f"{fact}: {what}" in differences(changed, qdrant)


@pytest.mark.parametrize(
    "mutate, fact",
    [(mutate, fact) for mutate, fact, what in MUTATIONS if what == "missing in our schema"],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_names_what_only_we_have(qdrant, mutate, fact):
    changed = copy(qdrant)
    mutate(changed)
    assert f"{fact}: only in our schema" in differences(qdrant, changed)


def with_service(files, name, messages):
    """A copy with one more service, whose first message holds the others."""
    extended = copy(files)
    file = extended[0]
    for number, message in enumerate(messages):
        added = file.message_type.add(name=message)
        added.field.add(name="text", number=1, type=F.TYPE_STRING, label=F.LABEL_OPTIONAL)
        if number > 0:
            holder = find_message(extended, messages[0])
            holder.field.add(
                name=f"part_{number}",
                number=number + 1,
                type=F.TYPE_MESSAGE,
                type_name=f".{file.package}.{message}",
                label=F.LABEL_OPTIONAL,
            )
    method = file.service.add(name=name).method.add(name="Do")
    method.input_type = f".{file.package}.{messages[0]}"
    method.output_type = ".qdrant.Filter"
    return extended


def test_internal_service_and_what_only_it_carries_may_be_missing(qdrant):
    assert differences(qdrant, with_service(qdrant, "Raft", ["RaftMessage", "RaftEntry"])) == []


def test_other_service_may_not_be_missing(qdrant):
    found = differences(qdrant, with_service(qdrant, "Consoles", ["ConsoleInput"]))
    assert "service qdrant.Consoles: missing in our schema" in found
    assert "rpc qdrant.Consoles.Do: missing in our schema" in found
    assert "message qdrant.ConsoleInput: missing in our schema" in found


def test_public_message_carried_by_an_internal_service_too_may_not_be_missing(qdrant):
    theirs = with_service(qdrant, "Raft", ["RaftMessage"])
    ours = copy(qdrant)
    for file in ours:
        for message in [m for m in file.message_type if m.name == "Filter"]:
            file.message_type.remove(message)
    assert "message qdrant.Filter: missing in our schema" in differences(ours, theirs)


def test_message_no_service_carries_may_not_be_missing(qdrant):
    theirs = copy(qdrant)
    theirs[0].message_type.add(name="Idle")
    assert differences(qdrant, theirs) == ["message qdrant.Idle: missing in our schema"]
