"""Whoever wanted a call, a message or a mail is told, by somebody who owes it,
and the step says how.
"""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import transaction

from common.errors import Refused
from feedback import actions
from feedback.models import Ticket
from feedback.read_models.inbox import work_items_for
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.both, pytest.mark.django_db]
SOON = NOW + timedelta(days=1, hours=1)
CALL = {"reply_by": "telephone"}
MAIL = {"reply_by": "mail", "contact": "lin@example.org"}


def owed(user) -> list[str]:
    return [duty.missing for duty in work_items_for(user, SOON.date())]


def is_owed_a_word(user) -> bool:
    return any("告知来信人" in missing for missing in owed(user))


def told(ticket, people, how="telephone") -> Ticket:
    return actions.record_notification(ticket=ticket, outcome=how, by=people.clerk, at=SOON)


def test_an_answer_to_be_called_is_owed_until_somebody_called(desk, people, client):
    ticket = letters.answered(*desk, **CALL)
    assert is_owed_a_word(people.clerk)
    client.force_login(people.clerk)
    client.post(f"/staff/feedback/{ticket.number}/tell/", {"outcome": "telephone"})
    assert not is_owed_a_word(people.clerk)
    step, entry = ticket.events.last(), Entry.objects.newest_first().first()
    assert (step.verb, step.public_note) == ("tell", "已打电话告知")
    assert (entry.verb, entry.actor_unit, '"told":"telephone"' in entry.payload) == (
        "tell_ticket",
        "区府办",
        True,
    )


def test_who_looks_it_up_or_left_no_number_is_owed_no_call(desk, people):
    letters.answered(*desk)
    letters.answered(*desk, token="none", contact="", **CALL)
    assert not Ticket.objects.to_notify().exists()


@pytest.mark.parametrize(
    "action",
    [
        lambda ticket, by: actions.ask_more(ticket=ticket, question="哪条路？", by=by, at=NOW),
        lambda ticket, by: actions.decline(ticket=ticket, reason="不归本区", by=by, at=NOW),
        lambda ticket, by: actions.redirect(
            ticket=ticket, channel="12345", day=NOW.date(), by=by, at=NOW
        ),
    ],
)
def test_the_writer_has_to_be_notified_of_a_question_and_of_a_refusal(action, desk, people):
    ticket = letters.received(**CALL)
    action(ticket, people.clerk)
    assert is_owed_a_word(people.clerk)
    told(ticket, people, "not_reached")
    assert not is_owed_a_word(people.clerk)


def test_whoever_rated_the_answer_has_read_it(desk):
    actions.rate(ticket=letters.answered(*desk, **CALL), grade="good", at=SOON)
    assert not Ticket.objects.to_notify().exists()


def test_the_writer_is_notified_anew_of_what_was_answered_after_the_call(desk, people):
    ticket = letters.answered(*desk, **CALL)
    told(ticket, people)
    actions.reopen(ticket=ticket, reason="还是打不通", at=SOON)
    assert not Ticket.objects.to_notify().exists()
    actions.assign(ticket=ticket, lead=desk[1], by=people.clerk, at=SOON)
    actions.start_handling(ticket=ticket, by=people.reporter, at=SOON)
    actions.reply(ticket=ticket, text="换了号码。", by=people.reporter, at=SOON)
    assert Ticket.objects.to_notify().exists()


def test_notifying_the_writer_twice_is_refused_and_leaves_one_step(desk, people):
    ticket = letters.answered(*desk, **CALL)
    told(ticket, people)
    with pytest.raises(Refused, match="没有什么要告知来信人的"), transaction.atomic():
        told(ticket, people)
    assert ticket.events.filter(verb="tell").count() == 1


def test_the_unit_that_answered_may_call_and_sees_the_number_until_then(desk, people, client):
    ticket = letters.answered(*desk, **CALL)
    client.force_login(people.reporter)
    page, path = f"/staff/feedback/{ticket.number}/", "contact/"
    assert letters.PHONE in client.post(page + path).content.decode()
    assert client.post(page + "tell/", {"outcome": "sms"}).status_code == 302
    assert client.post(page + path).status_code == 403
    assert ticket.events.last().unit == "安监局"


def test_the_unit_complained_of_neither_sees_the_number_nor_calls(desk, people, units, client):
    unit = units["anjianju"]
    ticket = letters.answered(
        people.supervisor, unit, people.reporter, kind="complaint", about=unit, **CALL
    )
    client.force_login(people.reporter)
    for action in ("contact", "tell"):
        assert (
            client.post(
                f"/staff/feedback/{ticket.number}/{action}/", {"outcome": "sms"}
            ).status_code
            == 403
        )
    assert is_owed_a_word(people.clerk)
    assert not is_owed_a_word(people.reporter)


def test_where_every_clerk_is_of_the_unit_meant_a_supervisor_calls(desk, people, units):
    letters.answered(
        people.supervisor, units["anjianju"], people.reporter, about=units["qufuban"], **CALL
    )
    assert not is_owed_a_word(people.clerk)
    assert is_owed_a_word(people.supervisor)


def test_whoever_deleted_the_number_or_withdrew_is_called_no_more(desk, people):
    actions.delete_contact(ticket=letters.answered(*desk, **CALL), at=SOON)
    actions.withdraw(ticket=letters.answered(*desk, token="w", **CALL), at=SOON)
    assert not Ticket.objects.to_notify().exists()


def test_everybody_whose_letter_was_merged_is_told_for_themselves(desk, people):
    head = letters.handling(*desk, **CALL)
    follower = letters.received("follower", **CALL)
    actions.merge(ticket=follower, into=head.number, by=people.clerk, at=NOW)
    actions.reply(ticket=head, text="电话已修好。", by=people.reporter, at=NOW)
    assert set(Ticket.objects.to_notify()) == {head, follower}


def test_who_wrote_by_mail_is_answered_by_mail_once(desk, settings, capsys):
    settings.EMAIL_URL = "smtp://mail.example"
    ticket = letters.answered(*desk, **MAIL)
    call_command("answer_mail")
    call_command("answer_mail")
    [sent] = mail.outbox
    assert sent.to == ["lin@example.org"]
    assert (
        ticket.number in sent.subject,
        "电话已修好" in sent.body,
        letters.WORDS in sent.body,
    ) == (True, True, False)
    assert ticket.events.last().public_note == "已发邮件告知"


def test_a_mail_that_does_not_go_out_is_tried_again(desk, settings, monkeypatch, capsys):
    settings.EMAIL_URL = "smtp://mail.example"
    letters.answered(*desk, **MAIL)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", Mock(side_effect=OSError("no server")))
        call_command("answer_mail")
    assert "没有发出：no server" in capsys.readouterr().err
    assert Ticket.objects.to_notify().exists()
    call_command("answer_mail")
    assert len(mail.outbox) == 1


def test_called_in_the_same_minute_the_next_mail_goes_out_all_the_same(
    desk, people, settings, monkeypatch, capsys
):
    settings.EMAIL_URL = "smtp://mail.example"
    quick = letters.answered(*desk, **MAIL)
    letters.answered(*desk, token="next", **MAIL)
    send = Mock(side_effect=[lambda: told(quick, people), lambda: None])
    monkeypatch.setattr(EmailMessage, "send", lambda mail: send()())
    call_command("answer_mail")
    assert (send.call_count, Ticket.objects.to_notify().count()) == (2, 0)
    assert quick.events.filter(verb="tell").count() == 1


def test_a_question_goes_out_by_mail_with_its_words(desk, people, settings, capsys):
    settings.EMAIL_URL = "smtp://mail.example"
    actions.ask_more(
        ticket=letters.received(**MAIL), question="是哪条路？", by=people.clerk, at=NOW
    )
    call_command("answer_mail")
    assert "是哪条路？" in mail.outbox[0].body


def test_a_site_that_sends_no_mail_says_who_has_to(desk, people):
    letters.answered(*desk, **MAIL)
    with pytest.raises(CommandError, match="请受理员告知"):
        call_command("answer_mail")
    assert is_owed_a_word(people.clerk)
