"""Tasks with all their public facts, for the workbook of tasks and for the API."""

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from progress.models import Breakdown
from publishing.models import Publication, PublishedReading, YearEnd
from publishing.read_models.headlines import Headline, displayed_headline
from publishing.read_models.public_status import HEAVY
from supervision.models import SupervisionSlip
from tasks.models import ChangeRequest, Responsibility, Target, Task
from tasks.querysets import source_document_fields
from tasks.read_models.changes import with_changed_values

if TYPE_CHECKING:
    from publishing.read_models.headlines import TaskWithState

TaskRow = TypeVar("TaskRow", bound=Task)


def with_public_facts(tasks: QuerySet[TaskRow], day: date | None = None) -> QuerySet[TaskRow]:
    """The tasks with their public facts, as of now or of the end of `day`.

    A constant number of queries. `responsibilities`, `publications`, `breakdowns` (the confirmed
    ones), `year_ends` and the `targets` of each indicator hold what is public of them. Whatever the
    day, `change_requests` holds every change and `slips` the open slips.
    """
    responsibilities = (
        Responsibility.objects.public(demo=settings.DEMO, day=day)
        .select_related("department")
        .order_by("order")
    )
    publications = Publication.objects.as_of(day).select_related("period").defer(*HEAVY)
    readings = PublishedReading.objects.select_related("indicator")
    nodes = Breakdown.objects.confirmed(day).select_related("indicator")
    closed = YearEnd.objects.published_by(day)
    slips = SupervisionSlip.objects.open().only("task", "level", "demonstration")
    with_plan = tasks.select_related("plan", "section").defer(
        *source_document_fields("plan"), "search_text"
    )
    # One call for each, because the lookups are of rows of different types.
    rows = with_plan.prefetch_related("milestones", "commitments")
    rows = rows.prefetch_related(Prefetch("responsibilities", responsibilities))
    rows = rows.prefetch_related(Prefetch("indicators__targets", Target.objects.in_force_on(day)))
    rows = rows.prefetch_related(
        Prefetch("publications", publications.prefetch_related(Prefetch("readings", readings)))
    )
    changes = with_changed_values(ChangeRequest.objects.order_by("pk"))
    rows = rows.prefetch_related(Prefetch("change_requests", changes))
    rows = rows.prefetch_related(Prefetch("breakdowns", nodes))
    rows = rows.prefetch_related(Prefetch("year_ends", closed))
    rows = rows.prefetch_related(Prefetch("slips", slips))
    return rows.order_by("-plan__starts_on", "number")


def headline_of_record(
    task: "TaskWithState", year: int | None = None, quarter: int | None = None
) -> Headline:
    """The headline the filter chose: of the requested quarter, else the newest one. No query."""
    rows = {row.pk: row for row in task.publications.all()}
    conclusions = {row.pk: row for row in task.year_ends.all()}
    return displayed_headline(task, rows, conclusions, year, quarter)
