"""Why a day is the day it is: working days counted one after the other, and what was left out by which name."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from departments.rules.statutory_holidays import presumed_workday, statutory_holiday


@dataclass(frozen=True)
class Stretch:
    """Days in a row that count alike for the same reason; `name` is empty for ordinary working days."""

    name: str
    worked: bool
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Counting:
    """The days after `start` up to and including `end`. Provisional where no official calendar reaches."""

    start: date
    end: date
    stretches: list[Stretch]
    provisional: bool

    @property
    def working_days(self) -> int:
        return sum(stretch.days for stretch in self.stretches if stretch.worked)


def count_working_days(known: dict[date, bool], start: date, end: date) -> int:
    """Working days after `start` up to and including `end`, negative before it, over a table already read."""
    if end < start:
        return -count_working_days(known, end, start)
    days = (start + timedelta(n) for n in range(1, (end - start).days + 1))
    return sum(_worked(known, day) for day in days)


def day_after(known: dict[date, bool], start: date, days: int) -> date:
    """The day `days` working days after `start`.

    Where the table does not reach, Monday to Friday count, except holidays fixed by law.
    """
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        left -= _worked(known, day)
    return day


def is_provisional(known: Container[date], start: date, end: date) -> bool:
    """Whether a day after `start` up to `end` is neither in the official table nor fixed by law."""
    days = (start + timedelta(n) for n in range(1, (end - start).days + 1))
    return any(day not in known and not statutory_holiday(day) for day in days)


def counting(start: date, end: date, calendar: Iterable) -> Counting:
    """`calendar` is rows with date, is_workday and note; those outside the days asked for do no harm."""
    known = {row.date: (row.is_workday, row.note) for row in calendar}
    days = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
    told = [Stretch(*_reason(day, *(known.get(day) or _presumed(day))), day, day) for day in days]
    alike = [list(group) for _, group in groupby(told, key=lambda one: (one.name, one.worked))]
    stretches = [replace(group[0], last=group[-1].last) for group in alike]
    return Counting(start, end, stretches, provisional=is_provisional(known, start, end))


def _worked(known: dict[date, bool], day: date) -> bool:
    return known[day] if day in known else presumed_workday(day)


def _presumed(day: date) -> tuple[bool, str]:
    return presumed_workday(day), statutory_holiday(day)


def _reason(day: date, worked: bool, note: str) -> tuple[str, bool]:
    """The calendar's own word, else what the day of the week gives away."""
    weekend = day.weekday() > 4
    if worked:
        return (note or "调休上班") if weekend else "", worked
    return note or ("周末" if weekend else "放假"), worked
