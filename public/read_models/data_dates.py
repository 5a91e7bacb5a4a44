"""数据截至 and 下次公布 of a page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from progress.choices import PeriodState
from progress.models import ReportingPeriod
from publishing.models import Publication
from tasks.choices import PlanState
from tasks.models import Plan

THEN = "以后公布的不在这一页"
REVISABLE, NO_MORE = "各季均已公布，如有更正会另发一版", "不再更新"

# 公布后异议期, calendar days; later letters are answered too, but nobody is invited any more.
OBJECTION_DAYS = timedelta(days=7)


def objections_until(published_on: date, today: date) -> date | None:
    """Until when everybody is asked to say what is untrue of it; None once that day is over."""
    last = published_on + OBJECTION_DAYS
    return last if today <= last else None


@dataclass(frozen=True)
class DataDate:
    """`closed` says that no further quarter will be published of what the page shows; empty while one will."""

    as_of: date | None
    next_on: date | None
    closed: str


def data_date(
    plans: list[Plan], *, year: int | None = None, quarter: int | None = None, day: date | None = None
) -> DataDate:
    """Two queries; as of a day past the page says nothing of what came later."""
    shown = Publication.objects.as_of(day).filter(task__plan__in=plans)
    if year and quarter:
        shown = shown.of_quarter(year, quarter)
    found = shown.aggregate(day=Max("data_date"))["day"]
    return DataDate(found, None, THEN) if day else data_date_from(plans, found)


def data_date_from(plans: list[Plan], as_of: date | None) -> DataDate:
    """One query. Where nothing was ever published the papers' own day of publication counts."""
    periods = ReportingPeriod.objects.filter(plan__in=plans).values_list("plan", "state", "release_on")
    running = {plan.pk for plan in plans if plan.state == PlanState.PUBLISHED}
    ahead = [day for plan, state, day in periods if state != PeriodState.RELEASED and plan in running]
    planned = {plan for plan, _, _ in periods}
    printed = max((plan.published_on or plan.issued_on or plan.starts_on for plan in plans), default=None)
    goes_on = ahead or any(_awaits(plan, planned) for plan in plans)
    closed = "" if goes_on else REVISABLE if planned else NO_MORE
    return DataDate(as_of or printed, min(ahead, default=None), closed)


def _awaits(plan: Plan, planned: set[int]) -> bool:
    """Tracked, but its quarters are still to be laid out."""
    return plan.state == PlanState.PUBLISHED and plan.tracked_from is not None and plan.pk not in planned
