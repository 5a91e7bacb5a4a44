"""The unit's side of a quarter: its list, the form, and what was filed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from departments.models import Department
from progress import actions
from progress.due import terms_of
from progress.filing import Gap, Sheet, sheet_of
from progress.filters import ReportFilter
from progress.forms import ReportForm, differences
from progress.models import Evidence, ProgressReport, ReportingPeriod
from progress.overview.desk import address, published_before
from progress.overview.filed import filed, said_chip, status_chip
from progress.overview.standing import pace_chip
from progress.overview.waiting import never_filed, unfinished
from progress.permissions import can_file
from progress.views.fetch import HOME, allowed, filing_units, sheet_in_sight
from yantian_portal.lib.errors import Refused, Stale
from yantian_portal.lib.wording import cn_date

LIST = ("进展填报", "/staff/reports/")


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    rows = ProgressReport.objects.visible_to(request.user).with_places()
    found = ReportFilter(request.GET, rows.order_by("-period__year", "-period__index", "task__number"))
    begun = set(rows.values_list("task", "period"))
    today = timezone.localdate()
    waiting = [(t, p) for t, p in unfinished(request.user, today) if (t.pk, p.pk) not in begun]
    terms = terms_of((task.pk, period) for task, period in waiting)
    page = Paginator(found.qs, 50).get_page(request.GET.get("page"))
    context = {
        "form": found.form,
        "page_obj": page,
        "rows": [(row, status_chip(row, demo=row.period.demonstration), said_chip(row)) for row in page],
        "waiting": [(t, p, terms[t.pk, p.pk]) for t, p in waiting],
        "today": today,
        "late": [(t, p) for t, p in never_filed(request.user) if (t.pk, p.pk) not in begun],
        "files": can_file(request.user),
        "crumbs": [HOME, ("进展填报", "")],
    }
    return render(request, "staff/reports.html", context)


def report(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    sheet = sheet_in_sight(request.user, code, year, quarter)
    units = filing_units(request.user, sheet)
    asked = [unit for unit in units if unit.slug == request.GET.get("unit")]
    department = next(iter([*asked, *units]), None)
    if request.method == "POST":
        allowed(department is not None)
        return _post(request, sheet, department)
    if department is None or not sheet.can_be_edited(timezone.localdate()):
        return render(request, "staff/report_filed.html", _about(sheet) | assessed(sheet))
    return _page(request, sheet, ReportForm(sheet, department))


def _about(sheet: Sheet) -> dict:
    crumbs = [HOME, LIST, (f"{sheet.task.code} {sheet.period.label}", "")]
    about = {"sheet": sheet, "task": sheet.task, "period": sheet.period, "report": sheet.report}
    return about | {"filed": filed(sheet), "crumbs": crumbs}


def assessed(sheet: Sheet) -> dict:
    assessment = sheet.assessment
    chip = pace_chip(assessment.pace, demo=sheet.period.demonstration) if assessment else None
    return {"assessment": assessment, "assessed": chip}


def _page(request: HttpRequest, sheet: Sheet, form: ReportForm, *, stale: str = "") -> HttpResponse:
    before = published_before(sheet.task, sheet.period)
    context = {
        "form": form,
        "units": filing_units(request.user, sheet),
        "answers": form.answers(before.chips),
        "numbers": form.numbers(before.values),
        "rest": form.rest_answers(before.chips),
        "before": before.publication,
        "gaps": form.gap_links(),
        "stale": stale,
        "differences": differences(form) if stale else [],
    }
    return render(request, "staff/report_form.html", _about(sheet) | context)


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
    if "submit" in request.POST:
        return _submit(request, report, department)
    lead = sheet.lead.department.short_name if sheet.lead and not form.leads else ""
    messages.success(request, f"已保存,由{lead}汇总报送。" if lead else "已保存,还没有报送。")
    return redirect(request.get_full_path())


@transaction.atomic
def keep_draft(request: HttpRequest, form: ReportForm) -> ProgressReport:
    """The draft together with its papers: all of it or, when one is refused, nothing."""
    at, said, sheet = timezone.now(), form.cleaned_data, form.sheet
    report = actions.save_draft(
        task=sheet.task,
        period=sheet.period,
        department=form.department,
        filing=form.filing(),
        expected_version=said["version"],
        by=request.user,
        at=at,
    )
    for upload in said["files"]:
        kept = {"upload": upload, "caption": said["caption"], "is_public": said["is_public"]}
        actions.add_evidence(report=report, department=form.department, **kept, by=request.user, at=at)
    for pk in request.POST.getlist("remove"):
        own = Evidence.objects.filter(contribution__report=report, contribution__department=form.department)
        actions.remove_evidence(evidence=get_object_or_404(own, pk=pk))
    return report


def _submit(request: HttpRequest, report: ProgressReport, department: Department) -> HttpResponse:
    """What was typed is saved by now; a refusal shows it again with what is missing at its fields."""
    try:
        actions.submit_report(report=report, by=request.user, at=timezone.now())
    except Refused as refused:
        sheet = sheet_of(report.task, report.period)
        form = ReportForm(sheet, department, request.POST).onto_present()
        form.lacks((form.leads and sheet.gaps()) or [Gap("", reason) for reason in refused.reasons])
        messages.warning(request, "已保存,但还不能报送。")
        return _page(request, sheet, form)
    messages.success(request, f"已报送督查室。{review_ahead(report.period)}")
    return redirect(address("report", report.task, report.period))


def review_ahead(period: ReportingPeriod) -> str:
    """What comes after the submission."""
    late = period.state == ReportingPeriod.State.RELEASED
    return "核查后补充公布。" if late else f"{cn_date(period.review_due_on)}前会有核查结果。"
