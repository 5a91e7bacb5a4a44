"""Public holidays fixed by law, known without the notice that arranges each year's days off.

Source: 《全国年节及纪念日放假办法》, article 2, as revised by 国务院令第795号 with effect from
1 January 2025: 元旦 1 January, 春节 from the eve to the third day, 清明节, 劳动节 1 and 2 May,
端午节, 中秋节, 国庆节 1 to 3 October. Before 2025 劳动节 was 1 May alone.

Days that follow the moon are a table in which two independent almanacs agree (one tabulated, one
computed); none is known before or after its years. The solar term 清明 is computed, correct for
2000 to 2099. What the yearly notice adds (bridge days, weekends worked in exchange) is not known
here.
"""

from datetime import date, timedelta

# (month, day) -> name and the first year it holds.
SOLAR = {
    (1, 1): ("元旦", 2008),
    (5, 1): ("劳动节", 2008),
    (5, 2): ("劳动节", 2025),
    (10, 1): ("国庆节", 2008),
    (10, 2): ("国庆节", 2008),
    (10, 3): ("国庆节", 2008),
}
# The first day of the first month, the fifth of the fifth and the fifteenth of the eighth.
LUNAR = {
    2025: ((1, 29), (5, 31), (10, 6)),
    2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (9, 19)),
}


def statutory_holiday(day: date) -> str:
    """The name of the holiday the law fixes on `day`, or an empty string; 2008 to 2099."""
    name, since = SOLAR.get((day.month, day.day), ("", 0))
    if name and day.year >= since:
        return name
    if _is_pure_brightness(day) and 2008 <= day.year < 2100:
        return "清明"
    return _lunar_holiday(day)


def is_presumed_workday(day: date) -> bool:
    """Whether `day` is presumed to be worked where no official table reaches.

    Monday to Friday, except the holidays fixed by law.
    """
    return day.weekday() < 5 and not statutory_holiday(day)


def _is_pure_brightness(day: date) -> bool:
    """Whether the solar term 清明 begins on `day`, 2000 to 2099."""
    of_century = day.year % 100
    return (day.month, day.day) == (4, int(of_century * 0.2422 + 4.81) - of_century // 4)


def _lunar_holiday(day: date) -> str:
    if day.year not in LUNAR:
        return ""
    spring, dragon_boat, mid_autumn = (
        date(day.year, *month_and_day) for month_and_day in LUNAR[day.year]
    )
    if spring - timedelta(days=1) <= day <= spring + timedelta(days=2):
        return "春节"
    return {dragon_boat: "端午", mid_autumn: "中秋"}.get(day, "")
