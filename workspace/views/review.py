"""The reports a supervisor reviews: their queue, and the page of one report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.ui.action_views import action_of
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import PlainForm
from common.ui.form_parts import typed_words
from common.ui.undo import success_with_undo
from departments.http import StaffRequest
from departments.models import Department, User
from progress.access import require
from progress.actions.reviews import agree_with_report, verify_report
from progress.choices import PeriodKind, ReportStatus
from progress.forms.review import AgreeForm, ReturnForm, VerdictForm
from progress.models import ProgressReport
from progress.permissions import can_review
from progress.read_models.chips import pace_chip
from progress.read_models.filed_report import filed_report
from progress.requirements.flags import material_count, review_flags
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements
from publishing.actions.taking_back import (
    reassess_report,
    reassessment_refusal_reason,
    send_back_report,
)
from supervision.read_models.proposals import slips_beside
from tasks.models import Milestone
from tasks.recusal import recusing_units
from workspace.addresses import task_address
from workspace.crumbs import REVIEW
from workspace.read_models.previous_reports import published_before
from workspace.read_models.queues import flagged_reports, next_to_review, review_queue

# The page holds two forms with a field of the same name.
AGREE_ID = "agree_%s"


@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    require(can_review(request.user))
    queue = review_queue(request.user)
    reports = flagged_reports(queue.mine)
    context = {
        "queue": queue,
        "plain": [report for report in reports if not report.flags],
        "closer": [report for report in reports if report.flags],
        "today": timezone.localdate(),
        "crumbs": [STAFF_HOME, ("核查", "")],
    }
    return render(request, "staff/review_queue.html", context)


@dataclass
class ReviewDesk:
    """One report under review with the three forms of its page.

    The forms are unvalidated, each with what was typed into it; the view puts the one that was sent
    in its place.
    """

    requirements: ReportRequirements
    report: ProgressReport
    verdict: VerdictForm
    back: ReturnForm
    agree: AgreeForm

    def is_recused(self, user: User) -> bool:
        """Whether a unit of the person answers for the report."""
        return bool(self.requirements.units & recusing_units(user))


def _get_desk(request: StaffRequest, code: str, year: int, quarter: int) -> ReviewDesk:
    """The report within the person's sight. Raises PermissionDenied for those who review none."""
    rows = ProgressReport.objects.visible_to(request.user).with_related()
    lookup = {"task__code": code, "period__year": year, "period__index": quarter}
    report = get_object_or_404(rows.filter(period__kind=PeriodKind.QUARTER), **lookup)
    require(can_review(request.user))
    requirements = requirements_for(report.task, report.period)
    typed: dict[str, object] = {**request.POST.dict()}
    return ReviewDesk(
        requirements=requirements,
        report=requirements.begun_report,
        verdict=VerdictForm(requirements, initial=typed),
        back=ReturnForm(initial=typed),
        agree=AgreeForm(initial=typed, auto_id=AGREE_ID),
    )


@require_safe
def desk(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """The page on which one report is assessed or returned."""
    return _desk_response(request, _get_desk(request, code, year, quarter))


@action_of("workspace:review")
def verify(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    desk = _get_desk(request, code, year, quarter)
    desk.verdict = form = VerdictForm(desk.requirements, request.POST)

    def perform() -> str:
        verdict = form.verdict()
        assessment = verify_report(
            report=desk.report, verdict=verdict, by=request.user, at=timezone.now()
        )
        pace = assessment.get_pace_display()
        return f"{desk.report.task.code} 已保存核定“{pace}”，公布时与单位自评并列。"

    return _take_step(request, desk, form, perform, undoable=True)


@action_of("workspace:review")
def agree(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    desk = _get_desk(request, code, year, quarter)
    desk.agree = form = AgreeForm(request.POST, auto_id=AGREE_ID)

    def perform() -> str:
        agree_with_report(
            report=desk.report, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        return f"{desk.report.task.code} 已同意单位自评，审核通过。"

    return _take_step(request, desk, form, perform, undoable=True)


@action_of("workspace:review")
def send_back(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    desk = _get_desk(request, code, year, quarter)
    desk.back = form = ReturnForm(request.POST)

    def perform() -> str:
        reason = form.cleaned_data["reason"]
        send_back_report(report=desk.report, reason=reason, by=request.user, at=timezone.now())
        unit = _lead_unit(desk.requirements)
        return f"{desk.report.task.code} 已退回{unit.short_name if unit else ''}修改。"

    return _take_step(request, desk, form, perform)


@action_of("workspace:review")
def reassess(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """Takes the verdict back, from the desk or from the message after it was given."""
    desk = _get_desk(request, code, year, quarter)
    try:
        reassess_report(report=desk.report, by=request.user, at=timezone.now())
    except Refused as refused:
        status = 403 if desk.is_recused(request.user) else 200
        return _desk_response(request, desk, status=status, refused=refused.reasons)
    done = f"{desk.report.task.code} 已撤回核定，重新等待核查。撤回前的核定留在记录里。"
    messages.success(request, done)
    return redirect(task_address("review", desk.report.task, desk.report.period))


def _desk_response(
    request: StaffRequest, desk: ReviewDesk, *, status: int = 200, refused: Sequence[str] = ()
) -> HttpResponse:
    """The page of the desk. `refused`: why a step without a form of its own was refused."""
    requirements, report = desk.requirements, desk.report
    recused = desk.is_recused(request.user)
    before = published_before(requirements.task, requirements.period)
    waiting = report.status == ReportStatus.SUBMITTED and not recused
    verified = report.status == ReportStatus.VERIFIED and not recused
    demo = requirements.period.demonstration
    context = {
        "requirements": requirements,
        "task": requirements.task,
        "period": requirements.period,
        "report": report,
        "filed": filed_report(requirements, before.values),
        "recused": recused,
        "waiting": waiting,
        "verified": verified,
        "final": reassessment_refusal_reason(report) if verified else "",
        "refused": refused,
        "flags": review_flags(requirements),
        "materials": material_count(report),
        "unsaved": [] if waiting or recused else typed_words(request.POST),
        "milestones": Milestone.objects.filter(task=requirements.task),
        "nodes": requirements.nodes,
        "before": before,
        "assessments": [(row, pace_chip(row.pace, demo=demo)) for row in report.assessments.all()],
        "form": desk.verdict,
        "back": desk.back,
        "agree": desk.agree,
        "slips": slips_beside(request.user, requirements, timezone.localdate()),
        "crumbs": [
            STAFF_HOME,
            REVIEW,
            (f"{requirements.task.code} {requirements.period.label}", ""),
        ],
    }
    return render(request, "staff/review_desk.html", context, status=status)


def _take_step(
    request: StaffRequest,
    desk: ReviewDesk,
    form: PlainForm,
    perform: Callable[[], str],
    *,
    undoable: bool = False,
) -> HttpResponse:
    """Does what `perform` does with the form, one of the desk's; then the next report opens.

    `undoable`: it gives a verdict, which the message then offers to take back.
    """
    if not form.is_valid():
        return _desk_response(request, desk)
    try:
        done = perform()
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return _desk_response(request, desk, status=403 if desk.is_recused(request.user) else 200)
    following = next_to_review(request.user)
    words = done + _next_in_words(desk.requirements, following)
    if undoable:
        address = task_address("review-reassess", desk.report.task, desk.report.period)
        success_with_undo(request, words, address)
    else:
        messages.success(request, words)
    if following is None:
        return redirect("workspace:review-queue")
    return redirect(task_address("review", following.task, following.period))


def _next_in_words(last: ReportRequirements, following: ProgressReport | None) -> str:
    """The report that opens next, if its document, quarter or lead differs from the last."""
    if following is None:
        return "没有等您核查的了。"
    now = requirements_for(following.task, following.period)
    unit = _lead_unit(now)
    if (now.period, unit) == (last.period, _lead_unit(last)):
        return ""
    who = f"{unit.short_name}：" if unit else ""
    return f"下一份：{now.period.plan.name}{now.period.label}，{who}{now.task.title}。"


def _lead_unit(requirements: ReportRequirements) -> Department | None:
    return requirements.lead.department if requirements.lead else None
