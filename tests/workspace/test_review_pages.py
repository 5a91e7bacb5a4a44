"""The supervisor's desk: a queue, a verdict in a voice of its own, a return with a reason,
and who is kept away.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Membership, Role
from progress.choices import ReportStatus
from progress.models import Assessment, ProgressReport
from tests.fixtures.evidence import attach
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2
from workspace.read_models.work_items import work_items_for

DESK = "/staff/review/wp2013-18/2013-2/"
VERDICT = {"pace": "on_course", "how": "paper", "confidence": "medium", "note": ""}
VERIFY, RETURN = DESK + "verify/", DESK + "return/"


@pytest.fixture
def supervisor(client, office):
    client.force_login(office.people.supervisor)
    return client


def page(response) -> str:
    return source_of(response)


def submitted(office, count: int, first: int = 101) -> None:
    tasks = more_tasks(office.white_paper, office.units["anjianju"], count, first)
    facts = {"pace": "on_course", "submitted_at": JULY_2, "first_submitted_at": JULY_2}
    facts |= {
        "submitted_by": office.people.reporter,
        "status": "submitted",
        "period": office.period,
    }
    ProgressReport.objects.bulk_create(ProgressReport(task=task, **facts) for task in tasks)


def test_a_submitted_report_is_in_the_review_queue_and_on_the_workspace(supervisor, office):
    office.submit()
    assert "全面落实安全生产责任制" in page(supervisor.get("/staff/review/"))
    duty = work_items_for(office.people.supervisor, JULY_2.date())[0]
    assert (duty.missing, duty.due_on) == ("1 份待核查", office.period.review_due_on)


def test_the_review_desk_shows_wording_numbers_and_the_units_words(supervisor, office):
    office.submit()
    html = page(supervisor.get(DESK))
    for words in (
        "全年培训15000人次以上",
        "4000",
        "完成培训 4000 人次，演练 1 次",
        "达到序时",
        "一并确认",
    ):
        assert words in html


def test_the_first_filing_is_named_only_where_it_is_another_minute(supervisor, office):
    report = office.submit()
    for first, is_named in [(JULY_2 - timedelta(days=1), True), (JULY_2, False)]:
        report.first_submitted_at, report.submitted_at = first, JULY_2 + timedelta(seconds=30)
        report.save()
        assert ("报送，首次 " in page(supervisor.get(DESK))) == is_named


def test_a_verdict_stands_beside_the_units_and_the_next_report_opens(supervisor, office):
    office.submit()
    submitted(office, 1)
    response = supervisor.post(VERIFY, VERDICT)
    assert response["Location"] == "/staff/review/wp2013-101/2013-2/"
    assert ProgressReport.objects.get(task__number=18).status == ReportStatus.VERIFIED
    assert Assessment.objects.get().pace == "on_course"
    last = supervisor.post(response["Location"] + "verify/", VERDICT)
    assert last["Location"] == "/staff/review/"


def test_another_verdict_without_a_note_is_refused_and_nothing_typed_is_lost(
    supervisor, office, white_paper
):
    office.submit()
    single = {
        f"c{white_paper.commitments[1].pk}": "partly",
        f"n{white_paper.commitments[1].pk}": "只见3900人",
    }
    html = page(supervisor.post(VERIFY, VERDICT | single | {"pace": "slow"}))
    assert "督查核定与单位自评不一致，请写明核查意见。" in html
    assert "只见3900人" in html
    supervisor.post(VERIFY, VERDICT | single | {"pace": "slow", "note": "签到表缺页"})
    assessment = Assessment.objects.get()
    assert (assessment.pace, assessment.note) == ("slow", "签到表缺页")
    assert assessment.findings.get().pace == "partly"


def test_a_single_verdict_that_differs_is_explained_at_its_field(supervisor, office, white_paper):
    office.submit()
    pk = white_paper.commitments[1].pk
    assert f'href="#id_n{pk}"' in page(supervisor.post(VERIFY, VERDICT | {f"c{pk}": "partly"}))
    assert not Assessment.objects.exists()


def test_returning_a_report_needs_a_reason_and_keeps_the_assessment_typed_so_far(
    supervisor, office
):
    office.submit()
    html = page(supervisor.post(RETURN, VERDICT | {"note": "先写到这里", "reason": " "}))
    assert "退回修改请写明理由" in html
    assert "先写到这里" in html
    supervisor.post(RETURN, {"reason": "请补签到表"})
    report = ProgressReport.objects.get()
    assert (report.status, report.return_reason) == ("returned", "请补签到表")


def test_a_recused_supervisor_reads_why_and_is_refused(client, office):
    """The supervisor of a responsible unit finds no form,
    and an answer sent anyway changes nothing.
    """
    office.submit()
    judge = office.people.other_supervisor
    Membership.objects.create(user=judge, department=office.units["anjianju"], role=Role.REPORTER)
    client.force_login(judge)
    queue = page(client.get("/staff/review/"))
    assert queue.index("由其他单位督查员核查 1 份") < queue.index("全面落实安全生产责任制")
    html = page(client.get(DESK))
    assert "按回避规定您不能核查它" in html
    assert VERIFY not in html
    for address, answer in ((VERIFY, VERDICT), (RETURN, {"reason": "请补"})):
        response = client.post(address, answer)
        assert response.status_code == 403
        assert "按回避规定由其他单位的督查员核查" in page(response)
    assert ProgressReport.objects.get().status == ReportStatus.SUBMITTED


def test_a_verified_report_shows_its_verdict_and_no_form_for_another(supervisor, office):
    office.verify(office.submit())
    html = page(supervisor.get(DESK))
    assert "不需要核查" in html
    assert VERIFY not in html
    assert "书面核查" in html


def test_a_verdict_that_differs_is_saved_and_not_called_approval(supervisor, office):
    attach(office, office.save())
    office.submit(version=1)
    desk = page(supervisor.get(DESK))
    assert f'action="{VERIFY}"' in desk
    assert '<button class="button" type="submit">保存核定</button>' in desk
    html = page(
        supervisor.post(VERIFY, VERDICT | {"pace": "slow", "note": "进度不足"}, follow=True)
    )
    assert "wp2013-18 已保存核定“推进缓慢”，公布时与单位自评并列。" in html


def test_the_second_of_two_supervisors_assessing_a_report_is_refused_and_keeps_the_words(
    supervisor, office
):
    office.verify(office.submit())
    html = page(supervisor.post(VERIFY, VERDICT | {"note": "另一位督查员的意见"}))
    assert "这份填报现在是“审核通过”，不能再做这一步。" in html
    assert "另一位督查员的意见" in html.split("您写的没有保存")[1]


def test_a_draft_is_out_of_the_supervisors_sight(supervisor, office):
    office.save()
    assert supervisor.get(DESK).status_code == 404


@pytest.mark.parametrize("address", ["/staff/review/", "/staff/"])
def test_the_review_queue_costs_as_many_queries_for_thirty_reports_as_for_three(
    supervisor, office, address
):
    submitted(office, 3)
    with CaptureQueriesContext(connection) as three:
        supervisor.get(address)
    submitted(office, 27, first=201)
    with CaptureQueriesContext(connection) as thirty:
        assert "30 份" in page(supervisor.get(address))
    assert len(thirty) == len(three)
