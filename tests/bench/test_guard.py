"""No change may silently halve what reading and printing JSON is worth beside others, in the same run."""

import pytest

from .micro import PROGRAM, measure, ratios
from .processes import REPOSITORY

# About half of what was last measured: machines are noisy, and this is no benchmark.
LEAST = {
    "read_vs_simdjson": 0.45,
    "read_vs_protobuf": 6,
    "write_vs_to_chars": 0.75,
    "write_vs_protobuf": 7,
    "read_payload_vs_simdjson": 0.15,
    "write_payload_vs_protobuf": 4,
}


def test_json_keeps_its_lead():
    program = REPOSITORY / "build" / "release" / PROGRAM
    if not program.exists():
        pytest.skip("the micro-benchmarks are not built; build the release preset to run this test")
    found = ratios(measure(program, repetitions=3, seconds=0.02))
    assert found.keys() == LEAST.keys()
    assert not {row: value for row, value in found.items() if value < LEAST[row]}, found
