"""Runs the development upstream: `python -m devupstream --port 6334`."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
import warnings

from .server import build


def main() -> None:
    parser = argparse.ArgumentParser(prog="devupstream", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=6334, help="0 picks a free one")
    parser.add_argument("--api-key", help="ask every call for this key")
    arguments = parser.parse_args()

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Local mode warns about what it does not do, as a library should; README.md says it for this server.
    warnings.filterwarnings("ignore", module="qdrant_client")
    warnings.filterwarnings("ignore", message=".*[Ll]ocal (mode|Qdrant).*")

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())

    server, port = build(arguments.host, arguments.port, arguments.api_key)
    server.start()
    print(f"devupstream listening on {arguments.host}:{port}", flush=True)
    stop.wait()
    server.stop(grace=1).wait()


if __name__ == "__main__":
    main()
