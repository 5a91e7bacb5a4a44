"""What the calendar does by itself, once a day: recount, escalate, close, forget."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from common.time.days import local_day
from departments.models import CalendarDay
from departments.rules.working_days import count_working_days
from feedback.actions.photos import forget_photos
from feedback.actions.steps import rules, set_due, stepped
from feedback.choices import OPEN, RUNNING
from feedback.models import Addition, Contact, Ticket
from feedback.rules.clocks import ALARM_DAYS
from ledger.actions import Actor, LedgerEvent, append

# So that nobody else who writes waits long.
BATCH = 500


@transaction.atomic
def settle_due_days(*, by: Actor, at: datetime) -> int:
    """Recounts provisional due days after an official calendar has come; returns how many became final."""
    events = []
    for ticket in Ticket.objects.select_for_update().filter(status__in=OPEN, due_provisional=True):
        before = ticket.due_on
        set_due(ticket)
        if not ticket.due_provisional:
            ticket.save()
            facts = {"due_on": [before, ticket.due_on]}
            events.append(stepped(ticket, "reschedule", facts, by=by, at=at))
    append(events, by=by, at=at)
    return len(events)


@transaction.atomic
def escalate_waiting(*, by: Actor, at: datetime) -> int:
    """提请督办: what is past its day, or lies too long on one desk, comes to the supervisors; once per opening."""
    today = local_day(at)
    found = Ticket.objects.to_escalate(today, _idle_since(today)).values_list("pk", flat=True)
    events = []
    for ticket in Ticket.objects.select_for_update().filter(pk__in=list(found), escalated_at=None).order_by("pk"):
        ticket.escalated_at = at
        ticket.save()
        note = f"{_why_escalated(ticket, today)}，提请督查部门督促。"
        events.append(stepped(ticket, "escalate", {"due_on": ticket.due_on}, note, by=by, at=at))
    append(events, by=by, at=at)
    return len(events)


def _why_escalated(ticket: Ticket, today: date) -> str:
    if ticket.status in RUNNING and ticket.due_on < today:
        return "已过答复期限"
    return f"来信 {ALARM_DAYS} 天没有答复" if ticket.is_left_unanswered(today) else "在一个环节等得太久"


def _idle_since(today: date) -> date:
    """What was last touched on this day or before has waited as many working days as a desk may take."""
    known = CalendarDay.objects.table([today - timedelta(days=60), today])
    days = (today - timedelta(days=n) for n in range(1, 60))
    return next(day for day in days if count_working_days(known, day, today) >= rules()["waiting_days"])


@transaction.atomic
def close_answered(*, by: Actor, at: datetime) -> int:
    """办结 without a rating, when the days for one are over; returns how many."""
    before = at - timedelta(days=rules()["rating_days"])
    events = []
    for ticket in Ticket.objects.select_for_update().answered_before(before):
        ticket.advance("close")
        ticket.save()
        events.append(stepped(ticket, "close", by=by, at=at))
    append(events, by=by, at=at)
    return len(events)


@transaction.atomic
def forget_contacts(*, before: datetime, by: Actor, at: datetime) -> int:
    """Deletes contacts and photos of letters closed before that moment, some hundred at a time, each with its proof.

    Returns how many: to be done again until none is left. A deletion and its entry stand together or not at all.
    """
    shown_later = Exists(Addition.objects.filter(ticket=OuterRef("pk")).exclude(photo=""))
    due = Ticket.objects.closed_before(before).filter(Q(contact__isnull=False) | ~Q(photo="") | shown_later)
    tickets = list(due.order_by("pk")[:BATCH])
    Contact.objects.filter(ticket__in=tickets).delete()
    forget_photos(tickets)
    append([LedgerEvent("forget_contact", "ticket", ticket.number, public=False) for ticket in tickets], by=by, at=at)
    return len(tickets)
