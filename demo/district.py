"""A made-up district of any size, written in bulk into a throw-away database; never shown."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain, product
from typing import TypeVar

from django.db.models import Model, QuerySet

from demo.samples.people import noon
from departments.choices import DepartmentLevel, NameBasis
from departments.models import CalendarDay, Department, Membership, User
from departments.roles import Role
from progress.choices import Confidence, Method, Pace, ReportStatus
from progress.models import (
    Assessment,
    Contribution,
    Finding,
    ProgressReport,
    Reading,
    ReportingPeriod,
)
from tasks.choices import (
    CommitmentSource,
    IndicatorMode,
    Measurability,
    PlanKind,
    PlanState,
    ResponsibilityBasis,
    ResponsibilityKind,
    TargetDirection,
)
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


Row = TypeVar("Row", bound=Model)


def bulk_create(rows: Iterable[Row]) -> list[Row]:
    """Inserts rows of one model, at least one, and returns them."""
    rows = list(rows)
    table: QuerySet[Row] = QuerySet(type(rows[0]))
    return table.bulk_create(rows, batch_size=500)


class District:
    """Units and their tasks, spread over some plans, each with one quarter still to be opened.

    `tasks` is the number of tasks of each of the `units`.
    """

    def __init__(self, *, plans: int, units: int, tasks: int):
        _load_calendar()
        *self.units, office = _create_departments(units)
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
        plan = Plan.objects.create(
            slug=slug,
            kind=PlanKind.ACTION_PLAN,
            title=slug,
            state=PlanState.PUBLISHED,
            source_bytes=b"",
            starts_on=date(YEAR, 1, 1),
            ends_on=date(YEAR, 12, 31),
            tracked_from=date(YEAR, 1, 1),
        )
        section = Section.objects.create(plan=plan, number=1, title="行动")
        tasks = bulk_create(
            Task(plan=plan, section=section, number=n, code=f"{slug}-{n}", title=f"第{n}项任务")
            for n in range(1, size + 1)
        )
        self._add_promises(tasks)
        return ReportingPeriod.objects.create(
            plan=plan,
            year=YEAR,
            index=QUARTER,
            opens_on=OPENED,
            due_on=FILED,
            review_due_on=ASSESSED,
            release_on=PUBLISHED,
        )

    def _add_promises(self, tasks: list[Task]) -> None:
        """Gives each task a unit, its commitments and one target."""
        bulk_create(
            Responsibility(
                task=task,
                department=self.units[number % len(self.units)],
                order=1,
                kind=ResponsibilityKind.LISTED,
                basis=ResponsibilityBasis.PUBLISHED,
            )
            for number, task in enumerate(tasks)
        )
        numbers = range(1, COMMITMENTS_PER_TASK + 1)
        bulk_create(_build_commitment(task, number) for task, number in product(tasks, numbers))
        indicators = bulk_create(map(_build_indicator, tasks))
        bulk_create(map(_build_target, indicators))

    def file_and_verify(self, period: ReportingPeriod) -> None:
        """Every task reported by its unit and assessed as on course by the supervisor."""
        tasks = period.plan.tasks.prefetch_related("commitments", "indicators", "responsibilities")
        reports = bulk_create(self._build_report(task, period) for task in tasks)
        parts = bulk_create(map(self._build_part, reports))
        bulk_create(chain.from_iterable(map(_build_findings, parts)))
        bulk_create(chain.from_iterable(map(_build_readings, parts)))
        office = self.supervisor.current_memberships[0].department
        bulk_create(
            Assessment(
                report=report,
                pace=Pace.ON_COURSE,
                how=Method.PAPER,
                confidence=Confidence.HIGH,
                assessed_by=self.supervisor,
                unit=office,
                assessed_at=noon(ASSESSED),
            )
            for report in reports
        )

    def _build_report(self, task: Task, period: ReportingPeriod) -> ProgressReport:
        return ProgressReport(
            task=task,
            period=period,
            status=ReportStatus.VERIFIED,
            pace=Pace.ON_COURSE,
            version=1,
            submitted_by=self.reporter,
            submitted_at=noon(FILED),
            first_submitted_at=noon(FILED),
        )

    def _build_part(self, report: ProgressReport) -> Contribution:
        return Contribution(
            report=report,
            department_id=report.task.responsibilities.all()[0].department_id,
            narrative=NARRATIVE_TEXT,
            filed_by=self.reporter,
            filed_at=noon(FILED),
        )


def _build_commitment(task: Task, number: int) -> Commitment:
    return Commitment(
        task=task,
        order=number,
        source=CommitmentSource.TEXT,
        text=NARRATIVE_TEXT[:40],
        start=number,
        end=number + 1,
        year=YEAR,
        measurable=Measurability.YES,
    )


def _build_indicator(task: Task) -> Indicator:
    return Indicator(
        task=task,
        order=1,
        name="改造",
        unit="处",
        mode=IndicatorMode.CUMULATIVE,
        direction=TargetDirection.AT_LEAST,
    )


def _build_target(indicator: Indicator) -> Target:
    return Target(
        indicator=indicator,
        year=YEAR,
        quarter=QUARTER,
        direction=TargetDirection.AT_LEAST,
        value=40,
        derived=True,
    )


def _build_findings(part: Contribution) -> Iterator[Finding]:
    for commitment in part.report.task.commitments.all():
        yield Finding(
            report=part.report,
            contribution=part,
            commitment=commitment,
            pace=Pace.ON_COURSE,
            wording_as_filed=commitment.text,
        )


def _build_readings(part: Contribution) -> Iterator[Reading]:
    for indicator in part.report.task.indicators.all():
        yield Reading(report=part.report, contribution=part, indicator=indicator, value=41)


def _load_calendar() -> None:
    days = (date(YEAR, 1, 1) + timedelta(n) for n in range(365))
    bulk_create(CalendarDay(date=day, is_workday=day.weekday() < 5) for day in days)


def _create_departments(units: int) -> list[Department]:
    """So many units, and behind them the office of the supervisors."""
    names = [*(f"第{number}局" for number in range(1, units + 1)), "督查室"]
    return bulk_create(
        Department(
            slug=f"unit-{number}",
            short_name=name,
            full_name=name,
            level=DepartmentLevel.DISTRICT,
            name_basis=NameBasis.INFERRED,
        )
        for number, name in enumerate(names)
    )


def _create_person(unit: Department, role: Role) -> User:
    user = User.objects.create(username=role, name=role.label)
    Membership.objects.create(user=user, department=unit, role=role)
    return user
