"""Questions to the tables of units, memberships and calendar days."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models

from departments.rules.working_days import (
    Counting,
    count_working_days,
    day_after,
    explain_count,
    is_provisional,
)

if TYPE_CHECKING:
    from departments.models import CalendarDay, Department, Membership, SignInEvent

Span = tuple[date, date]


def merger_closure(ids: set[int], mergers: list[set[int]]) -> set[int]:
    """These units and all units connected with them by any number of mergers.

    `ids` and each pair in `mergers` hold ids of departments.
    """
    related_units: set[int] = set()
    reached = set(ids)
    while reached - related_units:
        related_units = reached
        reached = related_units.union(*(pair for pair in mergers if pair & related_units))
    return reached


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Units by their dates and mergers."""

    def current(self) -> Self:
        """Units that are not closed."""
        return self.filter(valid_to=None)

    def related_to(self, ids: set[int]) -> set[int]:
        """Ids of these units and of all units connected with them by mergers. One query."""
        return merger_closure(ids, self.mergers())

    def mergers(self) -> list[set[int]]:
        """Pairs of ids: each closed unit and its successor. One query."""
        return [
            set(pair) for pair in self.exclude(successor=None).values_list("pk", "successor_id")
        ]

    def successor_lookup(self) -> Callable[["Department"], "Department"]:
        """A function from a unit to its current successor, over any number of mergers.

        A unit that has no successor is its own. One query, whatever the number of units.
        """
        succeeded = self.exclude(successor=None).select_related("successor")
        successors = {unit.pk: unit.successor for unit in succeeded if unit.successor}

        def current_successor(unit: "Department") -> "Department":
            # Data with a circle of successors must not keep the loop going.
            visited: set[int] = set()
            while unit.pk in successors and unit.pk not in visited:
                visited.add(unit.pk)
                unit = successors[unit.pk]
            return unit

        return current_successor


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by state and role."""

    def current(self) -> Self:
        """Memberships that have not ended, of people who can sign in."""
        return self.filter(ended_at=None, user__is_active=True)

    def of_role(self, *roles: str) -> Self:
        """Memberships in one of the roles."""
        return self.filter(role__in=roles)


class CalendarQuerySet(models.QuerySet["CalendarDay"]):
    """Working days counted by the official table, as far as it reaches."""

    def has_year(self, year: int) -> bool:
        """Whether a table is loaded for any day of the year."""
        return self.filter(date__year=year).exists()

    def missing_years(self, today: date) -> list[int]:
        """Years whose official table should be loaded by `today` and is not; one query.

        This year's, and from 1 October on the next year's, which is announced about then.
        """
        due = [today.year, today.year + 1] if today.month >= 10 else [today.year]
        first_days = [date(year, 1, 1) for year in due]
        loaded = set(self.filter(date__in=first_days).values_list("date", flat=True))
        return [day.year for day in first_days if day not in loaded]

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether a count of the days after `start` up to `end` is only provisional; one query."""
        return is_provisional(self.table([start, end]), start, end)

    def working_day_after(self, start: date, days: int) -> tuple[date, bool]:
        """The day `days` working days after `start`, and whether it is only provisional.

        Where the official table does not reach, Monday to Friday stand in, holidays fixed by law
        left out, and the answer is provisional.
        """
        table = self.table([start, start + timedelta(days * 3 + 30)])
        day = day_after(table, start, days)
        return day, is_provisional(table, start, day)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`;
        negative when `end` lies before `start`.
        """
        return count_working_days(self.table([start, end]), start, end)

    def table(self, days: Iterable[date]) -> dict[date, bool]:
        """From each day in the table, between the first and the last of `days`, to whether it is
        worked.

        One query for any number of days.
        """
        days = list(days)
        if not days:
            return {}
        return dict(
            self.filter(date__range=(min(days), max(days))).values_list("date", "is_workday")
        )

    def countings(self, spans: Iterable[Span]) -> dict[Span, Counting]:
        """From each (start, end) to how the working days between them were counted. One query."""
        spans = set(spans)
        days = {
            start + timedelta(n) for start, end in spans for n in range(1, (end - start).days + 1)
        }
        calendar = list(self.filter(date__in=days)) if days else []
        return {(start, end): explain_count(start, end, calendar) for start, end in spans}


class SignInQuerySet(models.QuerySet["SignInEvent"]):
    """What happened at the sign-in, by moment and outcome."""

    def newest_first(self) -> Self:
        """With the person of each row."""
        return self.select_related("user").order_by("-at", "-id")

    def failed_since(self, at: datetime) -> Self:
        """Wrong passwords, one-time ones too, and refused attempts from this moment on."""
        return self.filter(outcome__in=["wrong", "wrong_code", "refused"], at__gte=at)

    def with_open_session(self) -> Self:
        """Sign-ins whose session nobody has ended yet; it may have run out."""
        return self.filter(outcome="signed_in").exclude(session_key="")
