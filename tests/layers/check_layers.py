"""Reads the #include lines of our sources and holds them to the direction of the layers.

proto <- runtime <- generated translators <- pipeline <- main; config and base are leaves. Rooms of the gateway do not
include each other but for what ALLOWED lists; app knows them all. Each outside library has a home: HOMES.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#include\s+["<]([^">]+)[">]', re.MULTILINE)

# folder -> folders of ours whose headers it may include (itself always)
ALLOWED = {
    "config": {"base"},
    "base": set(),
    "tls": {"base", "config"},
    "http": {"base", "config", "tls"},
    "http_client": {"base", "tls"},
    "passthrough": {"base", "http", "http_client"},
    "routing": {"base", "runtime"},
    "auth": {"base", "config", "http_client", "runtime"},
    "upstream": {"base", "config", "metrics", "runtime"},
    "limits": {"base", "config", "metrics"},
    "compression": {"base"},
    "metrics": {"base"},
    "tracing": {"base", "compression", "config", "http_client", "metrics"},
    "admin": {"base", "http", "metrics"},
    "pipeline": {
        *("base", "config", "http", "http_client", "passthrough", "routing", "auth", "compression", "upstream", "metrics"),
        "limits",
        *("runtime", "tracing"),
    },
    "lifecycle": {"base"},
    # The one room that knows all others: it builds and wires them.
    "app": {
        *("admin", "auth", "base", "config", "http", "lifecycle", "metrics", "pipeline", "routing", "tls", "upstream"),
        *("compression", "limits", "runtime", "tracing"),
    },
    "runtime": set(),
    "graphql": set(),
    "weaviate": {"graphql", "runtime"},
    "codegen": {"rules"},
}
ROOMS = {
    "config": "config",
    "runtime": "translators/runtime",
    "codegen": "translators/codegen",
    "graphql": "translators/graphql",
    "weaviate": "translators/weaviate",
    **{
        room: f"gateway/{room}"
        for room in (
            *("base", "tls", "http", "http_client", "passthrough", "routing", "auth", "compression", "upstream", "metrics"),
            *("limits", "admin", "pipeline", "tracing", "lifecycle", "app"),
        )
    },
}
# outside header -> folders that may include it
HOMES = {
    r"boost/beast/": {"http", "http_client", "admin"},
    r"grpcpp/": {"upstream"},
    r"simdjson": {"runtime"},
    r"rapidjson/": {"runtime", "base", "auth", "config", "tracing"},
    r"openssl/": {"auth", "http_client", "tls"},
    r"prometheus/": {"metrics"},
    r"(zlib|zstd)\.h|brotli/": {"compression"},
    r"yaml-cpp/": {"config"},
    r"spdlog/": {"base"},
}


def violations():
    for room, folder in ROOMS.items():
        for path in sorted((ROOT / folder).rglob("*.[hc]*")):
            if path.suffix not in {".h", ".cc"}:
                continue
            for header in INCLUDE.findall(path.read_text(encoding="utf-8")):
                top = header.split("/")[0]
                if "/" in header and top in ROOMS and top != room and top not in ALLOWED[room]:
                    yield f"{path.relative_to(ROOT)}: {room} may not include {header}"
                for pattern, homes in HOMES.items():
                    if re.match(pattern, header) and room not in homes:
                        yield f"{path.relative_to(ROOT)}: {header} belongs to {', '.join(sorted(homes))}"
                inner = room in {"runtime", "codegen", "graphql", "weaviate"}
                if top == "gateway" or (inner and top in {"http", "pipeline", "upstream"}):
                    yield f"{path.relative_to(ROOT)}: translators do not know the gateway ({header})"


def main():
    found = sorted(set(violations()))
    print("\n".join(found) or f"{len(ROOMS)} rooms in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
