"""What a unit said the last time it handed in a report of the same task: offered as a start, never taken silently."""

from typing import Any

from django.db.models import Q

from departments.models import Department
from progress.filing import Sheet
from progress.models import Contribution
from tasks.models import Indicator


def earlier_part(sheet: Sheet, department: Department) -> Contribution | None:
    """The unit's part of its latest earlier report; none where this quarter's is begun. At most one query."""
    if department.pk in sheet.contributions:
        return None
    period = sheet.period
    before = Q(report__period__year__lt=period.year)
    before |= Q(report__period__year=period.year, report__period__index__lt=period.index)
    rows = Contribution.objects.filter(before, report__task=sheet.task, report__period__kind=period.kind)
    rows = rows.filter(department=department, report__first_submitted_at__isnull=False)
    return rows.select_related("report__period").order_by("-report__period__year", "-report__period__index").first()


def offered(sheet: Sheet, part: Contribution) -> dict[str, Any]:
    """Field -> earlier words. Numbers only where they go on counting; what others answered is left alone."""
    values: dict[str, Any] = {"narrative": part.narrative}
    asked = {question.commitment.pk for question in sheet.questions} - sheet.findings.keys()
    values |= {f"n{row.commitment_id}": row.note for row in part.findings.all() if row.commitment_id in asked}
    numbers = {number.indicator.pk: number.indicator for number in sheet.numbers}
    for row in part.readings.all():
        if row.indicator_id in numbers.keys() - sheet.readings.keys():
            values[f"t{row.indicator_id}"] = row.note
            if numbers[row.indicator_id].mode == Indicator.Mode.CUMULATIVE:
                values[f"r{row.indicator_id}"] = row.value
    return values
