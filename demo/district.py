"""A made-up district of any size, written in bulk into a throw-away database; never shown."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Model

from demo.samples.people import noon
from departments.models import CalendarDay, Department, Membership, Role, User
from progress.choices import Pace
from progress.models import (
    Assessment,
    Contribution,
    Finding,
    ProgressReport,
    Reading,
    ReportingPeriod,
)
from tasks.choices import PlanKind, PlanState
from tasks.models import Commitment, Indicator, Plan, Responsibility, Section, Target, Task

YEAR, QUARTER, COMMITMENTS_PER_TASK = 2017, 2, 4
OPENED, FILED, ASSESSED, PUBLISHED = (
    date(YEAR, 7, 1),
    date(YEAR, 7, 10),
    date(YEAR, 7, 20),
    date(YEAR, 7, 28),
)
# About as long as the narrative a unit writes for a quarter.
NARRATIVE_TEXT = (
    "完成改造若干处，验收若干处。存在问题：部分点位协调缓慢。下一步：逐点督办，年底前全部完成。" * 6
)


def bulk_create(rows: Iterable[Model]) -> list:
    """Inserts rows of one model, at least one, and returns them."""
    rows = list(rows)
    return type(rows[0]).objects.bulk_create(rows, batch_size=500)


class District:
    """Units and their tasks, spread over some plans, each with one quarter still to be opened.

    `tasks` is the number of tasks of each of the `units`.
    """

    def __init__(self, *, plans: int, units: int, tasks: int):
        days = (date(YEAR, 1, 1) + timedelta(n) for n in range(365))
        bulk_create(CalendarDay(date=day, is_workday=day.weekday() < 5) for day in days)
        names = [*(f"第{number}局" for number in range(1, units + 1)), "督查室"]
        common = {"level": "district", "name_basis": "inferred"}
        departments = bulk_create(
            Department(slug=f"unit-{n}", short_name=name, full_name=name, **common)
            for n, name in enumerate(names)
        )
        self.units, office = departments[:-1], departments[-1]
        self.reporter = _create_person(self.units[0], Role.REPORTER)
        self.supervisor, self.publisher = (
            _create_person(office, Role.SUPERVISOR),
            _create_person(office, Role.PUBLISHER),
        )
        self.periods = [
            self.add_plan(f"ap{n}", units * tasks // plans) for n in range(1, plans + 1)
        ]

    def add_plan(self, slug: str, size: int) -> ReportingPeriod:
        """Writes a published plan with `size` tasks; returns its quarter, still to be opened."""
        year = {
            "starts_on": date(YEAR, 1, 1),
            "ends_on": date(YEAR, 12, 31),
            "tracked_from": date(YEAR, 1, 1),
        }
        plan = Plan.objects.create(
            slug=slug,
            kind=PlanKind.ACTION_PLAN,
            title=slug,
            state=PlanState.PUBLISHED,
            source_bytes=b"",
            **year,
        )
        section = Section.objects.create(plan=plan, number=1, title="行动")
        tasks = bulk_create(
            Task(plan=plan, section=section, number=n, code=f"{slug}-{n}", title=f"第{n}项任务")
            for n in range(1, size + 1)
        )
        self._add_promises(tasks)
        days = {
            "opens_on": OPENED,
            "due_on": FILED,
            "review_due_on": ASSESSED,
            "release_on": PUBLISHED,
        }
        return ReportingPeriod.objects.create(plan=plan, year=YEAR, index=QUARTER, **days)

    def _add_promises(self, tasks: list[Task]) -> None:
        """Gives each task a unit, its commitments and one target."""
        listed = {"order": 1, "kind": "listed", "basis": "published"}
        bulk_create(
            Responsibility(task=task, department=self.units[n % len(self.units)], **listed)
            for n, task in enumerate(tasks)
        )
        fields = {"source": "text", "text": NARRATIVE_TEXT[:40], "year": YEAR, "measurable": "yes"}
        bulk_create(
            Commitment(task=task, order=n, start=n, end=n + 1, **fields)
            for task in tasks
            for n in range(1, COMMITMENTS_PER_TASK + 1)
        )
        indicator_fields = {
            "order": 1,
            "name": "改造",
            "unit": "处",
            "mode": "cumulative",
            "direction": "at_least",
        }
        target_fields = {
            "year": YEAR,
            "quarter": QUARTER,
            "direction": "at_least",
            "value": 40,
            "derived": True,
        }
        indicators = bulk_create(Indicator(task=task, **indicator_fields) for task in tasks)
        bulk_create(Target(indicator=indicator, **target_fields) for indicator in indicators)

    def file_and_verify(self, period: ReportingPeriod) -> None:
        """Every task reported by its unit and assessed as on course by the supervisor."""
        tasks = list(
            period.plan.tasks.prefetch_related("commitments", "indicators", "responsibilities")
        )
        filed = {
            "submitted_by": self.reporter,
            "submitted_at": noon(FILED),
            "first_submitted_at": noon(FILED),
        }
        verified = {"period": period, "status": "verified", "pace": "on_course", "version": 1}
        reports = bulk_create(ProgressReport(task=task, **verified, **filed) for task in tasks)
        written = {"narrative": NARRATIVE_TEXT, "filed_by": self.reporter, "filed_at": noon(FILED)}
        units = [task.responsibilities.all()[0].department_id for task in tasks]
        parts = bulk_create(
            Contribution(report=report, department_id=unit, **written)
            for report, unit in zip(reports, units, strict=True)
        )
        rows = [({"report": part.report, "contribution": part}, part.report.task) for part in parts]
        bulk_create(
            Finding(
                **parents,
                commitment=commitment,
                pace=Pace.ON_COURSE,
                wording_as_filed=commitment.text,
            )
            for parents, task in rows
            for commitment in task.commitments.all()
        )
        bulk_create(
            Reading(**parents, indicator=indicator, value=41)
            for parents, task in rows
            for indicator in task.indicators.all()
        )
        verdict = {
            "pace": "on_course",
            "how": "paper",
            "confidence": "high",
            "assessed_by": self.supervisor,
        }
        office = self.supervisor.current_memberships[0].department
        bulk_create(
            Assessment(report=report, **verdict, unit=office, assessed_at=noon(ASSESSED))
            for report in reports
        )


def _create_person(unit: Department, role: Role) -> User:
    user = User.objects.create(username=role, name=role.label)
    Membership.objects.create(user=user, department=unit, role=role)
    return user
