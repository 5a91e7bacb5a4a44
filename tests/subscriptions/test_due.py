"""Who is told what on which day, counted by hand over the official calendar of 2013."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.actions import load_calendar
from departments.models import Membership
from departments.rules.holidays import built_in
from progress.actions.reviews import return_report
from progress.models import ReportingPeriod
from subscriptions.models import Notice
from subscriptions.read_models import quarters
from subscriptions.reminders.schedule import build_reminders
from tests.fixtures.lists import end, more_tasks
from tests.fixtures.outbox import remind, told
from tests.fixtures.people import NOW, PORTAL
from tests.fixtures.quarter import JULY_5, moment
from tests.fixtures.report_form import add_supporting_unit

pytestmark = pytest.mark.both

BOTH = ["reporter", "colleague"]


@pytest.fixture(autouse=True)
def calendar(db):
    load_calendar(year=2013, days=built_in(2013), source="x", by=PORTAL, at=NOW)


def offsets(office, day: str) -> set[int]:
    """Those newly said to the unit's reporters when reminded that day and never before."""
    Notice.objects.all().delete()
    remind(day)
    return {offset for _, offset in told("report_due", recipient=office.people.reporter)}


# Due on Friday 12 July 2013; no holiday near.
JULY = [
    ("07-04", None),
    ("07-05", -5),
    ("07-06", -5),
    ("07-08", -5),
    ("07-09", -3),
    ("07-10", -3),
    ("07-11", -1),
]
JULY += [
    ("07-12", 0),
    ("07-13", 0),
    ("07-14", 0),
    ("07-15", 1),
    ("07-18", 1),
    ("07-19", 5),
    ("08-30", 5),
]


@pytest.mark.parametrize(("day", "offset"), JULY)
def test_working_days_are_counted_from_the_due_day(day, offset, office):
    assert offsets(office, day) == ({offset} if offset is not None else set())


# Due on Wednesday 9 October 2013: 1 to 7 October are free, and Sunday 29 September is worked in
# exchange.
OCTOBER = [
    ("09-25", None),
    ("09-26", -5),
    ("09-27", -5),
    ("09-28", -5),
    ("09-29", -3),
    ("09-30", -3),
    ("10-03", -3),
]
OCTOBER += [
    ("10-07", -3),
    ("10-08", -1),
    ("10-09", 0),
    ("10-10", 1),
    ("10-12", 1),
    ("10-14", 1),
    ("10-15", 5),
]


@pytest.mark.parametrize(("day", "offset"), OCTOBER)
def test_holidays_and_exchanged_days_count_as_the_official_table_says(day, offset, office):
    days = {
        "due_on": date(2013, 10, 9),
        "review_due_on": date(2013, 10, 21),
        "release_on": date(2013, 10, 28),
    }
    ReportingPeriod.objects.update(**days)
    assert offsets(office, day) == ({offset} if offset is not None else set())


def test_a_person_is_reminded_once_however_often_the_run_is_repeated(office):
    assert remind("07-09") > 0
    assert [remind(day) for day in ("07-09", "07-09", "07-10")] == [0, 0, 0]
    assert remind("07-11") == 2


def test_a_run_after_missed_days_sends_the_latest_reminder_only(office):
    remind("07-15")
    assert told("report_due", recipient=office.people.reporter) == {("reporter", 1)}


def test_a_unit_that_filed_is_left_alone(office):
    office.submit()
    remind("07-12")
    assert told("report_due") == set()


def test_a_joint_unit_is_asked_until_its_part_is_there(office):
    add_supporting_unit(office)
    remind("07-09")
    assert told("report_due") == {(name, -3) for name in [*BOTH, "stranger"]}
    office.save(unit="jiaoyuju", by=office.people.stranger)
    remind("07-11")
    assert told("report_due", offset=-1) == {(name, -1) for name in BOTH}


def test_the_signers_of_a_unit_hear_of_a_report_only_once_it_is_late(office):
    Membership.objects.filter(user=office.people.colleague, role="reporter").update(ended_at=NOW)
    remind("07-12")
    assert told("report_due") == {("reporter", 0)}
    remind("07-15")
    remind("07-19")
    assert told("report_due", offset__gt=0) == {
        (name, offset) for name in BOTH for offset in (1, 5)
    }


def test_without_a_reporter_the_signer_is_told_and_without_both_the_supervisors(office):
    Membership.objects.filter(role="reporter").update(ended_at=NOW)
    remind("07-09")
    assert told("report_due") == {("colleague", -3)}
    Membership.objects.filter(role="signer").update(ended_at=NOW)
    remind("07-11")
    assert told("report_due", offset=-1) == {("supervisor", -1), ("other_supervisor", -1)}


def test_a_disabled_account_counts_as_nobody(office):
    for person in (office.people.reporter, office.people.colleague):
        person.is_active = False
        person.save()
    remind("07-09")
    assert told("report_due") == {("supervisor", -3), ("other_supervisor", -3)}


def test_a_task_of_nobody_goes_to_the_supervisors(office):
    office.white_paper.task.responsibilities.all().delete()
    remind("07-09")
    assert told("report_due") == {("supervisor", -3), ("other_supervisor", -3)}


def test_an_opened_period_is_told_once_to_who_has_to_file(office):
    more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    remind("07-01")
    remind("07-02")
    assert told("period_opened") == {(name, 0) for name in [*BOTH, "stranger"]}
    assert Notice.objects.filter(event="period_opened").count() == 3


@pytest.mark.parametrize("state", ["scheduled", "closed", "released"])
def test_a_period_that_takes_nothing_asks_for_nothing(office, state):
    office.period.state = state
    office.period.released_at = NOW if state == "released" else None
    office.period.save()
    remind("07-12")
    assert not told("report_due") | told("period_opened")


def test_a_plan_that_is_history_reminds_nobody(office):
    office.white_paper.plan.state = "archived"
    office.white_paper.plan.save()
    assert remind("07-12") == 0


def test_a_task_that_ended_before_the_quarter_is_asked_of_nobody(office):
    before, within = more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    end(before, on=date(2013, 3, 31))
    end(within, on=date(2013, 4, 1))
    remind("07-26")
    codes = set(
        Notice.objects.filter(recipient=office.people.stranger).values_list("subject", flat=True)
    )
    assert codes == {"wp2013-102:2013-2", "wp2013:2013-2"}
    [quarter] = quarters(date(2013, 7, 9))
    assert (quarter.tasks, "wp2013-101" in quarter.text) == (2, False)


def test_a_returned_report_is_announced_each_time_it_comes_back(office):
    for version, at in enumerate((JULY_5, moment("2013-07-09T10:00:00"))):
        report = office.submit(version=version)
        return_report(report=report, reason="缺数据", by=office.people.supervisor, at=at)
        remind("07-10")
        remind("07-11")
    rows = Notice.objects.filter(event="report_returned", recipient=office.people.reporter)
    assert list(rows.values_list("subject", flat=True)) == [
        "wp2013-18:2013-2@20130705T020000",
        "wp2013-18:2013-2@20130709T020000",
    ]
    assert told("report_due") == set()


def test_supervisors_are_told_of_what_they_may_assess(office):
    office.submit()
    remind("07-12")
    assert told("review_due") == set()
    office.white_paper.task.responsibilities.create(
        department=office.units["jianchaju"], order=2, kind="supporting", basis="published"
    )
    remind("07-15")
    assert told("review_due") == {("supervisor", -5)}


def close(office, **withheld):
    return office.prepare(**withheld)


# The release is planned for Monday 29 July 2013.
@pytest.mark.parametrize(
    ("day", "warned"), [("07-24", False), ("07-25", True), ("07-28", True), ("08-09", True)]
)
def test_heads_are_warned_two_working_days_before_the_release(office, day, warned):
    close(office)
    remind(day)
    assert told("release_warning") == ({("colleague", -2)} if warned else set())


def test_only_what_would_read_as_not_reported_is_warned_of(office):
    more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    report = office.submit()
    close(
        office,
        withheld={office.white_paper.plan.tasks.get(number=102).pk: "《保守国家秘密法》第二十条"},
    )
    remind("07-25")
    assert set(
        Notice.objects.filter(event="release_warning").values_list("subject", "recipient__username")
    ) == {("wp2013-101:2013-2", "stranger")}
    return_report(
        report=report,
        reason="缺数据",
        by=office.people.supervisor,
        at=moment("2013-07-26T10:00:00"),
    )
    remind("07-26")
    assert ("colleague", -2) in told("release_warning")


def test_an_approved_release_is_told_to_who_may_publish_it(office):
    Membership.objects.create(
        user=office.people.supervisor, department=office.units["duchashi"], role="publisher"
    )
    office.approve(close(office))
    remind("07-25")
    assert told("release_ready") == {("publisher", 0)}
    Membership.objects.filter(user=office.people.publisher).update(ended_at=NOW)
    Notice.objects.all().delete()
    remind("07-25")
    assert told("release_ready") == {("supervisor", 0), ("other_supervisor", 0)}


def test_a_release_that_nobody_approved_is_not_ready(office):
    release = close(office)
    remind("07-25")
    assert told("release_ready") == set()
    office.approve(release)
    remind("07-26")
    assert told("release_ready") == {("publisher", 0)}


def test_a_year_without_a_table_counts_monday_to_friday(office):
    load_calendar(year=2013, days=[], source="x", by=PORTAL, at=NOW)
    assert offsets(office, "07-05") == {-5}


def test_reminders_for_more_tasks_and_units_cost_no_more_queries(office):
    office.submit()
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    with CaptureQueriesContext(connection) as few:
        build_reminders(date(2013, 7, 12))
    more_tasks(office.white_paper, office.units["jiaoyuju"], 30, first=201)
    more_tasks(office.white_paper, office.units["chengguanju"], 30, first=301)
    with CaptureQueriesContext(connection) as many:
        assert len(build_reminders(date(2013, 7, 12)).due_notices()) > 60
    assert len(many) == len(few)
