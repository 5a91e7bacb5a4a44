"""Lines, ordinals and the equal-length normalised copy every pattern is matched on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft, Problem, Wording

# One character for one character, so that an offset in the copy is an offset in the original.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0xFF61: 0x3002}

OPENING, CLOSING = "《“‘(「『【〈", "》”’)」』】〉"
NUMERAL = "[一二三四五六七八九十百]+"
CHAPTER = re.compile(rf"({NUMERAL})、\s*(?=[^\s。])")
PAREN = re.compile(rf"\(({NUMERAL})\)\s*、?\s*(?=[^\s。])")
ARABIC = re.compile(r"(\d{1,3})\s*[.、]\s*(?=[^\s。\d])")
DATE = re.compile(r"(\d{4})\s*[年-]\s*(\d{1,2})\s*[月-]\s*(\d{1,2})日?")
ENDED = re.compile(r"[。!?;…][”’)」』》]*$")


def plain(text: str) -> str:
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
    found, start = [], 0
    for number, raw in enumerate(text.split("\n"), 1):
        if raw.strip():
            found.append(SourceLine(number, start + len(raw) - len(raw.lstrip()), raw.strip()))
        start += len(raw) + 1
    return found


def words(text: str, start: int, end: int) -> Wording | None:
    """The span without the blanks around it; None where nothing but blanks is left."""
    inner = text[start:end].strip()
    if not inner:
        return None
    start = text.index(inner, start)
    return Wording(inner, start, start + len(inner))


def head_and_rest(text: str, start: int, line_end: int, end: int) -> tuple[Wording, Wording | None]:
    """The wording up to the first 。 of its line (without it) and all the wording after it."""
    stop = text.find("。", start, line_end)
    if stop < 0:
        return words(text, start, line_end), words(text, line_end, end)
    return words(text, start, stop), words(text, stop + 1, end)


def line_number(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def number_of(numeral: str) -> int:
    """一, 十二, 二十, 三十一, 一百零五 without 零, or plain digits."""
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
    found = DATE.search(plain(text))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def ends_whole(text: str) -> bool:
    """True where the wording ends with a sentence; a note behind it, such as (教育局负责), may follow or be all."""
    copy = plain(text)
    before_notes = re.sub(rf"(\((?!{NUMERAL}\))[^()]*\)\s*)+$", "", copy).rstrip()
    return not before_notes or any(ENDED.search(each) for each in (copy, before_notes))


def is_open(text: str) -> bool:
    """True where a bracket or quotation is opened and not closed again."""
    copy = plain(text)
    return sum(map(copy.count, OPENING)) > sum(map(copy.count, CLOSING))


def claim(kind: PassageKind, piece: Wording, task: int | None = None) -> PassageDraft:
    return PassageDraft(kind, piece.start, piece.end, task)


def cover(text: str, claims: Iterable[PassageDraft]) -> tuple[tuple[PassageDraft, ...], list[Problem]]:
    """The claims, with what lies between them, as a partition of the whole text.

    Between the claims lie table marks, blanks and the 。 that closes a title (a separator);
    any other wording there was not understood and keeps the document out.
    """
    passages, problems, place = [], [], 0
    for claim in [*sorted(claims, key=lambda claim: claim.start), None]:
        gap_end = claim.start if claim else len(text)
        gap = text[place:gap_end]
        if gap:
            kind = PassageKind.TABLE_MARK if "|" in plain(gap) else PassageKind.SEPARATOR
            passages.append(PassageDraft(kind, place, gap_end))
            if unread := re.search(r"[^\s。|]", plain(gap)):
                line = line_number(text, place + unread.start())
                problems.append(Problem(line, f"这段文字未能归类：{gap.strip()[:20]}", fatal=True))
        if claim:
            passages.append(claim)
            place = claim.end
    return tuple(passages), problems
