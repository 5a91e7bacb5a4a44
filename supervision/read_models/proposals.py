"""Proposals of the rules about supervision slips (督办单): issue one, or raise one to a higher
level.

People decide on them; this module writes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from departments.models import CalendarDay, User
from departments.rules.working_days import count_working_days
from progress.choices import PeriodState, ReportStatus
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.deadlines import deadlines_for
from progress.requirements.report import ReportRequirements, acting_lead
from progress.requirements.scope import pairs_in_scope
from supervision.choices import AWAITING_REPLY
from supervision.models import SupervisionSlip
from supervision.permissions import can_issue_slips
from supervision.read_models.slip_reasons import (
    RETURNS,
    is_returned_again,
    overdue_words,
    returned_words,
    unanswered_words,
)
from supervision.read_models.slips import SlipLine, slip_line, slips_to_judge
from supervision.rules.slip_levels import higher_levels
from tasks.choices import PlanState
from tasks.models import ChangeRequest, Responsibility, Task
from tasks.querysets import source_document_fields
from tasks.recusal import recusing_units


@dataclass(frozen=True)
class SlipProposal:
    """One proposal: what to do (`verb`), why, and the address of the prefilled form."""

    verb: str
    task: Task
    why: str
    url: str
    demonstration: bool = False


def new_slip_url(task: Task, period: ReportingPeriod | None = None) -> str:
    """The address of the prefilled form; without a period for the last publication."""
    query = {"task": task.code} | ({"quarter": period.address} if period else {})
    return f"{reverse('supervision:new-slip')}?{urlencode(query)}"


def proposals_for(user: User, today: date) -> list[SlipProposal]:
    """The slips to raise, then the new ones to issue, in the order of the plans.

    Tasks from which the person is recused are left out. A constant number of queries; none for a
    person who issues no slips.
    """
    if not can_issue_slips(user):
        return []
    excluded = set(Task.objects.answered_for_by(recusing_units(user)).values_list("pk", flat=True))
    excluded |= set(SupervisionSlip.objects.open().values_list("task", flat=True))
    known = set(
        SupervisionSlip.objects.not_withdrawn().exclude(period=None).values_list("task", "period")
    )
    new = [
        SlipProposal("开督办单", task, why, new_slip_url(task, period), period.demonstration)
        for task, period, why in [*_returned_again(), *_overdue(today)]
        if task.pk not in excluded and (task.pk, period.pk) not in known
    ]
    return [*_slips_to_raise(user, today), *new]


# A task, the period whose report is the ground for a slip, and the reason in words.
SlipReason = tuple[Task, ReportingPeriod, str]


def _returned_again() -> list[SlipReason]:
    rows = ProgressReport.objects.filter(returns__gte=RETURNS, status=ReportStatus.RETURNED)
    rows = (
        rows.filter(period__plan__state=PlanState.PUBLISHED)
        .with_related()
        .order_by("period__plan", "task__number")
    )
    return [(row.task, row.period, returned_words(row)) for row in rows]


def _overdue(today: date) -> list[SlipReason]:
    """Reports of unreleased quarters that were not submitted long after their own deadline.

    How many working days that takes is a setting of the site.
    """
    running = ReportingPeriod.objects.quarters().filter(
        state__in=[PeriodState.OPEN, PeriodState.CLOSED], due_on__lt=today
    )
    periods = list(running.filter(plan__state=PlanState.PUBLISHED).with_plan().order_by("plan"))
    pairs = _unfiled(periods)
    deadlines = deadlines_for((task.pk, period) for task, period in pairs)
    # A unit whose days were cut short is not overdue.
    pairs = [pair for pair in pairs if not deadlines[pair[0].pk, pair[1].pk].was_cut_short]
    due_days = [deadlines[task.pk, period.pk].due_on for task, period in pairs]
    days_late = _working_days_since(due_days, today)
    return [
        (task, period, overdue_words(period, due_on, days_late[due_on]))
        for (task, period), due_on in zip(pairs, due_days, strict=True)
        if days_late[due_on] >= settings.SITE["slips"]["overdue_days"]
    ]


def _working_days_since(days: list[date], today: date) -> dict[date, int]:
    """Day -> the working days between it and today. One query; none without a day."""
    calendar = CalendarDay.objects.table([today, *days]) if days else {}
    return {day: count_working_days(calendar, day, today) for day in days}


def _unfiled(periods: list[ReportingPeriod]) -> list[tuple[Task, ReportingPeriod]]:
    """Tasks with a lead unit, each with a period for which it has to report and has not."""
    reports = ProgressReport.objects.handed_in().filter(period__in=periods)
    filed = set(reports.values_list("task", "period"))
    led = _led_tasks({period.plan_id for period in periods})
    return [
        (task, period)
        for task, period in pairs_in_scope(led, periods)
        if (task.pk, period.pk) not in filed
    ]


def _led_tasks(plans: set[int]) -> list[Task]:
    in_force = Prefetch("responsibilities", Responsibility.objects.in_force(), to_attr="answering")
    tasks = Task.objects.filter(plan__in=plans).defer("search_text").prefetch_related(in_force)
    return [task for task in tasks.order_by("number") if acting_lead(task.answering)]


def _slips_to_raise(user: User, today: date) -> list[SlipProposal]:
    rows = [
        row
        for row in slips_to_judge(user, *AWAITING_REPLY)
        if row.is_overdue(today) and higher_levels(row.level)
    ]
    days_late = _working_days_since([row.next_due_on for row in rows], today)
    return [
        SlipProposal(
            "提高级别",
            row.task,
            f"{row.serial} {unanswered_words(row.next_due_on, days_late[row.next_due_on])}",
            f"{row.get_absolute_url()}#raise",
            row.demonstration,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class TaskSlips:
    """The slips of one task, for the page of its report.

    `issues` tells whether this person issues slips; nothing is proposed to others. `why` is the
    reason to issue one, empty without a reason; `new_url` is the form, empty where none may be
    issued.
    """

    lines: list[SlipLine]
    issues: bool
    why: str
    new_url: str


def slips_beside(user: User, requirements: ReportRequirements, today: date) -> TaskSlips:
    """The slips of the report's task, as this person sees them.

    One query and, for people who issue slips, one or two more.
    """
    task = requirements.task
    rows = SupervisionSlip.objects.visible_to(user).filter(task=task).with_related()
    lines = [slip_line(row, today) for row in rows]
    issues = can_issue_slips(user)
    if not issues or not _can_have_another(requirements, lines, user):
        return TaskSlips(lines, issues, why="", new_url="")
    why = _reason_to_issue(requirements, lines, today)
    return TaskSlips(lines, issues, why, new_slip_url(task, requirements.period))


def _can_have_another(requirements: ReportRequirements, lines: list[SlipLine], user: User) -> bool:
    """Whether the task has no open slip, and none of its units is the person's own."""
    has_open_slip = any(not line.slip.is_ended for line in lines)
    return not has_open_slip and requirements.units.isdisjoint(recusing_units(user))


def _reason_to_issue(requirements: ReportRequirements, lines: list[SlipLine], today: date) -> str:
    """Why the rules propose a slip about the report; empty when they do not.

    They do not where the task had a slip about this quarter, unless it was withdrawn.
    """
    report, period = requirements.report, requirements.period
    if _had_slip_about(period, lines):
        return ""
    if report and is_returned_again(report):
        return returned_words(report)
    if not _is_awaited(requirements) or today <= requirements.due_on:
        return ""
    days = CalendarDay.objects.working_days_between(requirements.due_on, today)
    is_overdue = days >= settings.SITE["slips"]["overdue_days"]
    return overdue_words(period, requirements.due_on, days) if is_overdue else ""


def _had_slip_about(period: ReportingPeriod, lines: list[SlipLine]) -> bool:
    standing = (line.slip for line in lines if not line.slip.is_withdrawn)
    return period.pk in {slip.period_id for slip in standing}


def _is_awaited(requirements: ReportRequirements) -> bool:
    """Whether the report of an unreleased quarter has to be filed and was not yet."""
    report = requirements.report
    is_running = requirements.period.state in [PeriodState.OPEN, PeriodState.CLOSED]
    is_required = requirements.lead is not None and requirements.closing is None
    is_required = is_required and not requirements.deadline.was_cut_short
    return is_running and is_required and not (report and report.is_handed_in)


def tasks_to_choose() -> Iterable[Task]:
    """Tasks that can have a slip: of published plans, not ended, without an open slip."""
    with_slip, ended = (
        SupervisionSlip.objects.open().values("task"),
        ChangeRequest.objects.closing().values("task"),
    )
    rows = (
        Task.objects.filter(plan__state=PlanState.PUBLISHED)
        .exclude(pk__in=with_slip)
        .exclude(pk__in=ended)
    )
    return (
        rows.select_related("plan")
        .defer(*source_document_fields("plan"), "search_text")
        .order_by("plan", "number")
    )
