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
have_chinese_font() { [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }

step "style"
.venv/bin/ruff check .
.venv/bin/ruff format --check .

step "migrations and settings"
DATABASE_URL=sqlite://:memory: $py manage.py makemigrations --check --dry-run
secret=$(head -c 48 /dev/urandom | base64 -w 0)
DATABASE_URL=sqlite://:memory: TRIAL=0 SECRET_KEY=$secret CONTACT_KEYS=$secret ALLOWED_HOSTS=portal.example \
    $py manage.py check --deploy --fail-level WARNING

step "SQLite"
DATABASE_URL=sqlite://:memory: $py -m pytest -q "${side_by_side[@]}"

if needs "PostgreSQL" have_postgres postgresql; then
    step "PostgreSQL"
    deploy/scripts/with-postgres.sh $py -m pytest -q "${side_by_side[@]}"
fi

if needs "browser" "have_chromium && have_chinese_font" chromium fontconfig fonts-noto-cjk; then
    step "browser"
    # A browser mostly waits, so that one more goes beside the others.
    $py -m pytest -q "${side_by_side[@]}" -n 3 tests/browser
fi

[ ${#left_out[@]} = 0 ] || printf '%s\n' "" "${left_out[@]}" >&2
