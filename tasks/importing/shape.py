"""Mends the shape of a text before it is read: lines broken by width, paragraphs run together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from tasks.importing.blocks import Document, Paragraph, Table
from tasks.importing.draft import Choice, Question
from tasks.importing.front import TITLE
from tasks.importing.ordinals import Ordinal, Style, ordinal_of
from tasks.importing.text import is_whole_sentence, plain

Block = Paragraph | Table
FEWEST_LINES = 8
WIDEST = 60
NARROWEST = 20
RAGGED = 3
FEWEST_TORN = 2
LONG_PARAGRAPH = 120
# Where an ordinal may begin inside a paragraph: behind a sentence.
BEHIND_SENTENCE = re.compile(r"(?<=[。;:!?)])\s*")
SPLIT_STYLES = (Style.CHINESE, Style.CHINESE_PAREN, Style.ARABIC, Style.PAREN, Style.ITEM)


def prepare(document: Document) -> tuple[list[Block], list[Question]]:
    """The blocks as paragraphs were meant, and the questions whether that is right."""
    blocks = list(document.blocks)
    if is_wrapped(blocks):
        joined_up: list[Block] = list(join_lines(document.text, blocks))
        message = f"文字按行宽断成了 {len(blocks)} 行，已接成 {len(joined_up)} 段，请核对"
        return joined_up, [confirm("lines", message)]
    parted = part_long(document, blocks)
    if len(parted) > len(blocks):
        message = f"文字没有分段，已按编号分成 {len(parted)} 段，请核对"
        return parted, [confirm("paragraphs", message)]
    return blocks, []


def part_long(document: Document, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with a paragraph that holds most of the text cut at its ordinals."""
    if not is_run_together(document, blocks):
        return list(blocks)
    return [part for block in blocks for part in split_paragraph(block)]


def confirm(kind: str, message: str) -> Question:
    return Question(
        kind,
        None,
        message,
        (Choice("right", "核对过，分得对"), Choice("file", "不对，换一份原件")),
        "right",
    )


def is_wrapped(blocks: Sequence[Block]) -> bool:
    """True where most lines are as long as the longest and end inside a sentence."""
    lines = [block for block in blocks if isinstance(block, Paragraph)]
    longest = longest_of(lines)
    if len(lines) < max(FEWEST_LINES, len(blocks)) or not NARROWEST <= longest <= WIDEST:
        return False
    torn = [line for line in lines if is_torn(line, longest)]
    return len(torn) > FEWEST_TORN and signs_in(torn) * 2 > signs_in(lines)


def signs_in(lines: Sequence[Paragraph]) -> int:
    return sum(len(line.text) for line in lines)


def longest_of(lines: Sequence[Block]) -> int:
    return max((len(line.text) for line in lines if isinstance(line, Paragraph)), default=0)


def is_torn(line: Paragraph, longest: int) -> bool:
    """True for a line as long as the longest that ends inside a sentence."""
    return is_full(line, longest) and not is_whole_sentence(line.text)


def is_full(line: Paragraph, longest: int) -> bool:
    return len(line.text.rsplit("\n", 1)[-1]) >= longest - RAGGED


def join_lines(text: str, blocks: Sequence[Block]) -> Iterator[Paragraph]:
    """The lines joined to paragraphs: one goes on where the line above is full and has no end."""
    longest = longest_of(blocks)
    current: list[Paragraph] = []
    for block in blocks:
        assert isinstance(block, Paragraph), "only a text without tables is broken by width"
        if current and not goes_on(current[-1], block, longest):
            yield joined(text, current)
            current = []
        current.append(block)
    yield joined(text, current)


def goes_on(line: Paragraph, following: Paragraph, longest: int) -> bool:
    return is_full(line, longest) and ordinal_of(following.text) is None


def joined(text: str, lines: Sequence[Paragraph]) -> Paragraph:
    first = lines[0]
    return Paragraph(first.start, text[first.start : lines[-1].end], first.line)


def is_run_together(document: Document, blocks: Sequence[Block]) -> bool:
    """True where one long paragraph holds most of the text."""
    longest = longest_of(blocks)
    return longest > LONG_PARAGRAPH and longest * 2 > len(document.text.strip())


def split_paragraph(block: Block) -> list[Block]:
    """A long paragraph cut before ordinals that follow each other, and behind its title."""
    if isinstance(block, Table) or len(block.text) <= LONG_PARAGRAPH:
        return [block]
    styles = (cuts_of(block.text, style) for style in SPLIT_STYLES)
    cuts = sorted({0, *title_end(block.text)}.union(*styles))
    return [part_of(block, start, stop) for start, stop in pairwise([*cuts, len(block.text)])]


def part_of(block: Paragraph, start: int, end: int) -> Paragraph:
    """A part of a paragraph without blanks around it; a title loses its full stop."""
    words = block.text[start:end]
    inner = words.strip() if start else words.strip().removesuffix("。")
    return Paragraph(block.start + start + len(words) - len(words.lstrip()), inner, block.line)


def title_end(text: str) -> list[int]:
    """Where a title ends that runs into the text: 关于…的意见。为落实…"""
    first, stop, _rest = plain(text).partition("。")
    return [len(first) + 1] if stop and TITLE.fullmatch(first) else []


def cuts_of(text: str, style: Style) -> set[int]:
    """Where ordinals of a style begin that count from one on, two of them at least."""
    cuts: list[int] = []
    for place in BEHIND_SENTENCE.finditer(plain(text)):
        wanted = Ordinal(style, len(cuts) + 1, 0)
        found = ordinal_of(text[place.end() : place.end() + 40], {style: wanted.number})
        if found and replace(found, end=0) == wanted:
            cuts.append(place.end())
    return set(cuts) if len(cuts) > 1 else set()
