"""A made-up district of any size, written in bulk into a throw-away database: nothing of it is real or ever shown."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Model

from demo.samples.people import noon
from departments.models import CalendarDay, Department, Membership, Role, User
from progress.choices import Pace
from progress.models import Assessment, Contribution, Finding, ProgressReport, Reading, ReportingPeriod
from tasks.choices import PlanKind, PlanState
from tasks.models import Commitment, Indicator, Plan, Responsibility, Section, Target, Task

YEAR, QUARTER, PROMISES = 2017, 2, 4
OPENED, FILED, JUDGED, PUBLISHED = date(YEAR, 7, 1), date(YEAR, 7, 10), date(YEAR, 7, 20), date(YEAR, 7, 28)
# About as long as what a unit writes of a quarter.
WORDS = "完成改造若干处，验收若干处。存在问题：部分点位协调缓慢。下一步：逐点督办，年底前全部完成。" * 6


def in_bulk(rows: Iterable[Model]) -> list:
    rows = list(rows)
    return type(rows[0]).objects.bulk_create(rows, batch_size=500)


class District:
    """`units` units with `tasks` tasks each, spread over `plans` plans; of each a quarter still to be opened."""

    def __init__(self, *, plans: int, units: int, tasks: int):
        days = (date(YEAR, 1, 1) + timedelta(n) for n in range(365))
        in_bulk(CalendarDay(date=day, is_workday=day.weekday() < 5) for day in days)
        names = [*(f"第{number}局" for number in range(1, units + 1)), "督查室"]
        kind = {"level": "district", "name_basis": "inferred"}
        made = in_bulk(
            Department(slug=f"unit-{n}", short_name=name, full_name=name, **kind) for n, name in enumerate(names)
        )
        self.units, office = made[:-1], made[-1]
        self.reporter = _person(self.units[0], Role.REPORTER)
        self.supervisor, self.publisher = _person(office, Role.SUPERVISOR), _person(office, Role.PUBLISHER)
        self.periods = [self.add_plan(f"ap{n}", units * tasks // plans) for n in range(1, plans + 1)]

    def add_plan(self, slug: str, size: int) -> ReportingPeriod:
        year = {"starts_on": date(YEAR, 1, 1), "ends_on": date(YEAR, 12, 31), "tracked_from": date(YEAR, 1, 1)}
        plan = Plan.objects.create(
            slug=slug, kind=PlanKind.ACTION_PLAN, title=slug, state=PlanState.PUBLISHED, source_bytes=b"", **year
        )
        section = Section.objects.create(plan=plan, number=1, title="行动")
        place = {"plan": plan, "section": section}
        tasks = in_bulk(Task(**place, number=n, code=f"{slug}-{n}", title=f"第{n}项任务") for n in range(1, size + 1))
        self._promise(tasks)
        days = {"opens_on": OPENED, "due_on": FILED, "review_due_on": JUDGED, "release_on": PUBLISHED}
        return ReportingPeriod.objects.create(plan=plan, year=YEAR, index=QUARTER, **days)

    def _promise(self, tasks: list[Task]) -> None:
        owners = {"order": 1, "kind": "listed", "basis": "published"}
        in_bulk(
            Responsibility(task=task, department=self.units[n % len(self.units)], **owners)
            for n, task in enumerate(tasks)
        )
        words = {"source": "text", "text": WORDS[:40], "year": YEAR, "measurable": "yes"}
        in_bulk(
            Commitment(task=task, order=n, start=n, end=n + 1, **words)
            for task in tasks
            for n in range(1, PROMISES + 1)
        )
        counted = {"order": 1, "name": "改造", "unit": "处", "mode": "cumulative", "direction": "at_least"}
        aim = {"year": YEAR, "quarter": QUARTER, "direction": "at_least", "value": 40, "derived": True}
        in_bulk(
            Target(indicator=number, **aim) for number in in_bulk(Indicator(task=task, **counted) for task in tasks)
        )

    def file_and_verify(self, period: ReportingPeriod) -> None:
        """Every task filed by its unit and found on course by the supervisor."""
        tasks = list(period.plan.tasks.prefetch_related("commitments", "indicators", "responsibilities"))
        filed = {"submitted_by": self.reporter, "submitted_at": noon(FILED), "first_submitted_at": noon(FILED)}
        known = {"period": period, "status": "verified", "pace": "on_course", "version": 1}
        reports = in_bulk(ProgressReport(task=task, **known, **filed) for task in tasks)
        said = {"narrative": WORDS, "filed_by": self.reporter, "filed_at": noon(FILED)}
        units = [task.responsibilities.all()[0].department_id for task in tasks]
        parts = in_bulk(
            Contribution(report=report, department_id=unit, **said) for report, unit in zip(reports, units, strict=True)
        )
        rows = [({"report": part.report, "contribution": part}, part.report.task) for part in parts]
        in_bulk(
            Finding(**place, commitment=promise, pace=Pace.ON_COURSE, wording_as_filed=promise.text)
            for place, task in rows
            for promise in task.commitments.all()
        )
        in_bulk(
            Reading(**place, indicator=number, value=41) for place, task in rows for number in task.indicators.all()
        )
        word = {"pace": "on_course", "how": "paper", "confidence": "high", "assessed_by": self.supervisor}
        office = self.supervisor.current_memberships[0].department
        in_bulk(Assessment(report=report, **word, unit=office, assessed_at=noon(JUDGED)) for report in reports)


def _person(unit: Department, role: Role) -> User:
    user = User.objects.create(username=role, name=role.label)
    Membership.objects.create(user=user, department=unit, role=role)
    return user
