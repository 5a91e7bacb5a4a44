"""Extensions, unlocks and objections: requested by units, decided by supervisors."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.text.wording import cn_date
from common.ui.action_views import action_of, succeeds
from common.ui.crumbs import STAFF_HOME
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
from publishing.actions import objections
from publishing.actions.objections import (
    file_objection,
    objection_decision_refusal_reason,
    objection_refusal_reason,
)
from publishing.choices import ObjectionState
from publishing.forms.objections import ObjectionAnswerForm, ObjectionForm
from publishing.models import Objection, Publication
from publishing.permissions import can_read_requests
from tasks.querysets import source_document_fields
from tasks.recusal import is_recused, recusing_units
from workspace.addresses import task_address
from workspace.crumbs import PERIODS, REPORTS, REQUESTS
from workspace.pages.extension import extension_response, requested_extension
from workspace.read_models.requests import requests_of


def extension(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """The form by which a unit requests an extension of one report."""
    requirements = get_requirements_or_404(request.user, code, year, quarter)
    require(can_ask_for(request.user, requirements.task))
    subject = {"task": requirements.task, "period": requirements.period}
    form = ExtensionForm(requirements, request.POST or None)
    back = task_address("report", requirements.task, requirements.period)

    def perform() -> str:
        ask_extension(**subject, **form.cleaned_data, by=request.user, at=timezone.now())
        return f"延期申请已送督查室。答复之前，仍请按{cn_date(requirements.due_on)}准备。"

    if succeeds(request, form, perform):
        return redirect(back)
    refusal = extension_refusal_reason(
        requirements.deadline, requirements.report, today=timezone.localdate()
    )
    crumbs = [
        STAFF_HOME,
        REPORTS,
        (f"{requirements.task.code} {requirements.period.label}", back),
        ("申请延期", ""),
    ]
    context = subject | {
        "requirements": requirements,
        "form": form,
        "refusal": refusal,
        "back": back,
        "crumbs": crumbs,
    }
    return render(
        request, "staff/requests/extension.html", context | {"filed": filed_report(requirements)}
    )


def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """The form by which a unit objects to the verdict in a publication."""
    rows = Publication.objects.filter(period__kind=PeriodKind.QUARTER).select_related(
        "task", "period__plan"
    )
    publication = get_object_or_404(
        rows.defer("content", *source_document_fields("period__plan")), pk=pk
    )
    get_requirements_or_404(
        request.user, publication.task.code, publication.period.year, publication.period.index
    )
    require(can_ask_for(request.user, publication.task))
    form, back = (
        ObjectionForm(request.POST or None),
        task_address("report", publication.task, publication.period),
    )

    def perform() -> str:
        filed = file_objection(
            publication=publication, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        return f"复核申请已送督查室，{cn_date(filed.decide_by)}前会有结论。"

    if succeeds(request, form, perform):
        return redirect(back)
    refusal = objection_refusal_reason(publication, today=timezone.localdate())
    crumbs = [
        STAFF_HOME,
        REPORTS,
        (f"{publication.task.code} {publication.period.label}", back),
        ("申请复核", ""),
    ]
    context = {
        "publication": publication,
        "form": form,
        "refusal": refusal,
        "back": back,
        "crumbs": crumbs,
    }
    return render(request, "staff/requests/objection.html", context)


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The list of the requests that wait and of the last answers."""
    require(can_read_requests(request.user))
    context = {
        "requests": requests_of(request.user),
        "today": timezone.localdate(),
        "crumbs": [STAFF_HOME, ("申请", "")],
    }
    return render(request, "staff/requests/requests.html", context)


@require_safe
def decide_extension(request: HttpRequest, pk: int) -> HttpResponse:
    extension = requested_extension(request.user, pk)
    return extension_response(request, extension, ExtensionAnswerForm(extension))


@action_of("workspace:decide-extension")
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    extension = requested_extension(request.user, pk)
    form = ExtensionAnswerForm(extension, request.POST)

    def perform() -> str:
        until, note = form.cleaned_data["granted_until"], form.cleaned_data["note"]
        answer = {"until": until, "note": note, "by": request.user, "at": timezone.now()}
        grant_extension(extension=extension, **answer)
        return f"{extension.task.code} 已延期至{cn_date(until)}，原定日期一并显示。"

    if succeeds(request, form, perform):
        return redirect("workspace:requests")
    return extension_response(request, extension, form)


@action_of("workspace:decide-extension")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    extension = requested_extension(request.user, pk)
    form = ExtensionAnswerForm(extension, request.POST, refusing=True)

    def perform() -> str:
        note = form.cleaned_data["note"]
        refuse_extension(extension=extension, note=note, by=request.user, at=timezone.now())
        return f"已答复{extension.department.short_name}：不同意延期。"

    if succeeds(request, form, perform):
        return redirect("workspace:requests")
    return extension_response(request, extension, form)


def decide_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which an objection is decided; an upheld one leads on to the correction."""
    require(can_decide_requests(request.user))
    row = get_object_or_404(Objection.objects.with_related(), pk=pk)
    form, publication = ObjectionAnswerForm(request.POST or None), row.publication
    barred = is_recused(publication.task, request.user)
    refusal = objection_decision_refusal_reason(row, request.user)

    def perform() -> str:
        decided = objections.decide_objection(
            objection=row, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        follows = "请接着提出更正，由发布员发布。" if _leads_to_correction(decided) else ""
        return (
            f"复核结论“{decided.get_state_display()}”已告知{row.department.short_name}。{follows}"
        )

    if succeeds(request, form, perform):
        row.refresh_from_db()
        correction = ["workspace:correct-verdict", publication.pk]
        return redirect(*(correction if _leads_to_correction(row) else ["workspace:requests"]))
    crumbs = [STAFF_HOME, REQUESTS, (f"{publication.task.code} 复核", "")]
    context = {
        "row": row,
        "publication": publication,
        "form": form,
        "recused": barred,
        "refusal": refusal,
        "crumbs": crumbs,
    }
    status = 403 if (barred or refusal) and request.method == "POST" else 200
    return render(request, "staff/requests/decide_objection.html", context, status=status)


def _leads_to_correction(decided: Objection) -> bool:
    """Whether a correction follows: the objection was upheld and there is no newer revision."""
    return decided.state != ObjectionState.REJECTED and decided.publication.is_current


def unlocks(request: HttpRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    """The reports of a closed period that were opened again, and the form to open another."""
    require(can_open_periods(request.user))
    period, today = get_period_or_404(slug, year, quarter), timezone.localdate()
    form = UnlockForm(
        _unlockable(request, period), request.POST or None, selected=request.GET.get("task", "")
    )

    def perform() -> str:
        options = {"reason": form.cleaned_data["reason"], "by": request.user, "at": timezone.now()}
        unlock = unlock_report(task=form.requirements.task, period=period, **options)
        return (
            f"{form.requirements.task.code} 已开放，"
            f"单位可以填报到{cn_date(unlock.expires_on)}；仍记为逾期报送。"
        )

    if succeeds(request, form, perform):
        return redirect(request.path)
    rows = [(row, row.is_current and row.is_running(today)) for row in _unlocks_of(period)]
    context = {
        "period": period,
        "form": form,
        "rows": rows,
        "crumbs": [STAFF_HOME, PERIODS, ("单项开放", "")],
    }
    context |= {"days": settings.UNLOCK_DAYS, "until": unlock_until(today)}
    return render(request, "staff/requests/unlocks.html", context)


def _unlockable(request: HttpRequest, period: ReportingPeriod) -> list:
    """The reports of a closed period that this person may open again."""
    if period.state != PeriodState.CLOSED:
        return []
    today, own = timezone.localdate(), recusing_units(request.user)
    requirements_list = requirements_for_all(
        (task, period) for task in period.plan.tasks.order_by("number")
    )
    return [
        requirements
        for requirements in requirements_list
        if not unlock_refusal_reason(requirements.deadline, requirements.report, today=today)
        and not own & {row.department_id for row in requirements.responsibilities}
    ]


def _unlocks_of(period: ReportingPeriod) -> QuerySet[Unlock]:
    return (
        period.unlocks.select_related("task", "opened_by")
        .defer("task__search_text")
        .order_by("-pk")
    )
