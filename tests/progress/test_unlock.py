"""One report of a closed period opened again: for three working days, by itself no longer,
and still late.
"""

from datetime import date

import pytest

from common.errors import Refused
from departments.models import Membership, Role, User
from ledger.models import Entry
from progress.actions.extensions import grant_extension, unlock_report
from progress.actions.periods import close_period
from progress.actions.reviews import return_report
from progress.actions.signing import send_to_sign, sign_report
from progress.models import Unlock
from progress.requirements.loading import requirements_for
from publishing.models import Publication
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_16, moment
from tests.fixtures.requests import ask, unlock
from workspace.read_models.work_items import work_items_for

# Thursday; the weekend does not count, so three working days end on the Tuesday after.
JULY_18, JULY_23 = moment("2013-07-18T10:00:00"), date(2013, 7, 23)
LAST_MINUTE, TOO_LATE = moment("2013-07-23T23:59:59"), moment("2013-07-24T00:00:00")


@pytest.fixture
def closed(office, calendar_2013):
    close_period(
        period=office.period, by=office.people.supervisor, at=moment("2013-07-15T09:00:00")
    )
    office.period.refresh_from_db()
    return office


def test_an_unlock_lasts_three_working_days(closed):
    assert unlock(closed, at=JULY_18).expires_on == JULY_23


def test_the_days_of_an_unlock_are_a_setting_of_the_site(closed, settings):
    settings.UNLOCK_DAYS = 5
    assert unlock(closed, at=JULY_18).expires_on == date(2013, 7, 25)


def test_an_unlocked_report_can_be_submitted_until_the_last_minute(closed):
    unlock(closed, at=JULY_18)
    assert closed.submit(at=LAST_MINUTE).status == "submitted"


def test_an_unlock_ends_by_itself_at_midnight(closed):
    unlock(closed, at=JULY_18)
    with pytest.raises(Refused, match="现在不能填报"):
        closed.save(at=TOO_LATE)
    sheet = requirements_for(closed.white_paper.task, closed.period)
    assert [sheet.can_be_edited(day) for day in (JULY_23, date(2013, 7, 24))] == [True, False]


def test_an_unlock_opens_no_other_report(closed):
    other, *_ = more_tasks(closed.white_paper, closed.units["anjianju"], 1)
    unlock(closed, at=JULY_18)
    assert not requirements_for(other, closed.period).can_be_edited(JULY_18.date())


def test_an_unlock_makes_no_late_filing_punctual(closed):
    unlock(closed, at=JULY_18)
    closed.submit(at=LAST_MINUTE)
    closed.period.state = "open"
    closed.period.save()
    closed.publish()
    row = Publication.objects.get()
    assert (row.reporting, row.extended_to) == ("late", None)


def test_a_report_is_unlocked_again_only_when_the_first_unlock_is_over(closed):
    unlock(closed, at=JULY_18)
    with pytest.raises(Refused, match="已经开放，2013年7月23日为止"):
        unlock(closed, at=LAST_MINUTE)
    unlock(closed, at=TOO_LATE)
    assert list(Unlock.objects.order_by("pk").values_list("is_current", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("state", "words"),
    [("open", "不能这样处理"), ("scheduled", "不能这样处理"), ("released", "不能这样处理")],
)
def test_only_a_report_of_a_closed_period_is_unlocked(state, words, office, calendar_2013):
    office.period.state = state
    office.period.released_at = JULY_5 if state == "released" else None
    office.period.save()
    with pytest.raises(Refused, match=words):
        unlock(office, at=JULY_18)


def test_a_submitted_report_is_not_unlocked(office, calendar_2013):
    office.submit()
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    with pytest.raises(Refused, match="请退回修改"):
        unlock(office, at=JULY_18)


def test_a_returned_report_needs_no_opening_to_be_answered(office, calendar_2013):
    report = return_report(
        report=office.submit(), reason="请补", by=office.people.supervisor, at=JULY_5
    )
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    assert office.submit(at=TOO_LATE, version=report.version).status == "submitted"


def test_a_report_unsigned_when_the_period_closed_can_be_signed_once_unlocked(
    office, calendar_2013
):
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    report = send_to_sign(report=office.save(), by=office.people.reporter, at=JULY_2)
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    with pytest.raises(Refused, match="现在不能填报"):
        sign_report(report=report, by=office.people.colleague, at=JULY_18)
    unlock(office, at=JULY_18)
    assert (
        sign_report(report=report, by=office.people.colleague, at=LAST_MINUTE).status == "submitted"
    )


def test_an_extension_that_still_runs_is_no_reason_to_refuse(office, calendar_2013):
    grant_extension(
        extension=ask(office), until=date(2013, 7, 19), by=office.people.supervisor, at=JULY_2
    )
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    assert unlock(office, at=JULY_18).expires_on == JULY_23


def test_an_unlock_needs_a_reason_and_nobody_unlocks_the_own_units_report(closed):
    with pytest.raises(Refused, match="请写明理由"):
        unlock(closed, at=JULY_18, reason=" ")
    Membership.objects.create(
        user=closed.people.other_supervisor, department=closed.units["anjianju"], role=Role.SIGNER
    )
    judge = User.objects.get(username="other_supervisor")
    with pytest.raises(Refused, match="回避"):
        unlock_report(
            task=closed.white_paper.task, period=closed.period, reason="故障", by=judge, at=JULY_18
        )
    assert not Unlock.objects.exists()


def test_an_unlock_is_an_internal_ledger_entry_without_its_reason(closed):
    unlock(closed, at=JULY_18)
    entry = Entry.objects.get(verb="unlock_report")
    assert (entry.visibility, entry.subject_id) == ("internal", "wp2013-18:2013-2")
    assert "系统故障" not in entry.payload


def test_an_unlocked_report_is_a_work_item_of_its_unit_while_the_unlock_lasts(closed):
    reporter = closed.people.reporter
    assert work_items_for(reporter, JULY_18.date()) == []
    unlock(closed, at=JULY_18)
    duty, *_ = work_items_for(reporter, JULY_18.date())
    assert duty.due_on == JULY_23
    assert "单项开放至2013年7月23日" in duty.note
    assert work_items_for(reporter, TOO_LATE.date()) == []
