"""The staff's side: one list of what I owe, one page with what I may do."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback import actions
from feedback.forms.handling import TEMPLATES
from feedback.forms.parts import new_token
from feedback.models import Reply, Ticket
from feedback.read_models.inbox import desk, work_items_for
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
DESK = "/staff/feedback/"


def post(client, ticket, verb, **words):
    return client.post(f"{DESK}{ticket.number}/{verb}/", words)


def groups(user) -> dict[str, list[str]]:
    return {group.title: [row.number for row in group.rows] for group in desk(user, NOW.date())}


@pytest.mark.parametrize("page", ["", "all/", "new/", "YT-2013-000001/"])
def test_a_visitor_sees_no_page_of_the_feedback_desk(page, client, units):
    letters.received()
    assert "/sign-in/" in client.get(f"{DESK}{page}").url


def test_the_feedback_desk_groups_letters_by_what_is_owed_soonest_first(
    people, units, calendar_2013
):
    letters.received("a", kind="suggestion")
    letters.received("b")
    letters.assigned(people.clerk, units["anjianju"], token="c")
    letters.answered(people.clerk, units["anjianju"], people.reporter, token="d")
    assert groups(people.clerk) == {
        "待受理": ["YT-2013-000002", "YT-2013-000001"],
        "可以公开": ["YT-2013-000004"],
        "由别人办理的": ["YT-2013-000003"],
    }
    assert groups(people.reporter)["待接收"] == ["YT-2013-000003"]
    assert groups(people.stranger) == {}


@pytest.mark.parametrize(("today", "left"), [(3, "还剩 2 天"), (5, "今天到期"), (8, "已超期 3 天")])
def test_a_duty_says_what_is_missing_and_how_long(today, left, people, calendar_2013):
    letters.received()
    [duty] = work_items_for(people.clerk, date(2013, 7, today))
    assert (duty.due_on, duty.missing) == (date(2013, 7, 5), "还差：受理意见")
    assert duty.title == f"咨询 YT-2013-000001（{left}）"
    assert duty.url == f"{DESK}YT-2013-000001/"


def test_a_letter_of_the_demonstration_is_marked_among_the_duties_too(people, calendar_2013):
    letters.received("a", demonstration=True)
    letters.received("b")
    assert [duty.demonstration for duty in work_items_for(people.clerk, NOW.date())] == [
        True,
        False,
    ]


def test_publishing_an_answer_is_no_work_item(people, units):
    letters.answered(people.clerk, units["anjianju"], people.reporter)
    assert work_items_for(people.clerk, NOW.date()) == []


def test_a_letter_goes_from_receipt_to_publication_through_the_pages(client, people, units):
    ticket, lead = letters.received(), units["anjianju"]
    nobody = {"about_department": "none", "handling_text": letters.HANDLING}
    way = [
        (people.clerk, "accept", {"kind": "enquiry", "subject": "safety"} | nobody),
        (people.clerk, "assign", {"lead": lead.pk, "supporting": [units["jiaoyuju"].pk]}),
        (people.reporter, "take", {}),
        (people.reporter, "reply", {"text": "已修好。"}),
        (people.clerk, "publish", {"public_text": "问题", "public_reply": "答复"}),
    ]
    for who, verb, words in way:
        client.force_login(who)
        html = client.get(f"{DESK}{ticket.number}/").content.decode()
        assert f'action="{DESK}{ticket.number}/{verb}/"' in html
        assert post(client, ticket, verb, **words).url == f"{DESK}{ticket.number}/"
    assert Ticket.objects.published().get() == ticket


@pytest.mark.parametrize(
    ("who", "verb", "code"),
    [
        ("leader", "accept", 403),
        ("auditor", "decline", 403),
        ("supervisor", "accept", 404),
        ("stranger", "accept", 404),
        ("clerk", "take", 403),
        ("clerk", "burn", 404),
    ],
)
def test_a_letter_out_of_sight_is_404_and_a_step_not_allowed_403(who, verb, code, client, people):
    ticket = letters.received()
    client.force_login(getattr(people, who))
    assert post(client, ticket, verb).status_code == code
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("verb", ["accept", "decline", "redirect"])
def test_a_form_without_its_words_says_what_is_missing(verb, client, people):
    ticket = letters.received()
    client.force_login(people.clerk)
    page = post(client, ticket, verb).content.decode()
    assert "有问题需要更正" in page
    assert f'href="#{verb}_' in page
    assert Ticket.objects.get().status == "received"


def test_a_step_somebody_else_did_meanwhile_is_refused_in_words(client, people):
    ticket = letters.accepted(people.clerk)
    client.force_login(people.clerk)
    page = post(client, ticket, "decline", reason="写了很久的理由").content.decode()
    assert "这件诉求现在是“已受理，待转办”" in page
    assert "写了很久的理由" in page.split("您写的没有保存")[1]


def test_the_contact_is_masked_until_somebody_asks_and_the_look_is_recorded(client, people):
    ticket = letters.received()
    client.force_login(people.clerk)
    for page in (DESK, f"{DESK}all/", f"{DESK}{ticket.number}/"):
        html = client.get(page).content.decode()
        assert "138****5678" in html
        assert letters.PHONE not in html
    assert letters.PHONE in client.post(f"{DESK}{ticket.number}/contact/").content.decode()
    assert Entry.objects.newest_first().first().verb == "see_contact"


def test_whoever_may_not_see_the_contact_gets_not_even_the_mask(client, people):
    ticket = letters.received()
    client.force_login(people.leader)
    assert "****5678" not in client.get(f"{DESK}{ticket.number}/").content.decode()
    assert client.post(f"{DESK}{ticket.number}/contact/").status_code == 403


def test_a_complaints_own_words_are_not_proposed_for_forwarding(client, people):
    client.force_login(people.clerk)
    for kind, proposed in [("enquiry", True), ("complaint", False)]:
        ticket = letters.received(kind, kind=kind)
        page = client.get(f"{DESK}{ticket.number}/").content.decode()
        area = page.partition('name="handling_text"')[2].partition("</textarea>")[0]
        assert (letters.WORDS in area) == proposed


IDENTITY = "440301199001011234"
SIGNED = f"路灯不亮。林一，身份证号{IDENTITY}，邮箱lin@example.cn请回复。"


def test_numbers_of_a_person_are_not_proposed_for_forwarding(client, people):
    client.force_login(people.clerk)
    ticket = letters.received(text=SIGNED)
    page = client.get(f"{DESK}{ticket.number}/").content.decode()
    area = page.partition('name="handling_text"')[2].partition("</textarea>")[0]
    assert "路灯不亮。林一，身份证号（身份证号已隐去），邮箱（电子邮箱已隐去）请回复。" in area


def test_lists_name_a_letter_by_what_is_to_be_done_and_never_by_a_persons_numbers(
    client, people, units
):
    ticket = letters.received(text=SIGNED)
    [duty] = work_items_for(people.clerk, NOW.date())
    assert duty.note.startswith("路灯不亮。林一，身份证号（身份证号已隐去）")
    actions.accept(ticket=ticket, handling_text=letters.HANDLING, by=people.clerk, at=NOW)
    actions.assign(ticket=ticket, lead=units["anjianju"], by=people.clerk, at=NOW)
    [duty] = work_items_for(people.reporter, NOW.date())
    assert duty.note == letters.HANDLING
    for page in ("/staff/", DESK, f"{DESK}all/"):
        for who in (people.reporter, people.clerk):
            client.force_login(who)
            html = client.get(page).content.decode()
            assert IDENTITY not in html
            assert "林一" not in html


def test_the_unit_answering_for_the_task_is_proposed_as_lead(client, people, white_paper, units):
    ticket = letters.accepted(people.clerk, task=white_paper.task)
    client.force_login(people.clerk)
    page = client.get(f"{DESK}{ticket.number}/").content.decode()
    assert f'<option value="{units["anjianju"].pk}" selected>' in page


def test_a_clerk_registers_a_call_and_reads_the_receipt_out(client, people):
    client.force_login(people.clerk)
    answers = {"token": new_token(), "channel": "telephone", "kind": "enquiry", "text": "问路灯"}
    page = client.post(f"{DESK}new/", answers).content.decode()
    ticket = Ticket.objects.get()
    assert ticket.channel == "telephone"
    assert ticket.query_code in page.replace(" ", "")
    assert Entry.objects.get().actor_unit == "区府办"


def test_no_trap_for_machines_keeps_a_clerk_waiting(client, people, settings):
    settings.LETTER_SECONDS = 3
    client.force_login(people.clerk)
    answers = {"token": new_token(), "channel": "telephone", "kind": "enquiry", "text": "问路灯"}
    client.post(f"{DESK}new/", answers)
    assert Ticket.objects.count() == 1


def test_a_clerk_is_asked_about_a_number_that_cannot_be_one_and_may_insist(client, people):
    client.force_login(people.clerk)
    answers = {"token": new_token(), "channel": "telephone", "kind": "enquiry", "text": "问路灯"}
    answers |= {"reply_by": "telephone", "contact": "1380013"}
    assert "number_is_right" not in client.get(f"{DESK}new/").content.decode()
    page = client.post(f"{DESK}new/", answers).content.decode()
    assert "“1380013”像是不全，或者写错了" in page
    assert not Ticket.objects.exists()
    client.post(f"{DESK}new/", answers | {"number_is_right": "on"})
    assert Ticket.objects.get().contact.text == "1380013"


def test_a_letter_is_registered_only_with_where_it_came_from(client, people):
    client.force_login(people.clerk)
    answers = {"token": new_token(), "kind": "enquiry", "text": "问路灯", "reply_by": "telephone"}
    page = client.post(f"{DESK}new/", answers).content.decode()
    assert "请选择来源。" in page
    assert "来信人想要电话或短信答复，请写下号码" in page
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("demo", [True, False])
def test_a_letter_registered_in_the_demonstration_says_so(demo, client, people, settings):
    settings.DEMO = demo
    client.force_login(people.clerk)
    answers = {"token": new_token(), "channel": "counter", "kind": "enquiry", "text": "问路灯"}
    client.post(f"{DESK}new/", answers)
    assert Ticket.objects.get().demonstration is demo


def test_only_clerks_register(client, people):
    client.force_login(people.supervisor)
    assert client.get(f"{DESK}new/").status_code == 403


@pytest.mark.parametrize("page", ["", "all/"])
def test_the_desk_asks_as_many_queries_for_thirty_letters_as_for_three(page, client, people, units):
    client.force_login(people.clerk)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{DESK}{page}").status_code == 200
        return len(captured)

    def letters_until(last):
        for n in range(Ticket.objects.count(), last):
            letters.assigned(
                people.clerk, units["anjianju"], token=str(n), at=NOW + timedelta(minutes=n)
            )

    letters_until(3)
    few = queries()
    letters_until(30)
    # One of them looks for what the person typed on the page and has not sent.
    assert queries() == few <= 13


def test_a_reply_begins_as_its_kind_does_and_the_beginning_alone_is_no_reply(client, people, units):
    ticket = letters.handling(people.clerk, units["anjianju"], people.reporter)
    client.force_login(people.reporter)
    page = client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    assert "您的来信收悉。关于您问的事，答复如下：" in page
    assert "采纳" not in page
    sent = client.post(
        f"/staff/feedback/{ticket.number}/reply/", {"text": TEMPLATES["enquiry"]}
    ).content.decode()
    assert "这还只是开头，请写下答复。" in sent
    assert not Reply.objects.exists()


def test_a_suggestion_is_adopted_partly_or_not_and_its_writer_reads_which(client, people, units):
    ticket = letters.handling(people.clerk, units["anjianju"], people.reporter, kind="suggestion")
    client.force_login(people.reporter)
    address = f"/staff/feedback/{ticket.number}/reply/"
    assert (
        "请选择采纳、部分采纳或不采纳。"
        in client.post(address, {"text": "写好了。"}).content.decode()
    )
    client.post(address, {"text": "没有经费。", "adoption": "rejected"})
    assert Reply.objects.get().adoption == "rejected"
    own = client.post(
        "/feedback/track/", {"number": ticket.number, "code": ticket.query_code}
    ).content.decode()
    assert "<b>不采纳</b>" in own


def test_what_looks_like_a_private_number_is_marked_before_anybody_passes_it_on(client, people):
    ticket = letters.received(text="请打13912345678，卡号6222020000000000。")
    client.force_login(people.clerk)
    page = client.get(f"/staff/feedback/{ticket.number}/").content.decode()
    assert "<mark>13912345678</mark>（像手机号）" in page
    assert "<mark>6222020000000000</mark>（像银行卡号）" in page


def test_a_mail_is_tied_to_its_promise_when_it_is_accepted_and_a_wrong_one_is_untied(
    client, people, units, white_paper
):
    mail, wrong = letters.received("mail"), letters.received("wrong", task=white_paper.task)
    client.force_login(people.clerk)
    about = {
        "kind": "enquiry",
        "about_department": "none",
        "handling_text": "办",
        "subject": "none",
    }
    client.post(f"{DESK}{mail.number}/accept/", about | {"task": white_paper.task.code})
    client.post(f"{DESK}{wrong.number}/accept/", about)
    assert [one.task for one in Ticket.objects.order_by("pk")] == [white_paper.task, None]
    told = [one.events.last().public_note for one in (mail, wrong)]
    assert told == [f"归到承诺“{white_paper.task.title}”。", "与承诺没有直接关系。"]
    assert (
        f'"task":["{white_paper.task.code}",null]' in Entry.objects.newest_first().first().payload
    )


def test_the_reason_of_a_reopening_is_shown_apart_from_additions(client, people, units):
    ticket = letters.handling(people.clerk, units["anjianju"], people.reporter)
    actions.add(ticket=ticket, text="还有一处。", at=NOW)
    actions.reply(ticket=ticket, text="修好了。", by=people.reporter, at=NOW + timedelta(hours=1))
    actions.reopen(ticket=ticket, reason="还是打不通。", at=NOW + timedelta(hours=2))
    client.force_login(people.clerk)
    pieces = client.get(f"{DESK}{ticket.number}/").context["letter"]
    assert [piece.title for piece in pieces] == ["", "后来补充", "为什么要求重办"]
