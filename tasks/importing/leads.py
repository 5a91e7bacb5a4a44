"""Applies what a document says once for all its notes: the unit named first leads."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.choices import ResponsibilityKind
from tasks.importing.draft import SectionDraft, TaskDraft, tasks_in
from tasks.importing.notes import RULE
from tasks.importing.text import plain


def apply_lead_rule(text: str, sections: Sequence[SectionDraft]) -> list[SectionDraft]:
    """The sections with the first of several listed units as the lead, where the text says so.

    A rule inside the tasks holds from its task on (下同), one before or behind them for all.
    """
    rule = RULE.search(plain(text))
    if rule is None:
        return list(sections)
    start = start_of_rule(rule.start(), tasks_in(sections))
    return [
        replace(section, tasks=tuple(with_lead(task, start) for task in section.tasks))
        for section in sections
    ]


def start_of_rule(place: int, tasks: Sequence[TaskDraft]) -> int:
    """The offset from which the rule printed at a place holds."""
    before = [task for task in tasks if task.title.start <= place]
    behind_all = len(before) == len(tasks)
    return before[-1].title.start if before and not behind_all else 0


def with_lead(task: TaskDraft, start: int) -> TaskDraft:
    """The task with its first unit as the lead, unless it stands before the rule or prints one."""
    kinds = {unit.kind for unit in task.responsibilities}
    if task.title.start < start or kinds != {ResponsibilityKind.LISTED}:
        return task
    first, *others = task.responsibilities
    supporting = [replace(unit, kind=ResponsibilityKind.SUPPORTING) for unit in others]
    kind = ResponsibilityKind.LEAD if others else first.kind
    return replace(task, responsibilities=(replace(first, kind=kind), *supporting))
