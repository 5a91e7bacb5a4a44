"""Shows a draft to the person who imports it: as JSON, or as one line of counts."""

from collections.abc import Iterable

from tasks.importing.draft import PlanDraft, Problem, SectionDraft, TaskDraft, Wording


def as_json(draft: PlanDraft, problems: Iterable[Problem]) -> dict:
    """The draft as JSON data, with the `problems` given instead of its own."""
    return {
        "kind": draft.kind,
        "title": draft.title,
        "year": draft.year or None,
        "issued_on": draft.issued_on and draft.issued_on.isoformat(),
        "published_on": draft.published_on and draft.published_on.isoformat(),
        "sections": [section_json(section) for section in draft.sections],
        "problems": [{"line": problem.line, "message": problem.message} for problem in problems],
    }


def section_json(section: SectionDraft) -> dict:
    return {
        "number": section.number,
        "title": section.title.text,
        "introduction": text_of(section.introduction),
        "tasks": [task_json(task) for task in section.tasks],
    }


def task_json(task: TaskDraft) -> dict:
    return {
        "number": task.number,
        "title": task.title.text,
        "text": text_of(task.text),
        "goal": text_of(task.goal),
        "responsibilities": [
            {"name": unit.name, "kind": unit.kind} for unit in task.responsibilities
        ],
        "milestones": [
            {"year": milestone.year, "quarter": milestone.quarter, "text": milestone.words.text}
            for milestone in task.milestones
        ],
    }


def text_of(wording: Wording | None) -> str:
    return wording.text if wording else ""


def counts(draft: PlanDraft) -> str:
    """One line that says how many sections, tasks and other parts were read."""
    tasks = draft.tasks
    numbers = [
        (len(draft.sections), "个部分"),
        (len(tasks), "项任务"),
        (sum(len(task.milestones) for task in tasks), "条季度目标"),
        (sum(len(task.commitments) for task in tasks), "条分解事项"),
        (sum(len(task.responsibilities) for task in tasks), "条责任单位"),
        (len(draft.passages), "段原文"),
    ]
    return "，".join(f"{number} {name}" for number, name in numbers)
