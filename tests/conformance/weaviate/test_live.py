"""The live mode, against small servers that say what they are told."""

import json

from ..replay import Verdict
from ..test_live import says, serving
from .corpus import SEED, Record, load, load_all
from .live import Live, in_order


SEEDS = [record for record in load_all() if record.group == SEED]
STATUSES = {(each.request.method, each.request.target, each.request.body): each.status for each in SEEDS}


def filled(*request):
    """What each write of the seed is answered with."""
    return STATUSES[request], {"content-type": "application/json"}, b"{}"


def verdict(native, gateway, note=None):
    """Of one record, with servers that answer so once they are filled."""
    rest = {"method": "GET", "path": "/v1/objects/A/1", "query": "", "body": None}
    raw = {"name": "objects/x", "note": note, "rest": rest, "rest_reply": {"status": 200, "content_type": "", "body": 1}}

    def server(answer):
        return lambda *request: answer(*request) if request[1] == rest["path"] else filled(*request)

    with serving(server(native)) as (url, asked), serving(server(gateway)) as (other, also):
        live = Live(url, other, other, {})
        try:
            outcome = live.run(Record(json.dumps(raw)))
        finally:
            live.close()
        assert len(asked) == len(also) == len(SEEDS) + 1
        return outcome.verdict


def test_equal_but_for_what_is_volatile():
    native, gateway = (says(f'{{"a": 1, "creationTimeUnix": {time}}}') for time in (5, 7))
    assert verdict(native, gateway) is Verdict.EQUAL


def test_another_number_is_another_answer():
    assert verdict(says('{"a": 1}'), says('{"a": 1.0}')) is Verdict.UNEXPECTED
    assert verdict(says('{"a": 1}'), says('{"a": 2}'), note="gRPC has it otherwise") is Verdict.EXPECTED


def test_reads_come_before_writes():
    names = [record.name for record in in_order(load())]
    first_write = names.index("batch_objects/one")
    assert all(name.split("/")[0] not in ("graphql_get", "aggregate", "rest_search") for name in names[first_write:])
    assert names.index("objects/get-plain") < names.index("objects/post-full")
    assert not any(name.startswith("auth/") for name in names)
