"""Takes the units of tasks from an annex behind the signature: 责任分工一览表."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from tasks.importing.columns import UNIT_COLUMNS
from tasks.importing.draft import Choice, Problem, Question, SectionDraft, TaskDraft
from tasks.importing.grids import Grid
from tasks.importing.outline_reader import Reading
from tasks.importing.segments import Segment
from tasks.importing.table_reader import units_of
from tasks.importing.text import line_number


@dataclass(frozen=True)
class Annexed:
    """The sections with the units of the annex, and what is doubtful about them."""

    sections: tuple[SectionDraft, ...]
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()


def merge_annex(text: str, reading: Reading, behind: Sequence[Segment]) -> Annexed:
    """The tasks with the units that a table behind the signature gives them, number by number."""
    sections = tuple(reading.sections)
    read = Annexed(sections, tuple(reading.questions), tuple(reading.problems))
    grids = list(filter(names_units, chain.from_iterable(part.grids for part in behind)))
    if not grids or not sections:
        return read
    grid = grids[0]
    merged = tuple(with_units(text, section, grid) for section in sections)
    asked = ask_about(
        line_number(text, grid.head[0].start), len(grid.items), merged=merged != sections
    )
    return replace(read, sections=merged, questions=(*read.questions, asked))


def names_units(grid: Grid) -> bool:
    return bool(grid.cells(grid.rows, *UNIT_COLUMNS))


def with_units(text: str, section: SectionDraft, grid: Grid) -> SectionDraft:
    """The section whose tasks without a unit have those of the rows with their numbers."""
    items = {item.number: item for item in grid.items}

    def completed(task: TaskDraft) -> TaskDraft:
        if task.responsibilities or task.number not in items:
            return task
        return replace(task, responsibilities=units_of(text, grid, items[task.number]))

    return replace(section, tasks=tuple(map(completed, section.tasks)))


def ask_about(line: int, rows: int, *, merged: bool) -> Question:
    """Asks to check the units that were taken, or says that none could be."""
    if merged:
        reason = "已按编号归到各项任务，请核对"
        choices = (Choice("right", "核对过，归得对"), Choice("file", "不对，换一份文件"))
    else:
        reason = "行号与任务的编号对不上，没有采用"
        choices = (Choice("later", "先不采用，之后另行载入"), Choice("file", "换一份文件"))
    message = f"落款之后有一张责任分工表（{rows} 行），{reason}"
    return Question("annex", line, message, choices, choices[0].value)
