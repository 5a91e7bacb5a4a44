"""The coordination items (需协调事项) of the demonstration."""

from datetime import date
from typing import Any

from demo.samples.people import noon, person, working_day
from demo.samples.reports import lead_unit, unrecused_supervisors
from departments.models import Department, User
from departments.roles import Role
from progress.models import ReportingPeriod
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
    raiser = person(Role.REPORTER, lead_unit(task)) if row.get("by_unit") else assessor
    text = row.get("text") or task.reports.get(period=period).help_needed
    item = raise_coordination(
        task=task, period=period, text=f"【演示】{text}", by=raiser, at=noon(raised)
    )
    if "instruction" in row:
        instruction = f"【演示】{row['instruction']}"
        instruct_coordination(item=item, text=instruction, day=raised, by=leader, at=noon(raised))
    if "decision" in row:
        item = _decide(row, item, decided, assessor)
        _carry_out(row, item, assessor)


def _decide(
    row: dict[str, Any], item: CoordinationItem, decided: date, assessor: User
) -> CoordinationItem:
    """Has the leaders give the matter to a unit, with so many working days."""
    meeting, decision, unit, days = row["decision"]
    owner, due_on = Department.objects.get(short_name=unit), working_day(decided, days)
    return decide_coordination(
        item=item,
        meeting=f"【演示】{meeting}",
        decision=f"【演示】{decision}",
        decided_on=decided,
        owner=owner,
        due_on=due_on,
        by=assessor,
        at=noon(decided),
    )


def _carry_out(row: dict[str, Any], item: CoordinationItem, assessor: User) -> None:
    """Has the owner reply and a supervisor close the item, where the row says so."""
    assert item.due_on, "a decided item has its day, by constraint"
    if "reply" in row:
        replier = person(Role.REPORTER, item.owner)
        reply_coordination(
            item=item, text=f"【演示】{row['reply']}", by=replier, at=noon(item.due_on)
        )
    if "outcome" in row:
        at = noon(working_day(item.due_on, 3))
        close_coordination(item=item, outcome=f"【演示】{row['outcome']}", by=assessor, at=at)
