"""Before a quarter is public every line is cleared or withheld by law,
and somebody answers for the whole by name.
"""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from common.errors import Refused
from common.files.uploads import check
from ledger.models import Entry
from progress.actions.periods import close_period
from progress.actions.reviews import return_report
from publishing.actions.releases import (
    Withheld,
    approve_release,
    drop_release,
    prepare_release,
    publish_release,
)
from publishing.models import Clearance, Publication, Release
from tests.fixtures.lists import PDF, more_tasks
from tests.fixtures.quarter import JULY_5, JULY_16, JULY_30, NEXT_JULY

RELEASE = "/staff/releases/wp2013/2013-2/"
LAW = "《政府信息公开条例》第十四条"


@pytest.fixture
def scan():
    return SimpleUploadedFile("审批件.pdf", PDF + b"signed")


@pytest.fixture
def closed(client, office):
    """The supervisor before a closed quarter of three tasks."""
    more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    client.force_login(office.people.supervisor)
    return client


def test_every_task_of_the_plan_has_a_decision(office):
    first, second = more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    office.prepare(withheld={first.pk: LAW})
    decided = dict(Clearance.objects.values_list("task", "decision"))
    assert decided == {
        office.white_paper.task.pk: "public",
        first.pk: "withheld",
        second.pk: "public",
    }
    assert Clearance.objects.withheld().values_list("legal_basis", "review_on").get() == (
        LAW,
        NEXT_JULY,
    )
    facts = Entry.objects.get(verb="prepare_release").payload
    assert '"public":2' in facts
    assert '"withheld":1' in facts


def test_lines_that_are_not_withheld_are_cleared_only_by_confirming_them(office):
    with pytest.raises(Refused, match="还有 1 项没有作保密审查"):
        office.prepare(rest_public=False)
    assert not Release.objects.exists()


def test_a_release_whose_lines_are_all_withheld_needs_no_clearance_of_the_rest(office):
    office.prepare(withheld={office.white_paper.task.pk: LAW}, rest_public=False)
    assert Clearance.objects.get().decision == "withheld"


@pytest.mark.parametrize("day", [JULY_5.date(), date(2013, 7, 1), None])
def test_a_line_is_withheld_until_a_day_to_come(office, day):
    with pytest.raises(Refused, match="再审查日期"):
        office.prepare(withheld={office.white_paper.task.pk: Withheld(LAW, day)})
    assert not Clearance.objects.exists()


def test_a_line_that_nobody_reported_cannot_be_withheld_by_law(office):
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    held = {office.white_paper.task.pk: Withheld("《保守国家秘密法》第九条", date(2014, 7, 1))}
    said = {"withheld": held, "rest_public": True, "by": office.people.supervisor, "at": JULY_5}
    with pytest.raises(Refused, match="没有报送，没有可以暂不公开的内容"):
        prepare_release(period=office.period, **said)
    assert not Release.objects.exists()


def test_no_release_is_published_that_nobody_approved(office):
    release = office.prepare()
    with pytest.raises(Refused, match="请先登记批准人"):
        publish_release(release=release, by=office.people.publisher, at=JULY_30)
    assert not Publication.objects.exists()
    publish_release(release=office.approve(release), by=office.people.publisher, at=JULY_30)
    assert Publication.objects.exists()


def test_a_task_that_joined_the_plan_after_the_review_stops_the_release(office):
    release = office.approve(office.prepare())
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    with pytest.raises(Refused, match="有 1 项没有作保密审查"):
        publish_release(release=release, by=office.people.publisher, at=JULY_30)
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"approved_by": "  "}, "批准人的姓名和职务"),
        ({"approved_on": date(2013, 7, 4)}, "批准日期"),
        ({"approved_on": date(2013, 7, 31)}, "批准日期"),
    ],
)
def test_an_approval_names_somebody_and_a_day_between_preparing_and_today(office, said, why):
    given = {"approved_by": "区府办主任", "approved_on": JULY_5.date(), "scan": None} | said
    release = office.prepare()
    with pytest.raises(Refused, match=why):
        approve_release(release=release, **given, by=office.people.supervisor, at=JULY_30)
    release.refresh_from_db()
    assert release.approved_by == ""


def test_an_approval_can_be_put_right_until_the_release_and_not_after(office, scan):
    release = office.approve(office.prepare(), by="区府办主仁")
    release = office.approve(release, by="区府办主任", scan=check(scan))
    publish_release(release=release, by=office.people.publisher, at=JULY_30)
    with pytest.raises(Refused, match="已经处理过"):
        office.approve(release, by="别人")
    release.refresh_from_db()
    assert release.approved_by == "区府办主任"
    assert release.approval_sha256 in Entry.objects.filter(verb="approve_release").last().payload


def test_an_approval_holds_for_what_was_approved_and_for_nothing_that_came_after(office):
    report = office.submit()
    release = office.approve(office.prepare())
    office.verify(report)
    with pytest.raises(Refused, match="重新登记批准"):
        publish_release(release=release, by=office.people.publisher, at=JULY_30)
    assert not Publication.objects.exists()
    publish_release(release=office.approve(release), by=office.people.publisher, at=JULY_30)
    assert Publication.objects.get().assessment_pace == "on_course"


def test_a_draft_that_goes_on_does_not_disturb_an_approval(office):
    return_report(
        report=office.submit(), reason="补充签到表", by=office.people.supervisor, at=JULY_5
    )
    release = office.approve(office.prepare())
    office.save(version=1)
    publish_release(release=release, by=office.people.publisher, at=JULY_30)
    assert Publication.objects.get().headline == "returned"


def test_a_dropped_release_takes_its_decisions_and_its_approval_with_it(office):
    drop_release(release=office.approve(office.prepare()), by=office.people.supervisor, at=JULY_30)
    said = {"withheld": {}, "rest_public": True, "by": office.people.supervisor, "at": JULY_30}
    again = prepare_release(period=office.period, **said)
    assert (again.approved_by, again.clearances.count(), Clearance.objects.count()) == ("", 1, 2)


def test_the_record_names_neither_the_approver_nor_the_law(office):
    office.publish(withheld={office.white_paper.task.pk: LAW}, approval={"by": "张三主任"})
    for entry in Entry.objects.exclude(verb="publish"):
        assert "张三" not in entry.payload
        assert LAW not in entry.payload


def test_the_form_refuses_half_a_withholding_and_keeps_what_was_typed(closed, office):
    task = office.white_paper.task.pk
    html = closed.post(
        f"{RELEASE}prepare/", {"rest_public": "on", f"w{task}": LAW}
    ).content.decode()
    assert "wp2013-18 请写明再审查日期" in html
    assert f'value="{LAW}"' in html
    html = closed.post(
        f"{RELEASE}prepare/", {"rest_public": "on", f"d{task}": "2099-01-01"}
    ).content.decode()
    assert "wp2013-18 写了再审查日期，请写明暂不公开的依据" in html
    assert not Release.objects.exists()


def test_the_release_form_asks_to_clear_the_rest_and_says_how_many_lines(closed, office):
    html = closed.post(f"{RELEASE}prepare/", {}).content.decode()
    assert "请确认其余各项主动公开" in html
    assert "共 3 项" in html
    html = closed.post(f"{RELEASE}prepare/", {"rest_public": "on"}, follow=True).content.decode()
    assert "3 项一并确认主动公开，0 项暂不公开" in html


def test_the_page_says_that_no_signed_paper_was_uploaded_until_there_is_one(closed, office, scan):
    closed.post(f"{RELEASE}prepare/", {"rest_public": "on"})
    said = {"approved_by": "区府办主任", "approved_on": timezone.localdate().isoformat()}
    assert "未上传审批件" in closed.post(f"{RELEASE}approve/", said, follow=True).content.decode()
    html = closed.post(f"{RELEASE}approve/", said | {"scan": scan}, follow=True).content.decode()
    assert "未上传审批件" not in html
    assert "审批件：审批件.pdf" in html
    file = closed.get(f"{RELEASE}approval/")
    assert b"".join(file) == PDF + b"signed"
    assert file["Content-Disposition"].startswith("attachment")


def test_a_signed_release_of_an_unknown_file_kind_is_refused_and_not_recorded(closed, office):
    closed.post(f"{RELEASE}prepare/", {"rest_public": "on"})
    said = {"approved_by": "区府办主任", "approved_on": timezone.localdate().isoformat()}
    html = closed.post(
        f"{RELEASE}approve/", said | {"scan": SimpleUploadedFile("审批件.pdf", b"MZ")}
    ).content.decode()
    assert "不是可以接收的类型" in html
    assert 'value="区府办主任"' in html
    assert Release.objects.get().approved_by == ""
