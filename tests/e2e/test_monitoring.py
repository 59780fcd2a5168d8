"""Dashboard, alerts and recording rules of deploy/, evaluated by a real Prometheus over a gateway that was in use."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .scrape import Scrape, documented
from .servers import REPOSITORY, Gateway, stop
from .wire import Wire, get, post, until

DEPLOY = REPOSITORY / "deploy"
RULES = DEPLOY / "prometheus" / "vecgate.rules.yml"
DASHBOARD = json.loads((DEPLOY / "grafana" / "dashboards" / "vecgate.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
VARIABLES = {"$__rate_interval": "1m", "$job": ".*", "$instance": ".*"}
# Prometheus' own, and what is there with other settings, or once something happened.
ELSEWHERE = {"up"} | {name for name, row in documented().items() if row[3]}
SCRAPES = 4

pytestmark = pytest.mark.skipif(
    shutil.which("promtool") is None or shutil.which("prometheus") is None,
    reason="there is no Prometheus (Debian package prometheus)",
)


def expressions() -> Iterator[tuple[str, str]]:
    """What panels and rules ask, and where."""
    for panel in PANELS:
        for target in panel["targets"]:
            text = target["expr"]
            for name, value in VARIABLES.items():
                text = text.replace(name, value)
            yield panel["title"], text
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        for rule in group["rules"]:
            yield rule.get("alert") or rule["record"], rule["expr"]


def recorded() -> set[str]:
    return {
        rule["record"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"] if "record" in rule
    }


def metrics_in(expression: str) -> set[str]:
    """Names before a selector or a range, or alone; not functions, labels, texts."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"\b(by|on|ignoring|group_left|group_right|without)\s*\([^)]*\)", " ", bare)
    bare = re.sub(r"\{[^}]*\}", "{}", bare)
    names = re.findall(r"(?<![\w:.$])([a-z_][\w:]*)(?!\s*\()(?=\W|$)", bare)
    return {name for name in names if "_" in name or name == "up"}


def use(vecgate: Gateway) -> None:
    """The tour, a compressed body, and bytes that are no request."""
    tour = [sys.executable, DEPLOY / "tour.py", "--url", f"http://127.0.0.1:{vecgate.rest}"]
    subprocess.run(tour, check=True, stdout=subprocess.DEVNULL)
    body = gzip.compress(b'{"exact":true}')
    assert post(vecgate.rest, "/collections/vecgate_tour/points/count", body, content_encoding="gzip").status == 200
    with Wire(vecgate.rest) as wire:
        wire.send(b"nonsense\r\n\r\n")
        assert wire.reply().status == 400


@pytest.fixture(scope="module")
def used(vecgate: Gateway) -> Gateway:
    use(vecgate)
    return vecgate


class Prometheus:
    def __init__(self, folder: Path, target: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        config = folder / "prometheus.yml"
        config.write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": "500ms", "evaluation_interval": "500ms"},
                    "rule_files": [str(RULES)],
                    "scrape_configs": [
                        {"job_name": "vecgate", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}
                    ],
                }
            )
        )
        self.log = (folder / "prometheus.log").open("w")
        self.process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def ask(self, path: str, **query: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=10) as reply:
            return json.load(reply)["data"]

    def samples(self, expression: str) -> list[dict]:
        return self.ask("query", query=expression)["result"]

    def has_scraped(self, times: int) -> bool:
        try:
            return bool(self.samples(f"count_over_time(up[1m]) >= {times}"))
        except OSError:
            return False


@pytest.fixture(scope="module")
def prometheus(used: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    server = Prometheus(tmp_path_factory.mktemp("prometheus"), used.admin)
    try:
        until(lambda: server.has_scraped(1), "Prometheus has scraped", within=60)
        use(used)  # between two scrapes, so that there are rates
        until(lambda: server.has_scraped(SCRAPES), "Prometheus has scraped again", within=60)
        yield server
    finally:
        stop(server.process)
        server.log.close()


def test_every_metric_asked_for_is_there(used: Gateway) -> None:
    told = Scrape.of(get(used.admin, "/metrics").body.decode())
    known = {name for name, _ in told.samples} | recorded() | ELSEWHERE
    for where, expression in expressions():
        assert metrics_in(expression), where
        assert metrics_in(expression) <= known, where


def test_every_panel_shows_something(prometheus: Prometheus) -> None:
    for panel in PANELS:
        shown, asked = [], set()
        for target in panel["targets"]:
            text = target["expr"]
            for name, value in VARIABLES.items():
                text = text.replace(name, value)
            asked |= metrics_in(text)
            shown += prometheus.samples(text)
        assert shown or asked & ELSEWHERE, panel["title"]


def test_rules_are_evaluated_and_nothing_fires(prometheus: Prometheus) -> None:
    def evaluated() -> bool:
        rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
        return bool(rules) and all(rule["health"] == "ok" for rule in rules)

    until(evaluated, "all rules are evaluated", within=30)
    for name in recorded():
        until(lambda name=name: prometheus.samples(name), f"{name} is recorded", within=30)
    firing = [alert["labels"]["alertname"] for alert in prometheus.ask("alerts")["alerts"] if alert["state"] == "firing"]
    assert not firing


def test_counts_are_those_of_the_gateway(used: Gateway, prometheus: Prometheus) -> None:
    """What Prometheus read is what the gateway told."""
    told = Scrape.of(get(used.admin, "/metrics").body.decode()).total("rest_responses_total", status="200")
    deadline = time.monotonic() + 10
    while (read := float(prometheus.samples('sum(rest_responses_total{status="200"})')[0]["value"][1])) != told:
        assert time.monotonic() < deadline, (read, told)
        time.sleep(0.2)


def test_promtool_accepts_the_rules() -> None:
    subprocess.run(["promtool", "check", "rules", RULES], check=True)
    subprocess.run(["promtool", "test", "rules", RULES.with_suffix(".test.yml")], check=True, cwd=RULES.parent)


def test_dashboard_is_whole() -> None:
    identities = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(identities)) == len(identities)
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert {"job", "instance", "datasource"} == names
    for panel in PANELS:
        assert panel["datasource"]["uid"] == "${datasource}"
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for target in panel["targets"]:
            assert '$job' in target["expr"] and '$instance' in target["expr"], panel["title"]
