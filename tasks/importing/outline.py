"""The chapters 一、二、三、 of a document, what stands before them and what follows the last."""

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
    heading: SourceLine
    body: Sequence[SourceLine]

    @property
    def number(self) -> int:
        return number_of(CHAPTER.match(self.heading.plain)[1])

    @property
    def title_start(self) -> int:
        return self.heading.start + CHAPTER.match(self.heading.plain).end()

    @property
    def title_end(self) -> int:
        return self.heading.end - self.heading.plain.endswith("。")

    @property
    def title(self) -> str:
        return self.heading.text[self.title_start - self.heading.start : self.title_end - self.heading.start]

    @property
    def title_words(self) -> Wording:
        return Wording(self.title, self.title_start, self.title_end)

    def head_claims(self) -> list[PassageDraft]:
        label = PassageDraft(PassageKind.LABEL, self.heading.start, self.title_start)
        return [label, claim(PassageKind.HEADING, self.title_words)]


@dataclass(frozen=True)
class Outline:
    front: Sequence[SourceLine]
    chapters: Sequence[Chapter]
    tail: Sequence[SourceLine]

    @property
    def omitted_annex(self) -> SourceLine | None:
        """The line that announces an annex and leaves it out: 附件:…一览表(略)."""
        return next((each for each in self.tail if ANNEX.match(each.plain) and OMITTED.search(each.plain)), None)

    @property
    def annex_note(self) -> str:
        return self.omitted_annex.text if self.omitted_annex else ""


def outline(lines: Sequence[SourceLine]) -> Outline:
    heads = [place for place, line in enumerate(lines) if is_heading(line)]
    if not heads:
        return Outline(lines, [], [])
    end = tail_place(lines, heads[-1] + 1)
    stops = [*heads[1:], end]
    chapters = [Chapter(lines[place], lines[place + 1 : stop]) for place, stop in zip(heads, stops, strict=True)]
    return Outline(lines[: heads[0]], chapters, lines[end:])


def is_table(lines: Sequence[SourceLine]) -> bool:
    return any("|" in line.plain for line in lines)


def is_heading(line: SourceLine) -> bool:
    """一、二、 also open whole paragraphs; a heading is short and no sentence stands behind its 。"""
    found = CHAPTER.match(line.plain)
    title = line.plain[found.end() :].removesuffix("。") if found else ""
    return bool(title) and len(title) <= LONGEST_HEADING and not re.search(r"[。;|]", title)


def tail_place(lines: Sequence[SourceLine], start: int) -> int:
    for place in range(start, len(lines)):
        line = lines[place]
        signed = is_name(line) and place + 1 < len(lines) and DATE.fullmatch(lines[place + 1].plain)
        if signed or ANNEX.match(line.plain) or FURNITURE.match(line.plain) or DATE.fullmatch(line.plain):
            return place
    return len(lines)


def tail_claims(tail: Sequence[SourceLine]) -> list[PassageDraft]:
    return [PassageDraft(tail_kind(tail, place), line.start, line.end) for place, line in enumerate(tail)]


def tail_kind(tail: Sequence[SourceLine], place: int) -> PassageKind:
    line = tail[place]
    if FURNITURE.match(line.plain):
        return PassageKind.PAGE_FURNITURE
    dated = place + 1 < len(tail) and DATE.fullmatch(tail[place + 1].plain) and is_name(line)
    return PassageKind.METADATA if dated or DATE.fullmatch(line.plain) else PassageKind.ANNEX
