"""Every action tried on a letter in every status: done where the table says, else all stays.

The table is written by hand here and not read from the code, so that a row widened in the code
turns a test red.
"""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from feedback import actions
from feedback.choices import TicketStatus
from feedback.models import Ticket
from feedback.pages import ticket_actions
from feedback.transitions import TRANSITIONS
from feedback.views import tracking
from tests.fixtures import letters
from tests.fixtures.faults import tried
from tests.fixtures.people import NOW, make_calendar

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)
ACTION = {verb: row.action for verb, row in (ticket_actions.ACTIONS | tracking.ACTIONS).items()}
UNTIL = NOW.date() + timedelta(days=6)
# A site where a second person looks at each reply.
CHECKED = settings.SITE | {"tickets": settings.SITE["tickets"] | {"reply_check": True}}

# Verb -> what is said with it, by whom of the cast; the citizen needs no account.
DESK = {
    "accept": {"handling_text": "办"},
    "decline": {"reason": "不"},
    "redirect": {"channel": "12345", "day": NOW.date()},
    "spam": {},
    "merge": {"into": "YT-2013-000099"},
    "assign": {},
    "reassign": {"reason": "一直没有接收"},
    "extend": {"until": UNTIL, "note": "要现场勘查"},
    "refuse_extension": {"reason": "照原日"},
    "pass_reply": {},
    "return_reply": {"reason": "没有回答"},
    "publish": {"public_text": "问", "public_reply": "答"},
}
UNIT = {
    "take": {},
    "hand_back": {"reason": "不归"},
    "ask_extension": {"until": UNTIL, "reason": "要现场勘查"},
    "reply": {"text": "答"},
}
WHO_ASKED = {"ask_more": {"question": "哪里"}, "resume": {}}
CITIZEN = {
    "supplement": {"text": "在海景路"},
    "add": {"text": "在海景路"},
    "rate": {"grade": "good"},
    "reopen": {"reason": "还是打不通"},
    "withdraw": {},
    "withdraw_consent": {},
    "delete_contact": {},
}
BY_THE_CALENDAR = {"escalate", "close", "reschedule"}
WITH_ITS_HEAD = {"unmerge"}
# A letter comes in by a form of its own, and a reply is sent to be checked by `reply`.
WITHIN_OTHERS = {"receive", "send_to_check"}
# They need a published line or page besides; tests/feedback/test_reviews.py and test_register.py
# try them.
ON_WHAT_IS_PUBLIC = {"dispute", "decide_review", "take_down"}
# Only where somebody wanted a call, or was not satisfied: tests/feedback/test_telling.py and
# test_following_up.py.
AFTERWARDS = {"tell", "follow_up"}

AT_WORK = {"received", "accepted", "assigned", "handling", "checking"}
OPEN = AT_WORK | {"needs_more", "merged"}
REPLIED = {"answered", "closed"}
EVERY = OPEN | REPLIED | {"declined", "redirected", "spam", "withdrawn"}
# Verb -> the statuses in which the letter may be when it is done.
FROM = {
    "receive": set(),
    "accept": {"received"},
    "decline": {"received"},
    "redirect": {"received"},
    "spam": {"received"},
    "merge": {"received", "accepted"},
    "unmerge": {"merged"},
    "ask_more": {"received", "handling"},
    "resume": {"needs_more"},
    "supplement": {"needs_more"},
    "add": AT_WORK | {"merged"},
    "assign": {"accepted"},
    "reassign": {"assigned", "handling", "needs_more"},
    "take": {"assigned"},
    "hand_back": {"assigned", "handling"},
    "ask_extension": {"assigned", "handling"},
    "extend": {"assigned", "handling"},
    "refuse_extension": {"assigned", "handling"},
    "reply": {"handling"},
    "send_to_check": {"handling"},
    "pass_reply": {"checking"},
    "return_reply": {"checking"},
    "escalate": AT_WORK | {"needs_more"},
    "reschedule": OPEN,
    "tell": REPLIED | {"needs_more", "declined", "redirected"},
    "follow_up": {"closed"},
    "rate": {"answered"},
    "close": {"answered"},
    "reopen": REPLIED,
    "publish": REPLIED,
    "take_down": EVERY,
    "dispute": AT_WORK | REPLIED,
    "decide_review": EVERY,
    "withdraw": OPEN | REPLIED,
    "withdraw_consent": EVERY,
    "delete_contact": EVERY,
}
# Verb -> the status afterwards, on the letters below: no unit leads the one that waits for more, a
# reply is checked, and what was handled before is accepted when it is opened again. The others,
# and a withdrawal of what was answered, leave the status as it is.
AFTER = {
    "accept": "accepted",
    "decline": "declined",
    "redirect": "redirected",
    "spam": "spam",
    "merge": "merged",
    "ask_more": "needs_more",
    "resume": "received",
    "supplement": "received",
    "assign": "assigned",
    "reassign": "assigned",
    "take": "handling",
    "hand_back": "accepted",
    "reply": "checking",
    "pass_reply": "answered",
    "return_reply": "handling",
    "rate": "closed",
    "reopen": "accepted",
}


@pytest.fixture(scope="module")
def at_every_stage(standing) -> dict[str, Ticket]:
    """State -> a ticket; what is tried on them does not stay."""
    make_calendar()
    people, unit = standing.people, standing.units["anjianju"]
    desk = people.clerk, unit, people.reporter
    made = letters.at_every_stage(*desk)
    with override_settings(SITE=CHECKED):
        made["checking"] = letters.in_check(*desk, token="checking")
    for ticket in (made["assigned"], made["handling"]):
        actions.ask_extension(
            ticket=ticket, until=UNTIL, reason="勘查", by=people.colleague, at=NOW
        )
    Ticket.objects.filter(pk=letters.accepted(people.clerk, token="head").pk).update(
        number="YT-2013-000099"
    )
    return made


@pytest.fixture
def stages(at_every_stage, settings) -> dict[str, Ticket]:
    settings.SITE = CHECKED
    return deepcopy(at_every_stage)


def action(verb: str, ticket: Ticket, people, units):
    words = (DESK | UNIT | WHO_ASKED | CITIZEN)[verb]
    leads = {"assign": "anjianju", "reassign": "jiaoyuju"}
    words = words | ({"lead": units[leads[verb]]} if verb in leads else {})
    if verb not in CITIZEN:
        in_unit = verb in UNIT or (verb in WHO_ASKED and ticket.lead_department_id)
        words = words | {"by": people.reporter if in_unit else people.clerk}
    return ACTION[verb](ticket=ticket, at=SOON, **words)


def test_every_transition_is_in_the_table_and_starts_where_it_says():
    others = BY_THE_CALENDAR | WITH_ITS_HEAD | WITHIN_OTHERS | ON_WHAT_IS_PUBLIC | AFTERWARDS
    assert FROM.keys() == (DESK | UNIT | WHO_ASKED | CITIZEN).keys() | others
    assert {verb: set(row.from_statuses) for verb, row in TRANSITIONS.items()} == FROM
    assert set(TicketStatus) == EVERY


@pytest.mark.parametrize("status", TicketStatus.values)
def test_an_action_is_done_where_the_table_says_and_nowhere_else(status, stages, people, units):
    ticket = stages[status]
    after = {}
    for verb in DESK | UNIT | WHO_ASKED | CITIZEN:
        with transaction.atomic():
            if tried(lambda verb=verb: action(verb, ticket, people, units)):
                after[verb] = Ticket.objects.get(pk=ticket.pk).status
            transaction.set_rollback(True)
    assert after == {
        verb: status_after(verb, status)
        for verb in DESK | UNIT | WHO_ASKED | CITIZEN
        if may(verb, ticket)
    }


def status_after(verb: str, status: str) -> str:
    if verb == "withdraw" and status in OPEN:
        return "withdrawn"
    return AFTER.get(verb, status)


def may(verb: str, ticket: Ticket) -> bool:
    """The table; but time was asked for already, nobody leads yet,
    and whoever withdrew left no contact or consent.
    """
    gone = ticket.status == "withdrawn" and verb in {"withdraw_consent", "delete_contact"}
    gone = gone or (verb == "reassign" and ticket.lead_department_id is None)
    return ticket.status in FROM[verb] and verb != "ask_extension" and not gone


def test_what_the_page_offers_is_what_the_actions_do(stages, people, units):
    elsewhere = BY_THE_CALENDAR | WITH_ITS_HEAD | WITHIN_OTHERS | AFTERWARDS
    for status, ticket in stages.items():
        fresh = Ticket.objects.get(pk=ticket.pk)
        offered = {verb for verb in FROM if fresh.allows(verb)} - elsewhere
        done = {verb for verb in DESK | UNIT | WHO_ASKED | CITIZEN if may(verb, ticket)}
        assert offered - {"delete_contact"} == done - {"delete_contact"}, status
