"""Both real documents through one sheet, for a unit that answers for many tasks in each."""

import pytest

from progress.models import ProgressReport, Reading
from progress.workbook.changes import Kind
from tests.fixtures.workbooks import (
    TODAY,
    download,
    fill_everything,
    keep,
    look,
    open_both_quarters,
)
from workspace.read_models.queues import writable_requirements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_site")]


@pytest.fixture
def office(client):
    office = open_both_quarters()
    client.force_login(office.user)
    return office


def counts(looked) -> dict[str, int]:
    reading = looked.context["reading"]
    assert (reading.unmatched, reading.remarks) == ([], [])
    return {kind: reading.count(kind) for kind in Kind}


def test_the_quarter_of_two_documents_goes_out_in_one_workbook_and_comes_back(client, office):
    sheets = writable_requirements(office.user, TODAY)
    assert {sheet.period.plan.slug for sheet in sheets} == {"ap2017", "wp2013"}
    book = download(client, "jingcuju")
    assert sum(counts(look(client, book, "jingcuju")).values()) == 0
    filled = fill_everything(book, sheets)
    looked = look(client, book, "jingcuju")
    assert counts(looked) == {Kind.WRONG: 0, Kind.NEW: filled, Kind.CHANGED: 0, Kind.SAME: 0}
    keep(client, looked, "jingcuju")
    again = look(client, download(client, "jingcuju"), "jingcuju")
    assert counts(again) == {Kind.WRONG: 0, Kind.NEW: 0, Kind.CHANGED: 0, Kind.SAME: filled}
    assert again.context["ready"] == len(sheets)


def test_every_report_of_a_workbook_is_submitted_at_once(client, office):
    sheets = writable_requirements(office.user, TODAY)
    book = download(client, "jingcuju")
    fill_everything(book, sheets)
    keep(client, look(client, book, "jingcuju"), "jingcuju", submit="on")
    assert set(ProgressReport.objects.values_list("status", flat=True)) == {"submitted"}
    assert ProgressReport.objects.count() == len(sheets)
    assert Reading.objects.count() == sum(len(sheet.numbers) for sheet in sheets)
    assert writable_requirements(office.user, TODAY) == []
