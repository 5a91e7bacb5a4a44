"""Drafts of publications: what a report, or its absence, will look like to the public.

Reads rows and writes none; the actions of this room save the drafts.
"""

from datetime import date, datetime, timedelta

from common.time.days import local_day
from departments.models import Department
from progress.choices import FILED, Pace, PeriodState, Reporting, State
from progress.definitions import VERSION
from progress.models import (
    AssessedFinding,
    Assessment,
    Finding,
    ProgressReport,
    Reading,
    ReportingPeriod,
)
from progress.requirements.items import RequiredNumber, due_day
from progress.requirements.loading import requirements_for, requirements_for_all
from progress.requirements.report import ReportRequirements
from progress.rules import verdicts
from publishing.content import PublicationDraft
from publishing.models import Publication, PublishedFinding, PublishedReading
from tasks.choices import ChangeKind, ResponsibilityBasis
from tasks.models import ChangeRequest, Commitment, Responsibility, Task

# Stands in place of the name of a unit that is proposed, not confirmed.
UNCONFIRMED_UNIT = "责任单位（待确认）"


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
    report = requirements.report
    if report and report.status in FILED and not withheld:
        return _draft_with_report(requirements, report, at=at)
    if requirements.closing and not withheld:
        publication = _closed_publication(requirements, requirements.closing, at=at)
    else:
        publication = _unreported_publication(requirements, at=at, withheld=withheld)
    return PublicationDraft(publication, units=_responsible_units(requirements))


def _unreported_publication(
    requirements: ReportRequirements, *, at: datetime, withheld: str
) -> Publication:
    """The publication that says why no report is shown."""
    headline = verdicts.headline(
        self_pace="",
        assessment_pace="",
        returned=_is_returned(requirements.report),
        withheld=bool(withheld),
        extended=requirements.deadline.is_extended(local_day(at)),
        reporting=reporting_of(requirements, today=local_day(at)),
    )
    return _publication_without_content(
        requirements, at=at, headline=headline, withheld_basis=withheld
    )


def _publication_without_content(
    requirements: ReportRequirements, *, at: datetime, headline: str, withheld_basis: str = ""
) -> Publication:
    """The columns that every publication has, also without a report that may be shown."""
    report, today = requirements.report, local_day(at)
    # What the unit took back counts as filed again once it is submitted again.
    handed_in = report if report and report.is_handed_in else None
    return Publication(
        task=requirements.task,
        period=requirements.period,
        report=report,
        headline=headline,
        withheld_basis=withheld_basis,
        trajectory=verdicts.worst([]),
        reporting=reporting_of(requirements, today=today),
        extended_to=requirements.due_on if requirements.deadline.extension else None,
        first_filed_at=handed_in.first_submitted_at if handed_in else None,
        data_date=data_day(requirements.period, today),
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


def _draft_with_report(
    requirements: ReportRequirements, report: ProgressReport, *, at: datetime
) -> PublicationDraft:
    assessment = requirements.verdict
    findings = _published_findings(requirements, assessment)
    readings = _published_readings(requirements)
    self_pace, assessment_pace = report.pace, assessment.pace if assessment else ""
    headline = verdicts.headline(self_pace=self_pace, assessment_pace=assessment_pace)
    publication = _publication_without_content(requirements, at=at, headline=headline)
    publication.self_pace, publication.assessment_pace = self_pace, assessment_pace
    publication.trajectory = verdicts.worst(reading.trajectory for reading in readings)
    publication.timing = _task_timing(
        requirements,
        {finding.commitment_id: finding.pace for finding in findings},
        publication.data_date,
    )
    narratives = _narratives(requirements)
    publication.narrative = join_narratives(narratives)
    publication.silent_units = "、".join(_silent_units(requirements))
    if assessment:
        publication.assessed_how, publication.confidence = assessment.how, assessment.confidence
        publication.assessment_note = assessment.note
        publication.assessor_unit = assessment.unit.short_name
    return PublicationDraft(
        publication, findings, readings, narratives, _responsible_units(requirements)
    )


def _narratives(requirements: ReportRequirements) -> list[dict[str, str]]:
    """What the units wrote, the lead unit first: the verdict quoted beside it is the lead's."""
    lead = requirements.lead.department_id if requirements.lead else None
    parts = requirements.contributions.values()
    return [
        {"unit": _narrator_name(requirements, part.department), "text": part.narrative}
        for part in sorted(parts, key=lambda part: part.department_id != lead)
        if part.narrative.strip()
    ]


def _silent_units(requirements: ReportRequirements) -> list[str]:
    """The public names of the partners who filed no part, each once; the lead is not among them."""
    names = [_public_name(requirements, row) for row in requirements.silent]
    return list(dict.fromkeys(names))


def _public_name(requirements: ReportRequirements, row: Responsibility) -> str:
    return public_unit_name(
        row.department, row.basis, demonstration=requirements.period.demonstration
    )


def _narrator_name(requirements: ReportRequirements, unit: Department) -> str:
    """The public name of the unit that wrote a narrative.

    A unit whose responsibility is only proposed keeps that label, also where it has reported.
    """
    for responsibility in requirements.responsibilities:
        if responsibility.department_id == unit.pk:
            return _public_name(requirements, responsibility)
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


def join_narratives(narratives: list[dict[str, str]]) -> str:
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
    rows = assessment.findings.all() if assessment else ()
    assessed = {row.finding_id: row for row in rows}
    commitments = {commitment.pk: commitment for commitment in requirements.task.commitments.all()}
    return [
        _published_finding(
            commitments[finding.commitment_id],
            finding,
            assessed.get(finding.pk),
            is_assessed=assessment is not None,
        )
        for finding in requirements.findings.values()
    ]


def _published_finding(
    commitment: Commitment,
    finding: Finding,
    assessed: AssessedFinding | None,
    *,
    is_assessed: bool,
) -> PublishedFinding:
    """`assessed`: the supervisor's verdict where it differs; `is_assessed`: the report has one."""
    assessment_pace = assessed.pace if assessed else finding.pace
    return PublishedFinding(
        commitment=commitment,
        self_pace=finding.pace,
        assessment_pace=assessment_pace if is_assessed else "",
        note=finding.note,
        assessment_note=assessed.note if assessed else "",
        by_default=finding.by_default,
    )


def _published_readings(requirements: ReportRequirements) -> list[PublishedReading]:
    return [
        _published_reading(number, reading, requirements.trajectory_of(number))
        for number in requirements.numbers
        if (reading := requirements.readings.get(number.indicator.pk))
    ]


def _published_reading(
    number: RequiredNumber, reading: Reading, trajectory: str
) -> PublishedReading:
    row = PublishedReading(
        indicator=number.indicator,
        value=reading.value,
        note=reading.note,
        target_basis=number.basis,
        trajectory=trajectory,
    )
    if aim := number.aim:
        row.target, row.target_max, row.target_direction = aim.value, aim.value_max, aim.direction
    return row


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


def data_day(period: ReportingPeriod, today: date) -> date:
    """The day up to which the data of a period reach: its last day, but never a day to come."""
    return min(period.last_day, today)


def _task_timing(requirements: ReportRequirements, paces: dict[int, str], day: date) -> str:
    """Whether the required commitments were kept in time, at the end of the data day `day`.

    `paces` maps a commitment id to its published pace. A commitment without a day or a quarter
    is due at the end of the plan.
    """
    today = day + timedelta(days=1)
    commitments = requirements.commitments
    return verdicts.task_timing(
        verdicts.timing(
            due_day(commitment, requirements.period),
            done=paces.get(commitment.pk) == Pace.DONE,
            today=today,
        )
        for commitment in commitments
    )


def _is_returned(report: ProgressReport | None) -> bool:
    """Whether it was sent back and has not come again since."""
    return report is not None and report.answers_a_return


def reporting_of(requirements: ReportRequirements, *, today: date) -> Reporting:
    """Whether the report was filed in time, measured against the deadline that holds for the task.

    A period that was closed early does not cut short an extension that was granted.
    """
    deadline, report = requirements.deadline, requirements.report
    period = deadline.period
    facts = verdicts.PeriodFacts(
        collected=period.plan.tracks(period.last_day),
        opened=period.state != PeriodState.SCHEDULED,
        closed_early=deadline.was_cut_short,
        retroactive=period.retroactive,
        due_on=deadline.due_on,
    )
    filed_at = report.first_submitted_at if report and report.status in FILED else None
    return verdicts.reporting(
        facts,
        filed_on=local_day(filed_at) if filed_at else None,
        today=today,
        returned=_is_returned(report),
    )
