"""What one report asks for, what is there already, and what is still missing: one list for form, page and action."""

from dataclasses import dataclass, field
from decimal import Decimal

from progress import verdicts
from progress.models import Contribution, Finding, Pace, ProgressReport, Reading, ReportingPeriod
from progress.models.axes import BEFORE_DUE, FLAGGED, WHEN_DUE
from tasks.models import Commitment, Indicator, Responsibility, Target, Task


@dataclass(frozen=True)
class Question:
    """One commitment asked one by one; `due` says which words fit."""

    commitment: Commitment
    due: bool
    flagged: bool

    @property
    def words(self) -> list[Pace]:
        return WHEN_DUE if self.due else BEFORE_DUE


@dataclass(frozen=True)
class Number:
    """One indicator asked for; `target` is the value printed for this quarter, or none."""

    indicator: Indicator
    target: Target | None
    required: bool

    @property
    def aim(self) -> verdicts.Aim | None:
        return aim_of(self.indicator, self.target)


def aim_of(indicator: Indicator, target: Target | None) -> verdicts.Aim | None:
    return verdicts.Aim(target.value, indicator.direction, target.value_max) if target else None


@dataclass
class Sheet:
    """A report as its people see it. Built by `sheet_of` in a constant number of queries."""

    task: Task
    period: ReportingPeriod
    report: ProgressReport | None
    responsibilities: list[Responsibility]
    questions: list[Question]
    rest: list[Commitment]
    numbers: list[Number]
    contributions: dict[int, Contribution] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)

    @property
    def lead(self) -> Responsibility | None:
        return acting_lead(self.responsibilities)

    @property
    def suggested_pace(self) -> str:
        return verdicts.overall(finding.pace for finding in self.findings.values())

    @property
    def slowest(self) -> str:
        return verdicts.worst(self.trajectory_of(number) for number in self.numbers)

    def trajectory_of(self, number: Number) -> str:
        reading = self.readings.get(number.indicator.pk)
        return verdicts.trajectory(reading.value if reading else None, number.aim)

    def ratio_of(self, commitment: Commitment) -> Decimal | None:
        """The weakest number that answers for this commitment this quarter."""
        ratios = [
            verdicts.ratio(self.readings[number.indicator.pk].value, number.aim)
            for number in self.numbers
            if number.target and number.target.commitment_id == commitment.pk and number.indicator.pk in self.readings
        ]
        return min((reached for reached in ratios if reached is not None), default=None)

    def contradictions(self) -> list[str]:
        said = [
            (question.commitment.text, self.findings[question.commitment.pk].pace, self.ratio_of(question.commitment))
            for question in self.questions
            if question.commitment.pk in self.findings
        ]
        return verdicts.contradictions(pace=self.report.pace, findings=said, slowest=self.slowest)

    def missing(self) -> list[str]:
        """What keeps the report from being submitted, as sentences; empty when it may go."""
        if self.lead is None:
            return ["这项任务还没有牵头单位,请督查室先指定。"]
        if self.report is None:
            return ["还没有填写。"]
        return [*self._missing_answers(), *self._missing_words()]

    def _missing_answers(self) -> list[str]:
        unanswered = [q for q in self.questions if q.commitment.pk not in self.findings]
        rest = [commitment for commitment in self.rest if commitment.pk not in self.findings]
        numbers = [n for n in self.numbers if n.required and n.indicator.pk not in self.readings]
        found = [f"请逐条自评:“{question.commitment.text}”" for question in unanswered]
        found += [f"请确认其余 {len(rest)} 项:正常推进。"] if rest else []
        return found + [f"请填写数据:{number.indicator.name}({number.indicator.unit})。" for number in numbers]

    def _missing_words(self) -> list[str]:
        report = self.report
        contribution = self.contributions.get(self.lead.department_id)
        narrated = contribution is not None and contribution.narrative.strip()
        overridden = report.pace and self.suggested_pace and report.pace != self.suggested_pace
        checks = [
            (narrated, "请填写进展情况、存在问题及下一步打算。"),
            (report.pace, "请选择总体进展。"),
            (report.pace != Pace.NO_PROGRESS or report.no_progress_reason, "本季无进展,请写明原因。"),
            (not overridden or report.pace_reason, "总体进展与逐条自评得出的不同,请写明理由。"),
        ]
        found = [sentence for holds, sentence in checks if not holds]
        if report.pace and not report.contradiction_reason:
            found += [f"{sentence},请写明原因。" for sentence in self.contradictions()]
        return found


def acting_lead(responsibilities: list[Responsibility]) -> Responsibility | None:
    """The unit that signs the whole: the lead, or the only unit the document names."""
    lead = next((r for r in responsibilities if r.kind == Responsibility.Kind.LEAD), None)
    return lead or (responsibilities[0] if len(responsibilities) == 1 else None)


def target_for(indicator: Indicator, period: ReportingPeriod) -> Target | None:
    """The value this quarter is held against: its own, or in the last quarter the year's."""
    targets = [t for t in indicator.targets.all() if t.valid_to is None and t.year == period.year]
    own = next((target for target in targets if target.quarter == period.index), None)
    if own or not period.is_last_of_plan or indicator.mode == Indicator.Mode.PER_QUARTER:
        return own
    return next((target for target in targets if target.quarter is None), None)


def numbers_of(task: Task, period: ReportingPeriod) -> list[Number]:
    """Indicators to be read this quarter; one without a value printed for it may be left empty."""
    found = [(indicator, target_for(indicator, period)) for indicator in task.indicators.all()]
    return [
        Number(indicator, target, required=target is not None)
        for indicator, target in found
        if target or not _has_quarters(indicator)
    ]


def _has_quarters(indicator: Indicator) -> bool:
    return any(target.quarter for target in indicator.targets.all() if target.valid_to is None)


def is_due(commitment: Commitment, period: ReportingPeriod) -> bool:
    """Whether its day falls in this period or before: its printed day, its quarter, or the plan's end."""
    if commitment.due_on:
        return commitment.due_on <= period.last_day
    if commitment.quarter:
        return (commitment.year, commitment.quarter) <= (period.year, period.index)
    return period.is_last_of_plan


def questions_of(task: Task, period: ReportingPeriod, flagged: set[int]) -> tuple[list[Question], list[Commitment]]:
    """(asked one by one, the rest). Whole-year promises are asked every quarter where no milestone is printed."""
    commitments = list(task.commitments.all())
    has_milestones = any(commitment.quarter for commitment in commitments)
    questions, rest = [], []
    for commitment in commitments:
        due = is_due(commitment, period)
        if commitment.quarter and (commitment.year, commitment.quarter) != (period.year, period.index):
            if commitment.pk in flagged and due:
                questions.append(Question(commitment, due=True, flagged=True))
        elif due or commitment.quarter or not has_milestones or commitment.pk in flagged:
            questions.append(Question(commitment, due=due, flagged=commitment.pk in flagged))
        else:
            rest.append(commitment)
    return questions, rest


def flagged_before(task: Task, period: ReportingPeriod) -> set[int]:
    """Commitments whose latest earlier verdict asks for another look."""
    earlier = (
        Finding.objects.filter(commitment__task=task, report__period__plan_id=period.plan_id)
        .filter(report__first_submitted_at__isnull=False)
        .exclude(report__period__year__gt=period.year)
        .exclude(report__period__year=period.year, report__period__index__gte=period.index)
        .order_by("report__period__year", "report__period__index")
        .values_list("commitment_id", "pace")
    )
    return {commitment for commitment, pace in dict(earlier).items() if pace in FLAGGED}


def sheet_of(task: Task, period: ReportingPeriod) -> Sheet:
    """Everything about one task in one period, for its form, its review and its submission."""
    report = ProgressReport.objects.filter(task=task, period=period).select_related("submitted_by").first()
    questions, rest = questions_of(task, period, flagged_before(task, period))
    sheet = Sheet(
        task=task,
        period=period,
        report=report,
        responsibilities=list(task.responsibilities.in_force().select_related("department")),
        questions=questions,
        rest=rest,
        numbers=numbers_of(task, period),
    )
    if report:
        sheet.contributions = {c.department_id: c for c in report.contributions.select_related("department")}
        sheet.findings = {finding.commitment_id: finding for finding in report.findings.all()}
        sheet.readings = {reading.indicator_id: reading for reading in report.readings.all()}
    return sheet
