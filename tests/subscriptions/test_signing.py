"""A report before its signers: they are told, its writers are left alone."""

import pytest

from departments.models import Membership
from progress.actions.signing import hand_back_report, send_to_sign
from subscriptions.models import Notice
from tests.fixtures.outbox import deliver, remind, states, told
from tests.fixtures.people import NOW
from tests.fixtures.quarter import JULY_2, moment

pytestmark = pytest.mark.usefixtures("calendar_2013")


@pytest.fixture
def sent(office):
    """With the signer of the unit, who is a reporter there too."""
    unit = office.units["anjianju"]
    unit.signs_reports = True
    unit.save()
    send_to_sign(report=office.save(), by=office.people.reporter, at=JULY_2)
    return office


def test_the_signer_hears_of_a_report_at_once_and_by_the_due_day_and_the_writer_not(sent):
    remind("07-02")
    assert told("report_to_sign") == {("colleague", 0)}
    remind("07-11")
    assert told("report_due") == {("colleague", -1)}
    assert "全面落实安全生产责任制：安监局。已送审签，还没有签" in deliver("07-11").text_to(
        "colleague"
    )


def test_the_signer_hears_again_each_time_a_report_is_sent_to_sign(sent):
    remind("07-02")
    report, by = sent.white_paper.task.reports.get(), sent.people.colleague
    hand_back_report(report=report, reason="缺数据", by=by, at=moment("2013-07-03T09:00:00"))
    assert deliver("07-03").text_to("colleague").count("请审签") == 0
    send_to_sign(report=report, by=sent.people.reporter, at=moment("2013-07-04T09:00:00"))
    remind("07-04")
    assert Notice.objects.filter(event="report_to_sign").count() == 2
    assert "请审签" in deliver("07-04").text_to("colleague")


def test_without_another_signer_the_supervisors_hear_of_a_report_to_sign(sent):
    Membership.objects.filter(user=sent.people.colleague).update(ended_at=NOW)
    remind("07-02")
    assert told("report_to_sign") == {("supervisor", 0), ("other_supervisor", 0)}
    assert "安监局（该单位没有可以审签的人）" in deliver("07-02").text_to("supervisor")
    assert states()["waiting"] == 0


def test_a_report_still_being_signed_is_warned_of_before_the_release(sent):
    remind("07-25")
    text = deliver("07-25").text_to("colleague")
    assert "现在公布会写明“未报送”，请尽快审签" in text
