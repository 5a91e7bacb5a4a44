"""What the units of the demonstration file in a quarter, and what the offices make of it."""

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
from progress.requirements.report import ReportRequirements, lead_of, requirements_for
from progress.rules.verdicts import overall
from publishing.actions.corrections import Correction, propose_correction, publish_correction
from publishing.actions.objections import decide_objection, file_objection
from publishing.actions.revisions import publish_lapse, publish_revision
from publishing.actions.withholding import take_down_publication
from publishing.choices import Voice
from publishing.models import Publication
from tasks.models import Task
from tasks.recusal import recused

NARRATIVE = "【演示】本季度应完成的 {due} 项中，{done} 项已完成{short}。下一步：按计划推进，逐项销号。"
NOTHING_DUE = "【演示】各项按计划推进。下一步：继续落实。"


def hand_in(report: ProgressReport, lead: Department, *, at: datetime) -> ProgressReport:
    """By one person of the lead unit, or by two where it has its reports signed."""
    reporter = person(Role.REPORTER, lead)
    if not lead.signs_reports:
        return submit_report(report=report, by=reporter, at=at)
    send_to_sign(report=report, by=reporter, at=at)
    return sign_report(report=report, by=person(Role.SIGNER, lead), at=at)


def judges_of(task: Task) -> list[User]:
    """The supervisors who belong to no unit that answers for it."""
    supervisors = User.objects.filter(memberships__role=Role.SUPERVISOR).order_by("id")
    return [user for user in supervisors if not recused(task, user)]


def publish_right(
    row: Publication, voice: str, right: Correction, kind: str, reason: str, *, by: User, on: date
) -> None:
    """Proposed by the voice whose words were wrong, published two working days later."""
    said = {"correction": right, "reason_class": kind, "reason": f"【演示】{reason}", "by": by, "at": noon(on)}
    proposed = propose_correction(publication=row, voice=voice, **said)
    publish_correction(request=proposed, by=person(Role.PUBLISHER), at=noon(working_day(on, 2)))


class SampleReport:
    """One task in one quarter: what its unit files and what becomes of it, as its line in the file has it."""

    def __init__(self, line: dict[str, Any], task: Task, period: ReportingPeriod):
        self.line, self.task, self.period = line, task, period

    def play(self) -> None:
        """In time, unless the file says that it comes late or not at all."""
        fate, day = self.line["fate"], self.period.review_due_on
        if fate in {"missing", "late"} or not self.lead:
            return
        if fate == "lapsed":
            self._put_off(*self.line["extension"])
            return
        report = self.file(on=self._filing_day())
        if fate == "returned":
            *earlier, final = self.line["returns"]
            self._send_back(report, *earlier, final=final)
        elif fate in {"verified", "withheld"}:
            self.verify(report, on=day)

    def _send_back(self, report: ProgressReport, *earlier: str, final: str) -> None:
        """On the review day, after it came back as it was from each return before."""
        for days, reason in enumerate(earlier, 6):
            at = noon(working_day(self.period.opens_on, days))
            returned = return_report(report=report, reason=reason, by=self.judge, at=at)
            report = hand_in(returned, self.lead.department, at=at)
        return_report(report=report, reason=final, by=self.judge, at=noon(self.period.review_due_on))

    def _filing_day(self) -> date:
        if "extension" in self.line:
            return self._put_off(*self.line["extension"])
        waits = self.line.get("last_day") or self.misses_parts
        return self.period.due_on if waits else working_day(self.period.opens_on, 5)

    def _put_off(self, days: int, reason: str, progress_so_far: str) -> date:
        """Asks for more working days and gets them; filed on the last of them."""
        asked = self.ask_for_days(days, reason, progress_so_far, on=working_day(self.period.opens_on, 7))
        day = working_day(self.period.opens_on, 8)
        return grant_extension(extension=asked, until=asked.requested_until, by=self.judge, at=noon(day)).granted_until

    def ask_for_days(self, days: int, reason: str, progress_so_far: str, *, on: date) -> ExtensionRequest:
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
        return lead_of(self.task)

    @property
    def misses_parts(self) -> bool:
        """Another unit's part is not among the samples: the lead waits for it until the due day."""
        others = self.task.responsibilities.in_force().exclude(department=self.lead.department)
        names = set(others.values_list("department__short_name", flat=True))
        return not names <= {unit for unit, _ in self.line.get("parts", [])}

    @property
    def judge(self) -> User:
        return judges_of(self.task)[0]

    def file(self, *, on: date) -> ProgressReport:
        for unit, text in self.line.get("parts", []):
            self._save(Department.objects.get(short_name=unit), Filing(narrative=f"【演示】{text}"), on)
        lead = self.lead.department
        report = self._save(lead, self._filing(requirements_for(self.task, self.period)), on)
        for name, is_public in self.line.get("evidence", []):
            self._attach(report, lead, name, is_public=is_public, on=on)
        return hand_in(report, lead, at=noon(on))

    def _attach(self, report: ProgressReport, unit: Department, name: str, *, is_public: bool, on: date) -> None:
        """A sheet that says of itself that it is a sample."""
        words = [[self.task.code, "演示用佐证材料（样例），没有真实数据。"]]
        upload = File(
            worksheets.workbook([worksheets.Worksheet("演示", [("任务", 12), (name, 60)], words)]), f"{name}.xlsx"
        )
        said = {"caption": "演示用样例", "is_public": is_public, "by": person(Role.REPORTER, unit), "at": noon(on)}
        add_evidence(report=report, department=unit, upload=check(upload), **said)

    def _save(self, unit: Department, filing: Filing, on: date) -> ProgressReport:
        found = ProgressReport.objects.filter(task=self.task, period=self.period).first()
        return save_draft(
            task=self.task,
            period=self.period,
            department=unit,
            filing=filing,
            expected_version=found.version if found else 0,
            by=person(Role.REPORTER, unit),
            at=noon(on),
        )

    def _filing(self, requirements: ReportRequirements) -> Filing:
        findings = self._findings(requirements)
        paces = [pace for pace, _ in findings.values()] + [Pace.ON_COURSE for _ in requirements.remaining]
        short = [note for pace, note in findings.values() if pace not in {Pace.DONE, Pace.ON_COURSE} and note]
        due = [question for question in requirements.required_commitments if question.due]
        done = sum(findings[question.commitment.pk][0] == Pace.DONE for question in due)
        text = NARRATIVE.format(due=len(due), done=done, short=f"，{'；'.join(short)}" if short else "")
        return Filing(
            narrative=self.line.get("text", text if due else NOTHING_DUE),
            pace=self.line.get("pace", overall(paces)),
            pace_reason=self.line.get("pace_reason", ""),
            no_progress_reason=self.line.get("reason", ""),
            contradiction_reason=self.line.get("contradiction", ""),
            help_needed=self.line.get("help", ""),
            findings=findings,
            remaining_on_course=True,
            readings=self._readings(requirements),
        )

    def _findings(self, requirements: ReportRequirements) -> dict[int, tuple[str, str]]:
        """Done where due and on course where not, unless the file says otherwise of the words it quotes."""
        said = {
            question.commitment.pk: (Pace.DONE if question.due else Pace.ON_COURSE, "")
            for question in requirements.required_commitments
        }
        for words, pace, note in self.line.get("said", []):
            found = [q.commitment.pk for q in requirements.required_commitments if q.commitment.text.startswith(words)]
            if not found:
                raise LookupError(f"{self.task.code} {self.period.label}: nothing asked begins with {words}")
            said |= dict.fromkeys(found, (pace, note))
        return said

    def _readings(self, requirements: ReportRequirements) -> dict[int, tuple[Decimal | None, str]]:
        read = {n.indicator.pk: (n.target.value, "") for n in requirements.numbers if n.target}
        for name, value in self.line.get("read", []):
            found = [n.indicator.pk for n in requirements.numbers if n.indicator.name.startswith(name)]
            if not found:
                raise LookupError(f"{self.task.code} {self.period.label}: no number {name}")
            read[found[0]] = (Decimal(str(value)), "")
        return read

    def verify(self, report: ProgressReport, *, on: date) -> None:
        methods = list(Method.values)
        judged = {
            finding.commitment_id: (pace, note)
            for words, pace, note in self.line.get("judged", [])
            for finding in report.findings.all()
            if finding.wording_as_filed.startswith(words)
        }
        verdict = Verdict(
            pace=self.line.get("assessed", report.pace),
            how=self.line.get("how", methods[self.task.number % 3]),
            confidence=self.line.get("confidence", "high" if self.task.number % 2 else "medium"),
            note=f"【演示】{self.line['note']}" if "note" in self.line else "",
            findings=judged,
        )
        verify_report(report=report, verdict=verdict, by=self.judge, at=noon(on))

    def after_release(self) -> None:
        """Late filings and corrections, each as its own revision."""
        later = working_day(self.period.release_on, 8)
        if self.line["fate"] == "late":
            report = self.file(on=later)
            publish_revision(report=report, by=person(Role.PUBLISHER), at=noon(later))
            self.verify(report, on=later)
            publish_revision(report=report, by=person(Role.PUBLISHER), at=noon(later))
        if self.line["fate"] == "lapsed":
            self._lapse()
        if "correction" in self.line:
            name, value, reason_class, reason = self.line["correction"]
            self._correct(name, Decimal(str(value)), reason_class, reason, later)
        if "taken_down" in self.line:
            self._take_down(*self.line["taken_down"], later)
        if "objection" in self.line:
            self._object(*self.line["objection"], later)

    def _lapse(self) -> None:
        """Given time beyond the release, and silent all the same."""
        row = Publication.objects.current().get(task=self.task, period=self.period)
        publish_lapse(publication=row, by=person(Role.PUBLISHER), at=noon(working_day(row.extended_to, 1)))

    def _correct(self, name: str, value: Decimal, reason_class: str, reason: str, on: date) -> None:
        row = Publication.objects.current().get(task=self.task, period=self.period)
        indicator = row.readings.get(indicator__name__startswith=name).indicator_id
        right = Correction(readings={indicator: value}, narrative=self.line.get("corrected_text"))
        reporter = person(Role.REPORTER, self.lead.department)
        publish_right(row, Voice.UNIT, right, reason_class, reason, by=reporter, on=on)

    def _object(self, text: str, outcome: str, decision: str, on: date) -> None:
        row = Publication.objects.current().get(task=self.task, period=self.period)
        filed = file_objection(
            publication=row,
            text=f"【演示】{text}",
            by=person(Role.REPORTER, self.lead.department),
            at=noon(on),
        )
        decider, day = next(user for user in judges_of(self.task) if user != self.judge), working_day(on, 10)
        said = {"outcome": outcome, "decision": f"【演示】{decision}"}
        decide_objection(objection=filed, **said, by=decider, at=noon(day))
        if "corrected_verdict" in self.line:
            pace, note = self.line["corrected_verdict"]
            right = Correction(assessment_pace=pace, assessment_note=f"【演示】{note}")
            publish_right(row, Voice.SUPERVISOR, right, "data", decision, by=decider, on=day)

    def _take_down(self, basis: str, reason: str, on: date) -> None:
        row = Publication.objects.current().get(task=self.task, period=self.period)
        said = {"legal_basis": basis, "reason": f"【演示】{reason}"}
        take_down_publication(publication=row, **said, by=person(Role.PUBLISHER), at=noon(on))
