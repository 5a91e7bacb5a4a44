"""A ticket's clock, read from its dated steps: pure arithmetic for any day, over a calendar already read.

Only the day itself stands on the ticket, so that desks can sort by it; why it is that day is not stored a second time.
One piece of work begins when the letter is received and, once, when it is opened again. Its limit runs from the next
day. It stands still from the day more was asked for to the day the answer came, by as many working days as were left;
a pause that began after the day was missed heals nothing. Time granted before the day sets a new day. Both leave the
earlier day in the story.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from common.time.days import local_day
from departments.rules.working_days import count_working_days, day_after, is_provisional
from feedback.choices import ClockEffect
from feedback.transitions import TRANSITIONS

Known = dict[date, bool]
# Calendar days, pauses and time granted not taken off. A site that leaves letters unanswered for three months fails the
# national inspection as a whole (国办秘函〔2019〕19号, as monitors read it: 超过3个月未回应): seen long before.
ALARM_DAYS = 30


@dataclass(frozen=True)
class Pause:
    start: date
    end: date | None = None

    def moved(self, day: date, known: Known) -> date:
        left = count_working_days(known, self.start, day)
        return day_after(known, self.end, left) if self.end and left > 0 else day

    def working_days(self, known: Known, until: date) -> int:
        """How long the clock stood still, up to that day."""
        return max(count_working_days(known, self.start, min(self.end or until, until)), 0)


@dataclass(frozen=True)
class Extension:
    start: date
    until: date

    def moved(self, day: date, known: Known) -> date:
        return self.until


@dataclass(frozen=True)
class Clock:
    """One piece of work: from which day, how many working days, and what moved the day since."""

    start: date
    days: int
    turns: tuple[Pause | Extension, ...] = ()

    @property
    def pauses(self) -> list[Pause]:
        return [turn for turn in self.turns if isinstance(turn, Pause)]

    @property
    def span(self) -> tuple[date, date]:
        """The days of the calendar one has to know: a long holiday after the last turn included."""
        last = max([self.start, *(day for turn in self.turns for day in vars(turn).values() if day)])
        return self.start, last + timedelta(self.days * 3 + 60)

    def course(self, known: Known) -> list[date]:
        """The day at first and after each turn; the last one is in force."""
        days = [day_after(known, self.start, self.days)]
        for turn in self.turns:
            days.append(turn.moved(days[-1], known))
        return days

    def due(self, known: Known) -> tuple[date, bool]:
        """The day in force and whether it is only provisional; a day somebody granted is not."""
        day = self.course(known)[-1]
        granted = bool(self.turns) and isinstance(self.turns[-1], Extension)
        return day, not granted and is_provisional(known, self.start, day)

    def latest(self, known: Known, ceiling: int) -> date:
        """The last day time can be granted to: `ceiling` working days, pauses not counted."""
        return replace(self, days=ceiling, turns=tuple(self.pauses)).course(known)[-1]

    def taken(self, known: Known, day: date) -> int:
        """Working days the office has had by then: what the citizen took is not counted against it."""
        paused = sum(pause.working_days(known, day) for pause in self.pauses)
        return max(count_working_days(known, self.start, day) - paused, 0)


def clock_of(received_on: date, days: int, steps: Iterable[Any]) -> Clock:
    """From steps in order, each with `verb`, `at` and `due_on`; what lies before the last opening is another clock."""
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


def _with(clock: Clock, turn: Pause | Extension) -> Clock:
    return replace(clock, turns=(*clock.turns, turn))
