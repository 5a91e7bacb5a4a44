"""The files that become plans, as their list and their page show them."""

from collections.abc import Iterator
from dataclasses import dataclass

from departments.models import User
from tasks.choices import ImportState, ResponsibilityKind
from tasks.importing.corrections import Corrections
from tasks.models import ImportRun


@dataclass(frozen=True)
class SourceLine:
    """A line of the document that is not blank; `marked`: a task begins or a question is asked."""

    number: int
    text: str
    marked: bool


@dataclass(frozen=True)
class ImportPage:
    """A run with its document beside what was read from it."""

    run: ImportRun
    lines: list[SourceLine]

    @property
    def task_count(self) -> int:
        return sum(len(section["tasks"]) for section in self.run.draft["sections"])

    @property
    def sections(self) -> list[dict]:
        """The sections of the draft, each task with its units in words."""
        return [
            section | {"tasks": list(map(with_units_in_words, section["tasks"]))}
            for section in self.run.draft["sections"]
        ]

    @property
    def facts(self) -> Corrections | None:
        """What a supervisor has set right; None before it was saved."""
        return Corrections.from_json(self.run.corrections) if self.run.corrections else None

    @property
    def fatal(self) -> list[dict]:
        """What keeps the file from becoming a plan, whatever is answered."""
        return [problem for problem in self.run.draft["problems"] if problem["fatal"]]

    @property
    def hints(self) -> list[dict]:
        return [problem for problem in self.run.draft["problems"] if not problem["fatal"]]

    @property
    def is_disclosure(self) -> bool:
        """Whether it says what was done, which is no plan."""
        return self.run.draft["is_disclosure"]


def import_page(run: ImportRun) -> ImportPage:
    """The page of a run."""
    marks = set(marked_lines(run))
    numbered = enumerate(run.source_text.split("\n"), 1)
    lines = [SourceLine(number, text, number in marks) for number, text in numbered if text.strip()]
    return ImportPage(run, lines)


def with_units_in_words(task: dict) -> dict:
    """The task with its units as one text; a sentence where the document names none."""
    units = (f"{name}（{ResponsibilityKind(kind).label}）" for name, kind in task["units"])
    return task | {"words": "、".join(units) or "没有读到责任单位"}


def marked_lines(run: ImportRun) -> Iterator[int]:
    for section in run.draft["sections"]:
        yield from (task["line"] for task in section["tasks"])
    yield from (question["place"]["line"] or 0 for question in run.questions)


@dataclass(frozen=True)
class ImportList:
    """What this person finds on the page of the files: those on their way, and those closed."""

    waiting: list[ImportRun]
    closed: list[ImportRun]


def import_list(user: User, limit: int = 50) -> ImportList:
    """The newest files this person may look at. One query."""
    rows = ImportRun.objects.visible_to(user).without_files()
    runs = list(
        rows.select_related("uploaded_by", "handed_over_by", "plan").defer(
            "plan__source_bytes", "plan__source_text"
        )[:limit]
    )
    closed = (ImportState.APPLIED, ImportState.DISCARDED)
    return ImportList(
        waiting=[run for run in runs if run.state not in closed],
        closed=[run for run in runs if run.state in closed],
    )
