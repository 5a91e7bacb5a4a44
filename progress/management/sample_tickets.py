"""Letters of the demonstration, sent through the real deeds of the feedback desk."""

import secrets
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from departments.models import Department, Role, User
from feedback.actions import (
    CITIZEN,
    accept,
    ask_extension,
    ask_more,
    assign,
    close_answered,
    escalate_waiting,
    merge,
    publish,
    rate,
    reassign,
    receive,
    redirect,
    reopen,
    reply,
    supplement,
    take,
)
from feedback.models import Ticket
from ledger.actions import Actor
from progress.management.sample_people import noon, person, working_day
from tasks.models import Task

STEPS = ["received", "accepted", "assigned", "answered", "published"]


def load_tickets(script: Path, *, today: date) -> None:
    for row in tomllib.loads(script.read_text("utf-8"))["ticket"]:
        _play(row, row.get("on") or today - timedelta(days=row["days_ago"]))
    escalate_waiting(by=Actor(), at=noon(today))


def _play(row: dict[str, Any], day: date) -> None:
    ticket = _receive(row, day)
    desk = person(Role.SUPERVISOR if row["kind"] == "complaint" else Role.CLERK)
    for step in STEPS[1 : STEPS.index(row["until"]) + 1]:
        day = working_day(day, 1) if "on" in row else day
        _DEEDS[step](ticket, row, desk, noon(day))
        ticket.refresh_from_db()
    for step in row.get("then", []):
        day += timedelta(days=step.get("after", 0))
        _MORE[step["do"]](Ticket.objects.get(pk=ticket.pk), step, desk, noon(day))


def _receive(row: dict[str, Any], day: date) -> Ticket:
    return receive(
        form_token=secrets.token_hex(16),
        kind=row["kind"],
        text=_sample(row["text"]),
        notice_version="demo",
        by=CITIZEN,
        at=noon(day),
        task=Task.objects.filter(code=row.get("task")).first(),
        place=row.get("place", ""),
        contact=row.get("contact", ""),
        consent=row.get("consent", False),
        demonstration=True,
    )


def _sample(words: str) -> str:
    return f"【演示】{words}"


def _accept(ticket: Ticket, row: dict[str, Any], desk: User, at: datetime) -> None:
    accept(ticket=ticket, handling_text=row["handling"], by=desk, at=at)


def _assign(ticket: Ticket, row: dict[str, Any], desk: User, at: datetime) -> None:
    assign(ticket=ticket, lead=Department.objects.get(short_name=row["unit"]), by=desk, at=at)


def _answer(ticket: Ticket, row: dict[str, Any], desk: User, at: datetime) -> None:
    unit = _of_lead(ticket)
    reply(ticket=take(ticket=ticket, by=unit, at=at), text=row["reply"], by=unit, at=at)


def _publish(ticket: Ticket, row: dict[str, Any], desk: User, at: datetime) -> None:
    publish(ticket=ticket, public_text=row["public_text"], public_reply=row["public_reply"], by=desk, at=at)


def _take(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    take(ticket=ticket, by=_of_lead(ticket), at=at)


def _ask_more(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """By whoever has it."""
    asker = _of_lead(ticket) if ticket.lead_department else desk
    ask_more(ticket=ticket, question=_sample(step["words"]), by=asker, at=at)


def _supplement(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    supplement(ticket=ticket, text=_sample(step["words"]), at=at)


def _ask_for_time(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    until = working_day(ticket.due_on, step["days"])
    ask_extension(ticket=ticket, until=until, reason=_sample(step["words"]), by=_of_lead(ticket), at=at)


def _merge(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """Into the letter that begins with these words."""
    head = Ticket.objects.get(text__startswith=_sample(step["into"]))
    merge(ticket=ticket, into=head.number, by=desk, at=at)


def _reassign(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    unit = Department.objects.get(short_name=step["unit"])
    reassign(ticket=ticket, lead=unit, reason=_sample(step["words"]), by=desk, at=at)


def _rate(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    rate(ticket=ticket, grade=step["grade"], words=_sample(step["words"]), at=at)


def _reopen(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    reopen(ticket=ticket, reason=_sample(step["words"]), at=at)


def _redirect(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    redirect(ticket=ticket, channel=step["channel"], number=step["number"], day=at.date(), by=desk, at=at)


def _close(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """As the daily run of that day does it, with every other answer nobody rated."""
    close_answered(by=Actor(), at=at)


def _of_lead(ticket: Ticket) -> User:
    return person(Role.REPORTER, ticket.lead_department)


_MORE = {
    "take": _take,
    "ask_more": _ask_more,
    "supplement": _supplement,
    "ask_for_time": _ask_for_time,
    "merge": _merge,
    "reassign": _reassign,
    "rate": _rate,
    "reopen": _reopen,
    "redirect": _redirect,
    "close": _close,
}
_DEEDS = {"accepted": _accept, "assigned": _assign, "answered": _answer, "published": _publish}
