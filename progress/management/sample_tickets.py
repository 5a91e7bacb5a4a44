"""Letters of the demonstration, sent through the real deeds of the feedback desk."""

import secrets
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from departments.models import Department, Role, User
from feedback.actions import CITIZEN, accept, assign, publish, receive, redirect, reply, take
from feedback.models import Ticket
from progress.management.sample_people import noon, person, working_day
from tasks.models import Task

STEPS = ["received", "accepted", "assigned", "answered", "published"]


def load_tickets(script: Path, *, today: date) -> None:
    for row in tomllib.loads(script.read_text("utf-8"))["ticket"]:
        day = row.get("on") or today - timedelta(days=row["days_ago"])
        _play(row, day)


def _play(row: dict[str, Any], day: date) -> None:
    ticket = receive(
        form_token=secrets.token_hex(16),
        kind=row["kind"],
        text=f"【演示】{row['text']}",
        notice_version="demo",
        by=CITIZEN,
        at=noon(day),
        task=Task.objects.filter(code=row.get("task")).first(),
        place=row.get("place", ""),
        contact=row.get("contact", ""),
        consent=row.get("consent", False),
        demonstration=True,
    )
    desk = person(Role.SUPERVISOR if row["kind"] == "complaint" else Role.CLERK)
    if row["until"] == "redirected":
        redirect(ticket=ticket, channel=row["channel_to"], number=row["channel_number"], day=day, by=desk, at=noon(day))
        return
    for step in STEPS[1 : STEPS.index(row["until"]) + 1]:
        day = working_day(day, 1) if "on" in row else day
        _DEEDS[step](ticket, row, desk, noon(day))
        ticket.refresh_from_db()


def _accept(ticket: Ticket, row: dict[str, Any], desk: User, at: datetime) -> None:
    accept(ticket=ticket, handling_text=row["handling"], by=desk, at=at)


def _assign(ticket: Ticket, row: dict[str, Any], desk: User, at: datetime) -> None:
    assign(ticket=ticket, lead=Department.objects.get(short_name=row["unit"]), by=desk, at=at)


def _answer(ticket: Ticket, row: dict[str, Any], desk: User, at: datetime) -> None:
    unit = person(Role.REPORTER, ticket.lead_department)
    reply(ticket=take(ticket=ticket, by=unit, at=at), text=row["reply"], by=unit, at=at)


def _publish(ticket: Ticket, row: dict[str, Any], desk: User, at: datetime) -> None:
    publish(ticket=ticket, public_text=row["public_text"], public_reply=row["public_reply"], by=desk, at=at)


_DEEDS = {"accepted": _accept, "assigned": _assign, "answered": _answer, "published": _publish}
