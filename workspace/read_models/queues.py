"""What waits for a person: reports to write, to sign, to assess and to publish after a release."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from departments.models import User
from departments.roles import UNIT_ROLES, Role
from progress.actions.signing import authored_by
from progress.choices import PeriodState, ReportStatus
from progress.models import ExtensionRequest, ProgressReport, ReportingPeriod, Unlock
from progress.permissions import can_review
from progress.requirements.deadlines import Deadline, can_be_filed, deadlines_for
from progress.requirements.flags import material_count, review_flags
from progress.requirements.loading import requirements_for_all
from progress.requirements.report import ReportRequirements, acting_lead
from progress.requirements.scope import pairs_in_scope
from publishing.models import Publication
from tasks.models import Responsibility, Task
from tasks.querysets import source_document_fields
from tasks.recusal import recusing_units
from workspace.addresses import task_address


def unfinished(user: User, today: date) -> list[tuple[Task, ReportingPeriod]]:
    """What the person's units may still write.

    Of an open quarter every task; of others what was begun late, returned, or given more time.
    """
    units = user.department_ids(Role.REPORTER)
    if not units:
        return []
    tasks = list(Task.objects.answered_for_by(units).order_by("plan", "number"))
    periods = ReportingPeriod.objects.open().quarters().with_plan()
    pairs = pairs_in_scope(tasks, periods)
    after = Q(status=ReportStatus.RETURNED) | Q(
        status=ReportStatus.DRAFT, period__state=PeriodState.RELEASED
    )
    elsewhere = ProgressReport.objects.filter(after, task__in=tasks).exclude(
        period__state=PeriodState.OPEN
    )
    granted = {"task__in": tasks, "period__state__in": [PeriodState.CLOSED, PeriodState.RELEASED]}
    rows: list[ProgressReport | ExtensionRequest | Unlock] = [
        *elsewhere.with_related(),
        # A release does not take back the days that were granted.
        *ExtensionRequest.objects.running(today).filter(**granted).with_related(),
        *Unlock.objects.running(today)
        .filter(task__in=tasks, period__state=PeriodState.CLOSED)
        .with_related(),
    ]
    return pairs + list(
        {(row.task_id, row.period_id): (row.task, row.period) for row in rows}.values()
    )


def writable_requirements(
    user: User, today: date, unit: int | None = None
) -> list[ReportRequirements]:
    """The requirements of unfinished reports that can be edited today.

    `unit`: only the reports this unit has a part in. A constant number of queries.
    """
    return [
        requirements
        for requirements in requirements_for_all(unfinished(user, today))
        if requirements.can_be_edited(today) and (unit is None or unit in requirements.units)
    ]


def to_sign(user: User, today: date) -> list[tuple[ProgressReport, Deadline]]:
    """Reports the person may sign, with their deadlines; nobody signs their own."""
    units = user.department_ids(Role.SIGNER)
    if not units:
        return []
    mine = _awaiting_signature(user, units)
    deadlines = deadlines_for((row.task_id, row.period) for row in mine)
    dated = [(row, deadlines[row.task_id, row.period_id]) for row in mine]
    return [(row, deadline) for row, deadline in dated if can_be_filed(deadline, row, today=today)]


def _awaiting_signature(user: User, units: set[int]) -> list[ProgressReport]:
    """The reports that these units lead and that somebody else wrote."""
    rows = ProgressReport.objects.filter(
        status=ReportStatus.SIGNING, task__in=Task.objects.answered_for_by(units)
    )
    rows = rows.with_related().select_related("sent_by").prefetch_related("contributions")
    waiting = list(rows.order_by("period", "task__number"))
    leads = _lead_units({row.task_id for row in waiting})
    return [row for row in waiting if _may_sign(row, leads.get(row.task_id), user, units)]


def _lead_units(task_ids: set[int]) -> dict[int, int]:
    """Task id -> id of the unit that submits its report; nothing for a task nobody leads."""
    in_force: dict[int, list[Responsibility]] = defaultdict(list)
    for row in Responsibility.objects.in_force().filter(task__in=task_ids):
        in_force[row.task_id].append(row)
    leads = {task: acting_lead(rows) for task, rows in in_force.items()}
    return {task: lead.department_id for task, lead in leads.items() if lead}


def _may_sign(report: ProgressReport, lead: int | None, user: User, units: set[int]) -> bool:
    return lead is not None and lead in units and not authored_by(report, lead, user)


def never_filed(user: User, today: date) -> list[tuple[Task, ReportingPeriod]]:
    """Tasks published as not reported that the person's units may still report on."""
    units = user.department_ids(Role.REPORTER)
    if not units:
        return []
    rows = Publication.objects.never_filed(today).filter(
        task__in=Task.objects.answered_for_by(units)
    )
    rows = rows.select_related("task", "period__plan").order_by(
        "-period__year", "-period__index", "task__number"
    )
    light = rows.defer("content", *source_document_fields("period__plan"), "task__search_text")
    return [(row.task, row.period) for row in light]


def is_published_without(requirements: ReportRequirements, today: date) -> bool:
    """Whether the quarter was closed early and published without this report, begun or not.

    Its due day may still be ahead, but is no day to file by any more.
    """
    period, report = requirements.period, requirements.report
    is_filed = report is not None and report.is_handed_in
    is_early = period.state == PeriodState.RELEASED and period.is_closed_early
    return is_early and not is_filed and not requirements.deadline.is_extended(today)


def published_of_returned(
    owed: list[ReportRequirements],
) -> dict[tuple[int, int], Publication]:
    """(task id, period id) -> what is published of each returned report. One query."""
    returned = {(row.task.pk, row.period.pk) for row in owed if _is_returned_after_release(row)}
    published = _published({period for _, period in returned})
    return {key: published[key] for key in returned & published.keys()}


def _is_returned_after_release(requirements: ReportRequirements) -> bool:
    report = requirements.report
    return requirements.period.is_released and report is not None and report.answers_a_return


@dataclass(frozen=True)
class LateQuarter:
    """One line of 可以补报: the tasks of a quarter that were published as not reported.

    `without`: of a task that was published without a part of the unit, the sentence about it.
    """

    period: ReportingPeriod
    tasks: list[Task]
    url: str
    verb: str = "补报"
    without: str = ""

    @property
    def published_as(self) -> str:
        """What the public reads of these tasks, and that they may be reported late."""
        if self.without:
            return self.without
        if self.period.is_closed_early:
            return "已公布为提前截止时未报送，可以补报；补报后经核查，补充公布为下一版"
        return "公布时没有报送；补报后经核查，补充公布为下一版"


def late_quarters(user: User, today: date) -> list[LateQuarter]:
    """The quarters that may be reported late, newest first; a single task links to its form."""
    tasks_by_period = defaultdict(list)
    for task, period in never_filed(user, today):
        tasks_by_period[period].append(task)
    return [
        LateQuarter(period, tasks, _late_address(period, tasks))
        for period, tasks in tasks_by_period.items()
    ]


def _late_address(period: ReportingPeriod, tasks: list[Task]) -> str:
    if len(tasks) > 1:
        return reverse("workspace:reports") + "#late"
    return task_address("report", tasks[0], period)


@dataclass(frozen=True)
class EarlyClosingNews:
    """A quarter that was closed early and is not published yet, for the units that report in it.

    `unfiled`: how many of the tasks they report on were not reported on and will be published
    without a report; `led_elsewhere`: how many more are reported on by another unit.
    """

    period: ReportingPeriod
    unfiled: int
    led_elsewhere: int


def early_closing_news(user: User) -> list[EarlyClosingNews]:
    """What the units of a person have to know of quarters that were closed early. Five queries."""
    units = user.department_ids(*UNIT_ROLES)
    if not units:
        return []
    tasks = list(Task.objects.answered_for_by(units).only("plan"))
    periods = ReportingPeriod.objects.filter(
        state=PeriodState.CLOSED, plan__in={task.plan_id for task in tasks}
    )
    periods = periods.exclude(early_reason="").quarters().with_plan().order_by("due_on", "plan")
    pairs = pairs_in_scope(tasks, periods)
    missing = _not_handed_in(pairs)
    leads = _lead_units({task.pk for task, _ in missing})
    # Where nobody leads, every unit reports.
    is_own = Counter((period, leads.get(task.pk) in {None, *units}) for task, period in missing)
    required = Counter(period for _, period in pairs)
    return [EarlyClosingNews(row, is_own[row, True], is_own[row, False]) for row in required]


def _not_handed_in(
    pairs: list[tuple[Task, ReportingPeriod]],
) -> list[tuple[Task, ReportingPeriod]]:
    """The pairs without a report that its unit handed in. One query."""
    periods = {period for _, period in pairs}
    rows = ProgressReport.objects.handed_in().filter(period__in=periods)
    filed = set(rows.values_list("task", "period"))
    return [(task, period) for task, period in pairs if (task.pk, period.pk) not in filed]


@dataclass(frozen=True)
class ReviewQueue:
    """Reports waiting for a verdict: this person's, and those of units the person belongs to."""

    mine: list[ProgressReport]
    others: list[ProgressReport]


def review_queue(user: User) -> ReviewQueue:
    """Reports waiting for a verdict, oldest due day first; empty for those who assess none."""
    queue = ReviewQueue([], [])
    if not can_review(user):
        return queue
    waiting = ProgressReport.objects.awaiting_review().with_related().select_related("submitted_by")
    waiting = waiting.order_by("period__review_due_on", "period", "task__number")
    own = set(Task.objects.answered_for_by(recusing_units(user)).values_list("pk", flat=True))
    for report in waiting:
        (queue.others if report.task_id in own else queue.mine).append(report)
    return queue


@dataclass(frozen=True)
class FlaggedReport:
    """A report of the queue and why it needs a closer look; without reasons one click agrees.

    `materials`: how many files of evidence stand behind it.
    """

    report: ProgressReport
    flags: list[str]
    materials: int


def flagged_reports(reports: list[ProgressReport]) -> list[FlaggedReport]:
    """Each report with its review flags. A constant number of queries."""
    requirements_list = requirements_for_all((report.task, report.period) for report in reports)
    return [
        FlaggedReport(report, review_flags(requirements), material_count(requirements.begun_report))
        for report, requirements in zip(reports, requirements_list, strict=True)
    ]


def next_to_review(user: User) -> ProgressReport | None:
    """The report the person reviews next; None if the queue is empty."""
    return next(iter(review_queue(user).mine), None)


def with_news(period: ReportingPeriod | None = None) -> list[ProgressReport]:
    """Reports of released quarters that say more than what is published of them.

    `period`: only of this quarter.
    """
    states = [ReportStatus.SUBMITTED, ReportStatus.VERIFIED]
    rows = ProgressReport.objects.filter(status__in=states, period__state=PeriodState.RELEASED)
    rows = rows.filter(period=period) if period else rows
    rows = rows.with_related().order_by("period", "task__number").prefetch_related("assessments")
    published = _published({row.period_id for row in rows})
    return [row for row in rows if _has_news(row, published.get((row.task_id, row.period_id)))]


def _published(periods: set[int]) -> dict[tuple[int, int], Publication]:
    """(task id, period id) -> what is published now."""
    rows = Publication.objects.current().filter(period__in=periods).defer("content", "narrative")
    return {(row.task_id, row.period_id): row for row in rows}


def lapsed(today: date, period: ReportingPeriod | None = None) -> list[Publication]:
    """Publications that say “extended” although the extended day passed without a report.

    `period`: only of this quarter.
    """
    rows = Publication.objects.lapsed(today).select_related("task", "period__plan")
    rows = rows.filter(period=period) if period else rows
    rows = rows.defer("content", "task__search_text", *source_document_fields("period__plan"))
    return list(rows.order_by("period", "task__number"))


def _has_news(report: ProgressReport, publication: Publication | None) -> bool:
    """Whether the self-assessment or the verdict differs from what is published."""
    if publication is None or publication.withheld_basis:
        return False
    said = (publication.self_pace, publication.assessment_pace)
    return (report.pace, _verdict(report)) != said


def _verdict(report: ProgressReport) -> str:
    """The pace of the current assessment; empty while the report waits for one."""
    if report.status != ReportStatus.VERIFIED:
        return ""
    return next((row.pace for row in report.assessments.all() if row.is_current), "")
