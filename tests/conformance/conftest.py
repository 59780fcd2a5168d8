import pytest

from . import corpus
from .processes import ScriptedUpstream
from .replay import Replay, summary

OUTCOMES = pytest.StashKey[list]()


def pytest_configure(config):
    config.stash[OUTCOMES] = []


@pytest.fixture(scope="session")
def records():
    return corpus.load()


@pytest.fixture(scope="session")
def replay(records):
    runner = Replay(records)
    yield runner
    runner.close()


@pytest.fixture(scope="session")
def outcomes(pytestconfig):
    """Where each replayed record leaves its outcome, for the summary."""
    return pytestconfig.stash[OUTCOMES]


@pytest.fixture(scope="module")
def upstream():
    program = ScriptedUpstream()
    yield program
    program.close()


def pytest_terminal_summary(terminalreporter, config):
    if outcomes := config.stash[OUTCOMES]:
        terminalreporter.section("replay")
        terminalreporter.write_line(summary(outcomes))
