"""Recognises the ordinals that open a paragraph, from 第一章 and 一、 to （1）, ① and 第一项."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tasks.importing.text import NUMERAL, number_of, plain

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Style(StrEnum):
    """A way to print an ordinal, shown as its first one."""

    PART = "第一章"
    ITEM = "第一项"
    CHINESE = "一、"
    CHINESE_PAREN = "（一）"
    ARABIC = "1."
    DOTTED = "1.1"
    PAREN = "（1）"
    CIRCLED = "①"
    BARE = "1"
    # A line of a page about one project after the other; counted, as it prints no number.
    NAMED = "项目名称："


@dataclass(frozen=True)
class Ordinal:
    """A printed ordinal: its style, its number, and where the words behind it begin."""

    style: Style
    number: int
    end: int

    def printed_in(self, text: str) -> str:
        """The sign as it is printed, without the blanks around it."""
        return text[: self.end].strip()


NUMBER = rf"{NUMERAL}|\d{{1,4}}"
PATTERNS = {
    Style.PART: re.compile(rf"第\s*({NUMBER})\s*(?:章|节|部分|篇)\s*[:、.]?\s*(?=\S)"),
    Style.ITEM: re.compile(rf"第\s*({NUMBER})\s*(?:项|条|件)\s*[:、.]?\s*(?=[^\s任目])"),
    # 一、二季度 counts quarters.
    Style.CHINESE: re.compile(
        rf"({NUMERAL})、\s*(?=[^\s。])(?!{NUMERAL}(?:、{NUMERAL})*(?:季度|月))"
    ),
    Style.CHINESE_PAREN: re.compile(rf"\(\s*({NUMERAL})\s*\)\s*[、.]?\s*(?=[^\s。])"),
    Style.DOTTED: re.compile(
        r"\d{1,3}[.-](\d{1,3})[.、]?(?=\s*[^\s\d.%。、-])(?![年月日号亿万元米公里个%-])\s*"
    ),
    Style.ARABIC: re.compile(r"(\d{1,4})\s*[.、]\s*(?=[^\s。\d])"),
    Style.PAREN: re.compile(r"\(?\s*(\d{1,4})\s*\)\s*[、.]?\s*(?=[^\s。])"),
    Style.CIRCLED: re.compile(rf"([{CIRCLED}])\s*[、.]?\s*(?=[^\s。])"),
}
# 4.2011年 is the fourth item where the fourth is expected; 5.5% is none where it is not.
BEFORE_DIGIT = re.compile(r"(\d{1,4})\s*[.、]\s*(?=\d)")
# A bare number opens a paragraph only where it is the expected one, and no unit follows it.
BARE = re.compile(r"(\d{1,4})(?:[ \t]+(?=[^\s\d])|(?=《|“))")

LONGEST_ORDINAL = 40
# 5.5%左右 or 1.2万户: a number of the wording.
DECIMAL = re.compile(r"\d+\.\d+\s*(?:[%个万亿米]|公里|千米|平方)")
NAMED = re.compile(
    r"(?:项目|任务|事项|实事|工作|工程)(?:项目|任务|事项)?(?:名称|内容)?\s*(?::|\t)\s*(?=\S)"
)


def ordinal_of(text: str, expected: Mapping[Style, int] | None = None) -> Ordinal | None:
    """The ordinal that opens a text, or None.

    `expected` is the next number in each style: what could also be a number in the wording is an
    ordinal only where it is expected.
    """
    copy = plain(text[:LONGEST_ORDINAL])
    expected = expected or {}
    if before_digit := expected_before_digit(copy, expected):
        return before_digit
    for style, pattern in PATTERNS.items():
        if mark := pattern.match(copy):
            return Ordinal(style, value_of(mark[1]), mark.end())
    return named_or_bare(copy, expected)


def expected_before_digit(copy: str, expected: Mapping[Style, int]) -> Ordinal | None:
    """The ordinal before a number, where it is the expected one: 4.2011年完成."""
    mark = BEFORE_DIGIT.match(copy)
    if mark is None or int(mark[1]) != expected.get(Style.ARABIC) or DECIMAL.match(copy):
        return None
    return Ordinal(Style.ARABIC, int(mark[1]), mark.end())


def named_or_bare(copy: str, expected: Mapping[Style, int]) -> Ordinal | None:
    """What opens a paragraph without a mark of an ordinal: a label, or the expected number."""
    if named := NAMED.match(copy):
        return Ordinal(Style.NAMED, expected.get(Style.NAMED, 1), named.end())
    bare = BARE.match(copy)
    is_next = bare is not None and int(bare[1]) == expected.get(Style.BARE, 1)
    return Ordinal(Style.BARE, int(bare[1]), bare.end()) if bare and is_next else None


def value_of(sign: str) -> int:
    return CIRCLED.index(sign) + 1 if sign in CIRCLED else number_of(sign)
