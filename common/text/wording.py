"""Days, quarters and numbers as the portal writes them: one way on page, file, form and record."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

# So many characters of free text a list shows.
LINE = 56
QUARTERS = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}


def cn_date(day: date | datetime | None) -> str:
    """2017年9月30日, of a moment its local day."""
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def cn_quarter(year: int, quarter: int | None) -> str:
    """2017年第三季度; without a quarter 2017年全年."""
    return f"{year}年{QUARTERS[quarter] if quarter else '全年'}"


def stamp(moment: datetime | None) -> str:
    """Publication time as government sites print it: YYYY-MM-DD HH:MM, local."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def number(value: Decimal | float | int | None) -> str:
    """4000 for 4000.0000; "" for None, because what is unknown gets a word from the page, never a 0."""
    if value is None:
        return ""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shortened(words: str, length: int = LINE) -> str:
    """One line of it."""
    line = " ".join(words.split())
    return line if len(line) <= length else f"{line[:length]}…"
