"""What happens next and by which day, said where the person looks first;
and what is said of children.
"""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache

from feedback.forms.submission import NOTICE_VERSION
from tests.fixtures import letters
from tests.fixtures.letter_form import answers, send
from tests.fixtures.people import NOW
from tests.fixtures.tracking_page import opened

pytestmark = pytest.mark.usefixtures("taking_letters")
SOON = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def on_a_day_soon_after():
    cache.clear()
    with time_machine.travel(SOON, tick=False):
        yield


def standing(page: str) -> str:
    """What stands before the steps."""
    return page.partition("<main")[2].partition("办理步骤")[0]


STANDINGS = {
    "received": "受理员先看",
    "accepted": "接下来转给责任单位办理",
    "assigned": "已转给安监局，接下来由它办理",
    "handling": "安监局正在办理",
    "merged": "已与另一件同样的诉求合并办理",
    "needs_more": "哪条路？",
    "declined": "不属于受理范围。",
    "redirected": "转往12345",
    "spam": "判为广告或与办事无关的内容",
    "withdrawn": "联系方式和照片已删除",
    "answered": "安监局的答复",
    "closed": "安监局的答复",
}


@pytest.mark.parametrize("stage", STANDINGS)
def test_the_page_begins_with_where_the_letter_stands(stage, desk, client):
    assert STANDINGS[stage] in standing(opened(client, letters.at_every_stage(*desk)[stage]))


def test_a_day_is_promised_until_it_has_passed_and_then_owned_up_to(desk, client):
    ticket = letters.handling(*desk)
    assert ticket.due_on == date(2013, 7, 5)
    with time_machine.travel("2013-07-05T20:00:00+08:00"):
        assert "最迟 2013年7月5日 答复您" in standing(opened(client, ticket))
    with time_machine.travel("2013-07-06T00:10:00+08:00"):
        late = standing(opened(client, ticket))
    assert "原定 2013年7月5日 答复您，还没有答复" in late
    assert "最迟" not in late


def test_where_an_answer_did_not_help_the_way_on_stands_beside_it(desk, client):
    ticket = letters.answered(*desk)
    page = opened(client, ticket)
    assert '以前可以<a href="#reopen">要求重办</a>一次' in standing(page)
    assert '<details class="fold" id="reopen">' in page
    with time_machine.travel(NOW + timedelta(days=20)):
        assert "#reopen" not in opened(client, ticket)


@pytest.mark.parametrize("stage", ["declined", "redirected", "spam"])
def test_a_letter_that_gets_no_answer_is_not_said_to_become_public(stage, desk, client):
    ticket = letters.at_every_stage(*desk)[stage]
    assert ticket.consent_to_publish
    page = opened(client, ticket)
    assert re.search(r"<dt>是否公开</dt>\s*<dd>\s*不公开\s*</dd>", page)


def test_a_page_left_open_too_long_knows_its_number_still(desk, client):
    ticket = letters.received()
    handed_out = re.search(r'name="pass" value="([^"]+)"', opened(client, ticket))[1]
    with time_machine.travel(SOON + timedelta(minutes=61)):
        page = client.post("/feedback/track/add/", {"pass": handed_out, "text": "补充。"})
    assert page.context["form"]["number"].value() == ticket.number


TOLD = {"web": "不另外通知，请过几天来看", "telephone": "会打电话告诉您", "sms": "会发短信告诉您"}


@pytest.mark.parametrize("reply_by", TOLD)
def test_the_receipt_says_what_comes_next_by_which_day_and_how_one_hears_of_it(
    reply_by, client, calendar_2013
):
    page = send(client, reply_by=reply_by).content.decode()
    frame = page.partition('class="receipt"')[2].partition("</div>")[0]
    after = page.partition("接下来")[2]
    assert "最迟 2013年7月8日 答复" in frame
    assert "最迟 <b>2013年7月8日</b> 答复您" in after
    assert [words in after for words in TOLD.values()] == [one == reply_by for one in TOLD]


def test_children_have_a_guardian_write_and_leave_no_number_of_their_own(client, db):
    form, full = (
        client.get(page).content.decode() for page in ("/feedback/new/", "/about/privacy/")
    )
    assert form.index("不满14岁的，请父母或其他监护人来写") < form.index("个人信息怎样处理")
    assert "不留孩子自己的" in form
    assert f"版本 {NOTICE_VERSION}" in form
    assert "留监护人自己的联系方式" in full


def test_the_notice_and_the_full_text_keep_contacts_as_long_as_they_are_kept(client, db, settings):
    settings.CONTACT_KEEP_DAYS = 77
    for page in ("/feedback/new/", "/about/privacy/"):
        assert re.search(r"办完以后 ?77 ?天删除联系方式和照片", client.get(page).content.decode())


def test_before_sending_it_is_said_what_one_will_get(client, db):
    assert (
        "提交以后给您登记编号和查询码"
        in client.post("/feedback/new/check/", answers()).content.decode()
    )
