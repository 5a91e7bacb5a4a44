"""A day is the day where the portal stands, and a person is one person in however many posts."""

from datetime import UTC, datetime

import pytest

from departments.models import Membership
from subscriptions.outbox import fill, send
from tests.fixtures.lists import more_tasks
from tests.fixtures.outbox import Kept, deliver, remind, told
from tests.fixtures.quarter import moment

pytestmark = pytest.mark.usefixtures("calendar_2013")


def run(at: datetime) -> list[str]:
    channel = Kept()
    send(channel=channel, clock=lambda: at)
    return sorted(name for name, _, _ in channel.mails)


def test_reminders_follow_the_local_day_half_an_hour_after_midnight(office):
    fill(at=datetime(2013, 7, 8, 15, 59, tzinfo=UTC))
    assert {offset for _, offset in told("report_due")} == {-5}
    fill(at=datetime(2013, 7, 8, 16, 30, tzinfo=UTC))
    assert {offset for _, offset in told("report_due")} == {-5, -3}


def test_one_mail_a_day_ends_with_the_day(office):
    remind("07-05")
    assert run(moment("2013-07-08T08:00:00")) == ["colleague", "reporter"]
    more_tasks(office.white_paper, office.units["anjianju"], 1)
    fill(at=moment("2013-07-08T23:50:00"))
    assert run(moment("2013-07-08T23:59:59")) == []
    assert run(moment("2013-07-09T00:10:00")) == ["colleague", "reporter"]


def test_a_person_of_two_units_gets_one_mail_that_names_each(office):
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    Membership.objects.create(
        user=office.people.reporter, department=office.units["jiaoyuju"], role="reporter"
    )
    remind("07-09")
    sent = deliver("07-09")
    assert [name for name, _, _ in sent.mails].count("reporter") == 1
    assert "wp2013-18 全面落实安全生产责任制：安监局\n" in sent.text_to("reporter")
    assert "wp2013-101 第101项：教育局\n" in sent.text_to("reporter")


def test_who_reports_and_supervises_is_asked_for_both_in_one_mail(office):
    Membership.objects.create(
        user=office.people.reporter, department=office.units["qufuban"], role="supervisor"
    )
    [task] = more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    office.handed_in(task.pk)
    remind("07-22")
    text = deliver("07-22").text_to("reporter")
    assert text.index("【请报送进展】") < text.index("【请核查填报】")
    assert "1 份待核查" in text


def test_nobody_is_asked_to_assess_what_the_own_unit_reports(office):
    Membership.objects.create(
        user=office.people.reporter, department=office.units["anjianju"], role="supervisor"
    )
    office.submit()
    remind("07-22")
    assert {name for name, _ in told("review_due")} == {"supervisor", "other_supervisor"}


def test_who_was_disabled_between_writing_and_sending_is_not_written_to(office):
    remind("07-09")
    office.people.reporter.is_active = False
    office.people.reporter.save()
    assert {name for name, _, _ in deliver("07-09").mails} == {"colleague"}
