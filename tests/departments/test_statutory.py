"""Days off by law: against the law's own list, and never against a published table."""

from datetime import date, timedelta

import pytest

from departments.rules.holidays import built_in
from departments.rules.statutory_holidays import LUNAR, is_presumed_workday, statutory_holiday


def fixed(year: int) -> dict[str, str]:
    days = (date(year, 1, 1) + timedelta(n) for n in range(366))
    names = {day: statutory_holiday(day) for day in days if day.year == year}
    return {f"{day:%m-%d}": name for day, name in names.items() if name}


def test_the_days_of_2027_are_those_of_the_law():
    assert fixed(2027) == {
        "01-01": "元旦",
        "02-05": "春节",
        "02-06": "春节",
        "02-07": "春节",
        "02-08": "春节",
        "04-05": "清明",
        "05-01": "劳动节",
        "05-02": "劳动节",
        "06-09": "端午",
        "09-15": "中秋",
        "10-01": "国庆节",
        "10-02": "国庆节",
        "10-03": "国庆节",
    }


def test_statutory_days_are_fewer_before_2025_and_solar_only_after_the_almanac():
    assert ("05-01" in fixed(2024), "05-02" in fixed(2024)) == (True, False)
    after = max(LUNAR) + 1
    assert set(fixed(after).values()) == {"元旦", "清明", "劳动节", "国庆节"}


@pytest.mark.parametrize("year", range(2008, 2027))
def test_no_published_table_ever_had_a_statutory_day_worked(year):
    assert [day for day, worked, _ in built_in(year) if worked and statutory_holiday(day)] == []


@pytest.mark.parametrize("year", [2025, 2026])
def test_published_tables_name_statutory_days_alike_where_no_two_meet(year):
    notes = {day: note for day, _, note in built_in(year)}
    differing = {day for day, note in notes.items() if statutory_holiday(day) not in ("", note)}
    assert differing <= {date(2025, 10, 6)}, "中秋 of 2025 lay within 国庆节"


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2027-01-01", False),
        ("2027-01-04", True),
        ("2027-01-09", False),
        ("2027-02-05", False),
        ("2028-02-29", True),
    ],
)
def test_monday_to_friday_is_presumed_to_be_worked_except_on_statutory_days(day, worked):
    assert is_presumed_workday(date.fromisoformat(day)) == worked
