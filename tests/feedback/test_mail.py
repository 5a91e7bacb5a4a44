"""Letters by electronic mail come into the same register, each once,
from a maildir and from a mailbox on a server.
"""

import re
from email.message import EmailMessage
from unittest.mock import Mock

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command

from common.mail.parsing import read_mail
from common.security.crypto import in_fours
from feedback import actions
from feedback.models import Contact, Ticket
from tests.fixtures.imap_server import imap_server
from tests.fixtures.mailbox import fetch, written
from tests.fixtures.photos import REFUSED_PHOTOS, image_of, taken, turned_by_the_phone

pytestmark = pytest.mark.usefixtures("taking_letters")


def test_a_mail_becomes_a_letter_with_number_owner_and_day(box, capsys):
    box.add(written())
    assert "登记 1 封" in fetch(capsys)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.status, ticket.text) == (
        "mail",
        "received",
        "路灯1\n\n公园的灯坏了。",
    )
    assert ticket.due_on
    assert Contact.objects.get().text == "lin@example.org"
    assert not ticket.consent_to_publish


def test_a_mailbox_fetched_again_registers_no_letter_twice(box, capsys):
    box.add(written())
    fetch(capsys)
    assert "登记 0 封" in fetch(capsys)
    box.add(written())
    fetch(capsys)
    assert Ticket.objects.count() == 1


def test_a_mail_whose_run_was_killed_before_marking_it_is_still_one_letter(
    box, capsys, monkeypatch
):
    box.add(written())
    with monkeypatch.context() as patched:
        patched.setattr("feedback.mailboxes._mark_seen", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fetch(capsys)
    assert "以前取过的 1 封" in fetch(capsys)
    assert "以前取过的" not in fetch(capsys)
    assert Ticket.objects.count() == 1


def test_a_mail_whose_run_was_killed_before_registering_waits_for_the_next_run(
    box, capsys, monkeypatch
):
    box.add(written())
    with monkeypatch.context() as patched:
        patched.setattr(actions, "register_mail", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            fetch(capsys)
    assert not Ticket.objects.exists()
    assert "登记 1 封" in fetch(capsys)


def test_automatic_mails_get_neither_number_nor_answer(box, capsys):
    for n, heads in enumerate(
        [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Return_Path": "<>"}]
    ):
        box.add(written(n, **heads))
    assert "自动回复之类没有登记的 3 封" in fetch(capsys)
    assert not Ticket.objects.exists()


def test_the_sender_gets_number_code_and_day_where_the_site_sends_mail(box, capsys, settings):
    box.add(written())
    settings.EMAIL_URL = "smtp://mail.example"
    fetch(capsys)
    [sent], ticket = outbox.outbox, Ticket.objects.get()
    assert sent.to == ["lin@example.org"]
    assert ticket.number in sent.subject
    assert in_fours(ticket.query_code) in sent.body
    assert "公园的灯坏了" not in sent.body
    assert "暂按周一至周五推算" in sent.body, "no table of working days is loaded here"


def test_an_html_mail_is_read_as_words_and_its_attachments_are_counted(box, capsys):
    message = written()
    page = "<head><style>p {}</style></head><p>灯&amp;路</p><p>坏了<script>x()</script></p>"
    message.set_content(page, subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    box.add(message)
    fetch(capsys)
    assert Ticket.objects.get().text == "路灯1\n\n灯&路\n坏了\n\n（另有附件 1 个，没有登记。）"


def with_files(*files: tuple[str, bytes], **options) -> EmailMessage:
    message = written(**options)
    for name, data in files:
        message.add_attachment(data, maintype="image", subtype="jpeg", filename=name)
    return message


def test_the_first_photo_is_kept_as_one_from_the_form_is_and_the_rest_is_counted(box, capsys):
    files = [
        ("a.doc", b"words"),
        ("a.jpg", taken(exif=turned_by_the_phone()).read()),
        ("b.png", taken((9, 9)).read()),
    ]
    box.add(with_files(*files))
    fetch(capsys)
    ticket = Ticket.objects.get()
    assert ticket.text.endswith("（另有附件 2 个，没有登记。）")
    with ticket.photo.open() as file:
        kept = file.read()
    assert image_of(kept).size == (800, 1600)
    assert b"114.24E" not in kept


def test_an_emblem_between_the_words_does_not_take_the_place_of_the_photo(box, capsys):
    message = with_files(("logo.jpg", taken((40, 10)).read()), ("a.jpg", taken((300, 200)).read()))
    [emblem, _] = message.iter_attachments()
    emblem.replace_header("Content-Disposition", "inline")
    box.add(message)
    fetch(capsys)
    with Ticket.objects.get().photo.open() as file:
        assert image_of(file.read()).size == (300, 200)


@pytest.mark.parametrize("case", [name for name in REFUSED_PHOTOS if name != "more than was read"])
def test_a_broken_picture_stops_no_letter_and_the_next_one_is_taken(case, box, capsys):
    refused = REFUSED_PHOTOS[case][0]
    refused.seek(0)
    data = refused.read()
    box.add(with_files((refused.name, data)))
    box.add(with_files((refused.name, data), ("b.jpg", taken().read()), n=2))
    assert "登记 2 封" in fetch(capsys)
    found = sorted((bool(one.photo), "另有附件 1 个" in one.text) for one in Ticket.objects.all())
    assert found == [(False, True), (True, True)]


def test_a_mail_of_nothing_but_a_photo_is_a_letter(box, capsys):
    box.add(with_files(("a.jpg", taken().read()), text="", Subject=""))
    box.add(written(2, text="", Subject=""))
    assert "登记 1 封，记为补充 0 封，空的 1 封" in fetch(capsys)
    assert (Ticket.objects.get().text, bool(Ticket.objects.get().photo)) == (
        "（邮件里没有写字。）",
        True,
    )


def test_the_photo_of_a_mail_fetched_twice_is_kept_once(box, capsys, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "kept"
    data = with_files(("a.jpg", taken().read())).as_bytes()
    for _ in range(2):
        box.add(data)
    fetch(capsys)
    assert len(list((tmp_path / "kept/letters").iterdir())) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: =?x?q?=\r\nSubject: =?utf-8?b?!!?=\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=nobody\r\n\r\n\xe7\x81\xaf",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\nno part",
        (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/jpeg;"
            b" name*=?\r\nContent-Disposition: attachment;"
            b" filename*=x'\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--b--"
        ),
        "Subject: 灯\r\n\r\n坏".encode("gbk"),
    ],
)
def test_a_malformed_mail_is_read_without_an_error(data):
    assert read_mail(data).mark == read_mail(data).mark


def test_a_site_without_a_mailbox_and_one_that_does_not_answer_say_so(settings):
    for url, told in [
        ("", "没有设置 MAILBOX_URL"),
        ("imap://u:p@127.0.0.1:9/INBOX", "邮箱读不下去了"),
    ]:
        settings.MAILBOX_URL = url
        with pytest.raises(CommandError, match=told):
            call_command("fetch_mail")


@pytest.fixture
def server():
    with imap_server({7: written(1).as_bytes(), 9: written(2).as_bytes()}, seen={7}) as running:
        yield running


def address(server, word="a_p%40ss") -> str:
    return f"imap://office:{word}@127.0.0.1:{server.server_address[1]}/INBOX"


def test_a_mailbox_on_a_server_is_read_and_marked_only_after_registering(server, settings, capsys):
    settings.MAILBOX_URL = address(server)
    assert "登记 1 封" in fetch(capsys)
    assert re.match("路灯2", Ticket.objects.get().text)
    assert server.seen == {7, 9}
    assert "登记 0 封" in fetch(capsys)


def test_a_wrong_password_is_said_and_nothing_of_it_printed(server, settings):
    settings.MAILBOX_URL = address(server, word="secret")
    with pytest.raises(CommandError, match="邮箱读不下去了") as told:
        call_command("fetch_mail")
    assert "secret" not in str(told.value)
