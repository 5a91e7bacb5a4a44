"""States as the components draw them: a tone (colour and pattern), always with its own word."""

from dataclasses import dataclass
from enum import Enum


class Tone(str, Enum):
    """The meanings of a state; icon, colour, fill pattern and underline have the same name.

    SILENT is a report that never came, RETURNED one that came and is being improved; what is not
    due, not published or not collected is QUIET.
    """

    __str__ = str.__str__

    DONE = "done"
    COURSE = "course"
    BEHIND = "behind"
    LATE = "late"
    SILENT = "silent"
    RETURNED = "returned"
    QUIET = "quiet"


@dataclass(frozen=True)
class Chip:
    """A state in a word.

    `note`: who stated it and when (督查核定 · 2017年第三季度); `demo`: adds 演示.
    """

    label: str
    tone: Tone
    note: str = ""
    demo: bool = False


@dataclass(frozen=True)
class Segment:
    """One part of a counted bar; `url` leads to the list behind the count."""

    label: str
    count: int
    tone: Tone
    url: str = ""


@dataclass(frozen=True)
class QuarterMark:
    """One quarter of the quarter line; `label`: 第一季度 or, across years, 2013年第一季度."""

    label: str
    chip: Chip
    url: str = ""
    current: bool = False
