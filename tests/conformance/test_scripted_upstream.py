"""The scripted upstream plays what was recorded, tells requests apart, and fails on command."""

import base64
import json

import grpc
import pytest

from .corpus import QDRANT
from .processes import ScriptedUpstream, reply_answer

COUNT = "/qdrant.Points/Count"
LIST = "/qdrant.Collections/List"
GET = "/qdrant.Collections/Get"
LIST_SHARD_KEYS = "/qdrant.Collections/ListShardKeys"
HEALTH = "/grpc.health.v1.Health/Check"
# CountPoints of collection "h": field 1; `exact`: field 3.
COUNT_H = b"\x0a\x01h"
COUNT_H_EXACT = COUNT_H + b"\x18\x01"
COUNT_H_INEXACT = COUNT_H + b"\x18\x00"


@pytest.fixture(autouse=True)
def fresh(request):
    if "upstream" in request.fixturenames:
        upstream = request.getfixturevalue("upstream")
        upstream.expect()
        upstream.fault(count=-1)


def failure(call):
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value


def test_every_record_is_played_back(upstream, records):
    """Also proof that each recorded request is equal to itself, however deep."""
    wrong = []
    for record in records:
        upstream.expect(record.name)
        for call in record.calls:
            metadata = list(call.get("metadata", {}).items())
            try:
                reply = upstream.call(call["method"], base64.b64decode(call["request_b64"]), metadata)
                played = {"reply_b64": base64.b64encode(reply).decode()}
            except grpc.RpcError as error:
                trailers = dict(error.trailing_metadata())
                played = {"error": {"code": error.code().name, "message": error.details()}}
                if "metadata" in call.get("error", {}):
                    played["error"]["metadata"] = {k: trailers.get(k) for k in call["error"]["metadata"]}
            if any(call.get(key) != value for key, value in played.items()):
                wrong.append(record.name)
        report = upstream.report()
        if [c["kind"] for c in report] != ["expected"] * len(record.calls) or any(c["difference"] for c in report):
            wrong.append(record.name)
    assert not wrong


def test_another_request_is_answered_and_reported(upstream):
    upstream.expect("hw/count")
    upstream.call(COUNT, b"\x0a\x01x")
    (call,) = upstream.report()
    assert call["kind"] == "expected"
    assert call["difference"] == 'modified: collection_name: "h" -> "x"\n'


def test_field_that_says_the_default_is_no_difference(upstream):
    upstream.expect("hw/count")
    upstream.call(COUNT, COUNT_H_EXACT)
    assert upstream.report()[0]["difference"] == ""


def test_field_that_says_otherwise_is_a_difference(upstream):
    upstream.expect("hw/count")
    upstream.call(COUNT, COUNT_H_INEXACT)
    assert upstream.report()[0]["difference"] == "added: exact: false\n"


def difference_from_recorded(upstream, records, name, old, new):
    """What the upstream says about a recorded request of one call, `old` being replaced."""
    (call,) = next(r for r in records if r.name == name).calls
    request = base64.b64decode(call["request_b64"])
    assert request.count(old) == 1
    upstream.expect(name)
    upstream.call(call["method"], request.replace(old, new))
    return upstream.report()[0]["difference"]


# OptimizersConfigDiff from flush_interval_sec on: the older number of threads is field 8, the newer one field 9.
@pytest.mark.parametrize(
    "threads, difference",
    [
        (b"\x4a\x02\x08\x01", ""),
        (b"\x40\x02\x4a\x02\x08\x01", "added: optimizers_config.deprecated_max_optimization_threads: 2\n"),
        (b"\x40\x01\x4a\x02\x10\x00", "added: optimizers_config.deprecated_max_optimization_threads: 1\n"),
        (b"\x40\x01", "added: optimizers_config.deprecated_max_optimization_threads: 1\n"),
        (b"", "deleted: optimizers_config.max_optimization_threads: { value: 1 }\n"),
    ],
)
def test_a_field_that_repeats_another_is_no_difference(upstream, records, threads, difference):
    def config(threads):
        body = b"\x09\x9a\x99\x99\x99\x99\x99\xc9?\x10\xe8\x07\x18\x02\x30\xa0\x9c\x01\x38\x05" + threads
        return b"\x32" + bytes([len(body)]) + body

    recorded = config(b"\x40\x01\x4a\x02\x08\x01")
    found = difference_from_recorded(upstream, records, "collections/create-full", recorded, config(threads))
    assert difference in found
    assert bool(difference) == bool(found)


@pytest.mark.parametrize(
    "moment, same",
    [
        ("2024-01-15T00:00:00Z", True),
        ("2024-01-15T00:00:00.000Z", True),
        ("2024-01-15T01:00:00+01:00", True),
        ("2024-01-15T00:00:00+01:00", False),
        ("2024-01-15T00:00:00.000000001Z", False),
        ("2024-01-15T00:00:00.0000000001Z", False),
        ("2024-01-15", False),
        ("2024-01-32T00:00:00Z", False),
        ("", False),
    ],
)
def test_a_moment_told_as_text_is_no_difference(upstream, records, moment, same):
    def order_by(start_from):
        body = b"\x0a\x02at\x1a" + bytes([len(start_from)]) + start_from
        return b"\x52" + bytes([len(body)]) + body

    recorded = order_by(b"\x1a\x06\x08\x80\xeb\x91\xad\x06")
    changed = order_by(b"\x22" + bytes([len(moment)]) + moment.encode())
    assert (difference_from_recorded(upstream, records, "filter/order-dt", recorded, changed) == "") == same


@pytest.mark.parametrize(
    "entry",
    [
        {"field": "exact"},
        {"field": "no_such", "value": True},
        {"field": "exact", "value": 1},
        {"field": "exact", "same_as": "timeout"},
        {"field": "exact", "same_as": "filter"},
        {"field": "exact", "same_as": "filter.must"},
        {"field": "exact", "same_as": "exact.value"},
        {"field": "exact", "as_text": "collection_name"},
        {"field": "filter", "as_text": "collection_name"},
    ],
)
def test_a_bad_equivalent_is_refused(tmp_path, entry):
    path = tmp_path / "equivalents.json"
    path.write_text(json.dumps({"equivalents": [{"messages": ["qdrant.CountPoints"], **entry}]}))
    with pytest.raises(RuntimeError, match="exit 1"):
        ScriptedUpstream(QDRANT, f"--equivalents={path}")


def recorded_get(records, collection, server, before):
    """The last recorded `Collections/Get` of a collection."""
    request = base64.b64encode(b"\x0a" + bytes([len(collection)]) + collection).decode()
    return [
        base64.b64decode(call["reply_b64"])
        for record in records
        for call in record.calls
        if record.server == server
        and record.seq < before.seq
        and (call["method"], call["request_b64"]) == (GET, request)
    ][-1]


def test_an_added_read_gets_what_was_recorded_before(upstream, records):
    record = next(r for r in records if r.name == "shards/list-keys")
    get_custom = b"\x0a\x06custom"
    upstream.expect(record.name, reads=[GET])
    assert failure(lambda: upstream.call(GET, get_custom)).code() is grpc.StatusCode.INTERNAL
    upstream.call(LIST_SHARD_KEYS, get_custom)
    assert upstream.call(GET, get_custom) == recorded_get(records, b"custom", "main", record)
    assert failure(lambda: upstream.call(GET, get_custom)).code() is grpc.StatusCode.INTERNAL
    assert [call["kind"] for call in upstream.report()] == ["extra", "expected", "read", "extra"]
    assert [bool(call["difference"]) for call in upstream.report()] == [True, False, False, True]


def test_an_added_read_gets_the_last_of_its_answers(upstream, records):
    record = next(r for r in records if r.name == "cluster/resharding-start")
    upstream.expect(record.name, reads=[GET])
    assert upstream.call(GET, b"\x0a\x01k") == recorded_get(records, b"k", "cluster", record)


@pytest.mark.parametrize("reads, collection", [([], b"custom"), ([COUNT], b"custom"), ([GET], b"k")])
def test_no_other_read_is_added(upstream, reads, collection):
    """Neither one that is not listed nor one that was recorded later and on another server."""
    upstream.expect("shards/list-keys", reads=reads)
    upstream.call(LIST_SHARD_KEYS, b"\x0a\x06custom")
    failure(lambda: upstream.call(GET, b"\x0a" + bytes([len(collection)]) + collection))
    assert upstream.report()[-1]["kind"] == "extra"


def test_further_call_fails_unless_told_otherwise(upstream):
    upstream.expect("hw/count")
    upstream.call(COUNT, COUNT_H)
    assert failure(lambda: upstream.call(COUNT, COUNT_H)).code() is grpc.StatusCode.INTERNAL
    assert [call["kind"] for call in upstream.report()] == ["expected", "extra"]
    upstream.expect("hw/count", reply_answer(b"\x0a\x00"))
    assert upstream.call("/any.Service/Method", b"") == b"\x0a\x00"


def test_without_script_a_call_gets_what_was_recorded_for_it(upstream, records):
    recorded = next(r for r in records if r.name == "hw/count").calls[0]["reply_b64"]
    assert upstream.call(COUNT, COUNT_H_EXACT) == base64.b64decode(recorded)
    assert failure(lambda: upstream.call(COUNT, b"\x0a\x06absent")).code() is grpc.StatusCode.UNIMPLEMENTED


def test_unknown_record_is_refused(upstream):
    assert failure(lambda: upstream.expect("no/such")).code() is grpc.StatusCode.NOT_FOUND


def test_health_checks_stand_apart(upstream):
    upstream.expect("hw/count")
    assert upstream.call(HEALTH, b"") == b"\x08\x01"
    assert [call["kind"] for call in upstream.report()] == ["health"]


@pytest.mark.parametrize(
    "metadata, refusal",
    [
        ([("api-key", "admin-key")], None),
        ([("authorization", "Bearer ro-key")], None),
        ([("api-key", "e30.e30.c2ln")], None),
        ([], "Must provide an API key or an Authorization bearer token"),
        ([("authorization", "bearer admin-key")], "Must provide an API key or an Authorization bearer token"),
        ([("api-key", "nope"), ("authorization", "Bearer admin-key")], "Invalid API key or JWT"),
    ],
)
def test_credentials_are_proven_by_rule(upstream, metadata, refusal):
    upstream.expect("auth/open-livez")
    if refusal is None:
        assert upstream.call(LIST, b"", metadata) == b""
    else:
        error = failure(lambda: upstream.call(LIST, b"", metadata))
        assert (error.code(), error.details()) == (grpc.StatusCode.UNAUTHENTICATED, refusal)
    assert [call["kind"] for call in upstream.report()] == ["proof"]


def test_servers_without_keys_accept_any_credential(upstream):
    upstream.expect("raw/healthz")
    assert upstream.call(LIST, b"", [("api-key", "nope")]) == b""


def test_lost_credential_is_a_difference(upstream):
    upstream.expect("auth/key-admin")
    upstream.call(LIST, b"")
    (call,) = upstream.report()
    assert call["difference"] == "metadata api-key is missing"


def test_fault_ends_after_its_count(upstream):
    upstream.expect("hw/count")
    upstream.fault(count=1, error={"code": "UNAVAILABLE", "message": "away", "metadata": {"retry-after": "3"}})
    error = failure(lambda: upstream.call(COUNT, COUNT_H))
    assert (error.code(), error.details()) == (grpc.StatusCode.UNAVAILABLE, "away")
    assert dict(error.trailing_metadata())["retry-after"] == "3"
    upstream.call(COUNT, COUNT_H)
    assert [call["kind"] for call in upstream.report()] == ["faulty", "expected"]


def test_fault_of_one_method_spares_the_others(upstream):
    upstream.fault(method=HEALTH, error={"code": "UNAVAILABLE", "message": "away"})
    upstream.call(COUNT, COUNT_H)
    assert failure(lambda: upstream.call(HEALTH, b"")).code() is grpc.StatusCode.UNAVAILABLE


def test_late_answer_outlives_a_short_deadline(upstream):
    upstream.fault(count=1, delay_ms=60_000)
    assert failure(lambda: upstream.call(COUNT, COUNT_H, timeout=0.05)).code() is grpc.StatusCode.DEADLINE_EXCEEDED
    upstream.fault(count=1, delay_ms=20)
    upstream.call(COUNT, COUNT_H)


def test_garbage_is_no_message(upstream):
    upstream.fault(count=1, garbage=True)
    assert upstream.call(COUNT, COUNT_H) == b"\xff" * 64


def test_huge_trailer(upstream):
    upstream.fault(count=1, trailer_bytes=5000)
    assert len(dict(failure(lambda: upstream.call(COUNT, COUNT_H)).trailing_metadata())["x-huge"]) == 5000


def test_closing_connections_ends_calls_and_the_server_comes_back(upstream):
    upstream.fault(count=1, close=True)
    assert failure(lambda: upstream.call(COUNT, COUNT_H)).code() is grpc.StatusCode.UNAVAILABLE
    upstream.expect("hw/count")
    upstream.call(COUNT, COUNT_H)


@pytest.mark.parametrize("fault", [{"error": {"code": "NO_SUCH"}}, {"garbage": True, "trailer_bytes": 1}])
def test_bad_fault_is_refused(upstream, fault):
    assert failure(lambda: upstream.fault(**fault)).code() is grpc.StatusCode.INVALID_ARGUMENT


def test_canned_answers_need_no_script(tmp_path, records):
    canned = tmp_path / "canned.json"
    canned.write_text('{"/qdrant.Points/Count": {"record": "hw/count"}, "/x.Y/Z": {"reply_b64": "AQI="}}')
    upstream = ScriptedUpstream(QDRANT, f"--canned={canned}")
    recorded = next(r for r in records if r.name == "hw/count").calls[0]["reply_b64"]
    try:
        assert upstream.call(COUNT, b"") == base64.b64decode(recorded)
        assert upstream.call("/x.Y/Z", b"") == b"\x01\x02"
        assert upstream.report() == []
    finally:
        upstream.close()
