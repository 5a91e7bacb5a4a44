"""A process that works on the data of a test until it is killed, and what it had said by then."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Timer

from django.conf import settings
from django.db import connection


def database_for_others(folder: Path) -> str:
    """Address of the data of this test for another process: this database, or on SQLite a copy of it in a file."""
    if connection.vendor == "postgresql":
        return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    with closing(sqlite3.connect(folder / "killed.sqlite3")) as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{folder / 'killed.sqlite3'}"


def said_until_killed(module: str, database: str, seconds: float) -> list[str]:
    """Its whole lines, killed so long after its first; a line cut off by the kill was not heard."""
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", module]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=environment, cwd=settings.BASE_DIR, text=True
    ) as process:
        patience = Timer(60, process.kill)
        patience.start()
        try:
            said = process.stdout.readline()
            time.sleep(seconds)
        finally:
            process.kill()
            patience.cancel()
        said += process.stdout.read()
    assert process.returncode == -signal.SIGKILL
    return said[: said.rindex("\n")].splitlines()


def rows_of(database: str, query: str) -> list[tuple]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as copy:
        return copy.execute(query).fetchall()
