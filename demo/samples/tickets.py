"""Letters of the demonstration, sent through the real deeds of the feedback desk."""

import io
import secrets
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from demo.samples.people import noon, person, working_day
from demo.samples.reports import judges_of, publish_right
from departments.models import Department, Role, User
from feedback.actions import (
    CITIZEN,
    accept,
    ask_extension,
    ask_more,
    assign,
    close_answered,
    decide_review,
    dispute,
    escalate_waiting,
    merge,
    publish,
    rate,
    reassign,
    redirect,
    register,
    reopen,
    reply,
    start_handling,
    supplement,
    take_down,
)
from feedback.choices import ReplyMethod
from feedback.models import Ticket
from ledger.actions import Actor
from publishing.actions.corrections import Correction
from publishing.choices import Voice
from tasks.models import Task

STEPS = ["receive", "accept", "assign", "answer", "publish"]
POINT = 24


def load_tickets(script: Path, *, today: date) -> None:
    said = tomllib.loads(script.read_text("utf-8"))
    photo = _drawn(said["picture"].split())
    for row in said["ticket"]:
        _play(row, row.get("on") or today - timedelta(days=row["days_ago"]), photo if row.get("photo") else None)
    escalate_waiting(by=Actor(), at=noon(today))


def _drawn(lines: list[str]) -> bytes:
    """White on grey, with no typeface: not every machine has a Chinese one."""
    points = Image.new("L", (len(lines[0]), len(lines)))
    points.putdata([255 if point == "#" else 128 for line in lines for point in line])
    out, points = io.BytesIO(), ImageOps.expand(points, 2, 128)
    points.resize((points.width * POINT, points.height * POINT), Image.Resampling.NEAREST).save(out, "JPEG")
    return out.getvalue()


def _play(row: dict[str, Any], day: date, photo: bytes | None) -> None:
    """The straight way, a working day a step where the letter has a day of its year; then what else came."""
    ticket = _receive(row, day, photo)
    desk = person(Role.SUPERVISOR if row["kind"] == "complaint" else Role.CLERK)
    straight = [{"do": step, "after": 1 if "on" in row else 0} for step in STEPS[1 : STEPS.index(row["until"]) + 1]]
    for step in [*straight, *row.get("then", [])]:
        days = step.get("after", 0)
        day = working_day(day, days) if "on" in row else day + timedelta(days=days)
        _ACTIONS[step["do"]](Ticket.objects.get(pk=ticket.pk), row | step, desk, noon(day))


def _receive(row: dict[str, Any], day: date, photo: bytes | None) -> Ticket:
    return register(
        form_token=secrets.token_hex(16),
        kind=row["kind"],
        text=_sample(row["text"]),
        notice_version="demo",
        by=CITIZEN,
        at=noon(day),
        task=Task.objects.filter(code=row.get("task")).first(),
        location=row.get("location", ""),
        contact=row.get("contact", ""),
        photo=photo,
        reply_by=row.get("reply_by", ReplyMethod.WEB),
        consent=row.get("consent", False),
        demonstration=True,
    )


def _sample(words: str) -> str:
    return f"【演示】{words}"


def _accept(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    accept(ticket=ticket, handling_text=step["handling"], subject=step.get("subject", ""), by=desk, at=at)


def _assign(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    assign(ticket=ticket, lead=Department.objects.get(short_name=step["unit"]), by=desk, at=at)


def _answer(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    unit = _of_lead(ticket)
    ticket = start_handling(ticket=ticket, by=unit, at=at)
    reply(ticket=ticket, text=_sample(step["reply"]), adoption=step.get("adoption", ""), by=unit, at=at)


def _publish(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    words = {
        name: _sample(step.get(name, step[name.removeprefix("public_")])) for name in ("public_text", "public_reply")
    }
    publish(ticket=ticket, **words, by=desk, at=at)


def _take(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    start_handling(ticket=ticket, by=_of_lead(ticket), at=at)


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


def _take_down(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    take_down(ticket=ticket, reason=_sample(step["words"]), by=desk, at=at)


def _dispute(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """The newest line of its task."""
    row = ticket.task.publications.current().latest("published_at")
    dispute(ticket=ticket, publication=row, by=desk, at=at)


def _decide_review(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    decide_review(ticket=ticket, outcome=step["found"], note=_sample(step["words"]), by=_second_judge(ticket), at=at)


def _correct(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """The verdict of the line that was found untrue, by whoever found it so."""
    right = Correction(assessment_pace=step["pace"], assessment_note=_sample(step["words"]))
    why, by = f"有来信反映进展不实，核实结论是{ticket.get_review_outcome_display()}。", _second_judge(ticket)
    publish_right(ticket.disputed, Voice.SUPERVISOR, right, "data", why, by=by, on=at.date())


def _second_judge(ticket: Ticket) -> User:
    """The first one assessed the line."""
    return judges_of(ticket.task)[1]


def _of_lead(ticket: Ticket) -> User:
    return person(Role.REPORTER, ticket.lead_department)


_ACTIONS = {
    "accept": _accept,
    "assign": _assign,
    "answer": _answer,
    "publish": _publish,
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
    "take_down": _take_down,
    "dispute": _dispute,
    "decide_review": _decide_review,
    "correct": _correct,
}
