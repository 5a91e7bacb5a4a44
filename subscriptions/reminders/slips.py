"""Who is told about 督办单: the unit addressed, that there is one, that it came back, and around its day."""

from collections.abc import Iterable
from datetime import datetime

from departments.roles import UNIT_ROLES
from subscriptions.models import Event
from subscriptions.recipients import Recipients
from subscriptions.reminders.reminder import Reminder, moment
from supervision.choices import SlipState, SlipStepKind
from supervision.models import SlipStep, SupervisionSlip


def slip_reminders(recipients: Recipients) -> list[Reminder]:
    """Two queries."""
    slips = list(SupervisionSlip.objects.awaiting_reply().with_related().order_by("pk"))
    steps = SlipStep.objects.filter(slip__in=slips, kind=SlipStepKind.SENT_BACK).order_by("pk")
    came_back = {step.slip_id: step.at for step in steps}
    return [reminder for slip in slips for reminder in _reminders(slip, recipients, came_back.get(slip.pk))]


def _reminders(slip: SupervisionSlip, recipients: Recipients, came_back: datetime | None) -> Iterable[Reminder]:
    """Raised, it is another matter, and so is another day."""
    subject, told = (
        f"slip:{slip.subject}",
        recipients.told([recipients.current_successor(slip.department)], *UNIT_ROLES),
    )
    yield Reminder(Event.SLIP_ISSUED, f"{subject}@{slip.level}", None, told, slip=slip)
    yield Reminder(Event.SLIP_DUE, f"{subject}@{slip.due_on:%Y%m%d}", None, told, due_on=slip.due_on, slip=slip)
    if slip.state == SlipState.SENT_BACK and came_back:
        yield Reminder(Event.SLIP_SENT_BACK, f"{subject}@{moment(came_back)}", None, told, slip=slip)
