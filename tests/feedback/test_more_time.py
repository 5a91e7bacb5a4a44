"""延期: asked before the day is over, decided by somebody else,
told to the citizen with both days.
"""

from datetime import date, timedelta

import pytest

from common.errors import Refused
from departments.models import Membership, Role
from feedback import actions
from feedback.models import Ticket
from feedback.read_models import timeline
from feedback.read_models.inbox import work_items_for
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
# Due on Friday 5 July; seven working days end on Thursday 11 July.
DUE, UNTIL, CEILING = date(2013, 7, 5), date(2013, 7, 10), date(2013, 7, 11)


@pytest.fixture
def ticket(people, units, calendar_2013):
    return letters.handling(people.clerk, units["anjianju"], people.reporter)


def ask(ticket, people, until=UNTIL, days=1):
    at = NOW + timedelta(days=days)
    return actions.ask_extension(
        ticket=ticket, until=until, reason="要现场勘查", by=people.reporter, at=at
    )


def grant(ticket, by, until=UNTIL, days=1):
    return actions.extend(
        ticket=ticket, until=until, note="要现场勘查", by=by, at=NOW + timedelta(days=days)
    )


def test_asking_for_more_time_for_a_letter_moves_no_day_and_waits_for_the_clerk(ticket, people):
    ticket = ask(ticket, people)
    assert (ticket.due_on, ticket.extension_asked_until) == (DUE, UNTIL)
    assert [duty.missing for duty in work_items_for(people.clerk, NOW.date())] == [
        "还差：是否同意延期"
    ]
    with pytest.raises(Refused, match="正在等答复"):
        ask(ticket, people)


def test_a_granted_extension_of_a_letter_names_both_days(ticket, people):
    ticket = grant(ask(ticket, people), people.clerk)
    assert (ticket.due_on, ticket.extension_asked_until) == (UNTIL, None)
    assert (
        ticket.events.last().public_note
        == "答复期限由2013年7月5日延到2013年7月10日。原因：要现场勘查"
    )
    why = timeline.why(ticket, list(ticket.events.all()))
    assert why.legs[0].counting.end == DUE
    assert why.legs[1].words == "2013年7月3日同意延期，由2013年7月5日延到2013年7月10日"


def test_a_refused_extension_of_a_letter_keeps_the_day_and_may_be_asked_again(ticket, people):
    ticket = actions.refuse_extension(
        ticket=ask(ticket, people), reason="请按期", by=people.clerk, at=NOW
    )
    assert (ticket.due_on, ticket.extension_asked_until) == (DUE, None)
    assert not ticket.events.filter(public_note__contains="请按期").exists()
    assert ask(ticket, people).extension_asked_until == UNTIL


@pytest.mark.parametrize(
    ("days", "until", "words"),
    [(4, UNTIL, "已过"), (1, DUE, "须晚于"), (1, date(2013, 7, 12), "最晚")],
)
def test_an_extension_of_a_letter_is_neither_late_nor_beyond_the_ceiling(
    days, until, words, ticket, people
):
    with pytest.raises(Refused, match=words):
        ask(ticket, people, until, days)
    ask(ticket, people, CEILING)
    with pytest.raises(Refused, match=words):
        grant(ticket, people.clerk, until, days)
    assert Ticket.objects.get().due_on == DUE


def test_an_extension_of_a_letter_can_be_had_on_its_last_day(ticket, people):
    assert grant(ask(ticket, people, days=3), people.clerk, days=3).due_on == UNTIL


def test_whoever_asked_for_an_extension_of_a_letter_does_not_decide_on_it(ticket, people, units):
    Membership.objects.create(user=people.reporter, department=units["qufuban"], role=Role.CLERK)
    ask(ticket, people)
    with pytest.raises(Refused, match="由您申请"):
        grant(ticket, people.reporter)


def test_an_extension_of_a_letter_nobody_asked_for_is_not_granted(ticket, people):
    with pytest.raises(Refused, match="没有等答复的延期申请"):
        grant(ticket, people.clerk)


@pytest.mark.parametrize("end", ["reply", "hand_back", "withdraw"])
def test_a_step_that_ends_the_work_of_the_unit_drops_its_extension_request(end, ticket, people):
    ask(ticket, people)
    unit = {"by": people.reporter}
    words = {
        "reply": {"text": "好。"} | unit,
        "hand_back": {"reason": "不归。"} | unit,
        "withdraw": {},
    }[end]
    getattr(actions, end)(ticket=ticket, at=NOW, **words)
    assert Ticket.objects.get().extension_asked_until is None


def test_the_unit_complained_of_may_ask_and_its_own_clerk_does_not_decide(
    people, units, calendar_2013
):
    unit, complaint = units["qufuban"], {"kind": "complaint", "about": units["qufuban"]}
    Membership.objects.create(user=people.publisher, department=unit, role=Role.REPORTER)
    ticket = letters.handling(people.supervisor, unit, people.publisher, **complaint)
    until = date(2013, 7, 18)
    ticket = actions.ask_extension(
        ticket=ticket, until=until, reason="查档", by=people.publisher, at=NOW
    )
    with pytest.raises(Refused, match="涉及您所在的单位"):
        grant(ticket, people.clerk, until)
    assert grant(ticket, people.supervisor, until).due_on == until
