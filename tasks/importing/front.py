"""Reads what stands before the first chapter: page data, covering notice, title, opening words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft
from tasks.importing.text import DATE, SourceLine, date_of, plain

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
}
KEY = re.compile(r"([^:]{2,12}?)\s*:\s*")
DOCUMENT_NUMBER = re.compile(r"[^\s,。:;]{2,12}[〔\[(]\d{4}[〕\])]\s*(第\s*)?\d+\s*号")
TITLE = re.compile(
    r"[^。;:!?|]{3,80}(计划|方案|意见|要点|白皮书|规划|措施|清单|实事|办法|纲要|分解|通知|目标|任务)(\([^()]*\))?"
)
TITLE_START = re.compile(r"[^。;:!?|,]{4,60}")
ADDRESS = re.compile(r"[^。]{2,80}:")


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
        """The year in the title, else the year the document was signed or published."""
        if printed := re.search(r"(\d{4})\s*年", plain(self.title)):
            return int(printed[1])
        day = self.issued_on or self.published_on
        return day.year if day else None

    def plan_fields(self) -> dict:
        """Keyword arguments of `PlanDraft`; an unknown year is 0 and is reported as a problem."""
        names = ("title", "issued_on", "published_on", "issuer", "index_number", "document_number")
        return {"year": self.year or 0} | {name: getattr(self, name) for name in names}

    def set_field(self, name: str, value: str) -> None:
        """Keeps the value of a line of page data; those without a `name` are of no use."""
        if name:
            setattr(self, name, date_of(value) if name.endswith("_on") else value)

    def claim(self, kind: PassageKind, start: int, end: int) -> None:
        self.claims.append(PassageDraft(kind, start, end))


def read_front(lines: Sequence[SourceLine], tail: Sequence[SourceLine]) -> Front:
    """Reads the lines before the first chapter, and the signature.

    A document is signed above its title or at its end, so `tail`, the lines behind the last
    chapter, is searched as well.
    """
    front = Front()
    rest = [line for line in lines if not read_field(front, line)]
    first, last = (0, 0) if front.title else find_title(rest)
    for line in rest[:first]:
        front.claim(PassageKind.NOTICE, line.start, line.end)
    for line in rest[first:last]:
        front.claim(PassageKind.TITLE, line.start, line.end)
        front.title += line.text
    for line in rest[last:]:
        read_opening(front, line)
    read_signature(front, [*rest[:first], *tail])
    return front


def read_field(front: Front, line: SourceLine) -> bool:
    """Reads a line of page data such as 文号:…; False where the line is none."""
    key = KEY.match(line.plain)
    if key is None:
        return False
    name = FIELDS.get("".join(key[1].split()))
    if name == "title":
        read_title_field(front, line, key.end())
    elif name is not None:
        front.claim(PassageKind.METADATA, line.start, line.end)
        front.set_field(name, line.text[key.end() :])
    return name is not None


def read_title_field(front: Front, line: SourceLine, key_end: int) -> None:
    """Reads 名称:…, whose value is a passage of its own."""
    front.title = line.text[key_end:]
    front.claim(PassageKind.METADATA, line.start, line.start + key_end)
    if front.title:
        front.claim(PassageKind.TITLE, line.start + key_end, line.end)


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
