"""Nothing that the portal writes leaves a kept public page older than the record.

The guard of tests/fixtures/public_writes.py watches every test; here it is asked whether it looks
at the right tables, and whether what it lets pass is really seen by nobody.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from ledger.actions import Actor, LedgerEvent, append
from progress.actions.evidence import remove_evidence
from progress.models import ProgressReport
from public.kept_pages import KEPT
from tasks.models import Task
from tests.fixtures.crawl import crawl
from tests.fixtures.evidence import attach
from tests.fixtures.people import NOW
from tests.fixtures.public_writes import INSIDE, PUBLIC_TABLES
from tests.fixtures.quarter import JULY_2
from tests.fixtures.site import PUBLIC
from tests.fixtures.site_setting import TODAY

READ = re.compile(r'(?:FROM|JOIN) "?(\w+)"?')
# The record has its own key, a session belongs to one person, the version is what is asked.
NOT_WATCHED = {"ledger_entry", "django_session", "ledger_publicversion"}


def kept_pages() -> dict[str, str]:
    """Every public page and file that is kept, and what it says."""
    return {
        address: visit.text
        for address, visit in crawl(Client(), *PUBLIC).items()
        if KEPT.match(address)
    }


def test_the_guard_watches_every_table_that_a_public_page_reads(house):
    read = set()

    def note(execute, sql, params, many, context):
        read.update(READ.findall(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        pages = kept_pages()
    assert len(pages) > 60
    assert read - PUBLIC_TABLES - NOT_WATCHED == set()
    assert len(read & PUBLIC_TABLES) > 25


def forgetful(*, at):
    """An action whose author forgot the record."""
    Task.objects.update(goal="")


def raising(*, at):
    Task.objects.update(goal="")
    append([LedgerEvent("save_summary", "task", "x", public=False)], by=Actor(), at=at)


def unmarked(*, at):
    Task.objects.update(goal="")
    event = LedgerEvent("save_summary", "task", "x", public=False, affects_public=False)
    append([event], by=Actor(), at=at)


@pytest.fixture(params=[transaction.atomic, lambda function: function], ids=["atomic", "plain"])
def as_action(request):
    """Makes a function of this module one of the portal, in a savepoint of its own or in none."""

    def make(function):
        function.__module__ = "tasks.actions.plans"
        code = {"__name__": "tasks.actions.plans", **function.__globals__}
        code["__name__"] = "tasks.actions.plans"
        moved = type(function)(function.__code__, code, function.__name__)
        moved.__kwdefaults__, moved.__module__ = function.__kwdefaults__, "tasks.actions.plans"
        return request.param(moved)

    return make


@pytest.mark.parametrize("action", [forgetful, unmarked])
def test_an_action_that_forgets_to_raise_the_version_is_named(as_action, action, white_paper):
    with pytest.raises(AssertionError, match=rf"tasks\.actions\.plans\.{action.__name__} wrote"):
        as_action(action)(at=NOW)


def test_an_action_that_raises_the_version_passes(white_paper):
    raising.__module__ = "tasks.actions.plans"
    transaction.atomic(raising)(at=NOW)


def test_what_is_undone_has_changed_no_page(white_paper):
    forgetful.__module__ = "tasks.actions.plans"

    def refused(*, at):
        forgetful(at=at)
        raise LookupError("refused")

    refused.__module__ = "tasks.actions.plans"
    with pytest.raises(LookupError, match="refused"):
        transaction.atomic(refused)(at=NOW)


@time_machine.travel(TODAY, tick=False)
def test_what_the_guard_lets_pass_is_seen_on_no_public_page(office):
    before, tried = kept_pages(), set()

    def unchanged(name, act):
        made = act()
        assert kept_pages() == before, name
        tried.add(name)
        return made

    unchanged("progress.actions.reports.save_draft", office.save)
    report = ProgressReport.objects.get()
    unchanged(
        "progress.actions.reports.save_draft",
        lambda: office.save(version=report.version, at=JULY_2 + timedelta(hours=1)),
    )
    evidence = unchanged("progress.actions.evidence.add_evidence", lambda: attach(office, report))
    unchanged(
        "progress.actions.evidence.remove_evidence", lambda: remove_evidence(evidence=evidence)
    )
    assert tried == INSIDE.keys()


def test_what_is_kept_for_a_day_says_the_same_in_the_morning_and_at_night(house):
    """But for the minute in which a file was written, which is that of the first who asked."""
    with time_machine.travel("2013-08-06T00:10:00+08:00", tick=False) as clock:
        morning = kept_pages()
        clock.shift(23 * 3600)
        night = kept_pages()
    changed = {address for address in morning if morning[address] != night.get(address)}
    assert morning.keys() == night.keys()
    assert {address for address in changed if not re.search(r"\.xlsx|/feed/", address)} == set()
