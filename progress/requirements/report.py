"""What one report asks for, what is there already, and what is still missing: one list for form, page and action."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from progress.choices import FLAGGED, Pace, ReportStatus
from progress.models import Assessment, Breakdown, Contribution, Finding, ProgressReport, Reading, ReportingPeriod
from progress.requirements.deadlines import Deadline, deadlines_for, takes_filings
from progress.requirements.items import RequiredCommitment, RequiredNumber, numbers_of, required_commitments
from progress.rules import verdicts
from tasks.choices import ResponsibilityKind
from tasks.models import ChangeRequest, Commitment, Responsibility, Task


@dataclass(frozen=True)
class MissingItem:
    """One thing still missing.

    `about` names the answer: c<commitment>, n<commitment> of its words, r<indicator>, u<unit>, rest, or a field.
    """

    about: str
    sentence: str
    # What does not keep the report from going out is shown all the same.
    blocks: bool = True


@dataclass
class ReportRequirements:
    """A report as its people see it. `sheets_of` builds any number of them in a constant number of queries."""

    task: Task
    period: ReportingPeriod
    report: ProgressReport | None
    deadline: Deadline
    responsibilities: list[Responsibility]
    questions: list[RequiredCommitment]
    rest: list[Commitment]
    numbers: list[RequiredNumber]
    contributions: dict[int, Contribution] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)
    # What was filed of the task in earlier quarters, oldest first.
    before: list[ProgressReport] = field(default_factory=list)
    # The supervisor's word on the latest earlier quarter; empty before the first.
    judged_before: str = ""

    @property
    def lead(self) -> Responsibility | None:
        return acting_lead(self.responsibilities)

    @property
    def verdict(self) -> Assessment | None:
        """The supervisor's word on what lies there now; none while a newer filing waits for one."""
        waits = self.report is None or self.report.status == ReportStatus.SUBMITTED
        return None if waits else self.assessment

    @property
    def units(self) -> set[int]:
        """Ids of the units that answer for the task."""
        return {row.department_id for row in self.responsibilities}

    @property
    def due_on(self) -> date:
        return self.deadline.due_on

    def can_be_edited(self, today: date) -> bool:
        free = self.closing is None and (self.report is None or self.report.can_be_edited)
        return free and takes_filings(self.deadline, self.report, today=today)

    @property
    def closing(self) -> ChangeRequest | None:
        """By which the task was ended, merged or split before this period began: nothing is asked of it."""
        return next((row for row in self.task.closings if row.approved_on < self.period.first_day), None)

    @property
    def suggested_pace(self) -> str:
        return verdicts.overall(finding.pace for finding in self.findings.values())

    @property
    def pace(self) -> str:
        """The overall word: the lead's own, else what the rule gives for the single ones."""
        return self.report.pace or self.suggested_pace

    @property
    def unparsed(self) -> dict[str, str]:
        """Name as in `MissingItem.about` -> words typed there; only where no answer has come since."""
        answered = {f"n{pk}" for pk in self.findings} | {f"{kind}{pk}" for pk in self.readings for kind in "rt"}
        typed = [row.unparsed for row in self.contributions.values()]
        return {name: said for one in typed for name, said in one.items() if name not in answered}

    @property
    def slowest(self) -> str:
        return verdicts.worst(self.trajectory_of(number) for number in self.numbers)

    def trajectory_of(self, number: RequiredNumber) -> str:
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
        return verdicts.contradictions(pace=self.pace, findings=said, slowest=self.slowest)

    @property
    def assessment(self) -> Assessment | None:
        """The supervisor's word as it stands; none before the first."""
        return next((a for a in self.report.assessments.all() if a.is_current), None) if self.report else None

    def missing(self, today: date) -> list[str]:
        """What keeps the report from being submitted that day, as sentences; empty when it may go."""
        return [missing_item.sentence for missing_item in self.missing_items(today) if missing_item.blocks]

    def missing_items(self, today: date) -> list[MissingItem]:
        """Everything missing. The others' parts are waited for until the due day, and no longer."""
        return [*self.own_missing_items(), *self._missing_parts(waits=today < self.due_on)]

    def own_missing_items(self) -> list[MissingItem]:
        """What nobody but the lead answers for, whatever the day."""
        if self.closing:
            return [MissingItem("", f"这项任务已{self.closing.get_kind_display()}，这一期不再要求报送。")]
        if self.lead is None:
            return [MissingItem("", "这项任务还没有牵头单位，请督查室先指定。")]
        if self.report is None:
            return [MissingItem("", "还没有填写。")]
        return [*self._missing_answers(), *self._missing_words()]

    @property
    def silent(self) -> list[Responsibility]:
        """The other responsible units of which there is no word, answer or number yet."""
        filled = {row.pk for row in self.contributions.values() if row.narrative.strip()}
        filled |= {row.contribution_id for row in [*self.findings.values(), *self.readings.values()]}
        units = {unit for unit, row in self.contributions.items() if row.pk in filled}
        return [row for row in self.responsibilities if row is not self.lead and row.department_id not in units]

    def _missing_parts(self, *, waits: bool) -> list[MissingItem]:
        if self.lead is None:
            return []
        units = [row.department for row in self.silent]
        return [MissingItem(f"u{unit.pk}", f"{unit.short_name}还没有交本单位部分。", blocks=waits) for unit in units]

    def _missing_answers(self) -> list[MissingItem]:
        unanswered = [q.commitment for q in self.questions if q.commitment.pk not in self.findings]
        rest = [commitment for commitment in self.rest if commitment.pk not in self.findings]
        noted = [c for c in [*unanswered, *rest] if f"n{c.pk}" in self.unparsed]
        found = [MissingItem(f"c{c.pk}", f"请逐条自评：“{_beginning(c.text)}”") for c in unanswered if c not in noted]
        found += [MissingItem(f"c{c.pk}", f"“{_beginning(c.text)}”写了说明，请同时选择进展。") for c in noted]
        found += self._missing_notes()
        rest = [commitment for commitment in rest if commitment not in noted]
        found += [MissingItem("rest", f"请确认其余 {len(rest)} 项：正常推进。")] if rest else []
        return found + self._missing_numbers()

    def _missing_numbers(self) -> list[MissingItem]:
        """A number nobody is obliged to give is asked for too once something else was typed for it."""
        own, found = self.contributions.get(self.lead.department_id), []
        for number in (number for number in self.numbers if number.indicator.pk not in self.readings):
            names = {f"{kind}{number.indicator.pk}" for kind in "rt"}
            # What another unit began and nobody must give is no reason to hold back the whole.
            blocks = number.required or bool(own and names & own.unparsed.keys())
            if blocks or names & self.unparsed.keys():
                sentence = _number_wanted(number, self.unparsed)
                found.append(MissingItem(f"r{number.indicator.pk}", sentence, blocks=blocks))
        return found

    def _missing_notes(self) -> list[MissingItem]:
        said = [(c, self.findings[c.pk]) for c in self.task.commitments.all() if c.pk in self.findings]
        return [
            MissingItem(f"n{c.pk}", f"“{_beginning(c.text)}”填为{finding.get_pace_display()}，请写明情况。")
            for c, finding in said
            if finding.lacks_note
        ]

    def _missing_words(self) -> list[MissingItem]:
        report = self.report
        contribution = self.contributions.get(self.lead.department_id)
        narrated = contribution is not None and contribution.narrative.strip()
        overridden = report.pace and self.suggested_pace and report.pace != self.suggested_pace
        checks = [
            (narrated, "narrative", "请填写进展情况、存在问题及下一步打算。"),
            (self.pace or self.questions or self.rest, "pace", "请选择总体进展。"),
            (
                report.pace != Pace.NO_PROGRESS or report.no_progress_reason,
                "no_progress_reason",
                "本季无进展，请写明原因。",
            ),
            (
                not overridden or report.pace_reason,
                "pace_reason",
                "总体进展与逐条自评得出的不同，请写明理由。",
            ),
        ]
        found = [MissingItem(about, sentence) for holds, about, sentence in checks if not holds]
        if self.pace and not report.contradiction_reason:
            found += [MissingItem("contradiction_reason", f"{words}，请写明原因。") for words in self.contradictions()]
        return found


def _number_wanted(number: RequiredNumber, unparsed: dict[str, str]) -> str:
    asked = number.indicator
    if typed := unparsed.get(f"r{asked.pk}"):
        bounds = "不超过 15 位" if number.may_be_negative else "不小于 0、不超过 15 位"
        return f"{asked.name}填了“{_beginning(typed)}”，不能算作数据：请填写{bounds}的数字，例如 4000 或 12.5。"
    if f"t{asked.pk}" in unparsed:
        return f"{asked.name}写了数据说明，请同时填写数字。"
    return f"请填写数据：{asked.name}（{asked.unit}）。"


def _beginning(words: str, length: int = 30) -> str:
    return words if len(words) <= length else f"{words[:length]}…"


def acting_lead(responsibilities: list[Responsibility]) -> Responsibility | None:
    """The unit that signs the whole: the lead, or the only unit the document names."""
    lead = next((r for r in responsibilities if r.kind == ResponsibilityKind.LEAD), None)
    return lead or (responsibilities[0] if len(responsibilities) == 1 else None)


def lead_of(task: Task) -> Responsibility | None:
    """Today's, with its department."""
    return acting_lead(list(task.responsibilities.in_force().select_related("department")))


def requirements_for(task: Task, period: ReportingPeriod) -> ReportRequirements:
    """Everything about one task in one period, for its form, its review and its submission."""
    return requirements_for_all([(task, period)])[0]


def requirements_for_all(asked: Iterable[tuple[Task, ReportingPeriod]]) -> list[ReportRequirements]:
    """One sheet per pair, in their order; the tasks are read anew, so that none is out of date."""
    pairs = [(task.pk, period) for task, period in asked]
    wanted = {pk for pk, _ in pairs}
    tasks, deadlines = {task.pk: task for task in _tasks(wanted)}, deadlines_for(pairs)
    reports = defaultdict(list)
    for report in _reports(wanted):
        reports[report.task_id].append(report)
    return [_sheet(tasks[pk], deadlines[pk, period.pk], reports[pk]) for pk, period in pairs]


def _tasks(wanted: set[int]) -> Iterable[Task]:
    in_force = Responsibility.objects.in_force().select_related("department")
    found = Task.objects.filter(pk__in=wanted)
    return found.prefetch_related(
        "commitments__due_changes",
        Prefetch("change_requests", ChangeRequest.objects.closing(), to_attr="closings"),
        "indicators__targets",
        Prefetch("breakdowns", Breakdown.objects.confirmed().select_related("indicator"), to_attr="nodes"),
        Prefetch("responsibilities", in_force, to_attr="answering"),
    )


def _reports(wanted: set[int]) -> Iterable[ProgressReport]:
    """All of these tasks, oldest first: what was said before decides what is asked now."""
    found = ProgressReport.objects.filter(task__in=wanted).order_by("period__year", "period__index")
    found = found.select_related("period", "submitted_by", "sent_by", "signed_by")
    judged = Assessment.objects.select_related("unit", "assessed_by").prefetch_related("findings")
    contributions = Prefetch("contributions", Contribution.objects.select_related("department", "filed_by"))
    return found.prefetch_related(
        contributions, "contributions__evidence", "findings", "readings", Prefetch("assessments", judged)
    )


def _sheet(task: Task, deadline: Deadline, reports: list[ProgressReport]) -> ReportRequirements:
    """`reports`: every one of the task, oldest first."""
    period = deadline.period
    report = next((row for row in reports if row.period_id == period.pk), None)
    before = [row for row in reports if (row.period.year, row.period.index) < (period.year, period.index)]
    questions, rest = required_commitments(task, period, _flagged(before))
    requirements = ReportRequirements(
        task, period, report, deadline, task.answering, questions, rest, numbers_of(task, period)
    )
    requirements.before = before
    judged = [row.pace for earlier in before for row in earlier.assessments.all() if row.is_current]
    requirements.judged_before = judged[-1] if judged else ""
    if report:
        report.task, report.period = task, period
        requirements.contributions = {
            contribution.department_id: contribution for contribution in report.contributions.all()
        }
        requirements.findings = {finding.commitment_id: finding for finding in report.findings.all()}
        requirements.readings = {reading.indicator_id: reading for reading in report.readings.all()}
    return requirements


def _flagged(before: list[ProgressReport]) -> set[int]:
    """Commitments whose latest earlier verdict asks for another look; a draft is nobody's word."""
    submitted = [report for report in before if report.first_submitted_at]
    latest = {finding.commitment_id: finding.pace for report in submitted for finding in report.findings.all()}
    return {commitment for commitment, pace in latest.items() if pace in FLAGGED}
