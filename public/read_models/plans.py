"""Plans as the public meets them: a card each, and the page of one plan."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from common.time.quarters import Quarter
from common.ui.chips import Chip, Segment
from progress.models import ReportingPeriod
from public.read_models.data_dates import DataDate, data_date
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
    """A task in a list: its row and how it stands."""

    task: Task
    chip: Chip


@dataclass(frozen=True)
class PlanCard:
    plan: Plan
    count: int
    segments: list[Segment]

    @property
    def tracked(self) -> bool:
        return self.plan.tracked_from is not None


@dataclass(frozen=True)
class SectionPart:
    section: Section
    lines: list[TaskLine]


@dataclass(frozen=True)
class PlanPage:
    card: PlanCard
    parts: list[SectionPart]
    dates: DataDate
    period: ReportingPeriod | None
    # Years whose last word was published.
    closed_years: list[int]

    @property
    def plan(self) -> Plan:
        return self.card.plan


def published_plans() -> list[Plan]:
    return list(Plan.objects.published().without_source_document())


def plan_years(plan: Plan) -> range:
    """The calendar years a plan covers, whole ones, however few of their days it runs."""
    return range(plan.starts_on.year, plan.ends_on.year + 1)


def plan_quarters(plan: Plan) -> list[Quarter]:
    """All quarters of the plan's years, oldest first."""
    return [Quarter(year, number) for year in plan_years(plan) for number in range(1, 5)]


def plan_cards(limit: int | None = None) -> list[PlanCard]:
    """Two queries, however many plans and tasks there are."""
    plans = published_plans()[:limit]
    states = defaultdict(Counter)
    for row in with_state(Task.objects.filter(plan__in=plans)).order_by().values_list("plan_id", "state"):
        states[row[0]][row[1]] += 1
    return [plan_card(plan, states[plan.pk].elements()) for plan in plans]


def plan_card(plan: Plan, states) -> PlanCard:
    named = [state or missing_word(plan) for state in states]
    address = f"{reverse('public:tasks')}?plan={plan.slug}&"
    return PlanCard(plan, len(named), segments(count_states(named), address))


def plan_page(plan: Plan, day: date | None = None) -> PlanPage:
    """As it stands, or stood at the end of a day."""
    tasks = list(plan.tasks.select_related("section").defer("search_text"))
    latest = latest_of([task.pk for task in tasks], day)
    newest = max((row.period for row in latest.values()), key=lambda period: (period.year, period.index), default=None)
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


def _chip(plan: Plan, publication: Publication | None, newest: ReportingPeriod | None) -> Chip:
    """The newest quarter is named once, above the lists; only an older one stands on its line."""
    if publication is None:
        return missing_chip(plan)
    return headline_chip(publication, quarter=publication.period_id != newest.pk)
