"""Cuts a file into the documents it holds: a covering notice, the plan it encloses, an annex.

Each ends with a signature and is read by itself. What stands after the last task, such as the
signature and the furniture of a page, is its tail.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tasks.choices import PassageKind
from tasks.importing.blocks import Paragraph, Table
from tasks.importing.front import is_name
from tasks.importing.grids import Grid, read_grid
from tasks.importing.items import read_items
from tasks.importing.ordinals import ordinal_of
from tasks.importing.text import DATE, SourceLine
from tasks.importing.tree import Block, Node, build_tree

OMITTED = re.compile(r"\(\s*略\s*\)")
ANNEX = re.compile(r"附件\s*[\d一二三四五六七八九十]*\s*(:|$|\.)")
FURNITURE = re.compile(
    r"相关(法规|文件|链接|新闻|稿件)|扫一扫|\((此件|联系人|注).*\)$|(责任)?编辑:|来源:|打印(本页)?|关闭(窗口)?|分享(到)?|"
    r"【?(打印|关闭|返回|字体)|主办单位:|承办单位:|版权所有|上一[条篇]|下一[条篇]|抄送:|主题词:|网站标识|ICP"
)


@dataclass
class Segment:
    """One document of a file: what stands before its outline, its tree, its tables, its tail."""

    blocks: Sequence[Block]
    front: list[Paragraph] = field(default_factory=list)
    root: Node = field(default_factory=Node)
    grids: list[Grid] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    tail: list[Block] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs before the tail."""
        inner = (block for block in self.root.blocks() if isinstance(block, Paragraph))
        return [*self.front, *inner]

    @property
    def items(self) -> int:
        """How many items its tables have."""
        return sum(len(grid.items) for grid in self.grids)


def line_of(block: Paragraph) -> SourceLine:
    return SourceLine(block.line, block.start, block.text)


def split_segments(blocks: Sequence[Block]) -> list[Segment]:
    """The documents of a file, each with its signature."""
    cuts = [0]
    for index, block in enumerate(blocks, 1):
        if is_date(block) and is_worth(blocks[cuts[-1] : index]) and begins_again(blocks[index:]):
            cuts.append(index)
    return [read_segment(blocks[start:end]) for start, end in pairwise([*cuts, len(blocks)])]


def is_date(block: Block) -> bool:
    """True for a paragraph that is a date and nothing else."""
    return isinstance(block, Paragraph) and DATE.fullmatch(line_of(block).plain) is not None


def is_worth(blocks: Sequence[Block]) -> bool:
    """True where more than a title and a number stand before the date."""
    return sum(isinstance(block, Paragraph) for block in blocks) >= 3


def begins_again(blocks: Sequence[Block]) -> bool:
    """Whether an outline or a table follows, and not only a signature's rest."""
    for block in blocks:
        if isinstance(block, Table):
            return True
        ordinal = ordinal_of(block.text)
        if ordinal and ordinal.number == 1:
            return True
    return False


def read_segment(blocks: Sequence[Block]) -> Segment:
    """The parts of one document."""
    segment = Segment(blocks)
    read_grids(segment)
    tables = set(map(id, segment.tables))
    marked = [index for index, block in enumerate(blocks) if is_marked(block, tables)]
    first, last = (marked[0], marked[-1]) if marked else (len(blocks), len(blocks))
    end = find_tail(blocks, last + 1)
    before = blocks[:first]
    segment.front = [block for block in before if isinstance(block, Paragraph)]
    segment.root = build_tree(blocks[first:end])
    segment.tail = [*filter(is_table, before), *blocks[end:]]
    return segment


def is_table(block: Block) -> bool:
    return isinstance(block, Table)


def read_grids(segment: Segment) -> None:
    """Reads the tables of tasks of a part."""
    for block in segment.blocks:
        grid = read_grid(block) if isinstance(block, Table) else None
        if isinstance(block, Table) and grid:
            read_items(grid)
            segment.tables.append(block)
            segment.grids.append(grid)


def is_marked(block: Block, tables: Collection[int]) -> bool:
    """True for a table of tasks and for a paragraph with an ordinal."""
    if isinstance(block, Table):
        return id(block) in tables
    return ordinal_of(block.text) is not None


def find_tail(blocks: Sequence[Block], start: int) -> int:
    """The first index from `start` on with a signature, date, annex or page furniture."""
    for index in range(start, len(blocks)):
        block = blocks[index]
        if isinstance(block, Paragraph) and (is_tail(block) or is_signature(blocks, index)):
            return index
    return len(blocks)


def is_tail(block: Paragraph) -> bool:
    """True for a line that says by itself that the chapters are over."""
    copy = line_of(block).plain
    return any(mark(copy) for mark in (ANNEX.match, FURNITURE.match, DATE.fullmatch))


def is_signature(blocks: Sequence[Block], index: int) -> bool:
    """True for a name with a date in the line below it."""
    name, below = blocks[index], blocks[index + 1 : index + 2]
    signs = isinstance(name, Paragraph) and is_name(line_of(name))
    return signs and any(map(is_date, below))


def tail_kind(tail: Sequence[Block], index: int) -> PassageKind:
    """What a line of the tail is: furniture of a page, signature or annex."""
    block = tail[index]
    copy = line_of(block).plain if isinstance(block, Paragraph) else ""
    if FURNITURE.match(copy):
        return PassageKind.PAGE_FURNITURE
    signed = DATE.fullmatch(copy) or is_signature(tail, index)
    return PassageKind.METADATA if signed else PassageKind.ANNEX
