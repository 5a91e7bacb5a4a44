"""The quarterly reports of the demonstration, from draft to correction."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from common.files.uploads import check
from common.office import worksheets
from demo.samples.people import noon, person, working_day
from departments.models import Department, User
from departments.roles import Role
from progress.actions.evidence import add_evidence
from progress.actions.extensions import ask_extension, grant_extension
from progress.actions.nudges import nudge_partner
from progress.actions.reports import Filing, save_draft, submit_report
from progress.actions.reviews import Verdict, return_report, verify_report
from progress.actions.signing import send_to_sign, sign_report
from progress.choices import Method, Pace
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod
from progress.requirements.flags import material_count
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements, lead_of
from progress.rules.verdicts import overall
from tasks.models import Task
from tasks.recusal import is_recused

# From the id of a commitment to its pace and note, and of an indicator to its value and note.
Findings = dict[int, tuple[str, str]]
Readings = dict[int, tuple[Decimal | None, str]]
NARRATIVE = (
    "【演示】本季度应完成的 {due} 项中，{done} 项已完成{short}。下一步：按计划推进，逐项销号。"
)
# What a partner writes of whom the row has no words.
PART = "本季度按分工配合牵头单位推进。"
NOTHING_DUE = "【演示】各项按计划推进。下一步：继续落实。"


def hand_in(report: ProgressReport, lead: Department, *, at: datetime) -> ProgressReport:
    """Submits a report: by the lead's reporter, or by its signer where the unit signs reports."""
    reporter = person(Role.REPORTER, lead)
    if not lead.signs_reports:
        return submit_report(report=report, by=reporter, at=at)
    send_to_sign(report=report, by=reporter, at=at)
    return sign_report(report=report, by=person(Role.SIGNER, lead), at=at)


def unrecused_supervisors(task: Task) -> list[User]:
    """The supervisors who may assess the task, because no unit of theirs is responsible for it."""
    supervisors = User.objects.filter(memberships__role=Role.SUPERVISOR).order_by("id")
    return [user for user in supervisors if not is_recused(task, user)]


def lead_unit(task: Task) -> Department:
    """The lead unit of a task that has one, as all tasks of which anything is played here."""
    lead = lead_of(task)
    assert lead, f"{task.code} has no lead"
    return lead.department


class SampleReport:
    """The report on one task for one quarter; `line` is its row in the demonstration's file."""

    def __init__(self, line: dict[str, Any], task: Task, period: ReportingPeriod):
        self.line, self.task, self.period = line, task, period

    def play(self) -> None:
        """Files the report and has it assessed, unless it comes late or not at all."""
        fate, day = self.line["fate"], self.period.review_due_on
        if fate in {"missing", "late"} or lead_of(self.task) is None:
            return
        if fate == "lapsed":
            self._extend(*self.line["extension"])
            return
        report = self.file(on=self._filing_day())
        if fate == "returned":
            *earlier, final = self.line["returns"]
            self._return_report(report, *earlier, final=final)
        elif fate in {"verified", "withheld"}:
            self.verify(report, on=day)

    def _return_report(self, report: ProgressReport, *earlier: str, final: str) -> None:
        """Returns the report for each of the reasons, the last time on the review day.

        After each earlier return the unit submits it again unchanged.
        """
        for days, reason in enumerate(earlier, 6):
            at = noon(working_day(self.period.opens_on, days))
            returned = return_report(report=report, reason=reason, by=self.assessor, at=at)
            report = hand_in(returned, self.lead, at=at)
        return_report(
            report=report, reason=final, by=self.assessor, at=noon(self.period.review_due_on)
        )

    def _filing_day(self) -> date:
        if "extension" in self.line:
            return self._extend(*self.line["extension"])
        on_last_day = self.line.get("last_day") or self.has_missing_parts
        return self.period.due_on if on_last_day else working_day(self.period.opens_on, 5)

    def _extend(self, days: int, reason: str, progress_so_far: str) -> date:
        """Requests more working days and has them granted; returns the new due day."""
        extension = self.request_extension(
            days, reason, progress_so_far, on=working_day(self.period.opens_on, 7)
        )
        day, until = working_day(self.period.opens_on, 8), extension.requested_until
        grant_extension(extension=extension, until=until, by=self.assessor, at=noon(day))
        return until

    def request_extension(
        self, days: int, reason: str, progress_so_far: str, *, on: date
    ) -> ExtensionRequest:
        """Has the lead unit ask for `days` more working days."""
        return ask_extension(
            task=self.task,
            period=self.period,
            reason=f"【演示】{reason}",
            progress_so_far=f"【演示】{progress_so_far}",
            requested_until=working_day(self.period.due_on, days),
            by=person(Role.REPORTER, self.lead),
            at=noon(on),
        )

    @property
    def lead(self) -> Department:
        """The lead unit."""
        return lead_unit(self.task)

    @property
    def has_missing_parts(self) -> bool:
        """Whether a unit's part is missing: the lead waits for it until the due day."""
        return "silent" in self.line

    @property
    def _partners(self) -> list[Department]:
        rows = self.task.responsibilities.in_force().exclude(department=self.lead)
        return [row.department for row in rows.select_related("department").order_by("order")]

    @property
    def assessor(self) -> User:
        """The supervisor who assesses the report."""
        return unrecused_supervisors(self.task)[0]

    def file(self, *, on: date) -> ProgressReport:
        """Saves all parts of the report, attaches its evidence and submits it."""
        self._save_parts(on)
        lead, requirements = self.lead, requirements_for(self.task, self.period)
        report = self._save_draft(lead, self._build_filing(requirements), on)
        for name, is_public in self.line.get("evidence", []):
            self._attach_evidence(report, lead, name, is_public=is_public, on=on)
        return hand_in(report, lead, at=noon(on))

    def _save_parts(self, on: date) -> None:
        """Has each partner file its part; a `silent` one is nudged and files none."""
        texts = dict(self.line.get("parts", []))
        for unit in self._partners:
            if unit.short_name in self.line.get("silent", []):
                self._nudge(unit, on=working_day(self.period.opens_on, 5))
            else:
                text = texts.get(unit.short_name, PART)
                self._save_draft(unit, Filing(narrative=f"【演示】{text}"), on)

    def _nudge(self, unit: Department, *, on: date) -> None:
        nudge_partner(
            task=self.task,
            period=self.period,
            department=unit,
            by=person(Role.REPORTER, self.lead),
            at=noon(on),
        )

    def _attach_evidence(
        self, report: ProgressReport, unit: Department, name: str, *, is_public: bool, on: date
    ) -> None:
        """Attaches a worksheet that says that it is a sample."""
        rows = [[self.task.code, "演示用佐证材料（样例），没有真实数据。"]]
        sheet = worksheets.Worksheet("演示", [("任务", 12), (name, 60)], rows)
        upload = SimpleUploadedFile(f"{name}.xlsx", worksheets.workbook([sheet]).getvalue())
        add_evidence(
            report=report,
            department=unit,
            upload=check(upload),
            caption="演示用样例",
            is_public=is_public,
            by=person(Role.REPORTER, unit),
            at=noon(on),
        )

    def _save_draft(self, unit: Department, filing: Filing, on: date) -> ProgressReport:
        draft = ProgressReport.objects.filter(task=self.task, period=self.period).first()
        return save_draft(
            task=self.task,
            period=self.period,
            department=unit,
            filing=filing,
            expected_version=draft.version if draft else 0,
            by=person(Role.REPORTER, unit),
            at=noon(on),
        )

    def _build_filing(self, requirements: ReportRequirements) -> Filing:
        findings = self._build_findings(requirements)
        paces = [pace for pace, _ in findings.values()]
        paces += [Pace.ON_COURSE] * len(requirements.remaining)
        return Filing(
            narrative=self.line.get("text") or _narrative(requirements, findings),
            pace=self.line.get("pace", overall(paces)),
            pace_reason=self.line.get("pace_reason", ""),
            no_progress_reason=self.line.get("reason", ""),
            contradiction_reason=self.line.get("contradiction", ""),
            help_needed=self.line.get("help", ""),
            findings=findings,
            remaining_on_course=True,
            readings=self._build_readings(requirements),
        )

    def _build_findings(self, requirements: ReportRequirements) -> Findings:
        """Done where due, on course where not, unless the row quotes words and says otherwise."""
        commitments = {
            question.commitment.pk: question.commitment.text
            for question in requirements.required_commitments
        }
        findings: Findings = {
            question.commitment.pk: (Pace.DONE if question.due else Pace.ON_COURSE, "")
            for question in requirements.required_commitments
        }
        for words, pace, note in self.line.get("findings", []):
            findings |= dict.fromkeys(self._beginning_with(words, commitments), (pace, note))
        return findings

    def _beginning_with(self, words: str, texts: dict[int, str]) -> list[int]:
        """The ids of the texts that begin with the words of the row; they must be there."""
        matches = [pk for pk, text in texts.items() if text.startswith(words)]
        if not matches:
            raise LookupError(f"{self.task.code} {self.period.label}: nothing begins {words}")
        return matches

    def _build_readings(self, requirements: ReportRequirements) -> Readings:
        """The value of the target, unless the row gives another for the indicator."""
        names = {number.indicator.pk: number.indicator.name for number in requirements.numbers}
        readings: Readings = {
            number.indicator.pk: (number.target.value, "")
            for number in requirements.numbers
            if number.target
        }
        for name, value in self.line.get("readings", []):
            readings[self._beginning_with(name, names)[0]] = (Decimal(str(value)), "")
        return readings

    def verify(self, report: ProgressReport, *, on: date) -> None:
        """Assesses the report as its row says, or as the unit assessed itself."""
        how = self.line.get("how", list(Method)[self.task.number % 3])
        # Nobody checks on paper what has no papers.
        if how == Method.PAPER and not material_count(report):
            how = Method.DATA
        verdict = Verdict(
            pace=self.line.get("assessed", report.pace),
            how=how,
            confidence=self.line.get("confidence", "high" if self.task.number % 2 else "medium"),
            note=f"【演示】{self.line['note']}" if "note" in self.line else "",
            findings=self._assessed_findings(report),
        )
        verify_report(report=report, verdict=verdict, by=self.assessor, at=noon(on))

    def _assessed_findings(self, report: ProgressReport) -> Findings:
        """Where the supervisor's verdict on a commitment differs from the unit's."""
        return {
            finding.commitment_id: (pace, note)
            for words, pace, note in self.line.get("assessed_findings", [])
            for finding in report.findings.all()
            if finding.wording_as_filed.startswith(words)
        }


def _narrative(requirements: ReportRequirements, findings: Findings) -> str:
    """A text that counts what is done, with the notes on what falls short."""
    due = [question for question in requirements.required_commitments if question.due]
    if not due:
        return NOTHING_DUE
    done = sum(findings[question.commitment.pk][0] == Pace.DONE for question in due)
    short = "；".join(dict.fromkeys(_shortfalls(findings)))
    return NARRATIVE.format(due=len(due), done=done, short=f"，{short}" if short else "")


def _shortfalls(findings: Findings) -> Iterator[str]:
    for pace, note in findings.values():
        if pace not in {Pace.DONE, Pace.ON_COURSE} and note:
            yield note
