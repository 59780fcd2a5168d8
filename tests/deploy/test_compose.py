"""deploy/compose: only vecgate reaches the database, nothing is published beyond loopback, and what is mounted exists."""

from __future__ import annotations

import json
import re

from .files import DEPLOY, REPOSITORY, documents

FOLDER = DEPLOY / "compose"
(COMPOSE,) = documents((FOLDER / "docker-compose.yaml").read_text())
SERVICES = COMPOSE["services"]


def test_database_is_reached_through_vecgate_only() -> None:
    assert "ports" not in SERVICES["qdrant"]
    assert SERVICES["qdrant"]["networks"] == ["database"]
    assert COMPOSE["networks"]["database"]["internal"] is True
    assert {name for name, service in SERVICES.items() if "database" in service["networks"]} == {"qdrant", "vecgate"}


def test_nothing_is_published_beyond_loopback() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert not any(port.endswith(":9090") for port in published)  # it answers without credentials


def test_images_are_pinned_and_cannot_gain_privileges() -> None:
    for name, service in SERVICES.items():
        assert re.search(r":v?\d+\.\d+\.\d+", service["image"]), name
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["cap_drop"] == ["ALL"]


def test_what_is_mounted_and_named_exists() -> None:
    for service in SERVICES.values():
        assert set(service["networks"]) <= COMPOSE["networks"].keys()
        assert set(service.get("depends_on", [])) <= SERVICES.keys()
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (FOLDER / source).exists(), source
    build = SERVICES["vecgate"]["build"]
    context = (FOLDER / build["context"]).resolve()
    assert context == REPOSITORY
    assert (context / build["dockerfile"]).exists()


def test_secrets_come_from_outside() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"KEY|PASSWORD|TOKEN|SECRET", name):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), name


def test_monitoring_finds_vecgate() -> None:
    (prometheus,) = documents((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in prometheus["scrape_configs"]}
    assert targets["vecgate"] == ["vecgate:9090"]
    (sources,) = documents((DEPLOY / "grafana/provisioning/datasources/prometheus.yaml").read_text())
    assert sources["datasources"][0]["url"] == "http://prometheus:9090"
    (boards,) = documents((DEPLOY / "grafana/provisioning/dashboards/vecgate.yaml").read_text())
    path = boards["providers"][0]["options"]["path"]
    assert f"../grafana/dashboards:{path}:ro" in SERVICES["grafana"]["volumes"]
    assert json.loads((DEPLOY / "grafana/dashboards/vecgate.json").read_text())["uid"] == "vecgate"
