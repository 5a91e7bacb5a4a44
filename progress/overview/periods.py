"""The calendar of a plan's quarters for those who open, close and release them."""

from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q

from progress.actions.periods import set_days
from progress.models import ReportingPeriod, ReportStatus
from tasks.models import Plan
from yantian_portal.lib.chips import Chip, Tone

TONES = {
    ReportingPeriod.State.OPEN: Tone.COURSE,
    ReportingPeriod.State.CLOSED: Tone.BEHIND,
    ReportingPeriod.State.RELEASED: Tone.DONE,
}


@dataclass(frozen=True)
class PeriodLine:
    """One quarter: `filed` and `verified` count among the plan's `tasks`."""

    period: ReportingPeriod
    chip: Chip
    filed: int
    verified: int


@dataclass(frozen=True)
class PlanPeriods:
    plan: Plan
    tasks: int
    lines: list[PeriodLine]


def plans_with_periods() -> list[PlanPeriods]:
    """Published plans, newest first, each with its quarters."""
    filed = Q(reports__first_submitted_at__isnull=False)
    verified = Q(reports__status__in=[ReportStatus.VERIFIED, ReportStatus.RELEASED])
    quarters = ReportingPeriod.objects.quarters().order_by("year", "index")
    counted = quarters.annotate(filed=Count("reports", filter=filed), verified=Count("reports", filter=verified))
    plans = Plan.objects.filter(state=Plan.State.PUBLISHED).without_paper()
    plans = plans.annotate(task_count=Count("tasks")).prefetch_related(Prefetch("periods", counted))
    return [PlanPeriods(plan, plan.task_count, [_line(row) for row in plan.periods.all()]) for plan in plans]


def unfiled(period: ReportingPeriod) -> int:
    """How many of the plan's tasks nobody has submitted for this period."""
    return period.plan.tasks.count() - period.reports.filter(first_submitted_at__isnull=False).count()


def _line(period: ReportingPeriod) -> PeriodLine:
    tone = TONES.get(period.state, Tone.QUIET)
    chip = Chip(period.get_state_display(), tone, demo=period.demonstration)
    return PeriodLine(period, chip, period.filed, period.verified)


def opening_on(period: ReportingPeriod, day: date) -> ReportingPeriod:
    """The period as it would stand if opened that day; raises Refused where the calendar does not reach."""
    planned = copy(period)
    if day != period.opens_on:
        set_days(planned, opens_on=day)
    return planned
