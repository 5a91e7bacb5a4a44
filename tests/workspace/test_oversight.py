"""What the rows of the first screen say: which quarter, how late, since when, why, new or not,
and in which order.
"""

from copy import copy
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.text.wording import shortened
from progress.actions.extensions import grant_extension
from progress.actions.reviews import return_report
from progress.choices import State
from publishing.models import Publication
from publishing.read_models.active_periods import active_periods
from tasks.read_models.portfolio import Portfolio
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_5, JULY_30, moment
from tests.fixtures.random_quarter import publish, release_before
from tests.fixtures.requests import ask
from workspace.read_models.internal_status import status_rows
from workspace.read_models.oversight import newest_known, oversight

pytestmark = pytest.mark.both

JULY_10, JULY_16, JULY_20 = (moment(f"2013-07-{day}T09:00:00") for day in (10, 13, 20))


def only_row(at=JULY_20):
    (row,) = newest_known(status_rows(at=at))
    return row


def test_before_the_due_day_a_report_is_awaited_and_nobody_is_late(office):
    shown = oversight(status_rows(at=JULY_10))
    assert (shown.rows, shown.due, shown.reported) == ([], 1, 0)
    assert shown.awaited == [(office.period, 1)]


def test_a_report_is_late_by_one_day_the_day_after_its_due_day(office):
    row = only_row(JULY_16)
    assert (row.state, row.overdue, row.since) == (State.NOT_REPORTED, 1, date(2013, 7, 13))
    assert row.why == "2013年7月12日截止，没有报送"
    assert row.unreleased


def test_a_report_with_an_extension_is_late_only_after_the_granted_day(office):
    asked = ask(office, at=JULY_5)
    asked.state, asked.granted_until = "granted", date(2013, 7, 19)
    asked.decided_by, asked.decided_at = office.people.supervisor, JULY_5
    asked.save()
    assert newest_known(status_rows(at=JULY_16)) == []
    assert only_row(JULY_20).overdue == 1


def test_days_granted_beyond_a_release_are_awaited_until_they_have_passed(office):
    asked = ask(office, at=JULY_5, requested_until=date(2013, 8, 9))
    grant_extension(extension=asked, until=date(2013, 8, 9), by=office.people.supervisor, at=JULY_5)
    office.publish()
    assert newest_known(status_rows(at=JULY_30)) == []
    row = only_row(moment("2013-08-10T09:00:00"))
    assert (row.state, row.overdue, row.unreleased) == (State.NOT_REPORTED, 1, True)


def test_the_overview_does_not_show_the_words_of_a_draft(office):
    office.save(replace(office.filing, narrative="秘密的草稿"))
    row = only_row(JULY_16)
    assert (row.state, row.readable) == (State.NOT_REPORTED, False)
    assert "秘密" not in row.why


def test_the_supervisors_note_says_why_before_the_units_words(office):
    report = office.submit(
        replace(office.filing, findings=behind(office), pace="slow", pace_reason="因")
    )
    assert only_row().why == "安监局：场地未定"
    office.verify(report, "slow", note="  现场查看，\n场地仍未落实。 ")
    row = only_row()
    assert row.why == "督查室：现场查看， 场地仍未落实。"
    assert (row.voice, row.since) == ("督查核定", date(2013, 7, 5))


def behind(office) -> dict:
    return {
        commitment.pk: ("slow", "场地未定") for commitment in office.white_paper.commitments[1:]
    }


def test_a_promise_past_its_day_counts_the_days_and_one_kept_does_not(office):
    findings = behind(office)
    office.submit(replace(office.filing, findings=findings, pace="slow", pace_reason="因"))
    assert only_row(JULY_20).overdue == 20
    office.white_paper.task.reports.get().findings.update(pace="done", by_default=False)
    assert only_row(JULY_20).overdue == 0


def test_a_returned_report_on_the_overview_gives_its_reason_and_is_not_late(office):
    report = office.submit()
    return_report(report=report, reason="缺签到表", by=office.people.supervisor, at=JULY_5)
    row = only_row(JULY_10)
    why = "2013年7月2日首次报送，2013年7月5日退回：缺签到表"
    assert (row.state, row.overdue, row.why) == (State.RETURNED, 0, why)


def test_a_released_quarter_shows_what_was_published(office):
    office.verify(office.submit(), "slow", note="缺页")
    office.publish()
    row = only_row(JULY_30)
    assert (row.state, row.unreleased) == ("slow", False)
    Publication.objects.update(headline="partly")
    assert only_row(JULY_30).state == "partly"


def test_a_report_filed_after_the_release_is_shown_as_waiting_for_publication(office):
    office.publish()
    assert only_row(JULY_30).overdue == 18
    office.submit(at=JULY_30)
    row = only_row(JULY_30)
    assert (row.state, row.overdue, row.why) == (
        State.NOT_REPORTED,
        0,
        "2013年7月30日补报，还没有补充公布",
    )


def test_while_the_next_quarter_is_awaited_the_released_one_counts_once(office):
    office.publish()
    later = copy(office.period)
    later.pk, later.index, later.state, later.released_at = None, 3, "open", None
    later.due_on, later.review_due_on, later.release_on = (
        date(2013, 10, 18),
        date(2013, 10, 25),
        date(2013, 10, 30),
    )
    later.save(force_insert=True)
    shown = oversight(status_rows(at=JULY_30))
    assert [(row.period.index, row.state) for row in shown.rows] == [(2, State.NOT_REPORTED)]
    assert (shown.due, shown.awaited) == (1, [(later, 1)])
    late = oversight(status_rows(at=moment("2013-10-19T09:00:00")))
    assert [(row.period.index, row.overdue) for row in late.rows] == [(3, 1)]


def test_a_plan_whose_last_word_is_spoken_or_that_is_archived_is_left_out(office):
    assert active_periods() == [office.period]
    office.white_paper.plan.state = "archived"
    office.white_paper.plan.save()
    assert active_periods() == []


@pytest.mark.parametrize(
    ("before", "new"),
    [("done", True), ("on_course", True), ("slow", False), ("not_reported", False), (None, False)],
)
def test_a_line_of_the_overview_is_new_if_it_was_not_in_trouble_before(office, before, new):
    release = release_before(office)
    if before:
        publish(office.white_paper.task, release, before)
    shown = oversight(status_rows(at=JULY_16))
    assert (len(shown.new) == 1) == new
    assert (shown.compared, shown.incomparable) == ((1, 0) if before else (0, 1))


def test_the_longest_overdue_comes_first_and_then_the_worse_word(office):
    tasks = more_tasks(office.white_paper, office.units["jiaoyuju"], 3)
    office.white_paper.task.responsibilities.update(valid_to=date(2013, 1, 1))
    for task, pace in zip(tasks, ["partly", "not_done", "slow"], strict=True):
        office.handed_in(task.pk)
        task.reports.update(pace=pace)
    shown = oversight(status_rows(at=JULY_16))
    assert [row.state for row in shown.rows] == ["not_reported", "not_done", "slow", "partly"]


def test_the_overview_of_a_portfolio_counts_only_tasks_of_its_units(office):
    more_tasks(office.white_paper, office.units["jiaoyuju"], 3)
    rows = status_rows(at=JULY_16)
    shown = oversight(rows, Portfolio({office.units["jiaoyuju"].pk}, set(), ["教育局"]))
    assert (len(shown.rows), shown.due, shown.silent_units) == (3, 3, 1)
    assert (oversight(rows).due, oversight(rows).silent_units) == (4, 2)


def test_thirty_tasks_of_ten_plans_cost_no_more_questions_than_three(
    office, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as few:
        status_rows(at=JULY_16)
    more_tasks(office.white_paper, office.units["jiaoyuju"], 30)
    release_before(office)
    with django_assert_num_queries(len(few)):
        assert len(status_rows(at=JULY_16)) == 31


def test_a_line_of_the_overview_that_is_too_long_is_cut_with_a_mark():
    assert shortened("甲" * 5, 5) == "甲" * 5
    assert shortened("甲" * 6, 5) == "甲" * 5 + "…"
