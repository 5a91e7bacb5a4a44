"""Reminders about 督办单, to the unit addressed: that there is one, that it was sent back,
around its due day, and that it ended.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from departments.roles import UNIT_ROLES
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.reminder import SlipReminder, timestamp
from supervision.choices import ENDED, ENDING_STEPS, SlipState, SlipStepKind
from supervision.models import SlipStep, SupervisionSlip

# For so many days a slip that has ended is news.
NEWS_DAYS = timedelta(days=14)


def slip_reminders(day: date, recipients: Recipients) -> list[SlipReminder]:
    """The reminders about every slip that awaits a reply or ended lately; three queries."""
    slips = list(SupervisionSlip.objects.awaiting_reply().with_related().order_by("pk"))
    steps = SlipStep.objects.filter(slip__in=slips, kind=SlipStepKind.SENT_BACK).order_by("pk")
    returned_at = {step.slip_id: step.at for step in steps}
    waiting = [
        reminder
        for slip in slips
        for reminder in _reminders(slip, recipients, returned_at.get(slip.pk))
    ]
    return waiting + _ended(day, recipients)


def _ended(day: date, recipients: Recipients) -> list[SlipReminder]:
    """That nothing has to be answered any more, once, to whoever had to answer."""
    since = {"steps__kind__in": ENDING_STEPS, "steps__at__date__gt": day - NEWS_DAYS}
    rows = SupervisionSlip.objects.filter(state__in=ENDED, **since)
    return [
        SlipReminder(
            event=Event.SLIP_ENDED,
            subject=f"slip:{slip.subject}",
            notified=recipients.in_units([recipients.current_successor(slip.department)]),
            slip=slip,
        )
        for slip in rows.with_related().order_by("pk")
    ]


def _reminders(
    slip: SupervisionSlip, recipients: Recipients, returned_at: datetime | None
) -> Iterable[SlipReminder]:
    """Another level or another due day makes another reminder."""
    subject = f"slip:{slip.subject}"
    notified = recipients.notified_for([recipients.current_successor(slip.department)], *UNIT_ROLES)
    yield SlipReminder(
        event=Event.SLIP_ISSUED, subject=f"{subject}@{slip.level}", notified=notified, slip=slip
    )
    yield SlipReminder(
        event=Event.SLIP_DUE,
        subject=f"{subject}@{slip.due_on:%Y%m%d}",
        notified=notified,
        due_on=slip.due_on,
        slip=slip,
    )
    if slip.state == SlipState.SENT_BACK and returned_at:
        yield SlipReminder(
            event=Event.SLIP_SENT_BACK,
            subject=f"{subject}@{timestamp(returned_at)}",
            notified=notified,
            slip=slip,
        )
