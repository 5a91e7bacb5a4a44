"""A unit takes its report back until a supervisor has acted on it, a supervisor a verdict until
the release is prepared; the record tells of both.
"""

import json

import pytest
import time_machine

from common.errors import Refused
from departments.models import Role
from ledger.models import Entry
from progress.actions.periods import close_period
from progress.actions.reports import submit_report
from progress.actions.reviews import return_report
from progress.models import Assessment, ProgressReport
from publishing.actions.releases import drop_release
from publishing.actions.revisions import publish_revision
from publishing.actions.taking_back import reassess_report, send_back_report, withdraw_report
from publishing.drafts import draft_of
from tests.fixtures.evidence import attach
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30, moment
from tests.fixtures.report_form import FORM
from tests.fixtures.requests import ask
from workspace.read_models.inspection import InspectionScope
from workspace.read_models.periods import plans_with_periods, unfiled

pytestmark = pytest.mark.usefixtures("standing")

DESK = "/staff/review/wp2013-18/2013-2/"
DAY_AFTER, AUGUST = moment("2013-07-13T09:00:00"), moment("2013-08-20T10:00:00")


def withdraw(office, report, *, by=None, at=JULY_5):
    return withdraw_report(report=report, by=by or office.people.reporter, at=at)


def reassess(office, report, *, by=None, at=JULY_5):
    return reassess_report(report=report, by=by or office.people.supervisor, at=at)


def verdict_of(office) -> ProgressReport:
    return office.verify(office.submit()).report


def facts(verb: str) -> dict:
    return json.loads(Entry.objects.get(verb=verb).payload)["facts"]


def line_of(office, *, at=DAY_AFTER):
    return draft_of(office.white_paper.task, office.period, at=at).publication


def test_a_withdrawn_report_keeps_the_day_of_its_first_filing_and_is_on_time_by_it(office):
    report = withdraw(office, office.submit(), at=JULY_5)
    assert (report.status, report.first_submitted_at) == ("draft", JULY_2)
    again = submit_report(report=report, by=office.people.reporter, at=DAY_AFTER)
    assert (again.first_submitted_at, again.submitted_at) == (JULY_2, DAY_AFTER)
    assert line_of(office).reporting == "on_time"


def test_the_first_lateness_of_a_withdrawn_report_stays_too(office):
    report = withdraw(office, office.submit(at=DAY_AFTER), at=DAY_AFTER)
    submit_report(report=report, by=office.people.reporter, at=DAY_AFTER)
    assert line_of(office).reporting == "late"


def test_a_report_that_was_withdrawn_and_not_submitted_again_counts_as_not_reported(office):
    withdraw(office, office.submit())
    line = line_of(office)
    assert (line.headline, line.reporting, line.first_filed_at) == ("not_reported", "missing", None)
    assert unfiled([office.period]) == 1
    assert plans_with_periods(DAY_AFTER.date())[0].lines[0].filed == 0


def test_no_report_is_withdrawn_once_a_supervisor_has_acted_on_it(office):
    returned = return_report(
        report=office.submit(), reason="请补", by=office.people.supervisor, at=JULY_5
    )
    with pytest.raises(Refused, match="退回修改"):
        withdraw(office, returned)
    assessed = office.verify(submit_report(report=returned, by=office.people.reporter, at=JULY_5))
    with pytest.raises(Refused, match="审核通过"):
        withdraw(office, assessed.report)


def test_a_report_is_withdrawn_by_a_reporter_of_the_lead_unit_only(office):
    report = office.submit()
    with pytest.raises(Refused, match="由牵头单位的填报员收回报送"):
        withdraw(office, report, by=office.people.stranger)
    assert withdraw(office, report, by=office.people.colleague).status == "draft"


def test_after_the_closing_no_report_is_withdrawn_because_it_could_not_be_submitted_again(office):
    report = office.submit()
    close_period(period=office.period, by=office.people.supervisor, at=DAY_AFTER)
    with pytest.raises(Refused, match="现在不能填报"):
        withdraw(office, report, at=DAY_AFTER)


def test_a_published_report_is_not_withdrawn_and_a_late_one_is_until_it_is_published(office):
    office.publish()
    late = office.submit(at=AUGUST)
    report = withdraw(office, late, at=AUGUST)
    report = submit_report(report=report, by=office.people.reporter, at=AUGUST)
    publish_revision(report=report, by=office.people.publisher, at=AUGUST)
    with pytest.raises(Refused, match="已经公布，不能收回"):
        withdraw(office, report, at=AUGUST)


def test_a_verdict_taken_back_stays_in_the_record_and_the_report_waits_for_another(office):
    report = reassess(office, verdict_of(office))
    assert report.status == "submitted"
    assert line_of(office).assessment_pace == ""
    office.verify(report, "slow", note="缺签到表")
    rows = Assessment.objects.order_by("pk").values_list("pace", "is_current")
    assert list(rows) == [("on_course", False), ("slow", True)]
    assert facts("reassess") == {"how": "paper", "pace": "on_course", "version": 1}


def test_both_ways_back_are_internal_ledger_entries_of_who_took_them(office):
    withdraw(office, office.submit())
    office.verify(
        submit_report(report=ProgressReport.objects.get(), by=office.people.reporter, at=JULY_5)
    )
    reassess(office, ProgressReport.objects.get())
    rows = Entry.objects.filter(verb__in=["withdraw", "reassess"]).order_by("seq")
    assert [(row.verb, row.visibility, row.actor_post) for row in rows] == [
        ("withdraw", "internal", "填报员"),
        ("reassess", "internal", "督查员"),
    ]


def test_a_report_sent_back_after_its_verdict_has_both_steps_in_the_record(office):
    report = send_back_report(
        report=verdict_of(office), reason="请补", by=office.people.supervisor, at=JULY_5
    )
    assert (report.status, report.return_reason) == ("returned", "请补")
    verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == ["submit", "verify", "reassess", "return"]
    assert not Assessment.objects.filter(is_current=True).exists()


def test_a_verdict_is_taken_back_until_the_release_is_prepared_and_again_once_that_is_dropped(
    office,
):
    report = verdict_of(office)
    release = office.prepare()
    for step in (
        reassess,
        lambda office, report: send_back_report(
            report=report, reason="请补", by=office.people.supervisor, at=JULY_5
        ),
    ):
        with pytest.raises(Refused, match="报审稿已经准备好"):
            step(office, report)
    drop_release(release=release, by=office.people.supervisor, at=JULY_5)
    assert reassess(office, report).status == "submitted"


def test_a_late_verdict_is_taken_back_until_it_is_published(office):
    office.submit()
    office.publish()
    report = office.verify(ProgressReport.objects.get(), at=AUGUST).report
    report = reassess(office, report, at=AUGUST)
    office.verify(report, at=AUGUST)
    publish_revision(report=report, by=office.people.publisher, at=AUGUST)
    ProgressReport.objects.update(status="verified")
    with pytest.raises(Refused, match="督查核定已经公布"):
        reassess(office, ProgressReport.objects.get(), at=AUGUST)


def test_the_unit_may_ask_for_more_time_for_what_it_has_withdrawn(office):
    report = office.submit()
    with pytest.raises(Refused, match="已经报送过，不需要延期"):
        ask(office, at=JULY_5)
    withdraw(office, report)
    assert ask(office, at=JULY_5).state == "asked"


def test_what_was_withdrawn_is_in_no_package_for_an_inspection(office):
    report = office.submit()
    scope = InspectionScope(office.people.supervisor)
    assert list(scope.reports()) == [report]
    withdraw(office, report)
    assert list(scope.reports()) == []


def test_nobody_takes_back_a_verdict_on_a_task_of_the_own_unit(office):
    report = verdict_of(office)
    office.white_paper.task.responsibilities.update(
        department=office.people.supervisor.acting_department(Role.SUPERVISOR)
    )
    with pytest.raises(Refused, match="回避"):
        reassess(office, report)


def test_the_unit_finds_the_way_back_on_the_page_of_its_report_while_it_waits(as_, office):
    office.submit()
    with time_machine.travel(JULY_5):
        reporter = as_("reporter")
        assert f'action="{FORM}withdraw/"' in source_of(reporter.get(FORM))
        assert "首次报送的日期保留" in source_of(reporter.post(FORM + "withdraw/", follow=True))
        html = source_of(reporter.get(FORM))
        assert f'formaction="{FORM}submit/"' in html
        assert "2013-07-05 10:00 收回，还没有重新报送" in html
        assert "不能再做这一步" in source_of(reporter.post(FORM + "withdraw/"))


def test_the_page_of_an_assessed_report_offers_the_unit_no_way_back(as_, office):
    verdict_of(office)
    with time_machine.travel(JULY_5):
        assert "withdraw/" not in source_of(as_("reporter").get(FORM))


def test_the_message_after_a_one_key_verdict_undoes_it_without_script(as_, office):
    attach(office, office.save())
    office.submit(version=1)
    agreed = {"how": "data", "confidence": "high"}
    with time_machine.travel(JULY_5):
        supervisor = as_("supervisor")
        html = source_of(supervisor.post(DESK + "agree/", agreed, follow=True))
        assert f'<form class="buttons" method="post" action="{DESK}reassess/">' in html
        html = source_of(supervisor.post(DESK + "reassess/", follow=True))
        assert "已撤回核定，重新等待核查" in html
        assert "2013-07-05 10:00 核定正常推进，已不再有效" in html
        assert 'class="chip' not in html.split("<h2>督查核定</h2>")[1].split("已不再有效")[0]
        assert f'action="{DESK}agree/"' in html


def test_the_desk_offers_the_ways_back_from_a_verdict_until_the_release_is_prepared(as_, office):
    verdict_of(office)
    supervisor = as_("supervisor")
    html = source_of(supervisor.get(DESK))
    assert f'action="{DESK}reassess/"' in html
    assert f'formaction="{DESK}return/"' in html
    office.prepare()
    html = source_of(supervisor.get(DESK))
    assert "报审稿已经准备好，核定不能再改" in html
    assert f'action="{DESK}reassess/"' not in html
    assert "报审稿已经准备好" in source_of(supervisor.post(DESK + "reassess/"))


def test_a_released_report_can_be_taken_back_by_nobody(office):
    report = verdict_of(office)
    office.publish()
    for step in (withdraw, reassess):
        with pytest.raises(Refused, match="已公布"):
            step(office, report, at=JULY_30)
