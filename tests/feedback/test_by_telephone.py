"""What a person says by telephone, over the counter or in a letter: entered by the clerk,
and said so.
"""

from datetime import timedelta

import pytest

from common.errors import Refused
from feedback import actions
from feedback.forms.parts import new_token
from feedback.forms.submission import RegisterForm
from feedback.models import Rating, Ticket
from ledger.models import Entry
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=1)
DESK = "/staff/feedback/"


def post(client, ticket, verb, **words):
    return client.post(f"{DESK}{ticket.number}/{verb}/", words)


def test_an_addition_by_telephone_names_its_channel_and_the_clerk_who_entered_it(
    client, desk, people
):
    ticket = letters.handling(*desk)
    client.force_login(people.clerk)
    assert (
        post(client, ticket, "add", channel="telephone", text="还有一处也坏了").status_code == 302
    )
    step, entry = ticket.events.last(), Entry.objects.newest_first().first()
    assert (step.verb, step.by, step.unit) == ("add", people.clerk, "区府办")
    assert step.public_note == "来信人的话，由受理员登记（电话）。"
    assert (entry.verb, entry.actor_unit) == ("add_ticket", "区府办")
    assert '"channel":"telephone"' in entry.payload
    assert "还有一处" not in entry.payload
    assert ticket.additions.get().text == "还有一处也坏了"


def test_an_addition_by_telephone_that_was_asked_for_starts_the_clock_again(client, desk, people):
    ticket = actions.ask_more(
        ticket=letters.handling(*desk), question="哪条路？", by=people.reporter, at=NOW
    )
    client.force_login(people.clerk)
    post(client, ticket, "supplement", channel="counter", text="海景路")
    assert Ticket.objects.get().status == "handling"
    assert ticket.events.last().public_note == "来信人的话，由受理员登记（窗口）。"


@pytest.mark.parametrize(
    ("grade", "said"), [("very_bad", "会有人回访来信人。"), ("fair", "这件诉求办结。")]
)
def test_the_clerk_is_told_that_a_bad_rating_by_telephone_is_followed_up(
    grade, said, desk, people, client
):
    ticket = letters.answered(*desk)
    client.force_login(people.clerk)
    address = f"/staff/feedback/{ticket.number}/rate/"
    page = client.post(address, {"channel": "telephone", "grade": grade}, follow=True)
    assert f"{ticket.number}：已登记，{said}" in page.content.decode()


def test_the_clerk_is_not_told_of_a_call_that_nobody_can_make(desk, people, client):
    ticket = letters.answered(*desk, contact="", reply_by="web")
    client.force_login(people.clerk)
    address = f"/staff/feedback/{ticket.number}/rate/"
    page = client.post(address, {"channel": "counter", "grade": "bad"}, follow=True)
    assert "没有联系方式，不能回访" in page.content.decode()
    assert "会有人回访" not in page.content.decode()


def test_a_rating_by_telephone_closes_the_letter_once(desk, people, time_machine, client):
    ticket = letters.answered(*desk)
    time_machine.move_to(SOON)
    client.force_login(people.clerk)
    post(client, ticket, "rate", channel="telephone", grade="bad", words="没修好")
    assert (Rating.objects.get().grade, Ticket.objects.get().status) == ("bad", "closed")
    assert ticket.events.last().public_note == "不满意。来信人的话，由受理员登记（电话）。"
    assert post(client, ticket, "rate", channel="telephone", grade="good").status_code == 200
    assert Rating.objects.count() == 1


@pytest.mark.parametrize("verb", ["add", "rate"])
def test_an_entry_by_telephone_without_channel_or_words_says_what_is_missing(
    verb, client, desk, people
):
    ticket = letters.answered(*desk) if verb == "rate" else letters.handling(*desk)
    client.force_login(people.clerk)
    page = post(client, ticket, verb).content.decode()
    assert "请选择来信人怎样告诉您的。" in page
    assert (
        "请选择一项评价。" if verb == "rate" else "请写下来信人补充的内容，或者附一张照片。"
    ) in page


@pytest.mark.parametrize("who", ["reporter", "supervisor", "leader"])
def test_only_the_clerk_enters_what_was_said_by_telephone(who, client, desk, people):
    ticket = letters.answered(*desk, kind="complaint")
    client.force_login(getattr(people, who))
    assert post(client, ticket, "rate", channel="telephone", grade="very_good").status_code == 403


def test_nobody_enters_a_rating_of_an_answer_of_their_own_unit(desk, people, units):
    reporter = people.publisher
    reporter.memberships.create(department=units["qufuban"], role="reporter")
    ticket = letters.answered(people.clerk, units["qufuban"], reporter)
    with pytest.raises(Refused, match="答复是您所在的单位作的"):
        actions.rate(
            ticket=ticket, grade="very_good", by=people.clerk, channel="telephone", at=SOON
        )


def test_a_clerk_of_the_unit_complained_of_enters_no_words_by_telephone(desk, people, units):
    about = {"kind": "complaint", "about": units["qufuban"]}
    ticket = letters.handling(people.supervisor, *desk[1:], **about)
    with pytest.raises(Refused, match="涉及您所在的单位"):
        actions.add(ticket=ticket, text="还有", by=people.clerk, channel="telephone", at=SOON)


@pytest.mark.parametrize(
    ("contact", "errors"),
    [
        ("lin@example.org", []),
        ("13812345678", ["来信人想要邮件答复，请写下电子邮箱。"]),
    ],
)
def test_no_letter_is_registered_to_be_answered_by_mail_without_an_address(contact, errors):
    typed = {"token": new_token(), "kind": "enquiry", "text": "问路灯", "channel": "telephone"}
    form = RegisterForm(typed | {"reply_by": "mail", "contact": contact})
    assert form.errors.get("contact", []) == errors
