"""What the rules suggest about 督办单: a new one, or a higher level. People decide; nothing here writes."""

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
from supervision.read_models.slips import SlipLine, line_of_slip, on_own_side
from supervision.rules.slip_levels import default_level, higher_levels
from tasks.choices import PlanState
from tasks.models import ChangeRequest, Responsibility, Task
from tasks.querysets import source_document_fields
from tasks.recusal import recusing_units

# From the second time on.
RETURNS = 2
DEMAND = "请说明没有达到要求的原因、已经采取的措施和完成时限，在回复期限前答复，并附佐证材料。"


@dataclass(frozen=True)
class SlipProposal:
    """One suggestion: what for (`verb`), why, and the prefilled form one click away."""

    verb: str
    task: Task
    why: str
    url: str
    demonstration: bool = False


def new_slip_url(task: Task, period: ReportingPeriod | None = None) -> str:
    """The form with everything filled in; without a period it rests on what was last published."""
    about = {"task": task.code} | ({"quarter": period.address} if period else {})
    return f"{reverse('supervision:new-slip')}?{urlencode(about)}"


def proposals_for(user: User, today: date) -> list[SlipProposal]:
    """Raising first, then new ones in the order of the plans; without what the person is recused from.

    A constant number of queries; none for whoever issues no slips.
    """
    if not can_issue_slips(user):
        return []
    barred = set(Task.objects.answered_for_by(recusing_units(user)).values_list("pk", flat=True))
    barred |= set(SupervisionSlip.objects.open().values_list("task", flat=True))
    known = set(SupervisionSlip.objects.standing().exclude(period=None).values_list("task", "period"))
    found = [*_returned(), *_overdue(today)]
    free = [(t, p, why) for t, p, why in found if t.pk not in barred and (t.pk, p.pk) not in known]
    new = [SlipProposal("开督办单", t, why, new_slip_url(t, p), p.demonstration) for t, p, why in free]
    return [*_to_raise(user, today), *new]


Suggested = tuple[Task, ReportingPeriod, str]


def _returned() -> list[Suggested]:
    rows = ProgressReport.objects.filter(returns__gte=RETURNS, status=ReportStatus.RETURNED)
    rows = rows.filter(period__plan__state=PlanState.PUBLISHED).with_related().order_by("period__plan", "task__number")
    return [(row.task, row.period, returned_words(row)) for row in rows]


def is_returned_again(report: ProgressReport) -> bool:
    return report.returns >= RETURNS and report.status == ReportStatus.RETURNED


def returned_words(report: ProgressReport) -> str:
    last = cn_date(report.returned_at)
    return f"{report.period.label}进展填报已退回修改 {report.returns} 次，最近一次在{last}，还没有重新报送。"


def _overdue(today: date) -> list[Suggested]:
    """Never handed in, so many working days after the own day, in quarters that are not public yet."""
    running = ReportingPeriod.objects.quarters().filter(
        state__in=[PeriodState.OPEN, PeriodState.CLOSED], due_on__lt=today
    )
    periods = list(running.filter(plan__state=PlanState.PUBLISHED).with_plan().order_by("plan"))
    pairs = _unfiled(periods)
    deadlines = deadlines_for((task.pk, period) for task, period in pairs)
    days = [deadlines[task.pk, period.pk].due_on for task, period in pairs]
    worked = CalendarDay.objects.table([today, *days]) if days else {}
    late = [(t, p, due, count_working_days(worked, due, today)) for (t, p), due in zip(pairs, days, strict=True)]
    return [(t, p, overdue_words(p, due, n)) for t, p, due, n in late if n >= settings.SITE["slips"]["overdue_days"]]


def _unfiled(periods: list[ReportingPeriod]) -> list[tuple[Task, ReportingPeriod]]:
    """Tasks with a lead of which the period asks something and got nothing."""
    answering = Prefetch("responsibilities", Responsibility.objects.in_force(), to_attr="answering")
    plans = {period.plan_id for period in periods}
    tasks = Task.objects.filter(plan__in=plans).defer("search_text").prefetch_related(answering).order_by("number")
    filed = ProgressReport.objects.filter(period__in=periods, first_submitted_at__isnull=False)
    done = set(filed.values_list("task", "period"))
    led = [task for task in tasks if acting_lead(task.answering)]
    return [(task, period) for task, period in pairs_in_scope(led, periods) if (task.pk, period.pk) not in done]


def overdue_words(period: ReportingPeriod, due_on: date, days: int) -> str:
    return f"{period.label}进展填报应在{cn_date(due_on)}前报送，已逾期 {days} 个工作日，没有报送。"


def _to_raise(user: User, today: date) -> list[SlipProposal]:
    rows = [row for row in on_own_side(user, *AWAITING_REPLY) if row.due_on < today and higher_levels(row.level)]
    worked = CalendarDay.objects.table([today, *(row.due_on for row in rows)]) if rows else {}
    return [
        SlipProposal(
            "提高级别",
            row.task,
            f"{row.serial} {unanswered_words(row.due_on, count_working_days(worked, row.due_on, today))}",
            f"{row.get_absolute_url()}#raise",
            row.demonstration,
        )
        for row in rows
    ]


def unanswered_words(due_on: date, days: int) -> str:
    return f"应在{cn_date(due_on)}前回复，已逾期 {days} 个工作日，没有回复。"


def reason_to_raise(slip: SupervisionSlip, today: date) -> str:
    """For the form; empty while the unit still has time."""
    if not slip.awaits_reply or slip.due_on >= today:
        return ""
    return unanswered_words(slip.due_on, CalendarDay.objects.working_days_between(slip.due_on, today))


@dataclass(frozen=True)
class Draft:
    """A slip before it is issued, with everything in it that the facts can say."""

    basis: Basis
    level: str
    demand: str
    days: int


def draft_of(task: Task, period: ReportingPeriod | None, today: date) -> Draft:
    """About one quarter or, without any, about what was last published."""
    basis = _basis_of_quarter(task, period, today) if period else _published(task, None)
    basis = basis or Basis(f"{task.plan.title}第{task.number}项“{task.title}”的落实情况。")
    return Draft(basis, default_level(basis.ground).key, DEMAND, settings.SITE["slips"]["reply_days"])


def _basis_of_quarter(task: Task, period: ReportingPeriod, today: date) -> Basis | None:
    report = task.reports.filter(period=period).select_related("period").first()
    if report and is_returned_again(report):
        return Basis(returned_words(report), SlipGround.RETURNED, period)
    if published := _published(task, period):
        return published
    if report and report.first_submitted_at:
        said = f"{cn_date(report.submitted_at)}报送，总体自评为“{report.get_pace_display()}”"
        return Basis(f"{period.label}进展填报（{said}）。", SlipGround.REPORT, period)
    due_on = deadline_for(task, period).due_on
    if today <= due_on:
        return None
    days = CalendarDay.objects.working_days_between(due_on, today)
    return Basis(overdue_words(period, due_on, days), SlipGround.OVERDUE, period)


def _published(task: Task, period: ReportingPeriod | None) -> Basis | None:
    rows = Publication.objects.current().readable().filter(task=task, period__kind=PeriodKind.QUARTER)
    rows = rows.filter(period=period) if period else rows
    shown = rows.select_related("period").defer("content", "narrative").order_by("-period__year", "-period__index")
    row = shown.first()
    if row is None:
        return None
    words = f"{row.period.label}公布的状态是“{row.get_headline_display()}”"
    words = f"{words}（第 {row.revision} 版，{cn_date(row.published_at)}公布）。"
    return Basis(words, SlipGround.PUBLISHED, row.period, row)


@dataclass(frozen=True)
class TaskSlips:
    """The slips of one task beside its report; why the rules suggest one; where to issue one, if one may.

    `issues` says whether the person issues any at all: to nobody else is anything suggested.
    """

    lines: list[SlipLine]
    issues: bool
    why: str
    new_url: str


def slips_beside(user: User, requirements: ReportRequirements, today: date) -> TaskSlips:
    """From what the page has read already: one query and, for those who issue slips, one or two more."""
    task, period = requirements.task, requirements.period
    rows = SupervisionSlip.objects.visible_to(user).filter(task=task).with_related()
    lines = [line_of_slip(row, today) for row in rows]
    issues = can_issue_slips(user)
    free = issues and all(line.slip.ended for line in lines) and not requirements.units & recusing_units(user)
    known = {line.slip.period_id for line in lines if not line.slip.withdrawn}
    why = _why(requirements, today) if free and period.pk not in known else ""
    return TaskSlips(lines, issues, why, new_slip_url(task, period) if free else "")


def _why(requirements: ReportRequirements, today: date) -> str:
    """What the rules find in one report; empty where they suggest nothing."""
    report, period = requirements.report, requirements.period
    if report and is_returned_again(report):
        return returned_words(report)
    running = period.state in [PeriodState.OPEN, PeriodState.CLOSED] and requirements.lead and not requirements.closing
    if not running or (report and report.first_submitted_at) or today <= requirements.due_on:
        return ""
    days = CalendarDay.objects.working_days_between(requirements.due_on, today)
    return overdue_words(period, requirements.due_on, days) if days >= settings.SITE["slips"]["overdue_days"] else ""


def tasks_to_choose() -> Iterable[Task]:
    """For a slip that no list led to: those of published plans that have not ended and have no open slip."""
    busy, ended = SupervisionSlip.objects.open().values("task"), ChangeRequest.objects.closing().values("task")
    rows = Task.objects.filter(plan__state=PlanState.PUBLISHED).exclude(pk__in=busy).exclude(pk__in=ended)
    return rows.select_related("plan").defer(*source_document_fields("plan"), "search_text").order_by("plan", "number")
