"""Reads who is responsible and until when: a small grammar of the notes in official wording.

A note stands in brackets, on a line of its own, inside a paragraph or in a cell:
（A牵头，B、C配合，6月底前完成） 责任单位：A、B。 【牵头单位】A
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter

from tasks.choices import ResponsibilityKind
from tasks.importing.text import plain

LEAD = ResponsibilityKind.LEAD
SUPPORTING = ResponsibilityKind.SUPPORTING
LISTED = ResponsibilityKind.LISTED
PERSON, DUE = "person", "due"
LONGEST_NOTE = 600
LONGEST_NAME = 40

UNIT_WORD = r"(?:责任)?(?:单位|部门|机构|主体|处室|科室)"
PEOPLE = r"(?:领导|负责人|责任人|联系人|联络员)"
# In this order: 牵头领导 names a person and 责任单位 a unit, whatever word they begin with.
LABELS = {
    PERSON: rf"[\u4e00-\u9fff]{{0,4}}{PEOPLE}(?:同志)?|联系电话",
    DUE: r"(?:完成|办结|计划|整改|实施)?(?:时限|时间|期限|时间节点)(?:要求)?|完成日期",
    LEAD: rf"(?:总?牵头|主办|主责|主管|主体责任|第一责任|汇总){UNIT_WORD}|牵头",
    SUPPORTING: rf"(?:配合|协办|参与|参加|协助|协同|协作|会同){UNIT_WORD}|配合|协办",
    LISTED: rf"(?:责任|承办|实施|落实|负责|完成|执行){UNIT_WORD}|{UNIT_WORD}|责任",
}
ANY_LABEL = "|".join(f"(?P<{kind}>{words})" for kind, words in LABELS.items())
LABEL = re.compile(rf"(?:(?<=^)|(?<=[\s。;,、\[(【]))(?:{ANY_LABEL})\s*(?:】\s*:?|:)\s*")

# 【责任单位】 opens a note and is none.
LABEL_IN_BRACKETS = re.compile(rf"【(?:{ANY_LABEL})\s*】")
BEFORE_DUTY = (
    r"(?:(?:按照?|依|根据)(?:各自|部门)?(?:职责|职能)?(?:分工)?|职责分工)?"
    r"(?:分别|共同|具体|联合|各自|抓好)?"
)
VERB = re.compile(
    rf"(?:(?P<lead>(?:共同|分别|联合)?(?:总?牵头|主办)(?:负责|组织|实施|落实|推进|办理)*)"
    rf"|(?P<supporting>(?:积极|共同|分别|按(?:各自)?职责(?:分工)?)?(?:配合|协办|参与|参加|协助)(?:实施|落实|推进)*)"
    rf"|(?P<listed>{BEFORE_DUTY}(?:负责|组织实施|承办)(?:落实|实施|推进|督促|组织)*))(?=[\s、,;。)]|$)"
)
SPAN = r"(?:\d{4}年|今年|明年|当年|每年)?"
DAY = r"(?:\d{1,2}月|第?[一二三四1-4]季度|上半年|下半年|年|\d{4}年)(?:\d{1,2}日|[上中下]旬|份)?"
DONE = r"(?:全面|基本|持续)?(?:完成|落实|推进|建成|启动|开工|完工|到位|实施|见效|出台|印发)*"
DUE_WORDS = re.compile(
    rf"{SPAN}{DAY}(?:底|末|初|内|度|中)?(?:之?前|以前|起)?{DONE}"
    rf"|(?:长期|持续|全年|常年|适时|即时|立即|分阶段|按时间节点)(?:坚持|{DONE})|\d{{4}}[-.]\d{{1,2}}(?:[-.]\d{{1,2}})?"
)
OPEN_TAIL = re.compile(r"等(?:各?(?:有关|相关))?(?:部门|单位|地区|方面)?$")
RULE = re.compile(
    r"(?:列|排|排名|排列|排序)(?:在)?(?:第一|首)位?(?:的|者)?[^,;。()]{0,8}?(?:为|是|系)[^,;。()]{0,4}?(?:牵头|主办|主责)"
)

# What the names of organs end in; the first group also ends a name that 及 or 和 follows.
STRONG = (
    r"(?:局|委|办|部|厅|院|署|处|中心|政府|街道|公司|集团|会|单位|部门"
    r"|所|站|队|馆|学校|大学|银行|园区)"
)
ENDING = (
    rf"(?:{STRONG}|镇|乡|村|区|市|县|州|旗|组|校|基地|海关|税务|公安|城管|电信|移动|联通|铁塔|邮政"
    r"|供电|企业|科|室|社|台|厂|机构|机关|妇联|残联|科协|文联|侨联|工商联|支行|人行|执法|工信|住建"
    r"|人社|国网)"
)
UNIT = re.compile(rf"(?=..)[^,;:。\d%]{{0,{LONGEST_NAME}}}?{ENDING}(?:\([^()]{{1,20}}\))?")
JOINED = re.compile(r"(?:以及|及|和|与)")
ENDS_STRONG = re.compile(rf"(?:{STRONG}|等|\))$")
SEPARATORS = "、,;。/| \t\r\u3000\xa0"
DEPTHS = {"(": 1, "[": 1, ")": -1, "]": -1}
BRACKETS = {"(": ")", "[": "]", "【": "】", "〔": "〕"}


@dataclass(frozen=True)
class Note:
    """A note from `start` to `end` of a text, offsets in code points.

    `units` are pairs of name and part; `due` is the printed deadline; `persons` counts the names of
    people, which are not kept; `rule` says that of several units the first one leads; `unread`
    holds clauses that were not understood.
    """

    start: int
    end: int
    units: tuple[tuple[str, str], ...] = ()
    due: str = ""
    persons: int = 0
    rule: bool = False
    unread: tuple[str, ...] = ()

    @property
    def names_units(self) -> bool:
        return bool(self.units or self.persons or self.rule)


@dataclass
class Clauses:
    """What has been read of a note so far; `waiting` holds names whose verb is still to come."""

    units: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    persons: int = 0
    rule: bool = False

    def take(self, names: list[str], kind: str) -> None:
        """Keeps names with their part; 甲会同乙 makes 乙 a supporting unit."""
        for name in names:
            first, *others = name.split("会同")
            self.units.append((first, kind))
            self.units += [(other, SUPPORTING) for other in others]

    def note(self, start: int, end: int) -> Note:
        """The note, with the units that only 负责 beside a 牵头 as supporting ones."""
        has_lead = any(kind == LEAD for _name, kind in self.units)
        kinds: dict[str, str] = {}
        for name, kind in self.units:
            kinds.setdefault(name, SUPPORTING if has_lead and kind == LISTED else kind)
        return Note(
            start,
            end,
            tuple(kinds.items()),
            "，".join(self.due),
            self.persons,
            self.rule,
            tuple(self.unread),
        )


def notes_in(text: str) -> list[Note]:
    """All notes of a paragraph or of several, in order."""
    copy = plain(text)
    read = (read_bracket(text, copy, start, end) for start, end in brackets(copy))
    notes = list(filter(None, read))
    taken = set(chain.from_iterable(range(note.start, note.end) for note in notes))
    for start, end in labelled_stretches(copy):
        if start not in taken:
            notes.append(read_clauses(text, copy, start, end).note(start, end))
    return sorted(notes, key=attrgetter("start"))


def brackets(copy: str) -> Iterator[tuple[int, int]]:
    """The outermost brackets that are closed again within the longest note, as (start, end)."""
    position = 0
    while position < len(copy):
        end = closing(copy, position) if copy[position] in BRACKETS else 0
        if end:
            yield position, end
        position = end or position + 1


def closing(copy: str, start: int) -> int:
    """The offset behind the bracket that closes the one at `start`; 0 where none does."""
    opening, shut = copy[start], BRACKETS[copy[start]]
    depth = 0
    for end in range(start, min(len(copy), start + LONGEST_NOTE)):
        depth += (copy[end] == opening) - (copy[end] == shut)
        if not depth:
            return end + 1
    return 0


def read_bracket(text: str, copy: str, start: int, end: int) -> Note | None:
    """The note in a bracket; None where the bracket is part of the wording: (县级市), (含桥梁)."""
    if LABEL_IN_BRACKETS.match(copy, start):
        return None
    inner = copy[start + 1 : end - 1]
    found = read_clauses(text, copy, start + 1, end - 1).note(start, end)
    if found.rule or LABEL.search(inner) or names_with_verb(found, inner):
        return found
    return found if ends_paragraph(copy, start, end) and says_all(found) else None


def names_with_verb(note: Note, inner: str) -> bool:
    """True for names of units with 牵头 or 负责, and not for 全民参与."""
    return VERB.search(inner) is not None and bool(note.units) and all(map(is_name, note.units))


def says_all(note: Note) -> bool:
    """True for a bracket of nothing but a deadline or names of units."""
    return not note.unread and (bool(note.due) or is_list_of_units(note))


def ends_paragraph(copy: str, start: int, end: int) -> bool:
    """True for a bracket behind a whole sentence and at the end of its paragraph."""
    before = copy[:start].rstrip()
    follows_sentence = not before or before[-1] in "。;!?\n"
    return follows_sentence and not copy[end:].split("\n")[0].strip(" 。;")


def is_name(unit: tuple[str, str]) -> bool:
    """True for a name of a unit, not for what 全民参与 or 群众负责 would make one."""
    return is_unit(unit[0])


def is_list_of_units(note: Note) -> bool:
    """True for a bracket of nothing but names of organs: (市教育局、市财政局), not (县级市)."""
    names = [plain(name) for name, _kind in note.units]
    return bool(names) and all(UNIT.fullmatch(name) and ENDS_STRONG.search(name) for name in names)


def is_unit(name: str) -> bool:
    """True for words that end as the name of a unit does."""
    return UNIT.fullmatch(plain(name)) is not None


def labelled_stretches(copy: str) -> Iterator[tuple[int, int]]:
    """Where 责任单位：…。 stands outside brackets: from the first label to the end of the sentence.

    Several labels in one sentence or in lines that follow each other are one stretch each.
    """
    position = 0
    while mark := LABEL.search(copy, position):
        end = mark.end()
        while end < len(copy) and copy[end] not in "\n。":
            end += 1
        start = mark.start() - (copy[mark.start() - 1 : mark.start()] == "【")
        yield start, min(len(copy), end + (copy[end : end + 1] == "。"))
        position = max(end, mark.end())


def read_clauses(text: str, copy: str, start: int, end: int) -> Clauses:
    """Everything said between two offsets, label by label."""
    read = Clauses()
    marks = list(LABEL.finditer(copy, start, end))
    first = marks[0].start() if marks else end
    read_verbs(read, text, copy, start, first)
    stops = [mark.start() for mark in marks[1:]] + [end]
    for mark, stop in zip(marks, stops, strict=False):
        read_label(read, text[mark.end() : stop], kind_of(mark))
    return read


def kind_of(mark: re.Match[str]) -> str:
    """Which of the named groups matched."""
    return next(kind for kind, words in mark.groupdict().items() if words)


def read_label(read: Clauses, words: str, kind: str) -> None:
    """What stands behind a label."""
    words = words.strip(" \t\n\u3000。；;,，、()（）【】")
    parts = split_names(words)
    if kind == DUE:
        read.due.append(words)
    elif kind == PERSON:
        read.persons += len(parts)
    else:
        read.due += filter(is_due, parts)
        read.take([strip_verb(part) for part in parts if not is_due(part)], kind)


def strip_verb(name: str) -> str:
    """A name without the verb behind it: 市城管局牵头 in a cell of its own."""
    verb = VERB.search(plain(name))
    return name[: verb.start()] if verb and verb.start() else name


def is_due(words: str) -> bool:
    return DUE_WORDS.fullmatch(plain(words)) is not None


def read_verbs(read: Clauses, text: str, copy: str, start: int, end: int) -> None:
    """Reads A牵头，B、C配合: the names before each verb, then what no verb follows."""
    position = start
    for verb in VERB.finditer(copy, start, end):
        read_names(read, text[position : verb.start()])
        read.take(read.waiting, kind_of(verb))
        read.waiting = []
        position = verb.end()
    read_names(read, text[position:end])
    read.take(list(filter(is_unit, read.waiting)), LISTED)
    read.unread += [name for name in read.waiting if not is_unit(name)]
    read.waiting = []


def read_names(read: Clauses, words: str) -> None:
    """The names in a clause, and the deadline or the rule that it states instead."""
    for part in split_names(words):
        copy = plain(part)
        if DUE_WORDS.fullmatch(copy):
            read.due.append(part)
        elif RULE.search(copy):
            read.rule = True
        elif copy != "下同":
            read.waiting.append(part.removeprefix("由"))


def split_names(words: str) -> list[str]:
    """The names in a list, each once: parted by 、 , ; blanks and 及, with brackets kept whole."""
    parts: list[str] = []
    for piece in split_outside_brackets(words):
        parts += split_joined(piece)
    names = (OPEN_TAIL.sub("", part).strip() for part in parts)
    return list(dict.fromkeys(name for name in names if name))


def split_outside_brackets(words: str) -> Iterator[str]:
    """The words cut at 、 , ; 。 / and blanks that stand outside brackets.

    A line break inside a note comes from the width of a page and parts nothing.
    """
    depth, start = 0, 0
    for end, sign in enumerate(plain(words)):
        depth = max(0, depth + DEPTHS.get(sign, 0))
        if not depth and sign in SEPARATORS:
            yield words[start:end].replace("\n", "")
            start = end + 1
    yield words[start:].replace("\n", "")


def split_joined(name: str) -> list[str]:
    """A name cut at 和, 及, 与 where a unit ends before and another one after: C局及D局.

    发展和改革局 and 文化和旅游部 stay whole.
    """
    copy = plain(name)
    for mark in JOINED.finditer(copy):
        before, behind = copy[: mark.start()], copy[mark.end() :]
        if ENDS_STRONG.search(before) and UNIT.fullmatch(behind):
            return [name[: mark.start()], *split_joined(name[mark.end() :])]
    return [name]


def strip_notes(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets of a piece of a text moved inwards past the notes that name units."""
    piece = text[start:end]
    notes = [note for note in notes_in(piece) if note.names_units]
    first = behind_notes(piece, notes)
    last = before_notes(piece, notes, first)
    return start + first, start + last


def behind_notes(piece: str, notes: Sequence[Note]) -> int:
    """The offset behind the notes that a piece begins with."""
    first = 0
    for note in notes:
        first = note.end if is_blank(piece[first : note.start]) else first
    return first


def before_notes(piece: str, notes: Sequence[Note], first: int) -> int:
    """The offset before the notes that a piece ends with."""
    last = len(piece)
    for note in reversed(notes):
        last = note.start if is_blank(piece[note.end : last]) else last
    return max(first, last)


def is_blank(words: str) -> bool:
    """Whether nothing but blanks and the ends of sentences is left."""
    return not words.strip(" \n。；;")
