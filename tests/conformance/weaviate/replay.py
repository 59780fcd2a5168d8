"""Replays recorded exchanges of Weaviate through vecgate in front of the scripted upstream.

Every record becomes one REST request. Records with a twin in gRPC are replayed without a REST port: the calls have to
ask the same as the recorded ones, and the reply has to be the native one; where that fails, it may be so with a REST port
that tells the schema. Records without a twin are replayed twice:
with a REST port, whose reply has to come through, and without one, where the gateway says that it has nothing for it.
"""

import http.client
import re

from ..compare import Difference
from ..http_call import Connection
from ..processes import Gateway, ScriptedUpstream, reply_answer
from ..replay import Outcome, Verdict, counted, data_lines
from . import requests
from .compare import compare_reply
from .corpus import FOLDER
from .rest_side import RestSide

HERE = FOLDER.parents[1] / "conformance" / "weaviate"
EXPECTED = HERE / "expected_differences"
REASONS = HERE / "reasons"
# Answered without the REST port though gRPC has nothing for it.
OWN_ANSWERS = {"service/meta", "service/openid-configuration-absent", "service/v1-links", "auth/none-meta"}
ATTEMPTS = 5
GROUPS = "schema,objects,users,cluster,backups,discovery"


def load_reasons(path=REASONS):
    """Name of a reason -> its text."""
    return dict(line.split(maxsplit=1) for line in data_lines(path))


def load_expected(path=EXPECTED):
    """Record -> reasons, each line `<record> <reason>[,<reason>]`."""
    known = load_reasons()
    entries = {}
    for line in data_lines(path):
        name, reasons = line.split()
        for reason in reasons.split(","):
            if reason not in known:
                raise ValueError(f"{path}: {name}: there is no reason {reason}")
        if name in entries:
            raise ValueError(f"{path}: {name} stands twice")
        entries[name] = reasons
    return entries


class Stage:
    """One vecgate in front of one scripted upstream, with a REST port or without."""

    def __init__(self, with_rest):
        self.upstream = ScriptedUpstream(FOLDER, equivalents=None)
        self.rest = RestSide() if with_rest else None
        rest = ["--config", self._config()] if with_rest else []
        self.gateway = Gateway(self.upstream.address, "--upstream-kind", "weaviate", *rest)
        self.connection = Connection("127.0.0.1", self.gateway.port)

    def _config(self):
        path = self.upstream.folder / "vecgate.yaml"
        path.write_text(f"upstream:\n  rest: {self.rest.address}\n  rest_groups: [{GROUPS}]\n")
        return path

    def close(self):
        self.connection.close()
        self.gateway.close()
        if self.rest is not None:
            self.rest.close()
        self.upstream.close()


class Replay:
    """Judges records one at a time; starts what it needs at the first record that needs it."""

    def __init__(self, entries=None):
        self._entries = load_expected() if entries is None else entries
        self._stages = {}

    def close(self):
        for stage in self._stages.values():
            stage.close()

    def _stage(self, with_rest):
        if with_rest not in self._stages:
            self._stages[with_rest] = Stage(with_rest)
        return self._stages[with_rest]

    def run(self, record):
        try:
            differences = self._ask(record, with_rest=False)
            if not record.has_twin:
                differences += self._ask(record, with_rest=True)
            elif differences and not record.name.endswith("-without-schema"):
                # Some were recorded with the schema at hand, which comes from the REST port. One that was not recorded,
                # made at the same time, may arrive first and get the recorded reply: then it is asked again.
                if any(not self._ask(record, with_rest=True) for _ in range(ATTEMPTS)):
                    differences = []
        except (OSError, http.client.HTTPException) as error:
            for stage in self._stages.values():
                stage.close()
            self._stages = {}
            return Outcome(record, Verdict.UNEXPECTED, [Difference("connection", "a reply", repr(error))])
        reasons = self._entries.get(record.name)
        if reasons is None:
            return Outcome(record, Verdict.UNEXPECTED if differences else Verdict.EQUAL, differences, record.note)
        return Outcome(record, Verdict.EXPECTED if differences else Verdict.STALE, differences, reasons)

    def _ask(self, record, with_rest):
        stage = self._stage(with_rest)
        if with_rest:
            stage.rest.expected = None if record.has_twin else record
        stage.upstream.expect(record.name, otherwise_for(record), unordered=True)
        reply = stage.connection.send(record.request)
        if not record.has_twin and not with_rest:
            return [] if record.name in OWN_ANSWERS else judge_absence(reply)
        return judge_calls(record, counted(stage.upstream.report())) + compare_reply(record, reply)


# SearchReply{results: [{metadata: {id}}]}
_ID = b"5e1f0c00-7a3b-4d2e-9c11-000000000001"
FOUND = b"\x12\x28\x12\x26\x0a\x24" + _ID
SEARCH = "/weaviate.v1.Weaviate/Search"


def otherwise_for(record):
    """What calls get that are not recorded. Writes look first whether what they are about
    is there, reads look for references in every class that they may lead to."""
    if record.status == 401 and not record.calls:
        return {"error": {"code": "UNKNOWN", "message": "extract auth: " + record.raw["rest_reply"]["body"]["message"]}}
    if not record.request.target.startswith("/v1/objects"):
        return None
    is_there = "/references/" in record.request.target and record.status < 400
    return reply_answer(FOUND if is_there else b"")


def may_ask(record, call):
    return otherwise_for(record) is not None and (call["method"] == SEARCH or record.status == 401)


def judge_absence(reply):
    """The gateway's own word for what gRPC has nothing for; in GraphQL an error among data."""
    said = re.search(r"not available through the gRPC upstream", reply.body.decode("utf-8", "replace"))
    if said and reply.status in (501, 200):
        return []
    return [Difference("without REST", "501", f"{reply.status}: {reply.body[:300]!r}")]


def judge_calls(record, calls):
    found = []
    random_ids = "without-id" in record.name
    for call in calls:
        if call["kind"] != "expected" and may_ask(record, call):
            continue
        if call["kind"] != "expected":
            found.append(Difference(f"call {call['method']}", "none", "\n" + str(_read(call, random_ids))))
            continue
        recorded = record.calls[call["index"]]
        lines = list(requests.differences(_read(recorded, random_ids), _read(call, random_ids)))
        if lines:
            found.append(Difference(f"call {call['method']}", "as recorded", "\n" + "\n".join(lines)))
    made = {call["index"] for call in calls}
    health = "/grpc.health.v1.Health/Check"
    for i, recorded in enumerate(record.calls):
        if i not in made and recorded["method"] != health:
            found.append(Difference("call", recorded["method"], "not made"))
    return found


def _read(call, random_ids):
    request = requests.read(call["method"], call["request_b64"])
    if random_ids and isinstance(request, dict):
        for item in request.get("objects", []):
            item["uuid"] = "VOLATILE"
    return request
