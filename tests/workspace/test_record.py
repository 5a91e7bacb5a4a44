"""The inner record: auditors read what internal entries say; to everybody else they stay closed."""

import pytest

from ledger.actions import Actor, LedgerEvent, append
from tests.fixtures.people import NOW

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


@pytest.mark.parametrize(
    ("person", "room"), [("administrator", "/admin/"), ("auditor", "/staff/record/")]
)
def test_who_has_nothing_to_do_today_is_told_which_rooms_are_open(client, people, person, room):
    client.force_login(getattr(people, person))
    assert f'<li><a href="{room}">' in client.get("/staff/").content.decode().split("您可以打开")[1]
