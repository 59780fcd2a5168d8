"""The configuration as a user meets it: checked, printed, described by a schema, several listeners."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from .running import Upstream
from .servers import read_named_ports, stop, vecgate_binary
from .wire import get, until

CONFIG = Path(__file__).parents[2] / "config"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(vecgate_binary()), *arguments], capture_output=True, text=True, env={**os.environ, **environment}
    )


def write(folder: Path, settings: Any) -> str:
    path = folder / "vecgate.yaml"
    path.write_text(settings if isinstance(settings, str) else json.dumps(settings))
    return str(path)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((CONFIG / "vecgate.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_schema_is_that_of_the_program() -> None:
    assert run("--print-schema").stdout == (CONFIG / "vecgate.schema.json").read_text()


def test_the_example_fits_the_schema(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(yaml.safe_load((CONFIG / "vecgate.yaml").read_text()))
    assert run("--config", str(CONFIG / "vecgate.yaml"), "--check-config").returncode == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"limits": {"body_byte": 1}},
        {"limits": {"body_bytes": "1KB"}},
        {"threads": "many"},
        {"timeouts": {"head": 10}},
        {"timeouts": {"head": "10 s"}},
        {"log": {"level": "loud", "access": True}},
        {"log": {"access": "no"}},
        {"listeners": {"name": "a"}},
        {"listeners": [{"name": "a", "adress": "h:1"}]},
        {"listen": "6333"},
        {"upstream": {"address": [{"host": "a"}]}},
    ],
)
def test_schema_and_program_refuse_the_same(
    wrong: Any, validator: jsonschema.Draft202012Validator, tmp_path: Path
) -> None:
    checked = run("--config", write(tmp_path, wrong), "--check-config")
    assert checked.returncode == 2
    assert checked.stderr.startswith(f"vecgate: {tmp_path}/vecgate.yaml:1: ")
    assert not validator.is_valid(wrong)


def test_the_printed_configuration_is_a_configuration(
    validator: jsonschema.Draft202012Validator, tmp_path: Path
) -> None:
    given = {
        "listeners": [{"name": "a", "address": "127.0.0.1:0"}, {"name": "b", "address": "[::1]:0"}],
        "limits": {"body_bytes": "1MiB"},
    }
    printed = run("--config", write(tmp_path, given), "--print-config", VECGATE_TIMEOUTS_HEAD="3s")
    assert printed.returncode == 0, printed.stderr
    read = yaml.safe_load(printed.stdout)
    assert read["limits"]["body_bytes"] == "1MiB"
    assert read["timeouts"]["head"] == "3s"
    assert [listener["name"] for listener in read["listeners"]] == ["a", "b"]
    validator.validate(read)
    again = run("--config", write(tmp_path, printed.stdout), "--print-config")
    assert again.stdout == printed.stdout


def test_several_listeners(tmp_path: Path) -> None:
    ports = tmp_path / "ports"
    with Upstream() as upstream:
        config = write(
            tmp_path,
            {
                "listeners": [{"name": "a", "address": "127.0.0.1:0"}, {"name": "b", "address": "127.0.0.1:0"}],
                "admin": "127.0.0.1:0",
                "upstream": {"address": f"127.0.0.1:{upstream.port}"},
            },
        )
        process = subprocess.Popen([str(vecgate_binary()), "--config", config, "--port-file", str(ports)])
        try:
            port = read_named_ports(ports, process)
            assert set(port) == {"a", "b", "admin"}
            until(lambda: get(port["admin"], "/readyz").status == 200, "the gateway is ready")
            assert get(port["a"], "/collections").status == get(port["b"], "/collections").status == 200
        finally:
            stop(process)
