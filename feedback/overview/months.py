"""What became of the letters of each month: one function for the page and the open interface.

Letters stand in the month they came in, so every figure is n of the same m; a month changes until its last letter is
settled. What was merged counts as a letter of its own: its sender gets an answer.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncMonth

from feedback.models import OPEN, REPLIED, Rating, Ticket, TicketEvent
from feedback.models import TicketStatus as Is

# As the state's own good-and-bad rating counts.
SATISFIED = [Rating.Grade.VERY_GOOD, Rating.Grade.GOOD, Rating.Grade.FAIR]


@dataclass(frozen=True)
class MonthCounts:
    """received = in_hand + answered + passed_on + declined + unrelated + withdrawn.

    answered = published + no_consent + not_yet + merged + taken_down: the last four say why it is not public.
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


def months(today: date) -> list[MonthCounts]:
    """Newest first; one query however many letters."""
    rows = Ticket.objects.annotate(month=TruncMonth("received_at")).order_by("-month").values("month")
    counted = rows.annotate(**{name: Count("pk", filter=which) for name, which in _which(today).items()})
    return [_month(**row) for row in counted]


def _which(today: date) -> dict[str, Q]:
    answered, running = Q(status__in=REPLIED), Q(status__in=OPEN)
    hidden, own = Q(published_at=None, taken_down_at=None), Q(merged_into=None)
    steps, ratings = TicketEvent.objects.filter(ticket=OuterRef("pk")), Rating.objects.filter(_of_this_answer())
    followed = steps.filter(verb="follow_up", at__gte=OuterRef("answered_at"))
    return {
        "received": Q(),
        "accepted": Q(Exists(steps.filter(verb__in=["accept", "merge"]))),
        "in_hand": running,
        "answered": answered,
        "passed_on": Q(status=Is.REDIRECTED),
        "declined": Q(status=Is.DECLINED),
        "unrelated": Q(status=Is.SPAM),
        "withdrawn": Q(status=Is.WITHDRAWN),
        "within_limit": answered & Q(answered_at__date__lte=F("due_on")),
        "overdue": running & ~Q(status=Is.NEEDS_MORE) & Q(due_on__lt=today),
        "rated": answered & Q(Exists(ratings)),
        "satisfied": answered & Q(Exists(ratings.filter(grade__in=SATISFIED))),
        "followed_up": answered & Q(Exists(ratings.exclude(grade__in=SATISFIED))) & Q(Exists(followed)),
        "published": answered & Q(published_at__isnull=False),
        "taken_down": answered & Q(taken_down_at__isnull=False),
        "merged": answered & hidden & ~own,
        "no_consent": answered & hidden & own & Q(consent_to_publish=False),
        "not_yet": answered & hidden & own & Q(consent_to_publish=True),
        "demonstration": Q(demonstration=True),
    }


def _of_this_answer() -> Q:
    """Of an answer that was given anew the earlier rating no longer counts."""
    return Q(reply__ticket=OuterRef("pk"), reply__sent_at=OuterRef("answered_at"))


def _month(*, month, demonstration, **counts) -> MonthCounts:
    return MonthCounts(month=month.date(), demonstration=demonstration > 0, **counts)
