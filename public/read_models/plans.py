"""Published plans: their cards, the page of one plan, its years and quarters."""

from collections import defaultdict
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
from publishing.read_models.headlines import are_all_concluded, headlines_of, with_state
from publishing.read_models.public_status import (
    OUTCOME_WORDS,
    STATE_WORDS,
    count_states,
    missing_word,
    segments,
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
    """A plan with the number of its tasks and their states.

    `is_concluded`: whether every state is a year-end conclusion.
    """

    plan: Plan
    count: int
    segments: list[Segment]
    is_concluded: bool
    # Up to which day what is known of it reaches.
    as_of: date | None = None

    @property
    def has_states(self) -> bool:
        """Whether anything is told of the tasks: nothing is of a plan that was never tracked."""
        return self.plan.tracked_from is not None or self.is_concluded

    @property
    def conclusion(self) -> str:
        """The year-end conclusions in words (到年底：完成15，未完成1); empty without them."""
        if not self.is_concluded:
            return ""
        is_of_one_year = self.plan.starts_on.year == self.plan.ends_on.year
        counts = "，".join(f"{part.label}{part.count}" for part in self.segments)
        return f"{'到年底' if is_of_one_year else '最近的年终结论'}：{counts}"


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

    @property
    def has_plain_words(self) -> bool:
        """Whether the portal or a unit wrote a name or a sentence for one of these tasks."""
        return any(line.task.summary_by for part in self.parts for line in part.lines)


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
    states: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    rows = with_state(Task.objects.filter(plan__in=plans)).order_by()
    for plan_id, state, conclusion in rows.values_list("plan_id", "state", "concluded_id"):
        states[plan_id].append((state or "", conclusion is not None))
    days = _data_days(plans)
    return [
        replace(plan_card(plan, states[plan.pk]), as_of=days.get(plan.pk, printed_on(plan)))
        for plan in plans
    ]


def _data_days(plans: list[Plan]) -> dict[int, date]:
    """Plan id -> the newest data day of what is published of it. One query."""
    rows = Publication.objects.current().filter(task__plan__in=plans).order_by()
    return dict(rows.values_list("task__plan").annotate(day=Max("data_date")))


def plan_card(plan: Plan, states: Iterable[tuple[str, bool]]) -> PlanCard:
    """The card of a plan from (state, whether it is a year-end conclusion) of each task.

    An empty state is one without publication.
    """
    told = [(state or missing_word(plan), is_concluded) for state, is_concluded in states]
    is_concluded = are_all_concluded(is_concluded for _, is_concluded in told)
    parts = segments(
        count_states(state for state, _ in told),
        f"{reverse('public:tasks')}?plan={plan.slug}&",
        OUTCOME_WORDS if is_concluded else STATE_WORDS,
    )
    return PlanCard(plan, len(told), parts, is_concluded)


def plan_page(plan: Plan, day: date | None = None) -> PlanPage:
    """The page of a plan, as of now or of the end of a past day."""
    tasks = list(plan.tasks.select_related("section").defer("search_text"))
    headlines = headlines_of(tasks, day)
    newest = _newest_period(row.publication for row in headlines.values())
    lines = defaultdict(list)
    for task in tasks:
        # Its quarter is only named where it is not the newest, which the page names above.
        row = headlines[task.pk].publication
        chip = headlines[task.pk].chip(quarter=row is None or row.period != newest)
        lines[task.section_id].append(TaskLine(task, chip))
    states = [(row.state, row.is_concluded) for row in headlines.values()]
    return PlanPage(
        card=plan_card(plan, states),
        parts=[SectionPart(section, lines[section.pk]) for section in plan.sections.all()],
        dates=data_date([plan], day=day),
        period=newest,
        closed_years=closed_years(plan, day),
    )


def _newest_period(publications: Iterable[Publication | None]) -> ReportingPeriod | None:
    periods = (row.period for row in publications if row)
    return max(periods, key=lambda period: (period.year, period.index), default=None)
