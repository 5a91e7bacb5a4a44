import pytest
from cryptography.fernet import InvalidToken
from django.core import mail
from django.core.management import call_command
from django.db import connection

from common.security import crypto, personal_data
from common.ui import components
from feedback import actions
from feedback.models import Contact, Ticket
from tests.fixtures import letters
from tests.fixtures.people import NOW

KEYS = ["new key, any words", "旧钥匙"]


@pytest.fixture
def rotated(settings):
    """From one key to a new one in front of it."""
    settings.CONTACT_KEYS = KEYS[1:]

    def rotate(keys=KEYS):
        settings.CONTACT_KEYS = keys

    return rotate


def test_a_contact_sealed_with_an_old_key_is_read_only_while_that_key_is_kept(rotated):
    sealed = crypto.encrypt("13812345678")
    rotated()
    assert crypto.decrypt(sealed) == "13812345678"
    rotated(KEYS[:1])
    with pytest.raises(InvalidToken):
        crypto.decrypt(sealed)


def test_contacts_are_sealed_with_the_newest_key(rotated):
    rotated()
    sealed = crypto.encrypt("13812345678")
    rotated(KEYS[:1])
    assert crypto.decrypt(sealed) == "13812345678"


@pytest.mark.django_db
def test_a_contact_whose_key_is_gone_shuts_no_page_and_gets_no_mail(
    rotated, settings, client, people, capsys
):
    settings.EMAIL_URL = "smtp://mail.example"
    ticket = letters.received(reply_by="mail", contact="lin@example.org")
    actions.decline(ticket=ticket, reason="不归本区", by=people.clerk, at=NOW)
    rotated(KEYS[:1])
    client.force_login(people.clerk)
    for page in ("", "all/", f"{ticket.number}/"):
        assert "打不开，缺少当时的密钥" in client.get(f"/staff/feedback/{page}").content.decode()
    call_command("answer_mail")
    assert "没有可用的邮箱" in capsys.readouterr().err
    assert not mail.outbox


@pytest.mark.django_db
def test_receipts_and_codes_outlive_a_rotation(rotated, units):
    ticket = letters.received()
    code = ticket.query_code
    rotated()
    assert letters.received().query_code == code
    assert Ticket.objects.opened_with(ticket.number, code) == ticket
    assert letters.received("t2").query_code != code


def test_a_code_is_sixteen_signs_nobody_mixes_up():
    codes = [crypto.query_codes(str(n))[0] for n in range(200)]
    assert {len(code) for code in codes} == {16}
    assert set("".join(codes)) == set(crypto.ALPHABET)
    assert not set("0O1I") & set(crypto.ALPHABET)
    assert len(set(codes)) == 200
    assert crypto.in_fours("ABCDEFGHJKLMNPQR") == "ABCD EFGH JKLM NPQR"


@pytest.mark.django_db
def test_neither_contact_nor_code_lies_readable_in_the_database(units):
    ticket = letters.received()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM feedback_contact")
        contact = str(cursor.fetchall())
        cursor.execute("SELECT * FROM feedback_ticket")
        row = str(cursor.fetchall())
    assert letters.PHONE not in contact + row
    assert ticket.query_code not in row
    assert ticket.number in row
    assert Contact.objects.get().text == letters.PHONE


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("13812345678", "138****5678"),
        ("lin@example.org", "l****@example.org"),
        ("25228502", "2****"),
        ("微信", "微****"),
    ],
)
def test_a_masked_contact_is_not_enough_to_call(contact, shown):
    assert personal_data.mask(contact) == shown


@pytest.mark.parametrize(
    "text", ["2017年9月30日完成15000人次", "编号YT-2013-000001", "电话25228502"]
)
def test_ordinary_numbers_are_no_personal_data(text):
    assert personal_data.find_personal_data(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("１３８１２３４５６７８", ["手机号"]),
        ("44030019800101123X", ["身份证号"]),
        ("6222 0200 0000 0000 123", ["银行卡号"]),
        ("a@b.cn", ["电子邮箱"]),
    ],
)
def test_personal_data_is_found_in_any_width(text, found):
    assert personal_data.find_personal_data(text) == found


def test_personal_data_is_marked_in_its_place_in_any_width_and_no_word_is_lost():
    text = "请打１３８１２３４５６７８，\n卡号6222 0200 0000 0000 123。㎡"
    pieces = personal_data.mark_personal_data(text)
    assert "".join(piece for piece, _ in pieces) == text
    assert [(piece, name) for piece, name in pieces if name] == [
        ("１３８１２３４５６７８", "手机号"),
        ("6222 0200 0000 0000 123", "银行卡号"),
    ]


@pytest.mark.parametrize("sign", ["㎏", "㎡", "℃", "ﬃ", "½"])
def test_a_sign_that_folds_to_several_letters_moves_no_mark(sign):
    pieces = personal_data.mark_personal_data(f"共5{sign}，请打13812345678。")
    assert pieces == [(f"共5{sign}，请打", ""), ("13812345678", "手机号"), ("。", "")]


def test_a_text_with_personal_data_marked_is_escaped():
    shown = components.highlight_personal_data("<b>44030019800101123X\n& 好</b>")
    assert (
        shown
        == "<p>&lt;b&gt;<mark>44030019800101123X</mark>（像身份证号）<br>&amp; 好&lt;/b&gt;</p>"
    )
