"""Actions on reporting periods: scheduling, opening and closing them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day, quarter_end
from departments.models import CalendarDay, User
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked_period, period_subject
from progress.choices import PeriodState
from progress.models import ReportingPeriod
from tasks.models import Plan

# Working days from the opening until reports are due, assessed and released.
FILING_DAYS, REVIEW_DAYS, RELEASE_DAYS = 10, 18, 22


@transaction.atomic
def generate_periods(
    *, plan: Plan, by: User, at: datetime, demonstration: bool = False
) -> list[ReportingPeriod]:
    """Schedules a period for every quarter of a plan that has none, and returns the new ones.

    Each opens on the day after its quarter ends; its other days are counted in working days.
    `demonstration` marks the periods and everything filed in them. `at`: the moment of scheduling.

    Raises Refused if a year has no official calendar yet (`set_days`).
    """
    Plan.objects.select_for_update().only("pk").get(pk=plan.pk)
    existing = set(plan.periods.quarters().values_list("year", "index"))
    missing = [quarter for quarter in tracked_quarters(plan) if quarter not in existing]
    periods = [
        ReportingPeriod(plan=plan, year=year, index=index, demonstration=demonstration)
        for year, index in missing
    ]
    for period in periods:
        _announce(period, today=local_day(at))
    ReportingPeriod.objects.bulk_create(periods)
    append([_event("schedule_period", period) for period in periods], by=by.actor(), at=at)
    return periods


def _announce(period: ReportingPeriod, *, today: date) -> None:
    """Sets its days; a release day that is past already was never promised to anybody."""
    set_days(period, opens_on=period.last_day + timedelta(days=1))
    period.promised_on = period.release_on if period.release_on >= today else None


def tracked_quarters(plan: Plan) -> list[tuple[int, int]]:
    """The quarters of a plan that are reported on: those before it was tracked never are."""
    quarters = quarters_of(plan.starts_on, plan.ends_on)
    return [quarter for quarter in quarters if plan.tracks(quarter_end(*quarter))]


def quarters_of(start: date, end: date) -> Iterable[tuple[int, int]]:
    """(year, quarter 1-4) of every quarter between two days, both included."""
    first, last = start.year * 4 + (start.month - 1) // 3, end.year * 4 + (end.month - 1) // 3
    return [(number // 4, number % 4 + 1) for number in range(first, last + 1)]


def set_days(period: ReportingPeriod, *, opens_on: date) -> None:
    """Sets the due, review and release days, counted in working days from `opens_on`.

    A period marked as demonstration may count on provisional days: nobody is held to them.
    Raises Refused for any other period where the year of `opens_on` has no official calendar.
    """
    year = opens_on.year
    if not period.demonstration and not CalendarDay.objects.has_year(year):
        raise Refused(
            f"{year}年的工作日历还没有录入。请系统管理员按国务院办公厅的放假通知，"
            "在“参考数据 › 工作日历 › 增加”里录入，再安排或开放填报期。"
        )
    after = CalendarDay.objects.working_day_after
    period.opens_on = opens_on
    period.due_on, period.review_due_on, period.release_on = (
        after(opens_on, days)[0] for days in (FILING_DAYS, REVIEW_DAYS, RELEASE_DAYS)
    )


@transaction.atomic
def open_periods(
    *, periods: Iterable[ReportingPeriod], by: User, at: datetime, on: date | None = None
) -> list[ReportingPeriod]:
    """Opens scheduled periods for every unit, all or none.

    `on`: the day of opening; if it is not the planned one, due, review and release days are counted
    anew from it, while the day announced first (`promised_on`) stays. `at`: the moment of opening.

    Raises Refused if one is not scheduled, or if the year has no official calendar (`set_days`).
    """
    opened = [locked_period(period, PeriodState.SCHEDULED) for period in in_order(periods)]
    for period in opened:
        if on and on != period.opens_on:
            set_days(period, opens_on=on)
        period.state = PeriodState.OPEN
        period.save()
    append([_event("open_period", period) for period in opened], by=by.actor(), at=at)
    return opened


def open_period(
    *, period: ReportingPeriod, by: User, at: datetime, on: date | None = None
) -> ReportingPeriod:
    """Opens one scheduled period; arguments and Raises as for `open_periods`."""
    return open_periods(periods=[period], by=by, at=at, on=on)[0]


@transaction.atomic
def close_periods(
    *, periods: Iterable[ReportingPeriod], by: User, at: datetime
) -> list[ReportingPeriod]:
    """Closes open periods, all or none: no report can be submitted any more until the release.

    Closing early takes two persons (`progress/actions/early_closings.py`). `at`: the moment of
    closing.

    Raises Refused if one is not open, or if its due day is not over.
    """
    closed = [locked_period(period, PeriodState.OPEN) for period in in_order(periods)]
    if any(is_early(period, local_day(at)) for period in closed):
        raise Refused("还没有过报送截止日。提前截止须写明理由，由另一位督查员或区领导确认。")
    for period in closed:
        period.state = PeriodState.CLOSED
        period.save()
    append([closing_event(period) for period in closed], by=by.actor(), at=at)
    return closed


def closing_event(period: ReportingPeriod) -> LedgerEvent:
    """The public ledger event of a closing, which says when it was an early one."""
    return _event("close_period", period, {"early": True} if period.is_closed_early else {})


def is_early(period: ReportingPeriod, today: date) -> bool:
    """Whether closing a period on this day would be early: the due day itself is not over."""
    return today <= period.due_on


def close_period(*, period: ReportingPeriod, by: User, at: datetime) -> ReportingPeriod:
    """Closes one open period; arguments and Raises as for `close_periods`."""
    return close_periods(periods=[period], by=by, at=at)[0]


def in_order(periods: Iterable[ReportingPeriod]) -> list[ReportingPeriod]:
    """Always the same order, so that two people who lock several never wait for each other."""
    return sorted(periods, key=lambda period: period.pk)


def _event(
    verb: str, period: ReportingPeriod, facts: Mapping[str, object] | None = None
) -> LedgerEvent:
    shared = ("opens_on", "due_on", "review_due_on", "release_on", "demonstration")
    columns = {name: getattr(period, name) for name in shared}
    return LedgerEvent(verb, "period", period_subject(period), {**columns, **(facts or {})})
