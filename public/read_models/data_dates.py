"""The day of the data (数据截至) and of the next publication (下次公布) of a page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from progress.choices import PeriodState
from progress.models import ReportingPeriod
from publishing.models import Publication
from tasks.choices import PlanState
from tasks.models import Plan

PAST_DAY = "以后公布的不在这一页"
REVISABLE, NO_MORE = "各季均已公布，如有更正会另发一版", "不再更新"

# 公布后异议期 in calendar days. Later objections are answered too, but no longer invited.
OBJECTION_DAYS = timedelta(days=7)


def objections_until(published_on: date, today: date) -> date | None:
    """The last day on which objections to a publication are invited; None once it is over."""
    last = published_on + OBJECTION_DAYS
    return last if today <= last else None


@dataclass(frozen=True)
class DataDate:
    """The days of a page; `closed` is the remark where no further quarter will be published."""

    as_of: date | None
    next_on: date | None
    closed: str


def data_date(
    plans: list[Plan],
    *,
    year: int | None = None,
    quarter: int | None = None,
    day: date | None = None,
) -> DataDate:
    """The days of a page about these plans, in one quarter (1-4) if both are given. Two queries.

    As of the end of a past `day` nothing later is mentioned.
    """
    publications = Publication.objects.as_of(day).filter(task__plan__in=plans)
    if year and quarter:
        publications = publications.of_quarter(year, quarter)
    newest = publications.aggregate(day=Max("data_date"))["day"]
    return DataDate(newest, None, PAST_DAY) if day else data_date_from(plans, newest)


def data_date_from(plans: list[Plan], as_of: date | None) -> DataDate:
    """The days of a page whose data are of `as_of`. One query.

    Where nothing was ever published, the publication day of the newest document counts. A page
    about no document at all is not closed: there is nothing yet that could end.
    """
    rows = ReportingPeriod.objects.filter(plan__in=plans)
    periods = list(rows.values_list("plan", "state", "release_on"))
    ahead = _days_ahead(plans, periods)
    planned = {plan for plan, _, _ in periods}
    will_continue = not plans or ahead or any(_awaits_periods(plan, planned) for plan in plans)
    finished = REVISABLE if planned else NO_MORE
    printed = max(filter(None, map(printed_on, plans)), default=None)
    closed = "" if will_continue else finished
    return DataDate(as_of or printed, min(ahead, default=None), closed)


def _days_ahead(plans: list[Plan], periods: list[tuple[int, str, date]]) -> list[date]:
    """The planned release days of running plans. `periods`: (plan id, state, release day)."""
    running = {plan.pk for plan in plans if plan.state == PlanState.PUBLISHED}
    unreleased = (row for row in periods if row[1] != PeriodState.RELEASED)
    return [day for plan, _, day in unreleased if plan in running]


def printed_on(plan: Plan) -> date | None:
    """When the document was published, as far as it is known; of it nothing later is known."""
    return plan.published_on or plan.issued_on


def _awaits_periods(plan: Plan, planned: set[int]) -> bool:
    """Whether the plan is no history and its periods are still to be scheduled."""
    return plan.state == PlanState.PUBLISHED and plan.pk not in planned
