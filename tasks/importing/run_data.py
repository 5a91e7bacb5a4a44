"""What a run keeps of a reading, as data for its page: the draft with lines, and all questions."""

from collections.abc import Iterable, Mapping

from tasks.importing.draft import PlanDraft, SectionDraft, TaskDraft
from tasks.importing.preview import question_json, text_of


def draft_data(draft: PlanDraft) -> dict:
    """The draft as its page shows it; equal for equal readings."""
    return {
        "kind": draft.kind,
        "title": draft.title,
        "year": draft.year,
        "document_number": draft.document_number,
        "is_disclosure": draft.is_disclosure,
        "problems": [
            {"line": problem.line, "message": problem.message, "fatal": problem.fatal}
            for problem in draft.problems
        ],
        "sections": list(map(section_data, draft.sections)),
    }


def section_data(section: SectionDraft) -> dict:
    return {
        "title": text_of(section.title),
        "line": section.line,
        "chapter": section.chapter,
        "tasks": list(map(task_data, section.tasks)),
    }


def task_data(task: TaskDraft) -> dict:
    return {
        "number": task.number,
        "line": task.line,
        "printed_number": task.printed_number,
        "title": task.title.text,
        "text": text_of(task.text),
        "goal": text_of(task.goal),
        "due": task.due,
        "milestones": [[one.year, one.quarter, one.words.text] for one in task.milestones],
        "units": [[unit.name, unit.kind] for unit in task.responsibilities],
        "commitments": [one.words.text for one in task.commitments],
    }


def questions_data(
    draft: PlanDraft, asked: Iterable[Mapping], answers: Mapping[str, str]
) -> list[dict]:
    """All questions: the answered ones among those `asked` before, and those still open."""
    answered = [dict(one) for one in asked if one["key"] in answers]
    still_open = map(question_json, draft.questions)
    return sorted([*answered, *still_open], key=line_of)


def line_of(question: Mapping) -> int:
    return question["place"]["line"] or 0
