"""A database at one moment, on both kinds: its copy in a file, and what that copy holds."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from common.errors import Refused
from ledger.models import Entry
from ledger.saving.stored_files import FileColumn, file_columns

FILE_NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
RECORD = Entry._meta.db_table
Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]


@dataclass(frozen=True)
class Holdings:
    """What a database holds: rows of each table, applied migrations, the newest entry of the
    record as (number, hash), and (name, SHA-256) of each file that a row names.
    """

    counts: dict[str, int]
    migrations: list[str]
    head: tuple[int, str]
    files: list[tuple[str, str]]


def holdings(ask: Ask, tables: list[str]) -> Holdings:
    """What is asked with SQL that both kinds understand; `tables`: those that exist."""
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    counts = {
        table: ask(f'SELECT COUNT(*) FROM "{table}"')[0][0]  # noqa: S608
        for table in sorted(models & set(tables))
    }
    applied = ask("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    newest = ask(f"SELECT seq, hash FROM {RECORD} ORDER BY seq DESC LIMIT 1")  # noqa: S608
    return Holdings(
        counts,
        [name for (name,) in applied],
        (newest[0][0], newest[0][1]) if newest else (0, ""),
        sorted({pair for column in file_columns() for pair in _named_files(ask, column, counts)}),
    )


def _named_files(ask: Ask, column: FileColumn, counts: dict[str, int]) -> list[tuple[str, str]]:
    """What a column names; nothing of one that an older version has not got yet."""
    if column.model._meta.db_table not in counts:
        return []
    return [(name, digest) for _, name, digest in ask(column.query)]


def current_holdings() -> Holdings:
    """What the database in use holds now."""
    return holdings(_ask, connection.introspection.table_names())


def _ask(query: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def copy_database(folder: Path) -> tuple[Path, Holdings]:
    """Writes the database as it is at one moment into the folder, while others go on writing.

    Raises Refused where the program for it is missing or does not fit, and OSError.
    """
    if connection.in_atomic_block:
        # What only this transaction sees cannot be copied, and SQLite would wait for itself.
        raise transaction.TransactionManagementError("a database is copied outside transactions")
    file = folder / FILE_NAMES[connection.vendor]
    write = {"sqlite": _copy_sqlite, "postgresql": _copy_postgresql}[connection.vendor]
    return file, write(file)


def _copy_sqlite(file: Path) -> Holdings:
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy, progress=_refuse_to_wait)
        # One file, which can be copied as it is.
        copy.execute("PRAGMA journal_mode=DELETE")
        tables = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return holdings(lambda query: copy.execute(query).fetchall(), [name for (name,) in tables])


def _copy_postgresql(file: Path) -> Holdings:
    with _one_moment() as snapshot:
        run_postgresql("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}")
        return current_holdings()


@contextmanager
def _one_moment() -> Iterator[str]:
    """A moment of PostgreSQL that this connection and `pg_dump` both see."""
    own = connection.copy()
    own.ensure_connection()
    try:
        with _in_place_of_default(own), transaction.atomic(), own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]
    finally:
        own.close()


@contextmanager
def _in_place_of_default(own: BaseDatabaseWrapper) -> Iterator[None]:
    usual = connections["default"]
    connections["default"] = own
    try:
        yield
    finally:
        connections["default"] = usual


def load_database(file: Path) -> None:
    """Puts the copy in place of the database in use, which is thrown away.

    Raises Refused where the program for it is missing or fails.
    """
    if connection.vendor == "postgresql":
        _drop_tables()
        connection.close()
        run_postgresql(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges",
            "--exit-on-error", "--single-transaction", "--dbname", _database_name(), str(file),
        )  # fmt: skip
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        copy.backup(connection.connection, progress=_refuse_to_wait)


def _refuse_to_wait(status: int, _left: int, _pages: int) -> None:
    """Python begins again for ever while somebody else holds the database."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise Refused("数据库正被别的程序占用，请停掉网站和定时任务再试。")


def _drop_tables() -> None:
    """Those of an empty site. One that only a newer version has would hold on to those it names,
    which `pg_restore` then could not drop.
    """
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in sorted(ours & set(connection.introspection.table_names(cursor))):
            cursor.execute(f'DROP TABLE "{table}" CASCADE')


def run_postgresql(program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL against the database in use, its password not in sight.

    Raises Refused with what the program said.
    """
    if shutil.which(program) is None:
        raise Refused(f"没有 {program}，请安装与数据库同版本的 PostgreSQL 客户端程序。")
    _check_version(program)
    given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    chosen = connection.settings_dict
    server = {name: str(chosen[key]) for name, key in given.items() if chosen.get(key)}
    environment = os.environ | server | {"PGDATABASE": _database_name()}
    # Which program, and of what, is said in this module only.
    done = subprocess.run(  # noqa: S603
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"{program} 没有成功：{done.stderr.strip()[-500:]}")


def _check_version(program: str) -> None:
    """Raises Refused for a program that is older than the server, which it could not read."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = re.search(r"\) (\d+)", said)
    connection.ensure_connection()
    own, server = int(found[1]) if found else 0, connection.connection.info.server_version // 10000
    if own < server:
        raise Refused(
            f"{program} 是第 {own} 版，数据库是第 {server} 版，"
            "请安装不低于数据库版本的 PostgreSQL 客户端程序。"
        )


def _database_name() -> str:
    return str(connection.settings_dict["NAME"])
