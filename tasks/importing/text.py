"""Lines, ordinals and dates of a document, and the normalised copy that patterns are matched on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft, Problem, Wording

# One character for one character, so that an offset in the copy is an offset in the original.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    0xFF61: 0x3002,
}

OPENING, CLOSING = "《“‘(「『【〈", "》”’)」』】〉"
NUMERAL = "[一二三四五六七八九十百]+"
CHAPTER = re.compile(rf"({NUMERAL})、\s*(?=[^\s。])")
PAREN = re.compile(rf"\(({NUMERAL})\)\s*、?\s*(?=[^\s。])")
ARABIC = re.compile(r"(\d{1,3})\s*[.、]\s*(?=[^\s。\d])")
DATE = re.compile(r"(\d{4})\s*[年-]\s*(\d{1,2})\s*[月-]\s*(\d{1,2})日?")
ENDED = re.compile(r"[。!?;…][”’)」』》]*$")


def plain(text: str) -> str:
    """A copy of the same length with full-width characters as ASCII, for matching only."""
    return text.translate(FULL_WIDTH)


@dataclass(frozen=True)
class SourceLine:
    """A line without the blanks around it; `number` counts from 1, blank lines included."""

    number: int
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def plain(self) -> str:
        return plain(self.text)


def lines_of(text: str) -> list[SourceLine]:
    """The lines of a document that are not blank, with their numbers and offsets."""
    lines, start = [], 0
    for number, raw in enumerate(text.split("\n"), 1):
        if raw.strip():
            lines.append(SourceLine(number, start + len(raw) - len(raw.lstrip()), raw.strip()))
        start += len(raw) + 1
    return lines


def wording_between(text: str, start: int, end: int) -> Wording | None:
    """The words between two offsets without the blanks around them; None where all is blank."""
    inner = text[start:end].strip()
    if not inner:
        return None
    start = text.index(inner, start)
    return Wording(inner, start, start + len(inner))


def words_between(text: str, start: int, end: int) -> Wording:
    """The words between two offsets where something is printed between them."""
    wording = wording_between(text, start, end)
    assert wording, "the pattern that found the offsets asks for a sign between them"
    return wording


def head_and_rest(text: str, start: int, line_end: int, end: int) -> tuple[Wording, Wording | None]:
    """The words up to the first 。 of the line (without it), and all words after it up to `end`.

    The line has words at `start`, behind its ordinal.
    """
    stop = text.find("。", start, line_end)
    if stop < 0:
        return words_between(text, start, line_end), wording_between(text, line_end, end)
    return words_between(text, start, stop), wording_between(text, stop + 1, end)


def line_number(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def number_of(numeral: str) -> int:
    """The value of a Chinese numeral up to the hundreds, written without 零, or of plain digits."""
    if numeral.isdecimal():
        return int(numeral)
    total, digit = 0, 0
    for sign in numeral:
        if unit := {"十": 10, "百": 100}.get(sign):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = "一二三四五六七八九".index(sign) + 1
    return total + digit


def date_of(text: str) -> date | None:
    """The first date in a text; None where there is none, or none that exists."""
    printed = DATE.search(plain(text))
    try:
        return date(*map(int, printed.groups())) if printed else None
    except ValueError:
        return None


def is_whole_sentence(text: str) -> bool:
    """True where the words end with a sentence.

    A note such as (教育局负责) may follow the sentence, or be all there is.
    """
    copy = plain(text)
    before_notes = re.sub(rf"(\((?!{NUMERAL}\))[^()]*\)\s*)+$", "", copy).rstrip()
    return not before_notes or any(ENDED.search(ending) for ending in (copy, before_notes))


def has_open_bracket(text: str) -> bool:
    """True where a bracket or quotation is opened and not closed again."""
    copy = plain(text)
    return sum(map(copy.count, OPENING)) > sum(map(copy.count, CLOSING))


def claim(kind: PassageKind, piece: Wording, task: int | None = None) -> PassageDraft:
    """A piece of the document as a passage; `task` is the number of its task."""
    return PassageDraft(kind, piece.start, piece.end, task)


def cover(
    text: str, claims: Iterable[PassageDraft]
) -> tuple[tuple[PassageDraft, ...], list[Problem]]:
    """All passages of the text, in order and without gaps, and the problems with the gaps.

    Between the claims there may be table marks, blanks and the 。 that closes a title (a
    separator).
    Any other words there were not understood and keep the document out.
    """
    in_order = sorted(claims, key=attrgetter("start"))
    stops = [*(claim.start for claim in in_order), len(text)]
    starts = [0, *(claim.end for claim in in_order)]
    gaps = [
        gap_between(text, start, stop)
        for start, stop in zip(starts, stops, strict=True)
        if start < stop
    ]
    passages = sorted([*in_order, *gaps], key=attrgetter("start"))
    problems = [unread_problem(text, gap) for gap in gaps]
    return tuple(passages), list(filter(None, problems))


def gap_between(text: str, start: int, end: int) -> PassageDraft:
    """The passage that fills the gap between two claims."""
    is_table = "|" in plain(text[start:end])
    kind = PassageKind.TABLE_MARK if is_table else PassageKind.SEPARATOR
    return PassageDraft(kind, start, end)


def unread_problem(text: str, gap: PassageDraft) -> Problem | None:
    """Says where words stand in a gap that nothing has claimed."""
    words = text[gap.start : gap.end]
    unread = re.search(r"[^\s。|]", plain(words))
    if unread is None:
        return None
    line = line_number(text, gap.start + unread.start())
    return Problem(line, f"这段文字未能归类：{words.strip()[:20]}", fatal=True)
