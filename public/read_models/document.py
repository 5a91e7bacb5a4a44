"""The wording of a document as paragraphs, with the state of each commitment.

Line ends and table marks become structure; nothing else is added, left out or moved.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile
from operator import attrgetter

from django.urls import reverse

from common.ui.chips import Chip, Tone
from public.read_models.data_dates import DataDate, data_date
from publishing.choices import Outcome
from publishing.read_models.commitment_status import commitment_chips
from publishing.read_models.headlines import headlines_of, year_end_word
from publishing.read_models.public_status import SEVERITY, STATE_WORDS
from tasks.choices import PassageKind
from tasks.models import Commitment, Passage, Plan, Task

BREAK = re.compile("[\n|\uff5c]")
CHAPTER = re.compile(r"[一二三四五六七八九十]+、")
BEHIND_WORDS = {STATE_WORDS[state] for state in SEVERITY}
EMPHASIZED = [PassageKind.LABEL, PassageKind.TASK_TITLE]
STRUCTURE = [PassageKind.SEPARATOR, PassageKind.TABLE_MARK, PassageKind.LABEL]


def is_behind(chip: Chip | None) -> bool:
    """Whether a chip tells of something behind, not reported or sent back."""
    return chip is not None and chip.label in BEHIND_WORDS


@dataclass(frozen=True)
class DocumentPiece:
    """A run of characters; that of a commitment has a chip, an address and, once, an anchor."""

    text: str
    start: int
    strong: bool = False
    chip: Chip | None = None
    url: str = ""
    anchor: str = ""
    flag: str = ""

    @property
    def is_behind(self) -> bool:
        return is_behind(self.chip)


@dataclass
class DocumentBlock:
    """One paragraph: a printed line, a table cell, or the part of a cell after a label.

    `conclusion` is that of the task, where the paragraph names it.
    """

    kind: str
    task_id: int | None
    pieces: list[DocumentPiece] = field(default_factory=list)
    note: str = ""
    names_task: bool = False
    conclusion: Chip | None = None

    def add(self, passage: Passage, piece: DocumentPiece) -> None:
        """Adds a piece. A block that began with a label or title takes the kind of the wording that
        follows it.
        """
        if self.kind in EMPHASIZED and passage.kind not in STRUCTURE:
            self.kind = passage.kind
        self.names_task |= passage.kind == PassageKind.TASK_TITLE
        self.pieces.append(replace(piece, strong=passage.kind in EMPHASIZED))

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def tag(self) -> str:
        """The HTML element: a heading, a paragraph, or around a heading of its own."""
        if self.kind == PassageKind.HEADING:
            return "h2" if CHAPTER.match(self.text) else "h3"
        heads: dict[str, str] = {PassageKind.TITLE: "h2", PassageKind.TASK_TITLE: "h4"}
        return heads.get(self.kind, "div" if self.name else "p")

    @property
    def name(self) -> list[DocumentPiece]:
        """The name of the task, where its text goes on in the same paragraph; else empty."""
        if not self.names_task or self.kind == PassageKind.TASK_TITLE:
            return []
        return list(takewhile(attrgetter("strong"), self.pieces))

    @property
    def rest(self) -> list[DocumentPiece]:
        return self.pieces[len(self.name) :]

    @property
    def style(self) -> str:
        """The kind of the block; the lines that sign a covering notice have one of their own."""
        is_signature = self.kind == PassageKind.NOTICE and not self.text.rstrip().endswith(
            ("。", ":", "\uff1a")
        )
        return "signature" if is_signature else str(self.kind)

    def is_title_of(self, tasks: set[int | None]) -> bool:
        """Whether it is the title of one of these tasks."""
        return self.kind == PassageKind.TASK_TITLE and self.task_id in tasks

    @property
    def is_behind(self) -> bool:
        return is_behind(self.conclusion) or any(piece.is_behind for piece in self.pieces)


@dataclass(frozen=True)
class DocumentPage:
    """The document of a plan with the count of each state (`legend`) and its remarks (`flags`)."""

    plan: Plan
    blocks: list[DocumentBlock]
    legend: list[tuple[Chip, int]]
    flags: list[tuple[DocumentPiece, str]]
    dates: DataDate
    only_behind: bool

    @property
    def has_conclusions(self) -> bool:
        """Whether a year-end conclusion stands at the name of any task."""
        return any(block.conclusion for block in self.blocks)

    @property
    def has_progress(self) -> bool:
        """Whether any commitment has a state other than unpublished."""
        return any(chip.tone != Tone.QUIET for chip, _ in self.legend)


@dataclass(frozen=True)
class Marks:
    """The commitments of a text in order, with the chip of each.

    In the document a commitment links to its task. On the page of a task it links back to the
    document, whose address is `back`.
    """

    commitments: list[Commitment]
    chips: dict[int, Chip]
    tasks: dict[int, Task]
    back: str = ""

    def within(self, start: int, end: int) -> Iterator[Commitment]:
        """The commitments that overlap the text from `start` to `end` (code points)."""
        return (row for row in self.commitments if row.start < end and row.end > start)

    def piece(self, commitment: Commitment, text: str, start: int) -> DocumentPiece:
        """The piece of a commitment that begins at `start`."""
        task = self.tasks[commitment.task_id]
        anchor = f"{task.code}-{commitment.anchor}"
        url = f"{self.back}#{anchor}" if self.back else task.get_absolute_url()
        piece = DocumentPiece(text, start, chip=self.chips[commitment.pk], url=url)
        return (
            replace(piece, anchor=anchor, flag=commitment.flag)
            if start == commitment.start
            else piece
        )


def document_marks(plan: Plan, commitments: Iterable[Commitment], tasks: Iterable[Task]) -> Marks:
    """The commitments of a plan with the chips of their public states."""
    commitments = sorted(commitments, key=lambda commitment: commitment.start)
    return Marks(
        commitments, commitment_chips(plan, commitments), {task.pk: task for task in tasks}
    )


def document_address(plan: Plan) -> str:
    return reverse("public:document", args=[plan.slug])


def document_page(plan: Plan, *, only_behind: bool = False) -> DocumentPage:
    """The document of a plan; `only_behind` leaves only what is behind or unreported."""
    tasks = list(plan.tasks.all())
    marks = document_marks(plan, Commitment.objects.filter(task__plan=plan), tasks)
    blocks = list(blocks_of(plan, plan.passages.order_by("order"), marks))
    conclusions = conclusions_in_document(tasks)
    for block in blocks:
        if block.names_task and block.task_id:
            block.conclusion = conclusions.get(block.task_id)
    flags = [(piece, piece.flag) for block in blocks for piece in block.pieces if piece.flag]
    displayed = behind(blocks) if only_behind else blocks
    legend = legend_of(marks.chips[commitment.pk] for commitment in marks.commitments)
    return DocumentPage(plan, displayed, legend, flags, data_date([plan]), only_behind)


def conclusions_in_document(tasks: Iterable[Task]) -> dict[int, Chip]:
    """Maps a task id to its year-end conclusion, without the quarters: their states stand below."""
    return {
        pk: replace(row.chip(), note=year_end_word(row.conclusion.year, row.plan))
        for pk, row in headlines_of(tasks).items()
        if row.conclusion and row.is_concluded
    }


def behind(blocks: list[DocumentBlock]) -> list[DocumentBlock]:
    """The blocks that are behind or unreported, below their headings and the names of tasks."""
    tasks = _tasks_behind(blocks)
    displayed: list[DocumentBlock] = []
    headings: dict[str, DocumentBlock] = {}
    for block in blocks:
        if block.kind == PassageKind.HEADING:
            headings = {tag: row for tag, row in headings.items() if tag < block.tag}
            headings[block.tag] = block
        elif block.is_behind or block.is_title_of(tasks):
            displayed += [*headings.values(), block]
            headings = {}
    return displayed


def _tasks_behind(blocks: list[DocumentBlock]) -> set[int | None]:
    return {block.task_id for block in blocks if block.is_behind}


def legend_of(chips: Iterable[Chip]) -> list[tuple[Chip, int]]:
    """Each state that occurs, with the number of commitments in it, in the order of STATE_WORDS."""
    by_label: dict[str, list[Chip]] = {}
    for chip in chips:
        by_label.setdefault(chip.label, []).append(chip)
    order = [str(Outcome.DONE.label), *STATE_WORDS.values()]
    items = sorted(
        by_label.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)
    )
    return [(Chip(label, same[0].tone), len(same)) for label, same in items]


def blocks_of(plan: Plan, passages: Iterable[Passage], marks: Marks) -> Iterator[DocumentBlock]:
    """The paragraphs of the passages."""
    block = None
    for passage, piece in runs_of(plan.source_text, passages, marks):
        if piece is None:
            yield from filter(None, [block])
            block = None
        elif block or piece.text.strip():
            block = block or open_block(plan, passage)
            block.add(passage, piece)
    yield from filter(None, [block])


def runs_of(
    text: str, passages: Iterable[Passage], marks: Marks
) -> Iterator[tuple[Passage, DocumentPiece | None]]:
    """Runs of characters with their passage, and None where a paragraph ends."""
    for passage in passages:
        # A printed label (目标:, 第一季度:) begins a paragraph, even inside a table cell.
        if passage.kind in (PassageKind.LABEL, PassageKind.TITLE):
            yield passage, None
        yield from ((passage, piece) for piece in pieces_of(text, passage, marks))


def open_block(plan: Plan, passage: Passage) -> DocumentBlock:
    """A new paragraph that begins with a passage; printed contacts get a warning of their age."""
    note = f"{plan.year}年所载，现不一定有效" if passage.kind == PassageKind.CHANNEL else ""
    return DocumentBlock(passage.kind, passage.task_id, note=note)


def pieces_of(text: str, passage: Passage, marks: Marks) -> Iterator[DocumentPiece | None]:
    """Runs of characters, and None where the source breaks a line or a cell."""
    position = passage.start
    for commitment in marks.within(passage.start, passage.end):
        start, end = max(commitment.start, position), min(commitment.end, passage.end)
        yield from split_at_breaks(DocumentPiece(text[position:start], position))
        yield from split_at_breaks(marks.piece(commitment, text[start:end], start))
        position = end
    yield from split_at_breaks(DocumentPiece(text[position : passage.end], position))


def split_at_breaks(piece: DocumentPiece) -> Iterator[DocumentPiece | None]:
    """The parts of a piece between line ends and table marks, with None for each of these."""
    start = piece.start
    for number, part in enumerate(BREAK.split(piece.text)):
        if number:
            yield None
            # The anchor belongs to the first part only.
            piece = replace(piece, anchor="", flag="")
        if part:
            yield replace(piece, text=part, start=start)
        start += len(part) + 1
