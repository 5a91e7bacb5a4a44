"""The supervision slips (督办单) of the demonstration."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from demo.samples.people import noon, person
from demo.samples.reports import unrecused_supervisors
from departments.models import Role
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
        ACTIONS[step["action"]](
            slip, step, f"【演示】{step['words']}", {"at": _moment(step, today)}
        )


def _moment(row: dict[str, Any], today: date) -> datetime:
    """Noon of the day `on`, or of the day so many days `ago`."""
    return noon(row.get("on") or today - timedelta(row["ago"]))


def _reply(slip: SupervisionSlip, step: dict, words: str, at: dict) -> None:
    reply_slip(slip=slip, words=words, files=[], by=person(Role.REPORTER, slip.department), **at)


def _send_back(slip: SupervisionSlip, step: dict, words: str, at: dict) -> None:
    send_back_slip(slip=slip, reason=words, days=step["days"], by=slip.issued_by, **at)


def _raise(slip: SupervisionSlip, step: dict, words: str, at: dict) -> None:
    raise_slip(
        slip=slip, level=step["level"], reason=words, days=step["days"], by=slip.issued_by, **at
    )


def _close(slip: SupervisionSlip, step: dict, words: str, at: dict) -> None:
    close_slip(slip=slip, note=words, by=slip.issued_by, **at)


def _withdraw(slip: SupervisionSlip, step: dict, words: str, at: dict) -> None:
    withdraw_slip(slip=slip, reason=words, by=slip.issued_by, **at)


ACTIONS: dict[str, Callable] = {
    "reply": _reply,
    "send_back": _send_back,
    "raise": _raise,
    "close": _close,
}
ACTIONS |= {"withdraw": _withdraw}
