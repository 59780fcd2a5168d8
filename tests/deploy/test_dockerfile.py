"""deploy/docker: what a linter of Dockerfiles would ask for. Building needs a registry and is not done here."""

from __future__ import annotations

import re
from fnmatch import fnmatch

from .files import DEPLOY, REPOSITORY, documents

TEXT = (DEPLOY / "docker" / "Dockerfile").read_text()
LINES = [line for line in re.sub(r"\\\n", " ", TEXT).splitlines() if line and not line.startswith("#")]
INSTRUCTIONS = [tuple(line.split(None, 1)) for line in LINES]
STAGES = [index for index, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM"]


def of(name: str, first: int = 0) -> list[str]:
    return [rest for instruction, rest in INSTRUCTIONS[first:] if instruction == name]


def test_base_is_pinned_slim_and_named_once() -> None:
    (base,) = of("ARG")
    assert re.fullmatch(r"BASE=debian:12\.\d+-slim(@sha256:[0-9a-f]{64})?", base)
    assert of("FROM") == ["${BASE} AS build", "${BASE}"]


def test_runs_as_a_number_that_is_not_root() -> None:
    (user,) = of("USER", STAGES[-1])
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    last_run = max(index for index, (name, _) in enumerate(INSTRUCTIONS) if name == "RUN")
    assert last_run < INSTRUCTIONS.index(("USER", user))


def test_layers_are_small() -> None:
    assert not of("ADD")
    for command in of("RUN"):
        if "apt-get install" in command:
            assert "--no-install-recommends" in command
            assert "apt-get update" in command
            assert "rm -rf /var/lib/apt/lists/*" in command
    assert len(STAGES) == 2
    assert not any("g++" in command or "cmake" in command for command in of("RUN", STAGES[-1]))


def test_signals_reach_vecgate() -> None:
    assert of("ENTRYPOINT") == ['["/usr/bin/vecgate"]']
    assert of("STOPSIGNAL") == ["SIGTERM"]
    assert of("HEALTHCHECK")[0].split("CMD")[1].strip().startswith("[")


def test_ports_are_those_of_its_configuration() -> None:
    (config,) = documents((DEPLOY / "docker" / "vecgate.yaml").read_text())
    ports = [config[key].rsplit(":", 1)[1] for key in ("listen", "admin")]
    assert of("EXPOSE") == [" ".join(ports)]


def test_what_is_copied_exists_and_is_sent() -> None:
    ignored = (DEPLOY / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in ignored
    sent = [line[1:] for line in ignored if line.startswith("!")]
    for copied in of("COPY"):
        for source in copied.split()[:-1]:
            assert (REPOSITORY / source).exists(), source
            assert any(fnmatch(source, one) or source.startswith(one + "/") for one in sent), source
