"""The steps of one letter, and the reasons for its due day."""

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
from feedback.rules.clocks import Pause, Workdays, clock_of
from feedback.transitions import HANDOVER_VERBS


@dataclass(frozen=True)
class StepLine:
    """One dated step.

    `waited`: calendar days until somebody else had the letter, where the step handed it over.
    `still`: nobody else has had it since. `day`: in words, the day the step set or asked for.
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
    """Every step; for a merged letter also those of its head since then, without the notes."""
    own = [_step_line(step, note=step.public_note) for step in steps]
    return own + [_step_line(step) for step in _steps_of_head(ticket, steps)]


def _steps_of_head(ticket: Ticket, steps: list[TicketEvent]) -> Iterable[TicketEvent]:
    """The steps of the head since the letter was merged into it; none where it is not merged."""
    head = ticket.merged_into
    if head is None or ticket.status != TicketStatus.MERGED:
        return []
    merged = max(step.pk for step in steps if step.verb == TicketVerb.MERGE)
    return head.events.filter(pk__gt=merged)


def steps_for_staff(
    ticket: Ticket, steps: list[TicketEvent], user: User, today: date
) -> list[StepLine]:
    """Every step with the days it took; notes for the writer are hidden from
    the unit complained of.
    """
    concerned = ticket.concerns(user)
    waits = _waits(steps, until=today if ticket.is_open else None)
    # The letter lies with whoever got it last.
    still = max(waits, default=None) if ticket.is_open else None
    return [
        replace(
            _step_line(step, note="" if concerned else step.public_note),
            inner=step.inner_note,
            waited=waits.get(step.pk),
            still=step.pk == still,
        )
        for step in steps
    ]


def _waits(steps: list[TicketEvent], *, until: date | None) -> dict[int, int]:
    """Id of each handover -> calendar days until the next one.

    `until`: the day up to which the last one is counted; None leaves it out.
    """
    handovers = [(step.pk, local_day(step.at)) for step in steps if step.verb in HANDOVER_VERBS]
    ends = [day for _, day in handovers[1:]] + ([until] if until else [])
    return {pk: (end - day).days for (pk, day), end in zip(handovers, ends, strict=False)}


def _step_line(step: TicketEvent, note: str = "") -> StepLine:
    prefix = "申请延到 " if step.verb == TicketVerb.ASK_EXTENSION else "期限 "
    day = f"{prefix}{cn_date(step.due_on)}" if step.due_on else ""
    return StepLine(label=step.get_verb_display(), at=step.at, unit=step.unit, note=note, day=day)


@dataclass(frozen=True)
class LetterPiece:
    """The words of the letter or of an addition. `photo`: its address, if there is one. `title`:
    of an addition.
    """

    words: str
    photo: str = ""
    title: str = ""


def letter_of(ticket: Ticket, steps: list[TicketEvent], user: User) -> list[LetterPiece]:
    """The letter and its additions, as far as this person may read them."""
    if ticket.concerns(user):
        return [LetterPiece(ticket.handling_text)]
    reopened = {step.at for step in steps if step.verb == TicketVerb.REOPEN}
    titles = {True: "为什么要求重办", False: "后来补充"}
    later = [
        _piece(
            row,
            reverse("staff_feedback:added_photo", args=[ticket.number, row.pk]),
            titles[row.at in reopened],
        )
        for row in ticket.additions.all()
    ]
    return [_piece(ticket, reverse("staff_feedback:photo", args=[ticket.number])), *later]


def _piece(row: Ticket | Addition, photo_address: str, title: str = "") -> LetterPiece:
    return LetterPiece(row.text, photo_address if row.photo else "", title)


@dataclass(frozen=True)
class Leg:
    """One stage in the counting of the due day, in words and with the days counted, if any."""

    words: str
    counting: Counting | None = None


@dataclass(frozen=True)
class Why:
    """The due day and how it was counted from the stored facts."""

    due_on: date
    provisional: bool
    paused: bool
    legs: list[Leg]


def why(ticket: Ticket, steps: Iterable[TicketEvent]) -> Why:
    """为什么是这一天: how the due day was counted. `steps`: those of the letter in order.
    One query, for the calendar.
    """
    clock = clock_of(local_day(ticket.received_at), ticket.due_days, steps)
    rows = list(CalendarDay.objects.filter(date__range=clock.span))
    workdays = {row.date: row.is_workday for row in rows}
    due_days = clock.due_days(workdays)
    first = f"{ticket.get_kind_display()} {clock.days} 个工作日，自 {cn_date(clock.start)}次日起算"
    legs = [
        Leg(f"{first}，到{cn_date(due_days[0])}", explain_count(clock.start, due_days[0], rows))
    ]
    for shift, (before, day) in zip(clock.shifts, pairwise(due_days), strict=True):
        if isinstance(shift, Pause):
            legs.append(_leg_of_pause(shift, before, day, rows))
        else:
            legs.append(Leg(_extension_text(shift.start, before, day)))
    due_on, provisional = clock.due(workdays)
    return Why(due_on, provisional, clock.open_pause is not None, legs)


def _leg_of_pause(pause: Pause, before: date, day: date, calendar: list[CalendarDay]) -> Leg:
    workdays = {row.date: row.is_workday for row in calendar}
    words = _pause_text(pause, before, day, workdays)
    # Nothing was counted anew while it lasts, nor where it began after the due day or ended on it.
    if pause.end is None or day <= max(before, pause.end):
        return Leg(words)
    return Leg(words, explain_count(pause.end, day, calendar))


def _pause_text(pause: Pause, before: date, day: date, workdays: Workdays) -> str:
    left = max(count_working_days(workdays, pause.start, before), 0)
    if pause.end is None:
        return f"{cn_date(pause.start)}起等待补充材料，期限停算，还剩 {left} 个工作日"
    asked = f"{cn_date(pause.start)}请来信人补充材料，{cn_date(pause.end)}继续办理"
    if day == before:
        return f"{asked}，期限不变"
    counted = "，自次日起算" if left else ""
    return f"{asked}：还剩 {left} 个工作日{counted}，到{cn_date(day)}"


def _extension_text(decided_on: date, before: date, day: date) -> str:
    return f"{cn_date(decided_on)}同意延期，由{cn_date(before)}延到{cn_date(day)}"
