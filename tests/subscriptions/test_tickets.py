"""Who is told about letters: the unit that has one, its heads, the desk; none goes to nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Membership, Role
from feedback import actions
from feedback.choices import RUNNING
from feedback.models import Ticket
from subscriptions.models import Notice
from subscriptions.reminders.schedule import build_reminders
from tests.fixtures import letters
from tests.fixtures.outbox import deliver, remind, told
from tests.fixtures.people import NOW

pytestmark = pytest.mark.usefixtures("calendar_2013")
EVENTS = ["ticket_assigned", "ticket_returned", "ticket_due", "ticket_escalated"]
UNIT = {"reporter", "colleague"}
SUPERVISORS = {"supervisor", "other_supervisor"}


@pytest.fixture
def desk(people, units):
    """Received on Tuesday 2 July; an enquiry is due on Friday 5 July."""
    return people.clerk, units["anjianju"], people.reporter


@pytest.fixture
def checked(settings):
    settings.SITE = settings.SITE | {"tickets": settings.SITE["tickets"] | {"reply_check": True}}


@pytest.fixture
def stages(desk, request):
    """One letter at every stage, from before and after the site had its replies checked."""
    letters.at_every_stage(*desk)
    request.getfixturevalue("checked")
    letters.in_check(*desk, token="check")


def names(event: str, **where) -> set[str]:
    return {name for name, _ in told(event, **where)}


def leave(**where) -> None:
    Membership.objects.filter(**where).update(ended_at=NOW)


def test_the_unit_hears_once_of_a_letter_assigned_to_it_and_where(desk):
    letters.assigned(*desk[:2])
    assert [remind("07-02") > 0, remind("07-02")] == [True, 0]
    assert told("ticket_assigned") == {(name, 0) for name in UNIT}
    mail = deliver("07-02").text_to("reporter")
    assert "【诉求转来】2013年7月5日前答复，还有 3 个工作日" in mail
    assert "- 咨询 YT-2013-000001：安监局主办" in mail
    assert "/staff/feedback/YT-2013-000001/" in mail


@pytest.mark.parametrize("days", [0, 1, 8, 40])
def test_no_word_of_any_letter_leaves_the_house(days, desk, stages, people):
    actions.return_reply(
        ticket=letters.in_check(*desk, token="c"), reason="不全", by=people.clerk, at=NOW
    )
    late = NOW + timedelta(days=days)
    actions.escalate_waiting(by=actions.CITIZEN, at=late)
    remind(f"{late:%m-%d}")
    mails = deliver(f"{late:%m-%d}").mails
    words = [
        letters.WORDS,
        letters.HANDLING,
        letters.PHONE,
        "哪条路",
        "电话已修好",
        "不全",
        "林一",
        "海景路",
    ]
    assert mails
    assert [word for _, *mail in mails for word in words if word in "".join(mail)] == []


@pytest.mark.parametrize(
    ("day", "offset"), [("07-03", None), ("07-04", -1), ("07-05", -1), ("07-08", 1), ("07-30", 1)]
)
def test_the_unit_is_reminded_of_a_letter_a_working_day_before_and_after_its_due_day(
    day, offset, desk
):
    letters.handling(*desk)
    remind(day)
    assert told("ticket_due") == ({(name, offset) for name in UNIT} if offset else set())


def test_a_letter_is_reminded_of_once_for_each_due_day_and_again_after_an_extension(desk, people):
    ticket = letters.handling(*desk)
    remind("07-04")
    assert remind("07-05") == 0
    until = NOW.date() + timedelta(days=8)
    actions.ask_extension(ticket=ticket, until=until, reason="勘查", by=people.reporter, at=NOW)
    actions.extend(ticket=ticket, until=until, note="勘查", by=people.clerk, at=NOW)
    remind("07-09")
    subjects = Notice.objects.filter(event="ticket_due", recipient=people.reporter).values_list(
        "subject", flat=True
    )
    assert set(subjects) == {"ticket:YT-2013-000001@20130705", "ticket:YT-2013-000001@20130710"}


def test_the_signers_of_the_unit_hear_of_a_letter_once_it_is_late(desk, people):
    leave(user=people.colleague, role=Role.REPORTER)
    letters.handling(*desk)
    remind("07-04")
    assert names("ticket_due") == {"reporter"}
    remind("07-08")
    assert names("ticket_due", offset=1) == UNIT


def test_a_reply_the_checker_returned_is_announced_each_time(desk, checked, people):
    for _ in range(2):
        ticket = Ticket.objects.first() or letters.in_check(*desk)
        if ticket.status != "checking":
            actions.reply(ticket=ticket, text="再答", by=people.reporter, at=NOW)
        actions.return_reply(ticket=ticket, reason="不全", by=people.clerk, at=NOW)
        remind("07-02")
    assert names("ticket_returned") == UNIT
    assert Notice.objects.filter(event="ticket_returned", recipient=people.reporter).count() == 2


def test_a_reply_in_check_waits_for_a_head_who_did_not_write_it_else_for_the_desk(
    desk, checked, people
):
    ticket = letters.in_check(*desk)
    remind("07-04")
    assert names("ticket_due") == {"colleague"}
    ticket.replies.update(by=people.colleague)
    Notice.objects.all().delete()
    remind("07-04")
    assert names("ticket_due") == {"clerk"}


def test_an_escalated_letter_is_announced_to_the_supervisors_once(desk):
    letters.handling(*desk)
    actions.escalate_waiting(by=actions.CITIZEN, at=NOW + timedelta(days=6))
    remind("07-08")
    remind("07-20")
    assert told("ticket_escalated") == {(name, 0) for name in SUPERVISORS}


def test_a_supervisor_of_the_unit_complained_of_never_hears_of_the_complaint(desk, people, units):
    letters.assigned(*desk[:2], kind="complaint", about=units["duchashi"])
    actions.escalate_waiting(by=actions.CITIZEN, at=NOW + timedelta(days=20))
    remind("07-22")
    assert names("ticket_escalated") == {"other_supervisor"}
    leave(user=people.other_supervisor)
    Notice.objects.all().delete()
    remind("07-22")
    assert names("ticket_escalated") == {"clerk"}


CHAIN = [
    ({}, UNIT),
    ({"role": "reporter"}, {"colleague"}),
    ({"department__slug": "anjianju"}, {"clerk"}),
]
CHAIN += [({"department__slug__in": ["anjianju", "qufuban"]}, SUPERVISORS)]


@pytest.mark.parametrize(("gone", "successor_lookup"), CHAIN)
def test_a_letter_is_announced_to_reporters_else_signers_else_clerks_else_supervisors(
    gone, successor_lookup, desk
):
    letters.assigned(*desk[:2])
    if gone:
        leave(**gone)
    remind("07-02")
    assert names("ticket_assigned") == successor_lookup


@pytest.mark.parametrize(
    "gone", [[], ["reporter"], ["reporter", "signer"], ["reporter", "signer", "clerk"]]
)
@pytest.mark.parametrize("gone_too", [[], ["supervisor"]])
@pytest.mark.parametrize("kind", ["enquiry", "complaint"])
def test_no_letter_is_without_a_recipient_whoever_left(kind, gone_too, gone, desk, stages):
    letters.handling(*desk, token="mine", kind=kind, about=desk[1])
    Ticket.objects.filter(status__in=RUNNING).update(escalated_at=NOW)
    leave(role__in=gone + gone_too)
    matters = [one for one in build_reminders(NOW.date()).reminders if one.event in EVENTS]
    assert {one.event for one in matters} >= {"ticket_assigned", "ticket_due", "ticket_escalated"}
    assert [(one.event, one.subject) for one in matters if not one.notified] == []


def test_a_reassigned_letter_is_announced_to_the_new_unit_and_not_the_old_one(desk, people, units):
    ticket = letters.assigned(*desk[:2])
    remind("07-02")
    actions.reassign(
        ticket=ticket,
        lead=units["jiaoyuju"],
        reason="不归",
        by=people.clerk,
        at=NOW + timedelta(hours=1),
    )
    remind("07-02")
    assert names("ticket_assigned") == UNIT | {"stranger"}
    mails = deliver("07-02")
    assert "YT-2013" in mails.text_to("stranger")
    assert mails.text_to("reporter") == ""


def test_no_mail_names_a_letter_answered_before_it_was_sent(desk, people):
    ticket = letters.handling(*desk)
    remind("07-04")
    actions.reply(ticket=ticket, text="好。", by=people.reporter, at=NOW)
    assert deliver("07-04").mails == []


def test_reminders_for_many_letters_cost_no_more_queries(desk):
    def asked(count):
        for n in range(Ticket.objects.count(), count):
            letters.assigned(*desk[:2], token=str(n))
        with CaptureQueriesContext(connection) as captured:
            build_reminders(NOW.date())
        return len(captured)

    assert asked(3) == asked(9)


def test_the_mail_about_a_letter_of_the_demonstration_says_so(desk):
    letters.assigned(*desk[:2], demonstration=True)
    remind("07-02")
    assert "【诉求转来】（演示）2013年7月5日前答复" in deliver("07-02").text_to("reporter")
