"""One quarter from the unit's form to the frozen line, and each way it may be refused."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from common.errors import Refused, Stale
from common.text.canonical import digest
from departments.models import Membership, Role
from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from progress.actions.extensions import grant_extension
from progress.actions.reports import submit_report
from progress.actions.reviews import return_report
from progress.choices import ReportStatus
from progress.models import ExtensionRequest, Finding, ProgressReport
from progress.requirements.loading import requirements_for
from publishing.actions import releases
from publishing.actions.releases import prepare_release, publish_release
from publishing.actions.revisions import publish_revision
from publishing.models import Publication
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30, moment
from tests.fixtures.requests import JULY_19, ask

pytestmark = pytest.mark.both


def current(office) -> Publication:
    return Publication.objects.current().get(task=office.white_paper.task)


def test_a_publication_says_what_was_filed_and_assessed(office):
    office.verify(office.submit())
    release = office.publish()
    row = current(office)
    assert (row.headline, row.self_pace, row.assessment_pace) == (
        "on_course",
        "on_course",
        "on_course",
    )
    assert (row.reporting, row.trajectory, row.timing) == ("on_time", "on_path", "not_due")
    reading = row.readings.get()
    assert (reading.value, reading.target) == (Decimal(4000), Decimal(4000))
    assert row.findings.count() == 3
    assert digest(row.content) == row.sha256
    assert json.loads(row.content)["readings"][0]["value"] == "4000"
    assert digest(row.sha256) == release.sha256
    assert ProgressReport.objects.get().status == ReportStatus.RELEASED
    assert verify_ledger().sound


def test_each_action_of_a_quarter_is_recorded_and_a_draft_is_not(office):
    report = office.save()
    assert not Entry.objects.exists()
    submit_report(report=report, by=office.people.reporter, at=JULY_2)
    office.verify(report)
    office.publish()
    verbs = list(Entry.objects.values_list("verb", "visibility"))
    assert verbs == [
        ("submit", "internal"),
        ("verify", "internal"),
        ("close_period", "public"),
        ("prepare_release", "internal"),
        ("approve_release", "internal"),
        ("publish", "public"),
        ("release", "public"),
    ]


def test_an_incomplete_report_is_refused_with_the_list_of_what_is_missing(office):
    empty = replace(
        office.filing, narrative=" ", pace="", findings={}, readings={}, remaining_on_course=False
    )
    report = office.save(empty)
    with pytest.raises(Refused, match="请逐条自评") as refusal:
        submit_report(report=report, by=office.people.reporter, at=JULY_2)
    assert refusal.value.reasons == requirements_for(
        office.white_paper.task, office.period
    ).missing(JULY_2.date())
    assert len(refusal.value.reasons) == 5
    assert any("安全生产公共培训" in reason for reason in refusal.value.reasons)


def test_the_remaining_commitments_are_confirmed_at_once_and_marked_so(office):
    office.save()
    assert list(
        Finding.objects.filter(by_default=True).values_list("commitment__source", "pace")
    ) == [("goal", "on_course")]


def test_another_overall_word_than_the_rule_gives_needs_a_reason(office):
    report = office.save(replace(office.filing, pace="slow"))
    assert any(
        "写明理由" in sentence
        for sentence in requirements_for(report.task, report.period).missing(JULY_2.date())
    )
    office.save(replace(office.filing, pace="slow", pace_reason="演练质量不高"), version=1)
    assert requirements_for(report.task, report.period).missing(JULY_2.date()) == []


def test_a_self_assessment_that_contradicts_the_numbers_needs_a_reason(office):
    short = {office.white_paper.indicator.pk: (Decimal(2400), "")}
    report = office.save(replace(office.filing, readings=short))
    missing = requirements_for(report.task, report.period).missing(JULY_2.date())
    assert any("60%" in sentence for sentence in missing)
    assert any("落后于本季的阶段目标" in sentence for sentence in missing)
    office.save(replace(office.filing, readings=short, contradiction_reason="场地检修"), version=1)
    assert requirements_for(report.task, report.period).missing(JULY_2.date()) == []


def test_a_stale_form_overwrites_nothing(office):
    office.save()
    with pytest.raises(Stale, match="已被另一个窗口或同事保存过"):
        office.save(replace(office.filing, narrative="另一个窗口"), version=0)
    assert "4000 人次" in ProgressReport.objects.get().contributions.get().narrative


def test_a_unit_without_responsibility_cannot_write(office):
    with pytest.raises(Refused, match="不是这项任务的责任单位"):
        office.save(by=office.people.stranger, unit="jiaoyuju")
    assert not ProgressReport.objects.exists()


def test_no_report_is_filed_into_a_closed_period(office):
    office.period.state = "closed"
    office.period.save()
    with pytest.raises(Refused, match="现在不能填报"):
        office.save()


def test_a_return_needs_a_reason_and_keeps_the_first_filing_day(office):
    report = office.submit()
    with pytest.raises(Refused, match="退回修改请写明理由"):
        return_report(report=report, reason=" ", by=office.people.supervisor, at=JULY_5)
    returned = return_report(
        report=report, reason="请补数字来源", by=office.people.supervisor, at=JULY_5
    )
    again = office.submit(at=JULY_30, version=returned.version)
    assert (again.first_submitted_at, again.submitted_at) == (JULY_2, JULY_30)


def test_a_submitted_report_can_no_longer_be_changed(office):
    report = office.submit()
    with pytest.raises(Refused, match="不能再改"):
        office.save(version=report.version)


def test_an_assessment_that_differs_needs_a_note_and_both_are_kept(office):
    report = office.submit()
    with pytest.raises(Refused, match="核查意见"):
        office.verify(report, "slow")
    with pytest.raises(Refused, match="逐条核定与单位自评不一致的"):
        office.verify(
            report,
            "slow",
            note="签到表缺页",
            findings={office.white_paper.commitments[1].pk: ("partly", "")},
        )
    office.verify(
        report,
        "slow",
        note="签到表缺页",
        findings={office.white_paper.commitments[1].pk: ("partly", "只见 3900 人")},
    )
    office.publish()
    row = current(office)
    assert (row.headline, row.self_pace) == ("slow", "on_course")
    assert row.voices_disagree
    assert list(row.findings.values_list("self_pace", "assessment_pace")) == [
        ("on_course", "on_course"),
        ("done", "partly"),
        ("done", "done"),
    ]


def test_a_report_is_verified_once(office):
    report = office.submit()
    office.verify(report)
    with pytest.raises(Refused, match="现在是“审核通过”，不能再做这一步"):
        office.verify(report)


def test_the_person_who_prepared_does_not_publish(office):
    Membership.objects.create(
        user=office.people.supervisor, department=office.units["duchashi"], role=Role.PUBLISHER
    )
    release = office.prepare()
    with pytest.raises(Refused, match="两个人"):
        publish_release(release=release, by=office.people.supervisor, at=JULY_30)
    assert not Publication.objects.exists()


def test_only_one_release_of_a_quarter_is_prepared_at_a_time(office):
    office.prepare()
    with pytest.raises(Refused, match="已经有一份"):
        prepare_release(
            period=office.period,
            withheld={},
            rest_public=True,
            by=office.people.supervisor,
            at=JULY_5,
        )


def sent_back(office):
    return_report(
        report=ProgressReport.objects.get(), reason="补充", by=office.people.supervisor, at=JULY_5
    )


def given_time(office):
    extension = ExtensionRequest.objects.get()
    grant_extension(
        extension=extension, until=JULY_19, by=office.people.other_supervisor, at=JULY_5
    )


@pytest.mark.parametrize("meanwhile", [sent_back, given_time])
def test_a_change_between_preview_and_publication_stops_everything(meanwhile, office, monkeypatch):
    ask(office, at=JULY_2)
    office.submit()
    release = office.approve(office.prepare())
    build = releases.drafts_of_release

    def built(*args, **kwargs):
        lines = build(*args, **kwargs)
        meanwhile(office)
        return lines

    monkeypatch.setattr(releases, "drafts_of_release", built)
    with pytest.raises(Refused, match="什么都没有发布"):
        publish_release(release=release, by=office.people.publisher, at=JULY_30)
    assert not Publication.objects.exists()


def test_a_task_without_a_report_is_published_as_not_reported(office):
    office.publish()
    row = current(office)
    assert (row.headline, row.reporting, row.self_pace, row.timing) == (
        "not_reported",
        "missing",
        "",
        "",
    )
    assert row.trajectory == "unknown"


def test_submitted_but_unassessed_is_published_as_the_units_own_word(office):
    office.submit()
    office.publish()
    row = current(office)
    assert (row.headline, row.assessment_pace) == ("on_course", "")
    assert row.awaits_assessment
    assert set(row.findings.values_list("assessment_pace", flat=True)) == {""}


def test_a_returned_report_is_published_as_returned_with_its_first_filing_day(office):
    return_report(report=office.submit(), reason="请补", by=office.people.supervisor, at=JULY_5)
    office.publish()
    row = current(office)
    assert (row.headline, row.first_filed_at, row.narrative) == ("returned", JULY_2, "")


def test_a_withheld_line_says_so_and_shows_nothing_else(office):
    office.verify(office.submit())
    office.publish(
        withheld={office.white_paper.task.pk: "《中华人民共和国政府信息公开条例》第十四条"}
    )
    row = current(office)
    assert row.headline == "withheld"
    assert "条例" in row.withheld_basis
    assert (row.narrative, row.self_pace, row.readings.count(), row.findings.count()) == (
        "",
        "",
        0,
        0,
    )
    assert "4000" not in row.content


def test_a_late_filing_and_then_its_assessment_are_further_revisions(office):
    office.publish()
    report = office.submit(at=moment("2013-08-20T10:00:00"))
    second = publish_revision(
        report=report, by=office.people.publisher, at=moment("2013-08-21T10:00:00")
    )
    assert (second.revision, second.reason_class, second.reporting) == (2, "late", "late")
    office.verify(report, at=moment("2013-08-25T10:00:00"))
    third = publish_revision(
        report=report, by=office.people.publisher, at=moment("2013-08-26T10:00:00")
    )
    assert (third.revision, third.reason_class, third.assessment_pace) == (
        3,
        "assessed",
        "on_course",
    )
    assert list(Publication.objects.order_by("revision").values_list("is_current", flat=True)) == [
        False,
        False,
        True,
    ]


def test_no_revision_is_published_without_a_new_filing_or_assessment(office):
    office.verify(office.submit())
    office.publish()
    with pytest.raises(Refused, match="没有可以补充公布的内容"):
        publish_revision(
            report=ProgressReport.objects.get(), by=office.people.publisher, at=JULY_30
        )


def test_a_correction_is_the_next_revision_and_leaves_report_and_old_revision_as_they_were(office):
    office.verify(office.submit())
    office.publish()
    first = current(office)
    right = {
        "readings": {office.white_paper.indicator.pk: Decimal(3500)},
        "at": moment("2013-09-01T10:00:00"),
    }
    with pytest.raises(Refused, match="更正请选择原因"):
        office.correct(first, reason_class="late", reason="错了", **right)
    second = office.correct(first, reason_class="data", reason="重复计算了 500 人次", **right)
    first.refresh_from_db()
    assert (first.is_current, first.readings.get().value) == (False, Decimal(4000))
    assert (second.readings.get().value, second.trajectory, second.revision) == (
        Decimal(3500),
        "watch",
        2,
    )
    assert json.loads(second.content)["readings"][0]["value"] == "3500"
    assert ProgressReport.objects.get().readings.get().value == Decimal(4000)
    with pytest.raises(Refused, match="最新一版"):
        office.correct(first, reason_class="data", reason="又错", **right)


def test_corrected_words_stay_the_words_of_the_unit_that_filed_them(office):
    office.verify(office.submit())
    office.publish()
    second = office.correct(narrative="完成培训 3500 人次。", at=moment("2013-09-01T10:00:00"))
    assert json.loads(second.content)["narratives"] == [
        {"unit": "安监局", "text": "完成培训 3500 人次。"}
    ]
