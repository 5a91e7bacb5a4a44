"""The reports of the quarters under way about which reminders are sent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from progress.choices import PeriodState, ReportStatus
from progress.models import ReportingPeriod
from progress.requirements.report_item import ReportItem, report_items
from tasks.choices import PlanState

RUNNING = [PeriodState.OPEN, PeriodState.CLOSED]


def running_periods() -> list[ReportingPeriod]:
    """Quarters with something left to file: open, closed, or released with a report returned."""
    is_chased = Q(state__in=RUNNING) | Q(
        reports__status__in=[ReportStatus.RETURNED, ReportStatus.SIGNING]
    )
    periods = ReportingPeriod.objects.filter(is_chased, plan__state=PlanState.PUBLISHED)
    return list(periods.quarters().with_plan().distinct().order_by("due_on", "plan"))


def items_of(periods: Iterable[ReportingPeriod], today: date) -> list[ReportItem]:
    """Every required task of every period, in a constant number of queries."""
    return [item for item in report_items(periods, today) if item.requirements.closing is None]


def by_period(items: Iterable[ReportItem]) -> dict[ReportingPeriod, list[ReportItem]]:
    """The items of each period that has any; an empty list of every other."""
    items_by_period: dict[ReportingPeriod, list[ReportItem]] = defaultdict(list)
    for item in items:
        items_by_period[item.period].append(item)
    return items_by_period
