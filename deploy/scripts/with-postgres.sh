#!/usr/bin/env bash
# Runs a command with DATABASE_URL naming a PostgreSQL cluster of its own, thrown away afterwards.
# C.UTF-8, because under plain C the trigram index sees no Chinese.
set -euo pipefail

if command -v pg_virtualenv >/dev/null; then
    # -t: beside whatever else is being tested. The inner shell, not this one, knows the user, the password and the port.
    # shellcheck disable=SC2016
    exec pg_virtualenv -t -o fsync=off -o synchronous_commit=off -i "--locale=C.UTF-8 --encoding=UTF8" \
        bash -c 'DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres" exec "$@"' - "$@"
fi

PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')
home=$(mktemp -d)
as_owner=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to be run by root
    chown postgres "$home"
    as_owner=(runuser -u postgres -- env "PATH=$PATH")
fi
cd "$home"
"${as_owner[@]}" initdb -D "$home/data" -U postgres --auth=trust --locale=C.UTF-8 --encoding=UTF8 >/dev/null
"${as_owner[@]}" pg_ctl -D "$home/data" -w -l "$home/log" \
    -o "-k $home -c listen_addresses='' -c fsync=off -c synchronous_commit=off" start >/dev/null
trap '"${as_owner[@]}" pg_ctl -D "$home/data" -m immediate stop >/dev/null; rm -rf "$home"' EXIT
cd "$OLDPWD"
PGUSER=postgres DATABASE_URL="postgres:///$home/postgres" "$@"
