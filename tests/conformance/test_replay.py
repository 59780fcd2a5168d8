"""Every recorded exchange through vecgate; needs both programs built."""

import pytest

from . import corpus, expected_differences
from .replay import REFUSED_UPSTREAM, data_lines, load_stand_ins

RECORDS = corpus.load()


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_replay(record, replay, outcomes):
    outcome = replay.run(record)
    outcomes.append(outcome)
    if not outcome.verdict.passes:
        pytest.fail(outcome.text(), pytrace=False)


def test_expected_differences_name_records():
    assert set(expected_differences.load()) <= {record.name for record in RECORDS}


def test_stand_ins_fit_records():
    unused = [s.pattern for s in load_stand_ins() if not any(s.fits(record) for record in RECORDS)]
    assert not unused


def test_refusals_of_the_database_name_records():
    assert set(data_lines(REFUSED_UPSTREAM)) <= {record.name for record in RECORDS if not record.calls}
