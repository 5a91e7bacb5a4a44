"""What 督查通报 adds to the bulletin of its quarter: open slips and trajectories."""

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
    """The content of a circular. Slips are internal unless their plan publishes them."""

    bulletin: Bulletin
    slips: list[OpenSlip]
    trajectories: list[TrajectoryPath]
    at: datetime


def build_circular(quarter_bulletin: Bulletin, *, at: datetime) -> Circular:
    """The circular of a bulletin, with the slips that are open at the moment `at`."""
    slips = open_slips([part.plan for part in quarter_bulletin.parts], local_day(at))
    return Circular(quarter_bulletin, slips, trajectories_until(quarter_bulletin), at)


def trajectories_until(quarter_bulletin: Bulletin) -> list[TrajectoryPath]:
    """Every indicator with interim values, plan by plan, up to the quarter. Six queries.

    Numbers of later quarters are left out, even where they are known by now.
    """
    plans = [part.plan for part in quarter_bulletin.parts]
    tasks, nodes = tasks_of(plans), list(Breakdown.objects.confirmed().filter(task__plan__in=plans))
    published = _publications_until(quarter_bulletin, tasks)
    paths = []
    for part in quarter_bulletin.parts:
        own_tasks = [task for task in tasks if task.plan_id == part.plan.pk]
        released = local_day(part.released_at)
        missing = {
            quarter: unpublished_word(part.plan, *quarter, released)
            for quarter in plan_quarters(part.plan)
        }
        paths += trajectories(part.plan, own_tasks, published, nodes, missing)[0]
    return paths


def _publications_until(
    quarter_bulletin: Bulletin, tasks: list[Task]
) -> dict[int, list[Publication]]:
    """The current publications of each task up to the quarter, oldest first."""
    by_id = {task.pk: task for task in tasks}
    year, quarter = quarter_bulletin.year, quarter_bulletin.quarter
    until = Q(period__year__lt=year) | Q(period__year=year, period__index__lte=quarter)
    rows = (
        Publication.objects.current()
        .filter(until, task__in=by_id, period__kind=PeriodKind.QUARTER)
        .select_related("period")
    )
    rows = (
        rows.defer("content", "narrative")
        .prefetch_related("readings")
        .order_by("period__year", "period__index")
    )
    published = defaultdict(list)
    for row in rows:
        row.task = by_id[row.task_id]
        published[row.task_id].append(row)
    return published


def get_bulletin_or_404(year: int, quarter: int, day: date | None = None) -> Bulletin:
    """The bulletin of a quarter (1-4), as of now or of the end of `day`.

    Raises Http404 where nothing of the quarter was released by then.
    """
    if (released := bulletin(year, quarter, day)) is None:
        raise Http404
    return released
