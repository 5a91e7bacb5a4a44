"""What letters changed in the published record of a task: how many came,
and which published lines were reviewed.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from common.not_null import not_null
from common.time.days import local_day
from feedback.choices import REPLIED, ReviewOutcome, TicketStatus
from feedback.models import Ticket
from publishing.models import Publication
from tasks.models import Task


@dataclass(frozen=True)
class Review:
    """A published line that a letter called untrue, with the outcome. `number`: of the letter, ""
    where that is not public.
    """

    quarter: str
    revision: int
    published_url: str
    found: str
    note: str
    found_on: date
    number: str
    demonstration: bool


@dataclass(frozen=True)
class VoiceCounts:
    """收到 n 件，答复 n 件，因此改变 n 项. `changed`: lines called untrue with reason and
    published anew since.
    """

    received: int
    answered: int
    changed: int


def review_of(ticket: Ticket) -> Review | None:
    """The review of a row with task and `disputed__period`; None while it has no outcome."""
    return _review(ticket) if ticket.review_outcome else None


def _review(ticket: Ticket) -> Review:
    # A constraint, and the action that asks for a review, see to it that the letter has them.
    task, disputed = not_null(ticket.task), not_null(ticket.disputed)
    period, revision = disputed.period, disputed.revision
    return Review(
        quarter=period.label,
        revision=revision,
        published_url=reverse("public:publication", args=[task.code, period.address, revision]),
        found=ticket.get_review_outcome_display(),
        note=ticket.review_note,
        found_on=local_day(not_null(ticket.reviewed_at)),
        number=ticket.number if ticket.published_at else "",
        demonstration=ticket.demonstration,
    )


def reviews_of(task: Task) -> list[Review]:
    """The decided reviews about a task, newest first."""
    rows = (
        Ticket.objects.filter(task=task)
        .exclude(review_outcome="")
        .select_related("task", "disputed__period")
    )
    return [
        _review(row) for row in rows.defer("text", "disputed__content").order_by("-reviewed_at")
    ]


def voice_counts(task: Task) -> VoiceCounts:
    """The counts of a task without spam; two letters about one changed line are one change."""
    newer = Publication.objects.current().filter(
        task=OuterRef("task"), period=OuterRef("disputed__period")
    )
    newer = newer.filter(published_at__gt=OuterRef("reviewed_at"))
    upheld = Q(review_outcome__in=[ReviewOutcome.UPHELD, ReviewOutcome.PARTLY])
    counts = (
        Ticket.objects.filter(task=task)
        .exclude(status=TicketStatus.SPAM)
        .annotate(anew=Exists(newer))
        .aggregate(
            received=Count("pk"),
            answered=Count("pk", filter=Q(status__in=REPLIED)),
            changed=Count("disputed__period", filter=upheld & Q(anew=True), distinct=True),
        )
    )
    return VoiceCounts(**counts)
