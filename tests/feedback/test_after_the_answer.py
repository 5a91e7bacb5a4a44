"""An answer is rated, done once more, or closed by the calendar;
and what the person gave can be taken back.
"""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from common.errors import Refused
from feedback import actions
from feedback.choices import RatingGrade
from feedback.models import Contact, Rating, Ticket
from feedback.read_models import timeline
from ledger.models import Entry
from public.read_models.ledger import entry_line
from tests.fixtures import letters
from tests.fixtures.people import NOW, PORTAL

pytestmark = pytest.mark.django_db
# Answered on 3 July.
SOON, LAST, TOO_LATE = (
    NOW + timedelta(days=2),
    NOW + timedelta(days=16),
    NOW + timedelta(days=16, minutes=1),
)


@pytest.mark.parametrize("grade", RatingGrade.values)
def test_a_rating_closes_the_ticket_and_is_recorded_without_words(grade, desk):
    ticket = actions.rate(
        ticket=letters.answered(*desk), grade=grade, words="林一说：慢。", at=SOON
    )
    assert (ticket.status, ticket.replies.get().rating.words) == ("closed", "林一说：慢。")
    entry = Entry.objects.newest_first().first()
    assert entry_line(entry, internal=True).details == f"评价：{RatingGrade(grade).label}"


def test_an_answer_is_rated_once(desk):
    ticket = actions.rate(ticket=letters.answered(*desk), grade="good", at=SOON)
    with pytest.raises(Refused, match="已办结"):
        actions.rate(ticket=ticket, grade="bad", at=SOON)
    assert Rating.objects.get().grade == "good"


def test_an_answer_without_a_rating_is_closed_by_the_calendar_after_fifteen_days(desk):
    ticket = letters.answered(*desk)
    assert actions.close_answered(by=PORTAL, at=LAST) == 0
    assert actions.close_answered(by=PORTAL, at=TOO_LATE) == 1
    ticket.refresh_from_db()
    assert (ticket.status, ticket.events.last().get_verb_display()) == ("closed", "办结")
    assert actions.close_answered(by=PORTAL, at=TOO_LATE) == 0


@pytest.mark.parametrize("rated", [True, False])
def test_a_letter_opened_again_is_new_work_with_a_due_day_of_its_own(rated, desk):
    ticket = letters.answered(*desk)
    if rated:
        actions.rate(ticket=ticket, grade="bad", at=SOON)
    again = actions.reopen(ticket=ticket, reason="还是打不通。", at=SOON)
    assert (again.status, again.opening, again.lead_department) == ("accepted", 2, None)
    assert (again.due_on, again.due_days) == (date(2013, 7, 9), 3)
    assert again.answered_at is not None
    why = timeline.why(again, list(again.events.all()))
    assert why.legs[0].words.startswith("咨询 3 个工作日，自 2013年7月4日次日起算")


def test_the_second_answer_to_a_letter_counts_its_own_days_and_the_first_stays(desk):
    again = actions.reopen(ticket=letters.answered(*desk), reason="还是打不通。", at=SOON)
    again = actions.assign(ticket=again, lead=desk[1], by=desk[0], at=SOON)
    again = actions.start_handling(ticket=again, by=desk[2], at=SOON)
    actions.reply(ticket=again, text="换了新电话。", by=desk[2], at=SOON + timedelta(days=4))
    assert [row.days for row in again.replies.sent()] == [1, 2]
    ticket = actions.rate(ticket=again, grade="good", at=SOON + timedelta(days=5))
    assert [hasattr(row, "rating") for row in ticket.replies.all()] == [False, True]
    with pytest.raises(Refused, match="已经重办过一次"):
        actions.reopen(ticket=ticket, reason="再来。", at=SOON + timedelta(days=5))


def test_fifteen_days_after_the_answer_a_letter_is_not_opened_again(desk):
    ticket = letters.answered(*desk)
    with pytest.raises(Refused, match="答复已满 15 天"):
        actions.reopen(ticket=ticket, reason="还是打不通。", at=TOO_LATE)
    assert actions.reopen(ticket=ticket, reason="还是打不通。", at=LAST).opening == 2


def test_a_unit_loses_sight_of_a_reopened_letter_until_it_is_assigned_again(desk, people, units):
    complaint = {"kind": "complaint", "about": units["anjianju"]}
    ticket = letters.answered(people.supervisor, desk[1], desk[2], **complaint)
    assert Ticket.objects.visible_to(desk[2]).exists()
    actions.reopen(ticket=ticket, reason="我是林一，没有解决。", at=SOON)
    assert not Ticket.objects.visible_to(desk[2]).exists()


def test_a_supporting_unit_loses_sight_of_a_letter_that_was_opened_again(desk, people, units):
    ticket = actions.assign(
        ticket=letters.accepted(desk[0]),
        lead=desk[1],
        supporting=[units["jiaoyuju"]],
        by=desk[0],
        at=NOW,
    )
    actions.start_handling(ticket=ticket, by=desk[2], at=NOW)
    actions.reply(ticket=ticket, text="电话已修好。", by=desk[2], at=NOW)
    assert Ticket.objects.visible_to(people.stranger).exists()
    actions.reopen(ticket=ticket, reason="我是林一，没有解决。", at=SOON)
    assert not Ticket.objects.visible_to(people.stranger).exists()


def test_a_published_answer_stays_readable_while_the_letter_is_worked_on_again(desk, client):
    ticket = letters.published(*desk)
    actions.reopen(ticket=ticket, reason="还是打不通。", at=SOON)
    page = client.get(f"/feedback/{ticket.number}/").content.decode()
    assert "安监局的答复" in page
    assert "还是打不通" not in page


def test_withdrawing_the_consent_takes_the_page_down_and_leaves_the_work(desk, client):
    ticket = actions.withdraw_consent(ticket=letters.published(*desk), at=SOON)
    assert client.get(f"/feedback/{ticket.number}/").status_code == 410
    assert (ticket.status, Contact.objects.exists()) == ("answered", True)
    entry = Entry.objects.newest_first().first()
    assert (entry.verb, entry.visibility) == ("withdraw_consent_ticket", "public")
    with pytest.raises(Refused, match="不用撤回"):
        actions.withdraw_consent(ticket=ticket, at=SOON)


def test_a_consent_to_what_was_never_public_is_withdrawn_without_a_public_word(desk):
    actions.withdraw_consent(ticket=letters.handling(*desk), at=SOON)
    assert Ticket.objects.publishable().count() == 0
    assert not Entry.objects.public().filter(verb="withdraw_consent_ticket").exists()


def test_the_contact_is_deleted_at_once_and_the_work_goes_on(desk):
    ticket = actions.delete_contact(ticket=letters.handling(*desk, reply_by="telephone"), at=SOON)
    assert (ticket.status, ticket.reply_by, Contact.objects.exists()) == ("handling", "web", False)
    with pytest.raises(Refused, match="没有留联系方式"):
        actions.delete_contact(ticket=ticket, at=SOON)


def test_whoever_withdrew_neither_rates_nor_opens_again(desk):
    ticket = actions.withdraw(ticket=letters.answered(*desk), at=SOON)
    for action in (
        lambda: actions.rate(ticket=ticket, grade="bad", at=SOON),
        lambda: actions.reopen(ticket=ticket, reason="再来。", at=SOON),
    ):
        with pytest.raises(Refused, match="已经撤回"):
            action()


def test_the_nightly_command_for_letters_says_what_it_did(desk, capsys):
    letters.answered(*desk, token="old")
    letters.received("waiting")
    recent = letters.answered(*desk, token="new")
    Ticket.objects.filter(pk=recent.pk).update(answered_at=timezone.now())
    call_command("tend_tickets")
    assert "提请督办 1 件，自动办结 1 件" in capsys.readouterr().out
