"""What happened to one ticket, step by step, and why its day is the day it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from django.urls import reverse

from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import CalendarDay, User
from departments.rules.working_days import Counting, count_working_days, explain_count
from feedback.choices import TicketStatus, TicketVerb
from feedback.models import Addition, Ticket, TicketEvent
from feedback.rules.clocks import Clock, Known, Pause, clock_of
from feedback.transitions import HANDOVER_VERBS


@dataclass(frozen=True)
class StepLine:
    """One dated step. `waited`: calendar days until somebody else had it, where the step put it in other hands.

    `still`: nobody else has it yet. `day`: in words the day it set or wished for.
    """

    label: str
    at: datetime
    unit: str
    note: str = ""
    inner: str = ""
    day: str = ""
    waited: int | None = None
    still: bool = False


def steps_for_citizen(ticket: Ticket, steps: list[TicketEvent]) -> list[StepLine]:
    """Every step; of one that was merged also those of its head since then, without a word about the other person."""
    own = [_line(step, note=step.public_note) for step in steps]
    merged = [step for step in steps if step.verb == TicketVerb.MERGE]
    if ticket.status != TicketStatus.MERGED or not merged:
        return own
    return own + [_line(step) for step in ticket.merged_into.events.filter(pk__gt=merged[-1].pk)]


def steps_for_staff(ticket: Ticket, steps: list[TicketEvent], user: User, today: date) -> list[StepLine]:
    """With the days each hand took. What was written for the person is not for the unit meant."""
    concerned, waits, still = ticket.concerns(user), *_waits(ticket, steps, today)
    lines = [(step, _line(step, note="" if concerned else step.public_note)) for step in steps]
    return [
        replace(line, inner=step.inner_note, waited=waits.get(step.pk), still=step.pk == still) for step, line in lines
    ]


def _waits(ticket: Ticket, steps: list[TicketEvent], today: date) -> tuple[dict[int, int], int | None]:
    """Step -> days it lay from there to the next hand; and the step since which it lies."""
    told = [step for step in steps if step.verb in HANDOVER_VERBS]
    ends = {one.pk: local_day(other.at) for one, other in pairwise(told)}
    still = told[-1].pk if told and ticket.is_open else None
    if still:
        ends[still] = today
    return {step.pk: (ends[step.pk] - local_day(step.at)).days for step in told if step.pk in ends}, still


def _line(step: TicketEvent, note: str = "") -> StepLine:
    named = "申请延到 " if step.verb == TicketVerb.ASK_EXTENSION else "期限 "
    day = f"{named}{cn_date(step.due_on)}" if step.due_on else ""
    return StepLine(label=step.get_verb_display(), at=step.at, unit=step.unit, note=note, day=day)


@dataclass(frozen=True)
class LetterPiece:
    """Of a letter: its words, and where its photo is downloaded, if one came with them. `title`: of what came later."""

    words: str
    photo: str = ""
    title: str = ""


def letter_of(ticket: Ticket, steps: list[TicketEvent], user: User) -> list[LetterPiece]:
    """What this person may read of the letter and of what was sent later."""
    if ticket.concerns(user):
        return [LetterPiece(ticket.handling_text)]
    reopened = {step.at for step in steps if step.verb == TicketVerb.REOPEN}
    titles = {True: "为什么要求重办", False: "后来补充"}
    later = [
        _piece(one, "added_photo", ticket.number, one.pk, title=titles[one.at in reopened])
        for one in ticket.additions.all()
    ]
    return [_piece(ticket, "photo", ticket.number), *later]


def _piece(row: Ticket | Addition, route: str, *at, title: str = "") -> LetterPiece:
    return LetterPiece(row.text, reverse(f"staff_feedback:{route}", args=at) if row.photo else "", title)


@dataclass(frozen=True)
class Leg:
    """A part of the way to the day: in words and, where days were counted, which."""

    words: str
    counting: Counting | None = None


@dataclass(frozen=True)
class Why:
    """The day in force, with every day it was before: nothing but the stored facts added up again."""

    due_on: date
    provisional: bool
    paused: bool
    legs: list[Leg]


def why(ticket: Ticket, steps: Iterable[TicketEvent]) -> Why:
    """为什么是这一天, from the ticket's steps in order. One query, for the calendar."""
    clock = clock_of(local_day(ticket.received_at), ticket.due_days, steps)
    rows = list(CalendarDay.objects.filter(date__range=clock.span))
    known = {row.date: row.is_workday for row in rows}
    course = clock.course(known)
    first = f"{ticket.get_kind_display()} {clock.days} 个工作日，自 {cn_date(clock.start)}次日起算"
    legs = [Leg(f"{first}，到{cn_date(course[0])}", explain_count(clock.start, course[0], rows))]
    for turn, (before, day) in zip(clock.turns, pairwise(course), strict=True):
        pausing = isinstance(turn, Pause)
        words = _paused(turn, before, day, known) if pausing else _granted(turn.start, before, day)
        legs.append(Leg(words, explain_count(turn.end, day, rows) if pausing and day > before else None))
    due_on, provisional = clock.due(known)
    return Why(due_on, provisional, _stands_still(clock), legs)


def _stands_still(clock: Clock) -> bool:
    return bool(clock.pauses) and clock.pauses[-1].end is None


def _paused(pause: Pause, before: date, day: date, known: Known) -> str:
    left = max(count_working_days(known, pause.start, before), 0)
    if pause.end is None:
        return f"{cn_date(pause.start)}起等待补充材料，期限停算，还剩 {left} 个工作日"
    asked = f"{cn_date(pause.start)}请来信人补充材料，{cn_date(pause.end)}继续办理"
    if day == before:
        return f"{asked}，期限不变"
    return f"{asked}：还剩 {left} 个工作日，自次日起算，到{cn_date(day)}"


def _granted(decided_on: date, before: date, day: date) -> str:
    return f"{cn_date(decided_on)}同意延期，由{cn_date(before)}延到{cn_date(day)}"
