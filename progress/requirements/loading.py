"""Reads report requirements from the database, any number in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from progress.choices import FLAGGED
from progress.models import (
    Assessment,
    Breakdown,
    Contribution,
    Nudge,
    ProgressReport,
    ReportingPeriod,
)
from progress.requirements.deadlines import Deadline, deadlines_for
from progress.requirements.items import numbers_of, split_commitments
from progress.requirements.report import ReportRequirements
from tasks.models import ChangeRequest, Commitment, Indicator, Responsibility, Task


@dataclass(frozen=True)
class TaskRows:
    """A task with the rows its requirements follow from, each list as it is in force now."""

    task: Task
    responsibilities: list[Responsibility]
    closings: list[ChangeRequest]
    nodes: list[Breakdown]


def requirements_for(task: Task, period: ReportingPeriod) -> ReportRequirements:
    """The requirements of one task in one period, read anew from the database."""
    return requirements_for_all([(task, period)])[0]


def requirements_for_all(pairs: Iterable[tuple[Task, ReportingPeriod]]) -> list[ReportRequirements]:
    """The requirements of each pair of task and period, in the order of the pairs.

    The tasks are read anew, so that none is out of date. The number of queries is constant.
    """
    keys = [(task.pk, period) for task, period in pairs]
    task_ids = {pk for pk, _ in keys}
    tasks, deadlines = _load_tasks(task_ids), deadlines_for(keys)
    reports, nudges = _load_reports(task_ids), _load_nudges(tasks)
    return [
        _build(tasks[pk], deadlines[pk, period.pk], reports[pk], nudges[pk, period.pk])
        for pk, period in keys
    ]


def _load_tasks(task_ids: set[int]) -> dict[int, TaskRows]:
    """Each query names its order within a task: the default ones would join the tables above it."""
    by_indicator = ("indicator__order", "year", "quarter", "id")
    nodes = Breakdown.objects.confirmed().select_related("indicator").order_by(*by_indicator)
    closings = ChangeRequest.objects.closing().order_by("approved_on", "id")
    in_force = Responsibility.objects.in_force().select_related("department").order_by("order")
    tasks = Task.objects.filter(pk__in=task_ids).order_by()
    tasks = tasks.prefetch_related(
        Prefetch("commitments", Commitment.objects.order_by("order")),
        "commitments__due_changes",
        Prefetch("change_requests", closings, to_attr="closings"),
        Prefetch("indicators", Indicator.objects.order_by("order")),
        "indicators__targets",
        Prefetch("breakdowns", nodes, to_attr="nodes"),
        Prefetch("responsibilities", in_force, to_attr="answering"),
    )
    return {task.pk: TaskRows(task, task.answering, task.closings, task.nodes) for task in tasks}


def _load_reports(task_ids: set[int]) -> dict[int, list[ProgressReport]]:
    """Task id -> all its reports, oldest first: earlier findings decide what is required now."""
    reports = ProgressReport.objects.filter(task__in=task_ids).order_by(
        "period__year", "period__index"
    )
    reports = reports.select_related("period", "submitted_by", "sent_by", "signed_by")
    assessments = Assessment.objects.select_related("unit", "assessed_by").prefetch_related(
        "findings"
    )
    contributions = Contribution.objects.select_related("department", "filed_by")
    by_task = defaultdict(list)
    for report in reports.prefetch_related(
        Prefetch("contributions", contributions),
        "contributions__evidence",
        "findings",
        "readings",
        Prefetch("assessments", assessments),
    ):
        by_task[report.task_id].append(report)
    return by_task


def _load_nudges(tasks: dict[int, TaskRows]) -> dict[tuple[int, int], list[Nudge]]:
    """(task id, period id) -> the nudges, oldest first; no query where no task has partners."""
    joint = [pk for pk, rows in tasks.items() if len(rows.responsibilities) > 1]
    nudges: dict[tuple[int, int], list[Nudge]] = defaultdict(list)
    if joint:
        rows = Nudge.objects.filter(task__in=joint).select_related("department", "lead")
        for row in rows.order_by("pk"):
            nudges[row.task_id, row.period_id].append(row)
    return nudges


def _build(
    rows: TaskRows, deadline: Deadline, reports: list[ProgressReport], nudges: list[Nudge]
) -> ReportRequirements:
    """`reports`: every report of the task, oldest first; so `nudges`."""
    period = deadline.period
    report = next((report for report in reports if report.period_id == period.pk), None)
    before = [report for report in reports if report.period.is_before(period)]
    required, remaining = split_commitments(rows.task, period, _flagged(before))
    requirements = ReportRequirements(
        rows.task,
        period,
        report,
        deadline,
        rows.responsibilities,
        rows.closings,
        rows.nodes,
        required,
        remaining,
        numbers_of(rows.task, period, rows.nodes),
        nudges={row.department_id: row for row in nudges},
        first_nudged_on={row.department_id: row.nudged_on for row in reversed(nudges)},
        before=before,
    )
    if report:
        report.task, report.period = rows.task, period
        _add_answers(requirements, report)
    return requirements


def _add_answers(requirements: ReportRequirements, report: ProgressReport) -> None:
    requirements.contributions = {row.department_id: row for row in report.contributions.all()}
    requirements.findings = {row.commitment_id: row for row in report.findings.all()}
    requirements.readings = {row.indicator_id: row for row in report.readings.all()}


def _flagged(before: list[ProgressReport]) -> set[int]:
    """Ids of the commitments to be followed up, by their latest finding in a submitted report."""
    latest: dict[int, str] = {}
    for report in before:
        if report.is_handed_in:
            latest |= {finding.commitment_id: finding.pace for finding in report.findings.all()}
    return {commitment for commitment, pace in latest.items() if pace in FLAGGED}
