"""The reports of a unit as one workbook: downloaded, filled in, checked, then saved."""

from collections import Counter

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Refused, Stale
from common.security.heavy_files import heavy_file
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import Department
from departments.roles import Role
from progress.access import require
from progress.actions.reports import submit_report
from progress.actions.signing import send_to_sign
from progress.forms.report import ReportForm
from progress.models import ProgressReport, ReportingPeriod
from progress.permissions import can_file
from progress.requirements.report import ReportRequirements
from progress.workbook.changes import Kind
from progress.workbook.export import workbook_response
from progress.workbook.reading import interpret
from progress.workbook.upload import (
    ConfirmationForm,
    WorkbookUploadForm,
    read_signed_answers,
    sign_answers,
)
from workspace.crumbs import REPORTS
from workspace.pages.report import keep_draft, review_forecast
from workspace.read_models.queues import writable_requirements
from workspace.read_models.report_words import state_in_words

FEW = 3
CHANGED = "《{}》核对之后有变动，这次一项也没有保存。请重新上传这张表，没有变动的任务仍可以保存。"

MOVED = "{} 项核对之后有变动，没有报送。请重新上传这张表，看过再报送。"


@require_safe
@heavy_file
def file(request: StaffRequest) -> FileResponse:
    """The workbook to fill in."""
    _, department = _units(request)
    requirements_list = writable_requirements(request.user, timezone.localdate(), department.pk)
    return workbook_response(department, requirements_list, at=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: StaffRequest) -> HttpResponse:
    """The upload of a filled workbook, its comparison with the reports, and the saving."""
    units, department = _units(request)
    requirements_list = writable_requirements(request.user, timezone.localdate(), department.pk)
    if "answers" in request.POST:
        return _save_answers(request, department, requirements_list)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WorkbookUploadForm(*sent)
    if form.is_valid():
        return _comparison(request, department, requirements_list, form)
    context = {
        "department": department,
        "form": form,
        "rows": _with_states(requirements_list, department),
        "others": [unit for unit in units if unit != department],
        "crumbs": [STAFF_HOME, REPORTS, ("用一张表填报", "")],
    }
    return render(request, "staff/sheet.html", context)


def _with_states(
    requirements_list: list[ReportRequirements], department: Department
) -> list[tuple[ReportRequirements, str]]:
    today = timezone.localdate()
    return [(row, state_in_words(row, {department.pk}, today)) for row in requirements_list]


def _units(request: StaffRequest) -> tuple[list[Department], Department]:
    """The person's units, and the one named in the address, else the first."""
    require(can_file(request.user))
    memberships = request.user.current_memberships
    units = [post.department for post in memberships if post.role == Role.REPORTER]
    by_slug = {unit.slug: unit for unit in units}
    slug = request.GET.get("unit", units[0].slug)
    if slug not in by_slug:
        raise Http404
    return units, by_slug[slug]


def _comparison(
    request: StaffRequest,
    department: Department,
    requirements_list: list[ReportRequirements],
    upload: WorkbookUploadForm,
) -> HttpResponse:
    reading = interpret(requirements_list, department, upload.cleaned_data["file"])
    context = {
        "department": department,
        "reading": reading,
        "counts": [
            (kind.label, reading.count(kind))
            for kind in (Kind.NEW, Kind.CHANGED, Kind.SAME, Kind.WRONG)
        ],
        "errors": reading.count(Kind.WRONG),
        "to_save": sum(part.can_be_saved for part in reading.parts),
        "ready": sum(part.is_ready(timezone.localdate()) for part in reading.parts),
        "keep": ConfirmationForm(
            initial={"answers": sign_answers(request.user, department, reading.parts)},
            department=department,
        ),
        "form": WorkbookUploadForm(),
        "crumbs": [STAFF_HOME, REPORTS, ("用一张表填报", _address(department)), ("核对", "")],
    }
    return render(request, "staff/sheet_look.html", context)


def _address(department: Department) -> str:
    return f"{reverse('workspace:workbook')}?unit={department.slug}"


def _save_answers(
    request: StaffRequest, department: Department, requirements_list: list[ReportRequirements]
) -> HttpResponse:
    """Saves all answers or, when a report was changed meanwhile, none; submits if requested."""
    try:
        answers = read_signed_answers(request.user, department, request.POST["answers"])
        saved = _save(request, department, requirements_list, answers)
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
        return redirect(_address(department))
    messages.success(request, f"已保存 {saved} 项任务。" if saved else "没有要保存的改动。")
    if request.POST.get("submit"):
        _submit_as_compared(request, department, requirements_list, answers)
    return redirect(_address(department))


@transaction.atomic
def _save(
    request: StaffRequest,
    department: Department,
    requirements_list: list[ReportRequirements],
    answers: list[dict],
) -> int:
    """Saves the answers that say so, and returns how many they were.

    Raises Stale when one cannot be saved any more, Refused when an action refuses.
    """
    writable = {(row.task.code, row.period.address): row for row in requirements_list}
    to_save = [answer for answer in answers if answer["save"]]
    for answer in to_save:
        requirements = writable.get((answer["task"], answer["quarter"]))
        if requirements is None:
            raise Stale(CHANGED.format(answer["task"]))
        _save_answer(request, ReportForm(requirements, department, answer["data"]))
    return len(to_save)


def _save_answer(request: StaffRequest, form: ReportForm) -> None:
    """Validates it once more: the report may have changed since the comparison."""
    changed = Stale(CHANGED.format(form.requirements.task.title))
    if not form.is_valid():
        raise changed
    try:
        keep_draft(request, form)
    except Stale as stale:
        raise changed from stale


def _submit_as_compared(
    request: StaffRequest,
    department: Department,
    requirements_list: list[ReportRequirements],
    answers: list[dict],
) -> None:
    """Submits what is complete, but for the reports that were changed since the comparison."""
    compared = {(answer["task"], answer["quarter"], answer["version"]) for answer in answers}
    unchanged = [row for row in requirements_list if _version_key(row) in compared]
    _submit(request, department, unchanged)
    if moved := len(compared) - len(unchanged):
        messages.warning(request, MOVED.format(moved))


def _version_key(requirements: ReportRequirements) -> tuple[str, str, int]:
    """What identifies the state that was compared: nobody submits what a colleague saved later."""
    version = requirements.report.version if requirements.report else 0
    return requirements.task.code, requirements.period.address, version


def _submit(
    request: StaffRequest, department: Department, requirements_list: list[ReportRequirements]
) -> None:
    """Submits what is complete; the rest stays a draft, and the next page says what it lacks."""
    sent, refused = _submit_led(request, department, requirements_list)
    for period, count in sent.items():
        signing = f"已送审签 {count} 项。审签人审签后报送督查室。"
        submitted = f"已报送督查室 {count} 项。{review_forecast(period)}"
        done = signing if department.signs_reports else submitted
        messages.success(request, f"{period.label}{done}")
    if refused:
        messages.warning(request, f"{len(refused)} 项没有报送。{_reasons(refused)}")


def _submit_led(
    request: StaffRequest, department: Department, requirements_list: list[ReportRequirements]
) -> tuple[Counter[ReportingPeriod], list[list[str]]]:
    """Submits the reports the unit leads: (count by period, the reasons of each refusal)."""
    action = send_to_sign if department.signs_reports else submit_report
    sent: Counter[ReportingPeriod] = Counter()
    refused: list[list[str]] = []
    for report in _led_reports(department, requirements_list):
        try:
            action(report=report, by=request.user, at=timezone.now())
            sent[report.period] += 1
        except Refused as refusal:
            refused.append(refusal.reasons)
    return sent, refused


def _led_reports(
    department: Department, requirements_list: list[ReportRequirements]
) -> list[ProgressReport]:
    """The reports the unit leads, as they are stored by now."""
    led = {(row.task.pk, row.period.pk) for row in requirements_list if row.is_led_by(department)}
    reports = ProgressReport.objects.filter(task__in={task for task, _ in led}).with_related()
    return [report for report in reports if (report.task_id, report.period_id) in led]


def _reasons(refused: list[list[str]]) -> str:
    """The reasons if they are few; many are listed on the next page, each at its task."""
    reasons = list(dict.fromkeys(reason for reasons in refused for reason in reasons))
    return " ".join(reasons) if len(reasons) <= FEW else "还差什么，见下面的表。"
