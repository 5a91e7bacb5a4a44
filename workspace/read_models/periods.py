"""The quarters of every plan for those who open, close and release them."""

from collections import Counter, defaultdict
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse

from common.text.wording import cn_quarter
from common.ui.chips import Chip, Tone
from departments.models import CalendarDay
from departments.querysets import Span
from departments.rules.working_days import Counting
from progress.actions.periods import set_days
from progress.choices import FILED, PeriodState, ReportStatus
from progress.models import EarlyClosing, ExtensionRequest, ProgressReport, ReportingPeriod
from tasks.choices import PlanState
from tasks.models import ChangeRequest, Plan, Task

TONES: dict[str, Tone] = {
    PeriodState.OPEN: Tone.COURSE,
    PeriodState.CLOSED: Tone.BEHIND,
    PeriodState.RELEASED: Tone.DONE,
}


@dataclass(frozen=True)
class PeriodLine:
    """One quarter: of `required` reports so many are `filed`, and so many of them `verified`.

    `returned`: how many more were sent back and have not come again.
    """

    period: ReportingPeriod
    chip: Chip
    required: int
    filed: int
    returned: int
    verified: int
    # Whether somebody proposed to close it early, and nobody has confirmed that.
    closes_early: bool
    due: Counting
    review: Counting
    release: Counting

    @property
    def also(self) -> list[tuple[str, Counting]]:
        """The days after the due day, with how each was counted."""
        release = "原计划公布" if self.period.is_released else "计划公布"
        return [("核查截止", self.review), (release, self.release)]


@dataclass(frozen=True)
class PlanPeriods:
    """A plan with one line for each of its quarters."""

    plan: Plan
    lines: list[PeriodLine]

    @property
    def years(self) -> range:
        return range(self.plan.starts_on.year, self.plan.ends_on.year + 1)


def plans_with_periods(today: date) -> list[PlanPeriods]:
    """Published plans, newest first, each with its quarters."""
    plans = Plan.objects.filter(state=PlanState.PUBLISHED).without_source_document()
    counted = plans.annotate(task_count=Count("tasks"))
    task_counts: dict[Plan, int] = {plan: plan.task_count for plan in counted}
    lines = _lines_by_plan(task_counts, today)
    return [PlanPeriods(plan, lines[plan.pk]) for plan in task_counts]


def _lines_by_plan(task_counts: dict[Plan, int], today: date) -> dict[int, list[PeriodLine]]:
    """Plan id -> its quarters in their order; `task_counts`: how many tasks each plan has."""
    by_id = {plan.pk: (plan, count) for plan, count in task_counts.items()}
    # As the overview counts: a returned report is being improved and counted apart.
    filed = Q(reports__status__in=FILED)
    returned = Q(reports__status=ReportStatus.RETURNED)
    verified = Q(reports__status__in=[ReportStatus.VERIFIED, ReportStatus.RELEASED])
    quarters = ReportingPeriod.objects.quarters().filter(plan__in=by_id).order_by("year", "index")
    periods = list(
        quarters.annotate(
            filed=Count("reports", filter=filed),
            returned=Count("reports", filter=returned),
            verified=Count("reports", filter=verified),
        )
    )
    countings = CalendarDay.objects.countings(span for row in periods for span in _spans(row))
    ended = _days_of_endings()
    proposed = _proposed(today)
    lines: dict[int, list[PeriodLine]] = defaultdict(list)
    for row in periods:
        row.plan, task_count = by_id[row.plan_id]
        due, review, release = (countings[span] for span in _spans(row))
        line = PeriodLine(
            period=row,
            chip=_chip(row),
            required=task_count - sum(day < row.first_day for day in ended[row.plan_id]),
            filed=row.filed,
            returned=row.returned,
            verified=row.verified,
            closes_early=row.pk in proposed,
            due=due,
            review=review,
            release=release,
        )
        lines[row.plan_id].append(line)
    return lines


def _days_of_endings() -> dict[int, list[date]]:
    """Plan id -> the days on which a task of it was ended, merged or split."""
    days: dict[int, list[date]] = defaultdict(list)
    for plan, day in ChangeRequest.objects.closing().values_list("task__plan", "approved_on"):
        days[plan].append(day)
    return days


def _chip(period: ReportingPeriod) -> Chip:
    tone = TONES.get(period.state, Tone.QUIET)
    return Chip(str(period.get_state_display()), tone, demo=period.demonstration)


def _spans(period: ReportingPeriod) -> list[Span]:
    return [
        (period.opens_on, day) for day in (period.due_on, period.review_due_on, period.release_on)
    ]


class JointStep(NamedTuple):
    """Opening or closing a quarter in all plans at once; `page`: the name of its address."""

    verb: str
    page: str
    year: int
    quarter: int


def joint_steps(plans: list[PlanPeriods], today: date) -> list[tuple[str, str]]:
    """(label, address) of opening or closing a quarter that is due in more than one plan."""
    steps = (_due_step(line.period, today) for plan in plans for line in plan.lines)
    return [
        (
            f"{step.verb}{cn_quarter(step.year, step.quarter)}（{count} 份文件）",
            reverse(f"workspace:{step.page}", args=[step.year, step.quarter]),
        )
        for step, count in Counter(filter(None, steps)).items()
        if count > 1
    ]


def _due_step(period: ReportingPeriod, today: date) -> JointStep | None:
    if period.state == PeriodState.SCHEDULED and period.opens_on <= today:
        return JointStep("一并开放", "open-quarter", period.year, period.index)
    if period.state == PeriodState.OPEN and period.due_on < today:
        return JointStep("一并截止", "close-quarter", period.year, period.index)
    return None


def unfiled(periods: list[ReportingPeriod]) -> int:
    """How many tasks have no submitted report; `periods`: one quarter, one period of each plan."""
    filed = ProgressReport.objects.handed_in().filter(period__in=periods)
    first_day = min(period.first_day for period in periods)
    tasks = Task.objects.filter(plan__periods__in=periods).not_closed_before(first_day)
    return tasks.exclude(pk__in=filed.values("task")).count()


def _proposed(today: date) -> set[int]:
    """Ids of the periods that somebody proposed to close early and nobody has confirmed."""
    return set(EarlyClosing.objects.waiting(today).values_list("period", flat=True))


def without_proposal(periods: list[ReportingPeriod], today: date) -> list[ReportingPeriod]:
    """Those of the periods for which no early closing waits to be confirmed."""
    proposed = _proposed(today)
    return [period for period in periods if period.pk not in proposed]


def waiting_extensions(periods: list[ReportingPeriod]) -> int:
    return ExtensionRequest.objects.waiting().filter(period__in=periods).count()


def opened_copy(period: ReportingPeriod, day: date) -> ReportingPeriod:
    """A copy of the period with the days it would have if opened on that day.

    Raises Refused when the calendar of working days does not reach that far.
    """
    planned = copy(period)
    if day != period.opens_on:
        set_days(planned, opens_on=day)
    return planned
