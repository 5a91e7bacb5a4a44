#!/usr/bin/env bash
# Everything a change must pass. With CI=true nothing may be left out; elsewhere what the machine lacks is named at the end.
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/scripts/debian.sh
py=.venv/bin/python
# A module stays in one worker, because some build a whole site once for all their tests; tests/conftest.py has the order.
side_by_side=(-n 2 --dist loadscope --no-loadscope-reorder)
left_out=()

step() { printf '\n== %s\n' "$1"; }

# needs WHAT TEST PACKAGE...: true if TEST holds, if need be after installing the packages.
needs() {
    local what=$1 test=$2
    shift 2
    eval "$test" || { install_packages "$@" && eval "$test"; } && return
    left_out+=("$what: left out, install $*")
    [ "${CI:-}" != true ] || { echo "${left_out[-1]}" >&2; exit 1; }
    return 1
}
have_postgres() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1
have_chromium() { command -v chromium chromium-browser google-chrome; } >/dev/null 2>&1
have_nginx() { command -v nginx || [ -x /usr/sbin/nginx ]; } >/dev/null 2>&1
have_chinese_font() { [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }

# suite NAME COMMAND...: runs it, goes on whatever comes of it, and names it at the end if it failed.
suite() {
    step "$1"
    time "${@:2}" || failed+=("$1")
}

deploy/scripts/gates.sh

# One after the other, because each of them keeps two cores busy.
failed=()
if needs "PostgreSQL" have_postgres postgresql; then
    # Only what is marked for it, so that its workers need not read all the other tests first.
    mapfile -t asked_again < <(grep -rlE 'mark\.(both|postgresql)' tests --include='test_*.py' | sort)
    suite PostgreSQL deploy/scripts/with-postgres.sh $py -m pytest -q "${side_by_side[@]}" "${asked_again[@]}"
fi
if needs "browser" "have_chromium && have_chinese_font" chromium fontconfig fonts-noto-cjk; then
    DATABASE_URL=sqlite://:memory: suite browser $py -m pytest -q "${side_by_side[@]}" tests/browser
fi
needs "nginx" have_nginx nginx-light || true
# The gates have asked the rules of the house.
DATABASE_URL=sqlite://:memory: suite SQLite $py -m pytest -q "${side_by_side[@]}" --ignore tests/test_architecture.py

[ ${#left_out[@]} = 0 ] || printf '%s\n' "" "${left_out[@]}" >&2
[ ${#failed[@]} = 0 ] || { printf '\nfailed: %s\n' "${failed[*]}" >&2; exit 1; }
