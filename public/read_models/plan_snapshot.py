"""The rows behind 总览: one plan with its current publications, in constant queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Prefetch

from common.time.days import local_day
from common.time.quarters import Quarter
from common.ui.chips import Chip
from progress.choices import PeriodKind, PeriodState, Reporting, State
from progress.models import Breakdown, ReportingPeriod
from public.read_models.plans import plan_quarters, published_plans
from publishing.choices import Outcome
from publishing.models import Publication, YearEnd
from publishing.read_models.headlines import Headline, conclusions_by_year, headline_of, words_of
from publishing.read_models.public_status import (
    DELIVERY,
    HEAVY,
    publication_url,
    unpublished_word,
)
from tasks.models import Indicator, Plan, Responsibility, Target, Task

# What was published instead of a report, each for a reason of its own, so that it counts as
# reported neither in time nor late.
WITHOUT_REPORT = [
    State.AWAITED,
    State.EXTENDED,
    State.CLOSED_EARLY,
    State.RETURNED,
    State.WITHHELD,
]
# The groups of DELIVERY that do not overlap: every state belongs to exactly one.
GROUPS = ["done", "going", "behind", "unknown", "not_asked"]


@dataclass(frozen=True)
class TaskResult:
    """One task in the chosen quarter, or under its year-end conclusion.

    `previous` is its publication in the quarter released before; `units` are the slugs of the
    responsible units.
    """

    task: Task
    headline: Headline
    previous: Publication | None
    units: list[str] = field(default_factory=list)
    # The first of all revisions, and the day on which an assessment first became public.
    first: Publication | None = None
    assessed_on: date | None = None

    @property
    def publication(self) -> Publication | None:
        return self.headline.publication

    @property
    def state(self) -> str:
        return str(self.headline.state)

    @property
    def reporting(self) -> str:
        return str(self.publication.reporting) if self.publication else ""

    @property
    def delivery(self) -> str:
        """The one group of GROUPS to which the state belongs."""
        return next(key for key in GROUPS if self.state in DELIVERY[key][1])

    @property
    def column(self) -> str:
        """Its column of the cross table: how it was reported, or the state without report."""
        if self.publication is None:
            return str(self.headline.own_state)
        return self.state if self.state in WITHOUT_REPORT else self.reporting

    @property
    def has_new_state(self) -> bool:
        """Whether the state has changed; False for a task without both publications."""
        if self.publication is None or self.previous is None:
            return False
        return self.publication.headline != self.previous.headline

    @property
    def chip(self) -> Chip:
        """The state as published; its quarter is named by the page."""
        return self.headline.chip(quarter=False)

    @property
    def url(self) -> str:
        return publication_url(self.publication) if self.publication else ""

    @property
    def disagrees(self) -> bool:
        return self.publication is not None and self.publication.voices_disagree

    @property
    def is_assessed(self) -> bool:
        return self.publication is not None and bool(self.publication.assessment_pace)

    @property
    def due_on(self) -> date | None:
        """The due day, with any extension; None where nothing was due."""
        row = self.publication
        if row is None or row.reporting == Reporting.NOT_ASKED:
            return None
        return row.extended_to or row.period.due_on


def quarter_of(period: ReportingPeriod) -> Quarter:
    """The quarter a reporting period covers."""
    return Quarter(period.year, period.index)


@dataclass(frozen=True)
class PlanSnapshot:
    """What is known of one plan in one quarter, `period`, with the other quarters beside it.

    `published` are the current publications of each task, oldest first, with their readings;
    `conclusions` the published year-end conclusions by (task id, year), the earlier years first.
    They are the states, unless the reader asked for a quarter (`is_chosen`).
    """

    plan: Plan
    period: ReportingPeriod | None
    periods: dict[Quarter, ReportingPeriod]
    tasks: list[Task]
    published: dict[int, list[Publication]]
    responsibilities: list[Responsibility]
    revisions: dict[int, list[Publication]]
    nodes: list[Breakdown]
    today: date
    # Whether `published` also holds drafts of what is not released yet. Such a snapshot is for
    # staff, and its counts carry no links: no public list would show the same tasks. What has no
    # draft may still come in time.
    internal: bool = False
    conclusions: dict[tuple[int, int], YearEnd] = field(default_factory=dict)
    is_chosen: bool = False

    @cached_property
    def headlines(self) -> dict[int, Headline]:
        """Task id -> its headline now, whichever quarter was chosen."""
        newest = {task: row for (task, _), row in self.conclusions.items()}
        return {
            task.pk: headline_of(self.plan, self._latest(task), newest.get(task.pk))
            for task in self.tasks
        }

    def _latest(self, task: Task) -> Publication | None:
        return next(reversed(self.published.get(task.pk, [])), None)

    @cached_property
    def is_concluded(self) -> bool:
        """Whether the states are year-end conclusions and not those of a quarter."""
        return not self.is_chosen and any(row.is_concluded for row in self.headlines.values())

    @property
    def concluded_years(self) -> list[int]:
        """The years with published conclusions, oldest first."""
        return sorted({year for _, year in self.conclusions})

    @cached_property
    def quarters(self) -> list[Quarter]:
        return plan_quarters(self.plan)

    @cached_property
    def _by_quarter(self) -> dict[tuple[int, Quarter], Publication]:
        return {
            (task, quarter_of(row.period)): row
            for task, rows in self.published.items()
            for row in rows
        }

    def publication(self, task: Task, quarter: Quarter) -> Publication | None:
        """The current publication of a task for a quarter, if there is one."""
        return self._by_quarter.get((task.pk, quarter))

    def unpublished(self, year: int, quarter: int) -> str:
        """The word for a quarter of which nothing is published, as of today."""
        if self._is_awaited(Quarter(year, quarter)):
            return str(State.AWAITED.label)
        return unpublished_word(self.plan, year, quarter, self.today)

    def _is_awaited(self, quarter: Quarter) -> bool:
        """Whether a task without a draft may still be reported on in time."""
        period = self.periods.get(quarter)
        return self.internal and period is not None and (period.is_open or period.is_closed)

    @property
    def released(self) -> list[ReportingPeriod]:
        """The released periods, oldest first."""
        return [period for _, period in sorted(self.periods.items()) if period.released_at]

    @property
    def quarter(self) -> Quarter | None:
        return quarter_of(self.period) if self.period else None

    @cached_property
    def previous(self) -> ReportingPeriod | None:
        """The quarter released before the chosen one, if there is one."""
        earlier = [row for row in self.released if self.quarter and quarter_of(row) < self.quarter]
        return earlier[-1] if earlier else None

    @cached_property
    def results(self) -> list[TaskResult]:
        """Each task in printed order; none where no quarter was chosen."""
        quarter = self.quarter
        if quarter is None:
            return []
        units: dict[int, list[str]] = defaultdict(list)
        for row in self.responsibilities:
            units[row.task_id].append(row.department.slug)
        return [self._result(task, quarter, units[task.pk]) for task in self.tasks]

    @property
    def words(self) -> Mapping[str, str]:
        """The words of the states; those of the conclusions where every state is one."""
        return words_of(result.headline for result in self.results)

    @property
    def done_word(self) -> str:
        """已完成 or 完成."""
        return self.words[Outcome.DONE]

    def _result(self, task: Task, quarter: Quarter, units: list[str]) -> TaskResult:
        previous, of_quarter = self.previous, self._of_quarter(task, quarter)
        return TaskResult(
            task=task,
            headline=self.headlines[task.pk] if self.is_concluded else of_quarter,
            previous=self.publication(task, quarter_of(previous)) if previous else None,
            units=units,
            first=next(iter(self.revisions.get(task.pk, [])), None),
            assessed_on=self._assessed_on(task),
        )

    def _of_quarter(self, task: Task, quarter: Quarter) -> Headline:
        """The state of the quarter itself, with the conclusion on its year beside it."""
        conclusion = self.conclusions.get((task.pk, quarter.year))
        missing = State.AWAITED if self._is_awaited(quarter) else ""
        return Headline(
            self.plan, self.publication(task, quarter), conclusion, quarter, missing=missing
        )

    def _assessed_on(self, task: Task) -> date | None:
        rows = self.revisions.get(task.pk, [])
        return next((local_day(row.published_at) for row in rows if row.assessment_pace), None)

    def revision_before(self, publication: Publication) -> Publication | None:
        """The revision that a publication of the chosen quarter replaced, if there was one."""
        rows = [
            row
            for row in self.revisions.get(publication.task_id, [])
            if row.revision < publication.revision
        ]
        return rows[-1] if rows else None


@dataclass(frozen=True)
class PlanChoices:
    """The plans and quarters a reader may choose from, newest quarter first.

    `newest` is the plan shown where none is chosen: the one released last, else the first.
    """

    plans: list[Plan]
    quarters: list[Quarter]
    newest: Plan | None


def plan_choices(*, internal: bool = False) -> PlanChoices:
    """The choices of a page about one plan and quarter. Two queries.

    `internal` adds the quarters that were opened but are not released yet.
    """
    plans = published_plans()
    released = _quarters_to_choose(internal=internal)
    by_id: dict[int, Plan] = {plan.pk: plan for plan in plans}
    newest = by_id[released[0][0]] if released else next(iter(plans), None)
    quarters = {quarter for _, quarter in released}
    return PlanChoices(plans, sorted(quarters, reverse=True), newest)


def _quarters_to_choose(*, internal: bool) -> list[tuple[int, Quarter]]:
    """(plan id, quarter), the one released last first; internally the one opened last."""
    if internal:
        periods = ReportingPeriod.objects.exclude(state=PeriodState.SCHEDULED)
        order = "-opens_on"
    else:
        periods, order = ReportingPeriod.objects.released(), "-released_at"
    rows = periods.quarters().public().order_by(order, "plan")
    return [
        (plan, Quarter(year, index))
        for plan, year, index in rows.values_list("plan_id", "year", "index")
    ]


def public_snapshot(plan: Plan, quarter: Quarter | None, today: date) -> PlanSnapshot:
    """What is public of a plan in the requested quarter, or in the newest released one.

    `quarter` is only followed where it was released; None asks for the newest, and for the year-end
    conclusions once they are published.
    """
    periods = {quarter_of(row): row for row in plan.periods.filter(kind=PeriodKind.QUARTER)}
    period = _chosen_period(periods, quarter)
    tasks = {task.pk: task for task in tasks_of([plan])}
    periods_by_id = {row.pk: row for row in periods.values()}
    return PlanSnapshot(
        plan=plan,
        period=period,
        periods=periods,
        tasks=list(tasks.values()),
        published=_publications_by_task(tasks, periods_by_id),
        responsibilities=_public_responsibilities(plan),
        revisions=_revisions_by_task(period, tasks),
        nodes=list(Breakdown.objects.confirmed().filter(task__plan=plan, indicator__isnull=False)),
        today=today,
        conclusions=conclusions_by_year(tasks),
        is_chosen=quarter is not None,
    )


def _chosen_period(
    periods: dict[Quarter, ReportingPeriod], quarter: Quarter | None
) -> ReportingPeriod | None:
    """The requested quarter if it was released, else the newest one that was."""
    released = {key: row for key, row in periods.items() if row.released_at}
    if not released:
        return None
    return released[quarter] if quarter in released else released[max(released)]


def tasks_of(plans: list[Plan]) -> list[Task]:
    """The tasks of the plans in printed order, with their indicators and targets. Three queries."""
    by_id = {plan.pk: plan for plan in plans}
    targets = Prefetch("targets", Target.objects.select_related("change_request"))
    rows = (
        Task.objects.filter(plan__in=plans)
        .select_related("section")
        .defer("search_text", "text", "goal")
    )
    rows = rows.prefetch_related(
        Prefetch("indicators", Indicator.objects.prefetch_related(targets))
    )
    tasks = list(rows.order_by("number"))
    for task in tasks:
        task.plan = by_id[task.plan_id]
    return tasks


def _publications_by_task(
    tasks: dict[int, Task], periods: dict[int, ReportingPeriod]
) -> dict[int, list[Publication]]:
    rows = Publication.objects.current().filter(period__in=periods).defer("content", "narrative")
    by_task: dict[int, list[Publication]] = defaultdict(list)
    rows = rows.prefetch_related("readings", "findings")
    for row in rows.order_by("period__year", "period__index"):
        row.task, row.period = tasks[row.task_id], periods[row.period_id]
        by_task[row.task_id].append(row)
    return by_task


def _public_responsibilities(plan: Plan) -> list[Responsibility]:
    rows = Responsibility.objects.public(demo=settings.DEMO).filter(task__plan=plan)
    return list(rows.select_related("department").order_by("department", "task__number"))


def _revisions_by_task(
    period: ReportingPeriod | None, tasks: dict[int, Task]
) -> dict[int, list[Publication]]:
    """All revisions of the chosen quarter by task, oldest first."""
    by_task: dict[int, list[Publication]] = defaultdict(list)
    if period is None:
        return by_task
    for row in Publication.objects.filter(period=period).defer(*HEAVY).order_by("revision"):
        row.task, row.period = tasks[row.task_id], period
        by_task[row.task_id].append(row)
    return by_task
