"""The layers check as a test of pytest, for runs without a build."""

import check_layers


def test_no_layer_includes_what_it_may_not():
    assert sorted(set(check_layers.violations())) == []
