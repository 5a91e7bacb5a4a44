"""A report as filed, for display: on the unit's own page and on the supervisor's review page."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from common.text.wording import number as number_in_words
from common.ui.chips import Chip, Tone
from departments.models import Department
from progress.choices import ReportStatus, TargetBasis, Trajectory, tone_of
from progress.models import Contribution, Evidence, Finding, ProgressReport, Reading
from progress.read_models.chips import pace_chip
from progress.requirements.items import RequiredNumber, aim_of, annual_target
from progress.requirements.report import ReportRequirements
from progress.rules.verdicts import Aim
from tasks.choices import TargetDirection
from tasks.models import Commitment, Indicator, Responsibility

STATUS_TONES: dict[str, Tone] = {
    ReportStatus.SUBMITTED: Tone.COURSE,
    ReportStatus.RETURNED: Tone.BEHIND,
    ReportStatus.VERIFIED: Tone.DONE,
    ReportStatus.RELEASED: Tone.DONE,
}


@dataclass(frozen=True)
class FiledFinding:
    """One commitment with the unit's self-assessment of it."""

    commitment: Commitment
    finding: Finding
    chip: Chip


@dataclass(frozen=True)
class FiledNumber:
    """One indicator with the value filed, or None, and how it compares with its target."""

    indicator: Indicator
    value: Decimal | None
    target: Decimal | None
    target_max: Decimal | None
    words: str
    tone: Tone
    note: str
    # Where the target comes from, if the document does not print it.
    basis: str


@dataclass(frozen=True)
class FiledPart:
    """One responsible unit and its part so far; `silent`: not the lead, and nothing filed yet."""

    department: Department
    kind: str
    basis: str
    leads: bool
    silent: bool
    contribution: Contribution | None
    evidence: list[Evidence]
    answers: int

    @property
    def name_and_kind(self) -> str:
        """The unit as the printed form names it: what it answers as, and whether it is silent."""
        silent = "，未交本单位部分" if self.silent else ""
        return f"{self.department.full_name}（{self.kind}{silent}）"


@dataclass(frozen=True)
class FiledReport:
    """A report as filed, ready for display."""

    status: Chip
    pace: Chip | None
    findings: list[FiledFinding]
    numbers: list[FiledNumber]
    parts: list[FiledPart]
    contradictions: list[str]

    @property
    def silent(self) -> list[FiledPart]:
        """未交本单位部分: the supporting units that have filed nothing yet."""
        return [part for part in self.parts if part.silent]

    @property
    def evidence(self) -> list[Evidence]:
        """The files of all units."""
        return [file for part in self.parts for file in part.evidence]


def filed_report(
    requirements: ReportRequirements, before: dict[int, Decimal] | None = None
) -> FiledReport:
    """The report of these requirements for display; makes no query.

    `before`: indicator id -> the value last published.
    """
    demo, report = requirements.period.demonstration, requirements.report
    published = before or {}
    return FiledReport(
        status=status_chip(report, demo=demo),
        pace=self_assessment_chip(report) if report else None,
        findings=_filed_findings(requirements),
        numbers=[
            _build_number(requirements, number, published.get(number.indicator.pk))
            for number in requirements.numbers
        ],
        parts=_build_parts(requirements),
        contradictions=requirements.contradictions() if report and requirements.pace else [],
    )


def _filed_findings(requirements: ReportRequirements) -> list[FiledFinding]:
    demo, findings = requirements.period.demonstration, requirements.findings
    return [
        FiledFinding(commitment, finding, pace_chip(finding.pace, demo=demo))
        for commitment in requirements.task.commitments.all()
        if (finding := findings.get(commitment.pk))
    ]


@dataclass(frozen=True)
class FormLine:
    """One commitment on the printed form; without a finding it is not answered yet."""

    text: str
    finding: Finding | None


def form_lines(requirements: ReportRequirements) -> list[FormLine]:
    """Every commitment to be answered this quarter, in the order of the document.

    With the wording the unit answered, where it did.
    """
    findings = requirements.findings
    to_answer = {commitment.pk for commitment in requirements.commitments} | findings.keys()
    return [
        _form_line(commitment, findings.get(commitment.pk))
        for commitment in requirements.task.commitments.all()
        if commitment.pk in to_answer
    ]


def _form_line(commitment: Commitment, finding: Finding | None) -> FormLine:
    return FormLine(finding.wording_as_filed if finding else commitment.text, finding)


def status_chip(report: ProgressReport | None, *, demo: bool) -> Chip:
    """The chip of a report's status; 未开始 where there is no report yet."""
    if report is None:
        return Chip("未开始", Tone.QUIET, demo=demo)
    return Chip(
        str(report.get_status_display()), STATUS_TONES.get(report.status, Tone.QUIET), demo=demo
    )


def self_assessment_chip(report: ProgressReport) -> Chip | None:
    """The chip of the unit's overall self-assessment; None where there is none yet."""
    return pace_chip(report.pace, demo=report.period.demonstration) if report.pace else None


def _build_number(
    requirements: ReportRequirements, number: RequiredNumber, before: Decimal | None
) -> FiledNumber:
    trajectory = requirements.trajectory_of(number)
    reading = requirements.readings.get(number.indicator.pk)
    aim = _displayed_aim(number, requirements.period.year)
    return FiledNumber(
        indicator=number.indicator,
        value=reading.value if reading else None,
        target=aim.value if aim else None,
        target_max=aim.value_max if aim else None,
        words=_words_before(number, aim) if aim else "",
        tone=tone_of(trajectory) if trajectory != Trajectory.UNKNOWN else Tone.COURSE,
        note=_number_note(trajectory, reading, before),
        basis=str(TargetBasis.BREAKDOWN.label) if number.node else "",
    )


def _number_note(trajectory: str, reading: Reading | None, before: Decimal | None) -> str:
    notes = [str(Trajectory(trajectory).label), reading.note] if reading else []
    notes += [f"上次公布 {number_in_words(before)}"] if before is not None else []
    return " · ".join(filter(None, notes))


def _displayed_aim(number: RequiredNumber, year: int) -> Aim | None:
    """What is expected of the quarter, or else of the year."""
    annual = annual_target(number.indicator, year)
    return number.aim or (aim_of(annual) if annual else None)


def _words_before(number: RequiredNumber, aim: Aim) -> str:
    """What stands before a target; a year's is named, lest one quarter's number be taken for it."""
    direction = TargetDirection(aim.direction).before(aim.value, number.indicator.unit)
    return direction if number.aim else f"全年{direction}"


def _build_parts(requirements: ReportRequirements) -> list[FiledPart]:
    rows: list[Finding | Reading] = [
        *requirements.findings.values(),
        *requirements.readings.values(),
    ]
    answers = Counter(row.contribution_id for row in rows)
    silent = requirements.silent
    return [
        _build_part(requirements, row, answers, silent=row in silent)
        for row in requirements.responsibilities
    ]


def _build_part(
    requirements: ReportRequirements,
    responsibility: Responsibility,
    answers: Counter[int],
    *,
    silent: bool,
) -> FiledPart:
    """`answers`: contribution id -> how many findings and readings it holds."""
    contribution = requirements.contributions.get(responsibility.department_id)
    return FiledPart(
        department=responsibility.department,
        kind=responsibility.get_kind_display(),
        basis=responsibility.get_basis_display(),
        leads=responsibility is requirements.lead,
        silent=silent,
        contribution=contribution,
        evidence=list(contribution.evidence.all()) if contribution else [],
        answers=answers[contribution.pk] if contribution else 0,
    )
