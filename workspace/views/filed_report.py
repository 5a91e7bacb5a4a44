"""A report that is no draft any more: read, signed or handed back inside the unit, printed, its signed scan added."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.text.wording import cn_date
from common.ui.form_parts import typed_words
from departments.models import Department
from progress.access import HOME, allowed, filing_units, sheet_in_sight
from progress.actions.evidence import add_evidence
from progress.actions.signing import hand_back_report, recall_report, sign_report, wrote
from progress.choices import EvidenceKind, PeriodState, ReportStatus
from progress.forms.signing import HandBackForm, SignedFormForm
from progress.models import ReportingPeriod
from progress.permissions import can_recall, can_sign
from progress.read_models.chips import pace_chip
from progress.read_models.filed_report import filed, form_lines
from progress.requirements.deadlines import takes_filings
from progress.requirements.report import Sheet
from progress.transitions import MOVES
from supervision.read_models.coordination import about_report
from supervision.read_models.proposals import slips_beside
from workspace.read_models.requests import rights_of
from workspace.read_models.work_items import address

LIST = ("进展填报", "/staff/reports/")


def about(request: HttpRequest, sheet: Sheet) -> dict:
    crumbs = [HOME, LIST, (f"{sheet.task.code} {sheet.period.label}", "")]
    shown = {"sheet": sheet, "task": sheet.task, "period": sheet.period, "report": sheet.report}
    today = timezone.localdate()
    rights = rights_of(request.user, sheet, today)
    slips = slips_beside(request.user, sheet, today)
    return shown | {"filed": filed(sheet), "rights": rights, "slips": slips, "crumbs": crumbs}


def filed_page(request: HttpRequest, sheet: Sheet, *, back=None, scan=None, refused=()) -> HttpResponse:
    report, assessment = sheet.report, sheet.assessment
    signing = report is not None and report.status == ReportStatus.SIGNING
    signs = signing and can_sign(request.user, report)
    takes_scans = report is not None and report.status in MOVES["add_signed_form"]
    item, raises = about_report(request.user, sheet)
    context = {
        "item": item,
        "raises": raises,
        "assessment": assessment,
        "assessed": pace_chip(assessment.pace, demo=sheet.period.demonstration) if assessment else None,
        "signs": signs,
        "recalls": signing and can_recall(request.user, report) and _still_taken(sheet),
        "wrote": signs and wrote(report, sheet.lead.department_id, request.user),
        "unsaved": [] if signs else typed_words(request.POST),
        "back": back or HandBackForm(),
        "scan": (scan or SignedFormForm()) if takes_scans and filing_units(request.user, sheet) else None,
        "refused": refused,
    }
    return render(request, "staff/report_filed.html", about(request, sheet) | context)


def sign_or_hand_back(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Only the form whose button was pressed is judged."""
    allowed(sheet.report is not None and can_sign(request.user, sheet.report))
    returning = "hand_back" in request.POST
    back = HandBackForm(request.POST) if returning else HandBackForm(initial=request.POST.dict())
    if returning and not back.is_valid():
        return filed_page(request, sheet, back=back)
    try:
        said = _hand_back(request, sheet, back) if returning else _sign(request, sheet)
    except Refused as refused:
        return filed_page(request, sheet, back=back, refused=refused.reasons)
    messages.success(request, said)
    return redirect("workspace:home")


def recall(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    allowed(sheet.report is not None and can_recall(request.user, sheet.report))
    try:
        recall_report(report=sheet.report, by=request.user, at=timezone.now())
    except Refused as refused:
        return filed_page(request, sheet, refused=refused.reasons)
    messages.success(request, "已从审签收回。修改后请重新送审签。")
    return redirect(address("report", sheet.task, sheet.period))


def _still_taken(sheet: Sheet) -> bool:
    """Taken back after the closing it could not be sent again."""
    return takes_filings(sheet.term, sheet.report, today=timezone.localdate())


def _hand_back(request: HttpRequest, sheet: Sheet, form: HandBackForm) -> str:
    reason = form.cleaned_data["reason"]
    hand_back_report(report=sheet.report, reason=reason, by=request.user, at=timezone.now())
    return f"{sheet.task.code} 已退回填报员，填报员在“今天要做的”里看到您的理由。"


def _sign(request: HttpRequest, sheet: Sheet) -> str:
    sign_report(report=sheet.report, by=request.user, at=timezone.now())
    return f"{sheet.task.code} 已审签。已报送督查室。{review_ahead(sheet.period)}"


def review_ahead(period: ReportingPeriod) -> str:
    """What comes after the submission."""
    late = period.state == PeriodState.RELEASED
    return "核查后补充公布。" if late else f"{cn_date(period.review_due_on)}前会有核查结果。"


def add_scan(request: HttpRequest, sheet: Sheet, department: Department) -> HttpResponse:
    form = SignedFormForm(request.POST, request.FILES)
    if not form.is_valid():
        return filed_page(request, sheet, scan=form)
    at, kind = timezone.now(), EvidenceKind.SIGNED_FORM
    paper = {"report": sheet.report, "department": department, "kind": kind, "caption": "", "is_public": False}
    try:
        with transaction.atomic():
            for upload in form.cleaned_data["files"]:
                add_evidence(upload=upload, **paper, by=request.user, at=at)
    except Refused as refused:
        form.add_error("files", refused.reasons)
        return filed_page(request, sheet, scan=form)
    messages.success(request, "盖章报告表已存入，督查室可以看到，不对外公开。")
    return redirect(address("report", sheet.task, sheet.period))


@require_safe
def paper(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """进展情况报告表, to be printed, signed and sealed."""
    sheet = sheet_in_sight(request.user, code, year, quarter)
    back = (f"{sheet.task.code} {sheet.period.label}", address("report", sheet.task, sheet.period))
    shown = {"lines": form_lines(sheet), "crumbs": [HOME, LIST, back, ("报告表", "")]}
    return render(request, "staff/report_paper.html", about(request, sheet) | shown)
