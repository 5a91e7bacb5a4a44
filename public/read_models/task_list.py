"""The list of tasks: one page of rows, with the counts of all that match."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from common.ui.chips import Segment
from public.read_models.data_dates import DataDate, data_date
from public.read_models.plans import TaskLine
from publishing.models import Publication
from publishing.read_models.public_status import (
    HEAVY,
    count_states,
    headline_chip,
    missing_chip,
    missing_word,
    segments,
)
from tasks.models import Plan, Task

PER_PAGE = 20


@dataclass(frozen=True)
class TaskList:
    """One page of the list; `segments` count all matching tasks by state."""

    lines: list[TaskLine]
    page: Page
    segments: list[Segment]
    dates: DataDate
    has_progress: bool


def task_list(
    tasks: QuerySet[Task],
    page: str,
    *,
    plans: list[Plan],
    counted: QuerySet[Task],
    address: str,
    year: int | None = None,
    quarter: int | None = None,
    day: date | None = None,
) -> TaskList:
    """One page of the tasks that a filter selects.

    `tasks` are annotated by `with_state`; `counted` are the same tasks in any state; `plans` are
    all published plans. `address` is that of the list, ready for a state to be appended.
    """
    by_id = {plan.pk: plan for plan in plans}
    rows = (
        tasks.select_related("section")
        .defer("search_text", "text", "goal")
        .order_by("-plan__starts_on", "number")
    )
    page_of_tasks = Paginator(rows, PER_PAGE).get_page(page)
    publications = _publications([task.displayed_id for task in page_of_tasks])
    return TaskList(
        lines=[
            _line(task, by_id[task.plan_id], publications.get(task.displayed_id), year, quarter)
            for task in page_of_tasks
        ],
        page=page_of_tasks,
        segments=segments(count_states(_states(counted, by_id, year, quarter)), address),
        dates=data_date(plans, year=year, quarter=quarter, day=day),
        has_progress=any(plan.tracked_from for plan in plans),
    )


def _publications(ids: list[int | None]) -> dict[int, Publication]:
    return (
        Publication.objects.select_related("period").defer(*HEAVY).in_bulk([pk for pk in ids if pk])
    )


def _line(task: Task, plan: Plan, publication: Publication | None, year, quarter) -> TaskLine:
    task.plan = plan
    return TaskLine(
        task, headline_chip(publication) if publication else missing_chip(plan, year, quarter)
    )


def _states(tasks: QuerySet[Task], plans: dict[int, Plan], year, quarter):
    states = Counter()
    for plan, state, count in (
        tasks.order_by().values_list("plan_id", "state").annotate(count=Count("pk"))
    ):
        states[state or missing_word(plans[plan], year, quarter)] += count
    return states.elements()
