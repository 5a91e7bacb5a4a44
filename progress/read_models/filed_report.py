"""A report as filed, for people to read: the unit's own page and the middle of the review desk."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from common.text.wording import number as number_in_words
from common.ui.chips import Chip, Tone
from departments.models import Department
from progress.choices import ReportStatus, TargetBasis, Trajectory, tone_of
from progress.models import Contribution, Evidence, Finding, ProgressReport
from progress.read_models.chips import pace_chip
from progress.requirements.items import RequiredNumber, aim_of, annual_target
from progress.requirements.report import ReportRequirements
from tasks.choices import TargetDirection
from tasks.models import Commitment, Indicator

STATUS_TONES = {
    ReportStatus.SUBMITTED: Tone.COURSE,
    ReportStatus.RETURNED: Tone.BEHIND,
    ReportStatus.VERIFIED: Tone.DONE,
    ReportStatus.RELEASED: Tone.DONE,
}


@dataclass(frozen=True)
class FiledFinding:
    commitment: Commitment
    finding: Finding
    chip: Chip


@dataclass(frozen=True)
class FiledNumber:
    """A reading or its absence, with words for where it stands."""

    indicator: Indicator
    value: Decimal | None
    target: Decimal | None
    target_max: Decimal | None
    words: str
    tone: Tone
    note: str
    # Where the value of the quarter is not the document's.
    basis: str


@dataclass(frozen=True)
class FiledPart:
    """What one unit of a joint item has done so far; `silent`: nothing, and it is not the lead."""

    department: Department
    kind: str
    basis: str
    leads: bool
    silent: bool
    contribution: Contribution | None
    evidence: list[Evidence]
    answers: int


@dataclass(frozen=True)
class Filed:
    status: Chip
    pace: Chip | None
    findings: list[FiledFinding]
    numbers: list[FiledNumber]
    parts: list[FiledPart]
    contradictions: list[str]

    @property
    def silent(self) -> list[FiledPart]:
        """未交本单位部分: the other units of a joint item that gave nothing."""
        return [part for part in self.parts if part.silent]

    @property
    def papers(self) -> list[Evidence]:
        return [paper for part in self.parts for paper in part.evidence]


def filed(requirements: ReportRequirements, before: dict[int, Decimal] | None = None) -> Filed:
    """No query beyond those that built the sheet. `before`: indicator id -> the value last published."""
    demo, report = requirements.period.demonstration, requirements.report
    said = [
        (c, requirements.findings[c.pk]) for c in requirements.task.commitments.all() if c.pk in requirements.findings
    ]
    return Filed(
        status=status_chip(report, demo=demo),
        pace=said_chip(report) if report else None,
        findings=[FiledFinding(c, finding, pace_chip(finding.pace, demo=demo)) for c, finding in said],
        numbers=[
            _number(requirements, number, (before or {}).get(number.indicator.pk)) for number in requirements.numbers
        ],
        parts=_parts(requirements),
        contradictions=requirements.contradictions() if report and requirements.pace else [],
    )


@dataclass(frozen=True)
class FormLine:
    """One promise on the printed form; without a finding its answer is still to be given."""

    text: str
    finding: Finding | None


def form_lines(requirements: ReportRequirements) -> list[FormLine]:
    """Every promise asked this quarter, in the order of the document, with the wording the unit answered."""
    asked = {question.commitment.pk for question in requirements.questions} | {
        commitment.pk for commitment in requirements.rest
    }
    rows = [c for c in requirements.task.commitments.all() if c.pk in asked or c.pk in requirements.findings]
    found = [(c, requirements.findings.get(c.pk)) for c in rows]
    return [FormLine(finding.wording_as_filed if finding else c.text, finding) for c, finding in found]


def status_chip(report: ProgressReport | None, *, demo: bool) -> Chip:
    if report is None:
        return Chip("未开始", Tone.QUIET, demo=demo)
    return Chip(str(report.get_status_display()), STATUS_TONES.get(report.status, Tone.QUIET), demo=demo)


def said_chip(report: ProgressReport) -> Chip | None:
    return pace_chip(report.pace, demo=report.period.demonstration) if report.pace else None


def _number(requirements: ReportRequirements, number: RequiredNumber, before: Decimal | None) -> FiledNumber:
    trajectory = requirements.trajectory_of(number)
    annual = annual_target(number.indicator, requirements.period.year)
    aim = number.aim or (aim_of(annual) if annual else None)
    reading = requirements.readings.get(number.indicator.pk)
    said = [str(Trajectory(trajectory).label), reading.note] if reading else []
    said += [f"上次公布 {number_in_words(before)}"] if before is not None else []
    return FiledNumber(
        indicator=number.indicator,
        value=reading.value if reading else None,
        target=aim.value if aim else None,
        target_max=aim.value_max if aim else None,
        words=str(TargetDirection(aim.direction).label) if aim else "",
        tone=tone_of(trajectory) if trajectory != Trajectory.UNKNOWN else Tone.COURSE,
        note=" · ".join(filter(None, said)),
        basis=str(TargetBasis.BREAKDOWN.label) if number.node else "",
    )


def _parts(requirements: ReportRequirements) -> list[FiledPart]:
    answers = defaultdict(int)
    for row in [*requirements.findings.values(), *requirements.readings.values()]:
        answers[row.contribution_id] += 1
    silent = requirements.silent
    return [_part(requirements, row, answers, silent=row in silent) for row in requirements.responsibilities]


def _part(requirements: ReportRequirements, responsibility, answers: dict[int, int], *, silent: bool) -> FiledPart:
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
