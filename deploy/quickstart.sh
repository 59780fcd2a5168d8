#!/usr/bin/env bash
# From a fresh machine to a running gateway with something behind it: installs, builds, starts an upstream (the development
# upstream, or for Weaviate recorded exchanges) and vecgate, takes the tour, and stays up until Ctrl-C.
# shellcheck disable=SC2317  # some functions are called by traps, or handed to wait_for
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly ROOT
readonly PYTHON="$ROOT/.venv/bin/python"
readonly VECGATE="$ROOT/build/release/gateway/vecgate"
readonly SCRIPTED="$ROOT/build/release/tests/support/scripted_upstream/scripted_upstream"
readonly START_SECONDS=30
readonly STOP_SECONDS=40
readonly INTERRUPTED=130

once=false
upstream_kind=qdrant
port=6333
upstream_port=6334
admin_port=9090
folder=""         # logs and the port file of this run
upstream_pid=""   # what this run started
vecgate_pid=""
rest_pid=""

usage() {
  cat <<'TEXT'
usage: deploy/quickstart.sh [--once] [--upstream-kind qdrant|weaviate] [--port N] [--upstream-port N] [--admin-port N]

  --once              end after the tour; fail if one of its steps failed
  --upstream-kind K   which database's API (qdrant); weaviate is played back from recorded exchanges
  --port N            REST port of vecgate (6333)
  --upstream-port N   gRPC port of the upstream (6334)
  --admin-port N      vecgate's port for health and metrics (9090)

0 takes any free port. All of them listen on 127.0.0.1 only. Running it again builds only what changed.
TEXT
}

say() { printf '\n== %s\n' "$*"; }

fail() {
  echo "quickstart: $*" >&2
  exit 1
}

parse_arguments() {
  while (($#)); do
    case "$1" in
      --once) once=true ;;
      --upstream-kind)
        [[ "${2-}" =~ ^(qdrant|weaviate)$ ]] || fail "--upstream-kind is qdrant or weaviate"
        upstream_kind="$2"
        shift
        ;;
      --port | --upstream-port | --admin-port)
        is_port "${2-}" || fail "$1 needs a port, a number up to 65535"
        local variable="${1#--}"
        printf -v "${variable//-/_}" '%d' "$((10#$2))"
        shift
        ;;
      -h | --help) usage && exit ;;
      *) usage >&2 && exit 2 ;;
    esac
    shift
  done
}

is_port() {
  [[ "$1" =~ ^[0-9]{1,5}$ ]] && ((10#$1 <= 65535))
}

# Something answers there.
is_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

check_port() {
  local option="$1" number="$2" other
  ((number)) || return 0
  is_taken "$number" && fail "port $number is in use; choose another one with $option N (0: any free one)"
  for other in "${@:3}"; do
    ((number != other)) || fail "port $number is asked for twice; see $option"
  done
}

check_ports() {
  check_port --port "$port" "$upstream_port" "$admin_port"
  check_port --upstream-port "$upstream_port" "$admin_port"
  check_port --admin-port "$admin_port"
}

build() {
  cd "$ROOT"
  cmake --preset release >"$folder/configure.log" 2>&1 || { cat "$folder/configure.log" >&2; fail "configuring failed"; }
  local targets=(vecgate)
  [[ "$upstream_kind" == qdrant ]] || targets+=(scripted_upstream)
  cmake --build build/release --target "${targets[@]}" --parallel "$(nproc)"
}

# A session of its own for each program, so that Ctrl-C reaches this script alone and it can end them in order.
start_upstream() {
  cd "$ROOT/tests"
  setsid "$PYTHON" -m devupstream --port "$upstream_port" >"$folder/upstream.log" 2>&1 </dev/null &
  upstream_pid=$!
  wait_for "$upstream_pid" "the development upstream" "$folder/upstream.log" \
    grep -q 'devupstream listening on' "$folder/upstream.log"
  upstream_port="$(sed -n 's/^devupstream listening on .*:\([0-9]*\)$/\1/p' "$folder/upstream.log")"
}

# Recorded exchanges, by gRPC and, for what gRPC has nothing for, by REST.
start_recorded() {
  local rest
  setsid "$SCRIPTED" --corpus "$ROOT/tests/corpus/weaviate" --port "$upstream_port" >"$folder/upstream.log" 2>&1 </dev/null &
  upstream_pid=$!
  wait_for "$upstream_pid" "the recorded upstream" "$folder/upstream.log" grep -q ' listening on ' "$folder/upstream.log"
  upstream_port="$(sed -n 's/^.* listening on .*:\([0-9]*\)$/\1/p' "$folder/upstream.log")"
  cd "$ROOT/tests"
  setsid "$PYTHON" -m conformance.weaviate.rest_side >"$folder/rest.log" 2>&1 </dev/null &
  rest_pid=$!
  wait_for "$rest_pid" "the recorded REST port" "$folder/rest.log" grep -q ' listening on ' "$folder/rest.log"
  rest="$(sed -n 's/^.* listening on //p' "$folder/rest.log")"
  printf 'upstream:\n  rest: %s\n  rest_groups: [schema, objects, cluster, discovery]\n' "$rest" >"$folder/vecgate.yaml"
}

start_vecgate() {
  local ports="$folder/ports" arguments=(--upstream-kind "$upstream_kind")
  [[ "$upstream_kind" == qdrant ]] || arguments+=(--config "$folder/vecgate.yaml")
  setsid "$VECGATE" --listen "127.0.0.1:$port" --upstream "127.0.0.1:$upstream_port" \
    --admin "127.0.0.1:$admin_port" --port-file "$ports" "${arguments[@]}" >"$folder/vecgate.log" 2>&1 </dev/null &
  vecgate_pid=$!
  wait_for "$vecgate_pid" vecgate "$folder/vecgate.log" test -s "$ports"
  port="$(sed -n 's/^rest=//p' "$ports")"
  admin_port="$(sed -n 's/^admin=//p' "$ports")"
  wait_for "$vecgate_pid" "vecgate's upstream" "$folder/vecgate.log" answers_ok "http://127.0.0.1:$admin_port/readyz"
}

answers_ok() {
  "$PYTHON" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)' "$1" 2>/dev/null
}

# wait_for PID NAME LOG COMMAND...: until the command succeeds, while the process lives.
wait_for() {
  local pid="$1" name="$2" log="$3" end=$((SECONDS + START_SECONDS))
  shift 3
  until "$@"; do
    if ! kill -0 "$pid" 2>/dev/null || ((SECONDS > end)); then
      tail -n 20 "$log" >&2
      fail "$name did not start"
    fi
    sleep 0.1
  done
}

stop_process() {
  local pid="$1" end=$((SECONDS + STOP_SECONDS))
  [[ -n "$pid" ]] || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  while kill -0 "$pid" 2>/dev/null && ((SECONDS < end)); do sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null || true
}

# The logs stay only where something went wrong.
clean_up() {
  local status=$?
  trap - EXIT INT TERM HUP
  stop_process "$vecgate_pid"
  stop_process "$upstream_pid"
  stop_process "$rest_pid"
  if ((status == 0 || status == INTERRUPTED)); then rm -rf "$folder"; else echo "Logs are in $folder" >&2; fi
  exit "$status"
}

take_tour() {
  say "The tour"
  local tour=tour.py
  [[ "$upstream_kind" == qdrant ]] || tour=tour_weaviate.py
  "$PYTHON" "$ROOT/deploy/$tour" --url "http://127.0.0.1:$port" --admin "http://127.0.0.1:$admin_port"
}

stay_up() {
  if [[ "$upstream_kind" == weaviate ]]; then
    cat <<TEXT

vecgate answers at http://127.0.0.1:$port in front of 127.0.0.1:$upstream_port, which plays back recorded exchanges (it
answers what was recorded, and nothing else); health and metrics at http://127.0.0.1:$admin_port.

  curl http://127.0.0.1:$port/v1/meta

Logs are in $folder. Ctrl-C ends everything.
TEXT
  else
    cat <<TEXT

vecgate answers at http://127.0.0.1:$port in front of 127.0.0.1:$upstream_port (gRPC only); health and metrics at
http://127.0.0.1:$admin_port. The tour's collection is still there:

  curl http://127.0.0.1:$port/collections/vecgate_tour
  QdrantClient(url="http://127.0.0.1:$port")

Logs are in $folder. Ctrl-C ends everything.
TEXT
  fi
  wait -n "$vecgate_pid" "$upstream_pid" || true
  fail "one of the programs ended by itself"
}

main() {
  parse_arguments "$@"
  check_ports
  mkdir -p "$ROOT/build"
  folder="$(mktemp -d "$ROOT/build/quickstart.XXXXXX")"
  trap clean_up EXIT
  trap 'exit "$INTERRUPTED"' INT
  trap 'exit 143' TERM HUP

  say "Installing what is missing"
  "$ROOT/deploy/install-dependencies.sh"
  say "Building vecgate"
  build
  say "Starting"
  check_ports
  if [[ "$upstream_kind" == qdrant ]]; then start_upstream; else start_recorded; fi
  start_vecgate
  echo "vecgate on port $port, upstream on port $upstream_port, admin on port $admin_port"

  local tour=0
  take_tour || tour=$?
  if $once; then exit "$tour"; fi
  stay_up
}

main "$@"
