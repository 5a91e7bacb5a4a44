"""The inner record: auditors read what internal entries say; to everybody else they stay closed."""

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from unittest import mock

import pytest
import time_machine
from openpyxl import load_workbook

from ledger.actions import Actor, LedgerEvent, append
from tests.fixtures.people import NOW, PORTAL

pytestmark = pytest.mark.both


@pytest.fixture
def entry(db):
    action = LedgerEvent(
        "verify", "report", "wp2013-18:2013-2", {"pace": "slow", "how": "on_site"}, public=False
    )
    return append([action], by=Actor(id="7", unit="督查室", post="督查员"), at=NOW)[0]


def test_an_auditor_reads_what_an_internal_entry_says(client, people, entry):
    client.force_login(people.auditor)
    page = client.get("/staff/record/").content.decode()
    assert "核查方式：实地核查；总体进展：推进缓慢" in page
    assert "督查室督查员" in page
    assert "进展填报 wp2013-18:2013-2" in page


def test_the_public_page_stays_as_closed_for_an_auditor_as_for_a_stranger(client, people, entry):
    client.force_login(people.auditor)
    for address in ("/ledger/", f"/ledger/{entry.seq}/", "/ledger/export.jsonl"):
        response = client.get(address)
        shown = b"".join(response) if response.streaming else response.content
        assert "实地核查" not in shown.decode()
        assert "on_site" not in shown.decode()


@pytest.fixture
def entries(people, white_paper):
    """One internal and one public entry of each of two days, by different people."""
    supervisor = Actor(id=str(people.supervisor.pk), unit="督查室", post="督查员")
    reporter = Actor(id=str(people.reporter.pk), unit="安全监管局", post="填报员")
    with time_machine.travel(datetime(2013, 7, 30, 15, tzinfo=UTC)):
        write("submit", "report", "wp2013-18:2013-2", by=reporter, public=False)
        write("publish", "task", "wp2013-18", by=supervisor)
    with time_machine.travel(datetime(2013, 7, 30, 17, tzinfo=UTC)):
        write("reset_password", "user", "7", by=PORTAL, public=False)
        write("change_department", "department", "anjianju", {"short_name": "安全监管局"})


def write(verb, subject_type, subject_id, facts=None, *, by=PORTAL, public=True):
    event = LedgerEvent(verb, subject_type, subject_id, facts or {}, public=public)
    append([event], by=by, at=NOW)


FOUND = {
    "": [4, 3, 2, 1],
    "scope=internal": [3, 1],
    "scope=public": [4, 2],
    "kind=reports": [1],
    "kind=accounts": [3],
    "verb=reset_password": [3],
    "plan=wp2013": [2, 1],
    "task=wp2013-18": [2, 1],
    "department=anjianju": [4, 2, 1],
    "post=督查员": [2],
    "post=系统": [4, 3],
    "person=supervisor": [2],
    "acting_unit=duchashi": [2],
    # Under a name that it had, as the record says.
    "acting_unit=anjianju": [1],
    "day_from=2013-07-31": [4, 3],
    "day_to=2013-07-30&scope=internal": [1],
    "before=3": [2, 1],
    # Fewer than a page are newer: the newest page.
    "after=2": [4, 3, 2, 1],
}


def test_an_auditor_finds_entries_by_range_kind_step_subject_person_post_unit_and_day(
    client, people, entries
):
    client.force_login(people.auditor)
    found = {asked: numbers(client.get(f"/staff/record/?{asked}")) for asked in FOUND}
    assert found == FOUND


def numbers(response) -> list[int]:
    found = re.findall(r'<th scope="row" class="num">\s*<a[^>]*>(\d+)<', response.content.decode())
    return [int(number) for number in found]


@pytest.mark.parametrize("asked", ["verb=x", "person=nobody", "acting_unit=x", "post=x", "scope=x"])
def test_a_wrong_filter_is_told_by_the_page_also_when_the_workbook_is_asked_for(
    client, people, entries, asked
):
    client.force_login(people.auditor)
    page = client.get(f"/staff/record/export.xlsx?{asked}", follow=True)
    assert (page.status_code, page.redirect_chain) == (400, [(f"/staff/record/?{asked}", 302)])
    assert "这个选项" in page.content.decode()


@pytest.mark.parametrize("asked", list(FOUND)[1:7])
def test_the_workbook_holds_what_the_page_lists_in_the_same_words(client, people, entries, asked):
    client.force_login(people.auditor)
    rows = workbook_rows(client, f"?{asked}")
    page = client.get(f"/staff/record/?{asked}").content.decode()
    assert [row[0] for row in rows] == FOUND[asked]
    for row in rows:
        assert all(words in page for words in (row[4], row[5], row[6] or "—", row[8] or "—"))


def workbook_rows(client, query: str = "") -> list[tuple]:
    file = client.get(f"/staff/record/export.xlsx{query}")
    return list(load_workbook(BytesIO(b"".join(file))).active.values)[1:]


def test_the_workbook_ends_at_a_limit_that_the_page_names(client, people, entries):
    client.force_login(people.auditor)
    with mock.patch("workspace.exports.record.MOST_ROWS", 3):
        assert [row[0] for row in workbook_rows(client)] == [4, 3, 2]
    assert "最多最新的 5000 条" in client.get("/staff/record/").content.decode()


def test_the_whole_copy_of_an_auditor_holds_every_entry_with_its_content(client, people, entry):
    client.force_login(people.auditor)
    (row,) = map(json.loads, client.get("/staff/record/ledger.jsonl").getvalue().splitlines())
    assert (row["verb"], row["subject_id"]) == ("verify", "wp2013-18:2013-2")
    assert json.loads(row["payload"])["facts"] == {"pace": "slow", "how": "on_site"}


@pytest.mark.parametrize(
    ("person", "room"), [("administrator", "/admin/"), ("auditor", "/staff/record/")]
)
def test_who_has_nothing_to_do_today_is_told_which_rooms_are_open(client, people, person, room):
    client.force_login(getattr(people, person))
    assert f'<li><a href="{room}">' in client.get("/staff/").content.decode().split("您可以打开")[1]
