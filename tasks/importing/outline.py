"""Finds the chapters 一、二、三、 of a document,
what stands before them and what follows the last.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft, Wording
from tasks.importing.front import is_name
from tasks.importing.text import CHAPTER, DATE, SourceLine, claim, number_of

LONGEST_HEADING = 45
OMITTED = re.compile(r"\(\s*略\s*\)")
ANNEX = re.compile(r"附件\s*\d*\s*(:|$)")
FURNITURE = re.compile(r"相关法规:|扫一扫|\(此件.*\)$|(责任)?编辑:|来源:|打印本页|关闭窗口|分享到")


@dataclass(frozen=True)
class Chapter:
    """A heading 一、 and the lines up to the next heading."""

    heading: SourceLine
    body: Sequence[SourceLine]

    @property
    def ordinal(self) -> re.Match[str]:
        """The printed ordinal, which makes a line a heading."""
        mark = CHAPTER.match(self.heading.plain)
        assert mark, "only a line with an ordinal is a heading"
        return mark

    @property
    def number(self) -> int:
        return number_of(self.ordinal[1])

    @property
    def title_start(self) -> int:
        return self.heading.start + self.ordinal.end()

    @property
    def title_end(self) -> int:
        return self.heading.end - self.heading.plain.endswith("。")

    @property
    def title(self) -> str:
        return self.heading.text[
            self.title_start - self.heading.start : self.title_end - self.heading.start
        ]

    @property
    def title_words(self) -> Wording:
        return Wording(self.title, self.title_start, self.title_end)

    def head_claims(self) -> list[PassageDraft]:
        """The passages of the heading: its ordinal and its title."""
        label = PassageDraft(PassageKind.LABEL, self.heading.start, self.title_start)
        return [label, claim(PassageKind.HEADING, self.title_words)]


@dataclass(frozen=True)
class Outline:
    """A document in three: `front` before the first chapter, `chapters`, `tail` behind the last."""

    front: Sequence[SourceLine]
    chapters: Sequence[Chapter]
    tail: Sequence[SourceLine]

    @property
    def lines_before_tail(self) -> list[SourceLine]:
        """The front and the chapters with their headings, line by line."""
        chapters = (line for chapter in self.chapters for line in (chapter.heading, *chapter.body))
        return [*self.front, *chapters]

    @property
    def omitted_annex(self) -> SourceLine | None:
        """The line that announces an annex and leaves it out: 附件:…一览表(略)."""
        lines = (
            line for line in self.tail if ANNEX.match(line.plain) and OMITTED.search(line.plain)
        )
        return next(lines, None)

    @property
    def annex_note(self) -> str:
        return self.omitted_annex.text if self.omitted_annex else ""


def read_outline(lines: Sequence[SourceLine]) -> Outline:
    """The lines of a document divided into front, chapters and tail."""
    heads = [index for index, line in enumerate(lines) if is_heading(line)]
    if not heads:
        return Outline(lines, [], [])
    end = find_tail(lines, heads[-1] + 1)
    stops = [*heads[1:], end]
    chapters = [
        Chapter(lines[head], lines[head + 1 : stop])
        for head, stop in zip(heads, stops, strict=True)
    ]
    return Outline(lines[: heads[0]], chapters, lines[end:])


def is_table(lines: Sequence[SourceLine]) -> bool:
    return any("|" in line.plain for line in lines)


def is_heading(line: SourceLine) -> bool:
    """True for a line that opens a chapter: short, and without a sentence behind its 。

    一、二、 also open whole paragraphs, which are no headings.
    """
    mark = CHAPTER.match(line.plain)
    title = line.plain[mark.end() :].removesuffix("。") if mark else ""
    return bool(title) and len(title) <= LONGEST_HEADING and not re.search(r"[。;|]", title)


def find_tail(lines: Sequence[SourceLine], start: int) -> int:
    """The first index from `start` on with a signature, date, annex or page furniture."""
    for index in range(start, len(lines)):
        if is_tail(lines[index]) or is_signature(lines, index):
            return index
    return len(lines)


def is_tail(line: SourceLine) -> bool:
    """True for a line that says by itself that the chapters are over."""
    marks = (ANNEX.match, FURNITURE.match, DATE.fullmatch)
    return any(mark(line.plain) for mark in marks)


def tail_claims(tail: Sequence[SourceLine]) -> list[PassageDraft]:
    """The passages of the tail, one a line."""
    return [
        PassageDraft(tail_kind(tail, index), line.start, line.end)
        for index, line in enumerate(tail)
    ]


def is_signature(lines: Sequence[SourceLine], index: int) -> bool:
    """True for a name with a date on the line below it."""
    dated = index + 1 < len(lines) and DATE.fullmatch(lines[index + 1].plain)
    return bool(dated) and is_name(lines[index])


def tail_kind(tail: Sequence[SourceLine], index: int) -> PassageKind:
    line = tail[index]
    if FURNITURE.match(line.plain):
        return PassageKind.PAGE_FURNITURE
    signed = DATE.fullmatch(line.plain) or is_signature(tail, index)
    return PassageKind.METADATA if signed else PassageKind.ANNEX
