"""Shows a draft to the person who imports it: as JSON, or as one line of counts."""

from collections.abc import Iterable
from datetime import date

from tasks.importing.draft import PlanDraft, Problem, Question, SectionDraft, TaskDraft, Wording


def as_json(draft: PlanDraft, problems: Iterable[Problem]) -> dict:
    """The draft as JSON data, with the `problems` given instead of its own."""
    return {
        "kind": "disclosure" if draft.is_disclosure else draft.kind,
        "title": draft.title,
        "year": draft.year or None,
        "issued_on": day_json(draft.issued_on),
        "published_on": day_json(draft.published_on),
        "sections": list(map(section_json, draft.sections)),
        "problems": list(map(problem_json, problems)),
        "questions": list(map(question_json, draft.questions)),
        "document_number": draft.document_number,
        "index_number": draft.index_number,
        "issuer": draft.issuer,
    }


def day_json(day: date | None) -> str | None:
    return day.isoformat() if day else None


def problem_json(problem: Problem) -> dict:
    return {"line": problem.line, "message": problem.message}


def question_json(question: Question) -> dict:
    return {
        "place": {"line": question.line},
        "kind": question.kind,
        "key": question.key,
        "message": question.message,
        "choices": [{"value": each.value, "label": each.label} for each in question.choices],
        "preset": question.preset,
        "blocking": question.blocking,
    }


def section_json(section: SectionDraft) -> dict:
    return {
        "number": section.number,
        "title": text_of(section.title),
        "introduction": text_of(section.introduction),
        "tasks": [task_json(task) for task in section.tasks],
        "chapter": section.chapter,
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
        "printed_number": task.printed_number,
        "due": task.due,
        "sub_tasks": [words.text for words in task.sub_tasks],
        "actuals": [
            {"period": actual.period, "text": text_of(actual.words), "rate": actual.rate}
            for actual in task.actuals
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
