"""What one report asks for, what is filed already, and what is still missing.

Form, page and action read the same list of missing items.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from common.time.days import local_day
from departments.models import Department
from progress.choices import FILED, ReportStatus
from progress.models import (
    Assessment,
    Breakdown,
    Contribution,
    Finding,
    Nudge,
    ProgressReport,
    Reading,
    ReportingPeriod,
)
from progress.requirements.deadlines import Deadline, can_be_filed
from progress.requirements.items import RequiredCommitment, RequiredNumber, aim_of
from progress.rules import verdicts
from tasks.choices import ResponsibilityKind
from tasks.models import ChangeRequest, Commitment, Responsibility, Target, Task


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
    # The unit whose part is missing, by its name; empty for everything else.
    unit: str = ""


@dataclass
class ReportRequirements:
    """Everything about one task in one period: what is required, what is filed, what is missing.

    `requirements_for_all` reads any number of them in a constant number of queries.
    """

    task: Task
    period: ReportingPeriod
    report: ProgressReport | None
    deadline: Deadline
    responsibilities: list[Responsibility]
    # The changes that ended, merged or split the task, whenever that was.
    closings: list[ChangeRequest]
    # The confirmed values of the unit's breakdown, of all quarters.
    nodes: list[Breakdown]
    required_commitments: list[RequiredCommitment]
    remaining: list[Commitment]
    numbers: list[RequiredNumber]
    contributions: dict[int, Contribution] = field(default_factory=dict)
    findings: dict[int, Finding] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)
    # Unit id -> the last time the lead asked that unit for its part.
    nudges: dict[int, Nudge] = field(default_factory=dict)
    # Unit id -> the day on which the lead first did.
    first_nudged_on: dict[int, date] = field(default_factory=dict)
    # The reports of the task in earlier quarters, oldest first.
    before: list[ProgressReport] = field(default_factory=list)

    @property
    def commitments(self) -> list[Commitment]:
        """Every commitment this report answers, those with a question of their own first."""
        return [*(required.commitment for required in self.required_commitments), *self.remaining]

    @property
    def lead(self) -> Responsibility | None:
        return acting_lead(self.responsibilities)

    @property
    def lead_unit(self) -> Department:
        """The unit that submits the report, where there is a lead: `missing` says if there is not.

        A report is sent to be signed, signed and submitted only when nothing is missing.
        """
        assert self.lead is not None, "a report without a lead cannot be submitted"
        return self.lead.department

    @property
    def begun_report(self) -> ProgressReport:
        """The report, where one was begun: `missing` says if there is none."""
        assert self.report is not None, "a report that was not begun cannot be submitted"
        return self.report

    def is_led_by(self, department: Department) -> bool:
        """Whether this unit submits the report."""
        return self.lead is not None and self.lead.department_id == department.pk

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
    def answering_units(self) -> list[Department]:
        """Who has to report: the lead unit, or every responsible unit where none leads.

        Wherever units without a report are counted or named, these are.
        """
        lead = self.lead
        return [row.department for row in ([lead] if lead else self.responsibilities)]

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
        return next((row for row in self.closings if row.approved_on < self.period.first_day), None)

    @property
    def previous_assessment(self) -> str:
        """The supervisor's assessment of the latest earlier quarter; empty before the first."""
        assessments = filter(None, map(_current_assessment, reversed(self.before)))
        return next((assessment.pace for assessment in assessments), "")

    @property
    def suggested_pace(self) -> str:
        """The overall progress that the rule gives for the findings filed; empty without any."""
        return verdicts.overall(finding.pace for finding in self.findings.values())

    @property
    def pace(self) -> str:
        """The overall progress: the one the lead chose, else the one the rule suggests."""
        chosen = self.report.pace if self.report else ""
        return chosen or self.suggested_pace

    @property
    def unparsed(self) -> dict[str, str]:
        """Name as in `MissingItem.about` -> text typed there, where no answer has come since."""
        typed: dict[str, str] = {}
        for contribution in self.contributions.values():
            typed |= contribution.unparsed
        return {name: text for name, text in typed.items() if not self._is_answered(name)}

    def _is_answered(self, name: str) -> bool:
        answers: Collection[int] = self.findings if name[0] == "n" else self.readings
        return int(name[1:]) in answers

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
            verdicts.ratio(self.readings[target.indicator_id].value, aim_of(target))
            for target in self._targets_of(commitment)
            if target.indicator_id in self.readings
        ]
        return min((ratio for ratio in ratios if ratio is not None), default=None)

    def _targets_of(self, commitment: Commitment) -> list[Target]:
        targets = (number.target for number in self.numbers)
        return [row for row in targets if row and row.commitment_id == commitment.pk]

    def contradictions(self) -> list[str]:
        """Sentences where a self-assessment disagrees with the numbers filed beside it."""
        commitments = (required.commitment for required in self.required_commitments)
        findings = [
            (commitment.text, self.findings[commitment.pk].pace, self.ratio_of(commitment))
            for commitment in commitments
            if commitment.pk in self.findings
        ]
        return verdicts.contradictions(pace=self.pace, findings=findings, slowest=self.slowest)

    @property
    def assessment(self) -> Assessment | None:
        """The current assessment of the report; None before the first."""
        return _current_assessment(self.report) if self.report else None

    def missing(self, today: date) -> list[str]:
        """Sentences on what keeps the report from being submitted on this day; empty if nothing."""
        return [item.sentence for item in self.missing_items(today) if item.blocks]

    def missing_items(self, today: date) -> list[MissingItem]:
        """Everything missing on this day.

        The part of a supporting unit blocks the report before its due day, unless the lead asked
        the unit for it on an earlier day, so that it had a day to write.
        """
        return [*self.own_missing_items(), *self._missing_parts(today)]

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
        return [
            *self._missing_findings(),
            *self._missing_notes(),
            *self._missing_confirmation(),
            *self._missing_numbers(),
            *self._missing_overall_fields(self.report),
            *self._missing_contradiction_reasons(self.report),
        ]

    @property
    def silent(self) -> list[Responsibility]:
        """The supporting units that have filed no narrative, finding or number yet.

        A unit that became responsible after the report was submitted was never asked for a part.
        """
        return [
            row
            for row in self.responsibilities
            if row is not self.lead
            and not self._has_filed(row.department_id)
            and not self._came_later(row)
        ]

    def _came_later(self, row: Responsibility) -> bool:
        report = self.report
        if report is None or report.status not in FILED or report.submitted_at is None:
            return False
        return row.valid_from is not None and row.valid_from > local_day(report.submitted_at)

    def _has_filed(self, unit: int) -> bool:
        contribution = self.contributions.get(unit)
        if contribution is None:
            return False
        answers: list[Finding | Reading] = [*self.findings.values(), *self.readings.values()]
        has_answers = any(answer.contribution_id == contribution.pk for answer in answers)
        return has_answers or bool(contribution.narrative.strip())

    def _missing_parts(self, today: date) -> list[MissingItem]:
        if self.lead is None:
            return []
        return [
            MissingItem(
                f"u{unit.pk}",
                f"{unit.short_name}还没有交本单位部分。",
                blocks=today < self.due_on and self.first_nudged_on.get(unit.pk, today) >= today,
                unit=unit.short_name,
            )
            for unit in (row.department for row in self.silent)
        ]

    def _missing_findings(self) -> list[MissingItem]:
        """Self-assessments that are not chosen yet, at last those for which a note was written."""
        required = [row.commitment for row in self.required_commitments]
        items = [
            MissingItem(f"c{c.pk}", f"请逐条自评：“{_beginning(c.text)}”")
            for c in self._untouched(required)
        ]
        return items + [
            MissingItem(f"c{c.pk}", f"“{_beginning(c.text)}”写了说明，请同时选择进展。")
            for c in self._noted()
        ]

    def _noted(self) -> list[Commitment]:
        """The commitments with a note and no self-assessment yet."""
        unparsed = self.unparsed
        return [c for c in self.commitments if f"n{c.pk}" in unparsed]

    def _missing_confirmation(self) -> list[MissingItem]:
        remaining = self._untouched(self.remaining)
        sentence = f"请确认其余 {len(remaining)} 项：正常推进。"
        return [MissingItem("rest", sentence)] if remaining else []

    def _untouched(self, commitments: Iterable[Commitment]) -> list[Commitment]:
        """Those of the commitments with neither a self-assessment nor a note yet."""
        unparsed = self.unparsed
        return [c for c in commitments if c.pk not in self.findings and f"n{c.pk}" not in unparsed]

    def _missing_numbers(self) -> list[MissingItem]:
        unparsed, lead_part = self.unparsed, self.contributions.get(self.lead_unit.pk)
        own = lead_part.unparsed if lead_part else {}
        # An optional number half typed by a supporting unit does not hold back the report.
        return [
            MissingItem(
                f"r{number.indicator.pk}",
                _ask_for_number(number, unparsed),
                blocks=number.is_asked(own),
            )
            for number in self.numbers
            if number.indicator.pk not in self.readings and number.is_asked(unparsed)
        ]

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

    def _missing_overall_fields(self, report: ProgressReport) -> list[MissingItem]:
        has_pace = bool(self.pace or self.commitments)
        checks = [
            (self._has_narrative, "narrative", "请填写进展情况、存在问题及下一步打算。"),
            (has_pace, "pace", "请选择总体进展。"),
            (not report.lacks_no_progress_reason, "no_progress_reason", "本季无进展，请写明原因。"),
            (
                bool(report.pace_reason) or not self._overrides_rule(report),
                "pace_reason",
                "总体进展与逐条自评得出的不同，请写明理由。",
            ),
        ]
        return [MissingItem(about, sentence) for is_met, about, sentence in checks if not is_met]

    @property
    def _has_narrative(self) -> bool:
        """Whether the lead unit has written its part."""
        part = self.contributions.get(self.lead_unit.pk)
        return part is not None and bool(part.narrative.strip())

    def _overrides_rule(self, report: ProgressReport) -> bool:
        """Whether the lead unit chose another overall progress than the rule suggests."""
        return bool(report.pace and self.suggested_pace) and report.pace != self.suggested_pace

    def _missing_contradiction_reasons(self, report: ProgressReport) -> list[MissingItem]:
        if not self.pace or report.contradiction_reason:
            return []
        return [
            MissingItem("contradiction_reason", f"{contradiction}，请写明原因。")
            for contradiction in self.contradictions()
        ]


def _current_assessment(report: ProgressReport) -> Assessment | None:
    return next((row for row in report.assessments.all() if row.is_current), None)


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
