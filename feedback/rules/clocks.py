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
from datetime import date, datetime, timedelta
from typing import Protocol

from common.not_null import not_null
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


class ClockStep(Protocol):
    """A dated step of a letter. `due_on`: the day that the step set, if it set one."""

    @property
    def verb(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def due_on(self) -> date | None: ...


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
    def open_pause(self) -> Pause | None:
        """The pause under way, which is always the last shift; None while the clock runs."""
        last = self.shifts[-1] if self.shifts else None
        return last if isinstance(last, Pause) and last.end is None else None

    @property
    def _ended_shifts(self) -> tuple[Pause | Extension, ...]:
        return self.shifts[:-1] if self.open_pause else self.shifts

    def paused(self, day: date) -> "Clock":
        """The clock standing still from that day on."""
        return replace(self, shifts=(*self._ended_shifts, Pause(day)))

    def resumed(self, day: date) -> "Clock":
        """The clock running again from that day on."""
        pause = self.open_pause
        if pause is None:
            return self
        return replace(self, shifts=(*self._ended_shifts, replace(pause, end=day)))

    def extended(self, day: date, until: date) -> "Clock":
        """The clock with an extension granted on that day."""
        still_open = self.shifts[len(self._ended_shifts) :]
        return replace(self, shifts=(*self._ended_shifts, Extension(day, until), *still_open))

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
            if isinstance(shift, Pause):
                days.append(shift.shifted(days[-1], workdays))
            else:
                days.append(shift.until)
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


def days_in_words(days: int, asked_on: date, answered_on: date) -> str:
    """How long an answer took: 用时 3 个工作日; a day off and a pause are no working day."""
    if days:
        return f"用时 {days} 个工作日"
    return "当天答复" if asked_on == answered_on else "用时不到 1 个工作日"


def clock_of(received_on: date, days: int, steps: Iterable[ClockStep]) -> Clock:
    """The clock of the work under way.

    `days`: working days of the limit. `steps`: in order; what lies before the last opening belongs
    to an earlier clock.
    """
    clock = Clock(received_on, days)
    for step in steps:
        clock = _after(clock, step)
    return clock


def _after(clock: Clock, step: ClockStep) -> Clock:
    """The clock after one more step."""
    day, effect = local_day(step.at), TRANSITIONS[step.verb].clock
    if effect == ClockEffect.STARTS:
        return Clock(day, clock.days)
    if effect == ClockEffect.PAUSES:
        return clock.paused(day)
    if effect == ClockEffect.RESUMES:
        return clock.resumed(day)
    if effect == ClockEffect.EXTENDS:
        # A constraint sees to it that such a step has set a day.
        return clock.extended(day, not_null(step.due_on))
    return clock
