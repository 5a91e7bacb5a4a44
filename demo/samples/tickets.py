"""The letters of the demonstration, sent through the real actions of the feedback desk."""

import io
import secrets
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from demo.samples.people import noon, person, working_day
from demo.samples.ticket_steps import ACTIONS, TicketStep, mark_sample
from departments.roles import Role
from feedback.actions import (
    CITIZEN,
    escalate_waiting,
    register,
)
from feedback.choices import ReplyMethod
from feedback.models import Ticket
from ledger.actions import Actor
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
    has_fixed_day = "on" in row
    usual_steps = [
        {"do": step, "after": int(has_fixed_day)}
        for step in STEPS[1 : STEPS.index(row["until"]) + 1]
    ]
    for step in [*usual_steps, *row.get("then", [])]:
        days = step.get("after", 0)
        day = working_day(day, days) if has_fixed_day else day + timedelta(days=days)
        current = Ticket.objects.get(pk=ticket.pk)
        ACTIONS[step["do"]](TicketStep(current, row | step, desk, noon(day)))


def _receive(row: dict[str, Any], day: date, photo: bytes | None) -> Ticket:
    return register(
        form_token=secrets.token_hex(16),
        kind=row["kind"],
        text=mark_sample(row["text"]),
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
