"""Extensions, unlocks and objections: requested by units, decided by supervisors."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.text.wording import cn_date
from common.ui.action_views import action_of, succeeds
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import User
from progress.access import get_period_or_404, get_requirements_or_404, require
from progress.actions.extensions import (
    ask_extension,
    extension_refusal_reason,
    grant_extension,
    refuse_extension,
    unlock_refusal_reason,
    unlock_report,
    unlock_until,
)
from progress.choices import PeriodKind, PeriodState
from progress.forms.extensions import ExtensionAnswerForm, ExtensionForm, UnlockForm
from progress.models import ReportingPeriod, Unlock
from progress.permissions import can_ask_for, can_decide_requests, can_open_periods
from progress.read_models.filed_report import filed_report
from progress.requirements.loading import requirements_for_all
from progress.requirements.report import ReportRequirements
from publishing.actions import objections
from publishing.actions.objections import (
    file_objection,
    objection_decision_refusal_reason,
    objection_refusal_reason,
)
from publishing.choices import ObjectionState, Voice
from publishing.forms.objections import ObjectionAnswerForm, ObjectionForm
from publishing.models import Objection, Publication
from publishing.permissions import can_read_requests
from tasks.querysets import source_document_fields
from tasks.recusal import is_recused, recusing_units
from workspace.addresses import correction_address, task_address
from workspace.crumbs import PERIODS, REPORTS, REQUESTS
from workspace.pages.extension import extension_response, requested_extension
from workspace.read_models.requests import requests_of


def extension(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """The form by which a unit requests an extension of one report."""
    requirements = get_requirements_or_404(request.user, code, year, quarter)
    require(can_ask_for(request.user, requirements.task))
    task, period = requirements.task, requirements.period
    form = ExtensionForm(requirements, request.POST or None)
    back = task_address("report", task, period)

    def perform() -> str:
        ask_extension(
            task=task, period=period, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        if period.state == PeriodState.CLOSED:
            return "延期申请已送督查室。填报期已提前截止，批准以后才能填报。"
        return f"延期申请已送督查室。答复之前，仍请按{cn_date(requirements.due_on)}准备。"

    if succeeds(request, form, perform):
        return redirect(back)
    refusal = extension_refusal_reason(
        requirements.deadline, requirements.report, today=timezone.localdate()
    )
    context = {
        "task": task,
        "period": period,
        "requirements": requirements,
        "filed": filed_report(requirements),
        "form": form,
        "refusal": refusal,
        "back": back,
        "crumbs": [STAFF_HOME, REPORTS, (f"{task.code} {period.label}", back), ("申请延期", "")],
    }
    return render(request, "staff/requests/extension.html", context)


def objection(request: StaffRequest, pk: int) -> HttpResponse:
    """The form by which a unit objects to the verdict in a publication."""
    rows = Publication.objects.filter(period__kind=PeriodKind.QUARTER).select_related(
        "task", "period__plan"
    )
    publication = get_object_or_404(
        rows.defer("content", *source_document_fields("period__plan")), pk=pk
    )
    task, period = publication.task, publication.period
    get_requirements_or_404(request.user, task.code, period.year, period.index)
    require(can_ask_for(request.user, task))
    form, back = ObjectionForm(request.POST or None), task_address("report", task, period)

    def perform() -> str:
        filed = file_objection(
            publication=publication, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        return f"复核申请已送督查室，{cn_date(filed.decide_by)}前会有结论。"

    if succeeds(request, form, perform):
        return redirect(back)
    refusal = objection_refusal_reason(publication, today=timezone.localdate())
    context = {
        "publication": publication,
        "form": form,
        "refusal": refusal,
        "back": back,
        "crumbs": [STAFF_HOME, REPORTS, (f"{task.code} {period.label}", back), ("申请复核", "")],
    }
    return render(request, "staff/requests/objection.html", context)


@require_safe
def requests(request: StaffRequest) -> HttpResponse:
    """The list of the requests that wait and of the last answers."""
    require(can_read_requests(request.user))
    context = {
        "requests": requests_of(request.user),
        "today": timezone.localdate(),
        "crumbs": [STAFF_HOME, ("申请", "")],
    }
    return render(request, "staff/requests/requests.html", context)


@require_safe
def decide_extension(request: StaffRequest, pk: int) -> HttpResponse:
    extension = requested_extension(request.user, pk)
    return extension_response(request, extension, ExtensionAnswerForm(extension))


@action_of("workspace:decide-extension")
def grant(request: StaffRequest, pk: int) -> HttpResponse:
    extension = requested_extension(request.user, pk)
    form = ExtensionAnswerForm(extension, request.POST)

    def perform() -> str:
        until, note = form.cleaned_data["granted_until"], form.cleaned_data["note"]
        grant_extension(
            extension=extension, until=until, note=note, by=request.user, at=timezone.now()
        )
        return f"{extension.task.code} 已延期至{cn_date(until)}，原定日期一并显示。"

    if succeeds(request, form, perform):
        return redirect("workspace:requests")
    return extension_response(request, extension, form)


@action_of("workspace:decide-extension")
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    extension = requested_extension(request.user, pk)
    form = ExtensionAnswerForm(extension, request.POST, refusing=True)

    def perform() -> str:
        note = form.cleaned_data["note"]
        refuse_extension(extension=extension, note=note, by=request.user, at=timezone.now())
        return f"已答复{extension.department.short_name}：不同意延期。"

    if succeeds(request, form, perform):
        return redirect("workspace:requests")
    return extension_response(request, extension, form)


def decide_objection(request: StaffRequest, pk: int) -> HttpResponse:
    """The page on which an objection is decided; an upheld one leads on to the correction."""
    require(can_decide_requests(request.user))
    row = get_object_or_404(Objection.objects.with_related(), pk=pk)
    form = ObjectionAnswerForm(request.POST or None)

    def perform() -> str:
        decided = objections.decide_objection(
            objection=row, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        unit = row.department.short_name
        answer = f"已作出复核结论“{decided.get_state_display()}”，已列入{unit}今天要做的。"
        return answer + ("请接着提出更正，由发布员发布。" if _leads_to_correction(decided) else "")

    if not succeeds(request, form, perform):
        return _objection_response(request, row, form)
    row.refresh_from_db()
    if _leads_to_correction(row):
        return redirect(correction_address(row.publication, Voice.SUPERVISOR))
    return redirect("workspace:requests")


def _objection_response(
    request: StaffRequest, row: Objection, form: ObjectionAnswerForm
) -> HttpResponse:
    """The page of one objection; a decision sent by somebody who may not take it is a 403."""
    task = row.publication.task
    barred = is_recused(task, request.user)
    refusal = objection_decision_refusal_reason(row, request.user)
    context = {
        "row": row,
        "publication": row.publication,
        "form": form,
        "recused": barred,
        "refusal": refusal,
        "crumbs": [STAFF_HOME, REQUESTS, (f"{task.code} 复核", "")],
    }
    status = 403 if (barred or refusal) and request.method == "POST" else 200
    return render(request, "staff/requests/decide_objection.html", context, status=status)


def _leads_to_correction(decided: Objection) -> bool:
    """Whether a correction follows: the objection was upheld and there is no newer revision."""
    return decided.state != ObjectionState.REJECTED and decided.publication.is_current


def unlocks(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    """The reports of a closed period that were opened again, and the form to open another."""
    require(can_open_periods(request.user))
    period, today = get_period_or_404(slug, year, quarter), timezone.localdate()
    form = UnlockForm(
        _unlockable(request.user, period),
        request.POST or None,
        selected=request.GET.get("task", ""),
    )

    def perform() -> str:
        task, reason = form.requirements.task, form.cleaned_data["reason"]
        unlock = unlock_report(
            task=task, period=period, reason=reason, by=request.user, at=timezone.now()
        )
        until = cn_date(unlock.expires_on)
        due = cn_date(form.requirements.due_on)
        return f"{task.code} 已开放，单位可以填报到{until}；{due}以后报送的，记为逾期报送。"

    if succeeds(request, form, perform):
        return redirect(request.path)
    rows = [(row, row.is_current and row.is_running(today)) for row in _unlocks_of(period)]
    context = {
        "period": period,
        "form": form,
        "rows": rows,
        "days": settings.UNLOCK_DAYS,
        "until": unlock_until(today),
        "crumbs": [STAFF_HOME, PERIODS, ("单项开放", "")],
    }
    return render(request, "staff/requests/unlocks.html", context)


def _unlockable(user: User, period: ReportingPeriod) -> list[ReportRequirements]:
    """The reports of a closed period that this person may open again."""
    if period.state != PeriodState.CLOSED:
        return []
    today, own = timezone.localdate(), recusing_units(user)
    tasks = period.plan.tasks.order_by("number")
    return [
        requirements
        for requirements in requirements_for_all((task, period) for task in tasks)
        if own.isdisjoint(requirements.units)
        and not unlock_refusal_reason(requirements.deadline, requirements.report, today=today)
    ]


def _unlocks_of(period: ReportingPeriod) -> QuerySet[Unlock]:
    return (
        period.unlocks.select_related("task", "opened_by")
        .defer("task__search_text")
        .order_by("-pk")
    )
