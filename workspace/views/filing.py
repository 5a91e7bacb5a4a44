"""The unit's side of a quarter: its list, the form, and the draft that keeps itself."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused, Stale
from common.time.days import local_day
from common.ui.form_parts import errors_of
from departments.models import Department
from progress.access import HOME, allowed, filing_units, sheet_in_sight
from progress.actions.evidence import add_evidence, remove_evidence
from progress.actions.reports import save_draft, submit_report
from progress.actions.signing import send_to_sign
from progress.choices import EvidenceKind
from progress.filters import ReportFilter
from progress.forms.parts import differences
from progress.forms.report import ReportForm
from progress.models import Evidence, ProgressReport
from progress.permissions import can_file
from progress.read_models.filed_report import said_chip, status_chip
from progress.requirements.deadlines import terms_of
from progress.requirements.report import Gap, Sheet, sheet_of
from workspace.read_models.previous_reports import earlier_part, offered, published_before
from workspace.read_models.queues import never_filed, unfinished
from workspace.read_models.work_items import address, state_in_words
from workspace.views.filed_report import about, add_scan, filed_page, recall, review_ahead, sign_or_hand_back

# Button -> the deed that takes a draft out of its writers' hands.
WAYS_OUT = {"submit": submit_report, "send": send_to_sign}
STALE = "这份填报已被另一个窗口或同事保存过，这里不再自动保存。请按“保存”：两边的不同会列出来，您写的不会丢。"


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    rows = ProgressReport.objects.visible_to(request.user).with_places()
    found = ReportFilter(request.GET, rows.order_by("-period__year", "-period__index", "task__number"))
    begun = set(rows.values_list("task", "period"))
    today = timezone.localdate()
    waiting = [(t, p) for t, p in unfinished(request.user, today) if (t.pk, p.pk) not in begun]
    terms = terms_of((task.pk, period) for task, period in waiting)
    page = Paginator(found.qs, 30).get_page(request.GET.get("page"))
    context = {
        "form": found.form,
        "page_obj": page,
        "rows": [(row, status_chip(row, demo=row.period.demonstration), said_chip(row)) for row in page],
        "waiting": [(t, p, terms[t.pk, p.pk]) for t, p in waiting],
        "today": today,
        "late": never_filed(request.user, today),
        "files": can_file(request.user),
        "crumbs": [HOME, ("进展填报", "")],
    }
    return render(request, "staff/reports.html", context)


def report(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    sheet = sheet_in_sight(request.user, code, year, quarter)
    if request.POST.keys() & {"sign", "hand_back"}:
        return sign_or_hand_back(request, sheet)
    if "recall" in request.POST:
        return recall(request, sheet)
    units = filing_units(request.user, sheet)
    asked = [unit for unit in units if unit.slug == request.GET.get("unit")]
    department = next(iter([*asked, *units]), None)
    if request.method == "POST":
        allowed(department is not None)
        return _deed(request)(request, sheet, department)
    if department is None or not sheet.can_be_edited(timezone.localdate()):
        return filed_page(request, sheet)
    return _page(request, sheet, ReportForm(sheet, department))


def _deed(request: HttpRequest) -> Callable:
    if "attach" in request.POST:
        return add_scan
    return _autosave if request.headers.get("X-Autosave") else _post


def _page(request: HttpRequest, sheet: Sheet, form: ReportForm, *, stale: str = "") -> HttpResponse:
    before, today = published_before(sheet.task, sheet.period), timezone.localdate()
    earlier = None if form.is_bound else earlier_part(sheet, form.department)
    prefilled = earlier is not None and "prefill" in request.GET
    if prefilled:
        form.offer(offered(sheet, earlier))
    context = {
        "form": form,
        "units": filing_units(request.user, sheet),
        "answers": form.answers(before.chips),
        "numbers": form.numbers(before.values),
        "rest": form.rest_answers(before.chips),
        "before": before.publication,
        "gaps": form.gap_links(today),
        "nodes": sheet.task.nodes,
        "no_longer_awaited": form.no_longer_awaited(today),
        "earlier": earlier,
        "prefilled": prefilled,
        "stale": stale,
        "differences": differences(form) if stale else [],
    }
    return render(request, "staff/report_form.html", about(request, sheet) | context)


def _post(request: HttpRequest, sheet: Sheet, department: Department) -> HttpResponse:
    form = ReportForm(sheet, department, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, sheet, form)
    try:
        report = keep_draft(request, form)
    except Stale as stale:
        return _page(request, sheet, form.onto_present(), stale=stale.reasons[0])
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return _page(request, sheet, form)
    deed = next((WAYS_OUT[name] for name in WAYS_OUT if name in request.POST), None)
    if deed and report:
        return _hand_on(request, report, department, deed)
    if deed:
        units = {department.pk}
        messages.warning(request, f"还没有填写内容，不能报送。{state_in_words(sheet, units, timezone.localdate())}。")
        return _page(request, sheet, form)
    return _back_to_the_form(request, form, kept=report is not None)


def _back_to_the_form(request: HttpRequest, form: ReportForm, *, kept: bool) -> HttpResponse:
    lead = form.sheet.lead.department.short_name if form.sheet.lead and not form.leads else ""
    if kept:
        messages.success(request, f"已保存，由{lead}汇总报送。" if lead else "已保存，还没有报送。")
    else:
        messages.warning(request, "还没有填写内容，没有保存。")
    unit = request.GET.get("unit")
    return redirect(f"{request.path}?{urlencode({'unit': unit})}" if unit else request.path)


def _autosave(request: HttpRequest, sheet: Sheet, department: Department) -> JsonResponse:
    """The same saving asked by the page's script: what is kept now, or why nothing was."""
    form = ReportForm(sheet, department, request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": [{"at": at, "says": says} for at, says in errors_of(form)]}, status=422)
    try:
        report = keep_draft(request, form)
    except Stale:
        return JsonResponse({"message": STALE}, status=409)
    except Refused as refused:
        return JsonResponse({"message": " ".join(refused.reasons)}, status=409)
    now = ReportForm(sheet_of(sheet.task, sheet.period), department)
    return JsonResponse(
        {
            "version": report.version if report else 0,
            "saved_at": timezone.localtime().isoformat(timespec="seconds") if report else "",
            "gaps": [says for _, says in now.gap_links(timezone.localdate())],
        }
    )


@transaction.atomic
def keep_draft(request: HttpRequest, form: ReportForm) -> ProgressReport | None:
    """The draft together with its papers: all of it or, when one is refused, nothing. An untouched form is no draft."""
    removed = request.POST.getlist("remove")
    if not form.says_anything and not removed:
        return form.sheet.report
    at, said, sheet = timezone.now(), form.cleaned_data, form.sheet
    report = save_draft(
        task=sheet.task,
        period=sheet.period,
        department=form.department,
        filing=form.filing(),
        expected_version=said["version"],
        by=request.user,
        at=at,
    )
    for upload in said["files"]:
        about_it = {name: said[name] for name in ("caption", "is_public")}
        about_it["kind"] = said["kind"] or EvidenceKind.MATERIAL
        add_evidence(report=report, department=form.department, upload=upload, **about_it, by=request.user, at=at)
    if removed:
        _take_out(report, form.department, removed)
    return report


def _take_out(report: ProgressReport, department: Department, marks: list[str]) -> None:
    own = Evidence.objects.filter(contribution__report=report, contribution__department=department)
    papers = {str(paper.pk): paper for paper in own}
    for mark in marks:
        if mark not in papers:
            raise Http404
        remove_evidence(evidence=papers[mark])


def _hand_on(request: HttpRequest, report: ProgressReport, department: Department, deed: Callable) -> HttpResponse:
    """What was typed is saved by now; a refusal shows it again with what is missing at its fields."""
    at = timezone.now()
    try:
        deed(report=report, by=request.user, at=at)
    except Refused as refused:
        sheet = sheet_of(report.task, report.period)
        form = ReportForm(sheet, department, request.POST).onto_present()
        gaps = [gap for gap in sheet.gaps(local_day(at)) if gap.blocks] if form.leads else []
        form.lacks(gaps or [Gap("", reason) for reason in refused.reasons])
        messages.warning(request, "已保存，但还不能报送。")
        return _page(request, sheet, form)
    signing = deed is send_to_sign
    said = "已送审签。审签人审签后报送督查室。" if signing else f"已报送督查室。{review_ahead(report.period)}"
    messages.success(request, said)
    return redirect(address("report", report.task, report.period))
