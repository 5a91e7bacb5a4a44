"""What 督查通报 says besides the bulletin of its quarter: the slips that are open, and the way of every number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.http import Http404

from common.time.days import local_day
from progress.choices import PeriodKind
from progress.models import Breakdown
from public.read_models.bulletin import Bulletin, bulletin
from public.read_models.plan_snapshot import tasks_of
from public.read_models.plans import plan_quarters
from public.read_models.trajectories import TrajectoryPath, trajectories
from publishing.models import Publication
from publishing.read_models.public_status import unpublished_word
from supervision.read_models.slips import OpenSlip, open_slips
from tasks.models import Task


@dataclass(frozen=True)
class Circular:
    """For the offices: slips are no business of the public, unless its plan says so."""

    bulletin: Bulletin
    slips: list[OpenSlip]
    drawn: list[TrajectoryPath]
    at: datetime


def circular_from(found: Bulletin, *, at: datetime) -> Circular:
    slips = open_slips([part.plan for part in found.parts], local_day(at))
    return Circular(found, slips, drawn_until(found), at)


def drawn_until(found: Bulletin) -> list[TrajectoryPath]:
    """Every indicator with interim values, plan by plan, as far as the quarter goes. Six queries.

    What came after the quarter is not due here, even where it is known by now.
    """
    plans = [part.plan for part in found.parts]
    tasks, nodes = tasks_of(plans), list(Breakdown.objects.confirmed().filter(task__plan__in=plans))
    published = _published(found, tasks)
    drawn = []
    for part in found.parts:
        own = [task for task in tasks if task.plan_id == part.plan.pk]
        released = local_day(part.period.released_at)
        missing = {quarter: unpublished_word(part.plan, *quarter, released) for quarter in plan_quarters(part.plan)}
        drawn += trajectories(part.plan, own, published, nodes, missing)[0]
    return drawn


def _published(found: Bulletin, tasks: list[Task]) -> dict[int, list[Publication]]:
    """What is public now of each task, up to the quarter, oldest first."""
    by_id = {task.pk: task for task in tasks}
    until = Q(period__year__lt=found.year) | Q(period__year=found.year, period__index__lte=found.quarter)
    rows = (
        Publication.objects.current()
        .filter(until, task__in=by_id, period__kind=PeriodKind.QUARTER)
        .select_related("period")
    )
    rows = rows.defer("content", "narrative").prefetch_related("readings").order_by("period__year", "period__index")
    published = defaultdict(list)
    for row in rows:
        row.task = by_id[row.task_id]
        published[row.task_id].append(row)
    return published


def released(year: int, quarter: int, day: date | None = None) -> Bulletin:
    if (found := bulletin(year, quarter, day)) is None:
        raise Http404
    return found
