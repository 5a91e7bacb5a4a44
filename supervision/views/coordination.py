"""The pages of coordination items (需协调事项): their list, a new one, one item, and its steps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.ui.action_views import action_of, attempt
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from progress.access import get_requirements_or_404, require
from progress.models import ReportingPeriod
from progress.read_models.filed_report import filed_report
from progress.requirements.loading import requirements_for
from progress.requirements.report import ReportRequirements
from publishing.read_models.active_periods import active_periods
from supervision.actions.coordination import (
    coordination_raising_refusal_reason,
    has_submitted_help_request,
    raise_coordination,
)
from supervision.forms.coordination import CoordinationForm
from supervision.models import CoordinationItem
from supervision.pages.coordination import LIST, get_item_or_404, item_response, take_step
from supervision.permissions import (
    can_decide_coordination,
    can_oversee,
    can_raise_about_any_task,
    can_raise_coordination,
    can_read_coordination,
)
from supervision.read_models.coordination import item_page, items_for, reports_without_item
from tasks.models import Task


@require_safe
def coordination(request: StaffRequest) -> HttpResponse:
    """The list of items, with the reports about which none was raised yet."""
    require(can_read_coordination(request.user))
    supervises = can_raise_about_any_task(request.user)
    context = {
        "items": items_for(request.user, timezone.localdate()),
        "unraised": reports_without_item(active_periods()) if supervises else [],
        "oversees": can_oversee(request.user),
        "decides": can_decide_coordination(request.user),
        "crumbs": [STAFF_HOME, ("需协调事项", "")],
    }
    return render(request, "staff/coordination/items.html", context)


def raise_item(request: StaffRequest, code: str, year: int, quarter: int) -> HttpResponse:
    """The form that raises an item about the report of a task in a quarter."""
    requirements = _requirements_or_404(request, code, year, quarter)
    task, period, report = requirements.task, requirements.period, requirements.report
    require(can_raise_coordination(request.user, task))
    help_request = report.help_needed if report and has_submitted_help_request(report) else ""
    form = CoordinationForm(request.POST or None, initial={"text": help_request})
    refusal = coordination_raising_refusal_reason(task, period, request.user)

    def perform() -> CoordinationItem:
        text = form.cleaned_data["text"]
        return raise_coordination(
            task=task, period=period, text=text, by=request.user, at=timezone.now()
        )

    if new_item := attempt(form, perform):
        messages.success(request, "已提请区领导协调，决定后在这里和工作台告知落实单位。")
        return redirect(item_page(new_item))
    context = {
        "task": task,
        "period": period,
        "requirements": requirements,
        "report": report,
        "form": form,
        "refusal": refusal,
        "crumbs": [STAFF_HOME, LIST, (f"{task.code} {period.label}", "")],
        "filed": filed_report(requirements),
    }
    return render(request, "staff/coordination/raise.html", context)


def _requirements_or_404(
    request: StaffRequest, code: str, year: int, quarter: int
) -> ReportRequirements:
    """The report requirements about which an item is raised.

    A supervisor may raise an item about any task, other people about reports that they may see.
    """
    if not can_raise_about_any_task(request.user):
        return get_requirements_or_404(request.user, code, year, quarter)
    task = get_object_or_404(Task.objects.published(), code=code)
    periods = ReportingPeriod.objects.quarters().filter(plan=task.plan_id).with_plan()
    return requirements_for(task, get_object_or_404(periods, year=year, index=quarter))


@require_safe
def item(request: StaffRequest, pk: int) -> HttpResponse:
    return item_response(request, get_item_or_404(request.user, pk), {})


@action_of("supervision:coordination-item")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    return take_step(request, pk, "decide")


@action_of("supervision:coordination-item")
def instruct(request: StaffRequest, pk: int) -> HttpResponse:
    return take_step(request, pk, "instruct")


@action_of("supervision:coordination-item")
def reply(request: StaffRequest, pk: int) -> HttpResponse:
    return take_step(request, pk, "reply")


@action_of("supervision:coordination-item")
def close(request: StaffRequest, pk: int) -> HttpResponse:
    return take_step(request, pk, "close")
