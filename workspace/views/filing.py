"""The reports of a unit: their list, the form, its saving and its submission."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused, Stale
from common.text.typed import LEFT_OUT
from common.ui.action_views import accepted, action_of
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import GoodFiles
from common.ui.form_parts import errors_of
from departments.http import StaffRequest
from departments.models import Department, User
from progress.access import get_requirements_or_404, require
from progress.actions.nudges import nudge_partner
from progress.actions.reports import submit_report
from progress.actions.signing import send_to_sign
from progress.filters import ReportFilter
from progress.forms.report import ReportForm
from progress.models import ProgressReport, ReportingPeriod
from progress.permissions import can_file, can_nudge
from progress.read_models.filed_report import self_assessment_chip, status_chip
from progress.requirements.deadlines import Deadline, deadlines_for
from progress.requirements.loading import requirements_for
from progress.requirements.report import MissingItem, ReportRequirements
from tasks.models import Task
from workspace.addresses import task_address
from workspace.pages.report import (
    chosen_unit,
    filed_page,
    form_page,
    keep_draft,
    page_address,
    review_forecast,
    writable_report,
)
from workspace.read_models.queues import never_filed, unfinished
from workspace.read_models.report_words import state_in_words, units_in_words

MOST_LEFT_OUT, LONGEST_SENTENCE = 10, 300
STALE = (
    "这份填报已被另一个窗口或同事保存过，这里不再自动保存。请按“保存”：两边的不同会列出来，"
    "您写的不会丢。"
)


@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """The reports in sight, those a unit has not begun, and those it may report late."""
    rows = ProgressReport.objects.visible_to(request.user).with_related()
    newest_first = rows.order_by("-period__year", "-period__index", "task__number")
    chosen = ReportFilter(request.GET, newest_first)
    begun = set(rows.values_list("task", "period"))
    today = timezone.localdate()
    page = Paginator(chosen.qs, 30).get_page(request.GET.get("page"))
    context = {
        "form": chosen.form,
        "page_obj": page,
        "rows": [
            (row, status_chip(row, demo=row.period.demonstration), self_assessment_chip(row))
            for row in page
        ],
        "waiting": _not_begun(request.user, today, begun),
        "today": today,
        "late": never_filed(request.user, today),
        "files": can_file(request.user),
        "crumbs": [STAFF_HOME, ("进展填报", "")],
    }
    return render(request, "staff/reports.html", context)


def _not_begun(
    user: User, today: date, begun: set[tuple[int, int]]
) -> list[tuple[Task, ReportingPeriod, Deadline]]:
    """What the person's units may still write and nobody has begun, with its deadline.

    `begun`: (task id, period id) of every report.
    """
    pairs = unfinished(user, today)
    waiting = [(task, period) for task, period in pairs if (task.pk, period.pk) not in begun]
    deadlines = deadlines_for((task.pk, period) for task, period in waiting)
    return [(task, period, deadlines[task.pk, period.pk]) for task, period in waiting]


def report(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """The form while it can be edited, else the report as filed; posted to, it saves the draft."""
    if request.method == "POST":
        return _save_then(_saved_response, request, _sent_form(request, code, year, quarter))
    requirements = get_requirements_or_404(request.user, code, year, quarter)
    department = chosen_unit(request, requirements)
    if department is None or not requirements.can_be_edited(timezone.localdate()):
        return filed_page(request, requirements)
    return form_page(request, ReportForm(requirements, department))


@action_of("workspace:report")
def nudge(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """Asks a partner of a joint item for its part, from the home page or from the form."""
    requirements, _ = writable_report(request, code, year, quarter)
    require(can_nudge(request.user, requirements.task))
    try:
        messages.success(request, _nudge(request, requirements))
    except Refused as refused:
        messages.warning(request, str(refused))
    if request.POST.get("back") == "form":
        return redirect(page_address(request, requirements))
    return redirect("workspace:home")


def _nudge(request: StaffRequest, requirements: ReportRequirements) -> str:
    """Asks the unit that the form names, and returns the message about it."""
    units = Department.objects.filter(pk__in=requirements.units)
    unit = units.filter(slug=request.POST.get("unit", "")).first()
    if unit is None:
        raise Refused("请选择要催的配合单位。")
    task, period = requirements.task, requirements.period
    nudge_partner(task=task, period=period, department=unit, by=request.user, at=timezone.now())
    return (
        f"{task.code} 已催{unit.short_name}，列入该单位“今天要做的”。明天起或者到报送截止日，"
        f"仍未收到的，可以报送，注明未收到{unit.short_name}部分。"
    )


@action_of("workspace:report")
def submit(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    form = _sent_form(request, code, year, quarter)
    silent = units_in_words(form.requirements.missing_items(timezone.localdate()))
    without = f"，注明未收到{silent}部分" if silent else ""
    done = f"已报送督查室{without}。{review_forecast(form.requirements.period)}"
    return _save_then(partial(_submit, submit_report, done), request, form)


@action_of("workspace:report")
def send(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    form = _sent_form(request, code, year, quarter)
    done = "已送审签。审签人审签后报送督查室。"
    return _save_then(partial(_submit, send_to_sign, done), request, form)


def _sent_form(request: StaffRequest, code: str, year: int, quarter: int) -> ReportForm:
    requirements, department = writable_report(request, code, year, quarter)
    return ReportForm(requirements, department, request.POST, request.FILES)


def _save_then(follow: Callable, request: StaffRequest, form: ReportForm) -> HttpResponse:
    """Saves what was typed, then answers with `follow(request, form, report)`.

    `report` is None where nothing was typed. A form that cannot be saved is shown again.
    """
    if not form.is_valid():
        return form_page(request, form)
    form.cleaned_data["files"].refused += _left_out(request)
    try:
        report = keep_draft(request, form)
    except Stale as stale:
        return form_page(request, form.rebase_on_stored(), stale=stale.reasons[0])
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return form_page(request, form)
    return follow(request, form, report)


def _left_out(request: StaffRequest) -> list[str]:
    """What the page said of files it took out of the choice before the form was sent."""
    return [said[:LONGEST_SENTENCE] for said in request.POST.getlist(LEFT_OUT)[:MOST_LEFT_OUT]]


def _saved_response(
    request: StaffRequest,
    form: ReportForm,
    report: ProgressReport | None,
) -> HttpResponse:
    requirements = form.requirements
    lead = requirements.lead.department.short_name if requirements.lead and not form.leads else ""
    if form.cleaned_data["files"].refused:
        return _files_refused(request, form, report, "文字已保存")
    if report:
        saved = f"已保存，由{lead}汇总报送。" if lead else "已保存，还没有报送。"
        messages.success(request, saved)
    else:
        messages.warning(request, "还没有填写内容，没有保存。")
    return redirect(page_address(request, requirements))


def _submit(
    action: Callable,
    done: str,
    request: StaffRequest,
    form: ReportForm,
    report: ProgressReport | None,
) -> HttpResponse:
    """Submits the saved draft by `action`, or sends it to be signed; `done`: the message then.

    With a file that was not taken it is only saved: the person may want to send another instead.
    """
    if form.cleaned_data["files"].refused:
        return _files_refused(request, form, report, "文字已保存，还没有报送")
    if report is None:
        return _nothing_to_submit(request, form)
    if {asked.key for asked in form.questions()} - set(request.POST.getlist("asked")):
        return _saved_but_asked(request, form, report)
    try:
        action(report=report, by=request.user, at=timezone.now())
    except Refused as refused:
        return _saved_but_refused(request, form, report, refused)
    messages.success(request, done)
    return redirect(task_address("report", report.task, report.period))


def _files_refused(
    request: StaffRequest, form: ReportForm, report: ProgressReport | None, saved: str
) -> HttpResponse:
    """The form as it was saved, with what is said of the files that were not taken.

    `saved`: the words on what was saved all the same; `report` is None where nothing was.
    """
    files: GoodFiles = form.cleaned_data["files"]
    if report is None:
        form.add_error("files", files.refused)
        return form_page(request, form)
    form = _as_saved(request, form, report)
    form.add_error("files", files.refused)
    messages.warning(request, f"{saved}；{files.refusal}")
    return accepted(form_page(request, form, saved=True))


def _as_saved(request: StaffRequest, form: ReportForm, report: ProgressReport) -> ReportForm:
    """The form with what was typed, which is saved now."""
    requirements = requirements_for(report.task, report.period)
    return ReportForm(requirements, form.department, request.POST).rebase_on_stored()


def _nothing_to_submit(request: StaffRequest, form: ReportForm) -> HttpResponse:
    """The empty form, with everything it asks for at its fields."""
    form.add_missing_items(_items_of_an_untouched_report(form))
    missing = state_in_words(form.requirements, {form.department.pk}, timezone.localdate())
    messages.warning(request, f"还没有填写内容，不能报送。{missing}。")
    return form_page(request, form)


def _items_of_an_untouched_report(form: ReportForm) -> list[MissingItem]:
    """What a report of this task lacks of which nothing is filled in."""
    untouched = ProgressReport(task=form.requirements.task, period=form.requirements.period)
    missing = replace(form.requirements, report=untouched).own_missing_items()
    return [item for item in missing if item.blocks] if form.leads else []


def _saved_but_asked(
    request: StaffRequest, form: ReportForm, report: ProgressReport
) -> HttpResponse:
    """The form as it was saved, with the questions on its numbers; sent again, it goes through."""
    messages.warning(request, "已保存，还没有报送。有的数字请先看一看，没有错就再按一次。")
    return accepted(form_page(request, _as_saved(request, form, report), saved=True))


def _saved_but_refused(
    request: StaffRequest,
    form: ReportForm,
    report: ProgressReport,
    refused: Refused,
) -> HttpResponse:
    """The form as it was saved, with what is missing at its fields."""
    form = _as_saved(request, form, report)
    reasons = [MissingItem("", reason) for reason in refused.reasons]
    form.add_missing_items(_blocking_items(form) or reasons)
    messages.warning(request, "已保存，但还不能报送。")
    return accepted(form_page(request, form, saved=True))


def _blocking_items(form: ReportForm) -> list[MissingItem]:
    """What keeps the report from being submitted; the lead can put it right, nobody else."""
    missing = form.requirements.missing_items(timezone.localdate()) if form.leads else []
    return [item for item in missing if item.blocks]


@action_of("workspace:report")
def autosave(request: StaffRequest, code: str, year: int, quarter: int) -> JsonResponse:
    """Saves the form for the page's script, and answers what was saved or why nothing was."""
    requirements, department = writable_report(request, code, year, quarter)
    form = ReportForm(requirements, department, request.POST)
    if not form.is_valid():
        errors = [{"at": at, "says": says} for at, says in errors_of(form)]
        return JsonResponse({"errors": errors}, status=422)
    try:
        report = keep_draft(request, form)
    except Stale:
        return JsonResponse({"message": STALE}, status=409)
    except Refused as refused:
        return JsonResponse({"message": " ".join(refused.reasons)}, status=409)
    return JsonResponse(_saved_state(requirements, department, report))


def _saved_state(
    requirements: ReportRequirements, department: Department, report: ProgressReport | None
) -> dict:
    now = ReportForm(requirements_for(requirements.task, requirements.period), department)
    return {
        "version": report.version if report else 0,
        "saved_at": timezone.localtime().isoformat(timespec="seconds") if report else "",
        "gaps": [says for _, says in now.missing_item_links(timezone.localdate())],
    }
