"""A report that is no longer a draft: signed, handed back, taken back, printed, its scan added."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.ui.action_views import action_of
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from progress.access import get_requirements_or_404
from progress.actions.evidence import add_evidence
from progress.actions.signing import hand_back_report, recall_report, sign_report
from progress.choices import EvidenceKind
from progress.forms.signing import HandBackReportForm, SignedFormForm
from progress.models import ProgressReport
from progress.permissions import can_recall, can_sign
from progress.read_models.filed_report import form_lines
from progress.requirements.report import ReportRequirements
from publishing.actions.taking_back import withdraw_report
from workspace.addresses import task_address
from workspace.crumbs import REPORTS
from workspace.pages.report import (
    add_each,
    filed_page,
    report_context,
    review_forecast,
    writable_report,
)


@action_of("workspace:report")
def sign(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    requirements, report = _signable_report(request, code, year, quarter)
    try:
        sign_report(report=report, by=request.user, at=timezone.now())
    except Refused as refused:
        back = HandBackReportForm(initial=request.POST.dict())
        return filed_page(request, requirements, back=back, refused=refused.reasons)
    done = f"{requirements.task.code} 已审签。已报送督查室。{review_forecast(requirements.period)}"
    messages.success(request, done)
    return redirect("workspace:home")


@action_of("workspace:report")
def hand_back(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    requirements, report = _signable_report(request, code, year, quarter)
    form = HandBackReportForm(request.POST)
    if not form.is_valid():
        return filed_page(request, requirements, back=form)
    reason = form.cleaned_data["reason"]
    try:
        hand_back_report(report=report, reason=reason, by=request.user, at=timezone.now())
    except Refused as refused:
        return filed_page(request, requirements, back=form, refused=refused.reasons)
    done = f"{requirements.task.code} 已退回填报员，填报员在“今天要做的”里看到您的理由。"
    messages.success(request, done)
    return redirect("workspace:home")


def _signable_report(
    request: StaffRequest, code: str, year: int, quarter: int
) -> tuple[ReportRequirements, ProgressReport]:
    """Raises PermissionDenied for those who do not sign it, and where there is no report yet."""
    requirements = get_requirements_or_404(request.user, code, year, quarter)
    report = requirements.report
    if report is None or not can_sign(request.user, report):
        raise PermissionDenied
    return requirements, report


@action_of("workspace:report")
def recall(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    requirements = get_requirements_or_404(request.user, code, year, quarter)
    return _take_back(request, requirements, recall_report, "已从审签收回。修改后请重新送审签。")


@action_of("workspace:report")
def withdraw(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    requirements = get_requirements_or_404(request.user, code, year, quarter)
    done = "已收回，现在是草稿，督查室不再核查。修改后请重新报送；首次报送的日期保留。"
    return _take_back(request, requirements, withdraw_report, done)


def _take_back(
    request: StaffRequest, requirements: ReportRequirements, action: Callable, done: str
) -> HttpResponse:
    """Takes the report back by `action`; `done`: the message then."""
    report = requirements.report
    if report is None or not can_recall(request.user, report):
        raise PermissionDenied
    try:
        action(report=report, by=request.user, at=timezone.now())
    except Refused as refused:
        return filed_page(request, requirements, refused=refused.reasons)
    messages.success(request, done)
    return redirect(task_address("report", requirements.task, requirements.period))


@action_of("workspace:report")
def scans(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    requirements, department = writable_report(request, code, year, quarter)
    report = requirements.report
    # Without a report there is no printed form that could have been signed.
    if report is None:
        raise PermissionDenied
    form = SignedFormForm(request.POST, request.FILES)
    if not form.is_valid():
        return filed_page(request, requirements, scan=form)
    files = form.cleaned_data["files"]
    add = partial(add_evidence, report=report, department=department, caption="", is_public=False)
    add = partial(add, kind=EvidenceKind.SIGNED_FORM, by=request.user, at=timezone.now())
    if not add_each(files, add):
        form.add_error("files", files.refused)
        return filed_page(request, requirements, scan=form)
    messages.success(request, "盖章报告表已存入，督查室可以看到，不对外公开。")
    if files.refusal:
        messages.warning(request, files.refusal)
    return redirect(task_address("report", requirements.task, requirements.period))


@require_safe
def printable(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """进展情况报告表 as a page to be printed, signed and sealed."""
    requirements = get_requirements_or_404(request.user, code, year, quarter)
    back = (
        f"{requirements.task.code} {requirements.period.label}",
        task_address("report", requirements.task, requirements.period),
    )
    context = {
        "lines": form_lines(requirements),
        "crumbs": [STAFF_HOME, REPORTS, back, ("报告表", "")],
    }
    return render(
        request, "staff/report_paper.html", report_context(request, requirements) | context
    )
