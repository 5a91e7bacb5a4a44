"""Reads the units a document names: in table cells, notes in brackets and lines of their own."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tasks.choices import ResponsibilityKind
from tasks.importing.draft import ResponsibilityDraft
from tasks.importing.text import plain

KINDS = {
    "牵头": "lead",
    "主办": "lead",
    "配合": "supporting",
    "协办": "supporting",
    "参与": "supporting",
}
LABELLED = r"(?:牵头|主办|责任|配合|协办|参与)(?:单位|部门):"
# (A、B负责) (A牵头,B参与) (牵头单位:A,配合单位:B); other brackets, (县级市) or (全民参与), are no
# notes.
NOTE = re.compile(
    rf"\((?:(?=[^()]*{LABELLED})[^()]+|[^()。;]+(?:负责|牵头)|(?=[^()]*牵头)[^()。"
    r";]+(?:参与|配合))\)"
)
NOTE_LINE = re.compile(rf"^\s*{LABELLED}.+$", re.MULTILINE)
GROUP = re.compile(
    r"(?:(牵头|主办|责任|配合|协办|参与)(?:单位|部门):)?([^,;。"
    r":]+?)(负责|牵头|参与|配合)?(?:[,;。]|$)"
)


def units_from_cell(text: str, line: int) -> tuple[ResponsibilityDraft, ...]:
    """The units of a table cell, which names no lead among them."""
    return tuple(ResponsibilityDraft(name, "listed", line) for name in split_names(text))


def units_from_notes(text: str, line: int) -> tuple[ResponsibilityDraft, ...]:
    """The units in all notes of a task's text, each once, in the order printed."""
    copy = plain(text)
    units: dict[str, ResponsibilityDraft] = {}
    for note in [*NOTE.finditer(copy), *NOTE_LINE.finditer(copy)]:
        for name, kind in read_note(note[0].strip().strip("()")):
            units.setdefault(name, ResponsibilityDraft(name, kind, line))
    return list_rival_leads(tuple(units.values()))


def list_rival_leads(units: tuple[ResponsibilityDraft, ...]) -> tuple[ResponsibilityDraft, ...]:
    """The units, with several printed leads turned into listed ones.

    Several leads answer for a part of the task each; none of them leads the whole.
    """
    if sum(unit.kind == ResponsibilityKind.LEAD for unit in units) < 2:
        return units
    return tuple(
        (
            replace(unit, kind=ResponsibilityKind.LISTED)
            if unit.kind == ResponsibilityKind.LEAD
            else unit
        )
        for unit in units
    )


def read_note(note: str) -> Iterator[tuple[str, str]]:
    """The units of one note as pairs (name, kind)."""
    for label, group, verb in GROUP.findall(note):
        for name in split_names(group):
            yield name, KINDS.get(label or verb, "listed")


def split_names(text: str) -> list[str]:
    """The names in a list parted by blanks, commas or semicolons, each once."""
    return list(dict.fromkeys(name for name in re.split(r"[\s、,，;；]+", text) if name))


def strip_notes(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets `start` and `end` moved inwards past notes; `text` is a normalised copy."""
    piece = text[start:end]
    while note := NOTE.match(piece) or NOTE_LINE.match(piece):
        start, piece = start + note.end(), piece[note.end() :]
    while (note := note_at_end(piece)) is not None:
        piece = piece[: note.start()]
    return start, start + len(piece)


def note_at_end(piece: str) -> re.Match | None:
    return next((note for note in NOTE.finditer(piece) if note.end() == len(piece.rstrip())), None)


def has_note_at_end(text: str) -> bool:
    copy = plain(text)
    return note_at_end(copy) is not None or NOTE_LINE.search(copy) is not None
