"""Builds the tree of a document from the ordinals of its paragraphs.

A style that is not open yet lies deeper, one that is open is continued; the expected next number
confirms what could also be a number in the wording.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from tasks.importing.blocks import Paragraph, Table
from tasks.importing.notes import Note, notes_in
from tasks.importing.ordinals import Ordinal, Style, ordinal_of
from tasks.importing.text import plain

Block = Paragraph | Table
LONGEST_HEADING = 60


@dataclass(eq=False)
class Node:
    """A paragraph with an ordinal, what follows it, and the nodes below it.

    The root has no ordinal. `body` holds the blocks up to the first node below.
    """

    head: Paragraph | None = None
    ordinal: Ordinal | None = None
    parent: "Node | None" = None
    body: list[Block] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def paragraph(self) -> Paragraph:
        """The paragraph with the ordinal; the root has none."""
        assert self.head, "only the root has no paragraph"
        return self.head

    @property
    def mark(self) -> Ordinal:
        assert self.ordinal, "only the root has no ordinal"
        return self.ordinal

    @property
    def style(self) -> Style | None:
        return self.ordinal.style if self.ordinal else None

    @property
    def title(self) -> str:
        """The words behind the ordinal, up to the first full stop."""
        return self.paragraph.text[self.mark.end :].split("。")[0].strip()

    @property
    def own_blocks(self) -> list[Block]:
        """The paragraph itself and its body."""
        return [*([self.head] if self.head else []), *self.body]

    def walk(self) -> Iterator["Node"]:
        """All nodes below it, in reading order."""
        for child in self.children:
            yield child
            yield from child.walk()

    def blocks(self) -> Iterator[Block]:
        """All blocks of it and of the nodes below, in reading order."""
        yield from self.own_blocks
        for child in self.children:
            yield from child.blocks()

    def text(self) -> str:
        """The words of all its paragraphs."""
        return "\n".join(block.text for block in self.blocks() if isinstance(block, Paragraph))

    def notes(self) -> list[Note]:
        """The notes that name units, of it and of the nodes below."""
        return [*self.own_notes, *chain.from_iterable(child.notes() for child in self.children)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands below its paragraph."""
        return not self.body and not self.children

    @cached_property
    def own_notes(self) -> list[Note]:
        """The notes that name units, of its own paragraph and body only."""
        texts = [block.text for block in self.own_blocks if isinstance(block, Paragraph)]
        return [note for note in notes_in("\n".join(texts)) if note.names_units]

    @property
    def is_heading(self) -> bool:
        """Whether its paragraph is short and holds no sentence behind its first full stop."""
        words = plain(self.paragraph.text[self.mark.end :]).removesuffix("。").removesuffix(":")
        return len(words) <= LONGEST_HEADING and not any(sign in words for sign in "。;")


def build_tree(blocks: Sequence[Block]) -> Node:
    """The tree of these blocks; those before the first ordinal are the body of the root."""
    root = Node()
    open_nodes = [root]
    last: dict[Style, int] = {}
    reached: dict[tuple[Style, int], int] = {}
    for block in blocks:
        ordinal = next_ordinal(block, last)
        if ordinal is None or not isinstance(block, Paragraph):
            open_nodes[-1].body.append(block)
            continue
        open_nodes = open_nodes[: depth_of(open_nodes, ordinal, reached)]
        node = Node(block, ordinal, open_nodes[-1])
        reached[ordinal.style, len(open_nodes)] = last[ordinal.style] = ordinal.number
        open_nodes[-1].children.append(node)
        open_nodes.append(node)
    return root


def next_ordinal(block: Block, last: dict[Style, int]) -> Ordinal | None:
    """The ordinal of a block, given the last number of each style."""
    if isinstance(block, Table):
        return None
    return ordinal_of(block.text, {style: number + 1 for style, number in last.items()})


def depth_of(
    open_nodes: Sequence[Node], ordinal: Ordinal, reached: Mapping[tuple[Style, int], int]
) -> int:
    """How many of the open nodes stay open above a new ordinal.

    A style that is open is continued, at the depth where the number is the expected one. 一、 below
    （一） may be another level than 一、 above it. `reached` is the last number of each style at
    each depth.
    """
    same = {depth: node for depth, node in enumerate(open_nodes) if node.style == ordinal.style}
    if not same or begins_below(open_nodes, ordinal, reached):
        return len(open_nodes)
    follows = {node.mark.number + 1: depth for depth, node in same.items()}
    return follows.get(ordinal.number, min(same))


def begins_below(
    open_nodes: Sequence[Node], ordinal: Ordinal, reached: Mapping[tuple[Style, int], int]
) -> bool:
    """Whether 一、 opens a level below a section that has none yet, or goes on there."""
    depth = len(open_nodes)
    below = open_nodes[-1].style not in (None, ordinal.style)
    expected = (1, reached.get((ordinal.style, depth), 0) + 1)
    return below and ordinal.style == Style.CHINESE and ordinal.number in expected
