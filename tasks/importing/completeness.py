"""Asks about everything that may be missing from a document, or that was not understood in it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from common.text.wording import QUARTERS
from tasks.choices import PassageKind
from tasks.importing.blocks import Doubt, Paragraph
from tasks.importing.checks import paragraphs, reads_tables
from tasks.importing.draft import PlanDraft, Question, TaskDraft, Wording, ask
from tasks.importing.levels import Levels
from tasks.importing.notes import brackets, is_unit, notes_in, split_names, strip_notes
from tasks.importing.ordinals import Style
from tasks.importing.segments import Segment
from tasks.importing.text import (
    has_open_bracket,
    is_whole_sentence,
    line_number,
    number_of,
    plain,
)
from tasks.importing.tree import Node

DECLARED = re.compile(r"(?<![二三四五六七八九十])([二三四五六七八九十]{1,3})大行动")
DECLARED_IN_TITLE = re.compile(r"([一二三四五六七八九十百]{1,5}|\d{1,3})(?:条|件|项)(?!目)")
DUTY = re.compile(r"牵头|负责|配合|责任|主办|协办")
# A cell this short needs no full stop: 完成主体施工.
BRIEF = 60
# A document that ends after its last task with nothing but these was probably cut there.
HOLLOW = {
    PassageKind.SEPARATOR,
    PassageKind.TABLE_MARK,
    PassageKind.REPEATED_HEAD,
    PassageKind.HEADING,
}


@dataclass(frozen=True)
class Counted:
    """A printed number and its line; `fresh`: first under its heading, so it may be one again."""

    number: int
    line: int
    fresh: bool = False

    def follows(self, last: int) -> bool:
        """Whether it is one more than the last number, or begins again where it may."""
        return self.number == last + 1 or (self.fresh and self.number == 1)

    def contradiction(self, last: int) -> str:
        """What is missing or repeated where it does not follow the last number."""
        if self.number <= last:
            return f"第{last}项之后又是第{self.number}项"
        missing = f"{last + 1}至{self.number - 1}" if self.number > last + 2 else f"{last + 1}"
        return f"缺第{missing}项"


def reader_questions(doubts: Iterable[Doubt]) -> Iterator[Question]:
    """What the reader of the file saw and could not decide."""
    for doubt in doubts:
        yield ask(doubt.kind, doubt.line, doubt.message)


def completeness_questions(
    draft: PlanDraft, segment: Segment, levels: Levels, text: str
) -> Iterator[Question]:
    """Everything that may be missing or was not understood, part by part."""
    in_tables = reads_tables(segment, levels)
    yield from outline_numbers(segment, levels)
    if in_tables:
        yield from gaps("表中", item_numbers(draft, segment))
    yield from declared_actions(draft, segment)
    yield from declared_in_title(draft)
    yield from empty_sections(levels)
    for task in draft.tasks:
        yield from cut_wordings(task, in_tables=in_tables)
        yield from missing_quarters(task, draft)
    yield from cut_end(segment)
    yield from ends_with_task(draft, segment)
    if not in_tables:
        yield from outside_notes(segment, levels)
    yield from open_brackets(text, draft)


def outline_numbers(segment: Segment, levels: Levels) -> Iterator[Question]:
    """Numbers of chapters, sections and tasks that are not one more than the last."""
    outline = nodes_outside_tasks(segment, levels) if levels.tasks else segment.root.children
    for style in Style:
        nodes = [node for node in outline if node.style == style]
        yield from gaps(f"“{style}”", list(map(counted, nodes)))


def nodes_outside_tasks(segment: Segment, levels: Levels) -> list[Node]:
    """The nodes of an outline without those below a task, whose lists count for themselves."""
    inside = {id(below) for task in levels.tasks for below in task.walk()}
    return [node for node in segment.root.walk() if id(node) not in inside]


def counted(node: Node) -> Counted:
    siblings = node.parent.children if node.parent else []
    first = next(each for each in siblings if each.style == node.style)
    return Counted(node.mark.number, node.paragraph.line, fresh=first is node)


def item_numbers(draft: PlanDraft, segment: Segment) -> list[Counted]:
    """The printed numbers of the items of tables, which may begin again under each heading."""
    items = [item for grid in segment.grids for item in grid.items]
    pairs = zip(items, draft.tasks, strict=False)
    return [Counted(item.number, task.line, fresh=True) for item, task in pairs if item.numbered]


def gaps(what: str, marks: Sequence[Counted]) -> Iterator[Question]:
    last = 0
    for mark in marks:
        if not mark.follows(last):
            reason = f"读到第{mark.number}项，{mark.contradiction(last)}"
            yield ask("gap", mark.line, f"{what}编号不连续：{reason}")
        last = mark.number


def declared_actions(draft: PlanDraft, segment: Segment) -> Iterator[Question]:
    """A count of 行动 that the opening words announce (七大行动) and that differs."""
    titles = [words_of(section.title) for section in draft.sections]
    actions = sum(title.endswith("行动") for title in titles)
    for line, words in counts_declared(segment):
        if actions and number_of(words.removesuffix("大行动")) != actions:
            yield ask("declared", line, f"文中称“{words}”，实际读到 {actions} 个行动")


def counts_declared(segment: Segment) -> Iterator[tuple[int, str]]:
    """The counts of 行动 in the opening words, with their lines."""
    opening = chain.from_iterable(node.own_blocks for node in segment.root.children[:1])
    for line in paragraphs([*segment.front, *opening]):
        yield from ((line.line, count[0]) for count in DECLARED.finditer(plain(line.text)))


def words_of(wording: Wording | None) -> str:
    return wording.text if wording else ""


def declared_in_title(draft: PlanDraft) -> Iterator[Question]:
    """A count in the title (十条意见) that is neither that of the tasks nor of the sections."""
    count = DECLARED_IN_TITLE.search(plain(draft.title))
    if count is None or draft.is_disclosure:
        return
    if number_of(count[1]) not in (len(draft.tasks), len(draft.sections)):
        yield ask("declared", 1, f"标题称“{count[0]}”，实际读到 {len(draft.tasks)} 项")


def empty_sections(levels: Levels) -> Iterator[Question]:
    """Headings beside others of their style that hold tasks, with none below them."""
    tasks = {id(node) for node in levels.tasks}
    for node in beside_sections(levels):
        if tasks.isdisjoint(map(id, [node, *node.walk()])):
            yield ask("section", node.paragraph.line, f"“{node.title}”之下没有任务")


def beside_sections(levels: Levels) -> list[Node]:
    """The nodes of the style of the sections, below the chapters that hold sections."""
    sections = parents_of(levels.tasks)
    styles = {section.style for section in sections}
    chapters = filter(attrgetter("head"), parents_of(sections))
    below = chain.from_iterable(chapter.children for chapter in chapters)
    return [node for node in below if node.style in styles]


def parents_of(nodes: Iterable[Node]) -> list[Node]:
    """The nodes these stand under, each once."""
    return list({id(node.parent): node.parent for node in nodes if node.parent}.values())


def cut_wordings(task: TaskDraft, *, in_tables: bool) -> Iterator[Question]:
    """Wordings of a task that break off inside a sentence."""
    pieces = [task.text, task.goal, *(milestone.words for milestone in task.milestones)]
    for piece in filter(None, pieces):
        if is_cut(piece, in_tables=in_tables):
            reason = f"第{task.number}项有文字在句中结束，文件可能被截断：…{piece.text[-15:]}"
            yield ask("cut", task.line, reason)


def is_cut(piece: Wording, *, in_tables: bool) -> bool:
    brief = in_tables and len(piece.text) <= BRIEF
    return not brief and breaks_off(piece.text)


def breaks_off(text: str) -> bool:
    """Whether words end inside a sentence, notes of responsibility behind them apart."""
    start, end = strip_notes(text, 0, len(text))
    words = text[start:end].rstrip()
    return bool(words) and not is_whole_sentence(text) and not is_whole_sentence(words)


def missing_quarters(task: TaskDraft, draft: PlanDraft) -> Iterator[Question]:
    """The quarters that a task with quarters lacks; a disclosure is about some of them only."""
    printed = {milestone.quarter for milestone in task.milestones}
    missing = QUARTERS.keys() - printed if printed and not draft.is_disclosure else set()
    for quarter in sorted(missing):
        yield ask("quarter", task.line, f"第{task.number}项缺{QUARTERS[quarter]}")


def cut_end(segment: Segment) -> Iterator[Question]:
    """A last paragraph that is cut, and a bracket left open behind the tasks."""
    last = [] if segment.tables else paragraphs(list(segment.root.blocks()))[-1:]
    for line in last:
        if breaks_off(line.text):
            yield cut_at(line, "正文在句中结束，文件可能被截断：…")
    for line in filter(is_open, paragraphs(segment.tail)):
        yield cut_at(line, "引号或括号没有结束，文件可能被截断：")


def is_open(line: Paragraph) -> bool:
    return has_open_bracket(line.text)


def cut_at(line: Paragraph, reason: str) -> Question:
    return ask("cut", line.line, f"{reason}{line.text[-15:]}")


def ends_with_task(draft: PlanDraft, segment: Segment) -> Iterator[Question]:
    """An end right behind the last task, other than the end of a table that the file closes."""
    closed = bool(segment.tables) and segment.tables[-1].certain
    if closed or not is_cut_off(draft):
        return
    task = draft.tasks[-1]
    reason = "之后没有保障措施、参与渠道、落款或附件，可能被截断"
    yield ask("end", task.line, f"文件在第{task.number}项处结束，{reason}")


def is_cut_off(draft: PlanDraft) -> bool:
    """True where no passage with words of its own follows the last task."""
    end = max(passage.end for passage in draft.passages if passage.task)
    return all(passage.start < end or passage.kind in HOLLOW for passage in draft.passages)


def outside_notes(segment: Segment, levels: Levels) -> Iterator[Question]:
    """Paragraphs that name responsible units and belong to no task."""
    inside = set(map(id, chain.from_iterable(node.blocks() for node in levels.tasks)))
    for line in filter(names_units, segment.paragraphs):
        if id(line) not in inside:
            reason = f"这段话写有责任单位，却不在任何任务里：{line.text[:20]}…"
            yield ask("note", line.line, reason)


def names_units(line: Paragraph) -> bool:
    return any(note.units for note in notes_in(line.text))


def open_brackets(text: str, draft: PlanDraft) -> Iterator[Question]:
    """Brackets at the end of a task's paragraph that name units in a way not understood."""
    for task in draft.tasks:
        for piece in filter(None, (task.title, task.text)):
            for start, end in unread_brackets(piece.text):
                line = line_number(text, piece.start + start)
                reason = f"段末的括号没有读懂，按原文保留：{piece.text[start:end][:30]}"
                yield ask("bracket", line, reason)


def unread_brackets(words: str) -> Iterator[tuple[int, int]]:
    """Where brackets stand at the end of a line that speak of units and are no note."""
    copy = plain(words)
    read = set(chain.from_iterable(range(note.start, note.end) for note in notes_in(words)))
    for start, end in brackets(copy):
        if start not in read and is_doubtful(copy, start, end):
            yield start, end


def is_doubtful(copy: str, start: int, end: int) -> bool:
    return closes_line(copy, end) and speaks_of_units(copy[start + 1 : end - 1])


def closes_line(copy: str, end: int) -> bool:
    """Whether nothing but the end of a sentence stands behind an offset in its line."""
    return not copy[end:].split("\n")[0].strip(" 。;")


def speaks_of_units(inner: str) -> bool:
    """True for words in brackets with a word of duty or names of units among them."""
    if DUTY.search(plain(inner)):
        return True
    names = split_names(inner)
    return len(names) > 1 and sum(map(is_unit, names)) * 2 > len(names)
