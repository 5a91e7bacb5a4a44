"""A unit's whole open quarter as one file: taken home, filled in, looked at cell by cell, and only then saved."""

from collections import Counter

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Refused, Stale
from departments.models import Department, Role
from progress.access import HOME, require
from progress.actions.reports import submit_report
from progress.actions.signing import send_to_sign
from progress.forms.report import ReportForm
from progress.models import ProgressReport
from progress.permissions import can_file
from progress.requirements.report import ReportRequirements
from progress.workbook.export import fill_in_sheet
from progress.workbook.reading import Kind, interpret
from progress.workbook.upload import KeepForm, SheetUpload, sealed, unsealed
from workspace.crumbs import REPORTS
from workspace.pages.report import keep_draft, review_ahead
from workspace.read_models.queues import writable_requirements
from workspace.read_models.work_items import state_in_words

FEW = 3
CHANGED = "《{}》核对之后有变动，这次一项也没有保存。请重新上传这张表，没有变动的任务仍可以保存。"

MOVED = "{} 项核对之后有变动，没有报送。请重新上传这张表，看过再报送。"


@require_safe
def file(request: HttpRequest) -> FileResponse:
    _, department = _units(request)
    requirements_list = writable_requirements(request.user, timezone.localdate(), department.pk)
    return fill_in_sheet(department, requirements_list, at=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest) -> HttpResponse:
    units, department = _units(request)
    requirements_list = writable_requirements(request.user, timezone.localdate(), department.pk)
    if "answers" in request.POST:
        return _keep(request, department, requirements_list)
    form = SheetUpload(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        return _look(request, department, requirements_list, form)
    context = {
        "form": form,
        "rows": [(row, state_in_words(row, {department.pk}, timezone.localdate())) for row in requirements_list],
        "others": [unit for unit in units if unit != department],
        "crumbs": [HOME, REPORTS, ("用一张表填报", "")],
    }
    return render(request, "staff/sheet.html", {"department": department} | context)


def _units(request: HttpRequest) -> tuple[list[Department], Department]:
    """The person's units and the one asked for, else the first."""
    require(can_file(request.user))
    units = [post.department for post in request.user.posts if post.role == Role.REPORTER]
    asked = request.GET.get("unit", units[0].slug)
    chosen = next((unit for unit in units if unit.slug == asked), None)
    if chosen is None:
        raise Http404
    return units, chosen


def _look(
    request: HttpRequest, department: Department, requirements_list: list[ReportRequirements], upload: SheetUpload
) -> HttpResponse:
    reading = interpret(requirements_list, department, upload.cleaned_data["file"])
    context = {
        "department": department,
        "reading": reading,
        "counts": [(kind.label, reading.count(kind)) for kind in (Kind.NEW, Kind.CHANGED, Kind.SAME, Kind.WRONG)],
        "errors": reading.count(Kind.WRONG),
        "to_save": sum(part.to_save for part in reading.parts),
        "ready": sum(part.is_ready(timezone.localdate()) for part in reading.parts),
        "keep": KeepForm(initial={"answers": sealed(request.user, department, reading.parts)}, department=department),
        "form": SheetUpload(),
        "crumbs": [HOME, REPORTS, ("用一张表填报", _address(department)), ("核对", "")],
    }
    return render(request, "staff/sheet_look.html", context)


def _address(department: Department) -> str:
    return f"{reverse('workspace:workbook')}?unit={department.slug}"


def _keep(request: HttpRequest, department: Department, requirements_list: list[ReportRequirements]) -> HttpResponse:
    """Saves all of it or, when one was changed meanwhile, nothing; what is complete then goes out, if so wished."""
    try:
        answers = unsealed(request.user, department, request.POST["answers"])
        saved = _save(request, department, requirements_list, [answer for answer in answers if answer["save"]])
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect(_address(department))
    messages.success(request, f"已保存 {len(saved)} 项任务。" if saved else "没有要保存的改动。")
    if request.POST.get("submit"):
        seen = {(answer["task"], answer["quarter"], answer["version"]) for answer in answers}
        as_seen = [one for one in requirements_list if _as_it_is(one) in seen]
        _submit(request, department, as_seen)
        if moved := len(seen) - len(as_seen):
            messages.warning(request, MOVED.format(moved))
    return redirect(_address(department))


def _as_it_is(one: ReportRequirements) -> tuple[str, str, int]:
    """What a colleague has saved since it was looked at is sent out by nobody who has not read it."""
    return one.task.code, one.period.address, one.report.version if one.report else 0


@transaction.atomic
def _save(
    request: HttpRequest, department: Department, requirements_list: list[ReportRequirements], answers: list[dict]
) -> list[ProgressReport]:
    """The reports saved. Each goes through its form again, for the world may have moved since it was looked at."""
    free = {(one.task.code, one.period.address): one for one in requirements_list}
    saved = []
    for answer in answers:
        found = free.get((answer["task"], answer["quarter"]))
        form = ReportForm(found, department, answer["data"]) if found else None
        try:
            if form is None or not form.is_valid():
                raise Stale("")
            saved.append(keep_draft(request, form))
        except Stale as stale:
            raise Stale(CHANGED.format(found.task.title if found else answer["task"])) from stale
    return saved


def _submit(request: HttpRequest, department: Department, requirements_list: list[ReportRequirements]) -> None:
    """What lacks something stays a draft, and the page that follows says what it lacks."""
    sent, refused = _sent(request, department, requirements_list)
    for period, count in sent.items():
        signing = f"已送审签 {count} 项。审签人审签后报送督查室。"
        said = signing if department.signs_reports else f"已报送督查室 {count} 项。{review_ahead(period)}"
        messages.success(request, f"{period.label}{said}")
    if refused:
        messages.warning(request, f"{len(refused)} 项没有报送。{_reasons(refused)}")


def _sent(
    request: HttpRequest, department: Department, requirements_list: list[ReportRequirements]
) -> tuple[Counter, list[list[str]]]:
    """How many went out of each period, and why the others did not; each by itself."""
    led = {
        (one.task.pk, one.period.pk)
        for one in requirements_list
        if one.lead and one.lead.department_id == department.pk
    }
    reports = ProgressReport.objects.filter(task__in={task for task, _ in led}).with_related()
    action = send_to_sign if department.signs_reports else submit_report
    sent, refused = Counter(), []
    for report in (report for report in reports if (report.task_id, report.period_id) in led):
        try:
            action(report=report, by=request.user, at=timezone.now())
            sent[report.period] += 1
        except Refused as no:
            refused.append(no.reasons)
    return sent, refused


def _reasons(refused: list[list[str]]) -> str:
    """Few sentences are said here; many stand in the table, each at its task."""
    reasons = list(dict.fromkeys(reason for reasons in refused for reason in reasons))
    return " ".join(reasons) if len(reasons) <= FEW else "还差什么，见下面的表。"
