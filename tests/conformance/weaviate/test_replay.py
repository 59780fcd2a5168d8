"""Every recorded exchange of Weaviate through vecgate; needs both programs built."""

import pytest

from ..conftest import OUTCOMES
from . import corpus
from .replay import Replay, load_expected, load_reasons

RECORDS = corpus.load()


@pytest.fixture(scope="module")
def runner():
    runner = Replay()
    yield runner
    runner.close()


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_replay(record, runner, pytestconfig):
    outcome = runner.run(record)
    pytestconfig.stash[OUTCOMES].append(outcome)
    if not outcome.verdict.passes:
        pytest.fail(outcome.text(), pytrace=False)


def test_expected_differences_name_records():
    assert set(load_expected()) <= {record.name for record in RECORDS}


def test_reasons_are_given_somewhere():
    given = {reason for reasons in load_expected().values() for reason in reasons.split(",")}
    assert given == set(load_reasons())
