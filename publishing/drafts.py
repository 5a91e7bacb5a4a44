"""Drafts of publications: what a report, or its absence, will look like to the public.

Reads rows and writes none; the actions of this room save the drafts.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from common.text.canonical import canonical, digest, instant
from common.text.wording import number
from common.time.days import local_day
from departments.models import Department
from progress.choices import FILED, Pace, PeriodState, Reporting, State
from progress.definitions import VERSION
from progress.models import Assessment, ReportingPeriod
from progress.requirements.deadlines import Deadline
from progress.requirements.items import due_day
from progress.requirements.report import ReportRequirements, requirements_for, requirements_for_all
from progress.rules import verdicts
from publishing.models import Publication, PublishedFinding, PublishedReading
from tasks.choices import ChangeKind, ResponsibilityBasis
from tasks.models import ChangeRequest, Task

# Stands in place of the name of a unit that is proposed, not confirmed.
UNCONFIRMED_UNIT = "责任单位（待确认）"


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


def draft_of(
    task: Task, period: ReportingPeriod, *, at: datetime, withheld: str = ""
) -> PublicationDraft:
    """The draft of one task, from its report as it is at the moment `at`.

    `withheld` is the legal basis by which the content is kept back; empty when it is published.
    """
    return draft_from(requirements_for(task, period), at=at, withheld=withheld)


def drafts_of(
    period: ReportingPeriod, *, at: datetime, withheld: dict[int, str]
) -> list[PublicationDraft]:
    """The drafts of all tasks of the period's plan, in the order of the plan.

    `withheld` maps a task id to the legal basis by which that task is kept back. The number of
    queries does not grow with the tasks.
    """
    tasks = period.plan.tasks.order_by("number")
    requirements_list = requirements_for_all((task, period) for task in tasks)
    return [
        draft_from(requirements, at=at, withheld=withheld.get(requirements.task.pk, ""))
        for requirements in requirements_list
    ]


def draft_from(
    requirements: ReportRequirements, *, at: datetime, withheld: str = ""
) -> PublicationDraft:
    """The draft of one task from report requirements that are loaded already. No query.

    `withheld` is the legal basis by which the content is kept back; empty when it is published.
    """
    status = requirements.report.status if requirements.report else ""
    if status in FILED and not withheld:
        return _draft_with_report(requirements, at=at)
    if requirements.closing and not withheld:
        publication = _closed_publication(requirements, requirements.closing, at=at)
        return PublicationDraft(publication, units=_responsible_units(requirements))
    headline = verdicts.headline(
        self_pace="",
        assessment_pace="",
        returned=requirements.report is not None and requirements.report.answers_a_return,
        withheld=bool(withheld),
        extended=requirements.deadline.is_extended(local_day(at)),
    )
    publication = _publication_without_content(
        requirements, at=at, headline=headline, withheld_basis=withheld
    )
    return PublicationDraft(publication, units=_responsible_units(requirements))


def _publication_without_content(
    requirements: ReportRequirements, *, at: datetime, headline: str, withheld_basis: str = ""
) -> Publication:
    """The columns that every publication has, also without a report that may be shown."""
    report = requirements.report
    filed_at = report.first_submitted_at if report else None
    return Publication(
        task=requirements.task,
        period=requirements.period,
        report=report,
        headline=headline,
        withheld_basis=withheld_basis,
        trajectory=verdicts.worst([]),
        reporting=reporting_of(requirements.deadline, filed_at=filed_at, today=local_day(at)),
        extended_to=requirements.due_on if requirements.deadline.extension else None,
        first_filed_at=filed_at,
        data_date=requirements.period.last_day,
        definitions=VERSION,
        demonstration=requirements.period.demonstration,
    )


def _closed_publication(
    requirements: ReportRequirements, closing: ChangeRequest, *, at: datetime
) -> Publication:
    """The publication of a task that had ended before the period began.

    Its state is not 未报送, because no report was required.
    """
    headline = State.ENDED if closing.kind == ChangeKind.END else State.SUCCEEDED
    publication = _publication_without_content(requirements, at=at, headline=headline)
    publication.reporting = Reporting.NOT_ASKED
    return publication


def _draft_with_report(requirements: ReportRequirements, *, at: datetime) -> PublicationDraft:
    assessment = requirements.verdict
    findings = _published_findings(requirements, assessment)
    readings = _published_readings(requirements)
    self_pace, assessment_pace = requirements.report.pace, assessment.pace if assessment else ""
    headline = verdicts.headline(self_pace=self_pace, assessment_pace=assessment_pace)
    publication = _publication_without_content(requirements, at=at, headline=headline)
    publication.self_pace, publication.assessment_pace = self_pace, assessment_pace
    publication.trajectory = verdicts.worst(reading.trajectory for reading in readings)
    publication.timing = _task_timing(
        requirements, {finding.commitment_id: finding.pace for finding in findings}
    )
    narratives = [
        {
            "unit": _narrator_name(requirements, contribution.department),
            "text": contribution.narrative,
        }
        for contribution in requirements.contributions.values()
        if contribution.narrative.strip()
    ]
    publication.narrative = _join_narratives(narratives)
    if assessment:
        publication.assessed_how, publication.confidence = assessment.how, assessment.confidence
        publication.assessment_note, publication.assessor_unit = (
            assessment.note,
            assessment.unit.short_name,
        )
    return PublicationDraft(
        publication, findings, readings, narratives, _responsible_units(requirements)
    )


def _narrator_name(requirements: ReportRequirements, unit: Department) -> str:
    """The public name of the unit that wrote a narrative.

    A unit whose responsibility is only proposed keeps that label, also where it has reported.
    """
    for responsibility in requirements.responsibilities:
        if responsibility.department_id == unit.pk:
            return public_unit_name(
                unit, responsibility.basis, demonstration=requirements.period.demonstration
            )
    return unit.short_name


def public_unit_name(unit: Department, basis: str, *, demonstration: bool) -> str:
    """The name under which the public may read a responsible unit.

    `basis` is the basis of its responsibility. A unit that is only proposed is named, with the
    label of that basis, in the demonstration; otherwise a placeholder stands in its place.
    """
    if basis != ResponsibilityBasis.PROPOSED:
        return unit.short_name
    return (
        f"{unit.short_name}（{ResponsibilityBasis.PROPOSED.label}）"
        if demonstration
        else UNCONFIRMED_UNIT
    )


def _join_narratives(narratives: list[dict[str, str]]) -> str:
    """The narratives as one text; with several units each part begins with its unit's name."""
    if len(narratives) == 1:
        return narratives[0]["text"]
    return "\n\n".join(f"{narrative['unit']}：{narrative['text']}" for narrative in narratives)


def _published_findings(
    requirements: ReportRequirements, assessment: Assessment | None
) -> list[PublishedFinding]:
    """The commitments' verdicts as they will be published.

    An assessment confirms the unit's own verdict on a commitment, unless the supervisor gave
    another one.
    """
    assessed_findings = (
        {row.finding_id: row for row in assessment.findings.all()} if assessment else {}
    )
    commitments = {commitment.pk: commitment for commitment in requirements.task.commitments.all()}
    published = []
    for finding in requirements.findings.values():
        assessed = assessed_findings.get(finding.pk)
        published.append(
            PublishedFinding(
                commitment=commitments[finding.commitment_id],
                self_pace=finding.pace,
                assessment_pace=(assessed.pace if assessed else finding.pace) if assessment else "",
                note=finding.note,
                assessment_note=assessed.note if assessed else "",
                by_default=finding.by_default,
            )
        )
    return published


def _published_readings(requirements: ReportRequirements) -> list[PublishedReading]:
    return [
        PublishedReading(
            indicator=number.indicator,
            value=requirements.readings[number.indicator.pk].value,
            note=requirements.readings[number.indicator.pk].note,
            target=number.aim.value if number.aim else None,
            target_max=number.aim.value_max if number.aim else None,
            target_direction=number.aim.direction if number.aim else "",
            target_basis=number.basis,
            trajectory=requirements.trajectory_of(number),
        )
        for number in requirements.numbers
        if number.indicator.pk in requirements.readings
    ]


def _responsible_units(requirements: ReportRequirements) -> list[dict[str, str]]:
    """The responsible units under their names of today, each with the label of its basis.

    A unit that is only proposed is listed in the demonstration and nowhere else.
    """
    return [
        {
            "name": responsibility.department.short_name,
            "kind": responsibility.get_kind_display(),
            "basis": responsibility.get_basis_display(),
        }
        for responsibility in requirements.responsibilities
        if responsibility.basis != ResponsibilityBasis.PROPOSED or requirements.period.demonstration
    ]


def _task_timing(requirements: ReportRequirements, paces: dict[int, str]) -> str:
    """Whether the required commitments were kept in time, at the end of the period's last day.

    `paces` maps a commitment id to its published pace. A commitment without a day or a quarter
    is due at the end of the plan.
    """
    today = requirements.period.last_day + timedelta(days=1)
    commitments = requirements.commitments
    return verdicts.task_timing(
        verdicts.timing(
            due_day(commitment, requirements.period),
            done=paces.get(commitment.pk) == Pace.DONE,
            today=today,
        )
        for commitment in commitments
    )


def reporting_of(deadline: Deadline, *, filed_at: datetime | None, today: date) -> Reporting:
    """Whether the report was filed in time, measured against the deadline that holds for the task.

    A period that was closed early does not cut short an extension that was granted.
    """
    period = deadline.period
    facts = verdicts.PeriodFacts(
        collected=period.plan.tracks(period.last_day),
        opened=period.state != PeriodState.SCHEDULED,
        closed=period.state in {PeriodState.CLOSED, PeriodState.RELEASED}
        and deadline.extension is None,
        retroactive=period.retroactive,
        due_on=deadline.due_on,
    )
    return verdicts.reporting(
        facts, filed_on=local_day(filed_at) if filed_at else None, today=today
    )


def content_of(draft: PublicationDraft) -> dict[str, Any]:
    """The publication as plain data, from which the content and its digest are made."""
    row = draft.publication
    columns = (
        "revision",
        "headline",
        "self_pace",
        "assessment_pace",
        "timing",
        "trajectory",
        "reporting",
    )
    columns += (
        "extended_to",
        "data_date",
        "assessed_how",
        "confidence",
        "assessment_note",
        "assessor_unit",
        "withheld_basis",
    )
    columns += ("reason_class", "reason", "corrected_by", "definitions", "demonstration")
    period = {
        "label": row.period.label,
        "year": row.period.year,
        "index": row.period.index,
        "kind": row.period.kind,
    }
    period["due_on"] = row.period.due_on
    return {name: getattr(row, name) for name in columns} | {
        "plan": {"slug": row.period.plan.slug, "title": row.period.plan.title},
        "task": {"code": row.task.code, "number": row.task.number, "title": row.task.title},
        "period": period,
        "units": draft.units,
        "narratives": draft.narratives,
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
