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

from common.text.wording import cn_date
from departments.models import CalendarDay, User
from departments.rules.working_days import count_working_days
from progress.choices import PeriodKind, PeriodState, ReportStatus
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.deadlines import deadline_for, deadlines_for
from progress.requirements.report import ReportRequirements, acting_lead
from progress.requirements.scope import pairs_in_scope
from publishing.models import Publication
from supervision.actions.slips import Basis
from supervision.choices import AWAITING_REPLY, SlipGround
from supervision.models import SupervisionSlip
from supervision.permissions import can_issue_slips
from supervision.read_models.slips import SlipLine, slip_line, slips_to_judge
from supervision.rules.slip_levels import default_level, higher_levels
from tasks.choices import PlanState
from tasks.models import ChangeRequest, Responsibility, Task
from tasks.querysets import source_document_fields
from tasks.recusal import recusing_units

# A slip is proposed from this number of returns of one report on.
RETURNS = 2
DEMAND = "请说明没有达到要求的原因、已经采取的措施和完成时限，在回复期限前答复，并附佐证材料。"


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


def is_returned_again(report: ProgressReport) -> bool:
    """Whether the report was returned so often that a slip is proposed."""
    return report.returns >= RETURNS and report.status == ReportStatus.RETURNED


def returned_words(report: ProgressReport) -> str:
    """The sentence that names how often the report was returned."""
    last = cn_date(report.returned_at)
    return (
        f"{report.period.label}进展填报已退回修改 {report.returns} 次，最近一次在{last}，"
        "还没有重新报送。"
    )


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
    due_days = [deadlines[task.pk, period.pk].due_on for task, period in pairs]
    calendar = CalendarDay.objects.table([today, *due_days]) if due_days else {}
    reasons = []
    for (task, period), due_on in zip(pairs, due_days, strict=True):
        days = count_working_days(calendar, due_on, today)
        if days >= settings.SITE["slips"]["overdue_days"]:
            reasons.append((task, period, overdue_words(period, due_on, days)))
    return reasons


def _unfiled(periods: list[ReportingPeriod]) -> list[tuple[Task, ReportingPeriod]]:
    """Tasks with a lead unit, each with a period for which it has to report and has not."""
    in_force = Prefetch("responsibilities", Responsibility.objects.in_force(), to_attr="answering")
    plans = {period.plan_id for period in periods}
    tasks = (
        Task.objects.filter(plan__in=plans)
        .defer("search_text")
        .prefetch_related(in_force)
        .order_by("number")
    )
    reports = ProgressReport.objects.filter(period__in=periods, first_submitted_at__isnull=False)
    filed = set(reports.values_list("task", "period"))
    led = [task for task in tasks if acting_lead(task.answering)]
    return [
        (task, period)
        for task, period in pairs_in_scope(led, periods)
        if (task.pk, period.pk) not in filed
    ]


def overdue_words(period: ReportingPeriod, due_on: date, days: int) -> str:
    """The sentence that says since when a report is overdue; `days` are working days."""
    return f"{period.label}进展填报应在{cn_date(due_on)}前报送，已逾期 {days} 个工作日，没有报送。"


def _slips_to_raise(user: User, today: date) -> list[SlipProposal]:
    rows = [
        row
        for row in slips_to_judge(user, *AWAITING_REPLY)
        if row.due_on < today and higher_levels(row.level)
    ]
    calendar = CalendarDay.objects.table([today, *(row.due_on for row in rows)]) if rows else {}
    return [
        SlipProposal(
            "提高级别",
            row.task,
            f"{row.serial}"
            f" {unanswered_words(row.due_on, count_working_days(calendar, row.due_on, today))}",
            f"{row.get_absolute_url()}#raise",
            row.demonstration,
        )
        for row in rows
    ]


def unanswered_words(due_on: date, days: int) -> str:
    """The sentence that says since when a reply is overdue; `days` are working days."""
    return f"应在{cn_date(due_on)}前回复，已逾期 {days} 个工作日，没有回复。"


def reason_to_raise(slip: SupervisionSlip, today: date) -> str:
    """The prefilled reason to raise the slip; empty while the unit has time."""
    if not slip.awaits_reply or slip.due_on >= today:
        return ""
    return unanswered_words(
        slip.due_on, CalendarDay.objects.working_days_between(slip.due_on, today)
    )


@dataclass(frozen=True)
class SlipDraft:
    """The prefilled content of a slip; `days` are the working days to reply."""

    basis: Basis
    level: str
    demand: str
    days: int


def slip_draft(task: Task, period: ReportingPeriod | None, today: date) -> SlipDraft:
    """The prefilled content of a slip about a quarter, or about the last publication."""
    basis = _basis_of_quarter(task, period, today) if period else _published_basis(task, None)
    basis = basis or Basis(f"{task.plan.title}第{task.number}项“{task.title}”的落实情况。")
    return SlipDraft(
        basis, default_level(basis.ground).key, DEMAND, settings.SITE["slips"]["reply_days"]
    )


def _basis_of_quarter(task: Task, period: ReportingPeriod, today: date) -> Basis | None:
    """The strongest ground that the quarter offers; None where it offers none.

    Repeated returns come first, then the publication, the submitted report and the overdue one.
    """
    report = task.reports.filter(period=period).select_related("period").first()
    if report and is_returned_again(report):
        return Basis(returned_words(report), SlipGround.RETURNED, period)
    if published_basis := _published_basis(task, period):
        return published_basis
    if report and report.first_submitted_at:
        content = f"{cn_date(report.submitted_at)}报送，总体自评为“{report.get_pace_display()}”"
        return Basis(f"{period.label}进展填报（{content}）。", SlipGround.REPORT, period)
    due_on = deadline_for(task, period).due_on
    if today <= due_on:
        return None
    days = CalendarDay.objects.working_days_between(due_on, today)
    return Basis(overdue_words(period, due_on, days), SlipGround.OVERDUE, period)


def _published_basis(task: Task, period: ReportingPeriod | None) -> Basis | None:
    """The published state of the quarter, or the latest; None if there is none."""
    rows = (
        Publication.objects.current().readable().filter(task=task, period__kind=PeriodKind.QUARTER)
    )
    rows = rows.filter(period=period) if period else rows
    rows = (
        rows.select_related("period")
        .defer("content", "narrative")
        .order_by("-period__year", "-period__index")
    )
    row = rows.first()
    if row is None:
        return None
    words = f"{row.period.label}公布的状态是“{row.get_headline_display()}”"
    words = f"{words}（第 {row.revision} 版，{cn_date(row.published_at)}公布）。"
    return Basis(words, SlipGround.PUBLISHED, row.period, row)


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
    task, period = requirements.task, requirements.period
    rows = SupervisionSlip.objects.visible_to(user).filter(task=task).with_related()
    lines = [slip_line(row, today) for row in rows]
    issues = can_issue_slips(user)
    has_open_slip = any(not line.slip.is_ended for line in lines)
    may_issue = issues and not has_open_slip and not requirements.units & recusing_units(user)
    known = {line.slip.period_id for line in lines if not line.slip.is_withdrawn}
    why = _reason_to_issue(requirements, today) if may_issue and period.pk not in known else ""
    return TaskSlips(lines, issues, why, new_slip_url(task, period) if may_issue else "")


def _reason_to_issue(requirements: ReportRequirements, today: date) -> str:
    """Why the rules propose a slip about the report; empty when they do not."""
    report, period = requirements.report, requirements.period
    if report and is_returned_again(report):
        return returned_words(report)
    is_running = period.state in [PeriodState.OPEN, PeriodState.CLOSED]
    is_required = is_running and requirements.lead and not requirements.closing
    if not is_required or (report and report.first_submitted_at) or today <= requirements.due_on:
        return ""
    days = CalendarDay.objects.working_days_between(requirements.due_on, today)
    return (
        overdue_words(period, requirements.due_on, days)
        if days >= settings.SITE["slips"]["overdue_days"]
        else ""
    )


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
