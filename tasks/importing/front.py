"""Reads what stands before the first chapter: page data, covering notice, title, opening words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft
from tasks.importing.text import DATE, SourceLine, date_of, plain, year_of

FIELDS = {
    "索引号": "index_number",
    "文号": "document_number",
    "发文字号": "document_number",
    "发布机构": "issuer",
    "发文机关": "issuer",
    "名称": "title",
    "标题": "title",
    "发布日期": "published_on",
    "发布时间": "published_on",
    "成文日期": "issued_on",
    "分类": "",
    "主题词": "",
    "主题分类": "",
    "信息来源": "",
    "来源": "",
    "访问次数": "",
    "发布单位": "issuer",
    "公开方式": "",
    "公开类别": "",
    "体裁分类": "",
    "有效性": "",
    "生成日期": "issued_on",
    "发文日期": "issued_on",
    "公开日期": "published_on",
    "浏览次数": "",
    "浏览量": "",
    "阅读次数": "",
    "点击数": "",
    "作者": "",
    "编辑": "",
    "字体": "",
    "当前位置": "",
    "所在位置": "",
    "您的位置": "",
}
KNOWN = "|".join(r"\s*".join(key) for key in sorted(FIELDS, key=len, reverse=True))
# Several fields may stand in one line, in cells or behind blanks.
KEY = re.compile(rf"(?:^|(?<=[\s|]))({KNOWN})\s*:[\s|]*")
DOCUMENT_NUMBER = re.compile(r"[^\s,。:;]{2,12}[〔\[(]\d{4}[〕\])]\s*(第\s*)?\d+\s*号")
TITLE = re.compile(
    r"[^。;:!?|]{3,80}(计划|方案|意见|要点|白皮书|规划|措施|清单|实事|办法|纲要|分解|通知|目标|任务|情况|进展"
    r"|公示|通报|公报|公告|分工|安排|表|项目|工程|报告|决定|名单|台账|汇总|细则|实施|规定|条|行动|大事|好事)"
    r"(\([^()]*\))?"
)
TITLE_START = re.compile(r"[^。;:!?|,]{4,60}")
EARLIEST, LATEST = 1949, 2100
ADDRESS = re.compile(r"[^。]{2,80}:")
YEAR = r"((?:19|20)\d{2}|[一二][〇○零九][〇○零一二三四五六七八九]{2})"
YEARS = re.compile(rf"{YEAR}\s*年?\s*(?:[-—–~至到]{{1,2}}\s*{YEAR})?\s*年")


@dataclass
class Front:
    """What the front of a document says about it, and the passages read so far as `claims`."""

    title: str = ""
    issuer: str = ""
    index_number: str = ""
    document_number: str = ""
    published_on: date | None = None
    issued_on: date | None = None
    claims: list[PassageDraft] = field(default_factory=list)

    @property
    def year(self) -> int | None:
        """The year in the title, else in the number, else that of the signature or publication."""
        if years := years_in(self.title):
            return years[0]
        if numbered := re.search(r"[〔\[(](\d{4})[〕\])]", plain(self.document_number)):
            return int(numbered[1])
        day = self.issued_on or self.published_on
        return day.year if day else None

    def plan_fields(self) -> dict:
        """Keyword arguments of `PlanDraft`; an unknown year is 0 and is reported as a problem."""
        names = ("title", "issued_on", "published_on", "issuer", "index_number", "document_number")
        return {"year": self.year or 0} | {name: getattr(self, name) for name in names}

    def set_field(self, name: str, value: str) -> None:
        """Keeps the value of a line of page data; those without a `name` are of no use."""
        if name and (value or not getattr(self, name)):
            setattr(self, name, date_of(value) if name.endswith("_on") else value)

    def claim(self, kind: PassageKind, start: int, end: int) -> None:
        self.claims.append(PassageDraft(kind, start, end))


def years_in(text: str) -> list[int]:
    """The years printed in a text, both ends of a range such as 2018—2020年 included."""
    ranges = (found.groups() for found in YEARS.finditer(plain(text)))
    years = map(year_of, filter(None, chain.from_iterable(ranges)))
    return [year for year in years if EARLIEST <= year <= LATEST]


def read_front(
    lines: Sequence[SourceLine], tail: Sequence[SourceLine], above: Sequence[str] = ()
) -> Front:
    """Reads the lines before the first chapter, and the signature.

    A document is signed above its title or at its end, so `tail`, the lines behind the last
    chapter, is searched as well. `above` are the words over the head of a table.
    """
    front = Front()
    rest = [line for line in lines if not read_field(front, line)]
    front.title = front.title or title_among(above)
    first, last = (0, 0) if front.title else find_title(rest)
    read_notice(front, rest[:first])
    for line in rest[first:last]:
        front.claim(PassageKind.TITLE, line.start, line.end)
        front.title += line.text
    for line in rest[last:]:
        read_opening(front, line)
    read_signature(front, [*rest[:first], *tail])
    return front


def title_among(texts: Sequence[str]) -> str:
    """The last of these texts that reads like a title; empty where none does."""
    titles = [words for words in texts if TITLE.fullmatch(plain(words))]
    return titles[-1] if titles else ""


def read_notice(front: Front, lines: Sequence[SourceLine]) -> None:
    """Reads the lines above the title: a covering notice, with the number of the document."""
    for line in lines:
        read_number(front, line)
        front.claim(PassageKind.NOTICE, line.start, line.end)


def read_field(front: Front, line: SourceLine) -> bool:
    """Reads a line of page data such as 文号:…; False where the line is none."""
    keys = list(KEY.finditer(line.plain))
    if not keys or keys[0].start():
        return False
    ends = [*(key.start() for key in keys), len(line.text)][1:]
    for key, end in zip(keys, ends, strict=True):
        read_value(front, line, key, end)
    return True


def read_value(front: Front, line: SourceLine, key: re.Match[str], end: int) -> None:
    """Reads the value of one field of a line, which ends at an offset of the line."""
    name = FIELDS["".join(key[1].split())]
    value = line.text[key.end() : end].strip(" \t\u3000|｜")
    if name == "title" and value:
        read_title_field(front, line, key, value)
    else:
        front.claim(PassageKind.METADATA, line.start + key.start(), line.start + end)
        front.set_field(name, value)


def read_title_field(front: Front, line: SourceLine, key: re.Match[str], value: str) -> None:
    """Reads 名称:…, whose value is a passage of its own."""
    front.title = value
    start = line.text.index(value, key.end())
    front.claim(PassageKind.METADATA, line.start + key.start(), line.start + key.end())
    front.claim(PassageKind.TITLE, line.start + start, line.start + start + len(value))


def find_title(lines: Sequence[SourceLine]) -> tuple[int, int]:
    """The lines of the title, as the bounds of a slice; (0, 0) where there is none.

    The title is the last line that reads like one, with the line above it where a line break
    tore it apart (…关于加快发展).
    """
    for index in reversed(range(len(lines))):
        if TITLE.fullmatch(lines[index].plain):
            is_torn = index > 0 and begins_title(lines[index - 1])
            return (index - 1 if is_torn else index), index + 1
    return 0, 0


def begins_title(line: SourceLine) -> bool:
    """True for the first line of a title that a line break tore apart."""
    return "关于" in line.text and TITLE_START.fullmatch(line.plain) is not None


def read_number(front: Front, line: SourceLine) -> None:
    """Keeps the document number that stands on a line of its own above the title."""
    if DOCUMENT_NUMBER.fullmatch(line.plain):
        front.document_number = front.document_number or line.text


def read_opening(front: Front, line: SourceLine) -> None:
    """Reads a line below the title: a document number, an address or opening words."""
    if DOCUMENT_NUMBER.fullmatch(line.plain):
        front.document_number = line.text
        front.claim(PassageKind.METADATA, line.start, line.end)
    else:
        kind = PassageKind.NOTICE if ADDRESS.fullmatch(line.plain) else PassageKind.INTRODUCTION
        front.claim(
            PassageKind.REPEATED_HEAD if line.text == front.title else kind, line.start, line.end
        )


def read_signature(front: Front, lines: Sequence[SourceLine]) -> None:
    """Reads the day of issue, a date on a line of its own, and the issuer on the line above it."""
    for index, line in enumerate(lines):
        if DATE.fullmatch(line.plain) and front.issued_on is None:
            front.issued_on = date_of(line.text)
            front.issuer = front.issuer or name_above(lines, index)


def name_above(lines: Sequence[SourceLine], index: int) -> str:
    """The issuing body where the line above the one with this index names it."""
    return lines[index - 1].text if index and is_name(lines[index - 1]) else ""


def is_name(line: SourceLine) -> bool:
    """True for a short line without punctuation or digits, as an issuing body signs."""
    return re.fullmatch(r"[^,。:;、!?|\d]{2,30}", line.plain) is not None
