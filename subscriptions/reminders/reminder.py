"""What a reminder is about, as the outbox and its texts know it: a period, a report of it,
a coordination item, a slip or a letter.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.conf import settings

from feedback.models import Ticket
from progress.models import ReportingPeriod
from progress.requirements.report_item import ReportItem
from publishing.models import Publication
from subscriptions.models import Event
from supervision.models import CoordinationItem, SupervisionSlip
from tasks.models import Task

# From this many working days after the due day on the signers of the unit are notified too.
LATE_FROM = 1
# The days for a letter are few: once before its day, once after it.
TICKET_OFFSETS = [-1, 1]
# The first has come as soon as the verdict is published: the time to object is shorter.
OBJECTION_OFFSETS = [-30, -5]


def timestamp(at: datetime) -> str:
    """The part of a subject that tells two occurrences of one event apart."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}"


@dataclass(frozen=True, kw_only=True)
class BaseReminder(ABC):
    """Something that waits for somebody.

    `notified` and `notified_late`: person id -> what it is for that person, in words; the latter
    are notified as well once it is late. `subject`: the key under which its notices are kept.
    """

    event: Event
    subject: str
    notified: dict[int, str]
    notified_late: dict[int, str] = field(default_factory=dict)
    due_on: date | None = None

    @property
    @abstractmethod
    def demonstration(self) -> bool:
        """Whether it is about a sample."""

    @property
    def task(self) -> Task | None:
        """The one task it is about, if there is one."""
        return None

    def recipients_at(self, offset: int) -> dict[int, str]:
        """Whom to notify at this offset, in working days after the due day: person id -> words."""
        return self.notified_late | self.notified if offset >= LATE_FROM else self.notified

    @property
    def offsets(self) -> list[int]:
        """The offsets at which it is sent, in working days after the due day."""
        own = {
            Event.RELEASE_WARNING: [-settings.RELEASE_WARNING_DAYS],
            Event.TICKET_DUE: TICKET_OFFSETS,
            Event.OBJECTION_DUE: OBJECTION_OFFSETS,
        }
        return own.get(self.event, settings.REMINDER_OFFSETS)


@dataclass(frozen=True, kw_only=True)
class PeriodReminder(BaseReminder):
    """A reminder about a period, its release or something published in it."""

    period: ReportingPeriod

    @property
    def demonstration(self) -> bool:
        return self.period.demonstration


@dataclass(frozen=True, kw_only=True)
class ReportReminder(PeriodReminder):
    """A reminder about the report on one task in its period."""

    item: ReportItem

    @property
    def task(self) -> Task:
        return self.item.task


@dataclass(frozen=True, kw_only=True)
class ObjectionReminder(PeriodReminder):
    """A reminder about a published verdict to which its units may still object."""

    publication: Publication

    @property
    def task(self) -> Task:
        return self.publication.task


@dataclass(frozen=True, kw_only=True)
class CoordinationReminder(PeriodReminder):
    """A reminder about a coordination item, which was raised in a report of its period."""

    coordination: CoordinationItem

    @property
    def task(self) -> Task:
        return self.coordination.task


@dataclass(frozen=True, kw_only=True)
class SlipReminder(BaseReminder):
    """A reminder about a supervision slip."""

    slip: SupervisionSlip

    @property
    def demonstration(self) -> bool:
        return self.slip.demonstration

    @property
    def task(self) -> Task:
        return self.slip.task


@dataclass(frozen=True, kw_only=True)
class TicketReminder(BaseReminder):
    """A reminder about a letter. Its task is not named: the letter itself is the matter."""

    ticket: Ticket

    @property
    def demonstration(self) -> bool:
        return self.ticket.demonstration


Reminder = PeriodReminder | SlipReminder | TicketReminder
