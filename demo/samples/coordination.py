"""The coordination items (需协调事项) of the demonstration."""

from typing import Any

from demo.samples.people import noon, person, working_day
from demo.samples.reports import unrecused_supervisors
from departments.models import Department, Role, User
from progress.models import ReportingPeriod
from progress.requirements.report import lead_of
from supervision.actions.coordination import (
    close_coordination,
    decide_coordination,
    instruct_coordination,
    raise_coordination,
    reply_coordination,
)
from supervision.models import CoordinationItem
from tasks.models import Task


def coordinate(row: dict[str, Any], task: Task, period: ReportingPeriod) -> None:
    """Raises an item two working days after the release, and carries it as far as its row says."""
    raised, decided = (working_day(period.release_on, days) for days in (2, 5))
    assessor, leader = unrecused_supervisors(task)[0], person(Role.LEADER)
    lead = lead_of(task).department
    raiser = person(Role.REPORTER, lead) if row.get("by_unit") else assessor
    text = row.get("text") or task.reports.get(period=period).help_needed
    item = raise_coordination(
        task=task, period=period, text=f"【演示】{text}", by=raiser, at=noon(raised)
    )
    if "instruction" in row:
        instruction = f"【演示】{row['instruction']}"
        instruct_coordination(item=item, text=instruction, day=raised, by=leader, at=noon(raised))
    if "decision" not in row:
        return
    meeting, decision, unit, days = row["decision"]
    owner, due_on = Department.objects.get(short_name=unit), working_day(decided, days)
    item = decide_coordination(
        item=item,
        meeting=f"【演示】{meeting}",
        decision=f"【演示】{decision}",
        decided_on=decided,
        owner=owner,
        due_on=due_on,
        by=assessor,
        at=noon(decided),
    )
    _carry_out(row, item, assessor)


def _carry_out(row: dict[str, Any], item: CoordinationItem, assessor: User) -> None:
    """Has the owner reply and a supervisor close the item, where the row says so."""
    if "reply" in row:
        replier = person(Role.REPORTER, item.owner)
        reply_coordination(
            item=item, text=f"【演示】{row['reply']}", by=replier, at=noon(item.due_on)
        )
    if "outcome" in row:
        at = noon(working_day(item.due_on, 3))
        close_coordination(item=item, outcome=f"【演示】{row['outcome']}", by=assessor, at=at)
