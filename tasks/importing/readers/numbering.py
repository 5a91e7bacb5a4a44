"""Computes the labels of lists in Word files, which the file itself does not print."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

CHINESE = "一二三四五六七八九"
STEMS = "甲乙丙丁戊己庚辛壬癸"
ROMANS = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def value(element: Element | None, name: str = "w:val") -> str:
    """An attribute of an element; empty where either is missing."""
    return "" if element is None else element.get(qn(name), "")


def chinese(number: int) -> str:
    """A number below a hundred as 一, 十二, 二十; others in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{CHINESE[tens - 1]}十"
    return head + (CHINESE[ones - 1] if ones else "")


def roman(number: int) -> str:
    signs = ""
    for amount, sign in ROMANS:
        count, number = divmod(number, amount)
        signs += sign * count
    return signs


def circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 0 < number <= 20 else str(number)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": str,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": chinese,
    "ideographTraditional": lambda number: STEMS[(number - 1) % len(STEMS)],
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": lambda number: f"({number})",
    "upperLetter": lambda number: chr(ord("A") + (number - 1) % 26),
    "lowerLetter": lambda number: chr(ord("a") + (number - 1) % 26),
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
    "none": lambda _number: "",
}


@dataclass
class Level:
    """A level of a list: how its number is printed, and within which words (第%1章)."""

    format: str
    text: str
    start: int


@dataclass
class ListKind:
    """A list of the file: its levels, and the numbers its paragraphs have reached."""

    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass
class Numbering:
    """The lists of a Word file, by the number its paragraphs name."""

    lists: Mapping[str, ListKind] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, number: str, depth: int) -> str:
        """The label of the next paragraph of a list at a depth from 0; empty for a bullet."""
        kind = self.lists.get(number)
        level = kind.levels.get(depth) if kind else None
        if kind is None or level is None or level.format == "bullet":
            return ""
        self.count(kind, number, depth)
        return re.sub("%([1-9])", lambda place: printed(kind, int(place[1]) - 1), level.text)

    def count(self, kind: ListKind, number: str, depth: int) -> None:
        """Counts a paragraph: one more at its depth, and deeper levels begin again."""
        restart = self.restarts.get(number, {}).pop(depth, None)
        start = kind.levels[depth].start
        reached = kind.counts.get(depth, start - 1) + 1
        kind.counts[depth] = reached if restart is None else restart
        for deeper in [each for each in kind.counts if each > depth]:
            del kind.counts[deeper]


def printed(kind: ListKind, depth: int) -> str:
    """The number that a level has reached, in the format of the level."""
    level = kind.levels.get(depth)
    if level is None:
        return ""
    number = kind.counts.setdefault(depth, level.start)
    return FORMATS.get(level.format, str)(number)


def read_numbering(root: Element | None) -> Numbering:
    """The lists that a part numbering.xml defines; none where the file has no such part."""
    if root is None:
        return Numbering()
    kinds = {
        value(kind, "w:abstractNumId"): ListKind(read_levels(kind))
        for kind in root.iterchildren(qn("w:abstractNum"))
    }
    lists: dict[str, ListKind] = {}
    restarts: dict[str, dict[int, int]] = {}
    for entry in root.iterchildren(qn("w:num")):
        number = value(entry, "w:numId")
        kind = kinds.get(value(entry.find(qn("w:abstractNumId"))))
        if kind:
            lists[number] = kind
            restarts[number] = read_restarts(entry)
    return Numbering(lists, restarts)


def read_levels(kind: Element) -> dict[int, Level]:
    return {
        whole(value(level, "w:ilvl"), 0): Level(
            value(level.find(qn("w:numFmt"))) or "decimal",
            value(level.find(qn("w:lvlText"))),
            whole(value(level.find(qn("w:start"))), 1),
        )
        for level in kind.iterchildren(qn("w:lvl"))
    }


def read_restarts(entry: Element) -> dict[int, int]:
    """The numbers with which a list that shares another's levels begins again."""
    found = {}
    for override in entry.iterchildren(qn("w:lvlOverride")):
        start = override.find(qn("w:startOverride"))
        if start is not None:
            found[whole(value(override, "w:ilvl"), 0)] = whole(value(start), 1)
    return found


def whole(words: str, otherwise: int) -> int:
    """A whole number of at most four digits; another number where the words are none."""
    return int(words) if words.isdecimal() and len(words) <= 4 else otherwise
