"""Replays recorded exchanges through vecgate in front of the scripted upstream.

Every record becomes one REST request. What the gateway asks the upstream has to equal the recorded gRPC calls, and what
it answers the recorded REST reply. Records without gRPC calls are judged by what their native reply tells:

  success             the gateway has to make a call of the route's method; an empty reply comes back, so only that
                      the request was understood is judged
  local answer        (health texts, unknown routes, refusals while parsing or validating) no call, and the native
                      answer
  refusal of the      (those listed in qdrant/refused_upstream) a call, if the gateway makes one, fails with the status
  database            that native servers pair with this REST answer; the native answer
"""

import dataclasses
import fnmatch
import http.client
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from . import expected_differences
from .compare import Difference, Tolerance, compare_reply
from .http_call import Connection
from .own_values import own_values, with_operation_ids
from .processes import Gateway, ScriptedUpstream, reply_answer
from .routes import RouteMethods

NOT_REPLAYABLE = Path(__file__).parent / "qdrant" / "not_replayable"
REFUSED_UPSTREAM = Path(__file__).parent / "qdrant" / "refused_upstream"
OPTIONAL_READS = Path(__file__).parent / "qdrant" / "optional_reads"
KEYED_SERVER = "auth"
BACKGROUND_CALL_SECONDS = 5
CODE_BY_STATUS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ALREADY_EXISTS",
    500: "INTERNAL",
}


class Verdict(Enum):
    EQUAL = "equal"
    EXPECTED = "expected difference"
    UNEXPECTED = "unexpected difference"
    STALE = "expected difference that no longer differs"
    NOT_REPLAYABLE = "not replayable"
    WRONG_STAND_IN = "not replayable, and not answered as agreed"

    @property
    def passes(self):
        return self in (Verdict.EQUAL, Verdict.EXPECTED, Verdict.NOT_REPLAYABLE)


@dataclass
class Outcome:
    record: object
    verdict: Verdict
    differences: list = field(default_factory=list)
    remark: str = ""

    def text(self):
        request = self.record.request
        lines = [f"{self.record.name}: {self.verdict.value}" + (f" ({self.remark})" if self.remark else "")]
        lines.append(f"  {request.method} {request.target} {(request.body or b'')[:300].decode('utf-8', 'replace')}")
        shown = [f"  {line}" for d in self.differences for line in str(d).splitlines()]
        return "\n".join(lines + shown[:40] + (["  ..."] if len(shown) > 40 else []))


@dataclass(frozen=True)
class StandIn:
    """What vecgate answers by design where a recorded reply cannot come through gRPC."""

    pattern: str
    status: int
    reason: str

    def fits(self, record):
        return fnmatch.fnmatchcase(record.name, self.pattern)


def data_lines(path):
    """Lines that are neither empty nor comments."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def load_stand_ins(path=NOT_REPLAYABLE):
    fields = (line.split(maxsplit=2) for line in data_lines(path))
    return [StandIn(pattern, int(status), reason) for pattern, status, reason in fields]


def load_optional_reads(path=OPTIONAL_READS):
    """Method -> the method that a gateway may call after it or not, as the reply needs it."""
    fields = (line.split(maxsplit=2) for line in data_lines(path))
    return {after: read for after, read, _reason in fields}


class Stage:
    """One vecgate in front of one scripted upstream."""

    def __init__(self):
        self.upstream = ScriptedUpstream()
        try:
            self.gateway = Gateway(self.upstream.address)
        except BaseException:
            self.upstream.close()
            raise
        self.connection = Connection("127.0.0.1", self.gateway.port)

    def close(self):
        self.connection.close()
        self.gateway.close()
        self.upstream.close()


class Replay:
    """Judges records one at a time; starts what it needs at the first record that needs it."""

    def __init__(self, records, entries=None, stand_ins=None):
        self._methods = RouteMethods(records)
        self._entries = expected_differences.load() if entries is None else entries
        self._stand_ins = load_stand_ins() if stand_ins is None else stand_ins
        self._refused_upstream = set(data_lines(REFUSED_UPSTREAM))
        self._optional_reads = load_optional_reads()
        self._stages = {}

    def close(self):
        for stage in self._stages.values():
            stage.close()

    def _stage(self, record):
        # Servers with and without keys disagree about the same credential, and gateways remember such proofs.
        keyed = record.server == KEYED_SERVER
        if keyed not in self._stages:
            self._stages[keyed] = Stage()
        return self._stages[keyed]

    def run(self, record):
        stage = self._stage(record)
        stage.upstream.expect(record.name, otherwise_for(record), added_reads(record, self._optional_reads))
        try:
            reply = stage.connection.send(request_of(record))
        except (OSError, http.client.HTTPException) as error:
            # The gateway broke off; the next record gets a new one.
            self._stages.pop(record.server == KEYED_SERVER).close()
            return Outcome(record, Verdict.UNEXPECTED, [Difference("connection", "a reply", repr(error))])
        calls = wait_for_calls(stage.upstream, record)
        stand_in = next((s for s in self._stand_ins if s.fits(record)), None)
        if stand_in is not None:
            differences = judge_stand_in(stand_in, reply)
            verdict = Verdict.WRONG_STAND_IN if differences else Verdict.NOT_REPLAYABLE
            return Outcome(record, verdict, differences, stand_in.reason)
        if record.calls:
            differences = judge_reply(record, reply)
            spared = not differences and spared_read(record, calls, self._optional_reads)
            differences = judge_calls(record, calls, spared) + differences
        elif record.status < 300 and self._methods.of(record.request):
            differences = judge_parsing(self._methods.of(record.request), calls, reply)
        else:
            differences = judge_reply(record, reply)
            if record.name not in self._refused_upstream:
                differences += [Difference("call", "none", call["method"]) for call in counted(calls)]
        return self._verdict(record, differences + list(stray_metadata(record, calls)))

    def _verdict(self, record, differences):
        entry = self._entries.get(record.name)
        if entry is None:
            return Outcome(record, Verdict.UNEXPECTED if differences else Verdict.EQUAL, differences)
        if not differences:
            return Outcome(record, Verdict.STALE, [], f"row {entry.row}: {entry.reason}")
        objection = entry.objection(differences)
        if objection is not None:
            return Outcome(record, Verdict.UNEXPECTED, differences, objection)
        return Outcome(record, Verdict.EXPECTED, differences, f"row {entry.row}: {entry.reason}")


def request_of(record):
    """The recorded request, for the history of the server that played gRPC: it named snapshots otherwise."""
    request = record.request
    name = ((record.calls[0]["request"] or {}) if record.calls else {}).get("snapshot_name")
    path, slash, last = request.target.rpartition("/")
    if name and last.endswith(".snapshot"):
        return dataclasses.replace(request, target=path + slash + name)
    return request


def otherwise_for(record):
    """What the upstream gives to calls that are not recorded."""
    if record.calls:
        return None
    if record.status < 300:
        return reply_answer()
    text = record.error_text
    if record.status not in CODE_BY_STATUS or not text or text.startswith("Not found: Point with id"):
        return reply_answer()
    return {"error": {"code": CODE_BY_STATUS[record.status], "message": text}}


def counted(calls):
    return [call for call in calls if call["kind"] in ("expected", "extra")]


def wait_for_calls(upstream, record):
    """The calls so far; a route that answers before it asks gets time to ask."""
    deadline = time.monotonic() + BACKGROUND_CALL_SECONDS
    while True:
        calls = upstream.report()
        late = record.status == 202 and len(counted(calls)) < len(record.calls)
        if not late or time.monotonic() > deadline:
            return calls
        time.sleep(0.005)


def added_reads(record, optional_reads):
    """Methods that the gateway may call after the recorded calls."""
    if not record.calls or "error" in record.calls[-1]:
        return []
    read = optional_reads.get(record.calls[-1]["method"])
    return [read] if read else []


def spared_read(record, calls, optional_reads):
    """Whether all that the gateway left out is a last call that it may leave out."""
    methods = [call["method"] for call in record.calls]
    made = sum(call["kind"] == "expected" for call in calls)
    return made == len(methods) - 1 >= 1 and optional_reads.get(methods[-2]) == methods[-1]


def judge_calls(record, calls, spared=False):
    found = []
    made = counted(calls)
    # Where native REST refuses first, or gRPC would wrongly refuse, the gateway is right to decide alone.
    undecided = record.derived == "differs" and (record.status >= 400 or "error" in record.calls[-1])
    if not made and (record.refused_before_operation or undecided):
        return found
    for i, call in enumerate(made):
        if call["difference"]:
            found.append(Difference(f"call {i + 1} {call['method']}", "as recorded", "\n" + call["difference"]))
    for missing in [] if spared else record.calls[len([c for c in made if c["kind"] == "expected"]) :]:
        found.append(Difference("call", missing["method"], "not made"))
    return found


def judge_parsing(method, calls, reply):
    # Listing collections counts here even where it looks like the proof of a credential.
    methods = {call["method"] for call in calls if call["kind"] != "health"}
    if method in methods:
        return []
    return [Difference("call", method, f"{sorted(methods) or 'none'}, status {reply.status}: {reply.body[:300]!r}")]


def stray_metadata(record, calls):
    """Only what the client sent goes upstream."""
    sent = {name.lower() for name in record.request.headers}
    names = {name for call in calls for name in call["metadata"]}
    yield from (Difference(f"metadata {name}", "absent", "sent upstream") for name in sorted(names - sent))


def judge_reply(record, reply):
    if record.compare.get("status_only"):
        same = reply.status == record.status
        return [] if same else [Difference("status", str(record.status), str(reply.status))]
    tolerance = dataclasses.replace(
        Tolerance.of(record), exact_spelling=record.exact_spelling, own_values=own_values(record)
    )
    return compare_reply(
        record.status, record.content_type, record.reply_headers, with_operation_ids(record), reply, tolerance
    )


def judge_stand_in(stand_in, reply):
    if reply.status != stand_in.status:
        return [Difference("status", str(stand_in.status), f"{reply.status}: {reply.body[:300]!r}")]
    if reply.status != 501:
        return []
    try:
        reply.document["status"]["error"]
    except (ValueError, KeyError, TypeError):
        return [Difference("body", "an error in the envelope", repr(reply.body[:300]))]
    return []


def summary(outcomes):
    count = Counter(outcome.verdict for outcome in outcomes)
    absent = count[Verdict.NOT_REPLAYABLE] + count[Verdict.WRONG_STAND_IN]
    parts = [
        f"replayed {len(outcomes) - absent}",
        f"not replayable {absent}",
        f"equal {count[Verdict.EQUAL]}",
        f"expected differences {count[Verdict.EXPECTED]}",
        f"unexpected {count[Verdict.UNEXPECTED] + count[Verdict.WRONG_STAND_IN]}",
        f"stale entries {count[Verdict.STALE]}",
    ]
    return ", ".join(parts)
