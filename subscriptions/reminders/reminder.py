"""One reminder, as the outbox and its texts know it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.conf import settings

from feedback.models import Ticket
from progress.models import ReportingPeriod
from subscriptions.items import ReportItem
from subscriptions.models import Event
from supervision.models import CoordinationItem, SupervisionSlip

# From this many working days after the due day on the signers of the unit are notified too.
LATE_FROM = 1
# The days for a letter are few: once before its day, once after it.
TICKET_OFFSETS = [-1, 1]


def timestamp(at: datetime) -> str:
    """The part of a subject that tells two occurrences of one event apart."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"


@dataclass(frozen=True)
class Reminder:
    """Something about a period, a slip, a letter or a coordination item that waits for somebody.

    `notified` and `notified_late`: person id -> what it is for that person, in words; the latter
    are notified as well once it is late. `subject`: the key under which its notices are kept.
    """

    event: Event
    subject: str
    period: ReportingPeriod | None
    notified: dict[int, str]
    notified_late: dict[int, str] = field(default_factory=dict)
    due_on: date | None = None
    item: ReportItem | None = None
    slip: SupervisionSlip | None = None
    coordination: CoordinationItem | None = None
    ticket: Ticket | None = None

    @property
    def demonstration(self) -> bool:
        return (self.slip or self.ticket or self.period).demonstration

    def recipients_at(self, offset: int) -> dict[int, str]:
        """Whom to notify at this offset, in working days after the due day: person id -> words."""
        return self.notified_late | self.notified if offset >= LATE_FROM else self.notified

    @property
    def offsets(self) -> list[int]:
        """The offsets at which it is sent, in working days after the due day."""
        own = {
            Event.RELEASE_WARNING: [-settings.RELEASE_WARNING_DAYS],
            Event.TICKET_DUE: TICKET_OFFSETS,
        }
        return own.get(self.event, settings.REMINDER_OFFSETS)
