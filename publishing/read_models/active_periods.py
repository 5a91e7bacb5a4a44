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
    opened = (
        opened.exclude(plan__in=concluded.values("task__plan"))
        .with_plan()
        .order_by("plan", "-year", "-index")
    )
    released = [period for period in opened if period.state == PeriodState.RELEASED]
    newest = {period.plan_id: period for period in reversed(released)}
    return [
        period for period in opened if period not in released or period == newest[period.plan_id]
    ]
