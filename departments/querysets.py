from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.db import models

from departments.rules.working_days import Counting, count_working_days, counting, day_after, is_provisional

Span = tuple[date, date]


def merger_closure(ids: set[int], mergers: list[set[int]]) -> set[int]:
    """These units and all their kin, over any number of mergers."""
    related_units: set[int] = set()
    reached = set(ids)
    while reached - related_units:
        related_units = reached
        reached = related_units.union(*(pair for pair in mergers if pair & related_units))
    return reached


class DepartmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(valid_to=None)

    def related_to(self, ids: set[int]) -> set[int]:
        """These units with everything they came from, went into or were merged with. One query."""
        return merger_closure(ids, self.mergers())

    def mergers(self) -> list[set[int]]:
        """Each unit that went into another, with that one. One query."""
        return [set(pair) for pair in self.exclude(successor=None).values_list("pk", "successor_id")]

    def successor_lookup(self) -> Callable:
        """A unit -> what became of it over any number of mergers, itself if it goes on. One query for all of them."""
        following = {unit.pk: unit.successor for unit in self.exclude(successor=None).select_related("successor")}

        def current_successor(unit):
            seen = set()
            while unit.pk in following and unit.pk not in seen:
                seen.add(unit.pk)
                unit = following[unit.pk]
            return unit

        return current_successor


class MembershipQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None, user__is_active=True)

    def of_role(self, *roles: str):
        return self.filter(role__in=roles)


class CalendarQuerySet(models.QuerySet):
    def knows(self, year: int) -> bool:
        return self.filter(date__year=year).exists()

    def missing_years(self, today: date) -> list[int]:
        """Years whose official table should be loaded by `today` and is not; one query.

        This year's, and from 1 October on the next year's, which is announced about then.
        """
        due = [today.year, today.year + 1] if today.month >= 10 else [today.year]
        loaded = self.filter(date__in=[date(year, 1, 1) for year in due])
        loaded_years = {day.year for day in loaded.values_list("date", flat=True)}
        return [year for year in due if year not in loaded_years]

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether a count of the days after `start` up to `end` is only provisional; one query."""
        return is_provisional(self.table([start, end]), start, end)

    def working_day_after(self, start: date, days: int) -> tuple[date, bool]:
        """The day `days` working days after `start`, and whether it is only provisional.

        Where the official table does not reach, Monday to Friday stand in, holidays fixed by law
        left out, and the answer is provisional.
        """
        known = self.table([start, start + timedelta(days * 3 + 30)])
        day = day_after(known, start, days)
        return day, is_provisional(known, start, day)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        return count_working_days(self.table([start, end]), start, end)

    def table(self, days: Iterable[date]) -> dict[date, bool]:
        """Whether each known day from the first to the last of `days` is worked; one query for any number of them."""
        days = list(days)
        if not days:
            return {}
        return dict(self.filter(date__range=(min(days), max(days))).values_list("date", "is_workday"))

    def countings(self, spans: Iterable[Span]) -> dict[Span, Counting]:
        """(start, end) -> why `end` is so many working days after `start`. One query for all of them."""
        spans = set(spans)
        days = {start + timedelta(n) for start, end in spans for n in range(1, (end - start).days + 1)}
        calendar = list(self.filter(date__in=days)) if days else []
        return {(start, end): counting(start, end, calendar) for start, end in spans}
