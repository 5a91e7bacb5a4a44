"""An action on a letter that others were merged into breaks in the middle:
nobody is half answered.
"""

from datetime import timedelta

import pytest

from feedback import actions
from feedback.models import Ticket
from tests.fixtures import letters
from tests.fixtures.faults import fails_as_a_whole
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.both, pytest.mark.django_db]
SOON = NOW + timedelta(hours=1)


def head_with_two(people, units) -> Ticket:
    head = letters.handling(people.clerk, units["anjianju"], people.reporter, token="head")
    for token in ("a", "b"):
        actions.merge(ticket=letters.received(token), into=head.number, by=people.clerk, at=NOW)
    return head


HALVES = {
    "reply": lambda head, people: actions.reply(
        ticket=head, text="好。", by=people.reporter, at=SOON
    ),
    "withdraw": lambda head, people: actions.withdraw(ticket=head, at=SOON),
    "escalate": lambda head, people: actions.escalate_waiting(
        by=actions.CITIZEN, at=NOW + timedelta(days=9)
    ),
    "ask_more": lambda head, people: actions.ask_more(
        ticket=head, question="？", by=people.reporter, at=SOON
    ),
}


@pytest.mark.parametrize("verb", HALVES)
def test_what_breaks_in_the_middle_leaves_nobody_half_answered(verb, people, units, calendar_2013):
    head = head_with_two(people, units)
    assert fails_as_a_whole(lambda: HALVES[verb](head, people)) >= 3
