"""The working calendar of a year: built in, or typed in from the yearly notice."""

import re
from collections.abc import Container, Iterator
from datetime import date, timedelta

import chinese_calendar

Day = tuple[date, bool, str]
# Where a table comes from, as the ledger notes it.
BUILT_IN = "chinesecalendar"
TYPED = "国务院办公厅放假通知"
SPAN = re.compile(r"(\d{1,2})-(\d{1,2})(?:\s*(?:至|到|~|-)\s*(\d{1,2})-(\d{1,2}))?")


def built_in_years() -> range:
    """Years the built-in table covers; an update of its library adds the next one."""
    years = {day.year for day in chinese_calendar.constants.holidays}
    return range(min(years), max(years) + 1)


def built_in(year: int) -> list[Day]:
    """Every day of the year as (date, is_workday, note).

    Raises ValueError for a year the built-in table does not cover.
    """
    years = built_in_years()
    if year not in years:
        raise ValueError(f"系统自带的工作日历只有 {years[0]} 至 {years[-1]} 年，没有 {year} 年。")
    return [_built_in_day(day) for day in _days_of(year)]


def official_days(year: int, days_off: str = "", days_on: str = "") -> tuple[list[Day], str]:
    """Every day of the year as (date, is_workday, note), and where the table comes from.

    `days_off` and `days_on`: days as the yearly notice lists them, a day or a span a line. With
    neither, the built-in table is used. Raises ValueError for what cannot be read.
    """
    if not (days_off or days_on):
        return built_in(year), BUILT_IN
    off, on = set(_parse_days(year, days_off)), set(_parse_days(year, days_on))
    if both := off & on:
        raise ValueError(f"{min(both)} 既写了放假又写了上班。")
    return [(day, _is_worked(day, off, on), "") for day in _days_of(year)], TYPED


def calendar_reminder(year: int) -> str:
    """The sentence that asks administrators to load the missing official table of `year`."""
    return (
        f"还没有 {year} 年的法定工作日历。国务院办公厅每年10月底或11月公布下一年的放假通知，"
        "公布后请系统管理员在“参考数据 › 工作日历 › 增加”里按通知录入，或更新本系统后载入。"
        f"录入以前不能开放 {year} 年的填报期，"
        "来信的答复期限暂按周一至周五推算（法律固定的节日不计）。"
    )


def _built_in_day(day: date) -> Day:
    _, name = chinese_calendar.get_holiday_detail(day)
    note = chinese_calendar.Holiday(name).chinese if name else ""
    worked = chinese_calendar.is_workday(day)
    return day, worked, f"{note}调休上班" if note and worked else note


def _is_worked(day: date, off: Container[date], on: Container[date]) -> bool:
    return day in on or (day not in off and day.weekday() < 5)


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))


def _parse_days(year: int, text: str) -> Iterator[date]:
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            first, last = _parse_span(year, line)
        except ValueError as error:
            raise ValueError(f"“{line}”看不明白，请写成 10-01 或 10-01 至 10-07。") from error
        yield from (first + timedelta(n) for n in range((last - first).days + 1))


def _parse_span(year: int, line: str) -> tuple[date, date]:
    match = SPAN.fullmatch(line)
    if not match:
        raise ValueError
    first = date(year, int(match[1]), int(match[2]))
    last = date(year, int(match[3]), int(match[4])) if match[3] else first
    if last < first:
        raise ValueError
    return first, last
