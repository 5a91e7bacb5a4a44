"""审签: a second person of the lead unit signs before the report leaves the house,
where the unit has it so.
"""

from dataclasses import replace

import pytest

from common.errors import Refused
from departments.models import Membership, Role, User
from ledger.models import Entry
from progress.actions.periods import close_period
from progress.actions.reports import submit_report
from progress.actions.reviews import return_report
from progress.actions.signing import hand_back_report, send_to_sign, sign_report
from progress.models import ProgressReport
from progress.permissions import can_sign
from progress.requirements.loading import requirements_for
from publishing.actions.revisions import publish_revision
from publishing.models import Publication
from tasks.models import Responsibility
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_16, JULY_30, moment
from tests.fixtures.signing import JULY_4, send, sign
from workspace.read_models.work_items import work_items_for

AUGUST_1 = moment("2013-08-01T10:00:00")


def test_a_unit_that_signs_does_not_submit_directly(signing):
    report = signing.save()
    with pytest.raises(Refused, match="请送审签"):
        submit_report(report=report, by=signing.people.reporter, at=JULY_2)
    report.refresh_from_db()
    assert report.status == "draft"


def test_a_unit_that_does_not_sign_has_nothing_to_send(office):
    with pytest.raises(Refused, match="请直接报送"):
        send(office)


def test_the_report_leaves_the_unit_at_the_moment_of_signing(signing):
    report = send(signing)
    assert (report.status, report.pace, report.sent_by, report.sent_at) == (
        "signing",
        "on_course",
        signing.people.reporter,
        JULY_2,
    )
    assert report.first_submitted_at is None
    report = sign(signing, report)
    assert (report.status, report.signed_by, report.signed_at) == (
        "submitted",
        signing.people.colleague,
        JULY_4,
    )
    assert report.first_submitted_at == report.submitted_at == JULY_4


def test_sending_to_sign_and_signing_are_internal_ledger_entries(signing):
    hand_back_report(
        report=send(signing), reason="缺签到表", by=signing.people.colleague, at=JULY_4
    )
    sign(signing, send(signing, version=1))
    rows = list(Entry.objects.values_list("verb", "visibility", "actor_post"))
    assert rows == [
        ("send_to_sign", "internal", "填报员"),
        ("hand_back", "internal", "审签人"),
        ("send_to_sign", "internal", "填报员"),
        ("sign", "internal", "审签人"),
    ]
    assert not any(
        "缺签到表" in payload for payload in Entry.objects.values_list("payload", flat=True)
    )


def test_an_incomplete_report_is_not_sent_to_sign_and_its_missing_items_are_listed(signing):
    report = signing.save(replace(signing.filing, narrative="", readings={}))
    with pytest.raises(Refused, match="请填写数据：安全生产公共培训") as refusal:
        send_to_sign(report=report, by=signing.people.reporter, at=JULY_2)
    assert refusal.value.reasons == requirements_for(report.task, report.period).missing(
        JULY_2.date()
    )
    assert len(refusal.value.reasons) == 2


def also(person: User, unit, role: str) -> User:
    Membership.objects.create(user=person, department=unit, role=role)
    return User.objects.get(pk=person.pk)


def test_whoever_sent_a_report_to_sign_does_not_sign_it(signing, units):
    sender = also(signing.people.reporter, units["anjianju"], Role.SIGNER)
    report = send(signing)
    with pytest.raises(Refused, match="另一位审签人"):
        sign(signing, report, by=sender)


def test_whoever_filed_the_leads_part_of_a_report_does_not_sign_it(signing, units):
    third = also(signing.people.stranger, units["anjianju"], Role.SIGNER)
    report = signing.save(by=signing.people.colleague)
    report = send_to_sign(report=report, by=signing.people.reporter, at=JULY_2)
    with pytest.raises(Refused, match="另一位审签人"):
        sign(signing, report)
    assert sign(signing, report, by=third).signed_by == third


def test_no_report_is_sent_to_sign_where_nobody_could_sign_it(signing):
    report = signing.save(by=signing.people.colleague)
    with pytest.raises(Refused, match="还没有另一位审签人"):
        send_to_sign(report=report, by=signing.people.reporter, at=JULY_2)


def test_no_report_is_sent_to_sign_by_the_only_signer_of_the_unit(signing):
    report = signing.save()
    with pytest.raises(Refused, match="还没有另一位审签人"):
        send_to_sign(report=report, by=signing.people.colleague, at=JULY_2)
    report.refresh_from_db()
    assert report.status == "draft"


def test_a_signer_of_another_unit_does_not_sign(signing, units):
    other = also(signing.people.stranger, units["jiaoyuju"], Role.SIGNER)
    report = send(signing)
    assert not can_sign(other, report)
    assert can_sign(signing.people.colleague, report)
    for action in (sign_report, lambda **known: hand_back_report(reason="缺签到表", **known)):
        with pytest.raises(Refused, match="由牵头单位"):
            action(report=report, by=other, at=JULY_4)


def test_a_signer_of_a_supporting_unit_does_not_sign(signing, units):
    signing.white_paper.task.responsibilities.update(kind="lead")
    joint = {"task": signing.white_paper.task, "department": units["jiaoyuju"], "order": 2}
    Responsibility.objects.create(**joint, kind="supporting", basis="published")
    signer = also(signing.people.stranger, units["jiaoyuju"], Role.SIGNER)
    report = send(signing, at=moment("2013-07-12T09:00:00"))
    assert not can_sign(signer, report)


def test_nobody_edits_what_is_being_signed(signing):
    report = send(signing)
    with pytest.raises(Refused, match="部门审签中"):
        signing.save(version=report.version)
    assert work_items_for(signing.people.reporter, JULY_2.date()) == []


def test_handing_a_report_back_needs_a_reason_and_makes_it_a_draft_again(signing):
    report = send(signing)
    with pytest.raises(Refused, match="退回填报员请写明理由"):
        hand_back_report(report=report, reason=" ", by=signing.people.colleague, at=JULY_4)
    report = hand_back_report(
        report=report, reason="缺签到表", by=signing.people.colleague, at=JULY_4
    )
    assert (report.status, report.hand_back_reason) == ("draft", "缺签到表")
    again = send(signing, version=report.version, at=JULY_5)
    assert (again.status, again.hand_back_reason) == ("signing", "")


def returned(office) -> ProgressReport:
    report = return_report(
        report=sign(office, send(office)), reason="请补", by=office.people.supervisor, at=JULY_5
    )
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    office.period.refresh_from_db()
    return report


def test_a_returned_report_handed_back_stays_returned_so_that_a_closed_quarter_takes_it(signing):
    report = returned(signing)
    sent = send(signing, version=report.version, at=JULY_30)
    assert (sent.status, sent.signed_by) == ("signing", None)
    back = hand_back_report(report=sent, reason="还缺", by=signing.people.colleague, at=JULY_30)
    assert back.status == "returned"
    again = sign(signing, send(signing, version=back.version, at=JULY_30), at=AUGUST_1)
    assert (again.status, again.first_submitted_at, again.submitted_at) == (
        "submitted",
        JULY_4,
        AUGUST_1,
    )


def test_a_draft_in_signing_is_not_signed_into_a_closed_quarter(signing):
    report = send(signing)
    close_period(period=signing.period, by=signing.people.supervisor, at=JULY_16)
    with pytest.raises(Refused, match="现在不能填报"):
        sign(signing, report, at=JULY_5)
    assert work_items_for(signing.people.colleague, JULY_5.date()) == []


def test_a_report_not_signed_at_the_release_counts_as_not_reported(signing):
    report = send(signing)
    signing.publish()
    row = Publication.objects.get()
    assert (row.headline, row.reporting, row.narrative, row.self_pace) == (
        "not_reported",
        "missing",
        "",
        "",
    )
    sign(signing, report, at=AUGUST_1)
    second = publish_revision(report=report, by=signing.people.publisher, at=AUGUST_1)
    assert (second.reporting, second.self_pace) == ("late", "on_course")


def test_a_returned_report_that_waits_for_its_signature_is_published_as_returned(signing):
    report = returned(signing)
    send(signing, version=report.version, at=JULY_5)
    signing.period.state = "open"
    signing.period.save()
    signing.publish()
    assert Publication.objects.get().headline == "returned"


def test_a_signature_is_not_carried_over_to_what_is_later_submitted_without_one(signing, units):
    report = returned(signing)
    units["anjianju"].signs_reports = False
    units["anjianju"].save()
    report = submit_report(
        report=signing.save(version=report.version), by=signing.people.reporter, at=JULY_30
    )
    assert (report.signed_by, report.signed_at, report.sent_by) == (None, None, None)
