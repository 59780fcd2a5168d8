"""deploy/kubernetes: the objects fit together, and their settings exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from .files import DEPLOY, check_config, documents
from .kubernetes import complaints, drain_fits, pods

FOLDERS = sorted(path.parent for path in (DEPLOY / "kubernetes").glob("*/kustomization.yaml"))


def kustomized(folder: Path) -> list[dict]:
    """The objects that kustomize would make, as far as these folders use it (labels, generated config maps)."""
    (told,) = documents((folder / "kustomization.yaml").read_text())
    assert told.keys() <= {"apiVersion", "kind", "labels", "resources", "configMapGenerator", "images"}
    assert sorted(told["resources"]) == sorted(
        path.name for path in folder.glob("*.yaml") if path.name not in ("kustomization.yaml", "vecgate.yaml")
    )
    objects = [one for name in told["resources"] for one in documents((folder / name).read_text())]
    for label in told.get("labels", []):
        for one in objects:
            one["metadata"].setdefault("labels", {}).update(label["pairs"])
        for owner, template in pods(objects):
            template["metadata"]["labels"] |= label["pairs"]
            owner["spec"]["selector"]["matchLabels"] |= label["pairs"]
    for generated in told["configMapGenerator"]:
        data = {name: (folder / name).read_text() for name in generated["files"]}
        objects.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": generated["name"]}, "data": data})
    (image,) = told["images"]
    assert image["name"] == "vecgate"
    assert image["newTag"] not in ("", "latest")
    return objects


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_objects_fit_together(folder: Path) -> None:
    assert not list(complaints(kustomized(folder)))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_configuration_is_accepted(folder: Path) -> None:
    said = check_config(folder / "vecgate.yaml")
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_pod_lives_as_long_as_its_drain(folder: Path) -> None:
    (config,) = documents((folder / "vecgate.yaml").read_text())
    for _, template in pods(kustomized(folder)):
        assert drain_fits(template, config)


def test_sidecar_alone_reaches_the_database() -> None:
    objects = kustomized(DEPLOY / "kubernetes" / "sidecar")
    (_, template), *_ = pods(objects)
    (database,) = template["spec"]["containers"]
    assert "ports" not in database
    assert {"name": "QDRANT__SERVICE__HOST", "value": "127.0.0.1"} in database["env"]
    (sidecar,) = template["spec"]["initContainers"]
    assert sidecar["restartPolicy"] == "Always"
