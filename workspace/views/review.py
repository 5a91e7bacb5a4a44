"""The reports a supervisor reviews: their queue, and the page of one report."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.ui.action_views import action_of
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import PlainForm
from common.ui.form_parts import typed_words
from progress.access import require
from progress.actions.reviews import agree_with_report, return_report, verify_report
from progress.choices import PeriodKind, ReportStatus
from progress.forms.review import AgreeForm, ReturnForm, VerdictForm
from progress.models import ProgressReport
from progress.permissions import can_review
from progress.read_models.chips import pace_chip
from progress.read_models.filed_report import filed_report
from progress.requirements.flags import review_flags
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements
from supervision.read_models.proposals import slips_beside
from tasks.models import Milestone
from tasks.recusal import recusing_units
from workspace.addresses import task_address
from workspace.crumbs import REVIEW
from workspace.read_models.previous_reports import published_before
from workspace.read_models.queues import flagged_reports, next_to_review, review_queue


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
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
class ReviewForms:
    """The three forms of the page. Only the one that was sent is validated."""

    verdict: VerdictForm
    back: ReturnForm
    agree: AgreeForm


def _review_forms(requirements: ReportRequirements, typed: QueryDict) -> ReviewForms:
    """The forms, unvalidated, each with what was typed into it."""
    initial = typed.dict()
    agree = _agree_form(initial=initial)
    return ReviewForms(
        VerdictForm(requirements, initial=initial), ReturnForm(initial=initial), agree
    )


def _agree_form(data: QueryDict | None = None, **options) -> AgreeForm:
    return AgreeForm(data, auto_id="agree_%s", **options)


@require_safe
def desk(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """The page on which one report is assessed or returned."""
    requirements = _reviewed_requirements(request, code, year, quarter)
    return _page(request, requirements, _review_forms(requirements, request.POST))


def _reviewed_requirements(
    request: HttpRequest, code: str, year: int, quarter: int
) -> ReportRequirements:
    rows = ProgressReport.objects.visible_to(request.user).with_related()
    lookup = {"task__code": code, "period__year": year, "period__index": quarter}
    report = get_object_or_404(rows.filter(period__kind=PeriodKind.QUARTER), **lookup)
    require(can_review(request.user))
    return requirements_for(report.task, report.period)


@action_of("workspace:review")
def verify(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    requirements = _reviewed_requirements(request, code, year, quarter)
    forms = _review_forms(requirements, request.POST)
    forms.verdict = form = VerdictForm(requirements, request.POST)
    return _perform(_verify, request, requirements, forms, form)


@action_of("workspace:review")
def agree(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    requirements = _reviewed_requirements(request, code, year, quarter)
    forms = _review_forms(requirements, request.POST)
    forms.agree = form = _agree_form(request.POST)
    return _perform(_agree, request, requirements, forms, form)


@action_of("workspace:review")
def send_back(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    requirements = _reviewed_requirements(request, code, year, quarter)
    forms = _review_forms(requirements, request.POST)
    forms.back = form = ReturnForm(request.POST)
    return _perform(_return, request, requirements, forms, form)


def _is_recused(request: HttpRequest, requirements: ReportRequirements) -> bool:
    return bool(requirements.units & recusing_units(request.user))


def _page(
    request: HttpRequest, requirements: ReportRequirements, forms: ReviewForms, status: int = 200
) -> HttpResponse:
    recused, before = (
        _is_recused(request, requirements),
        published_before(requirements.task, requirements.period),
    )
    waiting = requirements.report.status == ReportStatus.SUBMITTED and not recused
    demo = requirements.period.demonstration
    context = {
        "requirements": requirements,
        "task": requirements.task,
        "period": requirements.period,
        "report": requirements.report,
        "filed": filed_report(requirements, before.values),
        "recused": recused,
        "waiting": waiting,
        "flags": review_flags(requirements),
        "unsaved": [] if waiting or recused else typed_words(request.POST),
        "milestones": Milestone.objects.filter(task=requirements.task),
        "nodes": requirements.nodes,
        "before": before,
        "assessments": [
            (row, pace_chip(row.pace, demo=demo)) for row in requirements.report.assessments.all()
        ],
        "form": forms.verdict,
        "back": forms.back,
        "agree": forms.agree,
        "slips": slips_beside(request.user, requirements, timezone.localdate()),
        "crumbs": [
            STAFF_HOME,
            REVIEW,
            (f"{requirements.task.code} {requirements.period.label}", ""),
        ],
    }
    return render(request, "staff/review_desk.html", context, status=status)


def _perform(
    action: Callable,
    request: HttpRequest,
    requirements: ReportRequirements,
    forms: ReviewForms,
    form: PlainForm,
) -> HttpResponse:
    """Performs the action of `form`, which is one of `forms`; then the next report opens."""
    if not form.is_valid():
        return _page(request, requirements, forms)
    try:
        done = action(request, requirements, form)
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return _page(
            request, requirements, forms, status=403 if _is_recused(request, requirements) else 200
        )
    following = next_to_review(request.user)
    messages.success(request, done + _next_in_words(requirements, following))
    if following is None:
        return redirect("workspace:review-queue")
    return redirect(task_address("review", following.task, following.period))


def _next_in_words(requirements: ReportRequirements, following: ProgressReport | None) -> str:
    """The report that opens next, if its document, quarter or lead differs from the last."""
    if following is None:
        return "没有等您核查的了。"
    now, then = requirements_for(following.task, following.period), requirements
    if (now.period, now.lead and now.lead.department) == (
        then.period,
        then.lead and then.lead.department,
    ):
        return ""
    unit = f"{now.lead.department.short_name}：" if now.lead else ""
    return f"下一份：{now.period.plan.name}{now.period.label}，{unit}{now.task.title}。"


def _verify(request: HttpRequest, requirements: ReportRequirements, form: VerdictForm) -> str:
    assessment = verify_report(
        report=requirements.report, verdict=form.verdict(), by=request.user, at=timezone.now()
    )
    return (
        f"{requirements.task.code} 已保存核定“{assessment.get_pace_display()}”，"
        "公布时与单位自评并列。"
    )


def _agree(request: HttpRequest, requirements: ReportRequirements, form: AgreeForm) -> str:
    options = {
        "confidence": form.cleaned_data["confidence"],
        "by": request.user,
        "at": timezone.now(),
    }
    agree_with_report(report=requirements.report, **options)
    return f"{requirements.task.code} 已同意单位自评，审核通过。"


def _return(request: HttpRequest, requirements: ReportRequirements, form: ReturnForm) -> str:
    reason = form.cleaned_data["reason"]
    return_report(report=requirements.report, reason=reason, by=request.user, at=timezone.now())
    return f"{requirements.task.code} 已退回{requirements.lead.department.short_name}修改。"
