"""Which rows wait for a person: to be filed, to be assessed, to be published after all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q
from django.urls import reverse

from departments.models import Role, User
from progress.actions.signing import authored_by
from progress.choices import PeriodState, ReportStatus
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod, Unlock
from progress.permissions import can_review
from progress.requirements.deadlines import Deadline, deadlines_for, takes_filings
from progress.requirements.flags import review_flags
from progress.requirements.report import ReportRequirements, acting_lead, requirements_for_all
from progress.requirements.tasks import still_asked
from publishing.models import Publication
from tasks.models import Responsibility, Task
from tasks.querysets import source_document_fields
from tasks.recusal import recusing_units
from workspace.addresses import task_address


def unfinished(user: User, today: date) -> list[tuple[Task, ReportingPeriod]]:
    """What the person's units may still write: all of every open quarter; elsewhere what was begun, returned, or
    given more time."""
    units = user.department_ids(Role.REPORTER)
    if not units:
        return []
    tasks = list(Task.objects.answered_for_by(units).order_by("plan", "number"))
    periods = ReportingPeriod.objects.open().quarters().with_plan()
    pairs = still_asked(tasks, periods)
    after = Q(status=ReportStatus.RETURNED) | Q(status=ReportStatus.DRAFT, period__state=PeriodState.RELEASED)
    elsewhere = ProgressReport.objects.filter(after, task__in=tasks).exclude(period__state=PeriodState.OPEN)
    granted = {"task__in": tasks, "period__state__in": [PeriodState.CLOSED, PeriodState.RELEASED]}
    rows = [
        *elsewhere.with_related(),
        # A release does not take back the days that were granted.
        *ExtensionRequest.objects.running(today).filter(**granted).with_related(),
        *Unlock.objects.running(today).filter(task__in=tasks, period__state=PeriodState.CLOSED).with_related(),
    ]
    return pairs + list({(row.task_id, row.period_id): (row.task, row.period) for row in rows}.values())


def writable_requirements(user: User, today: date, unit: int | None = None) -> list[ReportRequirements]:
    """The same as sheets, those that are free now; of one unit only, if asked. A constant number of queries."""
    free = [
        requirements
        for requirements in requirements_for_all(unfinished(user, today))
        if requirements.can_be_edited(today)
    ]
    return [
        requirements
        for requirements in free
        if unit is None or unit in {row.department_id for row in requirements.responsibilities}
    ]


def to_sign(user: User, today: date) -> list[tuple[ProgressReport, Deadline]]:
    """Reports before the signers of the person's units, but for those the person wrote, with their days."""
    units = user.department_ids(Role.SIGNER)
    if not units:
        return []
    rows = ProgressReport.objects.filter(status=ReportStatus.SIGNING, task__in=Task.objects.answered_for_by(units))
    answering = Prefetch("task__responsibilities", Responsibility.objects.in_force(), to_attr="answering")
    rows = rows.with_related().select_related("sent_by").prefetch_related(answering, "contributions")
    mine = [row for row in rows.order_by("period", "task__number") if _may_sign(row, user, units)]
    deadlines = deadlines_for((row.task_id, row.period) for row in mine)
    dated = [(row, deadlines[row.task_id, row.period_id]) for row in mine]
    return [(row, deadline) for row, deadline in dated if takes_filings(deadline, row, today=today)]


def _may_sign(report: ProgressReport, user: User, units: set[int]) -> bool:
    lead = acting_lead(report.task.answering)
    return lead is not None and lead.department_id in units and not authored_by(report, lead.department_id, user)


def never_filed(user: User, today: date) -> list[tuple[Task, ReportingPeriod]]:
    """Published without a word and still without a report: the person's units may file late."""
    units = user.department_ids(Role.REPORTER)
    if not units:
        return []
    rows = Publication.objects.never_filed(today).filter(task__in=Task.objects.answered_for_by(units))
    rows = rows.select_related("task", "period__plan").order_by("-period__year", "-period__index", "task__number")
    light = rows.defer("content", *source_document_fields("period__plan"), "task__search_text")
    return [(row.task, row.period) for row in light]


@dataclass(frozen=True)
class LateQuarter:
    """One line of 可以补报: the tasks of a quarter that were published without a word."""

    period: ReportingPeriod
    tasks: list[Task]
    url: str


def late_quarters(user: User, today: date) -> list[LateQuarter]:
    """Newest first; a single task is one click away, several are a list of their own."""
    found = defaultdict(list)
    for task, period in never_filed(user, today):
        found[period].append(task)
    return [LateQuarter(period, tasks, _late_address(period, tasks)) for period, tasks in found.items()]


def _late_address(period: ReportingPeriod, tasks: list[Task]) -> str:
    if len(tasks) > 1:
        return reverse("workspace:reports") + "#late"
    return task_address("report", tasks[0], period)


@dataclass(frozen=True)
class Queue:
    """Reports waiting for a verdict: this person's, and those of units the person belongs to."""

    mine: list[ProgressReport]
    others: list[ProgressReport]


def review_queue(user: User) -> Queue:
    """Oldest due day first; empty for whoever assesses nothing."""
    found = Queue([], [])
    if not can_review(user):
        return found
    waiting = ProgressReport.objects.awaiting_review().with_related().select_related("submitted_by")
    waiting = waiting.order_by("period__review_due_on", "period", "task__number")
    own = set(Task.objects.answered_for_by(recusing_units(user)).values_list("pk", flat=True))
    for report in waiting:
        (found.others if report.task_id in own else found.mine).append(report)
    return found


@dataclass(frozen=True)
class Looked:
    """A report of the queue and why it needs a closer look; without reasons one key is enough."""

    report: ProgressReport
    concerns: list[str]


def looked_over(reports: list[ProgressReport]) -> list[Looked]:
    """As many queries for thirty as for one."""
    requirements_list = requirements_for_all((report.task, report.period) for report in reports)
    return [
        Looked(report, review_flags(requirements))
        for report, requirements in zip(reports, requirements_list, strict=True)
    ]


def next_to_review(user: User) -> ProgressReport | None:
    return next(iter(review_queue(user).mine), None)


def with_news(period: ReportingPeriod | None = None) -> list[ProgressReport]:
    """Reports of released quarters that say more than what is published of them."""
    states = [ReportStatus.SUBMITTED, ReportStatus.VERIFIED]
    rows = ProgressReport.objects.filter(status__in=states, period__state=PeriodState.RELEASED)
    rows = rows.filter(period=period) if period else rows
    rows = rows.with_related().order_by("period", "task__number").prefetch_related("assessments")
    current = Publication.objects.current().filter(period__in={row.period_id for row in rows})
    shown = {(row.task_id, row.period_id): row for row in current.defer("content", "narrative")}
    return [row for row in rows if _says_more(row, shown.get((row.task_id, row.period_id)))]


def lapsed(today: date, period: ReportingPeriod | None = None) -> list[Publication]:
    """Published as allowed to file later, and still silent after that day."""
    rows = Publication.objects.lapsed(today).select_related("task", "period__plan")
    rows = rows.filter(period=period) if period else rows
    rows = rows.defer("content", "task__search_text", *source_document_fields("period__plan"))
    return list(rows.order_by("period", "task__number"))


def _says_more(report: ProgressReport, shown: Publication | None) -> bool:
    if shown is None or shown.withheld_basis:
        return False
    assessed = [row.pace for row in report.assessments.all() if row.is_current]
    now = assessed[0] if assessed and report.status == ReportStatus.VERIFIED else ""
    return (report.pace, now) != (shown.self_pace, shown.assessment_pace)
