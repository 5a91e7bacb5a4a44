"""Earlier statements about a task: the unit's own, to start from, and the published ones."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from common.ui.chips import Chip
from departments.models import Department
from progress.choices import PeriodKind
from progress.models import Contribution, ReportingPeriod
from progress.requirements.report import ReportRequirements
from publishing.models import Publication
from publishing.read_models.commitment_status import finding_chip
from publishing.read_models.public_status import headline_chip
from tasks.choices import IndicatorMode
from tasks.models import Task


def earlier_part(requirements: ReportRequirements, department: Department) -> Contribution | None:
    """The unit's part of its latest earlier report; None once it has begun this quarter's."""
    if department.pk in requirements.contributions:
        return None
    kind = requirements.period.kind
    submitted = [
        row
        for row in reversed(requirements.before)
        if row.first_submitted_at and row.period.kind == kind
    ]
    parts = (
        part
        for report in submitted
        for part in report.contributions.all()
        if part.department_id == department.pk
    )
    return next(parts, None)


def offered(requirements: ReportRequirements, part: Contribution) -> dict[str, Any]:
    """Field name -> value of the earlier part, for what nobody has answered in this quarter yet.

    Figures only of indicators that are counted cumulatively.
    """
    values: dict[str, Any] = {"narrative": part.narrative}
    required = {question.commitment.pk for question in requirements.required_commitments}
    unanswered = required - requirements.findings.keys()
    values |= {
        f"n{row.commitment_id}": row.note
        for row in part.findings.all()
        if row.commitment_id in unanswered
    }
    numbers = {number.indicator.pk: number.indicator for number in requirements.numbers}
    for row in part.readings.all():
        if row.indicator_id in numbers.keys() - requirements.readings.keys():
            values[f"t{row.indicator_id}"] = row.note
            if numbers[row.indicator_id].mode == IndicatorMode.CUMULATIVE:
                values[f"r{row.indicator_id}"] = row.value
    return values


@dataclass(frozen=True)
class PreviousPublication:
    """What was last published of a task before a period; all of it empty if nothing was."""

    publication: Publication | None = None
    chips: dict[int, Chip] = field(default_factory=dict)
    # indicator id -> value
    values: dict[int, Decimal] = field(default_factory=dict)
    # Every other quarter, oldest first.
    others: list[tuple[Publication, Chip]] = field(default_factory=list)


def published_before(task: Task, period: ReportingPeriod) -> PreviousPublication:
    """The publication of the latest quarter before this one. Three queries at most."""
    rows = (
        Publication.objects.current()
        .filter(task=task, period__kind=PeriodKind.QUARTER)
        .exclude(period=period)
    )
    published = list(
        rows.select_related("period").defer("content").order_by("period__year", "period__index")
    )
    for row in published:
        row.task = task
    others = [(row, headline_chip(row)) for row in published]
    before = [
        row
        for row in published
        if (row.period.year, row.period.index) < (period.year, period.index)
    ]
    if not before:
        return PreviousPublication(others=others)
    latest = before[-1]
    prefetch_related_objects([latest], "findings", "readings")
    chips = {row.commitment_id: finding_chip(latest, row) for row in latest.findings.all()}
    return PreviousPublication(
        latest, chips, {row.indicator_id: row.value for row in latest.readings.all()}, others
    )
