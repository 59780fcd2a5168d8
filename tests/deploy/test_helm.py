"""deploy/helm: the chart renders, for its defaults and for every switch, to objects that fit together.

Rendered by go_template.py, which knows what the chart uses of the language; where there is a `helm`, both are compared.
"""

from __future__ import annotations

import copy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from .files import DEPLOY, check_config, documents
from .go_template import TemplateError, render
from .kubernetes import complaints, drain_fits, pods

CHART = DEPLOY / "helm" / "vecgate"
(VALUES,) = documents((CHART / "values.yaml").read_text())
(ABOUT,) = documents((CHART / "Chart.yaml").read_text())

EVERYTHING: dict[str, Any] = {
    "image": {"tag": "1.2.3"},
    "imagePullSecrets": [{"name": "registry"}],
    "env": [{"name": "VECGATE_LOG_LEVEL", "value": "debug"}],
    "envFrom": [{"secretRef": {"name": "keys"}}],
    "volumes": [{"name": "tls", "secret": {"secretName": "tls"}}],
    "volumeMounts": [{"name": "tls", "mountPath": "/tls", "readOnly": True}],
    "service": {"annotations": {"a": "b"}},
    "networkPolicy": {"clients": [{"podSelector": {}}]},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "prometheusRule": {"enabled": True, "labels": {"release": "prometheus"}},
    "podAnnotations": {"c": "d"},
    "podLabels": {"e": "f"},
    "priorityClassName": "high",
    "nodeSelector": {"disk": "fast"},
    "tolerations": [{"operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
}
CASES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "everything": EVERYTHING,
    "fixed-size": {"autoscaling": {"enabled": False}, "replicas": 3},
    "bare": {
        "podDisruptionBudget": {"enabled": False},
        "networkPolicy": {"enabled": False},
        "serviceAccount": {"create": False},
    },
    "any-egress": {"networkPolicy": {"egress": []}},
    "named": {"fullnameOverride": "edge", "serviceAccount": {"create": False, "name": "own"}},
}


def merged(values: dict, over: dict) -> dict:
    result = copy.deepcopy(values)
    for key, value in over.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) and result.get(key) else value
    return result


def rendered(over: dict[str, Any]) -> list[dict]:
    files = {path.name: path.read_text() for path in sorted((CHART / "templates").iterdir())}
    root = {
        "Values": merged(VALUES, over),
        "Chart": {"Name": ABOUT["name"], "Version": ABOUT["version"], "AppVersion": ABOUT["appVersion"]},
        "Release": {"Name": "test", "Namespace": "default", "Service": "Helm"},
        "Files": {"Get": lambda name: (CHART / name).read_text()},
    }
    texts = render(files, root)
    notes = texts.pop("NOTES.txt")
    assert "vecgate answers REST at http://" in notes
    return [one for text in texts.values() for one in documents(text)]


def kinds(objects: list[dict]) -> set[str]:
    return {one["kind"] for one in objects}


@pytest.mark.parametrize("over", CASES.values(), ids=CASES.keys())
def test_renders_to_objects_that_fit_together(over: dict[str, Any], tmp_path: Path) -> None:
    objects = rendered(over)
    assert not list(complaints(objects))
    (config,) = (one for one in objects if one["kind"] == "ConfigMap")
    file = tmp_path / "vecgate.yaml"
    file.write_text(config["data"]["vecgate.yaml"])
    said = check_config(file)
    assert said.returncode == 0, said.stderr
    for _, template in pods(objects):
        assert drain_fits(template, documents(file.read_text())[0])


def test_switches_take_objects_away() -> None:
    usual = {"ConfigMap", "Deployment", "Service", "ServiceAccount"}
    assert kinds(rendered({})) == usual | {"HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy"}
    assert kinds(rendered(CASES["bare"])) == usual - {"ServiceAccount"} | {"HorizontalPodAutoscaler"}
    assert "HorizontalPodAutoscaler" not in kinds(rendered(CASES["fixed-size"]))
    assert kinds(rendered(EVERYTHING)) >= {"ServiceMonitor", "PrometheusRule"}


def test_rules_are_those_of_deploy() -> None:
    (rule,) = (one for one in rendered(EVERYTHING) if one["kind"] == "PrometheusRule")
    (groups,) = documents((DEPLOY / "prometheus" / "vecgate.rules.yml").read_text())
    assert rule["spec"] == groups


def test_values_reach_the_pod() -> None:
    (_, template), *_ = pods(rendered(EVERYTHING))
    (container,) = template["spec"]["containers"]
    assert container["image"] == "vecgate:1.2.3"
    assert container["env"] == EVERYTHING["env"]
    assert container["envFrom"] == EVERYTHING["envFrom"]
    assert EVERYTHING["volumeMounts"][0] in container["volumeMounts"]
    for key in ("imagePullSecrets", "priorityClassName", "nodeSelector", "tolerations", "affinity"):
        assert template["spec"][key] == EVERYTHING[key]
    assert template["metadata"]["labels"].items() >= EVERYTHING["podLabels"].items()
    (_, template), *_ = pods(rendered({}))
    assert template["spec"]["containers"][0]["image"] == f"vecgate:{ABOUT['appVersion']}"


def test_every_value_is_used() -> None:
    texts = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    for key in VALUES:
        assert f".Values.{key}" in texts, key


def test_ports_of_the_configuration_are_those_of_the_pod() -> None:
    assert VALUES["config"]["listen"].endswith(":6333")
    assert VALUES["config"]["admin"].endswith(":9090")


def test_renderer_knows_when_it_does_not_know() -> None:
    for text in ("{{ lookup .Values }}", "{{ .Values.missing }}", "{{ if .Values }}", "{{ .Values }}"):
        with pytest.raises(TemplateError):
            render({"a": text}, {"Values": {"x": 1}})


@pytest.mark.skipif(shutil.which("helm") is None, reason="there is no helm here; go_template.py stands for it")
@pytest.mark.parametrize("over", CASES.values(), ids=CASES.keys())
def test_helm_renders_the_same(over: dict[str, Any], tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(yaml.safe_dump(over))
    subprocess.run(["helm", "lint", "--strict", "--values", values, CHART], check=True)
    made = subprocess.run(
        ["helm", "template", "test", CHART, "--values", values, "--kube-version", "1.29"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    def ordered(objects: list[dict]) -> list[dict]:
        return sorted(objects, key=lambda one: (one["kind"], one["metadata"]["name"]))

    assert ordered(documents(made)) == ordered(rendered(over))
