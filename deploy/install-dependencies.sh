#!/usr/bin/env bash
# Installs what vecgate is built and tested with: Debian 12 packages, and a Python environment in .venv.
# Does nothing, quickly, where all of it is there already.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly VENV="$ROOT/.venv"
readonly REQUIREMENTS="$ROOT/tests/requirements.txt"

readonly BUILD_PACKAGES=(
  # tools
  g++ cmake ninja-build ccache pkg-config
  # schema and gRPC
  libprotobuf-dev protobuf-compiler libgrpc++-dev protobuf-compiler-grpc libabsl-dev
  # HTTP, JSON
  libboost1.81-dev libssl-dev libsimdjson-dev rapidjson-dev
  # content codings
  zlib1g-dev libbrotli-dev libzstd-dev
  # configuration, logs, metrics
  libyaml-cpp-dev libspdlog-dev prometheus-cpp-dev
  # packaging
  dpkg-dev file
)
readonly TEST_PACKAGES=(
  # tests, the development upstream, the tour
  libgtest-dev libgmock-dev python3 python3-venv
  # benchmarks: of functions, and load
  libbenchmark-dev wrk
)
readonly CHECK_PACKAGES=(
  # promtool; where there is systemd the server of that package starts, on vecgate's default port of metrics
  prometheus
)

usage() {
  cat <<'TEXT'
usage: deploy/install-dependencies.sh [--build-only | --with-checks]

Installs the Debian packages and, in .venv, the Python packages that building, testing and the quickstart need.
Packages need root, or sudo; nothing is asked of either when they are all there.

  --build-only    only the packages that building without tests needs, and no Python environment
  --with-checks   also what only tests/run.sh needs; its tests are skipped without
TEXT
}

fail() {
  echo "install-dependencies: $*" >&2
  exit 1
}

is_installed() {
  [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "these packages need root, and there is no sudo: ${missing[*]}"
  fi
}

install_packages() {
  command -v dpkg-query >/dev/null || fail "made for Debian 12; elsewhere install what these are there: $*"
  local package
  missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  echo "Installing packages: ${missing[*]}"
  as_root apt-get -qq update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}"
}

# A copy of the requirements inside the environment says what it holds; it is written last.
install_python_packages() {
  local installed="$VENV/requirements.txt"
  cmp -s "$REQUIREMENTS" "$installed" && "$VENV/bin/python" -c '' 2>/dev/null && return 0
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Python 3.11 or newer is needed"
  echo "Installing Python packages into $VENV"
  # One that works is added to, never emptied: it may be shared, or in use.
  "$VENV/bin/python" -c '' 2>/dev/null || python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$REQUIREMENTS"
  cp "$REQUIREMENTS" "$installed"
}

# Packages that are only read, each without what it depends on.
install_schemas() {
  local requirements="$ROOT/tests/schema/requirements.txt" folder="$VENV/schemas"
  cmp -s "$requirements" "$folder/requirements.txt" && return 0
  echo "Installing packages with schemas into $folder"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --no-deps --upgrade --target "$folder" --requirement "$requirements"
  cp "$requirements" "$folder/requirements.txt"
}

# LangChain, LlamaIndex and clients in Python and JavaScript. On some machines Node.js is not Debian's and brings an npm of its own.
install_ecosystem() {
  local requirements="$ROOT/tests/e2e/ecosystem/requirements.txt" installed="$VENV/ecosystem.txt"
  if ! cmp -s "$requirements" "$installed"; then
    echo "Installing Python packages of the ecosystem into $VENV"
    "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$REQUIREMENTS" --requirement "$requirements"
    cp "$requirements" "$installed"
  fi
  local javascript="$ROOT/tests/e2e/ecosystem/js"
  local lock="$javascript/package-lock.json" kept="$javascript/node_modules/installed-lock.json"
  cmp -s "$lock" "$kept" && return 0
  { command -v node && command -v npm; } >/dev/null || install_packages nodejs npm
  echo "Installing the JavaScript clients into $javascript"
  (cd "$javascript" && npm ci --silent)
  cp "$lock" "$kept"
}

main() {
  case "${1-}" in
    "")
      install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
      install_python_packages
      install_schemas
      ;;
    --with-checks)
      install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" "${CHECK_PACKAGES[@]}"
      install_python_packages
      install_schemas
      install_ecosystem
      ;;
    --build-only) install_packages "${BUILD_PACKAGES[@]}" ;;
    -h | --help) usage ;;
    *) usage >&2 && exit 2 ;;
  esac
}

main "$@"
