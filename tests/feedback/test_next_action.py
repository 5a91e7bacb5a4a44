"""A letter's page: what this person owes stands open and first, by when is said;
the rest is folded.
"""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from common.text.wording import cn_date
from feedback import actions
from feedback.actions.extensions import latest_day
from feedback.forms.parts import new_token
from feedback.models import Ticket
from feedback.pages.ticket_actions import ACTIONS
from tests.fixtures import letters
from tests.fixtures.page_text import source_of
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(people, units):
    return people.clerk, units["anjianju"], people.reporter


def page_of(client, who, ticket) -> str:
    client.force_login(who)
    return source_of(client.get(f"/staff/feedback/{ticket.number}/"))


@pytest.mark.parametrize(
    ("stage", "who", "title"),
    [
        ("received", "clerk", "受理"),
        ("accepted", "clerk", "转办"),
        ("assigned", "reporter", "接收"),
        ("handling", "reporter", "答复"),
        ("answered", "clerk", "公开"),
        ("needs_more", "clerk", "不等补充，继续办理"),
    ],
)
def test_the_page_of_a_letter_opens_only_the_form_of_the_step_that_is_owed(
    stage, who, title, desk, people, client
):
    page = page_of(client, getattr(people, who), letters.at_every_stage(*desk)[stage])
    assert f'<section id="next"><h2>{title}</h2>' in page
    assert '<a href="#next">' in page
    assert '<details class="fold" open>' not in page


@pytest.mark.parametrize(
    ("stage", "who"), [("handling", "clerk"), ("received", "leader"), ("closed", "auditor")]
)
def test_the_page_of_a_letter_opens_no_form_for_whoever_owes_no_step(
    stage, who, desk, people, client
):
    page = page_of(client, getattr(people, who), letters.at_every_stage(*desk)[stage])
    assert 'id="next"' not in page
    assert "#next" not in page


def test_a_form_that_was_refused_stays_open_with_the_reason_beside_it(desk, people, client):
    ticket = letters.accepted(people.clerk)
    client.force_login(people.clerk)
    page = client.post(f"/staff/feedback/{ticket.number}/merge/", {"into": "YT-1"}).content.decode()
    form = page.partition('<details class="fold" open>')[2].partition("</form>")[0]
    assert 'value="YT-1"' in form
    assert '<p class="field__error">没有找到可以并入的诉求 YT-1' in form


@pytest.mark.parametrize(("ago", "offered"), [(1, True), (30, False)])
def test_time_is_asked_and_granted_only_before_the_day_is_over(ago, offered, desk, people, client):
    at = timezone.now() - timedelta(days=ago)
    ticket = letters.handling(*desk, kind="suggestion", at=at)
    assert ("/ask_extension/" in page_of(client, people.reporter, ticket)) == offered
    Ticket.objects.filter(pk=ticket.pk).update(extension_asked_until=date(2030, 1, 1))
    page = page_of(client, people.clerk, ticket)
    assert ("/extend/" in page) == offered
    assert "/refuse_extension/" in page


def test_who_asks_for_time_reads_the_last_day_and_who_decides_the_reason(desk, people):
    ticket = letters.handling(*desk, at=timezone.now())
    last = f"最晚到{cn_date(latest_day(ticket))}。"
    assert ACTIONS["ask_extension"].form_for(ticket).fields["until"].help_text == last
    assert ACTIONS["extend"].form_for(ticket).fields["until"].help_text.startswith(last)


def test_the_reason_of_a_wish_for_time_stands_above_its_answer(desk, people, client, calendar_2013):
    wish = {"until": date(2013, 7, 10), "reason": "要现场勘查", "by": people.reporter, "at": NOW}
    ticket = actions.ask_extension(ticket=letters.handling(*desk), **wish)
    page = page_of(client, people.clerk, ticket)
    assert page.index("理由：要现场勘查") < page.index('<div class="prose">')


def test_a_reply_says_whether_it_went_out_or_waits_for_its_check(desk, people, client, settings):
    said = {False: "来信人凭编号和查询码可以看到。", True: "答复已送审核，通过后来信人才能看到。"}
    for check, words in said.items():
        settings.SITE = settings.SITE | {
            "tickets": settings.SITE["tickets"] | {"reply_check": check}
        }
        ticket = letters.handling(*desk, token=str(check))
        client.force_login(people.reporter)
        page = client.post(
            f"/staff/feedback/{ticket.number}/reply/", {"text": "已修好。"}, follow=True
        )
        assert words in page.content.decode()


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("web", "答复已记下，来信人凭编号和查询码可以看到。"),
        ("telephone", "；来信人要电话答复，由受理员告知。"),
        ("sms", "；来信人要短信答复，由受理员告知。"),
        ("mail", "；来信人要邮件答复，由受理员告知。"),
    ],
)
def test_a_reply_is_not_called_sent_where_the_writer_still_has_to_be_told(
    way, words, desk, people, client
):
    ticket = letters.handling(*desk, reply_by=way)
    client.force_login(people.reporter)
    address = f"/staff/feedback/{ticket.number}/reply/"
    page = client.post(address, {"text": "已修好。"}, follow=True).content.decode()
    assert words in page
    assert "已发给来信人" not in page
    assert ("由受理员告知" in page.split("<main")[1]) == (way != "web")


@pytest.mark.parametrize(
    ("verb", "said", "made"),
    [
        ("ask_more", {"question": "哪条路？"}, letters.handling),
        (
            "decline",
            {"reason": "不属于本区职权"},
            lambda clerk, *_, **wish: letters.received(**wish),
        ),
    ],
)
def test_a_question_or_refusal_says_that_a_writer_who_wants_a_call_has_to_be_told(
    verb, said, made, desk, people, client
):
    ticket = made(*desk, reply_by="telephone")
    client.force_login(people.reporter if verb == "ask_more" else people.clerk)
    page = client.post(f"/staff/feedback/{ticket.number}/{verb}/", said, follow=True)
    assert "；来信人要电话答复，由受理员告知。" in page.content.decode()


def test_a_clerk_ties_a_call_to_the_promise_it_is_about(people, white_paper, client):
    client.force_login(people.clerk)
    answers = {"token": new_token(), "channel": "telephone", "kind": "enquiry", "text": "问路灯"}
    assert white_paper.task.title in client.get("/staff/feedback/new/").content.decode()
    client.post("/staff/feedback/new/", answers | {"task": white_paper.task.code})
    assert Ticket.objects.get().task == white_paper.task


def test_whoever_owes_the_step_after_an_answer_reads_it_once_and_others_that_it_is_owed(
    desk, people, client
):
    ticket = actions.rate(ticket=letters.answered(*desk), grade="bad", at=NOW + timedelta(days=1))
    owing, looking = page_of(client, people.clerk, ticket), page_of(client, people.leader, ticket)
    assert '<p class="lead"><a href="#next">来信人不满意，还差：回访和结果</a></p>' in owing
    assert '<p class="lead"><b>还没有回访</b></p>' in looking
