"""Days, quarters, moments and numbers as pages, files and forms write them."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

# Characters of free text that a list shows.
LINE = 56
# Characters of one sentence of free text.
SENTENCE = 120
DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
QUARTERS = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}


def cn_date(day: date | datetime | None) -> str:
    """2017年9月30日; a moment is written as its local day, None as ""."""
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def cn_quarter(year: int, quarter: int | None) -> str:
    """2017年第三季度; without a quarter 2017年全年."""
    return f"{year}年{QUARTERS[quarter] if quarter else '全年'}"


def stamp(moment: datetime | None) -> str:
    """A local moment as YYYY-MM-DD HH:MM, the way government sites print it; None as ""."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def number(value: Decimal | float | int | None) -> str:
    """4000 for 4000.0000; "" for None, so that the page says why it is unknown instead of 0."""
    if value is None:
        return ""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shortened(words: str, length: int = LINE) -> str:
    """The text on one line, cut to `length` characters, but never within a day."""
    line = " ".join(words.split())
    inside = (day for day in DAY.finditer(line) if day.start() < length < day.end())
    cut = next((day.start() for day in inside), length)
    return line if len(line) <= length else f"{line[:cut]}…"


def first_sentence(words: str) -> str:
    """The text before its first full stop, on one line; cut where that is too long."""
    return shortened(words.partition("。")[0], SENTENCE)
