"""Person by verb: the table of who may, as far as it is about what people ask."""

import pytest
from django.contrib.auth.models import AnonymousUser

from feedback.permissions import can_register, can_reply, can_screen, can_see_contact, is_first_to_screen
from tests.feedback import letters

pytestmark = [pytest.mark.django_db, pytest.mark.once]
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
TABLE = {
    "register": (None, lambda user, _: can_register(user), {"clerk"}),
    "screen, assign, publish an enquiry": ("enquiry", can_screen, {"clerk"}),
    "screen, assign, publish a suggestion": ("suggestion", can_screen, {"clerk"}),
    "screen, assign, publish a complaint": ("complaint", can_screen, {"clerk", "supervisor", "other_supervisor"}),
    "find an enquiry on the desk": ("enquiry", is_first_to_screen, {"clerk"}),
    "find a complaint on the desk": ("complaint", is_first_to_screen, {"supervisor", "other_supervisor"}),
    "take, reply, hand back": ("enquiry", can_reply, LEAD_REPORTERS),
    "see the contact": ("enquiry", can_see_contact, LEAD_REPORTERS | {"clerk"}),
    "see the contact of a complaint": ("complaint", can_see_contact, LEAD_REPORTERS | {"clerk"}),
}


def person(people, name):
    return AnonymousUser() if name == "visitor" else getattr(people, name)


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("verb", TABLE)
def test_who_may(verb, name, people, units):
    kind, may, allowed = TABLE[verb]
    ticket = kind and letters.handling(people.clerk, units["anjianju"], people.reporter, kind=kind)
    assert may(person(people, name), ticket) == (name in allowed)


@pytest.mark.parametrize(
    ("may", "name", "unit"),
    [
        (can_screen, "clerk", "qufuban"),
        (can_screen, "other_supervisor", "jianchaju"),
        (can_see_contact, "clerk", "qufuban"),
        (is_first_to_screen, "other_supervisor", "jianchaju"),
    ],
)
def test_nobody_of_the_unit_meant_may(may, name, unit, people, units):
    who = getattr(people, name)
    assert may(who, letters.accepted(people.supervisor, token="a", kind="complaint"))
    assert not may(who, letters.accepted(people.supervisor, token="b", kind="complaint", about=units[unit]))


@pytest.mark.parametrize("stage", ["received", "accepted", "assigned", "answered"])
def test_a_unit_sees_the_contact_only_while_it_handles_the_ticket(stage, people, units):
    desk = [people.clerk, units["anjianju"], people.reporter]
    needed = {"received": 0, "accepted": 1, "assigned": 2, "answered": 3}[stage]
    assert not can_see_contact(people.reporter, getattr(letters, stage)(*([stage] if not needed else desk[:needed])))
