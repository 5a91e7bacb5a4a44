"""The own page by number and code: every step, and all that may be done,
without an account or a script.
"""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from feedback import actions
from feedback.models import Contact, Rating, Ticket
from tests.fixtures import letters
from tests.fixtures.people import NOW
from tests.fixtures.tracking_page import TRACK, opened, press

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def on_a_day_soon_after():
    cache.clear()
    with time_machine.travel(SOON, tick=False):
        yield


def offered(page: str) -> set[str]:
    """But for the copy of everything, which anybody who got in may take."""
    return set(re.findall(rf'action="{TRACK}(\w+)/"', page)) - {"copy"}


OPEN_LETTER = {"add", "withdraw", "withdraw_consent", "delete_contact"}
ANSWERED = {"reopen", "withdraw", "withdraw_consent", "delete_contact"}
LEFT = {"withdraw_consent", "delete_contact"}
OFFERS = dict.fromkeys(["received", "accepted", "assigned", "handling", "merged"], OPEN_LETTER)
OFFERS |= {
    "needs_more": OPEN_LETTER - {"add"} | {"supplement"},
    "answered": ANSWERED | {"rate"},
    "closed": ANSWERED,
}
OFFERS |= dict.fromkeys(["declined", "redirected", "spam"], LEFT) | {"withdrawn": set()}


@pytest.mark.parametrize("stage", OFFERS)
def test_each_state_offers_what_may_be_done_in_it(stage, desk, client):
    assert offered(opened(client, letters.at_every_stage(*desk)[stage])) == OFFERS[stage]


def test_a_question_to_the_writer_stands_on_top_and_is_answered_there(desk, client):
    ticket = actions.ask_more(
        ticket=letters.received(), question="请问是哪一条路？", by=desk[0], at=NOW
    )
    page = opened(client, ticket)
    assert page.index("请问是哪一条路？") < page.index("办理步骤")
    assert "答复期限停算" in page
    assert "已收到您的补充，期限继续计算。" in press(client, ticket, "supplement", text="海景路。")
    assert Ticket.objects.get().status == "received"


@pytest.mark.parametrize(
    ("verb", "words"),
    [("supplement", "请写下要补充的内容，或者附一张照片。"), ("rate", "请选择一项评价。")],
)
def test_an_empty_tracking_form_says_what_is_missing(verb, words, desk, client):
    stage = {"supplement": "needs_more", "rate": "answered"}[verb]
    page = press(client, letters.at_every_stage(*desk)[stage], verb)
    assert words in page[page.index("有问题需要更正") :][:600]


def test_a_step_that_came_too_late_is_refused_and_the_words_are_given_back(desk, client):
    ticket = letters.handling(*desk)
    handed_out = re.search(r'name="pass" value="([^"]+)"', opened(client, ticket))[1]
    actions.reply(ticket=ticket, text="已修好。", by=desk[2], at=SOON)
    sent = {"pass": handed_out, "text": "我写了很久的补充。"}
    page = client.post(f"{TRACK}add/", sent).content.decode()
    assert "这件诉求现在是“已答复”，不能再做这一步。" in page
    assert "我写了很久的补充。" in page.split("您写的还没有提交")[1]


def test_a_page_left_open_too_long_gives_the_words_back_and_asks_for_the_code(desk, client):
    ticket = letters.received()
    handed_out = re.search(r'name="pass" value="([^"]+)"', opened(client, ticket))[1]
    with time_machine.travel(SOON + timedelta(minutes=61)):
        page = client.post(
            f"{TRACK}add/", {"pass": handed_out, "text": "我写了很久的补充。"}
        ).content.decode()
    assert "页面打开超过一小时了" in page
    assert "我写了很久的补充。" in page
    assert letters.WORDS not in page
    assert ticket.additions.count() == 0


@pytest.mark.parametrize(
    "verb", ["add", "rate", "reopen", "withdraw", "withdraw_consent", "delete_contact"]
)
def test_no_action_of_the_tracking_page_works_without_the_pass(verb, desk, client):
    ticket = letters.received()
    for forged in ("", ticket.number, f"{ticket.number}:x:y"):
        assert client.post(f"{TRACK}{verb}/", {"pass": forged, "text": "补充"}).status_code == 404
    assert client.get(f"{TRACK}{verb}/").status_code == 405
    assert ticket.events.count() == 1


def test_the_actions_of_the_staff_are_no_addresses_of_the_tracking_page(desk, client):
    handed_out = re.search(r'name="pass" value="([^"]+)"', opened(client, letters.received()))[1]
    for verb in ("accept", "spam", "reply", "escalate", "burn"):
        assert client.post(f"{TRACK}{verb}/", {"pass": handed_out}).status_code == 404


def test_an_answer_is_rated_and_a_bad_one_is_done_once_more(desk, client):
    ticket = letters.answered(*desk)
    page = press(client, ticket, "rate", grade="bad", words="没有用。")
    assert "评价：<b>不满意</b>" in page
    assert page.count("已记下您的评价：不满意") == page.count("会有人回访") == 1
    assert "这件诉求办结" not in page
    assert "已办结" not in page
    assert Rating.objects.get().words == "没有用。"
    page = press(client, ticket, "reopen", reason="还是打不通。")
    assert "已收到，会重新办理。" in page
    assert "最迟 2013年7月9日 答复您。" in page
    assert "林一您好，电话已修好。" in page
    assert offered(page) == OPEN_LETTER


def test_nobody_who_left_no_contact_is_promised_a_call_after_a_bad_rating(desk, client):
    ticket = letters.answered(*desk, contact="", reply_by="web")
    for page in (press(client, ticket, "rate", grade="very_bad"), opened(client, ticket)):
        assert "不能回访您。结果写在这一页的“办理步骤”里。" in page
        assert "会有人" not in page
        assert "评价不满意，等待核实" in page


def test_a_bad_rating_that_was_followed_up_is_done(desk, client, people):
    ticket = letters.answered(*desk)
    press(client, ticket, "rate", grade="very_bad")
    ticket.refresh_from_db()
    actions.follow_up(ticket=ticket, result="已上门核实。", by=people.clerk, at=SOON)
    page = opened(client, ticket)
    assert "已办结" in page
    assert "等待核实" not in page
    assert "会有人回访" not in page


def test_with_a_good_rating_the_letter_is_done(desk, client):
    page = press(client, letters.answered(*desk), "rate", grade="good")
    assert "已收到您的评价，这件诉求办结。" in page


def test_a_refused_reopening_is_not_offered_again(desk, client):
    ticket = letters.answered(*desk)
    with time_machine.travel(NOW + timedelta(days=20)):
        assert "reopen" not in offered(opened(client, ticket))


def test_consent_and_contact_are_taken_back_at_once(desk, client):
    ticket = letters.published(*desk)
    assert "已撤回公开同意。" in press(client, ticket, "withdraw_consent")
    assert client.get(f"/feedback/{ticket.number}/").status_code == 410
    page = press(client, ticket, "delete_contact")
    assert "您的联系方式已经删除。" in page
    assert not Contact.objects.exists()
    assert offered(page) == {"rate", "reopen", "withdraw"}


def test_the_page_tells_every_step_and_nothing_that_is_for_the_staff(desk, client):
    ticket = letters.assigned(*desk[:2])
    actions.hand_back(ticket=ticket, reason="甲理由", by=desk[2], at=NOW)
    ticket = actions.assign(ticket=ticket, lead=desk[1], by=desk[0], at=NOW)
    until = NOW.date() + timedelta(days=6)
    actions.ask_extension(ticket=ticket, until=until, reason="乙理由", by=desk[2], at=NOW)
    actions.refuse_extension(ticket=ticket, reason="丙理由", by=desk[0], at=NOW)
    page = opened(client, ticket)
    for label in ("收到", "受理", "转办", "退回重新转办", "申请延期", "不同意延期"):
        assert label in page
    for inner in ("甲理由", "乙理由", "丙理由", letters.HANDLING):
        assert inner not in page


def test_the_same_number_of_queries_serves_few_steps_and_many(
    desk, client, django_assert_num_queries
):
    ticket = letters.received()
    right = {"number": ticket.number, "code": ticket.query_code}
    for steps in (1, 9):
        for n in range(steps):
            actions.add(ticket=ticket, text=f"第{steps}批第{n}条", at=NOW)
        with django_assert_num_queries(6):
            client.post(TRACK, right)


def test_the_writer_takes_a_copy_of_everything_that_is_kept_about_them(desk, client):
    ticket = letters.answered(*desk, location="海景路3号")
    actions.rate(ticket=ticket, grade="good", words="谢谢", at=SOON)
    told = json.loads(press(client, ticket, "copy"))
    assert (told["登记编号"], told["来信"], told["联系方式"]) == (
        ticket.number,
        letters.WORDS,
        letters.PHONE,
    )
    assert (told["地点"], told["答复"][0]["评价说明"]) == ("海景路3号", "谢谢")
    assert [step["事项"] for step in told["办理步骤"]] == [
        "收到",
        "受理",
        "转办",
        "开始办理",
        "答复",
        "评价",
    ]


def test_the_copy_holds_no_word_of_the_letter_it_was_merged_into(desk, client):
    head = letters.handling(*desk, token="head", text="主件原文", contact="13900001111")
    ticket = actions.merge(
        ticket=letters.received("follower"), into=head.number, by=desk[0], at=NOW
    )
    copy = press(client, ticket, "copy")
    assert letters.WORDS in copy
    assert not [word for word in ("主件原文", "13900001111", head.number) if word in copy]


def test_without_the_pass_or_with_an_old_one_there_is_no_copy(desk, client):
    ticket = letters.received()
    page = opened(client, ticket)
    assert client.post(f"{TRACK}copy/", {"pass": ticket.number}).status_code == 404
    assert client.post(f"{TRACK}copy/").status_code == 404
    with time_machine.travel(SOON + timedelta(hours=2)):
        handed_out = re.search(r'name="pass" value="([^"]+)"', page)[1]
        late = client.post(f"{TRACK}copy/", {"pass": handed_out}).content.decode()
    assert "页面打开超过一小时了" in late
    assert letters.PHONE not in late
