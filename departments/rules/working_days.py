"""Working days counted between two dates, with the reason for every day left out."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from departments.rules.statutory_holidays import is_presumed_workday, statutory_holiday

# By (worked, on a weekend): why a day counts as it does where the calendar has no note.
USUAL_REASONS = {(True, True): "调休上班", (False, True): "周末", (False, False): "放假"}


@dataclass(frozen=True)
class Stretch:
    """Days in a row that count alike for the same reason;
    `name` is empty for ordinary working days.
    """

    name: str
    worked: bool
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Counting:
    """How the working days after `start` up to and including `end` were counted.

    `provisional`: some day lies outside the official calendar.
    """

    start: date
    end: date
    stretches: list[Stretch]
    provisional: bool

    @property
    def working_days(self) -> int:
        """How many of the days are worked."""
        return sum(stretch.days for stretch in self.stretches if stretch.worked)


def count_working_days(known: dict[date, bool], start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before
    `start`.

    `known`: from each day of the official table to whether it is worked.
    """
    if end < start:
        return -count_working_days(known, end, start)
    days = (start + timedelta(n) for n in range(1, (end - start).days + 1))
    return sum(_is_worked(known, day) for day in days)


def day_after(known: dict[date, bool], start: date, days: int) -> date:
    """The day `days` working days after `start`.

    `known`: from each day of the official table to whether it is worked. Where the table does not
    reach, Monday to Friday count, except holidays fixed by law.
    """
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        left -= _is_worked(known, day)
    return day


def is_provisional(known: Container[date], start: date, end: date) -> bool:
    """Whether a day after `start` up to `end` is neither in the official table nor fixed by law."""
    days = (start + timedelta(n) for n in range(1, (end - start).days + 1))
    return any(day not in known and not statutory_holiday(day) for day in days)


def explain_count(start: date, end: date, calendar: Iterable) -> Counting:
    """The count of the days after `start` up to and including `end`, in stretches.

    `calendar`: rows with date, is_workday and note; rows outside these days are ignored.
    """
    known = {row.date: (row.is_workday, row.note) for row in calendar}
    days = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
    single_days = [_single_day(day, known.get(day) or _presumed(day)) for day in days]
    provisional = is_provisional(known, start, end)
    return Counting(start, end, list(_joined(single_days)), provisional=provisional)


def _joined(single_days: Iterable[Stretch]) -> Iterator[Stretch]:
    """Days in a row that count alike for the same reason as one stretch."""
    for _, group in groupby(single_days, key=attrgetter("name", "worked")):
        days = list(group)
        yield replace(days[0], last=days[-1].last)


def _is_worked(known: dict[date, bool], day: date) -> bool:
    return known[day] if day in known else is_presumed_workday(day)


def _presumed(day: date) -> tuple[bool, str]:
    """(worked, note) of a day that is not in the official table."""
    return is_presumed_workday(day), statutory_holiday(day)


def _single_day(day: date, entry: tuple[bool, str]) -> Stretch:
    """A stretch of one day; `entry`: whether it is worked, and the note of the calendar."""
    worked, note = entry
    is_weekend = day.weekday() > 4
    if worked and not is_weekend:
        return Stretch("", worked, day, day)
    return Stretch(note or USUAL_REASONS[worked, is_weekend], worked, day, day)
