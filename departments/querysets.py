from datetime import date, timedelta

from django.db import models
from django.db.models import Q


class DepartmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(valid_to=None)


class MembershipQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None, user__is_active=True)

    def of_role(self, *roles: str):
        return self.filter(role__in=roles)


class CalendarQuerySet(models.QuerySet):
    def knows(self, year: int) -> bool:
        return self.filter(date__year=year).exists()

    def working_day_after(self, start: date, days: int) -> tuple[date, bool]:
        """The day `days` working days after `start`, and whether it is only provisional.

        Where the official table does not reach, Monday to Friday stand in and the answer is provisional.
        """
        known = {
            row.date: row.is_workday for row in self.filter(date__gt=start, date__lte=start + timedelta(days * 3 + 30))
        }
        day, left, provisional = start, days, False
        while left > 0:
            day += timedelta(days=1)
            provisional = provisional or day not in known
            left -= known.get(day, day.weekday() < 5)
        return day, provisional

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        known = {row.date: row.is_workday for row in self.filter(Q(date__gt=start) & Q(date__lte=end))}
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(known.get(day, day.weekday() < 5) for day in days)
