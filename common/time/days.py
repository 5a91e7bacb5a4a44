from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def local_day(moment: datetime) -> date:
    """The calendar day of a moment where the portal stands."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def day_end(day: date) -> datetime:
    """The moment at which the day is over where the portal stands."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))


def month_end(year: int, month: int) -> date:
    """Raises ValueError for a month no calendar has."""
    return date(year, month, monthrange(year, month)[1])


def quarter_start(year: int, quarter: int) -> date:
    return date(year, quarter * 3 - 2, 1)


def quarter_end(year: int, quarter: int) -> date:
    return month_end(year, quarter * 3)
