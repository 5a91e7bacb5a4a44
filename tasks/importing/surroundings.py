"""Says what everything around the tasks is, so that the passages cover the whole document."""

from collections.abc import Iterator, Sequence
from itertools import chain

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft
from tasks.importing.levels import chapter_of
from tasks.importing.outline_reader import LAST_YEAR, heading_claims
from tasks.importing.segments import Segment, is_table, tail_kind
from tasks.importing.tree import Block, Node


def passage(kind: PassageKind, block: Block) -> PassageDraft:
    return PassageDraft(kind, block.start, block.end)


def notice_claims(segment: Segment) -> Iterator[PassageDraft]:
    """The passages of a part without tasks."""
    for block in segment.root.blocks():
        yield passage(PassageKind.NOTICE, block)


def around_tables(text: str, segment: Segment) -> Iterator[PassageDraft]:
    """The passages of the chapters and paragraphs around the tables of a document."""
    tables = set(map(id, segment.tables))
    after = False
    for node in [segment.root, *segment.root.walk()]:
        chapter = is_chapter(node, segment.root)
        if chapter:
            yield from heading_claims(text, Node(node.head, node.ordinal, node.parent))
        blocks = node.own_blocks[chapter:]
        holds_table = not tables.isdisjoint(map(id, blocks))
        for block in blocks:
            after = after or id(block) in tables
            if id(block) not in tables:
                yield passage(prose_kind(node, after=after, holds_table=holds_table), block)


def is_chapter(node: Node, root: Node) -> bool:
    """Whether it heads other blocks; the sections below a chapter are its paragraphs."""
    return node.parent is root and (node.is_heading or bool(node.children))


def prose_kind(node: Node, *, after: bool, holds_table: bool) -> PassageKind:
    """What a paragraph beside a table is: behind the last one it says how to take part."""
    if holds_table:
        return PassageKind.INTRODUCTION
    if after:
        return PassageKind.CHANNEL
    chapter = chapter_of(node)
    looks_back = chapter.head is not None and LAST_YEAR.search(chapter.title) is not None
    return PassageKind.LAST_YEAR if looks_back else PassageKind.OVERVIEW


def other_claims(segments: Sequence[Segment], main: int) -> Iterator[PassageDraft]:
    """The passages of the tail, of tables before the tasks and of the parts behind them."""
    tail = segments[main].tail
    for block in filter(is_table, [*blocks_of(segments[:main]), *tail]):
        yield passage(PassageKind.NOTICE, block)
    for index, block in enumerate(tail):
        if not is_table(block):
            yield passage(tail_kind(tail, index), block)
    yield from (passage(PassageKind.ANNEX, block) for block in blocks_of(segments[main + 1 :]))


def blocks_of(segments: Sequence[Segment]) -> Iterator[Block]:
    return chain.from_iterable(segment.blocks for segment in segments)
