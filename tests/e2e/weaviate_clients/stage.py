"""A development upstream of Weaviate in this process, with a gateway before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from devweaviate.rest import RestSide
from devweaviate.service import Service, build
from devweaviate.store import Store

from ..running import Vecgate

GROUPS = ["schema", "objects", "users", "cluster", "backups", "discovery"]


class Stage:
    """`store` holds what the database holds; `service.metadata` and `rest.asked` tell what arrived at its two ports."""

    def __init__(self, folder: Path, with_rest: bool, api_key: str | None = None, **settings: Any) -> None:
        folder.mkdir(exist_ok=True)
        self.with_rest = with_rest
        self.store = Store()
        self.service = Service(self.store, api_key)
        self.server, port = build(self.service, "127.0.0.1", 0)
        self.server.start()
        self.rest = RestSide(self.store, api_key=api_key)
        upstream = {"kind": "weaviate", "address": f"127.0.0.1:{port}"} | settings.pop("upstream", {})
        if with_rest:
            upstream |= {"rest": f"http://127.0.0.1:{self.rest.port}", "rest_groups": GROUPS}
        self.gateway = Vecgate(folder, None, upstream=upstream, **settings)
        self.url = f"http://127.0.0.1:{self.gateway.rest}"

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.gateway.__exit__()
        self.server.stop(grace=None).wait()
        self.rest.close()
