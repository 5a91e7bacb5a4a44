"""An answer to one of our mails is added to its letter, without what it repeats."""

from email import message_from_bytes, policy

import pytest
from django.core import mail as outbox

from common.security.crypto import in_fours
from feedback import actions
from feedback.models import SetAsideMail, Ticket
from tests.fixtures import letters
from tests.fixtures.mailbox import fetch, reported, written
from tests.fixtures.people import NOW
from tests.fixtures.photos import taken

pytestmark = [pytest.mark.both, pytest.mark.django_db]
LIN = {"reply_by": "mail", "contact": "lin@example.org"}


@pytest.fixture
def receipt(box, capsys, settings):
    """The receipt of a letter that came by mail."""
    settings.EMAIL_URL = "smtp://mail.example"
    box.add(written())
    fetch(capsys)
    return outbox.outbox.pop().message()


def reply_to(receipt, text="补充：是2号楼旁边那个。", **heads):
    return written(2, text=text, In_Reply_To=receipt["Message-ID"], **heads)


def test_a_reply_to_the_receipt_is_an_addition_and_gets_no_receipt(receipt, box, capsys):
    ticket = Ticket.objects.get()
    quoted = f"登记编号：{ticket.number}  查询码：{in_fours(ticket.query_code)}"
    text = f"补充：是2号楼旁边那个。\n\n------ 原始邮件 ------\n{quoted}"
    box.add(reply_to(receipt, text))
    assert "登记 0 封，记为补充 1 封" in fetch(capsys)
    addition = Ticket.objects.get().additions.get()
    assert addition.text == "补充：是2号楼旁边那个。"
    step = ticket.events.last()
    assert (step.verb, step.public_note) == ("add", "来信人用邮件发来。")
    assert not outbox.outbox


def test_a_reply_fetched_twice_is_added_once(receipt, box, capsys):
    data = reply_to(receipt).as_bytes()
    for text in (data, reply_to(receipt, "另外，晚上更暗。", Date="x").as_bytes(), data):
        box.add(text)
    fetch(capsys)
    assert Ticket.objects.get().additions.count() == 2


def test_number_and_sender_find_the_letter_where_the_program_forgets_what_it_answers(
    desk, box, capsys
):
    ticket = letters.received(contact="Writer3@example.com", reply_by="mail")
    mail = message_from_bytes(reported("reply-to-receipt"), policy=policy.default)

    def now(text: str) -> str:
        real = text.replace("YT-2026-000001", ticket.number)
        return real.replace("abcd-efgh-jkmn-pqrs", ticket.query_code.lower())

    box.add(written(From=mail["From"], Subject=now(mail["Subject"]), text=now(mail.get_content())))
    assert "记为补充 1 封" in fetch(capsys)
    assert ticket.additions.get().text == "补充：是2号楼旁边那个。"


def test_the_number_from_another_address_opens_a_letter_of_its_own_without_the_code(
    desk, box, capsys
):
    ticket = letters.received(**LIN)
    code = in_fours(ticket.query_code)
    box.add(
        written(
            From="stranger@example.net",
            Subject=f"回复：已收到您的来信 {ticket.number}",
            text=f"我也要说。查询码：{code}，{ticket.query_code.lower()}",
        )
    )
    assert "登记 1 封" in fetch(capsys)
    other = Ticket.objects.exclude(pk=ticket.pk).get()
    assert not ticket.additions.exists()
    assert code not in other.text
    assert other.text.count("（查询码已隐去）") == 1 + any(c.isdigit() for c in ticket.query_code)


@pytest.mark.parametrize("kind", ["out of office", "bounce"])
def test_a_machine_that_answers_our_mail_is_set_aside_with_the_letter_it_is_about(
    kind, receipt, box, capsys
):
    """A reader learns from it that the receipt did not arrive."""
    returned = reported("bounce-dsn").replace(
        b"Subject: receipt", f"Message-ID: {receipt['Message-ID']}".encode()
    )
    away = reply_to(receipt, Auto_Submitted="auto-replied").as_bytes()
    box.add(away if kind == "out of office" else returned)
    fetch(capsys)
    number = Ticket.objects.get().number
    assert SetAsideMail.objects.get().detail.endswith(f"，与 {number} 有关")
    assert not outbox.outbox


def test_a_reply_from_another_address_is_added_and_the_step_says_so(receipt, box, capsys):
    box.add(reply_to(receipt, From="wife@example.net"))
    fetch(capsys)
    assert Ticket.objects.get().events.last().public_note == "由另一个邮箱发来。"


def test_a_reply_brings_what_was_asked_for_and_the_clock_runs_again(desk, box, capsys):
    ticket = letters.received(**LIN)
    actions.ask_more(ticket=ticket, question="哪条路？", by=desk[0], at=NOW)
    message = written(Subject=f"Re: 关于您的来信 {ticket.number}", text="海景路。")
    message.add_attachment(taken().read(), maintype="image", subtype="jpeg", filename="a.jpg")
    box.add(message)
    fetch(capsys)
    ticket.refresh_from_db()
    assert ticket.status == "received"
    addition = ticket.additions.get()
    assert (addition.text, bool(addition.photo)) == ("海景路。", True)


def test_a_reply_to_a_letter_that_takes_nothing_more_is_a_new_letter_that_names_it(
    desk, box, capsys
):
    ticket = letters.answered(*desk, **LIN)
    box.add(written(Subject=f"Re: 关于您的来信 {ticket.number}", text="灯又坏了。\n> 电话已修好。"))
    assert "登记 1 封" in fetch(capsys)
    other = Ticket.objects.exclude(pk=ticket.pk).get()
    assert "灯又坏了。" in other.text
    assert "电话已修好" not in other.text
    assert other.text.endswith(f"（这是对 {ticket.number} 的邮件的回复。）")
