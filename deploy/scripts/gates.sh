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

step "types"
.venv/bin/mypy

step "migrations and settings"
$py manage.py makemigrations --check --dry-run
secret=$(head -c 48 /dev/urandom | base64 -w 0)
TRIAL=0 SECRET_KEY=$secret CONTACT_KEYS=$secret ALLOWED_HOSTS=portal.example \
    $py manage.py check --deploy --fail-level WARNING

step "rules of the house"
$py -m pytest -q -n 0 tests/test_architecture.py
