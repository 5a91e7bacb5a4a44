#!/usr/bin/env bash
# Runs a command with DATABASE_URL naming a PostgreSQL cluster of its own, thrown away afterwards. It listens on a
# socket in its own directory only, so any number may run side by side.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')
home=$(mktemp -d)
as_owner=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to be run by root
    chown postgres "$home"
    as_owner=(runuser -u postgres -- env -C "$home" "PATH=$PATH")
fi

# Nobody tidies it up: rows of a transaction still open count for nothing, and plans made for empty tables crawl.
# C.UTF-8, because plain C knows no upper and lower case outside ASCII.
"${as_owner[@]}" initdb -D "$home/data" -U postgres --auth=trust --locale=C.UTF-8 --encoding=UTF8 >"$home/initdb.log" 2>&1 ||
    { cat "$home/initdb.log" >&2; exit 1; }
"${as_owner[@]}" pg_ctl -D "$home/data" -w -l "$home/log" \
    -o "-k $home -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off" start >/dev/null
trap '"${as_owner[@]}" pg_ctl -D "$home/data" -m immediate stop >/dev/null; rm -rf "$home"' EXIT
PGUSER=postgres DATABASE_URL="postgres:///$home/postgres" "$@"
