"""Finds what makes a document doubtful: gaps in its numbering, cut sentences, missing parts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft, Problem, SectionDraft, TaskDraft
from tasks.importing.front import Front
from tasks.importing.outline import Outline, is_table
from tasks.importing.text import (
    PAREN,
    SourceLine,
    has_open_bracket,
    is_whole_sentence,
    number_of,
)

DECLARED = re.compile(r"(?<![二三四五六七八九十])([二三四五六七八九十]+)大行动")
ANNEX_NAMED = re.compile(r"附件\s*\d*\s*:\s*\S")
ENCLOSED = re.compile(r"现(将.{0,80})?(印发|予以印发|转发)")
# A document that ends after its last task with nothing but these was probably cut there.
HOLLOW = {
    PassageKind.SEPARATOR,
    PassageKind.TABLE_MARK,
    PassageKind.REPEATED_HEAD,
    PassageKind.HEADING,
}


@dataclass(frozen=True)
class Ordinal:
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


def fatal_problem(line: int | None, message: str) -> Problem:
    return Problem(line, message, fatal=True)


def sequence_problems(what: str, ordinals: Sequence[Ordinal]) -> Iterator[Problem]:
    """Ordinals that are not one more than the last; `what` names the numbering in the message."""
    last = 0
    for ordinal in ordinals:
        if not ordinal.follows(last):
            reason = f"读到第{ordinal.number}项，{ordinal.contradiction(last)}"
            yield fatal_problem(ordinal.line, f"{what}编号不连续：{reason}")
        last = ordinal.number


def front_problems(front: Front) -> Iterator[Problem]:
    """A title or a year that was not found."""
    if not front.title:
        yield fatal_problem(1, "未找到文件标题")
    if not front.year:
        yield fatal_problem(1, "标题、印发日期和发布时间中都没有年份")


def outline_problems(parts: Outline) -> Iterator[Problem]:
    """Gaps in the ordinals of the chapters and sections, empty chapters, a cut end."""
    yield from sequence_problems(
        "章", [Ordinal(chapter.number, chapter.heading.number) for chapter in parts.chapters]
    )
    yield from sequence_problems("（一）（二）", paren_ordinals(parts))
    for chapter in parts.chapters:
        if not chapter.body:
            yield fatal_problem(chapter.heading.number, f"标题“{chapter.title}”之后没有内容")
    yield from ending_problems(parts)


def ending_problems(parts: Outline) -> Iterator[Problem]:
    """A last paragraph or bracket that is cut, and an annex that is announced but missing."""
    for line in parts.chapters[-1].body[-1:]:
        if not is_whole_sentence(line.text) and "|" not in line.plain:
            yield fatal_problem(line.number, f"正文在句中结束，文件可能被截断：…{line.text[-15:]}")
    for line in parts.tail:
        if has_open_bracket(line.text):
            yield fatal_problem(
                line.number, f"引号或括号没有结束，文件可能被截断：{line.text[-15:]}"
            )
    yield from annex_problems(parts)


def annex_problems(parts: Outline) -> Iterator[Problem]:
    """An annex that the document leaves out, or names in its last line and does not have."""
    if annex := parts.omitted_annex:
        yield Problem(annex.number, f"附件在原文中略去，其内容未随文公开：{annex.text}")
        return
    for line in parts.tail[-1:]:
        if ANNEX_NAMED.match(line.plain):
            yield Problem(line.number, f"附件不在文件中：{line.text}")


def paren_ordinals(parts: Outline) -> list[Ordinal]:
    """The ordinals (一)(二) of the chapters: they run on, or begin again in each chapter.

    Tables are left out, because they print theirs again on every page.
    """
    return [
        ordinal
        for chapter in parts.chapters
        if not is_table(chapter.body)
        for ordinal in ordinals_in(chapter.body)
    ]


def ordinals_in(lines: Sequence[SourceLine]) -> Iterator[Ordinal]:
    """The ordinals (一)(二) at the beginning of these lines."""
    marked = [(mark, line.number) for line in lines if (mark := PAREN.match(line.plain))]
    for index, (mark, line) in enumerate(marked):
        yield Ordinal(number_of(mark[1]), line, fresh=index == 0)


def task_problems(
    sections: Sequence[SectionDraft], passages: Sequence[PassageDraft]
) -> Iterator[Problem]:
    """Empty sections, cut wordings, a cut end, and tasks without a responsible unit."""
    tasks = [task for section in sections for task in section.tasks]
    yield from empty_sections(sections)
    for task in tasks:
        yield from cut_wordings(task)
    if is_cut_off(passages):
        last = tasks[-1]
        yield fatal_problem(
            last.line,
            f"文件在第{last.number}项处结束，之后没有保障措施、参与渠道、落款或附件，可能被截断",
        )
    yield from tasks_without_unit(tasks)


def empty_sections(sections: Sequence[SectionDraft]) -> Iterator[Problem]:
    for section in sections:
        if not section.tasks:
            yield fatal_problem(section.line, f"“{section.title.text}”之下没有任务")


def tasks_without_unit(tasks: Sequence[TaskDraft]) -> Iterator[Problem]:
    """How many tasks name no responsible unit, at the line of the first."""
    if without := [task for task in tasks if not task.responsibilities]:
        yield Problem(without[0].line, f"{len(without)} 项任务未载明责任单位")


def is_cut_off(passages: Sequence[PassageDraft]) -> bool:
    """True where no passage with words of its own follows the last task."""
    end = max(passage.end for passage in passages if passage.task)
    return all(passage.start < end or passage.kind in HOLLOW for passage in passages)


def cut_wordings(task: TaskDraft) -> Iterator[Problem]:
    """Texts of a task that end in the middle of a sentence."""
    pieces = [task.text, task.goal, *(milestone.words for milestone in task.milestones)]
    for piece in pieces:
        if piece and not is_whole_sentence(piece.text):
            yield fatal_problem(
                task.line, f"第{task.number}项有文字在句中结束，文件可能被截断：…{piece.text[-15:]}"
            )


def declared_problems(parts: Outline, sections: Sequence[SectionDraft]) -> Iterator[Problem]:
    """A count the opening words announce (七大行动) that differs from the sections named 行动."""
    actions = sum(section.title.text.endswith("行动") for section in sections)
    if not actions:
        return
    for line in (*parts.front, *parts.chapters[0].body):
        for declared in DECLARED.finditer(line.plain):
            if number_of(declared[1]) != actions:
                yield fatal_problem(
                    line.number, f"文中称“{declared[0]}”，实际读到 {actions} 个行动"
                )


def no_tasks(parts: Outline) -> Problem:
    """Why nothing can be imported: only the covering notice, or no task at all."""
    lines = parts.lines_before_tail
    notice = next((line for line in lines if ENCLOSED.search(line.plain)), None)
    if notice:
        return fatal_problem(
            notice.number, "这只是印发通知，所印发的正文或附件不在文件中，没有可导入的任务（0 项）"
        )
    return fatal_problem(
        lines[0].number if lines else 1, "没有读到任何任务（0 项），不是可导入的计划文件"
    )
