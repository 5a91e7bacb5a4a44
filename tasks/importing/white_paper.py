"""Reads a white paper: chapters, one of them a table of items (一) with goal,
quarters and units.
"""

import re
from collections.abc import Iterator, Sequence

from common.files.text_files import Source
from common.text.wording import QUARTERS
from tasks.choices import CommitmentSource, PassageKind, PlanKind
from tasks.importing.checks import (
    Ordinal,
    fatal_problem,
    front_problems,
    no_tasks,
    outline_problems,
    sequence_problems,
    task_problems,
)
from tasks.importing.commitments import read_commitments
from tasks.importing.draft import (
    CommitmentDraft,
    MilestoneDraft,
    PassageDraft,
    PlanDraft,
    Problem,
    SectionDraft,
    TaskDraft,
)
from tasks.importing.front import read_front
from tasks.importing.outline import Chapter, is_table, read_outline, tail_claims
from tasks.importing.quarter_table import Table, TableItem
from tasks.importing.responsibilities import units_from_cell
from tasks.importing.text import cover, line_number, lines_of

LAST_YEAR = re.compile(r"完成情况|上年度|回顾")


def parse_white_paper(source: Source) -> PlanDraft:
    """The draft of a white paper; whatever is doubtful stands in its `problems`."""
    parts = read_outline(lines_of(source.text))
    front = read_front(parts.front, parts.tail)
    table = Table(source.text)
    claims = [*front.claims, *tail_claims(parts.tail)]
    for chapter in parts.chapters:
        claims += chapter.head_claims()
        if is_table(chapter.body):
            claims += table.read(chapter.body)
        else:
            claims += prose_claims(chapter, after_table=bool(table.items))
    sections = build_sections(table, front.year or 0)
    passages, unread = cover(source.text, [*claims, *table.claims])
    problems = [*front_problems(front), *table.problems, *unread]
    if table.items:
        problems += [
            *outline_problems(parts),
            *item_problems(table.items),
            *task_problems(sections, passages),
        ]
    else:
        problems.append(no_tasks(parts))
    return PlanDraft(
        kind=PlanKind.WHITE_PAPER,
        sections=sections,
        passages=passages,
        problems=tuple(problems),
        annex_note=parts.annex_note,
        **front.plan_fields(),
    )


def prose_claims(chapter: Chapter, *, after_table: bool) -> Iterator[PassageDraft]:
    """The passages of a chapter without a table; behind the table it says how to take part."""
    before = PassageKind.LAST_YEAR if LAST_YEAR.search(chapter.title) else PassageKind.OVERVIEW
    for line in chapter.body:
        yield PassageDraft(PassageKind.CHANNEL if after_table else before, line.start, line.end)


def build_sections(table: Table, year: int) -> tuple[SectionDraft, ...]:
    """The sections of the table with the tasks that stand under them."""
    return tuple(
        SectionDraft(
            number=number,
            line=line_number(table.text, title.start),
            title=title,
            introduction=None,
            tasks=tuple(
                build_task(table.text, item, year) for item in table.items if item.section == title
            ),
        )
        for number, title in enumerate(table.sections, 1)
    )


def build_task(text: str, item: TableItem, year: int) -> TaskDraft:
    """The task of an item, with the commitments of its title, goal and quarters."""
    milestones = [
        MilestoneDraft(year, quarter, item.pieces[quarter])
        for quarter in QUARTERS
        if quarter in item.pieces
    ]
    units = {
        unit.name: unit
        for cell in item.units
        for unit in units_from_cell(cell.text, line_number(text, cell.start))
    }
    return TaskDraft(
        number=item.number,
        line=item.line,
        title=item.title,
        goal=item.goal,
        milestones=tuple(milestones),
        responsibilities=tuple(units.values()),
        commitments=tuple(commitments_of_item(item, milestones, year)),
    )


def commitments_of_item(
    item: TableItem, milestones: Sequence[MilestoneDraft], year: int
) -> Iterator[CommitmentDraft]:
    """The commitments in the title, the goal and the quarters of an item."""
    yield from read_commitments(item.title, source=CommitmentSource.TITLE, year=year)
    if item.goal:
        yield from read_commitments(item.goal, source=CommitmentSource.GOAL, year=year)
    for milestone in milestones:
        yield from read_commitments(
            milestone.words, source=CommitmentSource.MILESTONE, year=year, quarter=milestone.quarter
        )


def item_problems(items: list[TableItem]) -> Iterator[Problem]:
    """Gaps in the numbering of the items, and items without their goal or one of their quarters."""
    yield from sequence_problems("工作任务", [Ordinal(item.number, item.line) for item in items])
    for item in items:
        yield from missing_pieces(item)


def missing_pieces(item: TableItem) -> Iterator[Problem]:
    """The goal and the quarters that an item lacks."""
    if not item.goal:
        yield fatal_problem(item.line, f"第{item.number}项没有目标")
    for quarter, name in QUARTERS.items():
        if quarter not in item.pieces:
            yield fatal_problem(item.line, f"第{item.number}项缺{name}")
