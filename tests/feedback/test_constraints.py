"""What the database itself refuses, whoever writes."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from feedback import actions
from feedback.models import (
    Addition,
    Contact,
    Rating,
    Reply,
    SentMail,
    SetAsideMail,
    Ticket,
    TicketEvent,
)
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def answered(people, units):
    return letters.answered(people.clerk, units["anjianju"], people.reporter)


PUBLIC = {"published_at": NOW, "public_text": "问", "public_reply": "答"}


def test_a_redacted_answered_ticket_with_consent_may_be_public(answered):
    Ticket.objects.filter(pk=answered.pk).update(**PUBLIC)
    assert Ticket.objects.published().count() == 1


REFUSED = [
    ("ticket_kind", {"kind": "praise"}),
    ("ticket_channel", {"channel": "fax"}),
    ("ticket_reply_by", {"reply_by": "pigeon"}),
    ("ticket_says_something", {"text": ""}),
    ("ticket_photo_with_digest", {"photo": "letters/a.jpg"}),
    ("ticket_photo_with_digest", {"photo_sha256": "a" * 64}),
    ("ticket_says_something", {"notice_version": ""}),
    ("ticket_accepted_with_handling_text", {"handling_text": ""}),
    ("ticket_assigned_to_a_unit", {"lead_department": None}),
    ("ticket_answered_at_a_time", {"answered_at": None}),
    ("ticket_answered_at_a_time", {"days_taken": None}),
    ("ticket_answered_at_a_time", {"status": "handling"}),
    ("ticket_answered_at_a_time", {"answered_by": None}),
    ("ticket_answered_at_a_time", {"status": "closed", "answered_at": None}),
    ("ticket_opened_again_once", {"opening": 3}),
    ("ticket_extension_asked_at_work", {"extension_asked_until": NOW.date()}),
    ("ticket_not_merged_into_itself", {"merged_into": F("id")}),
    ("ticket_handed_back_with_reason", {"handed_back_at": NOW}),
    ("ticket_handed_back_with_reason", {"hand_back_reason": "不归"}),
    ("ticket_published_redacted", PUBLIC | {"public_text": ""}),
    ("ticket_published_redacted", PUBLIC | {"public_reply": ""}),
    ("ticket_published_redacted", PUBLIC | {"published_at": None}),
    ("ticket_published_redacted", PUBLIC | {"consent_to_publish": False}),
    (
        "ticket_published_redacted",
        PUBLIC
        | {"status": "handling", "answered_at": None, "days_taken": None, "answered_by": None},
    ),
    ("ticket_disputed_for_a_day", {"review_by": NOW.date()}),
    (
        "ticket_review_with_reason",
        {"review_outcome": "upheld", "review_note": "已核", "reviewed_at": NOW},
    ),
    ("ticket_review_with_reason", {"review_note": "已核"}),
    ("ticket_review_with_reason", {"reviewed_at": NOW}),
    ("ticket_taken_down_with_reason", {"taken_down_at": NOW}),
    ("ticket_taken_down_with_reason", PUBLIC | {"taken_down_at": NOW, "taken_down_reason": "撤"}),
]


@pytest.mark.parametrize(("constraint", "change"), REFUSED)
def test_the_database_refuses_an_inconsistent_answered_ticket(constraint, change, answered):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Ticket.objects.filter(pk=answered.pk).update(**change)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ticket_status", {"status": "lost"}),
        ("ticket_declined_with_reason", {"status": "declined"}),
        ("ticket_redirected_somewhere", {"status": "redirected", "redirected_to": "12345"}),
        (
            "ticket_redirected_somewhere",
            {"status": "redirected", "redirected_on": date(2013, 7, 3)},
        ),
        ("ticket_withdrawn_at_a_time", {"status": "withdrawn"}),
        ("ticket_merged_into_another", {"status": "merged"}),
        ("ticket_answered_at_a_time", {"opening": 2}),
    ],
)
def test_the_database_refuses_an_inconsistent_received_ticket(constraint, change, units):
    ticket = letters.received()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**change)


@pytest.mark.parametrize("column", ["number", "form_token"])
def test_the_database_refuses_two_tickets_with_one_number_or_form(column, units):
    first, second = letters.received("a"), letters.received("b")
    with pytest.raises(IntegrityError, match=column), transaction.atomic():
        Ticket.objects.filter(pk=second.pk).update(**{column: getattr(first, column)})


@pytest.mark.parametrize(
    ("constraint", "model", "change"),
    [
        ("ticket_event_verb", TicketEvent, {"verb": "sleep"}),
        ("ticket_event_sets_a_day", TicketEvent, {"verb": "extend"}),
        ("contact_not_empty", Contact, {"sealed": ""}),
        ("addition_says_something", Addition, {"text": ""}),
        ("addition_photo_with_digest", Addition, {"photo": "letters/a.jpg"}),
        ("addition_photo_with_digest", Addition, {"photo_sha256": "a" * 64}),
        ("rating_on_five_levels", Rating, {"grade": "superb"}),
        ("reply_says_something", Reply, {"text": ""}),
        ("reply_adoption_known", Reply, {"adoption": "perhaps"}),
        ("reply_sent_or_returned_by_somebody", Reply, {"sent_at": None}),
        ("reply_sent_or_returned_by_somebody", Reply, {"state": "checking"}),
        (
            "reply_sent_or_returned_by_somebody",
            Reply,
            {"state": "returned", "sent_at": None, "days": None},
        ),
        ("reply_sent_or_returned_by_somebody", Reply, {"state": "lost"}),
        ("reply_checked_by_another", Reply, {"checked_by": F("by")}),
    ],
)
def test_the_database_refuses_inconsistent_rows_of_a_ticket(constraint, model, change, answered):
    actions.rate(ticket=answered, grade="good", at=NOW)
    Addition.objects.create(ticket=answered, text="补充", at=NOW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**change)


def test_the_database_refuses_two_replies_in_check_at_a_time(answered):
    row = {
        "ticket": answered,
        "department": answered.answered_by,
        "text": "答",
        "by": Reply.objects.get().by,
        "at": NOW,
    }
    Reply.objects.create(**row, state="checking")
    with (
        pytest.raises(IntegrityError, match=r"reply_one_in_check|feedback_reply\.ticket_id"),
        transaction.atomic(),
    ):
        Reply.objects.create(**row, state="checking")


@pytest.mark.parametrize(
    ("constraint", "model", "change"),
    [
        ("set_aside_for_a_reason", SetAsideMail, {"reason": "boring"}),
        ("set_aside_with_original", SetAsideMail, {"sealed_original": ""}),
        ("set_aside_with_original", SetAsideMail, {"sealed_words": ""}),
        ("set_aside_settled_by_somebody", SetAsideMail, {"settled_at": NOW}),
        ("set_aside_settled_by_somebody", SetAsideMail, {"settled_note": "已读"}),
        ("sent_mail_has_an_id", SentMail, {"message_id": ""}),
    ],
)
def test_the_database_refuses_inconsistent_mails(constraint, model, change, units):
    facts = {"mark": "m", "original": b"x", "reason": "empty", "detail": "", "words": {}}
    actions.set_aside(**facts, at=NOW)
    actions.record_sent_mail(ticket=letters.received(), message_id="<a@example.org>", at=NOW)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**change)


def test_the_database_refuses_one_mail_added_twice(units):
    """addition_of_a_mail_once, which SQLite calls by its column."""
    row = {"ticket": letters.received(), "text": "补充", "at": NOW, "mail_mark": "m"}
    Addition.objects.create(**row)
    with (
        pytest.raises(IntegrityError, match=r"addition_of_a_mail_once|mail_mark"),
        transaction.atomic(),
    ):
        Addition.objects.create(**row)


def test_every_constraint_of_the_tickets_is_tried_in_this_module():
    hanging = (TicketEvent, Contact, Reply, Addition, Rating, SetAsideMail, SentMail)
    named = {
        constraint.name for model in (Ticket, *hanging) for constraint in model._meta.constraints
    }
    source = Path(__file__).read_text("utf-8").partition("def test_every_constraint")[0]
    assert {name for name in named if name not in source} == set()
