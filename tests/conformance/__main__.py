"""python -m conformance replay|live: see README.md."""

import argparse
import fnmatch
import sys

from . import corpus
from .live import Live
from .replay import Replay, load_stand_ins, summary
from .weaviate import corpus as weaviate_corpus
from .weaviate import live as weaviate_live
from .weaviate import replay as weaviate


def arguments():
    parser = argparse.ArgumentParser(prog="python -m conformance", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    replay = commands.add_parser("replay", help="vecgate in front of the scripted upstream against recorded replies")
    live = commands.add_parser("live", help="vecgate against a running database")
    live.add_argument("--native", required=True, help="http://host:port of the database's REST API")
    live.add_argument("--gateway", required=True, help="http://host:port of vecgate")
    live.add_argument("--server", default="main", help="Qdrant: records of this kind of server (default: main)")
    live.add_argument("--seed", metavar="URL", help="Weaviate: the REST API of the database behind vecgate, to fill it")
    for command in (replay, live):
        command.add_argument("--api", default="qdrant", choices=("qdrant", "weaviate"), help="whose records (default: qdrant)")
        command.add_argument("--group", default="*", help="Weaviate: records of this group, as `objects` (a pattern, too)")
        command.add_argument("--only", default="*", metavar="GLOB", help="records whose name fits")
        command.add_argument("--verbose", action="store_true", help="print the records that agree as well")
    chosen = parser.parse_args()
    if chosen.command == "live" and (chosen.api == "weaviate") != (chosen.seed is not None):
        parser.error("--seed goes with --api weaviate")
    return chosen


def weaviate_runner(options):
    if options.command == "replay":
        return weaviate.Replay()
    return weaviate_live.Live(options.native, options.gateway, options.seed, weaviate.load_expected())


def main():
    options = arguments()
    records = corpus.load()
    if options.api == "weaviate":
        runner = weaviate_runner(options)
        records = [r for r in weaviate_corpus.load() if fnmatch.fnmatchcase(r.group, options.group)]
        if options.command == "live":
            records = weaviate_live.in_order(records)
    elif options.command == "replay":
        runner = Replay(records)
    else:
        runner = Live(options.native, options.gateway, load_stand_ins())
        records = [record for record in records if record.server == options.server]
    outcomes = []
    try:
        for record in records:
            if not fnmatch.fnmatchcase(record.name, options.only):
                continue
            outcome = runner.run(record)
            outcomes.append(outcome)
            if options.verbose or not outcome.verdict.passes:
                print(outcome.text(), flush=True)
    finally:
        runner.close()
    print(summary(outcomes))
    return 0 if outcomes and all(outcome.verdict.passes for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
