"""What one report asks for, what is filed already, and what is still missing.

Form, page and action read the same list of missing items.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from progress.choices import FLAGGED, Pace, ReportStatus
from progress.models import (
    Assessment,
    Breakdown,
    Contribution,
    Finding,
    ProgressReport,
    Reading,
    ReportingPeriod,
)
from progress.requirements.deadlines import Deadline, can_be_filed, deadlines_for
from progress.requirements.items import (
    RequiredCommitment,
    RequiredNumber,
    numbers_of,
    split_commitments,
)
from progress.rules import verdicts
from tasks.choices import ResponsibilityKind
from tasks.models import ChangeRequest, Commitment, Responsibility, Task


@dataclass(frozen=True)
class MissingItem:
    """One thing that a report still lacks, as a sentence for the people who file it.

    `about` names the answer, with the id it belongs to: c<commitment> its self-assessment,
    n<commitment> the note to it, r<indicator> a number, u<unit> a unit's part; else "rest" for
    the remaining commitments, or the name of a field.
    """

    about: str
    sentence: str
    # False: shown to the unit, but the report may be submitted without it.
    blocks: bool = True


@dataclass
class ReportRequirements:
    """Everything about one task in one period: what is required, what is filed, what is missing.

    `requirements_for_all` builds any number of them in a constant number of queries.
    """

    task: Task
    period: ReportingPeriod
    report: ProgressReport | None
    deadline: Deadline
    responsibilities: list[Responsibility]
    required_commitments: list[RequiredCommitment]
    remaining: list[Commitment]
    numbers: list[RequiredNumber]
    contributions: dict[int, Contribution] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)
    # The reports of the task in earlier quarters, oldest first.
    before: list[ProgressReport] = field(default_factory=list)
    # The supervisor's assessment of the latest earlier quarter; empty before the first.
    previous_assessment: str = ""

    @property
    def commitments(self) -> list[Commitment]:
        """Every commitment this report answers, those with a question of their own first."""
        return [*(required.commitment for required in self.required_commitments), *self.remaining]

    @property
    def lead(self) -> Responsibility | None:
        return acting_lead(self.responsibilities)

    @property
    def verdict(self) -> Assessment | None:
        """The assessment of the newest filing; None while that still waits for one."""
        is_waiting = self.report is None or self.report.status == ReportStatus.SUBMITTED
        return None if is_waiting else self.assessment

    @property
    def units(self) -> set[int]:
        """Ids of the units responsible for the task."""
        return {row.department_id for row in self.responsibilities}

    @property
    def due_on(self) -> date:
        return self.deadline.due_on

    def can_be_edited(self, today: date) -> bool:
        """Whether the units may still write, by the report's status and the deadline."""
        is_draft = self.closing is None and (self.report is None or self.report.can_be_edited)
        return is_draft and can_be_filed(self.deadline, self.report, today=today)

    @property
    def closing(self) -> ChangeRequest | None:
        """The change that ended, merged or split the task before this period began.

        A task with one has nothing to report in this period.
        """
        return next(
            (row for row in self.task.closings if row.approved_on < self.period.first_day), None
        )

    @property
    def suggested_pace(self) -> str:
        """The overall progress that the rule gives for the findings filed; empty without any."""
        return verdicts.overall(finding.pace for finding in self.findings.values())

    @property
    def pace(self) -> str:
        """The overall progress: the one the lead chose, else the one the rule suggests."""
        return self.report.pace or self.suggested_pace

    @property
    def unparsed(self) -> dict[str, str]:
        """Name as in `MissingItem.about` -> text typed there, where no answer has come since."""
        answered = {f"n{pk}" for pk in self.findings} | {
            f"{kind}{pk}" for pk in self.readings for kind in "rt"
        }
        parts = [row.unparsed for row in self.contributions.values()]
        return {name: text for part in parts for name, text in part.items() if name not in answered}

    @property
    def slowest(self) -> str:
        """The worst trajectory among the numbers of the task."""
        return verdicts.worst(self.trajectory_of(number) for number in self.numbers)

    def trajectory_of(self, number: RequiredNumber) -> str:
        """The trajectory of one number by the value filed for it; unknown without one."""
        reading = self.readings.get(number.indicator.pk)
        return verdicts.trajectory(reading.value if reading else None, number.aim)

    def ratio_of(self, commitment: Commitment) -> Decimal | None:
        """The lowest ratio of actual to target among a commitment's numbers; None without any."""
        ratios = [
            verdicts.ratio(self.readings[number.indicator.pk].value, number.aim)
            for number in self.numbers
            if number.target
            and number.target.commitment_id == commitment.pk
            and number.indicator.pk in self.readings
        ]
        return min((ratio for ratio in ratios if ratio is not None), default=None)

    def contradictions(self) -> list[str]:
        """Sentences where a self-assessment disagrees with the numbers filed beside it."""
        commitments = [required.commitment for required in self.required_commitments]
        findings = [
            (commitment.text, self.findings[commitment.pk].pace, self.ratio_of(commitment))
            for commitment in commitments
            if commitment.pk in self.findings
        ]
        return verdicts.contradictions(pace=self.pace, findings=findings, slowest=self.slowest)

    @property
    def assessment(self) -> Assessment | None:
        """The current assessment of the report; None before the first."""
        return (
            next((a for a in self.report.assessments.all() if a.is_current), None)
            if self.report
            else None
        )

    def missing(self, today: date) -> list[str]:
        """Sentences on what keeps the report from being submitted on this day; empty if nothing."""
        return [item.sentence for item in self.missing_items(today) if item.blocks]

    def missing_items(self, today: date) -> list[MissingItem]:
        """Everything missing on this day.

        Parts of the supporting units block the report before its due day, and no longer.
        """
        return [*self.own_missing_items(), *self._missing_parts(blocks=today < self.due_on)]

    def own_missing_items(self) -> list[MissingItem]:
        """What the lead unit itself has to complete, whatever the day."""
        if self.closing:
            return [
                MissingItem(
                    "", f"这项任务已{self.closing.get_kind_display()}，这一期不再要求报送。"
                )
            ]
        if self.lead is None:
            return [MissingItem("", "这项任务还没有牵头单位，请督查室先指定。")]
        if self.report is None:
            return [MissingItem("", "还没有填写。")]
        return [*self._missing_answers(), *self._missing_overall_fields()]

    @property
    def silent(self) -> list[Responsibility]:
        """The supporting units that have filed no narrative, finding or number yet."""
        filled = {row.pk for row in self.contributions.values() if row.narrative.strip()}
        filled |= {
            row.contribution_id for row in [*self.findings.values(), *self.readings.values()]
        }
        units = {unit for unit, row in self.contributions.items() if row.pk in filled}
        return [
            row
            for row in self.responsibilities
            if row is not self.lead and row.department_id not in units
        ]

    def _missing_parts(self, *, blocks: bool) -> list[MissingItem]:
        if self.lead is None:
            return []
        units = [row.department for row in self.silent]
        return [
            MissingItem(f"u{unit.pk}", f"{unit.short_name}还没有交本单位部分。", blocks=blocks)
            for unit in units
        ]

    def _missing_answers(self) -> list[MissingItem]:
        required = [row.commitment for row in self.required_commitments]
        unanswered = [c for c in required if c.pk not in self.findings]
        remaining = [c for c in self.remaining if c.pk not in self.findings]
        noted = [c for c in [*unanswered, *remaining] if f"n{c.pk}" in self.unparsed]
        unanswered = [c for c in unanswered if c not in noted]
        remaining = [c for c in remaining if c not in noted]
        items = [MissingItem(f"c{c.pk}", f"请逐条自评：“{_beginning(c.text)}”") for c in unanswered]
        items += [
            MissingItem(f"c{c.pk}", f"“{_beginning(c.text)}”写了说明，请同时选择进展。")
            for c in noted
        ]
        items += self._missing_notes()
        if remaining:
            items.append(MissingItem("rest", f"请确认其余 {len(remaining)} 项：正常推进。"))
        return items + self._missing_numbers()

    def _missing_numbers(self) -> list[MissingItem]:
        """An optional number is asked for as well, once something else was typed in its place."""
        own, items = self.contributions.get(self.lead.department_id), []
        for number in (
            number for number in self.numbers if number.indicator.pk not in self.readings
        ):
            names = {f"{kind}{number.indicator.pk}" for kind in "rt"}
            # An optional number half typed by a supporting unit does not hold back the report.
            blocks = number.required or bool(own and names & own.unparsed.keys())
            if blocks or names & self.unparsed.keys():
                sentence = _ask_for_number(number, self.unparsed)
                items.append(MissingItem(f"r{number.indicator.pk}", sentence, blocks=blocks))
        return items

    def _missing_notes(self) -> list[MissingItem]:
        answered = [
            (c, self.findings[c.pk]) for c in self.task.commitments.all() if c.pk in self.findings
        ]
        return [
            MissingItem(
                f"n{c.pk}", f"“{_beginning(c.text)}”填为{finding.get_pace_display()}，请写明情况。"
            )
            for c, finding in answered
            if finding.lacks_note
        ]

    def _missing_overall_fields(self) -> list[MissingItem]:
        report = self.report
        contribution = self.contributions.get(self.lead.department_id)
        narrated = contribution is not None and contribution.narrative.strip()
        overridden = report.pace and self.suggested_pace and report.pace != self.suggested_pace
        checks = [
            (narrated, "narrative", "请填写进展情况、存在问题及下一步打算。"),
            (self.pace or self.required_commitments or self.remaining, "pace", "请选择总体进展。"),
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
        items = [MissingItem(about, sentence) for is_met, about, sentence in checks if not is_met]
        if self.pace and not report.contradiction_reason:
            sentences = [
                f"{contradiction}，请写明原因。" for contradiction in self.contradictions()
            ]
            items += [MissingItem("contradiction_reason", sentence) for sentence in sentences]
        return items


def _ask_for_number(number: RequiredNumber, unparsed: dict[str, str]) -> str:
    indicator = number.indicator
    if typed := unparsed.get(f"r{indicator.pk}"):
        bounds = "不超过 15 位" if number.may_be_negative else "不小于 0、不超过 15 位"
        return (
            f"{indicator.name}填了“{_beginning(typed)}”，不能算作数据：请填写{bounds}的数字，例如"
            " 4000 或 12.5。"
        )
    if f"t{indicator.pk}" in unparsed:
        return f"{indicator.name}写了数据说明，请同时填写数字。"
    return f"请填写数据：{indicator.name}（{indicator.unit}）。"


def _beginning(text: str, length: int = 30) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def acting_lead(responsibilities: list[Responsibility]) -> Responsibility | None:
    """The responsibility whose unit submits the report: the lead, or the only one there is."""
    lead = next((r for r in responsibilities if r.kind == ResponsibilityKind.LEAD), None)
    return lead or (responsibilities[0] if len(responsibilities) == 1 else None)


def lead_of(task: Task) -> Responsibility | None:
    """The acting lead of a task today, with its department."""
    return acting_lead(list(task.responsibilities.in_force().select_related("department")))


def requirements_for(task: Task, period: ReportingPeriod) -> ReportRequirements:
    """The requirements of one task in one period, read anew from the database."""
    return requirements_for_all([(task, period)])[0]


def requirements_for_all(pairs: Iterable[tuple[Task, ReportingPeriod]]) -> list[ReportRequirements]:
    """The requirements of each pair of task and period, in the order of the pairs.

    The tasks are read anew, so that none is out of date. The number of queries is constant.
    """
    keys = [(task.pk, period) for task, period in pairs]
    task_ids = {pk for pk, _ in keys}
    tasks, deadlines = {task.pk: task for task in _load_tasks(task_ids)}, deadlines_for(keys)
    reports = defaultdict(list)
    for report in _load_reports(task_ids):
        reports[report.task_id].append(report)
    return [_build(tasks[pk], deadlines[pk, period.pk], reports[pk]) for pk, period in keys]


def _load_tasks(task_ids: set[int]) -> Iterable[Task]:
    in_force = Responsibility.objects.in_force().select_related("department")
    return Task.objects.filter(pk__in=task_ids).prefetch_related(
        "commitments__due_changes",
        Prefetch("change_requests", ChangeRequest.objects.closing(), to_attr="closings"),
        "indicators__targets",
        Prefetch(
            "breakdowns", Breakdown.objects.confirmed().select_related("indicator"), to_attr="nodes"
        ),
        Prefetch("responsibilities", in_force, to_attr="answering"),
    )


def _load_reports(task_ids: set[int]) -> Iterable[ProgressReport]:
    """Every report of these tasks, oldest first: earlier findings decide what is required now."""
    reports = ProgressReport.objects.filter(task__in=task_ids).order_by(
        "period__year", "period__index"
    )
    reports = reports.select_related("period", "submitted_by", "sent_by", "signed_by")
    assessments = Assessment.objects.select_related("unit", "assessed_by").prefetch_related(
        "findings"
    )
    contributions = Contribution.objects.select_related("department", "filed_by")
    return reports.prefetch_related(
        Prefetch("contributions", contributions),
        "contributions__evidence",
        "findings",
        "readings",
        Prefetch("assessments", assessments),
    )


def _build(task: Task, deadline: Deadline, reports: list[ProgressReport]) -> ReportRequirements:
    """`reports`: every report of the task, oldest first."""
    period = deadline.period
    report = next((row for row in reports if row.period_id == period.pk), None)
    before = [
        row for row in reports if (row.period.year, row.period.index) < (period.year, period.index)
    ]
    required, remaining = split_commitments(task, period, _flagged(before))
    requirements = ReportRequirements(
        task,
        period,
        report,
        deadline,
        task.answering,
        required,
        remaining,
        numbers_of(task, period),
    )
    requirements.before = before
    assessed = [
        row.pace for earlier in before for row in earlier.assessments.all() if row.is_current
    ]
    requirements.previous_assessment = assessed[-1] if assessed else ""
    if report:
        report.task, report.period = task, period
        requirements.contributions = {
            contribution.department_id: contribution for contribution in report.contributions.all()
        }
        requirements.findings = {
            finding.commitment_id: finding for finding in report.findings.all()
        }
        requirements.readings = {reading.indicator_id: reading for reading in report.readings.all()}
    return requirements


def _flagged(before: list[ProgressReport]) -> set[int]:
    """Ids of the commitments to be followed up, by their latest finding in a submitted report."""
    submitted = [report for report in before if report.first_submitted_at]
    latest = {
        finding.commitment_id: finding.pace
        for report in submitted
        for finding in report.findings.all()
    }
    return {commitment for commitment, pace in latest.items() if pace in FLAGGED}
