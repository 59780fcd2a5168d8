"""What counts as a difference, and what excuses one."""

import json

import pytest

from . import corpus, expected_differences
from .compare import ERROR_TEXT, Difference, Tolerance, compare_body, compare_reply
from .corpus import HttpReply, Record
from .lexemes import DuplicateKey, parse, spell
from .own_values import own_values, with_operation_ids
from .replay import added_reads, judge_calls, judge_reply, spared_read


def body(expected, actual, **tolerance):
    return [str(d) for d in compare_body(parse(expected), parse(actual), Tolerance(**tolerance))]


@pytest.mark.parametrize(
    "expected, actual",
    [
        ('{"result":1}', '{"result":1.0}'),
        ('{"result":0.0}', '{"result":-0.0}'),
        ('{"result":null}', "{}"),
        ('{"result":"1"}', '{"result":1}'),
        ('{"result":true}', '{"result":1}'),
        ('{"result":0.1}', '{"result":0.10000000149011612}'),
        ('{"result":[1,2]}', '{"result":[2,1]}'),
        ('{"result":18446744073709551615}', '{"result":18446744073709551616}'),
        ('{"result":9007199254740993}', '{"result":9007199254740992}'),
        ('{"result":{"operation_id":1}}', '{"result":{"operation_id":2}}'),
    ],
)
def test_differs(expected, actual):
    assert body(expected, actual)


@pytest.mark.parametrize(
    "expected, actual",
    [
        ('{"result":1,"time":0.5}', '{"time":0.25,"result":1}'),
        ('{"result":1,"time":0.5}', '{"result":1}'),
        ('{"result":1e-07}', '{"result":1e-7}'),
        ('{"a":{"b":1,"c":2}}', '{"a":{"c":2,"b":1}}'),
    ],
)
def test_agrees(expected, actual):
    assert not body(expected, actual)


def test_exact_spelling_sees_exponents():
    assert body('{"a":1e-07}', '{"a":1e-7}', exact_spelling=True)


def test_volatile_paths_go_through_lists():
    assert not body('{"result":[{"name":"a","x":1}]}', '{"result":[{"name":"b","x":1}]}', volatile=("result.name",))
    assert body('{"result":[{"name":"a","x":1}]}', '{"result":[{"name":"b","x":2}]}', volatile=("result.name",))


def test_unordered_lists_are_sets_with_repeats():
    paths = ("result.points",)
    assert not body('{"result":{"points":[1,2.0]}}', '{"result":{"points":[2.0,1]}}', unordered=paths)
    assert body('{"result":{"points":[1,1,2]}}', '{"result":{"points":[1,2,2]}}', unordered=paths)


def test_own_values_are_those_of_the_grpc_reply():
    tolerance = {"own_values": {"peer_id": {"7"}}}
    assert not body('{"result":{"peer_id":5}}', '{"result":{"peer_id":7}}', **tolerance)
    assert body('{"result":{"peer_id":5}}', '{"result":{"peer_id":8}}', **tolerance)


def texts(expected, actual):
    return compare_body({"status": {"error": expected}}, {"status": {"error": actual}})


FORMAT_TEXT = "Format error in JSON body: missing field `id` at line 1 column 9"


@pytest.mark.parametrize("path", ["points", "points[3].vector", "[0].a-b", 'params["a b"][0]', 'x["a.b"].c'])
def test_a_path_after_a_format_error_is_no_difference(path):
    assert not texts(FORMAT_TEXT, f"{FORMAT_TEXT} ({path})")


@pytest.mark.parametrize(
    "suffix", [" ()", " (a b)", " (a", "(a)", " (a).", " (a) (b)", " (a..b)", " ([x])", " at a", "\n(a)", " (a)\n"]
)
def test_anything_else_after_a_format_error_is_a_difference(suffix):
    assert texts(FORMAT_TEXT, FORMAT_TEXT + suffix)


def test_a_path_excuses_no_other_text_before_it():
    (found,) = texts(FORMAT_TEXT, FORMAT_TEXT.replace("id", "ids") + " (points)")
    assert not found.is_position_only


@pytest.mark.parametrize(
    "expected",
    [
        "Bad request: x",
        "Validation error in JSON body: [a: b]",
        "Wrong input: Format error in JSON body: x",
        "Format error",
    ],
)
def test_a_path_after_another_text_is_a_difference(expected):
    assert texts(expected, f"{expected} (points[3].vector)")


def test_a_recorded_suffix_has_to_come():
    assert texts(f"{FORMAT_TEXT} (a)", FORMAT_TEXT)
    assert texts(f"{FORMAT_TEXT} (a)", f"{FORMAT_TEXT} (b)")
    assert not texts(f"{FORMAT_TEXT} (a)", f"{FORMAT_TEXT} (a)")


def test_a_path_stays_in_texts_that_are_no_error():
    assert compare_body({"result": FORMAT_TEXT}, {"result": f"{FORMAT_TEXT} (a)"})


def test_a_key_printed_twice_is_no_json():
    with pytest.raises(DuplicateKey):
        parse('{"a":1,"a":1}')


def test_reply_differs_in_status_type_and_header():
    reply = HttpReply(200, {"content-type": "text/plain"}, b"x")
    found = compare_reply(429, "application/json", {"retry-after": "60"}, "x", reply, Tolerance())
    assert [d.where for d in found] == ["status", "content-type", "header retry-after"]


def test_reply_that_is_not_json_is_a_difference():
    reply = HttpReply(200, {"content-type": "application/json"}, b'{"a":')
    assert [d.where for d in compare_reply(200, "application/json", {}, {}, reply, Tolerance())] == ["body"]


def record(**fields):
    rest = {"method": "PUT", "path": "/collections/c/points", "query": "wait=true", "body": {"a": [1.0]}}
    reply = {"status": 200, "content_type": "application/json", "body": {"result": {"operation_id": 4}, "time": 0.1}}
    line = {"name": "g/n", "seq": 1, "server": "main", "kind": "pair", "derived": "same", "grpc": None}
    return Record(json.dumps({**line, "rest": rest, "rest_reply": reply, **fields}))


def test_request_is_sent_as_recorded():
    request = record().request
    assert (request.target, request.body) == ("/collections/c/points?wait=true", b'{"a": [1.0]}')
    assert request.headers == {"content-type": "application/json"}


def test_operation_ids_are_those_of_the_grpc_reply():
    made = record(grpc=[{"method": "/m", "request": {}, "reply": {"result": {"operation_id": "9"}}}])
    assert with_operation_ids(made)["result"] == {"operation_id": "9"}
    assert own_values(made)["peer_id"] == set()


def difference(expected, actual):
    return Difference(ERROR_TEXT, expected, actual)


@pytest.mark.parametrize(
    "row, found, excused",
    [
        (18, difference("Format error: x at line 1 column 2", "Format error: x at line 1 column 9 ($.a)"), True),
        (17, difference("Format error: x at line 1 column 2", "Format error: x at line 1 column 9"), False),
        (17, difference("Validation error in JSON body: [a: b]", "Validation error in JSON body: [c: b]"), True),
        (31, difference("Validation error in JSON body: [a: b]", "Validation error in JSON body: [c: b]"), True),
        (3, difference("Validation error in JSON body: [a: b]", "Validation error in JSON body: [c: b]"), False),
        (27, difference("Bad request: Limit exceeded 11 > 10", "Bad request: Limit exceeded 33 > 10"), True),
        (12, Difference("body.usage", "{}", "absent"), True),
    ],
)
def test_rows_excuse_their_own_kind(row, found, excused):
    assert (expected_differences.Entry("g/n", row, "why").objection([found]) is None) == excused


KEYS, GET = "/s/Keys", "/s/Get"
MADE = {"method": KEYS, "kind": "expected", "difference": ""}


def recording(*methods, **last):
    calls = [{"method": method, "request": {}, "reply": {}} for method in methods]
    calls[-1].update(last)
    return record(grpc=calls)


@pytest.mark.parametrize(
    "methods, made, spared",
    [
        ((KEYS, GET), [MADE], True),
        ((KEYS, GET), [MADE, MADE], False),
        ((KEYS, GET), [], False),
        ((KEYS, "/s/Other"), [MADE], False),
        (("/s/Other", GET), [MADE], False),
        ((KEYS, GET, GET), [MADE], False),
        ((GET,), [], False),
    ],
)
def test_only_an_optional_last_read_is_spared(methods, made, spared):
    assert spared_read(recording(*methods), made, {KEYS: GET}) == spared
    if spared:
        assert not judge_calls(recording(*methods), made, spared=True)
    missing = [d.actual for d in judge_calls(recording(*methods), made)]
    assert missing == ["not made"] * (len(methods) - len(made))


def test_a_read_is_added_only_after_its_method():
    assert added_reads(recording(GET, KEYS), {KEYS: GET}) == [GET]
    assert not added_reads(recording(KEYS, GET), {KEYS: GET})
    assert not added_reads(recording(KEYS, error={"code": "NOT_FOUND"}), {KEYS: GET})
    assert not added_reads(record(), {KEYS: GET})


@pytest.mark.parametrize("line", ["g/n 3 reason", "g/n row=3", "g/n row=32 reason", "g/n row=1 a\ng/n row=2 b"])
def test_expected_differences_refuse(line):
    with pytest.raises(ValueError):
        expected_differences.parse(line)


def test_every_recorded_reply_equals_itself():
    wrong = []
    for each in corpus.load():
        body = with_operation_ids(each)
        text = spell(body) if each.content_type == "application/json" else body or ""
        headers = {**each.reply_headers, **({"content-type": each.content_type} if each.content_type else {})}
        wrong.extend((each.name, d) for d in judge_reply(each, HttpReply(each.status, headers, text.encode())))
    assert not wrong
