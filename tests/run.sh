#!/usr/bin/env bash
# Installs, builds and runs all tests, and ends with one line: N passed, N failed.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly ROOT
readonly PYTHON="$ROOT/.venv/bin/python"
readonly RELEASE="$ROOT/build/release"
readonly REPORTS="$ROOT/build/reports"   # a JUnit file for each runner, and what became of each stage
readonly STAGES="$REPORTS/stages.tsv"
# The gateway's rooms and the translators' runtime; generated code is run by the other tests. What reads and prints has no
# threads, and protobuf's messages have another layout under ThreadSanitizer than in the distribution's library.
readonly ASAN_TARGETS=(config_tests gateway_tests runtime_tests graphql_tests)
readonly TSAN_TARGETS=(config_tests gateway_tests)
readonly TEST_SECONDS=300

usage() {
  cat <<'TEXT'
usage: tests/run.sh

Installs what is missing, builds the release preset and runs
  - the C++ tests (ctest),
  - the Python tests (pytest): schema, end to end, replay of the recorded exchanges,
  - the quickstart of each kind of upstream, once, on free ports,
  - the unit and edge tests again under AddressSanitizer and UBSan, and under ThreadSanitizer.
Exits with 1 when anything failed. Reports are left in build/reports.

VECGATE_FAST=1 skips the sanitizers.
TEXT
}

# stage NAME REPORT COMMAND...: runs a command and notes how it ended; the JUnit file it writes says what it tested.
stage() {
  local name="$1" report="$2" status=0 start="$SECONDS"
  shift 2
  printf '\n== %s\n' "$name"
  "$@" || status=$?
  printf '%s\t%d\t%s\n' "$name" "$status" "$report" >>"$STAGES"
  echo "== $name: exit $status after $((SECONDS - start)) s"
  return "$status"
}

build() {
  local preset="$1"
  shift
  cmake --preset "$preset" || return
  cmake --build "$ROOT/build/$preset" --parallel "$(nproc)" "$@"
}

# A test that fails is given a second chance, which the output tells: many run at a time, some with clocks and sockets, and
# machines stall.
run_ctest() {
  ctest --repeat until-pass:2 --test-dir "$RELEASE" --parallel "$(nproc)" --timeout "$TEST_SECONDS" --output-on-failure --no-tests=error \
    --output-junit "$1"
}

run_pytest() {
  VECGATE_BIN="$RELEASE/gateway/vecgate" \
    SCRIPTED_UPSTREAM_BIN="$RELEASE/tests/support/scripted_upstream/scripted_upstream" \
    "$PYTHON" -m pytest -q -p no:cacheprovider --reruns 1 "$ROOT/tests" --junitxml="$1"
}

run_quickstart() {
  local kind
  for kind in qdrant weaviate; do
    "$ROOT/deploy/quickstart.sh" --upstream-kind "$kind" --once --port 0 --upstream-port 0 --admin-port 0 || return
  done
}

run_sanitized() (
  program="$1" report="$2" suppressions="$ROOT/tests/support/tsan.supp"
  export ASAN_OPTIONS="detect_stack_use_after_return=1:strict_string_checks=1"
  export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
  export TSAN_OPTIONS="second_deadlock_stack=1:ignore_noninstrumented_modules=1:suppressions=$suppressions"
  cd "$(dirname "$program")" && timeout "$TEST_SECONDS" "$program" --gtest_brief=1 "--gtest_output=xml:$report"
)

# Each program is run directly: a new process for every single test would cost most of the time.
sanitize() {
  local preset="$1" target program
  shift
  stage "build $preset" "" build "$preset" --target "$@" || return 0
  for target in "$@"; do
    program="$(find "$ROOT/build/$preset/tests" -type f -name "$target" -perm -u+x)"
    stage "$preset $target" "$REPORTS/$preset-$target.xml" \
      run_sanitized "$program" "$REPORTS/$preset-$target.xml" || true
  done
}

# Sums the JUnit files. A stage that failed without a failed test in its report (or that has no report) counts as one
# failure; so nothing that went wrong is lost. The quickstart is one test.
summarize() {
  "$PYTHON" - "$STAGES" <<'PYTHON'
import csv
import pathlib
import sys
import xml.etree.ElementTree as ET


def counts(path):
    """passed, failed, skipped"""
    result = [0, 0, 0]
    if path.is_file() and path.stat().st_size:
        for case in ET.parse(path).iter("testcase"):
            kinds = {child.tag for child in case}
            if kinds & {"failure", "error"} or case.get("status") == "fail":
                result[1] += 1
            elif "skipped" in kinds or case.get("status") in ("notrun", "disabled") or case.get("result") == "skipped":
                result[2] += 1
            else:
                result[0] += 1
    return result


total = [0, 0, 0]
print()
for name, status, report in csv.reader(open(sys.argv[1]), delimiter="\t"):
    one = counts(pathlib.Path(report)) if report else [int(name == "quickstart" and status == "0"), 0, 0]
    if status != "0" and not one[1]:
        one[1] = 1
    total = [a + b for a, b in zip(total, one)]
    if report or one[1] or one[0]:
        print(f"{name}: {one[0]} passed, {one[1]} failed, {one[2]} skipped")
print(f"\n{total[0]} passed, {total[1]} failed" + (f", {total[2]} skipped" if total[2] else ""))
sys.exit(1 if total[1] or not total[0] else 0)
PYTHON
}

main() {
  case "${1-}" in
    "") ;;
    -h | --help) usage && exit ;;
    *) usage >&2 && exit 2 ;;
  esac
  cd "$ROOT"
  # Another clone of the same sources finds what this one compiled.
  export CCACHE_BASEDIR="$ROOT" CCACHE_NOHASHDIR=true
  rm -rf "$REPORTS"
  mkdir -p "$REPORTS"

  "$ROOT/deploy/install-dependencies.sh" --with-checks
  if stage "build release" "" build release; then
    stage ctest "$REPORTS/ctest.xml" run_ctest "$REPORTS/ctest.xml" || true
    stage pytest "$REPORTS/pytest.xml" run_pytest "$REPORTS/pytest.xml" || true
    stage quickstart "" run_quickstart || true
  fi
  if [[ "${VECGATE_FAST-}" != 1 ]]; then
    sanitize asan "${ASAN_TARGETS[@]}"
    sanitize tsan "${TSAN_TARGETS[@]}"
  fi
  summarize
}

main "$@"
