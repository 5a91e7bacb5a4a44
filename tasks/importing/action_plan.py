"""Reads an action plan: chapters 一、, then sections (一) with tasks 1., or tasks (一) at once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from common.files.text_files import Source
from tasks.choices import CommitmentSource, PassageKind, PlanKind
from tasks.importing.checks import (
    Ordinal,
    declared_problems,
    front_problems,
    no_tasks,
    outline_problems,
    sequence_problems,
    task_problems,
)
from tasks.importing.commitments import read_commitments
from tasks.importing.draft import (
    CommitmentDraft,
    PassageDraft,
    PlanDraft,
    Problem,
    SectionDraft,
    TaskDraft,
    Wording,
)
from tasks.importing.front import read_front
from tasks.importing.groups import Group, TaskBlock, is_marked, read_groups
from tasks.importing.outline import Chapter, Outline, read_outline, tail_claims
from tasks.importing.responsibilities import units_from_notes
from tasks.importing.text import (
    ARABIC,
    PAREN,
    claim,
    cover,
    lines_of,
)

GENERAL = re.compile(r"总体|指导思想|(基本|工作)原则|工作思路|基本要求|(主要|工作|发展)目标$")
SAFEGUARD = re.compile(
    r"保障措施|(组织|实施|工作)保障|组织实施|组织领导|工作要求|(进度|时间|步骤)安排|(工作|实施)步骤"
)
PRINCIPLE = re.compile(r"[一二三四五六七八九十]+是|\(")


def parse_action_plan(source: Source) -> PlanDraft:
    """The draft of an action plan; whatever is doubtful stands in its `problems`."""
    parts = read_outline(lines_of(source.text))
    front = read_front(parts.front, parts.tail)
    claims = [*front.claims, *tail_claims(parts.tail)]
    groups = read_chapters(source.text, parts.chapters, claims)
    sections = build_sections(source.text, groups, front.year or 0)
    claims += task_claims(groups, sections)
    passages, unread = cover(source.text, claims)
    return PlanDraft(
        kind=PlanKind.ACTION_PLAN,
        sections=sections,
        passages=passages,
        problems=(
            *front_problems(front),
            *unread,
            *plan_problems(parts, groups, sections, passages),
        ),
        annex_note=parts.annex_note,
        **front.plan_fields(),
    )


def read_chapters(
    text: str, chapters: Sequence[Chapter], claims: list[PassageDraft]
) -> list[Group]:
    """The groups that become sections; passages outside of them are added to `claims`."""
    groups: list[Group] = []
    style = task_ordinal_style(chapters)
    for chapter in chapters:
        claims += chapter.head_claims()
        if is_task_chapter(chapter):
            groups += read_groups(text, chapter, style, claims)
        else:
            claims += claims_outside_tasks(chapter)
    return groups


def plan_problems(
    parts: Outline,
    groups: Sequence[Group],
    sections: Sequence[SectionDraft],
    passages: Sequence[PassageDraft],
) -> Iterator[Problem]:
    """Everything doubtful about the chapters, the sections and the tasks."""
    if not any(group.blocks for group in groups):
        yield no_tasks(parts)
        return
    yield from outline_problems(parts)
    yield from chapters_without_tasks(parts.chapters)
    yield from sequence_problems(
        "任务", [ordinal for group in groups for ordinal in task_ordinals(group)]
    )
    yield from declared_problems(parts, sections)
    yield from task_problems(sections, passages)


def chapters_without_tasks(chapters: Sequence[Chapter]) -> Iterator[Problem]:
    """Task chapters in which no ordinal opens a task."""
    for chapter in chapters:
        if is_task_chapter(chapter) and not any(map(is_marked, chapter.body)):
            yield Problem(
                chapter.heading.number, f"“{chapter.title}”之下没有编号的任务，按说明文字收录"
            )


def task_ordinals(group: Group) -> list[Ordinal]:
    """The ordinals 1. 2. 3. of a group; ordinals (一) are checked with the outline."""
    return [
        Ordinal(block.number, block.lines[0].number, fresh=index == 0)
        for index, block in enumerate(group.blocks)
        if block.ordinal.re is ARABIC
    ]


def is_task_chapter(chapter: Chapter) -> bool:
    """True unless the title says that the chapter is general or about safeguards."""
    return not GENERAL.search(chapter.title) and not SAFEGUARD.search(chapter.title)


def task_ordinal_style(chapters: Sequence[Chapter]) -> re.Pattern[str]:
    """The ordinal that opens a task: 1. if any task chapter prints it, else (一)."""
    bodies = (chapter.body for chapter in chapters if is_task_chapter(chapter))
    lines = chain.from_iterable(bodies)
    return ARABIC if any(ARABIC.match(line.plain) for line in lines) else PAREN


def claims_outside_tasks(chapter: Chapter) -> Iterator[PassageDraft]:
    """The passages of a chapter without tasks."""
    for line in chapter.body:
        if SAFEGUARD.search(chapter.title):
            kind = PassageKind.SAFEGUARD
        else:
            kind = (
                PassageKind.PRINCIPLE if PRINCIPLE.match(line.plain) else PassageKind.INTRODUCTION
            )
        yield PassageDraft(kind, line.start, line.end)


def build_sections(text: str, groups: Sequence[Group], year: int) -> tuple[SectionDraft, ...]:
    """The sections of the groups, numbered throughout the plan."""
    section_numbers = printed_or_running([group.number for group in groups])
    task_numbers = iter(
        printed_or_running([block.number for group in groups for block in group.blocks])
    )
    return tuple(
        SectionDraft(
            number=number,
            line=group.line,
            title=group.title,
            introduction=group.introduction,
            tasks=tuple(
                build_task(text, block, next(task_numbers), year) for block in group.blocks
            ),
        )
        for number, group in zip(section_numbers, groups, strict=True)
    )


def printed_or_running(numbers: Sequence[int]) -> Sequence[int]:
    """The printed numbers, or 1, 2, 3 ... where the printed ones repeat.

    A numbering that begins again in each part cannot name a task of the whole plan.
    """
    return numbers if len(set(numbers)) == len(numbers) else range(1, len(numbers) + 1)


def build_task(text: str, block: TaskBlock, number: int, year: int) -> TaskDraft:
    title, rest = block.head_and_rest(text)
    line = block.lines[0].number
    return TaskDraft(
        number=number,
        line=line,
        title=title,
        text=rest,
        responsibilities=units_from_notes(rest.text, line) if rest else (),
        commitments=commitments_of_task(title, rest, year),
    )


def commitments_of_task(
    title: Wording, rest: Wording | None, year: int
) -> tuple[CommitmentDraft, ...]:
    """The commitments in the text; in the title where the task is one bare sentence."""
    of_text = read_commitments(rest, source=CommitmentSource.TEXT, year=year) if rest else ()
    return of_text or read_commitments(title, source=CommitmentSource.TITLE, year=year)


def task_claims(
    groups: Sequence[Group], sections: Sequence[SectionDraft]
) -> Iterator[PassageDraft]:
    """The passages of the tasks: ordinal, title and text of each."""
    blocks = chain.from_iterable(group.blocks for group in groups)
    tasks = chain.from_iterable(section.tasks for section in sections)
    for block, task in zip(blocks, tasks, strict=True):
        yield replace(block.label, task=task.number)
        yield claim(PassageKind.TASK_TITLE, task.title, task.number)
        if task.text:
            yield claim(PassageKind.TASK_TEXT, task.text, task.number)
