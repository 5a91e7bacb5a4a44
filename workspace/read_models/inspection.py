"""迎检包: what an inspector gets of a plan, a unit or a task, within the person's sight."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch, QuerySet, Sum
from django.template.defaultfilters import filesizeformat

from departments.models import Department, User
from departments.roles import UNIT_ROLES
from progress.choices import PeriodState
from progress.models import (
    AssessedFinding,
    Assessment,
    Contribution,
    Evidence,
    Finding,
    ProgressReport,
    Reading,
    ReportingPeriod,
)
from progress.permissions import can_read_every_unit
from publishing.models import Publication
from tasks.models import Plan, Responsibility, Task
from tasks.querysets import TaskQuerySet


def tasks_in_sight(user: User) -> TaskQuerySet:
    """The tasks a person may gather: units their own, others all. Reports have their own check."""
    tasks = Task.objects.published()
    if can_read_every_unit(user):
        return tasks
    return tasks.answered_for_by(user.department_ids(*UNIT_ROLES))


@dataclass(frozen=True)
class InspectionScope:
    """What is gathered, for whom. At least one of plan, unit and task is given."""

    user: User
    plan: Plan | None = None
    department: Department | None = None
    task: Task | None = None

    @property
    def name(self) -> str:
        names = [
            self.plan.name if self.plan else "",
            self.department.short_name if self.department else "",
            self.task.code if self.task else "",
        ]
        return "-".join(filter(None, names))

    def tasks(self) -> TaskQuerySet:
        tasks = tasks_in_sight(self.user)
        if self.plan:
            tasks = tasks.filter(plan=self.plan)
        if self.department:
            tasks = tasks.answered_for_by([self.department.pk])
        return tasks.filter(pk=self.task.pk) if self.task else tasks

    def reports(self) -> QuerySet[ProgressReport]:
        """Reports that were submitted and not taken back: a draft is no statement yet."""
        visible = ProgressReport.objects.visible_to(self.user).handed_in()
        return visible.filter(task__in=self.tasks().values("pk"))

    def evidence(self) -> QuerySet[Evidence]:
        return Evidence.objects.visible_to(self.user).filter(
            contribution__report__in=self.reports().values("pk")
        )


@dataclass(frozen=True)
class Extent:
    """How much a package will hold, before it is made."""

    tasks: int
    reports: int
    files: int
    size: int


def extent_of(scope: InspectionScope) -> Extent:
    """The counts and bytes of what would be packed. Four queries."""
    papers = scope.evidence()
    size = papers.aggregate(size=Sum("size"))["size"] or 0
    return Extent(scope.tasks().count(), scope.reports().count(), papers.count(), size)


def packing_refusal_reason(scope: InspectionScope, extent: Extent) -> str:
    """Why so much is not packed at once, and what to do; empty if it is packed."""
    if extent.size <= settings.INSPECTION_MAX_BYTES:
        return ""
    most = filesizeformat(settings.INSPECTION_MAX_BYTES)
    reason = f"佐证材料共 {filesizeformat(extent.size)}，一次最多打包 {most}，没有打包。"
    if scope.task:
        return f"{reason}一项任务已经超过上限，请系统管理员调高 INSPECTION_MAX_MB。"
    return f"{reason}请再选一个责任单位，或者填一个任务编号，分几次下载。"


@dataclass(frozen=True)
class InspectionRow:
    """One task in one period. `report` is None where none was submitted, or none is in sight."""

    number: int
    task: Task
    # The units that answer for the task today.
    responsibilities: list[Responsibility]
    period: ReportingPeriod
    report: ProgressReport | None
    publication: Publication | None

    @property
    def key(self) -> str:
        """Task code and quarter: wp2013-18-2013-2."""
        return f"{self.task.code}-{self.period.address}"

    @property
    def contributions(self) -> list[Contribution]:
        return list(self.report.contributions.all()) if self.report else []

    @property
    def evidence(self) -> list[Evidence]:
        return [paper for part in self.contributions for paper in part.evidence.all()]

    @property
    def assessments(self) -> list[Assessment]:
        """Every assessment of the report, oldest first."""
        return list(self.report.assessments.all()) if self.report else []

    @property
    def assessment(self) -> Assessment | None:
        return next((row for row in self.assessments if row.is_current), None)

    @property
    def demonstration(self) -> bool:
        return self.period.demonstration


def inspection_rows(scope: InspectionScope) -> list[InspectionRow]:
    """Tasks in the order of their plans, each with its quarters that were ever opened."""
    tasks = _tasks(scope)
    periods = _opened_periods({task.plan_id for task, _ in tasks})
    reports, published = _reports(scope), _publications([task for task, _ in tasks])
    rows: list[InspectionRow] = []
    for task, responsibilities in tasks:
        for period in periods[task.plan_id]:
            key = (task.pk, period.pk)
            row = InspectionRow(
                number=len(rows) + 1,
                task=task,
                responsibilities=responsibilities,
                period=period,
                report=reports.get(key),
                publication=published.get(key),
            )
            rows.append(row)
    return rows


def _opened_periods(plans: set[int]) -> dict[int, list[ReportingPeriod]]:
    """Plan id -> its quarters that were ever opened, oldest first."""
    rows = ReportingPeriod.objects.filter(plan__in=plans).exclude(state=PeriodState.SCHEDULED)
    periods: dict[int, list[ReportingPeriod]] = defaultdict(list)
    for row in rows.with_plan().order_by("year", "index"):
        periods[row.plan_id].append(row)
    return periods


def _tasks(scope: InspectionScope) -> list[tuple[Task, list[Responsibility]]]:
    """Each task with the units that answer for it today, in the order of the plans."""
    in_force = Responsibility.objects.in_force().select_related("department").order_by("order")
    tasks = scope.tasks().with_plan().order_by("-plan__starts_on", "plan", "number")
    rows = tasks.prefetch_related(
        "commitments", Prefetch("responsibilities", in_force, to_attr="answering")
    )
    return [(task, task.answering) for task in rows]


def _reports(scope: InspectionScope) -> dict[tuple[int, int], ProgressReport]:
    """(task id, period id) -> the report with all its parts."""
    parts = Contribution.objects.select_related("department").prefetch_related("evidence")
    judged = AssessedFinding.objects.select_related("finding")
    assessments = Assessment.objects.select_related("unit").order_by("pk")
    rows = scope.reports().prefetch_related(
        Prefetch("contributions", parts.order_by("pk")),
        Prefetch("findings", Finding.objects.order_by("commitment__order")),
        Prefetch(
            "readings", Reading.objects.select_related("indicator").order_by("indicator__order")
        ),
        Prefetch("assessments", assessments.prefetch_related(Prefetch("findings", judged))),
    )
    return {(row.task_id, row.period_id): row for row in rows}


def _publications(tasks: list[Task]) -> dict[tuple[int, int], Publication]:
    """(task id, period id) -> what is published now."""
    rows = Publication.objects.current().filter(task__in=[task.pk for task in tasks])
    light = rows.defer("content", "narrative", "assessment_note")
    return {(row.task_id, row.period_id): row for row in light}
