"""Lines, ordinals and dates of a document, and the normalised copy that patterns are matched on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from tasks.choices import PassageKind
from tasks.importing.draft import PassageDraft, Question, Wording, ask

# One character for one character, so that an offset in the copy is an offset in the original.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    0xFF61: 0x3002,
}
# The traditional signs in the labels, ordinals and endings that are looked for, and no others.
TRADITIONAL = str.maketrans(
    "萬與專業兩嚴個爲舉義鄉書爭於雲產億從們價衆會傳體僑黨關興內寫農決況準幾擊劃則別劑辦務動勢區"
    "醫華協單佔衛卻廠廳縣參發臺號後嗎啓員團園圍國圖場塊堅處備頭婦學實審寬對導將層屬帶廣應開張強"
    "歸當錄態總戰戶執掃報掛換據數斷無時機權條來極構標欄樣橋檢殘匯漢沒瀏遊燈點牽狀環現電監蓋確積"
    "稱稅籤類紅級綱縱線組細織經結給絡績續綜編網羣職聯節範營慮裝見規覽計訂討論設訪評識詞話說請讀"
    "負財責賬質費資蹤轉載輯達過運還這進連適郵採裏鐵銀鏈鎮長門閉問間聞閱隊階際隨頁頂項順顧預領題"
    "額館驗驟黃龍註係剋衞檯啟",
    "万与专业两严个为举义乡书争于云产亿从们价众会传体侨党关兴内写农决况准几击划则别剂办务动势区"
    "医华协单占卫却厂厅县参发台号后吗启员团园围国图场块坚处备头妇学实审宽对导将层属带广应开张强"
    "归当录态总战户执扫报挂换据数断无时机权条来极构标栏样桥检残汇汉没浏游灯点牵状环现电监盖确积"
    "称税签类红级纲纵线组细织经结给络绩续综编网群职联节范营虑装见规览计订讨论设访评识词话说请读"
    "负财责账质费资踪转载辑达过运还这进连适邮采里铁银链镇长门闭问间闻阅队阶际随页顶项顺顾预领题"
    "额馆验骤黄龙注系克卫台启",
)
COPY = FULL_WIDTH | TRADITIONAL

OPENING, CLOSING = "《“‘(「『【〈", "》”’)」』】〉"
NUMERAL = "[一二三四五六七八九十百]+"
CHAPTER = re.compile(rf"({NUMERAL})、\s*(?=[^\s。])")
PAREN = re.compile(rf"\(({NUMERAL})\)\s*、?\s*(?=[^\s。])")
ARABIC = re.compile(r"(\d{1,3})\s*[.、]\s*(?=[^\s。\d])")
DIGITS = "〇一二三四五六七八九"
DATE = re.compile(
    r"(\d{4}|[〇○零一二三四五六七八九]{4})\s*[年-]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[月-]"
    r"\s*(\d{1,2}|[一二三四五六七八九十]{1,3})日?"
)
ENDED = re.compile(r"[。!?;…][”’)」』》]*$")


def plain(text: str) -> str:
    """A copy of the same length for matching only.

    Full-width characters are ASCII in it, and the traditional signs of labels simplified.
    """
    return text.translate(COPY)


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
    """The value of a Chinese numeral below ten thousand, 零 or not, or of plain digits."""
    if numeral.isdecimal():
        return int(numeral)
    total, digit = 0, 0
    for sign in numeral:
        if unit := {"十": 10, "百": 100, "千": 1000}.get(sign):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = DIGITS.find(sign) if sign in DIGITS else 0
    return total + digit


def date_of(text: str) -> date | None:
    """The first date in a text; None where there is none, or none that exists."""
    printed = DATE.search(plain(text))
    try:
        return date(year_of(printed[1]), *map(number_of, printed.groups()[1:])) if printed else None
    except ValueError:
        return None


def year_of(printed: str) -> int:
    """The year printed in digits (2017) or sign by sign (二〇一七)."""
    return int(
        "".join(
            str(max(DIGITS.find(sign), 0)) if sign in "○零" + DIGITS else sign for sign in printed
        )
    )


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
) -> tuple[tuple[PassageDraft, ...], list[Question]]:
    """All passages of the text, in order and without gaps, and the questions about the gaps.

    Between the claims there may be table marks, blanks and the 。 that closes a title (a
    separator).
    Any other words there were not understood, and are asked about.
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
    questions = [ask_about(text, gap) for gap in gaps]
    return tuple(passages), list(filter(None, questions))


def gap_between(text: str, start: int, end: int) -> PassageDraft:
    """The passage that fills the gap between two claims."""
    is_table = "|" in plain(text[start:end])
    kind = PassageKind.TABLE_MARK if is_table else PassageKind.SEPARATOR
    return PassageDraft(kind, start, end)


def ask_about(text: str, gap: PassageDraft) -> Question | None:
    """The question about words in a gap that nothing has claimed."""
    words = text[gap.start : gap.end]
    unread = re.search(r"[^\s。|]", plain(words))
    if unread is None:
        return None
    line = line_number(text, gap.start + unread.start())
    return ask("unread", line, f"这段文字未能归类：{words.strip()[:20]}")
