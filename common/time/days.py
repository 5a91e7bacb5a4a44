"""Calendar days and quarters in the time zone of the portal."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def local_day(moment: datetime) -> date:
    """The calendar day of a moment in the portal's time zone."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def day_end(day: date) -> datetime:
    """The moment at which a day is over in the portal's time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))


def month_end(year: int, month: int) -> date:
    """The last day of a month, 1 to 12; raises ValueError for any other number."""
    return date(year, month, monthrange(year, month)[1])


def quarter_start(year: int, quarter: int) -> date:
    """The first day of a quarter, 1 to 4."""
    return date(year, quarter * 3 - 2, 1)


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter, 1 to 4."""
    return month_end(year, quarter * 3)
