"""One mail a day to a person, with what still holds when it is sent."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from departments.models import Membership
from ledger.models import Entry
from progress.actions.reviews import return_report
from subscriptions.channels import Undelivered
from subscriptions.models import Notice
from subscriptions.outbox import send
from subscriptions.reminders.schedule import ReminderSchedule
from tests.fixtures.lists import more_tasks
from tests.fixtures.outbox import Kept, deliver, morning, remind, states
from tests.fixtures.people import NOW
from tests.fixtures.quarter import JULY_5, moment

pytestmark = [pytest.mark.both, pytest.mark.usefixtures("calendar_2013")]


def test_many_reminders_to_one_person_come_in_one_mail(office):
    more_tasks(office.white_paper, office.units["anjianju"], 3)
    return_report(report=office.submit(), reason="缺数据", by=office.people.supervisor, at=JULY_5)
    remind("07-09")
    sent = deliver("07-09")
    [(_, subject, text)] = [mail for mail in sent.mails if mail[0] == "reporter"]
    assert subject.endswith("您有 5 件事要办")
    assert [
        text.count(words) for words in ("【退回修改】", "【请报送进展】", "【填报期已开放】")
    ] == [1, 1, 1]
    assert "2013年7月12日报送截止，还有 3 个工作日" in text
    assert "- wp2013-101 第101项：安监局\n" in text
    assert text.index("退回修改") < text.index("请报送进展") < text.index("填报期已开放")


def test_every_link_of_a_mail_is_absolute(office, settings):
    settings.SITE_URL = "https://portal.example"
    remind("07-09")
    text = deliver("07-09").text_to("reporter")
    assert "https://portal.example/staff/reports/wp2013-18/2013-2/\n" in text
    assert text.count("https://portal.example/staff/") == text.count("/staff/")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("07-11", "还有 1 个工作日"),
        ("07-12", "今天截止"),
        ("07-13", "已过截止日"),
        ("07-16", "已过 2 个工作日"),
    ],
)
def test_the_mail_says_how_much_time_is_left_on_the_day_it_is_sent(office, day, words):
    remind("07-11")
    assert f"2013年7月12日报送截止，{words}" in deliver(day).text_to("reporter")


def test_a_report_handed_in_meanwhile_is_not_asked_for(office):
    remind("07-09")
    office.submit()
    assert deliver("07-09").mails == []
    assert states() == {"settled": 4}
    assert remind("07-09") == 0


def test_a_person_who_left_meanwhile_is_not_written_to(office):
    remind("07-09")
    Membership.objects.filter(user=office.people.reporter).update(ended_at=NOW)
    assert {name for name, _, _ in deliver("07-09").mails} == {"colleague"}


def test_a_second_run_on_one_day_sends_no_second_mail_until_tomorrow(office):
    remind("07-09")
    assert len(deliver("07-09").mails) == 2
    more_tasks(office.white_paper, office.units["anjianju"], 1)
    remind("07-09")
    assert deliver("07-09").mails == []
    assert "第101项" in deliver("07-10").text_to("reporter")


def test_a_second_mail_on_one_day_is_sent_if_asked_for_at_once(office):
    remind("07-09")
    deliver("07-09")
    more_tasks(office.white_paper, office.units["anjianju"], 1)
    remind("07-09")
    assert "第101项" in deliver("07-09", at_once=True).text_to("reporter")


def test_a_channel_that_is_down_ends_the_run_and_loses_no_notice(office):
    remind("07-09")
    result = send(channel=Kept(fails=OSError("没有应答")), clock=lambda: morning("07-09"))
    assert (result.mails, result.broken) == (0, "没有应答")
    assert sorted(Notice.objects.values_list("attempts", flat=True)) == [0, 0, 1, 1]
    assert set(Notice.objects.filter(attempts=1).values_list("last_error", "claimed_at")) == {
        ("没有应答", None)
    }
    assert len(deliver("07-09").mails) == 2
    assert states() == {"sent": 4}


def test_a_person_who_cannot_be_reached_does_not_keep_the_others_from_their_mail(office):
    class OneWithout(Kept):
        def send(self, user, subject, text):
            if user.username == "reporter":
                raise Undelivered("没有登记邮箱")
            super().send(user, subject, text)

    remind("07-09")
    channel = OneWithout()
    result = send(channel=channel, clock=lambda: morning("07-09"))
    assert (result.mails, result.unreached, result.broken) == (1, 1, "")
    assert set(Notice.objects.waiting().values_list("recipient__username", "last_error")) == {
        ("reporter", "没有登记邮箱")
    }


def test_two_missed_reminders_of_one_report_make_one_line_of_the_mail(office):
    remind("07-09")
    remind("07-11")
    text = deliver("07-11").text_to("reporter")
    assert text.count("wp2013-18 ") == 1
    assert states() == {"sent": 6}


def test_who_is_being_written_to_by_another_run_is_left_alone_for_an_hour(office):
    remind("07-09")
    at = morning("07-09")
    begun = Notice.objects.filter(recipient=office.people.reporter, event="report_due")
    begun.update(claimed_at=at - timedelta(minutes=59))
    assert {name for name, _, _ in deliver("07-09").mails} == {"colleague"}
    begun.update(claimed_at=at - timedelta(minutes=60))
    assert {name for name, _, _ in deliver("07-09").mails} == {"reporter"}


def test_a_run_of_many_hours_keeps_hold_of_the_one_it_is_writing_to(office):
    """However long ago it began, and whoever starts another meanwhile."""
    remind("07-09")
    hours, second = iter(range(8, 20)), Kept()

    class Overtaken(Kept):
        def send(self, *mail):
            send(channel=second, clock=lambda: moment("2013-07-09T09:30:00"))
            super().send(*mail)

    first = Overtaken()
    send(channel=first, clock=lambda: moment(f"2013-07-09T{next(hours):02}:00:00"))
    assert [[name for name, _, _ in way.mails] for way in (first, second)] == [
        ["reporter"],
        ["colleague"],
    ]


def test_a_person_who_gets_the_post_back_is_notified_after_all(office):
    post = Membership.objects.filter(user=office.people.reporter)
    remind("07-09")
    post.update(ended_at=NOW)
    assert {name for name, _, _ in deliver("07-09").mails} == {"colleague"}
    post.update(ended_at=None)
    assert remind("07-10") == 2
    assert {name for name, _, _ in deliver("07-10").mails} == {"reporter"}
    assert remind("07-10") == 0


def test_without_a_channel_every_notice_waits(office):
    remind("07-09")
    assert send(channel=None, clock=lambda: morning("07-09")).mails == 0
    assert states() == {"waiting": 4}


def test_a_person_notified_in_place_of_others_reads_why(office):
    Membership.objects.filter(role="reporter").update(ended_at=NOW)
    remind("07-09")
    assert "wp2013-18 全面落实安全生产责任制：安监局（该单位没有填报员）" in deliver(
        "07-09"
    ).text_to("colleague")


@pytest.mark.parametrize(
    ("state", "words"), [("open", "请尽快报送"), ("closed", "填报已截止，需要补报请联系督查室")]
)
def test_a_warning_says_what_the_public_will_read_and_what_helps(office, state, words):
    office.period.state = state
    office.period.save()
    remind("07-25")
    text = deliver("07-25").text_to("colleague")
    assert "【即将公布】2013年度公共服务白皮书 2013年第二季度，计划2013年7月29日公布" in text
    assert f"现在公布会写明“未报送”，{words}" in text


def test_a_demonstration_says_so_in_subject_and_text(office):
    office.period.demonstration = True
    office.period.save()
    remind("07-09")
    _, subject, text = deliver("07-09").mails[0]
    assert "（演示）" in subject
    assert "2013年第二季度（演示）" in text


def test_sending_notices_is_not_recorded_in_the_ledger(office):
    remind("07-09")
    deliver("07-09")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("day", ["2013-07-18", "2013-07-22"])
def test_a_notice_whose_day_was_put_off_is_not_sent(office, day):
    """To five working days from now, of which it is time to tell but was not told, and to seven."""
    remind("07-11")
    type(office.period).objects.update(due_on=day)
    texts = deliver("07-11").text_to("reporter")
    assert "请报送进展" not in texts
    assert "填报期已开放" in texts


def test_filling_the_outbox_skips_existing_notices_and_no_other_conflict(office, monkeypatch):
    """A notice that breaks any other rule is a fault of ours and must be seen."""
    assert (remind("07-09"), remind("07-09"), Notice.objects.count()) == (4, 0, 4)
    person = office.people.reporter.pk
    monkeypatch.setattr(
        ReminderSchedule, "due_notices", lambda standing: [("nonsense", 0, "wp2013:2013-2", person)]
    )
    with pytest.raises(IntegrityError):
        remind("07-10")
