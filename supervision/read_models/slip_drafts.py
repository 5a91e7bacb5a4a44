"""The prefilled content of a new slip (督办单), from the facts, for a supervisor to check."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from common.text.wording import cn_date
from departments.models import CalendarDay
from progress.choices import PeriodKind
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.deadlines import deadline_for
from publishing.models import Publication
from supervision.actions.issuing import Basis
from supervision.choices import SlipGround
from supervision.read_models.slip_reasons import is_returned_again, overdue_words, returned_words
from supervision.rules.slip_levels import default_level
from tasks.models import Task

DEMAND = "请说明没有达到要求的原因、已经采取的措施和完成时限，在回复期限前答复，并附佐证材料。"


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
    if report and report.is_handed_in:
        return _reported_basis(report)
    return _overdue_basis(task, period, today)


def _reported_basis(report: ProgressReport) -> Basis:
    content = f"{cn_date(report.submitted_at)}报送，总体自评为“{report.get_pace_display()}”"
    words = f"{report.period.label}进展填报（{content}）。"
    return Basis(words, SlipGround.REPORT, report.period)


def _overdue_basis(task: Task, period: ReportingPeriod, today: date) -> Basis | None:
    deadline = deadline_for(task, period)
    due_on = deadline.due_on
    if today <= due_on or deadline.was_cut_short:
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
