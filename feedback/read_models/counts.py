"""What became of the letters, in total and by month: one function for page and API.

A letter is counted in the month it came in, so every figure is n of the same m, and a month changes
until its last letter is settled. A merged letter counts as one of its own: its writer gets an
answer.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncMonth

from feedback.choices import OPEN, REPLIED, SATISFIED, TicketVerb
from feedback.choices import TicketStatus as Is
from feedback.models import Rating, Ticket, TicketEvent

ANSWERED, STILL_OPEN, PUBLIC = (
    Q(status__in=REPLIED),
    Q(status__in=OPEN),
    Q(published_at__isnull=False),
)
ON_TIME = ANSWERED & Q(answered_at__date__lte=F("due_on"))


@dataclass(frozen=True)
class MonthCounts:
    """The letters received in one month.

    received = in_hand + answered + passed_on + declined + unrelated + withdrawn.

    answered = published + no_consent + not_yet + merged + taken_down; the last four say why an
    answer is not public.
    """

    month: date
    received: int
    accepted: int
    in_hand: int
    answered: int
    passed_on: int
    declined: int
    unrelated: int
    withdrawn: int
    within_limit: int
    overdue: int
    rated: int
    satisfied: int
    followed_up: int
    published: int
    no_consent: int
    not_yet: int
    merged: int
    taken_down: int
    demonstration: bool

    @property
    def dissatisfied(self) -> int:
        return self.rated - self.satisfied

    @property
    def not_handled(self) -> int:
        return self.passed_on + self.declined + self.unrelated + self.withdrawn

    @property
    def not_public(self) -> int:
        return self.answered - self.published


def months(today: date) -> list[MonthCounts]:
    """The counts of each month, newest first; one query however many letters."""
    rows = (
        Ticket.objects.annotate(month=TruncMonth("received_at")).order_by("-month").values("month")
    )
    return [_month(dict(row)) for row in rows.annotate(**_counts(_conditions(today)))]


@dataclass(frozen=True)
class TicketCounts:
    """The counts of all letters; `on_time` counts among the answered."""

    received: int
    unanswered: int
    answered: int
    on_time: int
    published: int


def ticket_counts() -> TicketCounts:
    """The counts of all letters, in one query."""
    conditions = {
        "received": Q(),
        "unanswered": STILL_OPEN,
        "answered": ANSWERED,
        "on_time": ON_TIME,
        "published": PUBLIC,
    }
    return TicketCounts(**Ticket.objects.aggregate(**_counts(conditions)))


def _counts(conditions: dict[str, Q]) -> dict[str, Count]:
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def _conditions(today: date) -> dict[str, Q]:
    hidden, own = Q(published_at=None, taken_down_at=None), Q(merged_into=None)
    steps, ratings = (
        TicketEvent.objects.filter(ticket=OuterRef("pk")),
        Rating.objects.filter(_rates_latest_answer()),
    )
    followed = steps.filter(verb=TicketVerb.FOLLOW_UP, at__gte=OuterRef("answered_at"))
    return {
        "received": Q(),
        "accepted": Q(Exists(steps.filter(verb__in=[TicketVerb.ACCEPT, TicketVerb.MERGE]))),
        "in_hand": STILL_OPEN,
        "answered": ANSWERED,
        "passed_on": Q(status=Is.REDIRECTED),
        "declined": Q(status=Is.DECLINED),
        "unrelated": Q(status=Is.SPAM),
        "withdrawn": Q(status=Is.WITHDRAWN),
        "within_limit": ON_TIME,
        "overdue": STILL_OPEN & ~Q(status=Is.NEEDS_MORE) & Q(due_on__lt=today),
        "rated": ANSWERED & Q(Exists(ratings)),
        "satisfied": ANSWERED & Q(Exists(ratings.filter(grade__in=SATISFIED))),
        "followed_up": ANSWERED
        & Q(Exists(ratings.exclude(grade__in=SATISFIED)))
        & Q(Exists(followed)),
        "published": ANSWERED & PUBLIC,
        "taken_down": ANSWERED & Q(taken_down_at__isnull=False),
        "merged": ANSWERED & hidden & ~own,
        "no_consent": ANSWERED & hidden & own & Q(consent_to_publish=False),
        "not_yet": ANSWERED & hidden & own & Q(consent_to_publish=True),
        "demonstration": Q(demonstration=True),
    }


def _rates_latest_answer() -> Q:
    """Whether a rating is of the latest answer: one of an earlier answer no longer counts."""
    return Q(reply__ticket=OuterRef("pk"), reply__sent_at=OuterRef("answered_at"))


def _month(row: dict[str, Any]) -> MonthCounts:
    """The counts of one row of the query, whose month is a moment and whose samples are counted."""
    is_demonstration = row["demonstration"] > 0
    return MonthCounts(**row | {"month": row["month"].date(), "demonstration": is_demonstration})
