"""The letters of the demonstration, sent through the real actions of the feedback desk."""

import io
import secrets
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from demo.samples.people import noon, person, working_day
from demo.samples.reports import correct_publication, unrecused_supervisors
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

# The steps of a letter that needs nothing unusual; its row says `until` which it goes.
STEPS = ["receive", "accept", "assign", "answer", "publish"]
PIXELS_PER_POINT = 24


def load_tickets(script: Path, *, today: date) -> None:
    """Sends the letters of the file and has what is late today escalated."""
    data = tomllib.loads(script.read_text("utf-8"))
    photo = _draw_photo(data["picture"].split())
    for row in data["ticket"]:
        _play_ticket(
            row,
            row.get("on") or today - timedelta(days=row["days_ago"]),
            photo if row.get("photo") else None,
        )
    escalate_waiting(by=Actor(), at=noon(today))


def _draw_photo(lines: list[str]) -> bytes:
    """A JPEG drawn point by point, because not every machine has a Chinese font."""
    points = Image.new("L", (len(lines[0]), len(lines)))
    points.putdata([255 if point == "#" else 128 for line in lines for point in line])
    out, points = io.BytesIO(), ImageOps.expand(points, 2, 128)
    points.resize(
        (points.width * PIXELS_PER_POINT, points.height * PIXELS_PER_POINT),
        Image.Resampling.NEAREST,
    ).save(out, "JPEG")
    return out.getvalue()


def _play_ticket(row: dict[str, Any], day: date, photo: bytes | None) -> None:
    """Takes a letter through its usual steps and then through those listed in `then`.

    A letter with a fixed day `on` takes a working day for each usual step; others take none.
    """
    ticket = _receive(row, day, photo)
    desk = person(Role.SUPERVISOR if row["kind"] == "complaint" else Role.CLERK)
    usual_steps = [
        {"do": step, "after": 1 if "on" in row else 0}
        for step in STEPS[1 : STEPS.index(row["until"]) + 1]
    ]
    for step in [*usual_steps, *row.get("then", [])]:
        days = step.get("after", 0)
        day = working_day(day, days) if "on" in row else day + timedelta(days=days)
        ACTIONS[step["do"]](Ticket.objects.get(pk=ticket.pk), row | step, desk, noon(day))


def _receive(row: dict[str, Any], day: date, photo: bytes | None) -> Ticket:
    return register(
        form_token=secrets.token_hex(16),
        kind=row["kind"],
        text=_mark_sample(row["text"]),
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


def _mark_sample(words: str) -> str:
    return f"【演示】{words}"


def _accept(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    accept(
        ticket=ticket,
        handling_text=step["handling"],
        subject=step.get("subject", ""),
        by=desk,
        at=at,
    )


def _assign(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    assign(ticket=ticket, lead=Department.objects.get(short_name=step["unit"]), by=desk, at=at)


def _answer(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    unit = _lead_reporter(ticket)
    ticket = start_handling(ticket=ticket, by=unit, at=at)
    reply(
        ticket=ticket,
        text=_mark_sample(step["reply"]),
        adoption=step.get("adoption", ""),
        by=unit,
        at=at,
    )


def _publish(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    public_fields = {
        name: _mark_sample(step.get(name, step[name.removeprefix("public_")]))
        for name in ("public_text", "public_reply")
    }
    publish(ticket=ticket, **public_fields, by=desk, at=at)


def _take(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    start_handling(ticket=ticket, by=_lead_reporter(ticket), at=at)


def _ask_more(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """Asks the sender a question, by the lead unit where there is one, else by the desk."""
    asker = _lead_reporter(ticket) if ticket.lead_department else desk
    ask_more(ticket=ticket, question=_mark_sample(step["words"]), by=asker, at=at)


def _supplement(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    supplement(ticket=ticket, text=_mark_sample(step["words"]), at=at)


def _ask_for_time(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    until = working_day(ticket.due_on, step["days"])
    ask_extension(
        ticket=ticket,
        until=until,
        reason=_mark_sample(step["words"]),
        by=_lead_reporter(ticket),
        at=at,
    )


def _merge(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """Merges the letter into the one that begins with the words `into`."""
    head = Ticket.objects.get(text__startswith=_mark_sample(step["into"]))
    merge(ticket=ticket, into=head.number, by=desk, at=at)


def _reassign(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    unit = Department.objects.get(short_name=step["unit"])
    reassign(ticket=ticket, lead=unit, reason=_mark_sample(step["words"]), by=desk, at=at)


def _rate(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    rate(ticket=ticket, grade=step["grade"], words=_mark_sample(step["words"]), at=at)


def _reopen(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    reopen(ticket=ticket, reason=_mark_sample(step["words"]), at=at)


def _redirect(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    redirect(
        ticket=ticket, channel=step["channel"], number=step["number"], day=at.date(), by=desk, at=at
    )


def _close_unrated(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """Closes what nobody rated, as the daily run of that day does."""
    close_answered(by=Actor(), at=at)


def _take_down(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    take_down(ticket=ticket, reason=_mark_sample(step["words"]), by=desk, at=at)


def _dispute(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """Calls the newest publication of its task untrue."""
    row = ticket.task.publications.current().latest("published_at")
    dispute(ticket=ticket, publication=row, by=desk, at=at)


def _decide_review(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    decide_review(
        ticket=ticket,
        outcome=step["found"],
        note=_mark_sample(step["words"]),
        by=_second_supervisor(ticket),
        at=at,
    )


def _correct(ticket: Ticket, step: dict[str, Any], desk: User, at: datetime) -> None:
    """Corrects the assessment of the disputed publication, by the supervisor who reviewed it."""
    correction = Correction(
        assessment_pace=step["pace"], assessment_note=_mark_sample(step["words"])
    )
    why, by = (
        f"有来信反映进展不实，核实结论是{ticket.get_review_outcome_display()}。",
        _second_supervisor(ticket),
    )
    correct_publication(
        ticket.disputed, Voice.SUPERVISOR, correction, "data", why, by=by, on=at.date()
    )


def _second_supervisor(ticket: Ticket) -> User:
    """A supervisor who may review the assessment, because the first one made it."""
    return unrecused_supervisors(ticket.task)[1]


def _lead_reporter(ticket: Ticket) -> User:
    return person(Role.REPORTER, ticket.lead_department)


ACTIONS = {
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
    "close": _close_unrated,
    "take_down": _take_down,
    "dispute": _dispute,
    "decide_review": _decide_review,
    "correct": _correct,
}
