"""One thing that waits for somebody, as the outbox and the words about it know it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.conf import settings

from feedback.models import Ticket
from progress.models import ReportingPeriod
from subscriptions.items import ReportItem
from subscriptions.models import Event
from supervision.models import CoordinationItem, SupervisionSlip

# From this many working days after the due day on the heads of the unit are told too.
HEADS_FROM = 1
# The days for a letter are few: once before its day, once after it.
TICKET_OFFSETS = [-1, 1]


def moment(at: datetime) -> str:
    """In the subject of what is told each time anew."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"


@dataclass(frozen=True)
class Reminder:
    """Something of a period, a slip or a letter that waits for somebody.

    `told` and `heads`: person id -> what it is for that person, in words.
    """

    event: Event
    subject: str
    period: ReportingPeriod | None
    told: dict[int, str]
    heads: dict[int, str] = field(default_factory=dict)
    due_on: date | None = None
    item: ReportItem | None = None
    slip: SupervisionSlip | None = None
    coordination: CoordinationItem | None = None
    ticket: Ticket | None = None

    @property
    def demonstration(self) -> bool:
        return (self.slip or self.ticket or self.period).demonstration

    def recipients_at(self, offset: int) -> dict[int, str]:
        return self.heads | self.told if offset >= HEADS_FROM else self.told

    @property
    def offsets(self) -> list[int]:
        own = {Event.RELEASE_WARNING: [-settings.RELEASE_WARNING_DAYS], Event.TICKET_DUE: TICKET_OFFSETS}
        return own.get(self.event, settings.REMINDER_OFFSETS)
