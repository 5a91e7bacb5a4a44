"""Makes the fixture of VERSION, from which later versions are upgraded in the tests.

    .venv/bin/python -m tests.upgrades.make

writes beside this file the database of a small site as SQL for SQLite and for PostgreSQL (a server
is started for it and thrown away), what that site is known by as JSON, and the digests of the
migrations. It writes over what is there: see docs/upgrades.md for when a version gets a fixture.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from random import Random
from unittest.mock import patch

import django

from tests.upgrades import digests

VERSION = "1.1"
# Seals the contacts of the fixture, which are made up; no site has this key.
KEY = "key of the upgrade fixture, known to everybody"
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    itself = [sys.executable, "-m", "tests.upgrades.make", "here"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TRIAL": "1"}
    sqlite = environment | {"DATABASE_URL": "sqlite://:memory:"}
    subprocess.run(itself, cwd=ROOT, env=sqlite, check=True)
    with_server = [ROOT / "deploy/scripts/with-postgres.sh", *itself]
    subprocess.run(with_server, cwd=ROOT, env=environment, check=True)
    digests.write(VERSION)


def make_here() -> None:
    """For the database of DATABASE_URL; SQLite writes the record, and PostgreSQL must agree."""
    django.setup()
    # Importable only once Django is set up.
    from tests.upgrades import databases, record

    with databases.empty_database() as connection:
        made = build_site()
        databases.dump(connection, record.script_path(VERSION, connection.vendor))
        text = json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        path = record.record_path(VERSION)
        if connection.vendor == "sqlite":
            path.write_text(text, "utf-8")
        elif path.read_text("utf-8") != text:
            sys.exit(f"{connection.vendor} holds another site than {path.name} says")


@contextmanager
def repeatable_chance() -> Iterator[None]:
    """Salts, initialisation vectors and names of files alike each time.

    So both databases hold the same site, and a fixture made again differs only where the code does.
    """
    source = Random(VERSION).randbytes
    # `random` keeps a name of its own for the function, and `secrets` uses that one.
    with patch("os.urandom", source), patch("random._urandom", source):
        yield


def build_site() -> dict:
    """The site of tests/fixtures/site_quarters.py and its reminders, through the real actions;
    gives its record.
    """
    from django.core.management import call_command

    from tests.fixtures.site_quarters import furnish
    from tests.fixtures.site_setting import SECOND_SITE, TODAY
    from tests.upgrades import record

    made = {"version": VERSION, "at": TODAY.isoformat(), "site": SECOND_SITE, "contact_keys": [KEY]}
    with record.circumstances(made), repeatable_chance():
        call_command("migrate", verbosity=0)
        site = furnish()
        call_command("remind", stdout=StringIO())
        call_command("verify_ledger", stdout=StringIO())
        letter = site.tickets["published"]
        contact = {"number": letter.number, "code": letter.query_code, "text": letter.contact.text}
        pages = [*record.PAGES, f"/feedback/{letter.number}/"]
        return made | {
            "letter": contact,
            "rows": record.row_counts(),
            "api": {address: record.api_answer(address) for address in record.API},
            "files": {address: record.file_digest(address) for address in record.FILES},
            "numbers": {address: record.numbers(address) for address in pages},
        }


if __name__ == "__main__":
    make_here() if sys.argv[1:] == ["here"] else main()
