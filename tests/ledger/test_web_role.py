"""On PostgreSQL the site runs under a role that can read and append the record and nothing else."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from feedback.models import Ticket
from ledger import safeguards
from ledger.models import Entry, RecordCheck
from ledger.verification import verify
from tests.fixtures.letter_form import send
from tests.fixtures.quarter import make_office

pytestmark = pytest.mark.postgresql
ROLE = "portal_web"


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(scope="module")
def granted(django_db_setup, django_db_blocker):
    """An office, and the role with its rights, given twice as after a second migrate."""
    with django_db_blocker.unblock(), transaction.atomic():
        office = make_office()
        office.submit()
        execute(f"CREATE ROLE {ROLE} LOGIN")
        for _ in ("at first", "after a migrate"):
            call_command("grant_web_role", ROLE, stdout=StringIO())
        yield office
        transaction.set_rollback(True)


@contextmanager
def as_the_site():
    execute(f"SET ROLE {ROLE}")
    try:
        yield
    finally:
        execute("RESET ROLE")


TAMPERINGS = [
    "UPDATE ledger_entry SET verb = 'x'",
    "DELETE FROM ledger_entry",
    "TRUNCATE ledger_entry",
    "INSERT INTO ledger_entry SELECT * FROM ledger_entry ON CONFLICT (id) DO UPDATE SET verb = 'x'",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "ALTER TABLE ledger_entry ENABLE REPLICA TRIGGER ledger_entry_no_change",
    "ALTER TABLE ledger_entry RENAME TO another",
    "DROP TRIGGER ledger_entry_no_change ON ledger_entry",
    "DROP TABLE ledger_entry",
    "CREATE RULE quiet AS ON DELETE TO ledger_entry DO INSTEAD NOTHING",
    "CREATE TRIGGER another BEFORE INSERT ON ledger_entry EXECUTE FUNCTION ledger_refuse()",
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN OLD; END $$",
    "CREATE FUNCTION another() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
    "SET session_replication_role = 'replica'",
    "UPDATE ledger_recordcheck SET faults = 0",
    "DELETE FROM ledger_recordcheck",
    "TRUNCATE publishing_publication CASCADE",
    "DELETE FROM django_migrations",
    "SELECT setval('ledger_entry_id_seq', 1)",
]


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_the_role_of_the_site_is_refused_every_way_to_change_the_record(granted, statement):
    with (
        as_the_site(),
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
    ):
        execute(statement)


def test_the_site_reads_files_and_records_under_its_role(granted, settings):
    settings.SITE = settings.SITE | {"telephone": "0755-12345678"}
    before = Entry.objects.count()
    with as_the_site():
        page = send(Client())
        assert page.status_code == 200
        assert Ticket.objects.filter(text="路灯什么时候修？").exists()
        assert Entry.objects.count() > before
        client = Client()
        client.force_login(granted.people.reporter)
        assert client.get("/staff/").status_code == 200
        report = granted.white_paper.task.reports.get()
        granted.verify(report)
        call_command("verify_ledger", record=True, stdout=StringIO(), stderr=StringIO())
    assert RecordCheck.objects.first().holds
    assert verify().sound


def test_the_check_warns_the_owner_of_the_table_and_not_the_role_of_the_site(granted):
    def said() -> str:
        err = StringIO()
        call_command("verify_ledger", stdout=StringIO(), stderr=err)
        return err.getvalue()

    assert safeguards.owns_record(connection)
    assert "网站应另用受限账号" in said()
    with as_the_site():
        assert not safeguards.owns_record(connection)
        assert said() == ""


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("", "没有账号 other_role"),
        ("CREATE ROLE other_role SUPERUSER", "挡不住改动"),
        ("CREATE ROLE other_role CREATEROLE", "挡不住改动"),
        ("CREATE ROLE other_role; GRANT postgres TO other_role", "挡不住改动"),
        (
            "CREATE ROLE other_role; CREATE ROLE more; GRANT UPDATE ON ledger_entry TO more; "
            "GRANT more TO other_role",
            "从别的账号那里得到了",
        ),
    ],
)
def test_a_role_that_could_change_the_record_all_the_same_is_not_granted(granted, made, reason):
    with transaction.atomic():
        if made:
            execute(made)
        with pytest.raises(CommandError, match=reason):
            call_command("grant_web_role", "other_role")
        transaction.set_rollback(True)
