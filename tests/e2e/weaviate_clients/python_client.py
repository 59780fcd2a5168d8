"""The Python client, if it is installed, told where the gateway is."""

from __future__ import annotations

import warnings
from typing import Any

from .stage import Stage

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        import weaviate
    except ImportError:
        weaviate = None


def client_of(stage: Stage, **arguments: Any) -> Any:
    """It speaks HTTP only: its own gRPC needs a port that is not given here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return weaviate.Client(stage.url, timeout_config=(5, 30), **arguments)
