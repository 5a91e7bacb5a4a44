"""The supervision slips (督办单) of the demonstration."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from demo.samples.people import noon, person
from demo.samples.reports import unrecused_supervisors
from departments.models import User
from departments.roles import Role
from supervision.actions.issuing import issue_slip
from supervision.actions.slips import (
    close_slip,
    raise_slip,
    reply_slip,
    send_back_slip,
    withdraw_slip,
)
from supervision.models import SupervisionSlip
from supervision.read_models.slip_drafts import slip_draft
from tasks.actions.plans import set_slips_public
from tasks.models import Plan, Task


def load_slips(script: Path, *, today: date) -> None:
    """Issues the slips of the file; days counted back from today keep some of them open."""
    data = tomllib.loads(script.read_text("utf-8"))
    for plan in Plan.objects.filter(slug__in=data["public"]):
        by = person(Role.SUPERVISOR).actor(Role.SUPERVISOR)
        set_slips_public(
            plan=plan, public=True, by=by, at=noon(plan.periods.latest("release_on").opens_on)
        )
    for row in data["slip"]:
        _play_slip(row, today)


def _play_slip(row: dict[str, Any], today: date) -> None:
    """Issues one slip and performs its steps."""
    task = Task.objects.select_related("plan").get(code=row["task"])
    at = _moment(row, today)
    draft = slip_draft(task, task.plan.periods.get(index=row["quarter"]), at.date())
    supervisor = unrecused_supervisors(task)[0]
    slip = issue_slip(
        task=task,
        level=row["level"],
        basis=replace(draft.basis, words=f"【演示】{draft.basis.words}"),
        demand=f"【演示】{row['demand']}",
        days=draft.days,
        by=supervisor,
        at=at,
        demonstration=True,
    )
    for step in row.get("step", []):
        words = f"【演示】{step['words']}"
        ACTIONS[step["action"]](ScriptedStep(slip, step, words, _moment(step, today)))


def _moment(row: dict[str, Any], today: date) -> datetime:
    """Noon of the day `on`, or of the day so many days `ago`."""
    return noon(row.get("on") or today - timedelta(row["ago"]))


@dataclass(frozen=True)
class ScriptedStep:
    """One step of a slip: its row of the file, its words marked as a sample, and its moment."""

    slip: SupervisionSlip
    row: dict[str, Any]
    words: str
    at: datetime

    @property
    def issuer(self) -> User:
        """The supervisor who issued the slip and takes it further."""
        return self.slip.issued_by


def _reply(step: ScriptedStep) -> None:
    unit = step.slip.department
    reply_slip(
        slip=step.slip, words=step.words, files=[], by=person(Role.REPORTER, unit), at=step.at
    )


def _send_back(step: ScriptedStep) -> None:
    send_back_slip(
        slip=step.slip, reason=step.words, days=step.row["days"], by=step.issuer, at=step.at
    )


def _raise(step: ScriptedStep) -> None:
    raise_slip(
        slip=step.slip,
        level=step.row["level"],
        reason=step.words,
        days=step.row["days"],
        by=step.issuer,
        at=step.at,
    )


def _close(step: ScriptedStep) -> None:
    close_slip(slip=step.slip, note=step.words, by=step.issuer, at=step.at)


def _withdraw(step: ScriptedStep) -> None:
    withdraw_slip(slip=step.slip, reason=step.words, by=step.issuer, at=step.at)


ACTIONS: dict[str, Callable[[ScriptedStep], None]] = {
    "reply": _reply,
    "send_back": _send_back,
    "raise": _raise,
    "close": _close,
    "withdraw": _withdraw,
}
