"""Earlier statements about a task: the unit's own, to start from, and the published ones."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import prefetch_related_objects

from common.ui.chips import Chip
from departments.models import Department
from progress.choices import PeriodKind
from progress.models import Contribution, ProgressReport, ReportingPeriod
from progress.requirements.report import ReportRequirements
from public.read_models.plan_snapshot import quarter_of
from publishing.models import Publication
from publishing.read_models.commitment_status import finding_chip
from publishing.read_models.public_status import headline_chip
from tasks.choices import IndicatorMode
from tasks.models import Task


def earlier_part(requirements: ReportRequirements, department: Department) -> Contribution | None:
    """The unit's part of its latest earlier report; None once it has begun this quarter's."""
    if department.pk in requirements.contributions:
        return None
    parts = (
        part
        for report in _submitted_before(requirements)
        for part in report.contributions.all()
        if part.department_id == department.pk
    )
    return next(parts, None)


def _submitted_before(requirements: ReportRequirements) -> list[ProgressReport]:
    """The submitted reports of earlier periods of the same kind, newest first."""
    kind = requirements.period.kind
    submitted = [row for row in reversed(requirements.before) if row.is_handed_in]
    return [row for row in submitted if row.period.kind == kind]


def offered(requirements: ReportRequirements, part: Contribution) -> dict[str, object]:
    """Field name -> value of the earlier part, for what nobody has answered in this quarter yet.

    Figures only of indicators that are counted cumulatively.
    """
    return {
        "narrative": part.narrative,
        **_offered_notes(requirements, part),
        **_offered_numbers(requirements, part),
    }


def _offered_notes(requirements: ReportRequirements, part: Contribution) -> dict[str, object]:
    required = {question.commitment.pk for question in requirements.required_commitments}
    unanswered = required - requirements.findings.keys()
    return {
        f"n{row.commitment_id}": row.note
        for row in part.findings.all()
        if row.commitment_id in unanswered
    }


def _offered_numbers(requirements: ReportRequirements, part: Contribution) -> dict[str, object]:
    modes = {number.indicator.pk: number.indicator.mode for number in requirements.numbers}
    unanswered = modes.keys() - requirements.readings.keys()
    values: dict[str, object] = {}
    for row in part.readings.all():
        if row.indicator_id in unanswered:
            values[f"t{row.indicator_id}"] = row.note
            if modes[row.indicator_id] == IndicatorMode.CUMULATIVE:
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
    published = _published_quarters(task, period)
    others = [(row, headline_chip(row)) for row in published]
    before = [row for row in published if quarter_of(row.period) < quarter_of(period)]
    if not before:
        return PreviousPublication(others=others)
    latest = before[-1]
    prefetch_related_objects([latest], "findings", "readings")
    chips = {row.commitment_id: finding_chip(latest, row) for row in latest.findings.all()}
    values = {row.indicator_id: row.value for row in latest.readings.all()}
    return PreviousPublication(latest, chips, values, others)


def _published_quarters(task: Task, period: ReportingPeriod) -> list[Publication]:
    """What is published of the task in every other quarter, oldest first."""
    rows = Publication.objects.current().filter(task=task, period__kind=PeriodKind.QUARTER)
    rows = rows.exclude(period=period).select_related("period").defer("content")
    published = list(rows.order_by("period__year", "period__index"))
    for row in published:
        row.task = task
    return published
