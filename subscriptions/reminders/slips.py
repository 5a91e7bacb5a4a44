"""Reminders about 督办单, to the unit addressed: that there is one, that it was sent back,
and around its due day.
"""

from collections.abc import Iterable
from datetime import datetime

from departments.roles import UNIT_ROLES
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.reminder import Reminder, timestamp
from supervision.choices import SlipState, SlipStepKind
from supervision.models import SlipStep, SupervisionSlip


def slip_reminders(recipients: Recipients) -> list[Reminder]:
    """The reminders about every slip that awaits a reply; two queries."""
    slips = list(SupervisionSlip.objects.awaiting_reply().with_related().order_by("pk"))
    steps = SlipStep.objects.filter(slip__in=slips, kind=SlipStepKind.SENT_BACK).order_by("pk")
    returned_at = {step.slip_id: step.at for step in steps}
    return [
        reminder
        for slip in slips
        for reminder in _reminders(slip, recipients, returned_at.get(slip.pk))
    ]


def _reminders(
    slip: SupervisionSlip, recipients: Recipients, returned_at: datetime | None
) -> Iterable[Reminder]:
    """Another level or another due day makes another reminder."""
    subject = f"slip:{slip.subject}"
    notified = recipients.notified_for([recipients.current_successor(slip.department)], *UNIT_ROLES)
    yield Reminder(Event.SLIP_ISSUED, f"{subject}@{slip.level}", None, notified, slip=slip)
    yield Reminder(
        Event.SLIP_DUE,
        f"{subject}@{slip.due_on:%Y%m%d}",
        None,
        notified,
        due_on=slip.due_on,
        slip=slip,
    )
    if slip.state == SlipState.SENT_BACK and returned_at:
        yield Reminder(
            Event.SLIP_SENT_BACK, f"{subject}@{timestamp(returned_at)}", None, notified, slip=slip
        )
