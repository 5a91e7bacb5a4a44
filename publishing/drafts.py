"""From a report (or its absence) to the frozen lines the public reads. Reads rows, writes none."""

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

UNCONFIRMED = "责任单位（待确认）"


@dataclass
class PublicationDraft:
    """One task of one period, ready to be published."""

    publication: Publication
    findings: list[PublishedFinding] = field(default_factory=list)
    readings: list[PublishedReading] = field(default_factory=list)
    narratives: list[dict[str, str]] = field(default_factory=list)
    units: list[dict[str, str]] = field(default_factory=list)

    def seal(self) -> None:
        """Writes the downloadable content and its digest from the columns, so that the two cannot differ."""
        self.publication.content = canonical(content_of(self))
        self.publication.sha256 = digest(self.publication.content)


def draft_of(task: Task, period: ReportingPeriod, *, at: datetime, withheld: str = "") -> PublicationDraft:
    """What the public will read of this task, from how its report stands now. `withheld` is a legal basis."""
    return draft_from(requirements_for(task, period), at=at, withheld=withheld)


def drafts_of(period: ReportingPeriod, *, at: datetime, withheld: dict[int, str]) -> list[PublicationDraft]:
    """The same of every task of the plan, in its order and in a constant number of queries."""
    tasks = period.plan.tasks.order_by("number")
    requirements_list = requirements_for_all((task, period) for task in tasks)
    return [
        draft_from(requirements, at=at, withheld=withheld.get(requirements.task.pk, ""))
        for requirements in requirements_list
    ]


def draft_from(requirements: ReportRequirements, *, at: datetime, withheld: str = "") -> PublicationDraft:
    """The same of a sheet at hand; no query."""
    status = requirements.report.status if requirements.report else ""
    if status in FILED and not withheld:
        return _full(requirements, at=at)
    if requirements.closing and not withheld:
        return PublicationDraft(_ended(requirements, requirements.closing, at=at), units=_units(requirements))
    headline = verdicts.headline(
        self_pace="",
        assessment_pace="",
        returned=requirements.report is not None and requirements.report.answers_a_return,
        withheld=bool(withheld),
        extended=requirements.deadline.is_extended(local_day(at)),
    )
    return PublicationDraft(
        _bare(requirements, at=at, headline=headline, withheld_basis=withheld), units=_units(requirements)
    )


def _bare(requirements: ReportRequirements, *, at: datetime, headline: str, withheld_basis: str = "") -> Publication:
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


def _ended(requirements: ReportRequirements, closing: ChangeRequest, *, at: datetime) -> Publication:
    """Not 未报送: nothing was asked of a task that had ended before the quarter began."""
    ended = closing.kind == ChangeKind.END
    publication = _bare(requirements, at=at, headline=State.ENDED if ended else State.SUCCEEDED)
    publication.reporting = Reporting.NOT_ASKED
    return publication


def _full(requirements: ReportRequirements, *, at: datetime) -> PublicationDraft:
    assessment = requirements.verdict
    findings = _findings(requirements, assessment)
    readings = _readings(requirements)
    self_pace, assessed = requirements.report.pace, assessment.pace if assessment else ""
    publication = _bare(requirements, at=at, headline=verdicts.headline(self_pace=self_pace, assessment_pace=assessed))
    publication.self_pace, publication.assessment_pace = self_pace, assessed
    publication.trajectory = verdicts.worst(reading.trajectory for reading in readings)
    publication.timing = _timing(requirements, {finding.commitment_id: finding.pace for finding in findings})
    narratives = [
        {"unit": _speaker(requirements, contribution.department), "text": contribution.narrative}
        for contribution in requirements.contributions.values()
        if contribution.narrative.strip()
    ]
    publication.narrative = _joined(narratives)
    if assessment:
        publication.assessed_how, publication.confidence = assessment.how, assessment.confidence
        publication.assessment_note, publication.assessor_unit = assessment.note, assessment.unit.short_name
    return PublicationDraft(publication, findings, readings, narratives, _units(requirements))


def _speaker(requirements: ReportRequirements, unit: Department) -> str:
    """Who says it, for the public. Words do not make a unit responsible that nobody confirmed, nor drop its label."""
    for row in requirements.responsibilities:
        if row.department_id == unit.pk:
            return named(unit, row.basis, demonstration=requirements.period.demonstration)
    return unit.short_name


def named(unit: Department, basis: str, *, demonstration: bool) -> str:
    """A responsible unit as the public may read it."""
    if basis != ResponsibilityBasis.PROPOSED:
        return unit.short_name
    return f"{unit.short_name}（{ResponsibilityBasis.PROPOSED.label}）" if demonstration else UNCONFIRMED


def _joined(narratives: list[dict[str, str]]) -> str:
    if len(narratives) == 1:
        return narratives[0]["text"]
    return "\n\n".join(f"{part['unit']}：{part['text']}" for part in narratives)


def _findings(requirements: ReportRequirements, assessment: Assessment | None) -> list[PublishedFinding]:
    """A verified report confirms the unit's single verdicts, except where the supervisor says otherwise."""
    other = {row.finding_id: row for row in assessment.findings.all()} if assessment else {}
    commitments = {commitment.pk: commitment for commitment in requirements.task.commitments.all()}
    found = []
    for finding in requirements.findings.values():
        assessed = other.get(finding.pk)
        found.append(
            PublishedFinding(
                commitment=commitments[finding.commitment_id],
                self_pace=finding.pace,
                assessment_pace=(assessed.pace if assessed else finding.pace) if assessment else "",
                note=finding.note,
                assessment_note=assessed.note if assessed else "",
                by_default=finding.by_default,
            )
        )
    return found


def _readings(requirements: ReportRequirements) -> list[PublishedReading]:
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


def _units(requirements: ReportRequirements) -> list[dict[str, str]]:
    """Names of the day. An owner nobody confirmed is named in the demonstration only, with its label."""
    return [
        {
            "name": responsibility.department.short_name,
            "kind": responsibility.get_kind_display(),
            "basis": responsibility.get_basis_display(),
        }
        for responsibility in requirements.responsibilities
        if responsibility.basis != ResponsibilityBasis.PROPOSED or requirements.period.demonstration
    ]


def _timing(requirements: ReportRequirements, paces: dict[int, str]) -> str:
    """Timing at the end of the data day, over what was asked; the whole year's promises stand against its end."""
    today = requirements.period.last_day + timedelta(days=1)
    asked = requirements.commitments
    return verdicts.task_timing(
        verdicts.timing(
            due_day(commitment, requirements.period), done=paces.get(commitment.pk) == Pace.DONE, today=today
        )
        for commitment in asked
    )


def reporting_of(deadline: Deadline, *, filed_at: datetime | None, today: date) -> Reporting:
    """Against the day that holds for the task; a period closed early does not cut short what was granted."""
    period = deadline.period
    facts = verdicts.PeriodFacts(
        collected=period.plan.tracks(period.last_day),
        opened=period.state != PeriodState.SCHEDULED,
        closed=period.state in {PeriodState.CLOSED, PeriodState.RELEASED} and deadline.extension is None,
        retroactive=period.retroactive,
        due_on=deadline.due_on,
    )
    return verdicts.reporting(facts, filed_on=local_day(filed_at) if filed_at else None, today=today)


def content_of(line: PublicationDraft) -> dict[str, Any]:
    """The publication as data: what a stranger downloads and hashes."""
    row = line.publication
    columns = ("revision", "headline", "self_pace", "assessment_pace", "timing", "trajectory", "reporting")
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
    period = {"label": row.period.label, "year": row.period.year, "index": row.period.index, "kind": row.period.kind}
    period["due_on"] = row.period.due_on
    return {name: getattr(row, name) for name in columns} | {
        "plan": {"slug": row.period.plan.slug, "title": row.period.plan.title},
        "task": {"code": row.task.code, "number": row.task.number, "title": row.task.title},
        "period": period,
        "units": line.units,
        "narratives": line.narratives,
        "first_filed_at": instant(row.first_filed_at) if row.first_filed_at else None,
        "published_at": instant(row.published_at),
        "findings": [_finding_content(finding) for finding in line.findings],
        "readings": [_reading_content(reading) for reading in line.readings],
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
