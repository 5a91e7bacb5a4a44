"""Tasks with everything that may be said of them in public: what the file and the open interface give away."""

from datetime import date

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from progress.models import Breakdown
from publishing.models import Publication, PublishedReading, YearEnd
from publishing.read_models.public_status import HEAVY
from publishing.read_models.year_ends import published_by
from supervision.models import SupervisionSlip
from tasks.models import ChangeRequest, Responsibility, Target, Task
from tasks.read_models.changes import with_changed_values


def in_full(tasks: QuerySet[Task], day: date | None = None) -> QuerySet[Task]:
    """As they stand, or stood at the end of a day; as many queries for one task as for all.

    Adds `public_responsibilities`, `current_targets` of each indicator and all `shown` publications. Also `nodes`, the
    confirmed breakdown, and `closed_years`; whatever the day `amended`, all that was changed, and `open_slips`.
    """
    named = Responsibility.objects.public(demo=settings.DEMO, day=day).select_related("department").order_by("order")
    shown = Publication.objects.as_of(day).select_related("period").defer(*HEAVY)
    numbers = PublishedReading.objects.select_related("indicator")
    nodes = Breakdown.objects.confirmed(day).select_related("indicator")
    closed = published_by(YearEnd.objects.all(), day)
    slips = SupervisionSlip.objects.open().only("task", "level", "demonstration")
    full = tasks.with_plan().prefetch_related(
        "milestones",
        "commitments",
        Prefetch("responsibilities", named, to_attr="public_responsibilities"),
        Prefetch("indicators__targets", Target.objects.in_force_on(day), to_attr="current_targets"),
        Prefetch("publications", shown.prefetch_related(Prefetch("readings", numbers)), to_attr="shown"),
        Prefetch("change_requests", with_changed_values(ChangeRequest.objects.order_by("pk")), to_attr="amended"),
        Prefetch("breakdowns", nodes, to_attr="nodes"),
        Prefetch("year_ends", closed, to_attr="closed_years"),
        Prefetch("slips", slips, to_attr="open_slips"),
    )
    return full.order_by("-plan__starts_on", "number")


def publication_of(task: Task) -> Publication | None:
    """The one the filter chose: of the quarter asked for, or the latest."""
    return next((row for row in task.shown if row.pk == task.displayed_id), None)
