"""需协调事项 of the demonstration, each as far as its line in the file carries it."""

from typing import Any

from demo.samples.people import noon, person, working_day
from demo.samples.reports import judges_of
from departments.models import Department, Role
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
    """Raised some days after the release by the unit or a supervisor, and further where the line has words for it."""
    raised, decided = (working_day(period.release_on, days) for days in (2, 5))
    judge, leader = judges_of(task)[0], person(Role.LEADER)
    lead = lead_of(task).department
    raiser = person(Role.REPORTER, lead) if row.get("by_unit") else judge
    text = row.get("text") or task.reports.get(period=period).help_needed
    place = {"task": task, "period": period, "by": raiser, "at": noon(raised)}
    item = raise_coordination(**place, text=f"【演示】{text}")
    if "instruction" in row:
        said = {"text": f"【演示】{row['instruction']}", "day": raised, "by": leader, "at": noon(raised)}
        instruct_coordination(item=item, **said)
    if "decision" not in row:
        return
    meeting, decision, unit, days = row["decision"]
    owner, due_on = Department.objects.get(short_name=unit), working_day(decided, days)
    said = {"meeting": f"【演示】{meeting}", "decision": f"【演示】{decision}", "decided_on": decided}
    item = decide_coordination(item=item, **said, owner=owner, due_on=due_on, by=judge, at=noon(decided))
    _carried_out(row, item, judge)


def _carried_out(row: dict[str, Any], item: CoordinationItem, judge) -> None:
    if "reply" in row:
        replier = person(Role.REPORTER, item.owner)
        reply_coordination(item=item, text=f"【演示】{row['reply']}", by=replier, at=noon(item.due_on))
    if "outcome" in row:
        at = noon(working_day(item.due_on, 3))
        close_coordination(item=item, outcome=f"【演示】{row['outcome']}", by=judge, at=at)
