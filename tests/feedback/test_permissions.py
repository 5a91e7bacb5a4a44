"""Person by verb: the table of who may, as far as it is about what people ask."""

import pytest
from django.contrib.auth.models import AnonymousUser

from feedback import actions
from feedback.choices import TicketKind
from feedback.models import Ticket
from feedback.permissions import (
    can_ask_more,
    can_check,
    can_dispute,
    can_follow_up,
    can_note_down,
    can_register,
    can_reply,
    can_review,
    can_screen,
    can_see_contact,
    can_tell,
    is_chasing,
    is_first_to_screen,
    is_telling,
    is_watching,
)
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
EVERYBODY = [
    "visitor",
    "reporter",
    "colleague",
    "stranger",
    "supervisor",
    "other_supervisor",
    "publisher",
    "clerk",
    "leader",
    "auditor",
    "administrator",
]
LEAD_REPORTERS = {"reporter", "colleague"}
SUPERVISORS = {"supervisor", "other_supervisor"}
TABLE = {
    "register": (None, lambda user, _: can_register(user), {"clerk"}),
    "screen, merge, assign anew, decide on time, publish an enquiry": (
        "enquiry",
        can_screen,
        {"clerk"},
    ),
    "screen, merge, assign anew, decide on time, publish a suggestion": (
        "suggestion",
        can_screen,
        {"clerk"},
    ),
    "screen, merge, assign anew, decide on time, publish a complaint": (
        "complaint",
        can_screen,
        SUPERVISORS | {"clerk"},
    ),
    "say whether a published line is true": ("enquiry", can_review, SUPERVISORS),
    "find an enquiry on the desk": ("enquiry", is_first_to_screen, {"clerk"}),
    "find a complaint on the desk": ("complaint", is_first_to_screen, SUPERVISORS),
    "enter what was said by telephone": ("enquiry", can_note_down, {"clerk"}),
    "see to it that a complaint gets done": ("complaint", is_watching, SUPERVISORS),
    "take, reply, hand back, ask for time": ("enquiry", can_reply, LEAD_REPORTERS),
    "ask the citizen, wait no longer": ("enquiry", can_ask_more, LEAD_REPORTERS),
    "check a reply": ("enquiry", can_check, {"colleague", "clerk"}),
    "check a reply to a complaint": ("complaint", can_check, SUPERVISORS | {"colleague", "clerk"}),
    "see the contact": ("enquiry", can_see_contact, LEAD_REPORTERS | {"clerk"}),
    "see the contact of a complaint": ("complaint", can_see_contact, LEAD_REPORTERS | {"clerk"}),
    "call who wanted a call": ("untold", can_tell, LEAD_REPORTERS | {"clerk"}),
    "owe the call": ("untold", is_telling, {"clerk"}),
    "go back to who was not satisfied": ("displeased", can_follow_up, {"clerk"}),
}


def person(people, name):
    return AnonymousUser() if name == "visitor" else getattr(people, name)


def made(kind: str, *desk) -> Ticket:
    if kind not in TicketKind:
        ticket = letters.answered(*desk, reply_by="telephone")
        if kind == "displeased":
            actions.rate(ticket=ticket, grade="bad", at=NOW)
        return Ticket.objects.with_owner().get()
    return letters.handling(*desk, kind=kind)


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("verb", TABLE)
def test_who_may_take_each_step_of_a_letter(verb, name, people, units):
    kind, may, allowed = TABLE[verb]
    ticket = kind and made(kind, people.clerk, units["anjianju"], people.reporter)
    assert may(person(people, name), ticket) == (name in allowed)


ESCALATED = {
    "screen, merge, assign anew, decide on time": (can_screen, SUPERVISORS | {"clerk"}),
    "find it on the desk": (is_first_to_screen, SUPERVISORS | {"clerk"}),
    "chase it": (is_chasing, SUPERVISORS),
}


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("verb", ESCALATED)
def test_an_escalated_letter_is_open_to_the_supervisors(verb, name, people, units):
    may, allowed = ESCALATED[verb]
    Ticket.objects.filter(pk=letters.received().pk).update(escalated_at=NOW)
    assert may(person(people, name), Ticket.objects.get()) == (name in allowed)


@pytest.mark.parametrize("name", EVERYBODY)
def test_before_a_unit_leads_only_the_desk_asks_the_citizen(name, people, units):
    assert can_ask_more(person(people, name), letters.received()) == (name == "clerk")


def test_the_unit_complained_of_never_asks_its_complainant(people, units):
    unit = units["anjianju"]
    complaint = {"kind": "complaint", "about": unit}
    ticket = letters.handling(people.supervisor, unit, people.reporter, **complaint)
    assert can_reply(people.reporter, ticket)
    assert not can_ask_more(people.reporter, ticket)


@pytest.mark.parametrize(
    ("may", "name", "unit"),
    [
        (can_screen, "clerk", "qufuban"),
        (can_screen, "other_supervisor", "jianchaju"),
        (can_check, "clerk", "qufuban"),
        (can_review, "other_supervisor", "jianchaju"),
        (can_see_contact, "clerk", "qufuban"),
        (can_note_down, "clerk", "qufuban"),
        (is_watching, "other_supervisor", "jianchaju"),
        (is_first_to_screen, "other_supervisor", "jianchaju"),
    ],
)
def test_nobody_of_the_unit_complained_of_may_take_a_step_of_the_complaint(
    may, name, unit, people, units
):
    who = getattr(people, name)
    assert may(who, letters.accepted(people.supervisor, token="a", kind="complaint"))
    assert not may(
        who, letters.accepted(people.supervisor, token="b", kind="complaint", about=units[unit])
    )


@pytest.mark.parametrize("stage", ["received", "accepted", "assigned", "answered"])
def test_a_unit_sees_the_contact_only_while_it_handles_the_ticket(stage, people, units):
    desk = [people.clerk, units["anjianju"], people.reporter]
    needed = {"received": 0, "accepted": 1, "assigned": 2, "answered": 3}[stage]
    getattr(letters, stage)(*([stage] if not needed else desk[:needed]))
    assert not can_see_contact(people.reporter, Ticket.objects.with_owner().get())


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_desk_opens_a_review_where_anything_was_published(name, people, office):
    office.verify(office.submit())
    ticket = letters.accepted(people.clerk, kind="complaint", task=office.white_paper.task)
    assert not can_dispute(person(people, name), ticket)
    office.publish()
    assert can_dispute(person(people, name), ticket) == (name in SUPERVISORS | {"clerk"})
