"""Actions on the units and the working calendar."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from departments.models import CalendarDay, Department
from ledger.actions import Actor, LedgerEvent, append


@transaction.atomic
def save_department(*, department: Department, by: Actor, at: datetime) -> Department:
    """Write a new or changed unit, whose fields are already set and validated.

    The ledger notes the values of the fields afterwards. Raises nothing of its own.
    """
    verb = "change_department" if department.pk else "add_department"
    department.save()
    names = ["short_name", "full_name", "level", "name_basis", "signs_reports"]
    names += ["valid_from", "valid_to", "successor_id"]
    facts = {name: getattr(department, name) for name in names}
    append([LedgerEvent(verb, "department", department.slug, facts)], by=by, at=at)
    return department


@transaction.atomic
def load_calendar(
    *, year: int, days: Iterable[tuple[date, bool, str]], source: str, by: Actor, at: datetime
) -> int:
    """Replace the calendar of a whole year; returns its number of working days.

    `days`: every day of the year as `(date, is_workday, note)`; `source`: where the table comes
    from. Raises nothing of its own.
    """
    CalendarDay.objects.filter(date__year=year).delete()
    rows = [CalendarDay(date=day, is_workday=work, note=note) for day, work, note in days]
    CalendarDay.objects.bulk_create(rows)
    working = sum(row.is_workday for row in rows)
    facts = {"working_days": working, "source": source}
    append([LedgerEvent("load_calendar", "calendar", str(year), facts)], by=by, at=at)
    return working
