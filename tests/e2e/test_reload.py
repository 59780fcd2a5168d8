"""A gateway whose configuration changes while it runs."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .certificates import Authority
from .running import EXISTS, Held, Upstream, Vecgate, exists
from .wire import Wire, get, request, until

COUNT = "/collections/n1/points/count"
SMALL = {"limits": {"body_bytes": 100}, "reload": {"watch": "0"}}
LARGE = {"limits": {"body_bytes": 1000}, "reload": {"watch": "0"}}
BODY = json.dumps({"exact": True, "filter": {"must": [{"key": "k" * 200, "match": {"value": 1}}]}}).encode()


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


def metric(vecgate: Vecgate, name: str) -> float:
    lines = vecgate.metrics().body.decode().splitlines()
    return next(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name + " "))


def reloads(vecgate: Vecgate) -> tuple[float, float]:
    """Those that succeeded, and those that failed."""
    name = 'vecgate_config_reloads_total{result="%s"}'
    return metric(vecgate, name % "success"), metric(vecgate, name % "failure")


def reload(vecgate: Vecgate, settings: Any, *, fails: bool = False) -> None:
    """Changes the file, signals, and waits for what comes of it."""
    succeeded, failed = reloads(vecgate)
    vecgate.write(settings)
    vecgate.process.send_signal(signal.SIGHUP)
    until(lambda: reloads(vecgate) != (succeeded, failed), "it is read")
    assert reloads(vecgate) == (succeeded + (not fails), failed + fails)


def told(vecgate: Vecgate, event: str) -> dict[str, Any]:
    """The first line of the log with that event; lines come with a delay."""
    until(lambda: vecgate.events(event), f"{event} is in the log")
    return vecgate.events(event)[0]


def test_limits_change_for_open_connections_too(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, **SMALL) as vecgate, Wire(vecgate.wait_ready().rest) as wire:
        assert Wire(vecgate.rest).ask("POST", COUNT, BODY).status == 400
        assert wire.ask("GET", "/collections").status == 200
        started = metric(vecgate, "vecgate_config_last_reload_success_timestamp_seconds")
        assert reloads(vecgate) == (0, 0)
        reload(vecgate, LARGE)
        assert wire.ask("POST", COUNT, BODY).status == 200
        assert told(vecgate, "config_reloaded")["cause"] == "SIGHUP"
        assert reloads(vecgate) == (1, 0)
        assert metric(vecgate, "vecgate_config_last_reload_success_timestamp_seconds") > started


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        ("limits:\n  body_bytes: 1000\n  body_byte: 1\n", ":3: limits.body_byte: unknown key"),
        ("limits:\n  body_bytes: 1000\nlog:\n  level: loud\n", ":4: log.level: must be debug, info, warning or error"),
        ("limits: {body_bytes: 1000}\nlisteners: [", ":2: "),
        (
            "limits: {body_bytes: 1000}\nupstream: {rest: 'http://127.0.0.1:1', rest_groups: [nonsense]}\n",
            "there is no group 'nonsense'",
        ),
    ],
)
def test_a_faulty_file_changes_nothing(upstream: Upstream, tmp_path: Path, fault: str, place: str) -> None:
    with Vecgate(tmp_path, upstream.port, **SMALL) as vecgate:
        vecgate.wait_ready()
        reload(vecgate, fault, fails=True)
        error = told(vecgate, "config_reload_failed")["error"]
        assert place in error
        if place.startswith(":"):
            assert error.startswith(str(vecgate.config) + place)
        assert Wire(vecgate.rest).ask("POST", COUNT, BODY).status == 400
        assert reloads(vecgate) == (0, 1)
        reload(vecgate, LARGE)
        assert Wire(vecgate.rest).ask("POST", COUNT, BODY).status == 200
        assert reloads(vecgate) == (1, 1)


def test_a_file_that_is_gone_changes_nothing(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, **SMALL) as vecgate:
        vecgate.wait_ready()
        vecgate.config.unlink()
        vecgate.process.send_signal(signal.SIGHUP)
        assert "No such file" in told(vecgate, "config_reload_failed")["error"]
        assert get(vecgate.rest, "/collections").status == 200


def test_what_needs_a_restart_is_said_and_the_rest_takes_effect(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, **SMALL) as vecgate:
        vecgate.wait_ready()
        reload(vecgate, LARGE | {"threads": 7, "lifecycle": {"handover": "/nowhere/x"}})
        line = told(vecgate, "config_needs_restart")
        assert (line["level"], line["keys"]) == ("warning", "threads,lifecycle.handover")
        assert Wire(vecgate.rest).ask("POST", COUNT, BODY).status == 200
        reload(vecgate, LARGE)  # taken back
        assert len(vecgate.events("config_needs_restart")) == 1


def test_a_listener_does_not_become_one_with_tls(upstream: Upstream, tmp_path: Path) -> None:
    pair = Authority(tmp_path).issue("localhost").settings

    def settings(tls: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
        return limits | {"listeners": [{"name": "rest", "address": "127.0.0.1:0", "tls": tls}]}

    with Vecgate(tmp_path, upstream.port, **settings({}, SMALL)) as vecgate:
        vecgate.wait_ready()
        reload(vecgate, settings(pair, LARGE))
        assert told(vecgate, "config_needs_restart")["keys"] == "listeners[0].tls.certificates"
        assert Wire(vecgate.rest).ask("POST", COUNT, BODY).status == 200, "the rest took effect"
        # What the restart would fail with is told now.
        reload(vecgate, settings(pair | {"keys": [str(tmp_path / "none.pem")]}, SMALL), fails=True)
        assert "listener rest" in told(vecgate, "config_reload_failed")["error"]
        reload(vecgate, settings({}, LARGE))  # taken back
        assert len(vecgate.events("config_needs_restart")) == 1

    authority = Authority(tmp_path, "another")
    pair = authority.issue("localhost").settings
    with Vecgate(tmp_path, upstream.port, **settings(pair, SMALL)) as vecgate:
        vecgate.wait_ready()
        reload(vecgate, settings({}, LARGE))
        assert told(vecgate, "config_needs_restart")["keys"] == "listeners[0].tls.certificates"
        assert Wire(vecgate.rest, tls=authority.client()).ask("POST", COUNT, BODY).status == 200


def test_changed_files_are_noticed(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, **(SMALL | {"reload": {"watch": "20ms"}})) as vecgate:
        vecgate.wait_ready()
        vecgate.write(LARGE | {"reload": {"watch": "20ms"}})
        assert told(vecgate, "config_reloaded")["cause"] == "file"
        assert Wire(vecgate.rest).ask("POST", COUNT, BODY).status == 200
        vecgate.write("limits: {")
        assert told(vecgate, "config_reload_failed")["cause"] == "file"
        assert Wire(vecgate.rest).ask("POST", COUNT, BODY).status == 200


def test_the_level_of_the_log_changes(upstream: Upstream, tmp_path: Path) -> None:
    with Vecgate(tmp_path, upstream.port, **SMALL) as vecgate:
        vecgate.wait_ready()
        reload(vecgate, SMALL | {"log": {"level": "error"}, "threads": 9})
        reload(vecgate, "limits: nonsense", fails=True)
        told(vecgate, "config_reload_failed")  # an error, and after what is not told
        assert not vecgate.events("config_needs_restart")  # a warning
        reload(vecgate, SMALL)
        told(vecgate, "config_reloaded")


def test_requests_at_a_time_change(upstream: Upstream, tmp_path: Path) -> None:
    held = upstream.answers[EXISTS] = Held(exists)
    few = {"limits": {"in_flight": 1}, "reload": {"watch": "0"}}
    with Vecgate(tmp_path, upstream.port, **few) as vecgate, Wire(vecgate.wait_ready().rest) as wire:
        wire.send(request("GET", "/collections/there/exists"))
        until(lambda: held.entered == 1, "one is with the upstream")
        assert get(vecgate.rest, "/collections").status == 503
        reload(vecgate, {"limits": {"in_flight": 2}, "reload": {"watch": "0"}})
        assert get(vecgate.rest, "/collections").status == 200
        held.released.set()
        assert wire.reply().status == 200
    upstream.answers[EXISTS] = exists


def test_reloading_under_load_fails_nothing(upstream: Upstream, tmp_path: Path) -> None:
    settings = [LARGE | {"limits": {"body_bytes": 1000 + i, "in_flight": 900 + i}} for i in range(20)]
    wrong: list[object] = []
    done = threading.Event()
    answered = [0] * 4

    def load(client: int) -> None:
        with Wire(vecgate.rest) as wire:
            while not done.is_set():
                reply = wire.ask("POST", COUNT, BODY)
                answered[client] += 1
                if reply.status != 200 or reply.closes:
                    wrong.append(reply)

    with Vecgate(tmp_path, upstream.port, **LARGE) as vecgate:
        vecgate.wait_ready()
        threads = [threading.Thread(target=load, args=(client,)) for client in range(len(answered))]
        for thread in threads:
            thread.start()
        for one in settings:
            reload(vecgate, one)
            reload(vecgate, "limits: nonsense", fails=True)
        done.set()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
        assert not wrong
        assert all(answered)
        assert reloads(vecgate) == (len(settings), len(settings))
