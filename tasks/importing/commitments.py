"""Cuts a wording into commitments: the smallest printed pieces that get a verdict of their own."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from common.time.days import month_end
from tasks.importing.draft import CommitmentDraft, Wording
from tasks.importing.notes import strip_notes
from tasks.importing.text import CLOSING, OPENING, plain, wording_between

DELIMITERS = "。;"

# 如 opens a condition, unless it is part of 如期, 如何 and their like.
CONDITION = re.compile(r"(?:^|[,;])(如(?![期下何同意此])[^,;。]+)(?=,)")

# A day is taken only where month or day is printed, or 底 after a printed year; 年内 and 力争 give
# none.
DUE_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
DUE_MONTH = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:份|底|末)")
DUE_YEAR = re.compile(r"(\d{4})年(?:底|末|年底)")

# All repetition is bounded: a file of 5 MB without a full stop must not stall the import.
QUOTED = r"《[^》]{0,200}》|“[^”]{0,200}”"
# Numbers that are part of a name promise nothing: titles in quotes, years, berths, sessions,
# districts, model names.
NAMES = re.compile(
    rf"{QUOTED}|\d{{4}}(?:-\d{{4}})?年[度起]?|第[一二三四五六七八九十\d]{{1,5}}|[一二三四]期|二次装修"
    r"|\d{1,4}#?(?:、\d{1,4}#?){0,20}[#号区级层塘]|\d{1,4}周年|[a-zA-Z]{1,20}[\d.]{1,9}"
)
NUMBER = re.compile(r"\d|[二两三四五六七八九十百千](?:次|个|座|处|条|家|项|批|场|所|台|套|份)")
# Verbs of an act that is either done or not done, in the sense such documents use them.
COMPLETION = re.compile(
    r"完成|建成|(?<!探索)建立(?!健全|以)|设立|成立|出台|召开|举办|启动|(?<!标准)制定|制订|研制|起草|编制(?=[^,;。"
    r"])|印发|发文|签订"
    r"|封顶|竣工|完工|开工|动工|进场|进入(?:主体)?施工|新建|拆除|关停|禁止|安装|投入使用|上线|开通|年内运行|(?:启动|开始|投入)运营"
    r"|(?:讨论|顺利)通过|上报|提交|办理|汇总|全覆盖"
)


def read_commitments(
    piece: Wording, *, source: str, year: int, quarter: int | None = None
) -> tuple[CommitmentDraft, ...]:
    """The commitments in a wording, in order; `quarter` None stands for the whole year."""
    return tuple(build_commitment(part, source, year, quarter) for part in split(piece))


def build_commitment(part: Wording, source: str, year: int, quarter: int | None) -> CommitmentDraft:
    """The commitment in one piece, with the due date and condition it prints."""
    wording = plain(part.text)
    condition = CONDITION.search(wording)
    return CommitmentDraft(
        words=part,
        source=source,
        year=year,
        quarter=quarter,
        due_on=due_on(wording, year),
        condition=part.text[slice(*condition.span(1))] if condition else "",
        measurable=measurable(wording),
    )


def split(piece: Wording) -> Iterator[Wording]:
    """The piece cut after 。 and ； outside brackets, without notes such as (教育局负责)."""
    wording = plain(piece.text)
    for start, end in pairwise([0, *ends_of_parts(wording)]):
        if part := wording_between(piece.text, *strip_notes(wording, start, end)):
            yield Wording(part.text, piece.start + part.start, piece.start + part.end)


def ends_of_parts(wording: str) -> Iterator[int]:
    """The offsets behind each 。 and ； outside brackets, and that of the end."""
    depth = 0
    for end, sign in enumerate(wording, 1):
        depth = max(0, depth + (sign in OPENING) - (sign in CLOSING))
        if end == len(wording) or (sign in DELIMITERS and not depth):
            yield end


def due_on(wording: str, year: int) -> date | None:
    """The due date printed in a wording: a day, the end of a month or the end of a year.

    `year` completes a date printed without one. None where no date is printed, or none that exists.
    """
    try:
        return printed_day(wording, year)
    except ValueError:
        return None


def printed_day(wording: str, year: int) -> date | None:
    """As `due_on`, but raises ValueError for a date that does not exist."""
    if printed := DUE_DAY.search(wording):
        return date(int(printed[1] or year), int(printed[2]), int(printed[3]))
    if printed := DUE_MONTH.search(wording):
        return month_end(int(printed[1] or year), int(printed[2]))
    printed = DUE_YEAR.search(wording)
    return date(int(printed[1]), 12, 31) if printed else None


def measurable(wording: str) -> str:
    """How far a wording can be measured.

    yes: it prints a number or a day; partly: it names an act that is done or not done;
    no: it gives only a direction.
    """
    if due_on(wording, 2000) or NUMBER.search(NAMES.sub("", wording)):
        return "yes"
    return "partly" if COMPLETION.search(re.sub(QUOTED, "名", wording)) else "no"
