"""Official wording set for reading: one loop over passages, every code point in its place.

Line ends and table marks become structure; nothing else is added, dropped or moved.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.urls import reverse

from common.ui.chips import Chip, Tone
from progress.choices import State
from public.read_models.data_dates import DataDate, data_date
from publishing.read_models.public_status import BEHIND, STATE_WORDS, commitment_chips
from tasks.choices import PassageKind
from tasks.models import Commitment, Passage, Plan, Task

BREAK = re.compile("[\n|\uff5c]")
CHAPTER = re.compile(r"[一二三四五六七八九十]+、")
UNREPORTED = [State.NOT_REPORTED, State.RETURNED]
BEHIND_WORDS = {STATE_WORDS[state] for state in [*BEHIND, *UNREPORTED]}
STRUCTURE = [PassageKind.SEPARATOR, PassageKind.TABLE_MARK, PassageKind.LABEL]


@dataclass(frozen=True)
class DocumentPiece:
    """A run of characters; those of a commitment carry its chip, its address and, once, its anchor."""

    text: str
    start: int
    strong: bool = False
    chip: Chip | None = None
    url: str = ""
    anchor: str = ""
    flag: str = ""

    @property
    def is_behind(self) -> bool:
        return self.chip is not None and self.chip.label in BEHIND_WORDS


@dataclass
class DocumentBlock:
    """One paragraph of the page: a printed line, a table cell, or the part of a cell behind a label."""

    kind: str
    task_id: int | None
    pieces: list[DocumentPiece] = field(default_factory=list)
    note: str = ""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def tag(self) -> str:
        if self.kind != PassageKind.HEADING:
            return "p"
        return "h2" if CHAPTER.match(self.text) else "h3"

    @property
    def style(self) -> str:
        """The kind, except for the lines that sign a covering notice."""
        signs = self.kind == PassageKind.NOTICE and not self.text.rstrip().endswith(("。", ":", "\uff1a"))
        return "signature" if signs else str(self.kind)

    @property
    def is_behind(self) -> bool:
        return any(piece.is_behind for piece in self.pieces)


@dataclass(frozen=True)
class Document:
    plan: Plan
    blocks: list[DocumentBlock]
    legend: list[tuple[Chip, int]]
    flags: list[tuple[DocumentPiece, str]]
    dates: DataDate
    only_behind: bool

    @property
    def has_progress(self) -> bool:
        return any(chip.tone != Tone.QUIET for chip, _ in self.legend)


@dataclass(frozen=True)
class Marks:
    """The commitments of a text in order, with what to show of each.

    In the document a promise leads to its task; on the page of a task (`back`) to its place in the document.
    """

    commitments: list[Commitment]
    chips: dict[int, Chip]
    tasks: dict[int, Task]
    back: str = ""

    def within(self, start: int, end: int) -> Iterator[Commitment]:
        return (each for each in self.commitments if each.start < end and each.end > start)

    def piece(self, commitment: Commitment, text: str, start: int) -> DocumentPiece:
        task = self.tasks[commitment.task_id]
        anchor = f"{task.code}-{commitment.anchor}"
        url = f"{self.back}#{anchor}" if self.back else task.get_absolute_url()
        piece = DocumentPiece(text, start, chip=self.chips[commitment.pk], url=url)
        return replace(piece, anchor=anchor, flag=commitment.flag) if start == commitment.start else piece


def marks_of(plan: Plan, commitments: Iterable[Commitment], tasks: Iterable[Task]) -> Marks:
    commitments = sorted(commitments, key=lambda each: each.start)
    return Marks(commitments, commitment_chips(plan, commitments), {task.pk: task for task in tasks})


def address_of(plan: Plan) -> str:
    return reverse("public:document", args=[plan.slug])


def document_of(plan: Plan, *, only_behind: bool = False) -> Document:
    tasks = list(plan.tasks.all())
    marks = marks_of(plan, Commitment.objects.filter(task__plan=plan), tasks)
    blocks = list(blocks_of(plan, plan.passages.order_by("order"), marks))
    flags = [(piece, piece.flag) for block in blocks for piece in block.pieces if piece.flag]
    shown = behind(blocks) if only_behind else blocks
    legend = legend_of(marks.chips[commitment.pk] for commitment in marks.commitments)
    return Document(plan, shown, legend, flags, data_date([plan]), only_behind)


def behind(blocks: list[DocumentBlock]) -> list[DocumentBlock]:
    """What is behind or unreported, each under the title of its task."""
    tasks = {block.task_id for block in blocks if block.is_behind}
    return [
        block
        for block in blocks
        if block.is_behind or (block.kind == PassageKind.TASK_TITLE and block.task_id in tasks)
    ]


def legend_of(chips: Iterable[Chip]) -> list[tuple[Chip, int]]:
    """Each word that occurs, with how many promises carry it."""
    words: dict[str, list[Chip]] = {}
    for chip in chips:
        words.setdefault(chip.label, []).append(chip)
    order = list(STATE_WORDS.values())
    listed = sorted(words.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    return [(Chip(label, found[0].tone), len(found)) for label, found in listed]


def blocks_of(plan: Plan, passages: Iterable[Passage], marks: Marks) -> Iterator[DocumentBlock]:
    block = None
    for passage, piece in runs_of(plan.source_text, passages, marks):
        if piece is None:
            if block:
                yield block
            block = None
        elif block or piece.text.strip():
            block = block or open_block(plan, passage)
            settle_kind(block, passage)
            block.pieces.append(replace(piece, strong=passage.kind in (PassageKind.LABEL, PassageKind.TASK_TITLE)))
    if block:
        yield block


def runs_of(text: str, passages: Iterable[Passage], marks: Marks) -> Iterator[tuple[Passage, DocumentPiece | None]]:
    """Runs of characters with their passage, and None where a paragraph ends."""
    for passage in passages:
        # A printed label (目标:, 第一季度:) opens a paragraph of its own, also in the middle of a table cell.
        if passage.kind in (PassageKind.LABEL, PassageKind.TITLE):
            yield passage, None
        yield from ((passage, piece) for piece in pieces_of(text, passage, marks))


def open_block(plan: Plan, passage: Passage) -> DocumentBlock:
    note = f"{plan.year}年所载，现不一定有效" if passage.kind == PassageKind.CHANNEL else ""
    return DocumentBlock(passage.kind, passage.task_id, note=note)


def settle_kind(block: DocumentBlock, passage: Passage) -> None:
    """A paragraph is named after its wording, not after the ordinal in front of it."""
    if block.kind in (PassageKind.LABEL, PassageKind.TASK_TITLE) and passage.kind not in STRUCTURE:
        block.kind = passage.kind


def pieces_of(text: str, passage: Passage, marks: Marks) -> Iterator[DocumentPiece | None]:
    """Runs of characters, and None where the source breaks a line or a cell."""
    place = passage.start
    for commitment in marks.within(passage.start, passage.end):
        start, end = max(commitment.start, place), min(commitment.end, passage.end)
        yield from broken(DocumentPiece(text[place:start], place))
        yield from broken(marks.piece(commitment, text[start:end], start))
        place = end
    yield from broken(DocumentPiece(text[place : passage.end], place))


def broken(piece: DocumentPiece) -> Iterator[DocumentPiece | None]:
    start = piece.start
    for number, part in enumerate(BREAK.split(piece.text)):
        if number:
            yield None
        if part:
            # The anchor stands once, where the promise begins.
            yield replace(piece, text=part, start=start, **({"anchor": "", "flag": ""} if number else {}))
        start += len(part) + 1
