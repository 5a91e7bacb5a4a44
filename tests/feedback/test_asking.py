"""The citizen's way through the pages: no account, no script."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from common.ui.qr import qr_drawing
from feedback.forms.parts import new_token
from feedback.models import Contact, Ticket
from tests.fixtures import letters
from tests.fixtures.letter_form import CHECK, EDIT, NEW, RECEIVED, SEND, answers, send
from tests.fixtures.tracking_page import TRACK

pytestmark = pytest.mark.usefixtures("taking_letters")


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def code_on(page) -> str:
    return re.search(r"(?:[A-Z2-9]{4} ){3}[A-Z2-9]{4}", page.content.decode()).group()


def test_the_form_asks_first_for_kind_and_words_and_consent_is_not_ticked(client, white_paper):
    page = client.get(f"{NEW}?task=wp2013-18&kind=complaint").content.decode()
    assert "全面落实安全生产责任制" in page
    assert re.search(r'name="task" value="wp2013-18"', page)
    assert re.search(r'value="complaint"[^>]*checked', page)
    assert not re.search(r'name="consent"[^>]*checked', page)


def test_nonsense_in_the_address_fills_in_nothing(client):
    page = client.get(f"{NEW}?task=no-such&kind=praise")
    assert page.status_code == 200
    assert "有关承诺" not in page.content.decode()


def test_words_alone_are_enough(client):
    client.post(SEND, answers(location="", contact="", reply_by=""))
    ticket = Ticket.objects.get()
    assert (ticket.text, ticket.reply_by, ticket.consent_to_publish) == (
        "路灯什么时候修？",
        "web",
        False,
    )
    assert not Contact.objects.exists()


def test_before_sending_the_answers_are_shown_and_nothing_is_stored(client):
    page = client.post(CHECK, answers()).content.decode()
    assert "核对后提交" in page
    assert "路灯什么时候修？" in page
    assert "13812345678" in page
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({"text": "我是 110101199003071234，电话 138 1234 5678。"}, "看起来有手机号、身份证号。"),
        ({"location": "找老王 13812345678"}, "看起来有手机号。"),
    ],
)
def test_personal_numbers_in_a_letter_get_a_word_of_warning_and_are_not_refused(
    typed, named, client
):
    page = client.post(CHECK, answers(**typed)).content.decode()
    assert "您写的内容里好像有个人信息" in page
    assert named in page
    send(client, **typed)
    assert Ticket.objects.count() == 1


def test_a_letter_without_personal_numbers_gets_no_warning_for_its_contact(client):
    assert "好像有个人信息" not in client.post(CHECK, answers()).content.decode()


@pytest.mark.parametrize("address", [CHECK, EDIT, SEND])
def test_an_address_the_form_posts_to_leads_back_to_the_form_when_it_is_opened(address, client):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, NEW)


def test_the_form_takes_no_letter_at_its_own_address(client):
    assert client.post(NEW, answers()).status_code == 405
    assert not Ticket.objects.exists()


def test_each_button_has_an_address_of_its_own(client):
    assert f'action="{CHECK}"' in client.get(NEW).content.decode()
    page = client.post(CHECK, answers()).content.decode()
    assert f'action="{SEND}"' in page
    assert re.findall(r'formaction="([^"#]+)#(\w+)"', page) == [
        (EDIT, "id_kind"),
        (EDIT, "id_text"),
        (EDIT, "id_location"),
        (EDIT, "id_photo"),
        (EDIT, "id_reply_by"),
        (EDIT, "id_consent"),
    ]
    assert 'name="step"' not in page


def test_going_back_to_the_form_keeps_even_what_cannot_be_sent(client):
    page = client.post(EDIT, answers(text="", location="海景路")).content.decode()
    assert 'value="海景路"' in page
    assert 'value="138 1234 5678"' in page


def test_what_the_check_page_carries_can_be_changed_or_sent_as_it_is(client):
    page = client.post(CHECK, answers(consent="on")).content.decode()
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    carried |= {"text": "路灯什么时候修？"}
    again = client.post(EDIT, carried).content.decode()
    assert re.search(r'name="consent"[^>]*checked', again)
    assert "路灯什么时候修？</textarea>" in again
    client.post(SEND, carried)
    ticket = Ticket.objects.get()
    assert (ticket.consent_to_publish, ticket.reply_by, ticket.contact.text) == (
        True,
        "sms",
        "13812345678",
    )


def test_a_task_asked_about_stays_with_the_letter(client, white_paper):
    send(client, task="wp2013-18")
    assert Ticket.objects.get().task == white_paper.task


def test_the_receipt_shows_number_code_day_and_a_link_that_sends_no_code(client):
    page = send(client)
    shown, ticket = page.content.decode(), Ticket.objects.get()
    assert page.redirect_chain == [(RECEIVED, 302)]
    assert "路灯什么时候修？" in shown
    assert code_on(page).replace(" ", "") == ticket.query_code
    assert f"/feedback/track/?number={ticket.number}" in shown
    assert f"{ticket.due_on.year}年{ticket.due_on.month}月{ticket.due_on.day}日" in shown
    [link] = [
        url for url in re.findall(r'(?:href|action)="([^"]*)"', shown) if ticket.query_code in url
    ]
    assert ticket.query_code not in link.partition("#")[0]


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2026-12-31T23:30", "2027年1月6日"),  # 元旦 and its weekend off, 4-6
        ("2027-02-04T10:00", "2027年2月11日"),  # 春节 5-8 off by law, 9-11
        ("2028-02-29T10:00", "2028年3月3日"),
    ],
)
def test_a_day_no_table_reaches_is_marked_as_provisional(written, due, client, time_machine):
    letters.calendar_2026()
    time_machine.move_to(f"{written}:00+08:00")
    receipt = send(client).content.decode()
    assert f"最迟 {due} 答复（暂按周一至周五推算）" in receipt
    assert "日历未公布，暂按周一至周五推算" in receipt
    ticket = Ticket.objects.get()
    own = client.post(TRACK, {"number": ticket.number, "code": ticket.query_code}).content.decode()
    assert f"最迟 {due} 答复您" in own
    assert "为什么是这一天（暂按周一至周五推算）" in own
    assert "法律固定的节日不计" in own


def test_a_phone_can_take_the_link_along(client):
    page = send(client)
    ticket = Ticket.objects.get()
    link = f"http://testserver/feedback/track/?number={ticket.number}"
    assert f'<path d="{qr_drawing(f"{link}#{ticket.query_code}").path}">' in page.content.decode()
    assert "number" in client.get(link).context["form"].initial


def test_a_resend_shows_the_same_receipt(client):
    token = new_token()
    first, again = send(client, token=token), send(client, token=token)
    assert code_on(first) == code_on(again)
    assert Ticket.objects.count() == 1


def test_a_letter_corrected_after_it_was_sent_is_told_so_and_keeps_the_words(client):
    token = new_token()
    send(client, token=token)
    number = Ticket.objects.get().number
    for step in (CHECK, SEND):
        page = client.post(step, answers(token=token, text="路灯修好了，谢谢。"))
        words = page.content.decode()
        assert (page.status_code, f"这封信已经登记为 {number}" in words) == (409, True)
        assert "路灯修好了，谢谢。" in words
    assert Ticket.objects.get().text == "路灯什么时候修？"
    renewed = re.search(r'name="token" value="([^"]+)"', words)[1]
    client.post(SEND, answers(token=renewed, text="路灯修好了，谢谢。"))
    assert Ticket.objects.count() == 2


def test_a_stranger_gets_no_receipt(client):
    send(client)
    client.cookies.clear()
    assert client.get(RECEIVED).url == TRACK


def test_only_the_receipts_own_page_gets_the_cookie_and_no_script_reads_it(client):
    send(client)
    cookie = client.cookies["feedback_receipt"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (RECEIVED, True, "Lax")


def test_a_receipt_cookie_cannot_be_made_up(client):
    ticket = letters.received()
    client.cookies["feedback_receipt"] = ticket.form_token
    assert client.get(RECEIVED).url == TRACK


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": " "}, "请写下您想说的话。"),
        ({"kind": ""}, "请选择咨询、投诉或建议。"),
        ({"reply_by": "telephone", "contact": ""}, "要打电话或发短信给您，请留下号码。"),
        ({"website": "spam"}, "有一栏应当留空"),
        ({"token": "made-up"}, "页面打开太久了。"),
    ],
)
def test_a_problem_is_said_on_top_and_nothing_is_lost(changes, words, client):
    page = client.post(SEND, answers(**changes)).content.decode()
    assert words in page[page.index("有问题需要更正") :][:600]
    assert "海景路" in page
    assert "<title>错误：" in page
    assert not Ticket.objects.exists()


def test_a_number_that_cannot_be_one_is_asked_about_and_taken_if_the_writer_insists(client):
    doubted = answers(reply_by="telephone", contact="138 0013")
    page = client.post(CHECK, doubted).content.decode()
    assert '<a href="#id_number_is_right">“138 0013”像是不全，或者写错了' in page
    check = client.post(CHECK, doubted | {"number_is_right": "on"}).content.decode()
    assert "核对后提交" in check
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', check))
    client.post(SEND, carried | {"text": "路灯"})
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 1234 5678", "13812345678"),
        ("0755-25228502-801", "0755-25228502-801"),
        ("+86 0755 25228502 转 801", "+86 0755 25228502 转 801"),
        ("0085328371234", "0085328371234"),
    ],
)
def test_a_number_is_kept_with_its_extension(client, typed, kept):
    send(client, reply_by="telephone", contact=typed)
    assert Contact.objects.get().text == kept


def test_a_stale_page_is_renewed_and_works_at_the_second_try(client, monkeypatch):
    monkeypatch.setattr("feedback.forms.parts.TOKEN_AGE", -1)
    page = client.post(SEND, answers()).content.decode()
    monkeypatch.undo()
    token = re.search(r'name="token" value="([^"]+)"', page).group(1)
    send(client, token=token)
    assert Ticket.objects.count() == 1


def test_number_and_code_open_every_step_and_the_answer(client, people, units):
    ticket = letters.answered(people.clerk, units["anjianju"], people.reporter)
    code = ticket.query_code.lower()
    page = client.post(
        TRACK, {"number": ticket.number.lower(), "code": f" {code[:8]} {code[8:]} "}
    ).content.decode()
    for shown in (
        "收到",
        "受理",
        "由安监局主办",
        "开始办理",
        "林一您好，电话已修好。",
        letters.WORDS,
        "138****5678",
    ):
        assert shown in page
    assert letters.PHONE not in page


def test_the_person_can_withdraw_from_the_own_page_only(client):
    ticket = letters.received()
    page = client.post(TRACK, {"number": ticket.number, "code": ticket.query_code}).content.decode()
    handed_out = re.search(r'name="pass" value="([^"]+)"', page).group(1)
    assert client.post("/feedback/track/withdraw/", {"pass": ticket.number}).status_code == 404
    for _ in range(2):
        assert (
            "已撤回"
            in client.post("/feedback/track/withdraw/", {"pass": handed_out}).content.decode()
        )
    assert not Contact.objects.exists()


@pytest.mark.parametrize("page", [NEW, TRACK])
def test_nothing_of_a_letter_stays_in_a_cache(page, client):
    assert "no-store" in client.get(page)["Cache-Control"]


def test_a_letter_is_received_at_the_current_time(client):
    send(client)
    assert timezone.now() - Ticket.objects.get().received_at < timedelta(minutes=1)


def test_whoever_looks_up_the_answer_leaves_no_number(client):
    page = client.post(CHECK, answers(reply_by="web")).content.decode()
    assert "13812345678" not in page.split("<dl")[1].split("</dl>")[0]
    client.post(SEND, answers(reply_by="web"))
    assert not Contact.objects.exists()
