"""Units as documents print them: table cells, notes in brackets, lines of their own."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tasks.choices import ResponsibilityKind
from tasks.importing.draft import ResponsibilityDraft
from tasks.importing.text import plain

KINDS = {"牵头": "lead", "主办": "lead", "配合": "supporting", "协办": "supporting", "参与": "supporting"}
LABELLED = r"(?:牵头|主办|责任|配合|协办|参与)(?:单位|部门):"
# (A、B负责) (A牵头,B参与) (牵头单位:A,配合单位:B); other brackets, (县级市) or (全民参与), are no notes.
NOTE = re.compile(rf"\((?:(?=[^()]*{LABELLED})[^()]+|[^()。;]+(?:负责|牵头)|(?=[^()]*牵头)[^()。;]+(?:参与|配合))\)")
NOTE_LINE = re.compile(rf"^\s*{LABELLED}.+$", re.MULTILINE)
GROUP = re.compile(r"(?:(牵头|主办|责任|配合|协办|参与)(?:单位|部门):)?([^,;。:]+?)(负责|牵头|参与|配合)?(?:[,;。]|$)")


def from_cell(text: str, line: int) -> tuple[ResponsibilityDraft, ...]:
    return tuple(ResponsibilityDraft(name, "listed", line) for name in names(text))


def from_notes(text: str, line: int) -> tuple[ResponsibilityDraft, ...]:
    """Every note of a task's text together, each unit once, in the order printed."""
    copy, found = plain(text), {}
    for note in [*NOTE.finditer(copy), *NOTE_LINE.finditer(copy)]:
        for name, kind in read_note(note[0].strip().strip("()")):
            found.setdefault(name, ResponsibilityDraft(name, kind, line))
    return one_lead(tuple(found.values()))


def one_lead(units: tuple[ResponsibilityDraft, ...]) -> tuple[ResponsibilityDraft, ...]:
    """Of several printed leads, one per part of the task, none leads the whole: all are listed."""
    if sum(unit.kind == ResponsibilityKind.LEAD for unit in units) < 2:
        return units
    return tuple(
        replace(unit, kind=ResponsibilityKind.LISTED) if unit.kind == ResponsibilityKind.LEAD else unit
        for unit in units
    )


def read_note(note: str) -> Iterator[tuple[str, str]]:
    for label, group, verb in GROUP.findall(note):
        for name in names(group):
            yield name, KINDS.get(label or verb, "listed")


def names(text: str) -> list[str]:
    return list(dict.fromkeys(name for name in re.split(r"[\s、,，;；]+", text) if name))


def without_notes(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without notes at its beginning or end; `text` is a normalised copy."""
    piece = text[start:end]
    while note := NOTE.match(piece) or NOTE_LINE.match(piece):
        start, piece = start + note.end(), piece[note.end() :]
    while (note := last_note(piece)) is not None:
        piece = piece[: note.start()]
    return start, start + len(piece)


def last_note(piece: str) -> re.Match | None:
    return next((note for note in NOTE.finditer(piece) if note.end() == len(piece.rstrip())), None)


def ends_with_note(text: str) -> bool:
    copy = plain(text)
    return last_note(copy) is not None or NOTE_LINE.search(copy) is not None
