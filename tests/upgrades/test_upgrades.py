"""The database of every version since 1.1 is upgraded to this one and loses nothing on the way."""

from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core import checks
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, override_settings

from departments.models import User
from feedback.models import Contact
from tests.upgrades import databases, digests, record

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture(scope="module", params=record.versions())
def upgraded(request, django_db_setup, django_db_blocker):
    """The site of a version's fixture after `migrate`, in place of the tests' own database."""
    kept = record.read_record(request.param)
    with django_db_blocker.unblock():
        schemas = {"fresh": databases.schema(connections["default"]), "declared": declared_schema()}
        with databases.empty_database() as own, record.circumstances(kept):
            databases.load(own, record.script_path(request.param, own.vendor))
            problems = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
            call_command("migrate", verbosity=0)
            yield SimpleNamespace(record=kept, problems=problems, **schemas)


def declared_schema() -> set[str]:
    """Of our tables as the models describe them, made without any migration."""
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == digests.ROOT]
    models = [model for app in ours for model in app.get_models(include_auto_created=True)]
    tables = {model._meta.db_table for model in models}
    no_migrations = {app.label: None for app in apps.get_app_configs()}
    with override_settings(MIGRATION_MODULES=no_migrations), databases.empty_database() as own:
        call_command("migrate", run_syncdb=True, verbosity=0)
        return {line for line in databases.schema(own) if line.partition(":")[0] in tables}


def contains(now, then) -> bool:
    """Whether an answer still says all it said; keys may have been added."""
    if isinstance(then, dict):
        return then.keys() <= now.keys() and all(contains(now[key], then[key]) for key in then)
    if isinstance(then, list):
        return len(now) == len(then) and all(map(contains, now, then))
    return now == then


def test_no_check_stops_the_operator_before_the_database_is_upgraded(upgraded):
    """Where an operator types it, `migrate` begins with the checks of the database."""
    assert upgraded.problems == []


def test_every_migration_was_applied(upgraded):
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert executor.loader.disk_migrations.keys() <= executor.loader.applied_migrations.keys()


def test_the_schema_is_the_one_of_a_new_database(upgraded):
    now = databases.schema(connection)
    assert (upgraded.fresh - now, now - upgraded.fresh) == (set(), set())


def test_no_migration_lost_what_the_models_declare(upgraded):
    """A new database runs the same migrations, and would lose it too."""
    assert upgraded.declared - databases.schema(connection) == set()


def test_every_constraint_and_index_of_the_models_is_there_by_its_name(upgraded):
    declared = {
        rule.name
        for model in apps.get_models(include_auto_created=True)
        for rule in [*model._meta.constraints, *model._meta.indexes]
    }
    assert declared - databases.constraint_names(connection) == set()


def test_a_dropped_index_is_noticed_by_the_comparison_of_schemas(upgraded):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX ledger_subject")
    for schema in (upgraded.fresh, upgraded.declared):
        (lost,) = schema - databases.schema(connection)
        assert "subject_type" in lost


def test_no_table_lost_or_gained_a_row(upgraded):
    kept = {
        table: rows for table, rows in upgraded.record["rows"].items() if not table.startswith(GONE)
    }
    assert contains(record.row_counts(), kept)


def test_the_tables_of_a_library_that_is_gone_are_dropped(upgraded):
    assert any(table.startswith(GONE) for table in upgraded.record["rows"])
    assert [table for table in record.row_counts() if table.startswith(GONE)] == []
    assert [table for table in connection.introspection.table_names() if "axes" in table] == []


def test_the_ledger_of_an_upgraded_database_verifies_and_goes_on(upgraded):
    for _ in ("as it came", "with an entry of this version"):
        call_command("verify_ledger", record=True, stdout=StringIO())


GONE = "axes_"  # wrong passwords once counted there
CHANGES = ["UPDATE ledger_entry SET verb = 'x'", "DELETE FROM ledger_entry"]


@pytest.mark.parametrize("change", CHANGES)
def test_the_ledger_of_an_upgraded_database_refuses_changes(upgraded, change):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_the_interface_for_programs_answers_as_before(upgraded):
    recorded = upgraded.record["api"]
    changed = [a for a, then in recorded.items() if not contains(record.api_answer(a), then)]
    assert changed == []


def test_files_with_a_published_digest_are_the_same_to_the_byte(upgraded):
    recorded = upgraded.record["files"]
    assert {address: record.file_digest(address) for address in recorded} == recorded


# What is told in words since: an answer on the same day took 当天 and not 0 working days. Pages of
# the record go by the numbers of its entries: no page 2, no page 3, no 第 1–50 条.
TOLD_OTHERWISE = {"/feedback/": {"0"}, "/ledger/": {"2", "3", "50"}}


# Where the page now lists what it listed: internal entries are asked for.
MOVED = {"/ledger/": "/ledger/?scope=all"}


def test_public_pages_show_the_numbers_they_showed(upgraded):
    recorded = upgraded.record["numbers"]
    now = {address: record.numbers(MOVED.get(address, address)) for address in recorded}
    lost = {address: set(then) - set(now[address]) for address, then in recorded.items()}
    assert {address: numbers for address, numbers in lost.items() if numbers} == TOLD_OTHERWISE


def test_contacts_open_with_the_key_of_the_site(upgraded):
    letter = upgraded.record["letter"]
    assert Contact.objects.get(ticket__number=letter["number"]).text == letter["text"]
    assert all(contact.text for contact in Contact.objects.all())


def test_a_receipt_still_opens_the_letter(upgraded):
    letter = upgraded.record["letter"]
    receipt = {"number": letter["number"], "code": letter["code"]}
    page = Client().post("/feedback/track/", receipt)
    assert (page.status_code, page.templates[0].name) == (200, "feedback/own_ticket.html")


def test_everybody_finds_their_workspace(upgraded):
    client = Client()
    for user in User.objects.all():
        client.force_login(user)
        assert client.get("/staff/").status_code == 200, user.username
