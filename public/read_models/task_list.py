"""The list of tasks: one page of rows, with the counts of all that match."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from common.ui.chips import Segment
from public.read_models.data_dates import DataDate, data_date
from public.read_models.plans import TaskLine
from publishing.read_models.headlines import displayed_headlines
from publishing.read_models.public_status import (
    OUTCOME_WORDS,
    STATE_WORDS,
    count_states,
    missing_word,
    segments,
)
from tasks.models import Plan

if TYPE_CHECKING:
    from publishing.read_models.headlines import TaskWithState

PER_PAGE = 20


@dataclass(frozen=True)
class TaskList:
    """One page of the list; `segments` count all matching tasks by state, chosen or not."""

    lines: list[TaskLine]
    page: Page
    segments: list[Segment]
    dates: DataDate
    has_progress: bool

    @property
    def counted(self) -> int:
        """How many tasks the segments count: more than are found where a state is chosen."""
        return sum(segment.count for segment in self.segments)

    @property
    def has_plain_words(self) -> bool:
        """Whether the portal or a unit wrote a name or a sentence for one of these tasks."""
        return any(line.task.summary_by for line in self.lines)


def task_list(
    tasks: "QuerySet[TaskWithState]",
    page: str | None,
    *,
    plans: list[Plan],
    found_in: list[Plan],
    counted: "QuerySet[TaskWithState]",
    address: str,
    year: int | None = None,
    quarter: int | None = None,
    day: date | None = None,
) -> TaskList:
    """One page of the tasks that a filter selects.

    `tasks` are annotated by `with_state`; `counted` are the same tasks in any state; `plans` are
    all published plans, `found_in` those the dates are about. `address` is that of the list, ready
    for a state to be appended.
    """
    by_id = {plan.pk: plan for plan in plans}
    rows = (
        tasks.select_related("section")
        .defer("search_text", "text", "goal")
        .order_by("-plan__starts_on", "number")
    )
    page_of_tasks = Paginator(rows, PER_PAGE).get_page(page)
    return TaskList(
        lines=list(_lines(page_of_tasks, by_id, year, quarter)),
        page=page_of_tasks,
        segments=_segments(counted, by_id, address, year, quarter),
        dates=data_date(found_in, year=year, quarter=quarter, day=day),
        has_progress=any(plan.tracked_from for plan in plans),
    )


def _lines(
    tasks: "Iterable[TaskWithState]", plans: dict[int, Plan], year: int | None, quarter: int | None
) -> Iterator[TaskLine]:
    """Each task, with its plan, and the chip of what the list shows of it. Two queries."""
    shown = list(tasks)
    for task in shown:
        task.plan = plans[task.plan_id]
    headlines = displayed_headlines(shown, year, quarter)
    for task in shown:
        yield TaskLine(task, headlines[task.pk].chip())


def _words(quarter: int | None, concluded: int, of_all: int) -> Mapping[str, str]:
    """Those of the conclusions where every state is one; a chosen quarter keeps its own."""
    are_conclusions = not quarter and 0 < concluded == of_all
    return OUTCOME_WORDS if are_conclusions else STATE_WORDS


def _segments(
    tasks: "QuerySet[TaskWithState]",
    plans: dict[int, Plan],
    address: str,
    year: int | None,
    quarter: int | None,
) -> list[Segment]:
    """The states of the tasks counted, in the words of the conclusions if all are one."""
    states: Counter[str] = Counter()
    rows = tasks.order_by().values_list("plan_id", "state")
    concluded = 0
    for plan, state, count, with_conclusion in rows.annotate(
        count=Count("pk"), with_conclusion=Count("concluded_id")
    ):
        states[state or missing_word(plans[plan], year, quarter)] += count
        concluded += with_conclusion
    words = _words(quarter, concluded, states.total())
    return segments(count_states(states.elements()), address, words)
