"""The mixed load of soak.py for a short while; `python -m e2e.soak` runs it for as long as you like."""

from pathlib import Path

from .soak import Soak

SECONDS = 20


def test_mixed_load_with_reloads_restarts_and_a_handover(tmp_path: Path) -> None:
    soak = Soak(tmp_path, SECONDS)
    assert not soak.run()
    for what in ("reloads", "keys", "certificates", "faulty configurations", "upstream restarts", "handovers"):
        assert soak.counts[what], what
