"""What happens by the calendar, once a day: due days are recounted,
letters escalated and closed, contacts deleted.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from common.time.days import local_day
from departments.models import CalendarDay
from departments.rules.working_days import count_working_days
from feedback.actions.photos import forget_photos
from feedback.actions.steps import build_step, rules, set_due
from feedback.choices import OPEN, RUNNING
from feedback.models import Addition, Contact, Ticket
from feedback.rules.clocks import ALARM_DAYS
from ledger.actions import Actor, LedgerEvent, append

# Small enough that the lock on the ledger does not hold up other writers for long.
BATCH = 500


@transaction.atomic
def settle_due_days(*, by: Actor, at: datetime) -> int:
    """Recounts provisional due days after an official calendar has come;
    returns how many became final.
    """
    events = []
    for ticket in Ticket.objects.select_for_update().filter(status__in=OPEN, due_provisional=True):
        before = ticket.due_on
        set_due(ticket)
        if not ticket.due_provisional:
            ticket.save()
            facts = {"due_on": [before, ticket.due_on]}
            events.append(build_step(ticket, "reschedule", facts, by=by, at=at))
    append(events, by=by, at=at)
    return len(events)


@transaction.atomic
def escalate_waiting(*, by: Actor, at: datetime) -> int:
    """Escalates to the supervisors (提请督办) letters that are overdue, idle for too long or
    unanswered after `ALARM_DAYS`; once for each opening. Returns how many.
    """
    today = local_day(at)
    due = Ticket.objects.to_escalate(today, _idle_since(today)).values_list("pk", flat=True)
    events = []
    for ticket in (
        Ticket.objects.select_for_update()
        .filter(pk__in=list(due), escalated_at=None)
        .order_by("pk")
    ):
        ticket.escalated_at = at
        ticket.save()
        note = f"{_escalation_reason(ticket, today)}，提请督查部门督促。"
        events.append(build_step(ticket, "escalate", {"due_on": ticket.due_on}, note, by=by, at=at))
    append(events, by=by, at=at)
    return len(events)


def _escalation_reason(ticket: Ticket, today: date) -> str:
    if ticket.status in RUNNING and ticket.due_on < today:
        return "已过答复期限"
    return (
        f"来信 {ALARM_DAYS} 天没有答复"
        if ticket.is_left_unanswered(today)
        else "在一个环节等得太久"
    )


def _idle_since(today: date) -> date:
    """The latest day such that a letter last touched on it has waited the
    working days a desk may take.
    """
    workdays = CalendarDay.objects.table([today - timedelta(days=60), today])
    days = (today - timedelta(days=n) for n in range(1, 60))
    return next(
        day for day in days if count_working_days(workdays, day, today) >= rules()["waiting_days"]
    )


@transaction.atomic
def close_answered(*, by: Actor, at: datetime) -> int:
    """Closes answered letters (办结) whose days for a rating are over; returns how many."""
    before = at - timedelta(days=rules()["rating_days"])
    events = []
    for ticket in Ticket.objects.select_for_update().answered_before(before):
        ticket.advance("close")
        ticket.save()
        events.append(build_step(ticket, "close", by=by, at=at))
    append(events, by=by, at=at)
    return len(events)


@transaction.atomic
def forget_contacts(*, before: datetime, by: Actor, at: datetime) -> int:
    """Deletes contact and photos of letters closed before that moment, at most `BATCH` at a time,
    with an entry for each. Call it until it returns 0.

    Deletion and entry stand in one transaction: both are kept or neither.
    """
    later_photos = Exists(Addition.objects.filter(ticket=OuterRef("pk")).exclude(photo=""))
    due = Ticket.objects.closed_before(before).filter(
        Q(contact__isnull=False) | ~Q(photo="") | later_photos
    )
    tickets = list(due.order_by("pk")[:BATCH])
    Contact.objects.filter(ticket__in=tickets).delete()
    forget_photos(tickets)
    append(
        [
            LedgerEvent("forget_contact", "ticket", ticket.number, public=False)
            for ticket in tickets
        ],
        by=by,
        at=at,
    )
    return len(tickets)
