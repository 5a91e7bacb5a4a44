"""An unflagged, consistent report is agreed with by one key;
everything else says why it needs a closer look.
"""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Refused
from departments.models import Membership, Role
from ledger.models import Entry
from progress.actions.reports import save_draft, submit_report
from progress.actions.reviews import agree_with_report, return_report
from progress.choices import ReportStatus
from progress.models import Assessment
from progress.requirements.flags import review_flags
from progress.requirements.loading import requirements_for
from tests.fixtures.evidence import attach
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2, JULY_5, Office, moment
from tests.fixtures.report_form import add_supporting_unit

DESK = "/staff/review/wp2013-18/2013-2/"
AGREE, SURE = DESK + "agree/", {"how": "data", "confidence": "high"}


@pytest.fixture
def supervisor(client, office):
    client.force_login(office.people.supervisor)
    return client


@pytest.fixture
def office(office):
    """The office whose reports bring a file, as what is called done for the first time has to."""
    submit = office.submit

    def submit_with_a_file(filing=None, *, version=0, **when):
        attach(office, office.save(filing, version=version, **when), **when)
        return submit(filing, version=version + 1, **when)

    office.submit = submit_with_a_file
    return office


def page(response) -> str:
    return source_of(response)


def concerns(office) -> list[str]:
    return review_flags(requirements_for(office.white_paper.task, office.period))


def test_a_consistent_report_is_agreed_with_by_one_key(supervisor, office):
    office.submit()
    html = page(supervisor.get(DESK))
    assert html.count('accesskey="y"') == 1
    assert f'action="{AGREE}"' in html
    assert 'type="submit" accesskey="y">同意单位自评，审核通过</button><kbd>Y</kbd>' in html
    assert "佐证材料 1 份" in html
    assert supervisor.post(AGREE, SURE)["Location"] == "/staff/review/"
    assessment = Assessment.objects.get()
    assert (assessment.pace, assessment.how, assessment.confidence) == (
        "on_course",
        "data",
        "high",
    )
    assert assessment.report.status == ReportStatus.VERIFIED
    assert Entry.objects.last().verb == "verify"


def test_the_confidence_is_shown_before_the_key_that_agrees_is_pressed(supervisor, office):
    office.submit()
    assert 'value="medium" id="agree_confidence_1" checked' in page(supervisor.get(DESK))
    html = page(supervisor.post(AGREE))
    assert "把握程度" in html
    assert not Assessment.objects.exists()


def test_nobody_fills_in_for_the_supervisor_how_it_was_checked(supervisor, office):
    office.submit()
    html = page(supervisor.get(DESK))
    assert 'name="how" value="paper"' in html
    assert re.findall(r'name="how" value="[^"]*"[^>]* checked', html) == []
    for address in (AGREE, DESK + "verify/"):
        typed = {"pace": "on_course", "confidence": "high"}
        assert "请选择核查方式：您是怎么核查的。" in page(supervisor.post(address, typed))
    assert not Assessment.objects.exists()


def test_agreeing_with_a_report_opens_the_next_one(supervisor, office):
    office.submit()
    task = more_tasks(office.white_paper, office.units["anjianju"], 1)[0]
    twin = {"pace": "on_course", "submitted_by": office.people.reporter, "status": "submitted"}
    office.period.reports.create(task=task, submitted_at=JULY_2, first_submitted_at=JULY_2, **twin)
    answer = supervisor.post(AGREE, SURE)
    assert answer["Location"] == "/staff/review/wp2013-101/2013-2/"
    assert "下一份" not in page(supervisor.get(answer["Location"]))


def test_a_next_report_of_another_unit_is_named(supervisor, office):
    office.submit()
    task = more_tasks(office.white_paper, office.units["jiaoyuju"], 1)[0]
    twin = {"pace": "on_course", "submitted_by": office.people.reporter, "status": "submitted"}
    office.period.reports.create(task=task, submitted_at=JULY_2, first_submitted_at=JULY_2, **twin)
    html = page(supervisor.post(AGREE, SURE, follow=True))
    assert "下一份：2013年度公共服务白皮书2013年第二季度，教育局：第101项。" in html


def test_the_review_queue_says_that_the_last_report_is_done(supervisor, office):
    office.submit()
    assert "审核通过。没有等您核查的了。" in page(supervisor.post(AGREE, SURE, follow=True))


def slow(office):
    office.submit(replace(office.filing, pace="slow", pace_reason="报名少"))


def partly(office):
    findings = office.filing.findings | {office.white_paper.commitments[2].pk: ("partly", "")}
    office.submit(replace(office.filing, pace="partly", findings=findings))


def behind(office):
    readings = {office.white_paper.indicator.pk: (Decimal(3000), "")}
    office.submit(replace(office.filing, readings=readings, contradiction_reason="雨天停课"))


def done_for_the_first_time(office):
    Office.submit(office, replace(office.filing, pace="done", pace_reason="都做到了"))


def a_little_behind(office):
    readings = {office.white_paper.indicator.pk: (Decimal(3700), "")}
    office.submit(replace(office.filing, readings=readings, contradiction_reason="雨天停课"))


def returned(office):
    report = return_report(
        report=office.submit(), reason="请补", by=office.people.supervisor, at=JULY_2
    )
    submit_report(report=report, by=office.people.reporter, at=JULY_2)


def asking_for_help(office):
    office.submit(replace(office.filing, help_needed="请协调场地"))


def without_the_other_unit(office):
    add_supporting_unit(office)
    office.submit(at=moment("2013-07-12T10:00:00"))


REASONS = {
    slow: ["总体自评为推进缓慢。", "总体进展与逐条自评得出的“正常推进”不同。"],
    partly: ["逐条自评中有部分完成 1 条。", "总体自评为部分完成。"],
    done_for_the_first_time: ["首次填“已完成”，没有佐证材料：分解事项 2 条、总体进展。"],
    behind: ["数据“安全生产公共培训”低于文件公布的目标（落后序时）。"],
    a_little_behind: ["数据“安全生产公共培训”低于文件公布的目标（关注）。"],
    returned: ["退回修改后重新报送的，请核对是否改到位。"],
    asking_for_help: ["单位提出了需协调事项。"],
    without_the_other_unit: ["教育局没有交本单位部分。"],
}


@pytest.mark.parametrize("filed", REASONS)
def test_a_report_that_needs_a_closer_look_says_why_and_shows_the_full_form_only(
    filed, supervisor, office
):
    filed(office)
    assert set(REASONS[filed]) <= set(concerns(office))
    html = page(supervisor.get(DESK))
    assert all(sentence in html for sentence in REASONS[filed])
    assert AGREE not in html
    assert 'type="submit" accesskey="y">保存核定</button>' in html


@pytest.mark.parametrize("filed", REASONS)
def test_the_key_that_agrees_does_nothing_where_a_closer_look_is_needed(filed, supervisor, office):
    filed(office)
    html = page(supervisor.post(AGREE, SURE))
    assert "这份填报要细看，不能一键通过。" in html
    assert REASONS[filed][0] in html
    assert not Assessment.objects.exists()


def test_a_number_without_a_printed_target_worries_nobody(office):
    office.white_paper.indicator.targets.all().delete()
    office.submit()
    assert concerns(office) == []


def test_a_signed_form_is_no_evidence_of_what_is_called_done(office):
    attach(office, office.save(), is_public=False, kind="signed_form")
    Office.submit(office, version=1)
    assert concerns(office) == ["首次填“已完成”，没有佐证材料：分解事项 2 条。"]


@pytest.mark.parametrize(
    ("quarter", "submit", "found"),
    [
        (3, Office.submit, []),
        (4, Office.submit, ["到年底填“已完成”，全年没有佐证材料：总体进展。"]),
        (4, lambda office, filing: office.submit(filing), []),
    ],
)
def test_what_was_called_done_before_needs_evidence_once_more_only_at_the_end_of_a_year_without(
    office, quarter, submit, found
):
    reasons = {"pace_reason": "都做到了", "contradiction_reason": "都做到了"}
    done = replace(office.filing, pace="done", **reasons)
    office.verify(submit(office, done), "done")
    office.publish()
    of_the_year = {office.white_paper.commitments[0].pk: ("partly", "少一期")}
    submit_the_next(office, replace(done, findings=of_the_year), quarter)
    assert [words for words in concerns(office) if "佐证" in words] == found


def submit_the_next(office, filing, quarter=3) -> None:
    later = office.period
    later.pk, later.index, later.state, later.released_at = None, quarter, "open", None
    later.save(force_insert=True)
    given = {
        "department": office.units["anjianju"],
        "expected_version": 0,
        "by": office.people.reporter,
        "at": JULY_5,
    }
    report = save_draft(task=office.white_paper.task, period=later, filing=filing, **given)
    submit_report(report=report, by=office.people.reporter, at=JULY_5)


def test_a_promise_left_undone_last_quarter_is_looked_at_again(office):
    findings = office.filing.findings | {office.white_paper.commitments[2].pk: ("partly", "")}
    office.verify(office.submit(replace(office.filing, pace="partly", findings=findings)), "partly")
    office.publish()
    done = replace(
        office.filing, findings={office.white_paper.commitments[2].pk: ("done", "")}, readings={}
    )
    submit_the_next(office, done)
    found = concerns(office)
    assert "有 1 条上次没有完成，这次继续跟进。" in found
    assert "上次督查核定为部分完成，请核对这次有没有跟上。" in found


def test_a_recused_supervisor_gets_no_key_to_agree_and_is_refused(client, office):
    report = office.submit()
    judge = office.people.other_supervisor
    Membership.objects.create(user=judge, department=office.units["anjianju"], role=Role.REPORTER)
    client.force_login(judge)
    assert AGREE not in page(client.get(DESK))
    assert client.post(AGREE, SURE).status_code == 403
    with pytest.raises(Refused, match="回避"):
        agree_with_report(report=report, **SURE, by=judge, at=JULY_5)


def test_agreeing_with_a_report_already_verified_is_refused(supervisor, office):
    office.verify(office.submit())
    assert "现在是“审核通过”" in page(supervisor.post(AGREE, SURE))
    assert Assessment.objects.count() == 1


def test_another_opinion_is_one_fold_away_and_opens_when_it_lacks_something(supervisor, office):
    office.submit()
    assert '<details class="fold"><summary>有不同意见' in page(supervisor.get(DESK))
    html = page(supervisor.post(DESK + "return/", {"reason": ""}))
    assert '<details class="fold" open><summary>有不同意见' in html


def test_the_queue_separates_reports_to_agree_with_from_those_to_look_at(supervisor, office):
    office.submit()
    task = more_tasks(office.white_paper, office.units["anjianju"], 1)[0]
    twin = {"pace": "slow", "submitted_by": office.people.reporter, "status": "submitted"}
    office.period.reports.create(task=task, submitted_at=JULY_2, first_submitted_at=JULY_2, **twin)
    html = page(supervisor.get("/staff/review/"))
    assert "待您核查 2 份：一键可核 1 份，需细看 1 份。" in html
    closer = html.split("<h2>需细看 1 份</h2>")[1]
    assert "总体自评为推进缓慢。" in closer
    assert "全面落实安全生产责任制" not in closer
    assert [html.count(f"佐证 {count} 份") for count in (1, 0)] == [1, 1]


def test_the_review_desk_shows_what_was_published_before(supervisor, office):
    office.verify(office.submit(), "slow", note="签到表缺页")
    office.publish()
    submit_the_next(office, office.filing)
    html = page(supervisor.get("/staff/review/wp2013-18/2013-3/"))
    for words in (
        "上次公布：2013年第二季度",
        "签到表缺页",
        "两者不一致：单位自评正常推进，督查核定推进缓慢",
    ):
        assert words in html


def test_the_review_desk_costs_few_queries(supervisor, office):
    office.submit()
    with CaptureQueriesContext(connection) as asked:
        supervisor.get(DESK)
    assert len(asked) <= 29


@pytest.mark.parametrize("flagged", [False, True])
def test_each_key_of_the_review_desk_does_one_thing(supervisor, office, flagged):
    Office.submit(office) if flagged else office.submit()
    html = page(supervisor.get(DESK))
    assert sorted(re.findall(r'accesskey="(.)"', html)) == ["r", "y"]
    assert sorted(re.findall(r"<kbd>(.)</kbd>", html)) == ["R", "Y"]
    assert "Alt+" not in html
