"""Gateways before a development upstream, with its REST port and without, filled with a library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .library import fill
from .stage import Stage


def _stage(factory: pytest.TempPathFactory, with_rest: bool) -> Iterator[Stage]:
    with Stage(factory.mktemp("weaviate"), with_rest) as stage:
        stage.gateway.wait_ready()
        yield stage


@pytest.fixture(scope="session")
def with_rest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from _stage(tmp_path_factory, with_rest=True)


@pytest.fixture(scope="session")
def without_rest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from _stage(tmp_path_factory, with_rest=False)


@pytest.fixture(params=["with_rest", "without_rest"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Each of the two, with the library as it was."""
    result = request.getfixturevalue(request.param)
    fill(result.store)
    return result
