"""Periods opened and closed by a button, a quarter published by a second person,
late news and corrections in sight.
"""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from departments.models import CalendarDay, Membership, Role
from progress.actions.reports import submit_report
from progress.models import ReportingPeriod
from publishing.choices import ReleaseState
from publishing.models import Publication, Release
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import source_of, text_of
from tests.fixtures.quarter import JULY_30, moment
from workspace.read_models.work_items import work_items_for

RELEASE = "/staff/releases/wp2013/2013-2/"
PERIOD = "/staff/periods/wp2013/2013-2/"


def page(response) -> str:
    return source_of(response)


@pytest.fixture
def scheduled(office, calendar_2013) -> ReportingPeriod:
    office.period.state = "scheduled"
    office.period.save()
    return office.period


def test_a_period_opens_by_its_button_after_the_page_said_what_follows(as_, scheduled):
    with time_machine.travel(moment("2013-07-01T09:00:00"), tick=False):
        assert "报送截止2013年7月12日" in page(as_("supervisor").get(PERIOD + "open/"))
        as_("supervisor").post(PERIOD + "open/")
    scheduled.refresh_from_db()
    assert scheduled.state == "open"


def test_a_late_opening_says_that_filings_are_retroactive(as_, scheduled):
    with time_machine.travel(moment("2013-08-01T09:00:00"), tick=False):
        assert "追溯填报" in page(as_("supervisor").get(PERIOD + "open/"))
        as_("supervisor").post(PERIOD + "open/")
    scheduled.refresh_from_db()
    assert (scheduled.opens_on.month, scheduled.due_on.day, scheduled.retroactive) == (8, 15, True)


def test_a_year_without_calendar_cannot_be_opened_and_says_why(as_, scheduled):
    with time_machine.travel(moment("2014-02-01T09:00:00"), tick=False):
        assert "工作日历还没有录入" in page(as_("supervisor").get(PERIOD + "open/"))
        assert "工作日历还没有录入" in page(as_("supervisor").post(PERIOD + "open/"))
    scheduled.refresh_from_db()
    assert scheduled.state == "scheduled"


def test_quarters_are_planned_in_one_step_once_the_calendar_reaches_far_enough(
    as_, office, calendar_2013
):
    address = "/staff/periods/wp2013/generate/"
    assert "2014年的工作日历还没有录入" in page(as_("supervisor").post(address))
    assert ReportingPeriod.objects.count() == 1
    CalendarDay.objects.create(date=date(2014, 1, 2), is_workday=True)
    assert "已安排 3 个填报期。" in page(as_("supervisor").post(address, follow=True))
    assert set(ReportingPeriod.objects.values_list("index", "state")) == {
        (1, "scheduled"),
        (2, "open"),
        (3, "scheduled"),
        (4, "scheduled"),
    }


def test_a_quarter_goes_from_the_preview_to_the_public_by_two_people(as_, office):
    office.verify(office.submit())
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    as_("supervisor").post(PERIOD + "close/")
    html = page(as_("supervisor").get(RELEASE))
    assert "第101项" in html.split("<summary>未报送 1 项</summary>")[1].split("</details>")[0]
    assert "教育局" in html
    as_("supervisor").post(f"{RELEASE}prepare/", {"rest_public": "on"})
    assert (
        "赵督查已准备好报审稿" in work_items_for(office.people.publisher, JULY_30.date())[0].missing
    )
    assert as_("supervisor").post(f"{RELEASE}publish/").status_code == 403
    assert "还没有登记批准" in work_items_for(office.people.supervisor, JULY_30.date())[-1].missing
    assert "请先登记批准人" in page(as_("publisher").post(f"{RELEASE}publish/"))
    today = timezone.localdate().isoformat()
    as_("supervisor").post(
        f"{RELEASE}approve/", {"approved_by": "区府办主任", "approved_on": today}
    )
    assert work_items_for(office.people.publisher, JULY_30.date())[0].verb == "发布"
    as_("publisher").post(f"{RELEASE}publish/")
    row = Publication.objects.get(task=office.white_paper.task)
    assert (row.headline, row.assessment_pace, row.readings.get().value) == (
        "on_course",
        "on_course",
        4000,
    )
    assert row.narrative == office.filing.narrative
    assert Publication.objects.get(task__number=101).headline == "not_reported"


def test_whoever_prepared_a_release_does_not_publish_it_even_with_both_roles(as_, office):
    Membership.objects.create(
        user=office.people.supervisor, department=office.units["duchashi"], role=Role.PUBLISHER
    )
    office.prepare()
    assert "准备和发布须由两个人完成" in page(as_("supervisor").post(f"{RELEASE}publish/"))
    assert not Publication.objects.exists()
    assert not [
        duty
        for duty in work_items_for(office.people.supervisor, JULY_30.date())
        if duty.verb == "发布"
    ]


def test_a_withheld_line_names_its_basis_in_the_preview_and_shows_nothing_else(as_, office):
    office.submit()
    as_("supervisor").post(PERIOD + "close/")
    task = office.white_paper.task.pk
    basis = {f"w{task}": "《政府信息公开条例》第十四条", f"d{task}": "2099-07-01"}
    as_("supervisor").post(f"{RELEASE}prepare/", {**basis})
    html = page(as_("publisher").get(RELEASE))
    assert "依法暂不公开" in html
    assert "《政府信息公开条例》第十四条" in html
    assert office.filing.narrative not in html


def test_a_prepared_release_can_be_dropped_and_prepared_anew(as_, office):
    release = office.prepare()
    as_("publisher").post(f"{RELEASE}drop/")
    release.refresh_from_db()
    assert release.state == ReleaseState.DROPPED
    as_("supervisor").post(f"{RELEASE}prepare/", {"rest_public": "on"})
    assert Release.objects.filter(state="prepared").count() == 1


def test_a_late_filing_is_listed_and_published_as_the_next_revision(as_, office):
    office.publish()
    report = office.save(at=moment("2013-08-20T10:00:00"))
    assert "没有需要补充公布的" in page(as_("publisher").get(RELEASE))
    submit_report(report=report, by=office.people.reporter, at=moment("2013-08-20T10:00:00"))
    assert "补充公布" in page(as_("publisher").get(RELEASE))
    response = as_("publisher").post("/staff/reports/wp2013-18/2013-2/publish/", follow=True)
    assert "现行第 2 版" in page(response)
    assert "没有需要补充公布的" in page(response)
    assert Publication.objects.current().get().reason_class == "late"


def test_the_preview_of_a_release_costs_as_many_queries_for_thirty_tasks_as_for_three(as_, office):
    office.verify(office.submit())
    more_tasks(office.white_paper, office.units["anjianju"], 2)
    client = as_("supervisor")
    with CaptureQueriesContext(connection) as three:
        client.get(RELEASE)
    more_tasks(office.white_paper, office.units["anjianju"], 27, first=201)
    with CaptureQueriesContext(connection) as thirty:
        assert "30 项承诺中" in page(client.get(RELEASE))
    assert len(thirty) == len(three)


@pytest.mark.parametrize(
    ("person", "said"),
    [("publisher", "补充公布与撤下"), ("supervisor", "查看与更正"), ("leader", "查看")],
)
def test_a_released_quarter_offers_only_what_the_person_may_do(as_, office, person, said):
    office.publish()
    assert f'/staff/releases/wp2013/2013-2/">{said}<span' in page(
        as_(person).get("/staff/periods/")
    )


def test_before_closing_the_page_counts_what_would_be_published_as_not_reported(as_, office):
    more_tasks(office.white_paper, office.units["anjianju"], 2)
    assert "现在还有 3 项没有报送" in page(as_("supervisor").get(PERIOD + "close/"))
    office.submit()
    assert "现在还有 2 项没有报送" in page(as_("supervisor").get(PERIOD + "close/"))


def test_who_cannot_prepare_a_release_is_not_told_how(as_, office):
    office.close_early("提前开会")
    page = "/staff/releases/wp2013/2013-2/"
    assert "勾选一次" in text_of(as_("supervisor").get(page))
    shown = text_of(as_("publisher").get(page))
    assert "勾选一次" not in shown
    assert "督查员还没有准备报审稿" in shown
