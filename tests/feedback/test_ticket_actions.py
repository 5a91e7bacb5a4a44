from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from common.errors import Refused
from feedback import actions
from feedback.models import Contact, Reply, Ticket, TicketEvent
from feedback.pages.ticket_actions import ACTIONS
from ledger.models import Entry
from ledger.verification import verify
from public.read_models.ledger import entry_line
from tests.fixtures import letters
from tests.fixtures.people import NOW, PORTAL

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def desk(people, units):
    """(clerk, leading unit, its reporter): who an ordinary letter passes."""
    return people.clerk, units["anjianju"], people.reporter


def test_a_letter_walks_from_receipt_to_a_published_answer(desk):
    ticket = letters.published(*desk)
    steps = ["receive", "accept", "assign", "take", "reply", "publish"]
    assert list(ticket.events.values_list("verb", flat=True)) == steps
    entries = Entry.objects.about("ticket", ticket.number).values_list("verb", flat=True)
    assert list(entries) == [f"{step}_ticket" for step in steps]
    assert verify().sound


def test_the_record_holds_no_word_and_no_contact_of_a_citizen(desk):
    letters.published(*desk)
    payloads = "".join(Entry.objects.values_list("payload", flat=True))
    for private in ("林一", "海景路", letters.PHONE, letters.HANDLING, "电话"):
        assert private not in payloads


def test_only_the_publication_is_a_public_entry(desk):
    letters.published(*desk)
    assert list(
        Entry.objects.about("ticket", "YT-2013-000001").public().values_list("verb", flat=True)
    ) == ["publish_ticket"]


def test_numbers_run_on_within_a_year_and_begin_again_in_the_next(units):
    first, second = letters.received("a"), letters.received("b")
    next_year = letters.received("c", at=NOW + timedelta(days=365))
    assert [t.number for t in (first, second, next_year)] == [
        "YT-2013-000001",
        "YT-2013-000002",
        "YT-2014-000001",
    ]


def test_the_year_of_a_number_is_the_local_one(units):
    utc_evening = NOW.fromisoformat("2013-12-31T17:00:00+00:00")
    assert letters.received(at=utc_evening).number == "YT-2014-000001"


def test_a_resend_is_the_same_ticket_with_the_same_code(units):
    first, again = letters.received("same"), letters.received("same", text="别的话")
    assert first == again
    assert first.query_code == again.query_code
    assert again.text == letters.WORDS
    assert TicketEvent.objects.count() == Entry.objects.count() == Contact.objects.count() == 1


def test_an_enquiry_is_due_in_three_working_days_and_says_why(calendar_2013):
    ticket = letters.received(at=NOW.fromisoformat("2013-07-05T23:30:00+08:00"))
    assert ticket.due_on == date(2013, 7, 10)
    assert ticket.due_explanation == "咨询 3 个工作日，自 2013年7月5日次日起算"


@pytest.mark.parametrize(("kind", "due"), [("enquiry", 5), ("suggestion", 16), ("complaint", 16)])
def test_every_kind_has_its_own_limit(kind, due, calendar_2013):
    assert letters.received(kind=kind).due_on == date(2013, 7, due)


def test_without_a_calendar_the_day_is_provisional_until_the_calendar_comes(units, request):
    ticket = letters.received()
    assert ticket.due_explanation.endswith("日历未公布，暂按周一至周五推算")
    assert actions.settle_due_days(by=PORTAL, at=NOW) == 0
    request.getfixturevalue("calendar_2013")
    assert actions.settle_due_days(by=PORTAL, at=NOW) == 1
    ticket.refresh_from_db()
    assert not ticket.due_provisional


def test_a_kind_put_right_at_screening_moves_the_due_day(people, calendar_2013):
    ticket = letters.received()
    actions.accept(
        ticket=ticket, kind="complaint", handling_text="核实。", by=people.supervisor, at=NOW
    )
    ticket.refresh_from_db()
    assert (ticket.kind, ticket.due_on) == ("complaint", date(2013, 7, 16))


def test_declining_tells_the_citizen_why(people):
    ticket = actions.decline(
        ticket=letters.received(), reason="不属于本平台受理范围。", by=people.clerk, at=NOW
    )
    assert ticket.status == "declined"
    assert ticket.events.last().public_note == "不属于本平台受理范围。"


def test_redirecting_names_channel_day_and_number(people):
    ticket = actions.redirect(
        ticket=letters.received(),
        channel="12345",
        day=date(2013, 7, 3),
        number="A7",
        by=people.clerk,
        at=NOW,
    )
    assert (ticket.status, ticket.redirected_on) == ("redirected", date(2013, 7, 3))
    assert ticket.events.last().public_note == "转往12345，对方编号 A7"


def test_assigning_names_lead_and_supporting_units(people, units):
    ticket, lead = letters.accepted(people.clerk), units["anjianju"]
    ticket = actions.assign(
        ticket=ticket, lead=lead, supporting=[lead, units["jiaoyuju"]], by=people.clerk, at=NOW
    )
    assert ticket.events.last().public_note == "由安监局主办，教育局协办"
    assert list(ticket.supporting_departments.all()) == [units["jiaoyuju"]]


def test_a_unit_may_hand_back_once_and_not_twice(desk):
    clerk, lead, reporter = desk
    ticket = letters.assigned(clerk, lead)
    ticket = actions.hand_back(ticket=ticket, reason="不归我局管。", by=reporter, at=NOW)
    assert (ticket.status, ticket.lead_department) == ("accepted", None)
    assert not ticket.events.filter(public_note__contains="不归我局管").exists()
    ticket = actions.assign(ticket=ticket, lead=lead, by=clerk, at=NOW)
    with pytest.raises(Refused, match="已经退回过一次"):
        actions.hand_back(ticket=ticket, reason="还是不归。", by=reporter, at=NOW)


@pytest.mark.parametrize("verb", ["take", "hand_back"])
def test_nobody_acts_for_a_unit_that_is_not_theirs(verb, desk, people):
    ticket = letters.assigned(*desk[:2])
    words = {"reason": "不归。"} if verb == "hand_back" else {}
    with pytest.raises(Refused, match="不由您所在的单位主办"):
        ACTIONS[verb].action(ticket=ticket, by=people.stranger, at=NOW, **words)


def test_an_answer_counts_the_working_days_it_took(desk, calendar_2013):
    ticket = letters.handling(*desk)
    actions.reply(ticket=ticket, text="已修好。", by=desk[2], at=NOW + timedelta(days=6))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.days_taken) == ("answered", 4)


def test_a_refused_answer_leaves_nothing_behind(desk, people):
    ticket = letters.handling(*desk)
    with pytest.raises(Refused, match="不由您所在的单位主办"):
        actions.reply(ticket=ticket, text="冒名答复", by=people.stranger, at=NOW)
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("accept", {"handling_text": "办"}),
        ("decline", {"reason": "不"}),
        ("redirect", {"channel": "12345", "day": NOW.date()}),
        ("take", {}),
        ("reply", {"text": "答"}),
        ("publish", {"public_text": "问", "public_reply": "答"}),
    ],
)
def test_no_step_is_done_out_of_turn(verb, words, desk):
    ticket = letters.accepted(desk[0])
    entries = Entry.objects.count()
    with pytest.raises(Refused, match="已受理，待转办"):
        ACTIONS[verb].action(ticket=ticket, by=desk[0], at=NOW, **words)
    assert Entry.objects.count() == entries


def test_without_consent_nothing_is_published(desk):
    with pytest.raises(Refused, match="没有同意公开"):
        letters.published(*desk, consent=False)


@pytest.mark.parametrize(
    "text",
    ["请打13812345678", "请打 138 1234 5678", "身份证44030019800101123X", "写信到lin@example.org"],
)
def test_a_text_with_personal_data_is_not_published(text, desk):
    ticket = letters.answered(*desk)
    with pytest.raises(Refused, match="请隐去后再公开"):
        actions.publish(
            ticket=ticket, public_text=text, public_reply="已修好。", by=desk[0], at=NOW
        )
    assert not Ticket.objects.published().exists()


def test_the_contact_itself_is_never_published_whatever_it_looks_like(desk):
    ticket = letters.answered(*desk, contact="微信号 linyi88")
    with pytest.raises(Refused, match="来信人的联系方式"):
        actions.publish(
            ticket=ticket, public_text="加微信号 linyi88", public_reply="好。", by=desk[0], at=NOW
        )


def test_looking_at_a_contact_is_recorded_internally(desk):
    ticket = letters.handling(*desk)
    assert actions.see_contact(ticket=ticket, by=desk[2], at=NOW) == letters.PHONE
    entry = Entry.objects.newest_first().first()
    assert (entry.verb, entry.visibility, entry.actor_id) == (
        "see_contact",
        "internal",
        str(desk[2].pk),
    )


def test_withdrawing_an_open_letter_ends_it_and_deletes_the_contact(people):
    ticket = actions.withdraw(ticket=letters.accepted(people.clerk), at=NOW)
    assert ticket.status == "withdrawn"
    assert not Contact.objects.exists()


def test_withdrawing_a_published_letter_takes_the_page_down_and_keeps_its_digest(desk):
    ticket = actions.withdraw(ticket=letters.published(*desk), at=NOW)
    assert (ticket.status, ticket.public_text, ticket.public_reply) == ("answered", "", "")
    assert not Ticket.objects.published().exists()
    assert '"public_text":"' in Entry.objects.newest_first().first().payload
    with pytest.raises(Refused, match="已经撤回"):
        actions.withdraw(ticket=ticket, at=NOW)


def test_contacts_of_long_closed_letters_are_deleted_by_the_nightly_command(desk, people, capsys):
    old = letters.answered(*desk, token="old")
    letters.received("open")
    actions.withdraw(ticket=letters.received("gone"), at=NOW)
    recent = letters.answered(*desk, token="recent", at=timezone.now())
    TicketEvent.objects.filter(ticket=recent).update(at=timezone.now() - timedelta(days=179))
    call_command("tend_tickets")
    assert "删除联系方式 1 件" in capsys.readouterr().out
    assert set(Contact.objects.values_list("ticket__form_token", flat=True)) == {"open", "recent"}
    assert Entry.objects.about("ticket", old.number).filter(verb="forget_contact").exists()


def test_two_supporting_units_do_not_read_like_one_that_followed_the_other(people, units):
    both = [units["jiaoyuju"], units["chengguanju"]]
    ticket = letters.accepted(people.clerk)
    actions.assign(ticket=ticket, lead=units["anjianju"], supporting=both, by=people.clerk, at=NOW)
    details = entry_line(Entry.objects.get(verb="assign_ticket"), internal=True).details
    assert f"{both[0].pk}、{both[1].pk}" in details
    assert "→" not in details
