"""A publication with its rows before it is saved, and its content as plain data."""

from dataclasses import dataclass, field
from typing import Any

from common.text.canonical import canonical, digest, instant
from common.text.wording import number
from publishing.models import Publication, PublishedFinding, PublishedReading

# The columns of a publication that its content repeats as they are.
COLUMNS = (
    "revision",
    "headline",
    "self_pace",
    "assessment_pace",
    "timing",
    "trajectory",
    "reporting",
    "extended_to",
    "data_date",
    "assessed_how",
    "confidence",
    "assessment_note",
    "assessor_unit",
    "withheld_basis",
    "reason_class",
    "reason",
    "corrected_by",
    "definitions",
    "demonstration",
)


@dataclass
class PublicationDraft:
    """The publication of one task in one period with its rows, not saved yet."""

    publication: Publication
    findings: list[PublishedFinding] = field(default_factory=list)
    readings: list[PublishedReading] = field(default_factory=list)
    narratives: list[dict[str, str]] = field(default_factory=list)
    units: list[dict[str, str]] = field(default_factory=list)

    def seal(self) -> None:
        """Writes the content and its digest from the columns, so that they cannot differ."""
        self.publication.content = canonical(content_of(self))
        self.publication.sha256 = digest(self.publication.content)

    def attach_rows(self) -> None:
        """Makes its findings and readings rows of the publication, once that is saved."""
        for finding in self.findings:
            finding.publication = self.publication
        for reading in self.readings:
            reading.publication = self.publication


def content_of(draft: PublicationDraft) -> dict[str, Any]:
    """The publication as plain data, from which the content and its digest are made."""
    row = draft.publication
    period = {
        "label": row.period.label,
        "year": row.period.year,
        "index": row.period.index,
        "kind": row.period.kind,
        "due_on": row.period.due_on,
    }
    return {name: getattr(row, name) for name in COLUMNS} | {
        "plan": {"slug": row.period.plan.slug, "title": row.period.plan.title},
        "task": {"code": row.task.code, "number": row.task.number, "title": row.task.title},
        "period": period,
        "units": draft.units,
        "narratives": draft.narratives,
        "silent_units": row.silent_unit_names,
        "first_filed_at": instant(row.first_filed_at) if row.first_filed_at else None,
        "published_at": instant(row.published_at),
        "findings": [_finding_content(finding) for finding in draft.findings],
        "readings": [_reading_content(reading) for reading in draft.readings],
    }


def _finding_content(finding: PublishedFinding) -> dict[str, Any]:
    names = ("self_pace", "assessment_pace", "note", "assessment_note", "by_default")
    commitment = {"order": finding.commitment.order, "text": finding.commitment.text}
    return commitment | {name: getattr(finding, name) for name in names}


def _reading_content(reading: PublishedReading) -> dict[str, Any]:
    numbers = {name: getattr(reading, name) for name in ("value", "target", "target_max")}
    return {name: None if value is None else number(value) for name, value in numbers.items()} | {
        "name": reading.indicator.name,
        "unit": reading.indicator.unit,
        "target_direction": reading.target_direction,
        "target_basis": reading.target_basis,
        "trajectory": reading.trajectory,
        "note": reading.note,
    }
