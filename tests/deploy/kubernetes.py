"""What must hold for any set of our Kubernetes objects; what `kubectl` would only say of a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

API_VERSIONS = {
    "ConfigMap": "v1",
    "Deployment": "apps/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "PrometheusRule": "monitoring.coreos.com/v1",
    "Service": "v1",
    "ServiceAccount": "v1",
    "ServiceMonitor": "monitoring.coreos.com/v1",
    "StatefulSet": "apps/v1",
}
NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
LABEL = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
OURS = "vecgate"  # the container
PRE_STOP_SECONDS = 5


def pods(objects: list[dict]) -> Iterator[tuple[dict, dict]]:
    for one in objects:
        if one["kind"] in ("Deployment", "StatefulSet"):
            yield one, one["spec"]["template"]


def containers(template: dict) -> list[dict]:
    return template["spec"].get("initContainers", []) + template["spec"]["containers"]


def selects(labels: dict[str, str], template: dict) -> bool:
    return labels.items() <= template["metadata"]["labels"].items()


def complaints(objects: list[dict]) -> Iterator[str]:
    named: set[tuple[str, str]] = set()
    for one in objects:
        kind, name = one["kind"], one["metadata"]["name"]
        if API_VERSIONS.get(kind) != one["apiVersion"]:
            yield f"{kind} {name}: apiVersion {one['apiVersion']}"
        if not NAME.fullmatch(name):
            yield f"{kind}: {name} is no name"
        if (kind, name) in named:
            yield f"{kind} {name} twice"
        named.add((kind, name))
        for key, value in one["metadata"].get("labels", {}).items():
            if not isinstance(value, str) or not LABEL.fullmatch(value):
                yield f"{kind} {name}: label {key}: {value!r}"
    for owner, template in pods(objects):
        yield from (f"{owner['kind']} {owner['metadata']['name']}: {text}" for text in of_pod(owner, template))
    yield from references(objects, named)


def of_pod(owner: dict, template: dict) -> Iterator[str]:
    spec = template["spec"]
    if not selects(owner["spec"]["selector"]["matchLabels"], template):
        yield "selects other pods than its own"
    if spec.get("automountServiceAccountToken") is not False:
        yield "carries a token it does not need"
    security = spec["securityContext"]
    if not security.get("runAsNonRoot") or not security.get("runAsUser"):
        yield "may run as root"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "no seccomp profile"
    volumes = {volume["name"] for volume in spec.get("volumes", [])}
    volumes |= {claim["metadata"]["name"] for claim in owner["spec"].get("volumeClaimTemplates", [])}
    for container in containers(template):
        yield from (f"{container['name']}: {text}" for text in of_container(container, volumes))
    if OURS not in {container["name"] for container in containers(template)}:
        yield "holds no vecgate"


def of_container(container: dict, volumes: set[str]) -> Iterator[str]:
    own = container["securityContext"]
    if own.get("allowPrivilegeEscalation") is not False or own["capabilities"]["drop"] != ["ALL"]:
        yield "may gain privileges"
    if own.get("readOnlyRootFilesystem") is not True:
        yield "writes to its image"
    if "memory" not in container["resources"]["limits"] or "cpu" not in container["resources"]["requests"]:
        yield "resources are not bounded"
    for mount in container.get("volumeMounts", []):
        if mount["name"] not in volumes:
            yield f"mounts {mount['name']}, which is not there"
    if container["name"] != OURS:
        return
    ports = {port["name"] for port in container["ports"]}
    for probe, path in (("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
        if container[probe]["httpGet"] != {"path": path, "port": "admin"}:
            yield f"{probe} asks {container[probe]['httpGet']}"
    if ports != {"rest", "admin"}:
        yield f"ports {ports}"


def references(objects: list[dict], named: set[tuple[str, str]]) -> Iterator[str]:
    templates = [template for _, template in pods(objects)]
    ports = {port["name"] for template in templates for one in containers(template) for port in one.get("ports", [])}

    def chosen(labels: dict[str, str]) -> bool:
        return any(selects(labels, template) for template in templates)

    for one in objects:
        kind, name, spec = one["kind"], one["metadata"]["name"], one.get("spec", {})
        if kind == "Service":
            if not chosen(spec["selector"]):
                yield f"Service {name} selects nothing"
            yield from (f"Service {name}: no port {p['targetPort']}" for p in spec["ports"] if p["targetPort"] not in ports)
        elif kind == "PodDisruptionBudget" and not chosen(spec["selector"]["matchLabels"]):
            yield f"PodDisruptionBudget {name} selects nothing"
        elif kind == "HorizontalPodAutoscaler":
            target = spec["scaleTargetRef"]
            if (target["kind"], target["name"]) not in named:
                yield f"HorizontalPodAutoscaler {name} scales nothing"
            if not 1 <= spec["minReplicas"] <= spec["maxReplicas"]:
                yield f"HorizontalPodAutoscaler {name}: {spec['minReplicas']} to {spec['maxReplicas']}"
        elif kind == "NetworkPolicy":
            for rule in spec.get("ingress", []):
                for port in rule.get("ports", []):
                    if isinstance(port["port"], str) and port["port"] not in ports:
                        yield f"NetworkPolicy {name}: no port {port['port']}"
                    if port["port"] == "admin" and not rule.get("from"):
                        yield f"NetworkPolicy {name}: anyone reaches the admin port"
    for owner, template in pods(objects):
        for volume in template["spec"].get("volumes", []):
            if "configMap" in volume and ("ConfigMap", volume["configMap"]["name"]) not in named:
                yield f"{owner['metadata']['name']}: no ConfigMap {volume['configMap']['name']}"


def seconds(duration: str) -> float:
    amount, unit = re.fullmatch(r"(\d+)(ms|s|m)", duration).groups()
    return int(amount) * {"ms": 0.001, "s": 1, "m": 60}[unit]


def drain_fits(template: dict, config: dict[str, Any]) -> bool:
    """preStop and the drain end before the pod is killed."""
    drain = seconds(config.get("timeouts", {}).get("drain", "30s"))
    return template["spec"]["terminationGracePeriodSeconds"] >= PRE_STOP_SECONDS + drain
