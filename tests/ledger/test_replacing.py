"""SQLite alone knows REPLACE, which takes rows away without asking the trigger for deletions."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from ledger.actions import Actor, LedgerEvent, append
from ledger.models import Entry
from tests.fixtures.people import NOW


@pytest.mark.django_db
@pytest.mark.parametrize("kept", ["id", "seq", "hash"])
def test_an_entry_cannot_be_replaced_by_one_with_the_same_number_or_hash(kept):
    with transaction.atomic():
        append([LedgerEvent("try", "thing", "a")], by=Actor(), at=NOW)
    entry = Entry.objects.values().get()
    row = entry | {"id": 10**6, "seq": 10**6, "hash": "x"} | {kept: entry[kept]}
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT OR REPLACE INTO ledger_entry ({names}) VALUES ({marks})", list(row.values())
        )
    assert Entry.objects.values().get() == entry


@pytest.mark.django_db
def test_there_are_no_roles_to_be_granted_anything_on_sqlite():
    with pytest.raises(CommandError, match="SQLite 不用设置"):
        call_command("grant_web_role", "portal_web")
