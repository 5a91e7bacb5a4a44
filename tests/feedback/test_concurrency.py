"""What only a server with several writers can show."""

from datetime import timedelta

import pytest

from common.errors import Refused
from feedback import actions
from feedback.models import Reply, Ticket
from ledger.verification import verify
from tests.fixtures import letters
from tests.fixtures.concurrency import map_at_once
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_twelve_letters_at_once_get_twelve_numbers_without_a_gap(units):
    numbers = map_at_once(
        lambda token: letters.received(token).number, [f"t{n}" for n in range(12)]
    )
    assert sorted(numbers) == [f"YT-2013-{n:06d}" for n in range(1, 13)]
    assert verify().sound


def test_one_form_sent_six_times_at_once_is_one_ticket(units):
    tickets = map_at_once(letters.received, ["same"] * 6)
    assert len({ticket.number for ticket in tickets}) == Ticket.objects.count() == 1


def test_of_two_clerks_assigning_at_once_one_is_told_that_it_was_done(people, units):
    ticket = letters.accepted(people.clerk)

    def assign(unit):
        try:
            actions.assign(ticket=ticket, lead=units[unit], by=people.clerk, at=NOW)
        except Refused:
            return None
        return units[unit]

    outcomes = map_at_once(assign, ["anjianju", "jiaoyuju"] * 3)
    [lead] = filter(None, outcomes)
    ticket.refresh_from_db()
    assert (ticket.lead_department, ticket.events.filter(verb="assign").count()) == (lead, 1)
    assert verify().sound


def test_a_letter_merged_while_its_head_is_answered_gets_the_answer_either_way(people, units):
    head = letters.handling(people.clerk, units["anjianju"], people.reporter, token="head")
    followers = [letters.received(f"f{n}") for n in range(4)]
    attempts = [lambda: actions.reply(ticket=head, text="好。", by=people.reporter, at=NOW)]
    attempts += [
        lambda row=row: actions.merge(ticket=row, into=head.number, by=people.clerk, at=NOW)
        for row in followers
    ]
    map_at_once(lambda action: action(), attempts)
    assert set(Ticket.objects.values_list("status", flat=True)) == {"answered"}
    assert Reply.objects.count() == 5
    assert verify().sound


def test_two_letters_merged_across_each_other_do_not_both_vanish(people, units):
    one, other = (
        letters.accepted(people.clerk, token="one"),
        letters.accepted(people.clerk, token="other"),
    )

    def merge(pair):
        try:
            actions.merge(ticket=pair[0], into=pair[1].number, by=people.clerk, at=NOW)
        except Refused:
            return "refused"
        return "done"

    assert sorted(map_at_once(merge, [(one, other), (other, one)])) == ["done", "refused"]
    assert sorted(Ticket.objects.values_list("status", flat=True)) == ["accepted", "merged"]


def test_rated_while_the_calendar_closes_it_the_ticket_is_closed_once(people, units):
    ticket = letters.answered(people.clerk, units["anjianju"], people.reporter)
    late = NOW + timedelta(days=30)

    def end(action):
        try:
            return action()
        except Refused:
            return None

    map_at_once(
        end,
        [
            lambda: actions.rate(ticket=ticket, grade="good", at=late),
            lambda: actions.close_answered(by=actions.CITIZEN, at=late),
        ],
    )
    assert ticket.events.filter(verb__in=["rate", "close"]).count() == 1


def test_of_two_decisions_at_once_one_stands(people):
    ticket = letters.received()

    def decide(action):
        try:
            action(ticket)
        except Refused:
            return "refused"
        return "done"

    outcomes = map_at_once(
        decide,
        [
            lambda t: actions.accept(ticket=t, handling_text="办", by=people.clerk, at=NOW),
            lambda t: actions.decline(ticket=t, reason="不", by=people.clerk, at=NOW),
        ],
    )
    assert sorted(outcomes) == ["done", "refused"]
    assert ticket.events.count() == 2
