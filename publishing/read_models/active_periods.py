"""The quarters that the staff work on now."""

from django.db.models import F

from progress.choices import PeriodState
from progress.models import ReportingPeriod
from publishing.models import YearEnd
from tasks.choices import PlanState


def active_periods() -> list[ReportingPeriod]:
    """Quarters of published plans in filing or assessment, and each plan's newest released one.

    Newest first within a plan. A plan is left out once the verdicts on its last year are published.
    """
    concluded = YearEnd.objects.filter(
        published_at__isnull=False, year=F("task__plan__ends_on__year")
    )
    quarters = ReportingPeriod.objects.quarters().filter(plan__state=PlanState.PUBLISHED)
    opened = quarters.exclude(state=PeriodState.SCHEDULED)
    opened = opened.exclude(plan__in=concluded.values("task__plan")).with_plan()
    periods = list(opened.order_by("plan", "-year", "-index"))
    newest = _newest_released(periods)
    return [period for period in periods if not period.is_released or period.pk in newest]


def _newest_released(periods: list[ReportingPeriod]) -> set[int]:
    """Ids of the newest released quarter of each plan; `periods`: newest first within a plan."""
    newest: dict[int, int] = {}
    for period in periods:
        if period.is_released:
            newest.setdefault(period.plan_id, period.pk)
    return set(newest.values())
