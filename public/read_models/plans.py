"""Published plans: their cards, the page of one plan, its years and quarters."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max
from django.urls import reverse

from common.time.quarters import Quarter
from common.ui.chips import Chip, Segment
from progress.models import ReportingPeriod
from public.read_models.data_dates import DataDate, data_date, printed_on
from publishing.models import Publication
from publishing.read_models.public_status import (
    count_states,
    headline_chip,
    latest_of,
    missing_chip,
    missing_word,
    segments,
    with_state,
)
from publishing.read_models.year_ends import closed_years
from tasks.models import Plan, Section, Task


@dataclass(frozen=True)
class TaskLine:
    """A task in a list, with the chip of its state."""

    task: Task
    chip: Chip


@dataclass(frozen=True)
class PlanCard:
    """A plan with the number of its tasks and their states."""

    plan: Plan
    count: int
    segments: list[Segment]
    # Up to which day what is known of it reaches.
    as_of: date | None = None

    @property
    def tracked(self) -> bool:
        return self.plan.tracked_from is not None


@dataclass(frozen=True)
class SectionPart:
    """One section with its tasks."""

    section: Section
    lines: list[TaskLine]


@dataclass(frozen=True)
class PlanPage:
    """The page of one plan.

    `period` is the newest published quarter, `closed_years` the years with published conclusions.
    """

    card: PlanCard
    parts: list[SectionPart]
    dates: DataDate
    period: ReportingPeriod | None
    closed_years: list[int]

    @property
    def plan(self) -> Plan:
        return self.card.plan


def published_plans() -> list[Plan]:
    """The plans that are public, without their files."""
    return list(Plan.objects.published().without_source_document())


def plan_years(plan: Plan) -> range:
    """The calendar years a plan covers, whole ones, however few of their days it runs."""
    return range(plan.starts_on.year, plan.ends_on.year + 1)


def plan_quarters(plan: Plan) -> list[Quarter]:
    """All quarters of the plan's years, oldest first."""
    return [Quarter(year, number) for year in plan_years(plan) for number in range(1, 5)]


def plan_cards(limit: int | None = None) -> list[PlanCard]:
    """The cards of the newest plans, all of them without a limit. Three queries."""
    plans = published_plans()[:limit]
    states: dict[int, Counter[str]] = defaultdict(Counter)
    rows = (
        with_state(Task.objects.filter(plan__in=plans)).order_by().values_list("plan_id", "state")
    )
    for plan_id, state in rows:
        states[plan_id][state or ""] += 1
    days = _data_days(plans)
    return [
        replace(
            plan_card(plan, states[plan.pk].elements()), as_of=days.get(plan.pk, printed_on(plan))
        )
        for plan in plans
    ]


def _data_days(plans: list[Plan]) -> dict[int, date]:
    """Plan id -> the newest data day of what is published of it. One query."""
    rows = Publication.objects.current().filter(task__plan__in=plans).order_by()
    return dict(rows.values_list("task__plan").annotate(day=Max("data_date")))


def plan_card(plan: Plan, states: Iterable[str]) -> PlanCard:
    """The card of a plan from the state of each task; an empty state is one without publication."""
    words = [state or missing_word(plan) for state in states]
    address = f"{reverse('public:tasks')}?plan={plan.slug}&"
    return PlanCard(plan, len(words), segments(count_states(words), address))


def plan_page(plan: Plan, day: date | None = None) -> PlanPage:
    """The page of a plan, as of now or of the end of a past day."""
    tasks = list(plan.tasks.select_related("section").defer("search_text"))
    latest = latest_of([task.pk for task in tasks], day)
    newest = _newest_period(latest.values())
    lines = defaultdict(list)
    for task in tasks:
        lines[task.section_id].append(TaskLine(task, _chip(plan, latest.get(task.pk), newest)))
    states = [latest[task.pk].headline if task.pk in latest else "" for task in tasks]
    return PlanPage(
        card=plan_card(plan, states),
        parts=[SectionPart(section, lines[section.pk]) for section in plan.sections.all()],
        dates=data_date([plan], day=day),
        period=newest,
        closed_years=closed_years(plan, day),
    )


def _newest_period(publications: Iterable[Publication]) -> ReportingPeriod | None:
    periods = (row.period for row in publications)
    return max(periods, key=lambda period: (period.year, period.index), default=None)


def _chip(plan: Plan, publication: Publication | None, newest: ReportingPeriod | None) -> Chip:
    """The state of a task; its quarter is only named where it is not the newest, named above."""
    if publication is None:
        return missing_chip(plan)
    return headline_chip(publication, quarter=publication.period != newest)
