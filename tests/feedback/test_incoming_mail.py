"""Mails of the kinds that broke other intakes: each becomes a letter, an addition or a mail set
aside, and none keeps those behind it from being read.
"""

from contextlib import suppress

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command

from common.security.crypto import in_fours
from feedback import actions
from feedback.choices import SetAsideReason
from feedback.models import Contact, SetAsideMail, Ticket
from ledger.models import Entry
from tests.fixtures.mailbox import fetch, reported, written

pytestmark = [pytest.mark.both, pytest.mark.django_db]
NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1200)
)
# What a reader cannot read to its end, or a database refuses to keep.
HARMFUL = {
    "half a character": reported("utf7-lone-surrogate"),
    "NUL in the subject": b"From: a@example.org\nSubject: =?utf-8?q?a=00b?=\n\nlamp",
    "NUL in the text": b"From: a@example.org\nContent-Type: text/plain; charset=utf-16\n\na\0b\0",
    "half a character in the sender": b"From: =?utf-7?q?+2AA-?= <a@example.org>\n\nlamp",
    "NUL in a file's name": (
        b"From: a@example.org\nContent-Type: image/png; name*=utf-8''%00%ed%a0%80\n\nlamp"
    ),
    "1,200 parts in each other": NESTED,
}


@pytest.fixture
def sends(settings):
    """A site that sends mail."""
    settings.EMAIL_URL = "smtp://mail.example"
    settings.DEFAULT_FROM_EMAIL = "盐田区 <portal@example.org>"


def dealt_with() -> int:
    return Ticket.objects.count() + SetAsideMail.objects.count()


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_mail_is_kept_and_the_one_behind_it_registered_in_the_same_run(name, box):
    box.add(HARMFUL[name])
    box.add(reported("after-it"))
    with suppress(CommandError):
        call_command("fetch_mail")
    assert Ticket.objects.filter(text__startswith="a good letter").count() == 1
    assert dealt_with() == 2


def test_what_a_mail_breaks_unforeseen_is_set_aside_named_and_in_the_exit_status(
    box, capsys, monkeypatch
):
    register = actions.register_mail

    def breaks(**facts):
        if "灯1" in facts["text"]:
            raise RuntimeError("nobody thought of this")
        return register(**facts)

    monkeypatch.setattr(actions, "register_mail", breaks)
    for n in (1, 2):
        box.add(written(n).as_bytes())
    with pytest.raises(CommandError, match="有 1 封邮件没有登记成"):
        call_command("fetch_mail")
    printed = capsys.readouterr()
    assert "lin@example.org" in printed.err
    assert "nobody thought of this" in printed.err
    assert "登记 1 封" in printed.out
    assert "登记 0 封" in fetch(capsys), "it was marked as read"
    kept = SetAsideMail.objects.get()
    assert (kept.reason, kept.words["subject"]) == ("unreadable", "路灯1")
    assert kept.original == written(1).as_bytes()


def test_a_mail_that_cannot_even_be_set_aside_stays_unread_and_the_next_is_registered(
    box, capsys, monkeypatch
):
    box.add(NESTED)
    box.add(written())
    with monkeypatch.context() as patched:
        patched.setattr(actions, "set_aside", lambda **facts: 1 / 0)
        with pytest.raises(CommandError, match="有 1 封邮件没有登记成"):
            call_command("fetch_mail")
    assert "没有登记，下次再试" in capsys.readouterr().err
    assert Ticket.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("fetch_mail")
    assert SetAsideMail.objects.count() == 1


def test_a_mail_that_is_too_large_is_set_aside_with_its_beginning(box, monkeypatch):
    monkeypatch.setattr("feedback.mailboxes.MOST_BYTES", 300)
    monkeypatch.setattr("feedback.incoming.MOST_BYTES", 300)
    box.add(written(text="长" * 400))
    with pytest.raises(CommandError):
        call_command("fetch_mail")
    kept = SetAsideMail.objects.get()
    assert (kept.reason, kept.words["sender"], kept.size) == ("too_large", "lin@example.org", 301)


def test_two_mails_of_one_message_id_are_two_letters_each_with_a_code_of_its_own(
    box, sends, capsys
):
    box.add(reported("victim"))
    fetch(capsys)
    box.add(reported("stranger-same-message-id"))
    box.add(reported("victim"))
    fetch(capsys)
    receipts = {mail.to[0]: mail.body for mail in outbox.outbox}
    assert len(outbox.outbox) == Ticket.objects.count() == 2
    for ticket in Ticket.objects.select_related("contact"):
        assert ticket.number in receipts[ticket.contact.text]
        assert in_fours(ticket.query_code) in receipts[ticket.contact.text]
    mine = Ticket.objects.get(text__contains="the words of the resident")
    assert mine.number not in receipts["stranger@example.net"]
    assert Contact.objects.get(ticket=mine).text == "resident@example.com"


def test_a_chinese_label_is_read_as_the_largest_chinese_set(box, capsys):
    box.add(reported("gb2312-label-gbk-bytes"))
    fetch(capsys)
    assert Ticket.objects.get().text == (
        "李镕喆反映路灯不亮\n\n我叫李镕喆，住盐田㙍背村——门口的路灯坏了，电话·见下。"
    )


def test_words_on_both_sides_of_a_photo_are_kept_and_the_photo_too(box, capsys):
    box.add(reported("iphone-text-photo-text"))
    fetch(capsys)
    ticket = Ticket.objects.get()
    assert ticket.text == (
        "井盖\n\n井盖坏了，照片如下：\n地点在海景二路12号门口，昨天有老人摔倒，请尽快。"
    )
    assert ticket.photo


AUTOMATIC = {
    "bounce": reported("bounce-dsn"),
    "autoreply": reported("auto-x-autoreply"),
    "auto-submitted": written(Auto_Submitted="auto-replied; owner"),
    "suppressed": written(X_Auto_Response_Suppress="DR, OOF, AutoReply"),
    "precedence": written(Precedence="bulk"),
    "list": written(List_Id="<news.example.org>"),
    "return path": written(Return_Path="<>"),
    "daemon": written(From="Mail <MAILER-DAEMON@example.org>"),
    "no reply": written(From="no-reply@example.org"),
    "subject": written(Subject="自动回复：您好"),
    "ourselves": written(From="盐田区 <Portal@example.org>"),
}


@pytest.mark.parametrize("name", AUTOMATIC)
def test_what_a_machine_sent_is_set_aside_and_never_answered(name, box, sends, capsys):
    box.add(AUTOMATIC[name])
    assert "自动回复之类没有登记的 1 封" in fetch(capsys)
    assert not Ticket.objects.exists()
    assert not outbox.outbox
    kept = SetAsideMail.objects.get()
    assert (kept.reason, bool(kept.detail)) == ("automatic", True)
    entry = Entry.objects.newest_first().first()
    assert (entry.verb, entry.visibility) == ("set_aside_mail", "internal")


@pytest.mark.parametrize(
    "heads",
    [
        {"Subject": "自动回复太慢，请改进"},
        {"Auto_Submitted": "no"},
        {"From": "noreplyanov@example.org"},
        {"From": "林一 <postmaster.lin@example.org>"},
    ],
)
def test_a_person_is_not_taken_for_a_machine(heads, box, capsys):
    box.add(written(**heads))
    assert "登记 1 封" in fetch(capsys)


def test_an_address_gets_only_so_many_receipts_a_day_and_its_letters_are_registered(
    box, sends, capsys
):
    for n in range(7):
        box.add(written(n))
    call_command("fetch_mail")
    assert "今天已经给这个邮箱发过 5 封回执" in capsys.readouterr().err
    assert (Ticket.objects.count(), len(outbox.outbox)) == (7, 5)


def test_whatever_we_send_to_a_writer_says_that_a_machine_answers(box, sends, capsys):
    box.add(written())
    fetch(capsys)
    heads = outbox.outbox[0].message()
    assert heads["Auto-Submitted"] == "auto-replied"
    assert heads["X-Auto-Response-Suppress"] == "All"
    ticket = Ticket.objects.get()
    assert heads["Message-ID"] == ticket.sent_mails.get().message_id
    assert heads["Message-ID"].endswith("@example.org>")


def test_a_long_mail_is_cut_and_says_so(box, capsys):
    box.add(written(text="长" * 20_000, Subject="题" * 5000))
    fetch(capsys)
    ticket = Ticket.objects.get()
    assert ticket.text.count("长") == 10_001, "one stands in the note"
    assert ticket.text.count("题") == 200
    assert ticket.text.endswith("（来信太长，这里是前10000字，全文在原邮件里。）")


def test_a_long_address_is_kept_whole_or_not_at_all(box, sends, capsys):
    local = "a" * 60
    box.add(written(From=f"{local}@{'b' * 60}.example.org"))
    box.add(written(2, From=f"a@{'b' * 300}.example.org"))
    fetch(capsys)
    assert [contact.text for contact in Contact.objects.all()] == [
        f"{local}@{'b' * 60}.example.org"
    ]
    assert [mail.to for mail in outbox.outbox] == [[f"{local}@{'b' * 60}.example.org"]]


SEALED = {
    "encrypted": b"Content-Type: application/pkcs7-mime; name=smime.p7m\n\nx",
    "encrypted in another way": (
        b"Content-Type: multipart/encrypted; boundary=b\n\n"
        b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n"
    ),
    "in a wrap of one program": (
        b"Content-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: application/octet-stream; name=winmail.dat\n\nx\n--b--\n"
    ),
}


@pytest.mark.parametrize("case", SEALED)
def test_a_mail_whose_words_cannot_be_opened_waits_at_the_desk(case, box, capsys):
    box.add(b"From: a@example.org\nSubject: lamp\n" + SEALED[case])
    assert "打不开、等受理员看的 1 封" in fetch(capsys)
    assert not Ticket.objects.exists()
    (kept,) = SetAsideMail.objects.perhaps_letters()
    assert (kept.words["subject"], kept.reason) == ("lamp", SetAsideReason.UNREADABLE)


def test_a_mail_with_words_is_a_letter_whatever_is_wrapped_beside_them(box):
    wrapped = SEALED["in a wrap of one program"]
    plain = b"--b\nContent-Type: text/plain\n\nthe lamp is out\n"
    box.add(b"From: a@example.org\n" + wrapped.replace(b"\n\n", b"\n\n" + plain, 1))
    call_command("fetch_mail")
    assert "the lamp is out" in Ticket.objects.get().text
