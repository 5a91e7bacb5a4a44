"""The quarterly reports of the demonstration, from draft to correction."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import File

from common.files.uploads import check
from common.office import worksheets
from demo.samples.people import noon, person, working_day
from departments.models import Department, Role, User
from progress.actions.evidence import add_evidence
from progress.actions.extensions import ask_extension, grant_extension
from progress.actions.reports import Filing, save_draft, submit_report
from progress.actions.reviews import Verdict, return_report, verify_report
from progress.actions.signing import send_to_sign, sign_report
from progress.choices import Method, Pace
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements, lead_of
from progress.rules.verdicts import overall
from publishing.actions.corrections import Correction, propose_correction, publish_correction
from publishing.actions.objections import decide_objection, file_objection
from publishing.actions.revisions import publish_lapse, publish_revision
from publishing.actions.withholding import take_down_publication
from publishing.choices import Voice
from publishing.models import Publication
from tasks.models import Task
from tasks.recusal import is_recused

NARRATIVE = (
    "【演示】本季度应完成的 {due} 项中，{done} 项已完成{short}。下一步：按计划推进，逐项销号。"
)
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


def correct_publication(
    row: Publication,
    voice: str,
    correction: Correction,
    reason_class: str,
    reason: str,
    *,
    by: User,
    on: date,
) -> None:
    """Proposes a correction in the voice that was wrong and publishes it two working days later."""
    request = propose_correction(
        publication=row,
        voice=voice,
        correction=correction,
        reason_class=reason_class,
        reason=f"【演示】{reason}",
        by=by,
        at=noon(on),
    )
    publish_correction(request=request, by=person(Role.PUBLISHER), at=noon(working_day(on, 2)))


class SampleReport:
    """The report on one task for one quarter; `line` is its row in the demonstration's file."""

    def __init__(self, line: dict[str, Any], task: Task, period: ReportingPeriod):
        self.line, self.task, self.period = line, task, period

    def play(self) -> None:
        """Files the report and has it assessed, unless it comes late or not at all."""
        fate, day = self.line["fate"], self.period.review_due_on
        if fate in {"missing", "late"} or not self.lead:
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
            report = hand_in(returned, self.lead.department, at=at)
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
        day = working_day(self.period.opens_on, 8)
        return grant_extension(
            extension=extension, until=extension.requested_until, by=self.assessor, at=noon(day)
        ).granted_until

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
            by=person(Role.REPORTER, self.lead.department),
            at=noon(on),
        )

    @property
    def lead(self):
        """The responsibility of the lead unit, or None."""
        return lead_of(self.task)

    @property
    def has_missing_parts(self) -> bool:
        """Whether a unit's part is missing: the lead waits for it until the due day."""
        partners = self.task.responsibilities.in_force().exclude(department=self.lead.department)
        names = set(partners.values_list("department__short_name", flat=True))
        return not names <= {unit for unit, _ in self.line.get("parts", [])}

    @property
    def assessor(self) -> User:
        """The supervisor who assesses the report."""
        return unrecused_supervisors(self.task)[0]

    def file(self, *, on: date) -> ProgressReport:
        """Saves all parts of the report, attaches its evidence and submits it."""
        for unit, text in self.line.get("parts", []):
            self._save_draft(
                Department.objects.get(short_name=unit), Filing(narrative=f"【演示】{text}"), on
            )
        lead = self.lead.department
        report = self._save_draft(
            lead, self._build_filing(requirements_for(self.task, self.period)), on
        )
        for name, is_public in self.line.get("evidence", []):
            self._attach_evidence(report, lead, name, is_public=is_public, on=on)
        return hand_in(report, lead, at=noon(on))

    def _attach_evidence(
        self, report: ProgressReport, unit: Department, name: str, *, is_public: bool, on: date
    ) -> None:
        """Attaches a worksheet that says that it is a sample."""
        rows = [[self.task.code, "演示用佐证材料（样例），没有真实数据。"]]
        upload = File(
            worksheets.workbook([worksheets.Worksheet("演示", [("任务", 12), (name, 60)], rows)]),
            f"{name}.xlsx",
        )
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
        paces = [pace for pace, _ in findings.values()] + [
            Pace.ON_COURSE for _ in requirements.remaining
        ]
        short = [
            note
            for pace, note in findings.values()
            if pace not in {Pace.DONE, Pace.ON_COURSE} and note
        ]
        due = [question for question in requirements.required_commitments if question.due]
        done = sum(findings[question.commitment.pk][0] == Pace.DONE for question in due)
        text = NARRATIVE.format(
            due=len(due), done=done, short=f"，{'；'.join(short)}" if short else ""
        )
        return Filing(
            narrative=self.line.get("text", text if due else NOTHING_DUE),
            pace=self.line.get("pace", overall(paces)),
            pace_reason=self.line.get("pace_reason", ""),
            no_progress_reason=self.line.get("reason", ""),
            contradiction_reason=self.line.get("contradiction", ""),
            help_needed=self.line.get("help", ""),
            findings=findings,
            remaining_on_course=True,
            readings=self._build_readings(requirements),
        )

    def _build_findings(self, requirements: ReportRequirements) -> dict[int, tuple[str, str]]:
        """Done where due, on course where not, unless the row quotes words and says otherwise."""
        findings = {
            question.commitment.pk: (Pace.DONE if question.due else Pace.ON_COURSE, "")
            for question in requirements.required_commitments
        }
        for words, pace, note in self.line.get("findings", []):
            matches = [
                q.commitment.pk
                for q in requirements.required_commitments
                if q.commitment.text.startswith(words)
            ]
            if not matches:
                raise LookupError(f"{self.task.code} {self.period.label}: no commitment {words}")
            findings |= dict.fromkeys(matches, (pace, note))
        return findings

    def _build_readings(
        self, requirements: ReportRequirements
    ) -> dict[int, tuple[Decimal | None, str]]:
        """The value of the target, unless the row gives another for the indicator."""
        readings = {n.indicator.pk: (n.target.value, "") for n in requirements.numbers if n.target}
        for name, value in self.line.get("readings", []):
            matches = [
                n.indicator.pk for n in requirements.numbers if n.indicator.name.startswith(name)
            ]
            if not matches:
                raise LookupError(f"{self.task.code} {self.period.label}: no indicator {name}")
            readings[matches[0]] = (Decimal(str(value)), "")
        return readings

    def verify(self, report: ProgressReport, *, on: date) -> None:
        """Assesses the report as its row says, or as the unit assessed itself."""
        methods = list(Method.values)
        assessed = {
            finding.commitment_id: (pace, note)
            for words, pace, note in self.line.get("assessed_findings", [])
            for finding in report.findings.all()
            if finding.wording_as_filed.startswith(words)
        }
        verdict = Verdict(
            pace=self.line.get("assessed", report.pace),
            how=self.line.get("how", methods[self.task.number % 3]),
            confidence=self.line.get("confidence", "high" if self.task.number % 2 else "medium"),
            note=f"【演示】{self.line['note']}" if "note" in self.line else "",
            findings=assessed,
        )
        verify_report(report=report, verdict=verdict, by=self.assessor, at=noon(on))

    def after_release(self) -> None:
        """Publishes what comes after the release, such as late reports and corrections."""
        later = working_day(self.period.release_on, 8)
        if self.line["fate"] == "late":
            report = self.file(on=later)
            publish_revision(report=report, by=person(Role.PUBLISHER), at=noon(later))
            self.verify(report, on=later)
            publish_revision(report=report, by=person(Role.PUBLISHER), at=noon(later))
        if self.line["fate"] == "lapsed":
            self._publish_lapse()
        if "correction" in self.line:
            name, value, reason_class, reason = self.line["correction"]
            self._correct_reading(name, Decimal(str(value)), reason_class, reason, later)
        if "taken_down" in self.line:
            self._take_down(*self.line["taken_down"], later)
        if "objection" in self.line:
            self._file_objection(*self.line["objection"], later)

    def _publish_lapse(self) -> None:
        """Publishes that nothing came although the extension went beyond the release."""
        row = Publication.objects.current().get(task=self.task, period=self.period)
        publish_lapse(
            publication=row, by=person(Role.PUBLISHER), at=noon(working_day(row.extended_to, 1))
        )

    def _correct_reading(
        self, name: str, value: Decimal, reason_class: str, reason: str, on: date
    ) -> None:
        row = Publication.objects.current().get(task=self.task, period=self.period)
        indicator = row.readings.get(indicator__name__startswith=name).indicator_id
        correction = Correction(
            readings={indicator: value}, narrative=self.line.get("corrected_text")
        )
        reporter = person(Role.REPORTER, self.lead.department)
        correct_publication(row, Voice.UNIT, correction, reason_class, reason, by=reporter, on=on)

    def _file_objection(self, text: str, outcome: str, decision: str, on: date) -> None:
        row = Publication.objects.current().get(task=self.task, period=self.period)
        filed = file_objection(
            publication=row,
            text=f"【演示】{text}",
            by=person(Role.REPORTER, self.lead.department),
            at=noon(on),
        )
        decider, day = (
            next(user for user in unrecused_supervisors(self.task) if user != self.assessor),
            working_day(on, 10),
        )
        decide_objection(
            objection=filed,
            outcome=outcome,
            decision=f"【演示】{decision}",
            by=decider,
            at=noon(day),
        )
        if "corrected_verdict" in self.line:
            pace, note = self.line["corrected_verdict"]
            correction = Correction(assessment_pace=pace, assessment_note=f"【演示】{note}")
            correct_publication(
                row, Voice.SUPERVISOR, correction, "data", decision, by=decider, on=day
            )

    def _take_down(self, basis: str, reason: str, on: date) -> None:
        row = Publication.objects.current().get(task=self.task, period=self.period)
        take_down_publication(
            publication=row,
            legal_basis=basis,
            reason=f"【演示】{reason}",
            by=person(Role.PUBLISHER),
            at=noon(on),
        )
