from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def local_day(moment: datetime) -> date:
    """The calendar day of a moment where the portal stands."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
