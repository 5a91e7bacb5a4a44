"""Makes sections and tasks of an outline once it is decided which of its nodes are tasks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby, repeat, starmap, takewhile

from tasks.choices import CommitmentSource, PassageKind
from tasks.importing.blocks import Paragraph
from tasks.importing.commitments import read_commitments
from tasks.importing.draft import (
    ActualDraft,
    CommitmentDraft,
    MilestoneDraft,
    PassageDraft,
    Problem,
    Question,
    ResponsibilityDraft,
    SectionDraft,
    TaskDraft,
    Wording,
    tasks_in,
)
from tasks.importing.levels import Levels, chapter_of, is_safeguard
from tasks.importing.notes import LEAD, LISTED, SUPPORTING, Note, notes_in
from tasks.importing.ordinals import Style
from tasks.importing.pieces import pieces_in
from tasks.importing.text import claim, head_and_rest, plain, wording_between
from tasks.importing.tree import Block, Node

PRINCIPLE = re.compile(r"[一二三四五六七八九十]+是|\(")
# 目标任务：… on a line of its own is part of the task, wherever it stands.
LINE_LABEL = re.compile(r"[^。;,:]{2,10}:")
LAST_YEAR = re.compile(r"完成情况|上年度|回顾")
EXPLANATIONS = (
    (LAST_YEAR, PassageKind.LAST_YEAR),
    (re.compile("概况"), PassageKind.OVERVIEW),
)
ACTUAL = re.compile(
    r"(?:当前|目前|工作|最新|实际|项目)?(?:进展|进度|完成|落实|实施|推进|办理)(?:情况|结果)?(?:如下)?\s*:\s*"
)


@dataclass
class Reading:
    """What was read of a part of a document."""

    sections: list[SectionDraft] = field(default_factory=list)
    claims: list[PassageDraft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def tasks(self) -> list[TaskDraft]:
        return tasks_in(self.sections)


@dataclass(frozen=True)
class TaskNode:
    """A node that is a task, the number it is known by, and its blocks."""

    node: Node
    number: int
    blocks: tuple[Block, ...]

    @property
    def section(self) -> Node | None:
        """The heading it stands under; None where it stands under none."""
        parent = self.node.parent
        return parent if parent and parent.head else None


def read_outline(text: str, root: Node, levels: Levels, year: int) -> Reading:
    """The sections, tasks and passages of an outline. `year` completes dates without one."""
    made = Reading(problems=list(levels.problems), questions=list(levels.questions))
    nodes = number_tasks(levels.tasks)
    drafts = [build_task(text, each, year) for each in nodes]
    made.sections = build_sections(text, list(zip(nodes, drafts, strict=True)))
    tasks = {id(each.node) for each in nodes}
    inside = set(map(id, chain.from_iterable(each.blocks for each in nodes)))
    for chapter in root.children:
        made.claims += outside_tasks(text, chapter, tasks, inside)
    made.claims += chain.from_iterable(map(task_claims, nodes, drafts))
    return made


def number_tasks(nodes: Sequence[Node]) -> list[TaskNode]:
    """The tasks with the printed numbers, or 1, 2, 3 ... where the printed ones repeat."""
    numbers = distinct_or_running([node.mark.number for node in nodes])
    return [
        TaskNode(node, number, tuple(blocks_of_task(node)))
        for node, number in zip(nodes, numbers, strict=True)
    ]


def blocks_of_task(node: Node) -> list[Block]:
    """The blocks of a task, without the closing paragraphs behind its last note.

    Paragraphs without an ordinal after that note belong to no task.
    """
    blocks = list(node.blocks())
    end = behind_last_note(blocks)
    closes = is_last(node) and not any(map(is_labelled, blocks[end:]))
    return blocks[:end] if closes else blocks


def behind_last_note(blocks: Sequence[Block]) -> int:
    """The index behind the last block that says who is responsible, else behind all."""
    noted = [index for index, block in enumerate(blocks, 1) if has_note(block)]
    return noted[-1] if noted else len(blocks)


def is_last(node: Node) -> bool:
    """Whether it is the last node of its chapter, with none below it."""
    chapter = chapter_of(node)
    return not node.children and [chapter, *chapter.walk()][-1] is node


def has_note(block: Block) -> bool:
    """Whether a paragraph says who is responsible."""
    return isinstance(block, Paragraph) and any(note.names_units for note in notes_in(block.text))


def is_labelled(block: Block) -> bool:
    return isinstance(block, Paragraph) and LINE_LABEL.match(plain(block.text)) is not None


def build_task(text: str, each: TaskNode, year: int) -> TaskDraft:
    """The task of a node with all that it promises."""
    head = each.node.paragraph
    start = head.start + each.node.mark.end
    actuals = tuple(read_actuals(text, each.blocks))
    end = max(block.end for block in before_actuals(each.blocks))
    title, rest = head_and_rest(text, start, head.end, end)
    notes = notes_in(text[start:end])
    rest, goal, milestones = cut_pieces(text, rest, year)
    return TaskDraft(
        number=each.number,
        line=head.line,
        title=title,
        text=rest,
        goal=goal,
        milestones=milestones,
        responsibilities=units_of(notes, head.line),
        commitments=commitments_of(title, rest, goal, milestones, year),
        printed_number=printed_number(each.node),
        due="，".join(dict.fromkeys(note.due for note in notes if note.due)),
        actuals=actuals,
    )


def cut_pieces(
    text: str, rest: Wording | None, year: int
) -> tuple[Wording | None, Wording | None, tuple[MilestoneDraft, ...]]:
    """The text of a task up to its goal and quarters, the goal, and the quarters."""
    pieces = pieces_in(text, rest) if rest else {}
    if rest is None or not pieces:
        return rest, None, ()
    first = min(words.start for words in pieces.values())
    before = wording_between(text, rest.start, label_start(text, rest.start, first))
    goal = pieces.pop(0, None)
    return before, goal, tuple(starmap(partial(MilestoneDraft, year), sorted(pieces.items())))


def printed_number(node: Node) -> str:
    """The ordinal of a task as printed; empty where a label opens it."""
    if node.style == Style.NAMED:
        return ""
    return node.mark.printed_in(node.paragraph.text).rstrip(".、 ")


def label_start(text: str, start: int, piece: int) -> int:
    """Where the label before a piece begins: 第一季度：."""
    label = re.search(r"(?:目标|第[一二三四]季度)\s*[:：]\s*$", text[start:piece])
    return start + label.start() if label else piece


def before_actuals(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks up to the first line that says what was done."""
    return [blocks[0], *takewhile(lambda block: actual_label(block) is None, blocks[1:])]


def actual_label(block: Block) -> re.Match[str] | None:
    """The label 当前进展： that a line begins with."""
    return ACTUAL.match(plain(block.text)) if isinstance(block, Paragraph) else None


def read_actuals(text: str, blocks: Sequence[Block]) -> Iterator[ActualDraft]:
    """What the lines 当前进展：… of a task say was done."""
    for block in blocks[1:]:
        label = actual_label(block)
        words = wording_between(text, block.start + label.end(), block.end) if label else None
        if words:
            yield ActualDraft("", words)


def units_of(notes: Sequence[Note], line: int) -> tuple[ResponsibilityDraft, ...]:
    """The units of all notes of a task, each once, in the order printed.

    Where some notes name leads and supporting units, those that others only list support.
    """
    named = list(chain.from_iterable(note.units for note in notes))
    is_told = {LEAD, SUPPORTING} <= {kind for _name, kind in named}
    other: dict[str, str] = {LISTED: SUPPORTING} if is_told else {}
    units: dict[str, ResponsibilityDraft] = {}
    for name, kind in named:
        units.setdefault(name, ResponsibilityDraft(name, other.get(kind, kind), line))
    return tuple(units.values())


def commitments_of(
    title: Wording,
    rest: Wording | None,
    goal: Wording | None,
    milestones: Sequence[MilestoneDraft],
    year: int,
) -> tuple[CommitmentDraft, ...]:
    """The commitments of a task.

    Those of the text; of title, goal and quarters where these are printed; of the title where the
    task is one bare sentence.
    """
    if goal or milestones:
        return tuple(commitments_of_item(title, goal, milestones, year))
    of_text = read_commitments(rest, source=CommitmentSource.TEXT, year=year) if rest else ()
    return of_text or read_commitments(title, source=CommitmentSource.TITLE, year=year)


def commitments_of_item(
    title: Wording, goal: Wording | None, milestones: Sequence[MilestoneDraft], year: int
) -> Iterator[CommitmentDraft]:
    """The commitments in the title, the goal and the quarters of an item."""
    yield from read_commitments(title, source=CommitmentSource.TITLE, year=year)
    if goal:
        yield from read_commitments(goal, source=CommitmentSource.GOAL, year=year)
    for milestone in milestones:
        yield from read_commitments(
            milestone.words,
            source=CommitmentSource.MILESTONE,
            year=milestone.year,
            quarter=milestone.quarter,
        )


def build_sections(text: str, pairs: Sequence[tuple[TaskNode, TaskDraft]]) -> list[SectionDraft]:
    """The sections that the tasks stand under, in order, with the printed numbers if distinct."""
    groups = [list(group) for _key, group in groupby(pairs, key=lambda pair: id(pair[0].section))]
    headings = [group[0][0].section for group in groups]
    numbers = distinct_or_running([heading.mark.number if heading else 0 for heading in headings])
    drafts = [tuple(draft for _node, draft in group) for group in groups]
    return list(map(build_section, repeat(text), numbers, headings, drafts))


def distinct_or_running(printed: Sequence[int]) -> Sequence[int]:
    """The printed numbers, or 1, 2, 3 ... where they repeat or one is missing (0)."""
    distinct = all(printed) and len(set(printed)) == len(printed)
    return printed if distinct else range(1, len(printed) + 1)


def build_section(
    text: str, number: int, heading: Node | None, tasks: tuple[TaskDraft, ...]
) -> SectionDraft:
    if heading is None:
        return SectionDraft(number, tasks[0].line, None, None, tasks)
    title, introduction = heading_words(text, heading)
    chapter = chapter_of(heading)
    above = "" if chapter is heading else chapter.paragraph.text
    return SectionDraft(number, heading.paragraph.line, title, introduction, tasks, above)


def heading_words(text: str, heading: Node) -> tuple[Wording, Wording | None]:
    """The title of a section, and the words between it and its first task."""
    head = heading.paragraph
    end = max(block.end for block in heading.own_blocks)
    return head_and_rest(text, head.start + heading.mark.end, head.end, end)


def outside_tasks(
    text: str, node: Node, tasks: set[int], inside: set[int]
) -> Iterator[PassageDraft]:
    """The passages of a chapter that belong to no task: headings, openings, closings."""
    if id(node) in tasks:
        yield from closing_claims(node, inside)
    elif tasks.isdisjoint(map(id, node.walk())):
        yield from explanation_claims(text, node)
    else:
        yield from heading_claims(text, node)
        for child in node.children:
            yield from outside_tasks(text, child, tasks, inside)


def closing_claims(node: Node, inside: set[int]) -> Iterator[PassageDraft]:
    """The paragraphs behind the last note of a task, which close the document."""
    for block in node.blocks():
        if id(block) not in inside:
            yield PassageDraft(PassageKind.SAFEGUARD, block.start, block.end)


def heading_claims(text: str, node: Node) -> Iterator[PassageDraft]:
    """The ordinal, the title and the opening words of a heading."""
    title, introduction = heading_words(text, node)
    yield PassageDraft(PassageKind.LABEL, node.paragraph.start, title.start)
    yield claim(PassageKind.HEADING, title)
    if introduction:
        yield claim(PassageKind.INTRODUCTION, introduction)


def explanation_claims(text: str, node: Node) -> Iterator[PassageDraft]:
    """The passages of a chapter without tasks, one a paragraph."""
    blocks = list(node.blocks())
    if node.is_heading:
        title, _rest = head_and_rest(
            text, node.paragraph.start + node.mark.end, node.paragraph.end, node.paragraph.end
        )
        yield PassageDraft(PassageKind.LABEL, node.paragraph.start, title.start)
        yield claim(PassageKind.HEADING, title)
        blocks = blocks[1:]
    for block in blocks:
        yield PassageDraft(explanation_kind(node, block), block.start, block.end)


def explanation_kind(node: Node, block: Block) -> PassageKind:
    """What a paragraph of a chapter without tasks is, by the title and its own ordinal."""
    if is_safeguard(node):
        return PassageKind.SAFEGUARD
    by_title = (kind for title, kind in EXPLANATIONS if title.search(node.title))
    return next(by_title, kind_by_ordinal(block))


def kind_by_ordinal(block: Block) -> PassageKind:
    is_principle = isinstance(block, Paragraph) and PRINCIPLE.match(plain(block.text))
    return PassageKind.PRINCIPLE if is_principle else PassageKind.INTRODUCTION


def task_claims(each: TaskNode, draft: TaskDraft) -> Iterator[PassageDraft]:
    """The passages of a task: ordinal, title, text, goal, quarters and what was done."""
    start = each.node.paragraph.start
    yield PassageDraft(PassageKind.LABEL, start, draft.title.start, draft.number)
    yield claim(PassageKind.TASK_TITLE, draft.title, draft.number)
    pieces = [(PassageKind.TASK_TEXT, draft.text), (PassageKind.GOAL, draft.goal)]
    pieces += [(PassageKind.MILESTONE, milestone.words) for milestone in draft.milestones]
    pieces += [(PassageKind.TASK_TEXT, actual.words) for actual in draft.actuals]
    yield from (claim(kind, words, draft.number) for kind, words in pieces if words)
    yield from actual_claims(each, draft.number)


def actual_claims(each: TaskNode, number: int) -> Iterator[PassageDraft]:
    """The passages of the labels before what was done."""
    for block in each.blocks[1:]:
        if label := actual_label(block):
            end = block.start + len(label[0].rstrip())
            yield PassageDraft(PassageKind.LABEL, block.start, end, number)
