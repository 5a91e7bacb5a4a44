#!/usr/bin/env bash
# What every change must pass before any test of behaviour: style, types, templates, settings, missing migrations and
# the rules of the house. `make check`, `make test` and the pre-commit file all call this.
set -euo pipefail
cd "$(dirname "$0")/../.."
py=.venv/bin/python
export DATABASE_URL=sqlite://:memory:

step() { printf '\n== %s\n' "$1"; }

step "style"
.venv/bin/ruff check --quiet .
.venv/bin/ruff format --check --quiet .
.venv/bin/djlint --quiet --lint templates

folder=$(mktemp -d)
# Reads the whole tree on one core; beside what follows, and shown when its turn comes.
.venv/bin/mypy >"$folder/types" 2>&1 &
types=$!
trap 'kill $types 2>/dev/null || true; rm -rf "$folder"' EXIT

step "migrations and settings"
$py manage.py makemigrations --check --dry-run
secret=$(head -c 48 /dev/urandom | base64 -w 0)
# As a site that has forgotten nothing; its database is not there.
site() {
    TRIAL=0 SECRET_KEY=$secret CONTACT_KEYS=$secret ALLOWED_HOSTS=portal.example STATIC_ROOT=$folder/static \
        MEDIA_ROOT=$folder/media BACKUP_DIR=$folder/backup LEDGER_WITNESS_FILE=$folder/witness \
        TRUSTED_PROXY_HOPS=1 SITE_URL=https://portal.example EMAIL_URL=smtp://127.0.0.1:25 \
        ADMINS=it@portal.example DATABASE_URL=sqlite:///$folder/none.sqlite3 $py manage.py "$@"
}
site collectstatic --no-input --verbosity 0
site check --deploy --fail-level WARNING

step "rules of the house"
$py -m pytest -q -n 0 tests/test_architecture.py

step "types"
wait $types || { cat "$folder/types"; exit 1; }
cat "$folder/types"
