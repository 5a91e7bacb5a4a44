"""The supervisor's side of a quarter: the queue, and the desk with one report on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from progress import actions
from progress.filing import Sheet, sheet_of
from progress.forms import ReturnForm, VerdictForm
from progress.models import ProgressReport, Publication, ReportStatus
from progress.overview.desk import address, published_before
from progress.overview.filed import filed
from progress.overview.standing import headline_chip, pace_chip
from progress.overview.waiting import next_to_review, review_queue
from progress.permissions import can_review
from progress.views.fetch import HOME, allowed
from tasks.models import Milestone
from yantian_portal.lib.errors import Refused
from yantian_portal.lib.form_parts import typed_words

QUEUE = ("核查", "/staff/review/")


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    allowed(can_review(request.user, None))
    queue = review_queue(request.user)
    context = {"queue": queue, "today": timezone.localdate(), "crumbs": [HOME, ("核查", "")]}
    return render(request, "staff/review_queue.html", context)


def desk(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    rows = ProgressReport.objects.visible_to(request.user).with_places().filter(period__kind="quarter")
    report = get_object_or_404(rows, task__code=code, period__year=year, period__index=quarter)
    allowed(can_review(request.user, report))
    sheet = sheet_of(report.task, report.period)
    if request.method == "POST":
        return _post(request, sheet)
    return _page(request, sheet, VerdictForm(sheet), ReturnForm())


def _page(request: HttpRequest, sheet: Sheet, verdict: VerdictForm, back: ReturnForm, status=200) -> HttpResponse:
    recused = actions.recused(sheet.task, request.user)
    waiting = sheet.report.status == ReportStatus.SUBMITTED and not recused
    demo = sheet.period.demonstration
    earlier = Publication.objects.current().filter(task=sheet.task).exclude(period=sheet.period)
    context = {
        "sheet": sheet,
        "task": sheet.task,
        "period": sheet.period,
        "report": sheet.report,
        "filed": filed(sheet),
        "recused": recused,
        "waiting": waiting,
        "unsaved": [] if waiting or recused else typed_words(request.POST),
        "milestones": Milestone.objects.filter(task=sheet.task),
        "before": published_before(sheet.task, sheet.period),
        "assessments": [(row, pace_chip(row.pace, demo=demo)) for row in sheet.report.assessments.all()],
        "earlier": [(row, headline_chip(row)) for row in earlier.select_related("period").order_by("period")],
        "form": verdict,
        "back": back,
        "crumbs": [HOME, QUEUE, (f"{sheet.task.code} {sheet.period.label}", "")],
    }
    return render(request, "staff/review_desk.html", context, status=status)


def _post(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Only the form whose button was pressed is judged; the other keeps what was typed."""
    returning = "return" in request.POST
    typed = request.POST.dict()
    verdict = VerdictForm(sheet, initial=typed) if returning else VerdictForm(sheet, request.POST)
    back = ReturnForm(request.POST) if returning else ReturnForm(initial=typed)
    asked = back if returning else verdict
    if not asked.is_valid():
        return _page(request, sheet, verdict, back)
    try:
        said = _return(request, sheet, back) if returning else _verify(request, sheet, verdict)
    except Refused as refused:
        asked.add_error(None, refused.reasons)
        recused = actions.recused(sheet.task, request.user)
        return _page(request, sheet, verdict, back, status=403 if recused else 200)
    messages.success(request, said)
    following = next_to_review(request.user)
    return redirect(address("desk", following.task, following.period) if following else "staff_progress:queue")


def _verify(request: HttpRequest, sheet: Sheet, form: VerdictForm) -> str:
    actions.verify_report(report=sheet.report, verdict=form.verdict(), by=request.user, at=timezone.now())
    return f"{sheet.task.code} 已审核通过,将在公布时与单位自评并列。"


def _return(request: HttpRequest, sheet: Sheet, form: ReturnForm) -> str:
    reason = form.cleaned_data["reason"]
    actions.return_report(report=sheet.report, reason=reason, by=request.user, at=timezone.now())
    return f"{sheet.task.code} 已退回{sheet.lead.department.short_name}修改。"
