"""What a draft's page said was kept is there, whole, even if the process is killed the moment after."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from threading import Timer

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = """
SELECT report.version, part.narrative, reading.value FROM progress_progressreport report
JOIN progress_contribution part ON part.report_id = report.id
JOIN progress_reading reading ON reading.report_id = report.id
"""


@pytest.fixture
def database(office, tmp_path) -> str:
    """Address of the data of this test for another process: this database, or on SQLite a copy of it in a file."""
    if connection.vendor == "postgresql":
        return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    with closing(sqlite3.connect(tmp_path / "killed.sqlite3")) as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{tmp_path / 'killed.sqlite3'}"


def killed_after(database: str, seconds: float) -> int:
    """Lets a process save until it is killed, `seconds` after its first word; the number it had said last."""
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "tests.writer"]
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
    # A number cut off by the kill was not heard.
    return int(said[: said.rindex("\n")].split()[-1])


def kept(database: str) -> tuple[int, str, float]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(ROWS)
            rows = cursor.fetchall()
    else:
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as copy:
            rows = copy.execute(ROWS).fetchall()
    assert len(rows) == 1
    return rows[0]


def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(database):
    chance = random.Random(time.time_ns())
    for _ in range(3):
        acknowledged = killed_after(database, chance.uniform(0, 0.5))
        version, narrative, value = kept(database)
        # The save in hand may have been kept without its word having come out.
        assert version in {acknowledged, acknowledged + 1}
        assert (narrative, value) == (f"第{version}次", version)
