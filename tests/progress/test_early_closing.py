"""Units get the days they were told of; taking some back needs a reason,
and the record says that it was done.
"""

import json
from html import unescape

import pytest
import time_machine

from common.errors import Refused
from ledger.models import Entry
from progress.actions.periods import close_period
from public.read_models.ledger import entry_line
from tests.fixtures.quarter import JULY_5, moment

CLOSE, ALL = "/staff/periods/wp2013/2013-2/close/", "/staff/periods/quarters/2013-2/close/"
DUE_DAY, DAY_AFTER = moment("2013-07-12T17:00:00"), moment("2013-07-13T09:00:00")


@pytest.fixture
def supervisor(client, office):
    client.force_login(office.people.supervisor)
    with time_machine.travel(JULY_5, tick=False):
        yield client


def page(response) -> str:
    return unescape(response.content.decode())


def facts() -> dict:
    return json.loads(Entry.objects.get(verb="close_period").payload)["facts"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_no_period_closes_without_a_reason_before_its_due_day_is_over(office, reason):
    with pytest.raises(Refused, match="提前截止请写明理由"):
        close_period(period=office.period, reason=reason, by=office.people.supervisor, at=DUE_DAY)
    assert not Entry.objects.exists()


def test_the_ledger_says_that_a_period_closed_early_without_giving_the_reason(office):
    closed = close_period(
        period=office.period, reason="区里提前开会", by=office.people.supervisor, at=DUE_DAY
    )
    assert closed.early_reason == "区里提前开会"
    assert facts()["early"] is True
    assert dict(entry_line(Entry.objects.get()).facts)["提前截止"] == "是"
    assert "区里提前开会" not in Entry.objects.get().payload


def test_a_period_closed_after_its_due_day_needs_and_keeps_no_reason(office):
    closed = close_period(
        period=office.period, reason="多写的", by=office.people.supervisor, at=DAY_AFTER
    )
    assert closed.early_reason == ""
    assert "early" not in facts()


@pytest.mark.parametrize("address", [CLOSE, ALL])
def test_the_closing_page_asks_for_a_reason_only_before_the_due_day_is_over(
    supervisor, office, address
):
    assert 'name="reason"' in page(supervisor.get(address))
    assert "提前截止请写明理由" in page(supervisor.post(address))
    office.period.refresh_from_db()
    assert office.period.state == "open"
    with time_machine.travel(DAY_AFTER, tick=False):
        supervisor.force_login(office.people.supervisor)
        assert 'name="reason"' not in page(supervisor.get(address))


def test_the_publisher_reads_why_a_period_closed_early(supervisor, office):
    supervisor.post(CLOSE, {"reason": "区里提前开会"})
    supervisor.force_login(office.people.publisher)
    assert "提前截止的理由：区里提前开会" in page(supervisor.get("/staff/releases/wp2013/2013-2/"))
