"""Throw-away databases, their contents as SQL, and what a schema promises."""

import gzip
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def empty_database() -> Iterator[BaseDatabaseWrapper]:
    """An empty database of the kind in use stands in for the default one; dropped afterwards."""
    usual = connections["default"]
    with _empty_database_name(usual) as name:
        own = usual.copy("default")
        own.settings_dict["NAME"] = name
        connections["default"] = own
        _forget_what_was_read()
        try:
            yield own
        finally:
            connections["default"] = usual
            _forget_what_was_read()
            # Not `own.close()`: Django keeps a database in memory open, which would leak it here.
            if own.connection is not None:
                own.connection.close()


@contextmanager
def _empty_database_name(usual: BaseDatabaseWrapper) -> Iterator[str]:
    if usual.vendor == "sqlite":
        yield ":memory:"
        return
    name = f"upgrade_{os.getpid()}"
    # A connection of its own, because no database is created inside a transaction.
    server = usual.copy("server")
    try:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
        yield name
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        server.close()


def _forget_what_was_read() -> None:
    """The numbers of content types and whatever was cached belong to the database just left."""
    ContentType.objects.clear_cache()
    cache.clear()


def dump(connection: BaseDatabaseWrapper, path: Path) -> None:
    """Writes all tables, rows, constraints and triggers as compressed SQL."""
    write = {"sqlite": _sqlite_script, "postgresql": _postgresql_script}[connection.vendor]
    # Without a time in the archive, the same contents are the same file.
    path.write_bytes(gzip.compress(write(connection).encode(), mtime=0))


def _sqlite_script(connection: BaseDatabaseWrapper) -> str:
    return "\n".join(connection.connection.iterdump())


# In place of the preamble of pg_dump, which names settings that only servers of its version know.
PREAMBLE = """SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SELECT pg_catalog.set_config('search_path', '', false);
"""


def _postgresql_script(connection: BaseDatabaseWrapper) -> str:
    server = connection.get_connection_params()
    given = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    environ = {name: str(server[key]) for name, key in given.items() if server.get(key)}
    command = ["pg_dump", "--no-owner", "--no-privileges", "--no-comments", "--inserts"]
    command += ["--rows-per-insert=100", server.get("dbname") or server["database"]]
    text = subprocess.check_output(command, env=os.environ | environ, text=True)
    body = text[re.search(r"^CREATE ", text, re.MULTILINE).start() :]
    # The last lines may hold a command of psql, which is no SQL.
    return PREAMBLE + body.rpartition("-- PostgreSQL database dump complete")[0]


def load(connection: BaseDatabaseWrapper, path: Path) -> None:
    """Runs the SQL of `dump` in an empty database."""
    script = gzip.decompress(path.read_bytes()).decode()
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        # Rows come in the order of their tables' names.
        with connection.constraint_checks_disabled():
            connection.connection.executescript(script)
        connection.check_constraints()
    else:
        with connection.cursor() as cursor:
            cursor.execute(script)
        # The search path that the script emptied lasts as long as the connection.
        connection.close()


def schema(connection: BaseDatabaseWrapper) -> set[str]:
    """Each column, constraint, index and trigger as a line of text, whatever their order.

    Names that Django makes up are left out: they depend on the way a table came to be.
    """
    read = {"sqlite": _sqlite_schema, "postgresql": _postgresql_schema}[connection.vendor]
    with connection.cursor() as cursor:
        return set(read(cursor))


def _sqlite_schema(cursor) -> Iterator[str]:
    query = "SELECT type, tbl_name, sql FROM sqlite_master WHERE sql <> ''"
    cursor.execute(f"{query} AND name NOT LIKE 'sqlite_%'")
    for kind, table, sql in cursor.fetchall():
        if kind == "table":
            yield from (f"{table}: {clause}" for clause in clauses(sql))
        else:
            yield f"{table}: {without_index_name(sql)}"


POSTGRESQL_SCHEMA = """
SELECT table_name, concat_ws(' ', column_name, data_type, character_maximum_length,
    numeric_precision, numeric_scale, 'nullable ' || is_nullable, 'identity ' || is_identity,
    'default ' || column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT conrelid::regclass::text, concat_ws(' ', pg_get_constraintdef(oid),
    CASE WHEN contype = 'c' THEN conname END, CASE WHEN NOT convalidated THEN 'unproven' END)
FROM pg_constraint WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace
UNION ALL
SELECT tablename::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) || ' ' || tgenabled::text
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'extension', extname::text FROM pg_extension
"""

CASTS_AND_BRACKETS = re.compile(r"::(?:character varying|\w+)(?:\[\])?|[()]")


def _postgresql_schema(cursor) -> Iterator[str]:
    cursor.execute(POSTGRESQL_SCHEMA)
    for table, line in cursor.fetchall():
        # A condition read back from a dump is printed with other casts and brackets than a new one.
        yield f"{table}: {CASTS_AND_BRACKETS.sub('', without_index_name(line))}"


def constraint_names(connection: BaseDatabaseWrapper) -> set[str]:
    """Of constraints and indexes; Django's own reader stumbles over some of ours on SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql <> ''")
            rows = cursor.fetchall()
            inside = {name for _, sql in rows for name in re.findall(r'CONSTRAINT "(\w+)"', sql)}
            return inside | {name for name, _ in rows}
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        return {name for (name,) in cursor.fetchall()}


def without_index_name(sql: str) -> str:
    return re.sub(r"^(CREATE (?:UNIQUE )?INDEX) \S+", r"\1", sql)


def clauses(create_table: str) -> list[str]:
    """The columns and constraints between the outermost brackets of a CREATE TABLE statement."""
    inside = create_table[create_table.index("(") + 1 : create_table.rindex(")")]
    found, depth = [""], 0
    # Quoted words whole, so that a bracket or a comma inside them counts for nothing.
    for piece in re.findall(r"""'[^']*'|"[^"]*"|.""", inside, re.DOTALL):
        depth += (piece == "(") - (piece == ")")
        if piece == "," and depth == 0:
            found.append("")
        else:
            found[-1] += piece
    return [" ".join(clause.split()) for clause in found]
