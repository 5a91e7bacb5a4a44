"""Reporting periods planned, opened and closed, each on a page that says what follows from it."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_list_or_404, get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.text.wording import cn_date, cn_quarter
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import CalendarDay
from progress.access import get_period_or_404, require
from progress.actions.early_closings import propose_early_closing
from progress.actions.periods import (
    close_period,
    close_periods,
    generate_periods,
    is_early,
    open_period,
    open_periods,
)
from progress.choices import EarlyClosingState, PeriodState, State
from progress.forms.periods import EarlyClosingForm
from progress.models import ReportingPeriod
from progress.permissions import can_confirm_early_closing, can_open_periods
from publishing.permissions import can_publish
from tasks.choices import PlanState
from tasks.models import Plan
from workspace.addresses import period_address
from workspace.crumbs import PERIODS
from workspace.permissions import can_see_periods
from workspace.read_models.coverage import Coverage, coverage_of
from workspace.read_models.periods import (
    joint_steps,
    opened_copy,
    plans_with_periods,
    unfiled,
    waiting_extensions,
    without_proposal,
)


@require_safe
def periods(request: StaffRequest) -> HttpResponse:
    require(can_see_periods(request.user))
    today = timezone.localdate()
    plans = plans_with_periods(today)
    context = {
        "plans": plans,
        "together": joint_steps(plans, today),
        "opens": can_open_periods(request.user),
        "confirms": can_confirm_early_closing(request.user),
        "publishes": can_publish(request.user),
        "crumbs": [STAFF_HOME, ("填报期与发布", "")],
    }
    return render(request, "staff/periods.html", context)


def generate(request: StaffRequest, slug: str) -> HttpResponse:
    require(can_open_periods(request.user))
    plan = get_object_or_404(Plan.objects.published().without_source_document(), slug=slug)

    def perform() -> str:
        made = generate_periods(
            plan=plan, by=request.user, at=timezone.now(), demonstration=settings.DEMO
        )
        return f"已安排 {len(made)} 个填报期。"

    consequences = [
        f"《{plan.name}》每个季度安排一个填报期，已有的不变。",
        "每期在季度结束次日开放；报送、核查、公布的日期按工作日历推算，安排后写入公开记录。",
    ]
    return _confirm(
        request,
        perform,
        title=f"安排{plan.name}的填报期",
        consequences=consequences,
        button="安排填报期",
    )


def open_one(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    require(can_open_periods(request.user))
    period, today = get_period_or_404(slug, year, quarter), timezone.localdate()

    def perform() -> str:
        opened = open_period(period=period, by=request.user, at=timezone.now(), on=today)
        return f"{opened.label}已开放，{cn_date(opened.due_on)}截止。"

    return _confirm(
        request,
        perform,
        title=f"开放{period.label}",
        consequences=_opening_consequences(period, today),
        button="开放",
        period=period,
        covered=coverage_of(timezone.now(), period.plan),
    )


def _opening_consequences(period: ReportingPeriod, today: date) -> list[str]:
    """What opening it today means, or why it cannot be opened."""
    try:
        planned = opened_copy(period, today)
    except Refused as refused:
        return refused.reasons
    days = f"报送截止{cn_date(planned.due_on)}，核查截止{cn_date(planned.review_due_on)}"
    sentences = ["所有责任单位同时可以填报。", f"{days}，计划公布{cn_date(planned.release_on)}。"]
    if CalendarDay.objects.is_provisional(planned.opens_on, planned.release_on):
        sentences.append("工作日历还没有公布的日子，暂按周一至周五推算，法律固定的节日不计。")
    if planned.was_moved:
        sentences.append(
            f"原定{cn_date(planned.promised)}公布：公布日程里仍写明，晚于它的，算没有如期公布。"
        )
    if planned.retroactive:
        sentences.append("这一期在季度结束很久之后才开放：单位报送的都记为“追溯填报”，不算逾期。")
    return sentences


def close_one(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    require(can_open_periods(request.user))
    period = get_period_or_404(slug, year, quarter)
    if is_early(period, timezone.localdate()):
        return _close_early(request, [period], title=f"提前截止{period.label}")

    def perform() -> str:
        close_period(period=period, by=request.user, at=timezone.now())
        return f"{period.label}已截止，可以准备报审稿。"

    return _confirm(
        request,
        perform,
        title=f"截止{period.label}",
        consequences=_closing_consequences([period]),
        button="截止",
        period=period,
    )


def _close_early(
    request: StaffRequest, periods: list[ReportingPeriod], *, title: str
) -> HttpResponse:
    """The page that asks why the units shall lose time; posted to, it proposes the closing.

    Periods for which a proposal waits already are left out; where all have one, the answer is the
    page on which it is confirmed or withdrawn.
    """
    free = without_proposal(periods, timezone.localdate())
    if not free:
        return redirect(period_address("early-closing", periods[0]))
    periods = free
    form = EarlyClosingForm(request.POST if request.method == "POST" else None)

    def perform() -> str:
        reason = form.cleaned_data["reason"]
        rows = propose_early_closing(
            periods=periods, reason=reason, by=request.user, at=timezone.now()
        )
        if rows[0].state == EarlyClosingState.CONFIRMED:
            return "已提前截止，已列入各责任单位“今天要做的”。可以准备报审稿。"
        return "已提出提前截止。等另一位督查员或区领导确认，确认以前照常填报，也可以撤回。"

    consequences = [
        _early_in_words(periods),
        *([_plans_in_words(periods)] if len(periods) > 1 else []),
        *_closing_consequences(periods, unreported=State.CLOSED_EARLY),
    ]
    return _confirm(
        request,
        perform,
        form,
        title=title,
        consequences=consequences,
        button="提出提前截止" if settings.TWO_PERSON_CLOSING else "提前截止",
        period=periods[0] if len(periods) == 1 else None,
    )


def _early_in_words(periods: list[ReportingPeriod]) -> str:
    due_on = cn_date(max(period.due_on for period in periods))
    early = f"还没有过报送截止日（{due_on}），现在截止，单位会少了填报的时间，须写明理由"
    if settings.TWO_PERSON_CLOSING:
        early += "，并由另一位督查员或区领导确认"
    return f"{early}。公开记录写明这次是提前截止。"


def _closing_consequences(
    periods: list[ReportingPeriod], *, unreported: State = State.NOT_REPORTED
) -> list[str]:
    """What follows from the closing. `unreported`: what the public will read of what is missing."""
    word = unreported.label
    sentences = [
        "截止后单位不能再填报，已报送的可以继续核查；退回修改的仍可改后再报。",
        f"现在还有 {unfiled(periods)} 项没有报送，公布时写明“{word}”；公布之后还可以补报。",
        "批准延期、到公布时还没有到期的，写明“经批准延期报送”。",
    ]
    if waiting := waiting_extensions(periods):
        sentences.append(
            f"还有 {waiting} 份延期申请没有答复；批准延期的，截止以后仍可填报到批准的日子。"
        )
    return sentences


def open_all(request: StaffRequest, year: int, quarter: int) -> HttpResponse:
    require(can_open_periods(request.user))
    rows, today = _periods_of_all_plans(year, quarter, PeriodState.SCHEDULED), timezone.localdate()

    def perform() -> str:
        opened = open_periods(periods=rows, by=request.user, at=timezone.now(), on=today)
        return f"{cn_quarter(year, quarter)}已开放，共 {len(opened)} 份文件。"

    # Opened on the same day, their days are the same.
    consequences = [_plans_in_words(rows), *_opening_consequences(rows[0], today)]
    return _confirm(
        request,
        perform,
        title=f"一并开放{cn_quarter(year, quarter)}",
        consequences=consequences,
        button="全部开放",
    )


def close_all(request: StaffRequest, year: int, quarter: int) -> HttpResponse:
    require(can_open_periods(request.user))
    rows = _periods_of_all_plans(year, quarter, PeriodState.OPEN)
    title = f"一并截止{cn_quarter(year, quarter)}"
    if early := [period for period in rows if is_early(period, timezone.localdate())]:
        return _close_early(request, early, title=f"提前{title}")

    def perform() -> str:
        closed = close_periods(periods=rows, by=request.user, at=timezone.now())
        return f"{cn_quarter(year, quarter)}已截止，共 {len(closed)} 份文件，可以准备报审稿。"

    return _confirm(
        request,
        perform,
        title=title,
        consequences=[_plans_in_words(rows), *_closing_consequences(rows)],
        button="全部截止",
    )


def _plans_in_words(periods: list[ReportingPeriod]) -> str:
    return f"共 {len(periods)} 份文件：{'、'.join(period.plan.name for period in periods)}。"


def _periods_of_all_plans(year: int, quarter: int, state: str) -> list[ReportingPeriod]:
    rows = ReportingPeriod.objects.quarters().with_plan().filter(plan__state=PlanState.PUBLISHED)
    return get_list_or_404(rows.filter(state=state, year=year, index=quarter).order_by("plan"))


def _confirm(
    request: StaffRequest,
    perform: Callable[[], str],
    form: EarlyClosingForm | None = None,
    *,
    title: str,
    consequences: list[str],
    button: str,
    period: ReportingPeriod | None = None,
    covered: Coverage | None = None,
) -> HttpResponse:
    """The page that says what follows; a POST performs the step or shows the refusal.

    `covered`: who can file in the period that is opened.
    """
    refused = []
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            messages.success(request, perform())
            return redirect("workspace:periods")
        except Refused as refusal:
            refused = refusal.reasons
    context = {
        "title": title,
        "consequences": consequences,
        "button": button,
        "period": period,
        "covered": covered,
        "form": form,
        "refused": refused,
        "crumbs": [STAFF_HOME, PERIODS, (title, "")],
    }
    return render(request, "staff/confirm.html", context)
