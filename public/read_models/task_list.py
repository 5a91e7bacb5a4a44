"""The list of tasks: one page of rows, and the counts of everything that was found."""

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
    """`tasks` come from the filter, annotated by `with_state`; `counted` are the same in any state; `plans` are all.

    `address` is the list without its state, ready for one to be appended.
    """
    by_id = {plan.pk: plan for plan in plans}
    rows = tasks.select_related("section").defer("search_text", "text", "goal").order_by("-plan__starts_on", "number")
    found = Paginator(rows, PER_PAGE).get_page(page)
    shown = _publications([task.displayed_id for task in found])
    return TaskList(
        lines=[_line(task, by_id[task.plan_id], shown.get(task.displayed_id), year, quarter) for task in found],
        page=found,
        segments=segments(count_states(_states(counted, by_id, year, quarter)), address),
        dates=data_date(plans, year=year, quarter=quarter, day=day),
        has_progress=any(plan.tracked_from for plan in plans),
    )


def _publications(ids: list[int | None]) -> dict[int, Publication]:
    return Publication.objects.select_related("period").defer(*HEAVY).in_bulk([pk for pk in ids if pk])


def _line(task: Task, plan: Plan, publication: Publication | None, year, quarter) -> TaskLine:
    task.plan = plan
    return TaskLine(task, headline_chip(publication) if publication else missing_chip(plan, year, quarter))


def _states(tasks: QuerySet[Task], plans: dict[int, Plan], year, quarter):
    counted = Counter()
    for plan, state, count in tasks.order_by().values_list("plan_id", "state").annotate(count=Count("pk")):
        counted[state or missing_word(plans[plan], year, quarter)] += count
    return counted.elements()
