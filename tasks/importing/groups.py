"""The sections of an action plan in the making: lines cut at their ordinals into blocks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft, Wording
from tasks.importing.outline import Chapter
from tasks.importing.responsibilities import has_note_at_end
from tasks.importing.text import (
    ARABIC,
    PAREN,
    SourceLine,
    claim,
    head_and_rest,
    number_of,
    wording_between,
)


@dataclass(frozen=True)
class TaskBlock:
    """The lines from one printed ordinal to the next; `mark` is None for lines before the first."""

    lines: list[SourceLine]
    mark: re.Match[str] | None = None

    @property
    def ordinal(self) -> re.Match[str]:
        """The printed ordinal of a block of a section or a task."""
        assert self.mark, "only the lines before the first ordinal have none"
        return self.mark

    @property
    def number(self) -> int:
        return number_of(self.ordinal[1])

    @property
    def label(self) -> PassageDraft:
        """The passage of the printed ordinal."""
        start = self.lines[0].start
        return PassageDraft(PassageKind.LABEL, start, start + self.ordinal.end())

    def head_and_rest(self, text: str) -> tuple[Wording, Wording | None]:
        """The title of the block and its text, or None where it is one sentence."""
        return head_and_rest(text, self.label.end, self.lines[0].end, self.lines[-1].end)


@dataclass
class Group:
    """A section in the making: its title, its opening words and the blocks of its tasks.

    `number` is the printed ordinal, `line` the line of the document that prints it.
    """

    number: int
    line: int
    title: Wording
    introduction: Wording | None = None
    blocks: list[TaskBlock] = field(default_factory=list)


def blocks_of(lines: Sequence[SourceLine], style: re.Pattern[str]) -> list[TaskBlock]:
    """The lines cut before every ordinal (一) and every ordinal of the tasks' `style`."""
    blocks: list[TaskBlock] = []
    for line in lines:
        mark = PAREN.match(line.plain) or style.match(line.plain)
        if mark or not blocks:
            blocks.append(TaskBlock([], mark))
        blocks[-1].lines.append(line)
    return blocks


def read_groups(
    text: str, chapter: Chapter, style: re.Pattern[str], claims: list[PassageDraft]
) -> list[Group]:
    """The sections (一) of a chapter, or the chapter itself where tasks stand directly under it."""
    lines, closing = split_closing(chapter.body)
    claims += [PassageDraft(PassageKind.SAFEGUARD, line.start, line.end) for line in closing]
    whole = Group(chapter.number, chapter.heading.number, chapter.title_words)
    groups = [whole]
    for block in blocks_of(lines, style):
        if block.mark is None:
            whole.introduction = wording_between(text, block.lines[0].start, block.lines[-1].end)
        elif block.mark.re is style:
            groups[-1].blocks.append(block)
        else:
            groups.append(Group(block.number, block.lines[0].number, *block.head_and_rest(text)))
            claims += [block.label, claim(PassageKind.HEADING, groups[-1].title)]
    claims += introductions(groups)
    return groups if whole.blocks else groups[1:]


def introductions(groups: Sequence[Group]) -> Iterator[PassageDraft]:
    """The passages of the opening words, for the groups that have some."""
    for group in groups:
        if group.introduction:
            yield claim(PassageKind.INTRODUCTION, group.introduction)


def split_closing(lines: Sequence[SourceLine]) -> tuple[Sequence[SourceLine], Sequence[SourceLine]]:
    """The lines of the tasks, and the closing paragraphs behind the last note (A、B负责).

    Paragraphs without an ordinal after that note belong to no task.
    """
    noted = [end for end, line in enumerate(lines, 1) if has_note_at_end(line.text)]
    stop = noted[-1] if noted else len(lines)
    if any(map(is_marked, lines[stop:])):
        stop = len(lines)
    return lines[:stop], lines[stop:]


def is_marked(line: SourceLine) -> bool:
    """True for a line that an ordinal opens."""
    return bool(PAREN.match(line.plain) or ARABIC.match(line.plain))
