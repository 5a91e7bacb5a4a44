from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from common.errors import Refused
from common.time.days import local_day
from departments.models import CalendarDay, User
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked_period, period_subject
from progress.choices import PeriodState
from progress.models import ReportingPeriod
from tasks.models import Plan

# Working days after opening: to file, to assess, to release.
FILING_DAYS, REVIEW_DAYS, RELEASE_DAYS = 10, 18, 22


@transaction.atomic
def generate_periods(*, plan: Plan, by: User, at: datetime, demonstration: bool = False) -> list[ReportingPeriod]:
    """Every quarter of the plan that has no period yet, opening the day after it ends; days from the calendar."""
    Plan.objects.select_for_update().only("pk").get(pk=plan.pk)
    there = set(plan.periods.quarters().values_list("year", "index"))
    missing = [quarter for quarter in quarters_of(plan.starts_on, plan.ends_on) if quarter not in there]
    periods = [ReportingPeriod(plan=plan, year=year, index=i, demonstration=demonstration) for year, i in missing]
    # Of a quarter before the tracking began nothing is collected, so there is nothing to open.
    periods = [period for period in periods if plan.tracks(period.last_day)]
    for period in periods:
        set_days(period, opens_on=period.last_day + timedelta(days=1))
        period.promised_on = period.release_on if period.release_on >= local_day(at) else None
    ReportingPeriod.objects.bulk_create(periods)
    append([_event("schedule_period", period) for period in periods], by=by.actor(), at=at)
    return periods


def quarters_of(start: date, end: date) -> Iterable[tuple[int, int]]:
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
    """Opens each for every unit at once, all or none. On another day than planned its days are counted anew; the
    promised day stays."""
    held = [locked_period(period, PeriodState.SCHEDULED) for period in _in_order(periods)]
    for period in held:
        if on and on != period.opens_on:
            set_days(period, opens_on=on)
        period.state = PeriodState.OPEN
        period.save()
    append([_event("open_period", period) for period in held], by=by.actor(), at=at)
    return held


def open_period(*, period: ReportingPeriod, by: User, at: datetime, on: date | None = None) -> ReportingPeriod:
    return open_periods(periods=[period], by=by, at=at, on=on)[0]


@transaction.atomic
def close_periods(
    *, periods: Iterable[ReportingPeriod], reason: str = "", by: User, at: datetime
) -> list[ReportingPeriod]:
    """Ends the filing of each, all or none. Before the due day is over units lose time, so it needs a reason."""
    held = [locked_period(period, PeriodState.OPEN) for period in _in_order(periods)]
    early = {period.pk for period in held if is_early(period, local_day(at))}
    if early and not reason.strip():
        raise Refused("还没有过报送截止日，提前截止请写明理由。")
    for period in held:
        period.state = PeriodState.CLOSED
        period.early_reason = reason.strip() if period.pk in early else ""
        period.save()
    told = [_event("close_period", period, **({"early": True} if period.pk in early else {})) for period in held]
    append(told, by=by.actor(), at=at)
    return held


def is_early(period: ReportingPeriod, today: date) -> bool:
    return today <= period.due_on


def close_period(*, period: ReportingPeriod, reason: str = "", by: User, at: datetime) -> ReportingPeriod:
    return close_periods(periods=[period], reason=reason, by=by, at=at)[0]


def _in_order(periods: Iterable[ReportingPeriod]) -> list[ReportingPeriod]:
    """Always the same, so that two people who take several rows never wait for each other."""
    return sorted(periods, key=lambda period: period.pk)


def _event(verb: str, period: ReportingPeriod, **more) -> LedgerEvent:
    days = ("opens_on", "due_on", "review_due_on", "release_on")
    facts = {name: getattr(period, name) for name in days} | {"demonstration": period.demonstration} | more
    return LedgerEvent(verb, "period", period_subject(period), facts)
