"""The clock of a letter, read from its dated steps: pure arithmetic for any day, over a calendar
already read.

Only the due day itself is stored, so that inboxes can be sorted by it; the reasons for it are
counted again when they are shown. Work begins when the letter is received and, once, when it is
opened again. The limit runs from the next day. The clock stands still from the day more was asked
for to the day it came, by the working days that were left; a pause after the due day moves nothing.
An extension granted before the due day sets a new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from common.time.days import local_day
from departments.rules.working_days import count_working_days, day_after, is_provisional
from feedback.choices import ClockEffect
from feedback.transitions import TRANSITIONS

Workdays = dict[date, bool]
# Calendar days from receipt; pauses and extensions are not taken off. A site that leaves letters
# unanswered for three months fails the national inspection as a whole (国办秘函〔2019〕19号, as
# monitors read it: 超过3个月未回应), so the alarm comes long before.
ALARM_DAYS = 30


@dataclass(frozen=True)
class Pause:
    """The clock stands still; `end` is None while the writer's answer is awaited."""

    start: date
    end: date | None = None

    def shifted(self, day: date, workdays: Workdays) -> date:
        """The due day after the pause: the working days left at its start, counted from its end.

        Where none was left, because the pause began on the due day itself, the first working day
        from its end on: that the writer answers does not make the letter overdue.
        """
        if self.end is None or self.start > day:
            return day
        left = count_working_days(workdays, self.start, day)
        if left == 0:
            return max(day, day_after(workdays, self.end - timedelta(days=1), 1))
        return day_after(workdays, self.end, left)

    def working_days(self, workdays: Workdays, until: date) -> int:
        """How many working days the clock stood still, up to that day."""
        return max(count_working_days(workdays, self.start, min(self.end or until, until)), 0)


@dataclass(frozen=True)
class Extension:
    """An extension granted on `start` to the day `until`."""

    start: date
    until: date

    def shifted(self, day: date, workdays: Workdays) -> date:
        """The due day after the extension."""
        return self.until


@dataclass(frozen=True)
class Clock:
    """One piece of work: from which day, how many working days,
    and what shifted the due day since.
    """

    start: date
    days: int
    shifts: tuple[Pause | Extension, ...] = ()

    @property
    def pauses(self) -> list[Pause]:
        return [shift for shift in self.shifts if isinstance(shift, Pause)]

    @property
    def span(self) -> tuple[date, date]:
        """The days of the calendar the clock needs,
        a long holiday after the last shift included.
        """
        last = max(
            [self.start, *(day for shift in self.shifts for day in vars(shift).values() if day)]
        )
        return self.start, last + timedelta(self.days * 3 + 60)

    def due_days(self, workdays: Workdays) -> list[date]:
        """The first due day and the one after each shift; the last is in force."""
        days = [day_after(workdays, self.start, self.days)]
        for shift in self.shifts:
            days.append(shift.shifted(days[-1], workdays))
        return days

    def due(self, workdays: Workdays) -> tuple[date, bool]:
        """The due day in force, and whether it is provisional; one that was granted never is."""
        day = self.due_days(workdays)[-1]
        granted = bool(self.shifts) and isinstance(self.shifts[-1], Extension)
        return day, not granted and is_provisional(workdays, self.start, day)

    def latest(self, workdays: Workdays, ceiling: int) -> date:
        """The last day an extension can reach: `ceiling` working days, pauses not counted."""
        return replace(self, days=ceiling, shifts=tuple(self.pauses)).due_days(workdays)[-1]

    def days_taken(self, workdays: Workdays, day: date) -> int:
        """Working days the office has had by that day; pauses are not counted against it."""
        paused = sum(pause.working_days(workdays, day) for pause in self.pauses)
        return max(count_working_days(workdays, self.start, day) - paused, 0)


def clock_of(received_on: date, days: int, steps: Iterable[Any]) -> Clock:
    """The clock of the work under way.

    `days`: working days of the limit. `steps`: in order, each with `verb`, `at` and `due_on`; what
    lies before the last opening belongs to an earlier clock.
    """
    clock, paused = Clock(received_on, days), None
    for step in steps:
        day, effect = local_day(step.at), TRANSITIONS[step.verb].clock
        if effect == ClockEffect.STARTS:
            clock, paused = Clock(day, days), None
        elif effect == ClockEffect.PAUSES:
            paused = Pause(day)
        elif effect == ClockEffect.RESUMES and paused:
            clock, paused = _with(clock, replace(paused, end=day)), None
        elif effect == ClockEffect.EXTENDS:
            clock = _with(clock, Extension(day, step.due_on))
    return _with(clock, paused) if paused else clock


def _with(clock: Clock, shift: Pause | Extension) -> Clock:
    return replace(clock, shifts=(*clock.shifts, shift))
