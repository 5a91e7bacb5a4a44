"""The quarters of every plan for those who open, close and release them."""

from collections import Counter
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q
from django.urls import reverse

from common.text.wording import cn_quarter
from common.ui.chips import Chip, Tone
from departments.models import CalendarDay
from departments.querysets import Span
from departments.rules.working_days import Counting
from progress.actions.periods import set_days
from progress.choices import PeriodState, ReportStatus
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod
from tasks.choices import PlanState
from tasks.models import ChangeRequest, Plan, Task

TONES = {
    PeriodState.OPEN: Tone.COURSE,
    PeriodState.CLOSED: Tone.BEHIND,
    PeriodState.RELEASED: Tone.DONE,
}


@dataclass(frozen=True)
class PeriodLine:
    """One quarter: of `required` reports so many are `filed`, and so many of them `verified`."""

    period: ReportingPeriod
    chip: Chip
    required: int
    filed: int
    verified: int
    due: Counting
    review: Counting
    release: Counting

    @property
    def also(self) -> list[tuple[str, Counting]]:
        """The days after the due day, with how each was counted."""
        return [("核查截止", self.review), ("计划公布", self.release)]


@dataclass(frozen=True)
class PlanPeriods:
    """A plan with one line for each of its quarters."""

    plan: Plan
    lines: list[PeriodLine]

    @property
    def years(self) -> range:
        return range(self.plan.starts_on.year, self.plan.ends_on.year + 1)


def plans_with_periods() -> list[PlanPeriods]:
    """Published plans, newest first, each with its quarters."""
    filed = Q(reports__first_submitted_at__isnull=False)
    verified = Q(reports__status__in=[ReportStatus.VERIFIED, ReportStatus.RELEASED])
    quarters = ReportingPeriod.objects.quarters().order_by("year", "index")
    counted = quarters.annotate(
        filed=Count("reports", filter=filed), verified=Count("reports", filter=verified)
    )
    plans = Plan.objects.filter(state=PlanState.PUBLISHED).without_source_document()
    plans = list(
        plans.annotate(task_count=Count("tasks")).prefetch_related(Prefetch("periods", counted))
    )
    countings = CalendarDay.objects.countings(
        span for plan in plans for row in plan.periods.all() for span in _spans(row)
    )
    ended = ChangeRequest.objects.closing().values_list("task__plan", "approved_on")
    days = {plan.pk: [day for pk, day in ended if pk == plan.pk] for plan in plans}
    return [
        PlanPeriods(
            plan, [_line(plan, row, days[plan.pk], countings) for row in plan.periods.all()]
        )
        for plan in plans
    ]


def _spans(period: ReportingPeriod) -> list[Span]:
    return [
        (period.opens_on, day) for day in (period.due_on, period.review_due_on, period.release_on)
    ]


def joint_steps(plans: list[PlanPeriods], today: date) -> list[tuple[str, str]]:
    """(label, address) of opening or closing a quarter that is due in more than one plan."""
    due = Counter()
    for period in (line.period for plan in plans for line in plan.lines):
        if period.state == PeriodState.SCHEDULED and period.opens_on <= today:
            due["一并开放", "open-quarter", period.year, period.index] += 1
        if period.state == PeriodState.OPEN and period.due_on < today:
            due["一并截止", "close-quarter", period.year, period.index] += 1
    return [
        (
            f"{verb}{cn_quarter(year, index)}（{count} 份文件）",
            reverse(f"workspace:{name}", args=[year, index]),
        )
        for (verb, name, year, index), count in due.items()
        if count > 1
    ]


def unfiled(periods: list[ReportingPeriod]) -> int:
    """How many tasks have no submitted report; `periods`: one quarter, one period of each plan."""
    filed = ProgressReport.objects.filter(period__in=periods, first_submitted_at__isnull=False)
    first_day = min(period.first_day for period in periods)
    tasks = Task.objects.filter(plan__periods__in=periods).not_closed_before(first_day)
    return tasks.exclude(pk__in=filed.values("task")).count()


def waiting_extensions(periods: list[ReportingPeriod]) -> int:
    return ExtensionRequest.objects.waiting().filter(period__in=periods).count()


def _line(
    plan: Plan, period: ReportingPeriod, ended: list[date], countings: dict[Span, Counting]
) -> PeriodLine:
    tone = TONES.get(period.state, Tone.QUIET)
    chip = Chip(period.get_state_display(), tone, demo=period.demonstration)
    required = plan.task_count - sum(day < period.first_day for day in ended)
    return PeriodLine(
        period,
        chip,
        required,
        period.filed,
        period.verified,
        *(countings[span] for span in _spans(period)),
    )


def opened_copy(period: ReportingPeriod, day: date) -> ReportingPeriod:
    """A copy of the period with the days it would have if opened on that day.

    Raises Refused when the calendar of working days does not reach that far.
    """
    planned = copy(period)
    if day != period.opens_on:
        set_days(planned, opens_on=day)
    return planned
