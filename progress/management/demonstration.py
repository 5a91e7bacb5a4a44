"""The demonstration: samples sent through the real deeds, on days of 2013 and 2017, from `fixtures/demo/`."""

import secrets
import tomllib
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from departments.actions import create_person
from departments.models import CalendarDay, Department, Membership, Role, User
from ledger.actions import Actor
from progress.actions import (
    Correction,
    Filing,
    Verdict,
    close_period,
    correct_publication,
    generate_periods,
    open_period,
    prepare_release,
    publish_release,
    publish_revision,
    recused,
    return_report,
    save_draft,
    submit_report,
    verify_report,
)
from progress.filing import Sheet, acting_lead, sheet_of
from progress.models import Pace, ProgressReport, Publication, ReportingPeriod
from progress.models.axes import Method
from progress.verdicts import overall
from tasks.actions import change_target, confirm_proposed, designate, set_tracked_from
from tasks.models import Plan, Responsibility, Target, Task
from yantian_portal.lib.errors import Refused

# Easy to read off a terminal: no 0O1lI.
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
PORTAL = Actor(post="系统")
NARRATIVE = "【演示】本季度应完成的 {due} 项中,{done} 项已完成{short}。下一步:按计划推进,逐项销号。"


def load_people(folder: Path, *, at: datetime) -> list[tuple[str, str, str, str]]:
    """Creates the accounts; returns (user name, password, unit, roles) to be shown once."""
    units = {unit.short_name: unit for unit in Department.objects.all()}
    rows = tomllib.loads((folder / "people.toml").read_text("utf-8"))["person"]
    named = {row["department"] for row in rows if "reporter" in row["roles"]}
    answering = Department.objects.filter(responsibilities__valid_to=None, responsibilities__isnull=False).distinct()
    rows += [
        {
            "username": unit.slug,
            "name": f"{unit.short_name}填报员(演示)",
            "department": unit.short_name,
            "roles": ["reporter"],
        }
        for unit in answering
        if unit.short_name not in named
    ]
    return [_account(row, units[row["department"]], at) for row in rows]


def _account(row: dict[str, Any], unit: Department, at: datetime) -> tuple[str, str, str, str]:
    password = "".join(secrets.choice(LETTERS) for _ in range(12))
    posts = [(unit, role) for role in row["roles"]]
    create_person(username=row["username"], name=row["name"], password=password, posts=posts, by=PORTAL, at=at)
    # The password is a throw-away already; having to change it would only stand between a visitor and the trial.
    User.objects.filter(username=row["username"]).update(must_change_password=False)
    return row["username"], password, unit.short_name, "、".join(Role(role).label for role in row["roles"])


def person(role: str, department: Department | None = None) -> User:
    posts = Membership.objects.of_role(role).select_related("user")
    return (posts.filter(department=department) if department else posts).first().user


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


class Stage:
    """One plan's quarters, played from its file."""

    def __init__(self, script: Path):
        self.script = tomllib.loads(script.read_text("utf-8"))
        self.plan = Plan.objects.get(slug=self.script["plan"])
        self.tasks = {
            task.number: task for task in self.plan.tasks.prefetch_related("commitments", "indicators__targets")
        }
        self.lines = {(line["task"], line["index"]): line for line in self.script.get("report", [])}
        self.supervisor, self.publisher = person(Role.SUPERVISOR), person(Role.PUBLISHER)

    def play(self, *, today: date) -> None:
        start = noon(self.script["tracked_from"])
        set_tracked_from(plan=self.plan, day=self.script["tracked_from"], by=PORTAL, at=start)
        self._name_units(start)
        generate_periods(plan=self.plan, by=self.supervisor, at=start, demonstration=True)
        for row in self.script["period"]:
            period = self.plan.periods.get(index=row["index"])
            if row.get("open_today"):
                self._open_today(period, today)
            else:
                self._quarter(period, row.get("opens_on"))

    def _name_units(self, at: datetime) -> None:
        by = self.supervisor.actor(Role.SUPERVISOR)
        for row in self.script.get("lead", []):
            unit = Department.objects.get(short_name=row["department"])
            designate(task=self.tasks[row["task"]], department=unit, kind=Responsibility.Kind.LEAD, by=by, at=at)
        confirm_proposed(tasks=[self.tasks[number] for number in self.script.get("confirmed", [])], by=by, at=at)

    def _open_today(self, period: ReportingPeriod, today: date) -> None:
        try:
            open_period(period=period, by=self.supervisor, at=noon(today), on=today)
        except Refused:
            # No official calendar for this year yet: staff cannot open periods in it, and neither can we.
            return

    def _quarter(self, period: ReportingPeriod, opens_on: date | None) -> None:
        period = open_period(period=period, by=self.supervisor, at=noon(opens_on or period.opens_on), on=opens_on)
        for task in self.tasks.values():
            Part(self, task, period).play()
        close_period(period=period, by=self.supervisor, at=noon(period.review_due_on))
        withheld = {
            self.tasks[number].pk: line["note"]
            for (number, index), line in self.lines.items()
            if index == period.index and line.get("fate") == "withheld"
        }
        release = prepare_release(period=period, withheld=withheld, by=self.supervisor, at=noon(period.review_due_on))
        publish_release(release=release, by=self.publisher, at=noon(period.release_on))
        period.refresh_from_db()
        for task in self.tasks.values():
            Part(self, task, period).after_release()
        self._change_targets(period)

    def _change_targets(self, period: ReportingPeriod) -> None:
        for row in self.script.get("change", []):
            if row["index"] != period.index:
                continue
            target = Target.objects.in_force().get(
                indicator__task=self.tasks[row["task"]],
                indicator__name__contains=row["indicator"],
                quarter=row.get("quarter"),
            )
            change_target(
                target=target,
                value=Decimal(str(row["value"])),
                value_max=None,
                reason=row["reason"],
                basis_document=row["basis"],
                approving_body=row["approved_by"],
                approved_on=period.release_on,
                by=self.supervisor.actor(Role.SUPERVISOR),
                at=noon(period.release_on),
                demonstration=True,
            )


class Part:
    """One task in one quarter: what its unit files and what becomes of it."""

    def __init__(self, stage: Stage, task: Task, period: ReportingPeriod):
        self.stage, self.task, self.period = stage, task, period
        self.line = stage.lines.get((task.number, period.index), {})
        self.fate = self.line.get("fate", stage.script.get("default_fate", "verified"))

    def play(self) -> None:
        """In time, unless the file says that it comes late or not at all."""
        if self.fate in {"missing", "late"} or not self.lead:
            return
        report = self.file(on=self.period.due_on if self.line.get("last_day") else self.stage_day(5))
        if self.fate == "returned":
            judge = self.judge
            return_report(report=report, reason=self.line["note"], by=judge, at=noon(self.period.review_due_on))
        elif self.fate in {"verified", "withheld"}:
            self.verify(report, on=self.period.review_due_on)

    def stage_day(self, days: int) -> date:
        return CalendarDay.objects.working_day_after(self.period.opens_on, days)[0]

    @property
    def lead(self):
        return acting_lead(list(self.task.responsibilities.in_force().select_related("department")))

    @property
    def judge(self) -> User:
        supervisors = User.objects.filter(memberships__role=Role.SUPERVISOR).order_by("id")
        return next(user for user in supervisors if not recused(self.task, user))

    def file(self, *, on: date) -> ProgressReport:
        for unit, text in self.line.get("parts", []):
            self._save(Department.objects.get(short_name=unit), Filing(narrative=f"【演示】{text}"), on)
        report = self._save(self.lead.department, self._filing(sheet_of(self.task, self.period)), on)
        return submit_report(
            report=report, by=report.contributions.get(department=self.lead.department).filed_by, at=noon(on)
        )

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

    def _filing(self, sheet: Sheet) -> Filing:
        findings = self._findings(sheet)
        paces = [pace for pace, _ in findings.values()] + [Pace.ON_COURSE for _ in sheet.rest]
        short = [note for pace, note in findings.values() if pace not in {Pace.DONE, Pace.ON_COURSE} and note]
        due = [question for question in sheet.questions if question.due]
        done = sum(findings[question.commitment.pk][0] == Pace.DONE for question in due)
        text = NARRATIVE.format(due=len(due), done=done, short=f",{';'.join(short)}" if short else "")
        return Filing(
            narrative=self.line.get("text", text)
            if due
            else self.line.get("text", "【演示】各项按计划推进。下一步:继续落实。"),
            pace=self.line.get("pace", overall(paces)),
            pace_reason=self.line.get("pace_reason", ""),
            no_progress_reason=self.line.get("reason", ""),
            contradiction_reason=self.line.get("contradiction", ""),
            help_needed=self.line.get("help", ""),
            findings=findings,
            rest_on_course=True,
            readings=self._readings(sheet),
        )

    def _findings(self, sheet: Sheet) -> dict[int, tuple[str, str]]:
        """Done where due and on course where not, unless the file says otherwise of the words it quotes."""
        said = {
            question.commitment.pk: (Pace.DONE if question.due else Pace.ON_COURSE, "") for question in sheet.questions
        }
        for words, pace, note in self.line.get("said", []):
            found = [q.commitment.pk for q in sheet.questions if q.commitment.text.startswith(words)]
            if not found:
                raise LookupError(f"{self.task.code} {self.period.label}: nothing asked begins with {words}")
            said |= dict.fromkeys(found, (pace, note))
        return said

    def _readings(self, sheet: Sheet) -> dict[int, tuple[Decimal | None, str]]:
        read = {n.indicator.pk: (n.target.value, "") for n in sheet.numbers if n.target}
        for name, value in self.line.get("read", []):
            found = [n.indicator.pk for n in sheet.numbers if n.indicator.name.startswith(name)]
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
        later = CalendarDay.objects.working_day_after(self.period.release_on, 8)[0]
        if self.fate == "late":
            report = self.file(on=later)
            publish_revision(report=report, by=self.stage.publisher, at=noon(later))
            self.verify(report, on=later)
            publish_revision(report=report, by=self.stage.publisher, at=noon(later))
        if "correction" in self.line:
            name, value, reason_class, reason = self.line["correction"]
            self._correct(name, Decimal(str(value)), reason_class, reason, later)

    def _correct(self, name: str, value: Decimal, reason_class: str, reason: str, on: date) -> None:
        row = Publication.objects.current().get(task=self.task, period=self.period)
        indicator = row.readings.get(indicator__name__startswith=name).indicator_id
        correct_publication(
            publication=row,
            correction=Correction(readings={indicator: value}),
            reason_class=reason_class,
            reason=f"【演示】{reason}",
            by=self.stage.publisher,
            at=noon(on),
        )
