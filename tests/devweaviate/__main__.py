"""Runs the development upstream: `python -m devweaviate --port 50051 --rest-port 8080`."""

from __future__ import annotations

import argparse
import signal
import threading

from .rest import RestSide
from .service import Service, build
from .store import Store


def main() -> None:
    parser = argparse.ArgumentParser(prog="devweaviate", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=50051, help="of gRPC; 0 picks a free one")
    parser.add_argument("--rest-port", type=int, default=8080, help="0 picks a free one")
    parser.add_argument("--api-key", help="ask every call for this key")
    arguments = parser.parse_args()

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    store = Store()
    server, port = build(Service(store, arguments.api_key), arguments.host, arguments.port)
    rest = RestSide(store, arguments.host, arguments.rest_port, arguments.api_key)
    server.start()
    print(f"devweaviate listening on {arguments.host}:{port}, REST on {arguments.host}:{rest.port}", flush=True)
    stop.wait()
    server.stop(grace=1).wait()
    rest.close()


if __name__ == "__main__":
    main()
