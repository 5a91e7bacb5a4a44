"""The page on the breakdown (分解节点) of one task, and the actions on it."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.addresses import row_number
from common.errors import Refused
from common.ui.action_views import action_of
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import Department
from progress.access import proposing_unit, require
from progress.actions.breakdowns import (
    confirm_breakdown,
    open_slots,
    propose_breakdown,
    return_breakdown,
    withdraw_breakdown,
)
from progress.choices import BreakdownState
from progress.forms.breakdown import BreakdownForm
from progress.forms.review import ReturnForm
from progress.models import Breakdown
from progress.permissions import can_decide_breakdown, can_read_breakdown
from progress.read_models.breakdowns import NOT_PRINTED, address_of, node_chip, nodes_of
from tasks.models import Task
from tasks.recusal import is_recused


@require_safe
def breakdown(request: StaffRequest, code: str) -> HttpResponse:
    """The breakdowns of a task, with the forms to propose, withdraw and decide them."""
    return _render_page(request, _get_task(request, code))


def _get_task(request: StaffRequest, code: str) -> Task:
    task = get_object_or_404(Task.objects.published().with_plan(), code=code)
    require(can_read_breakdown(request.user, task))
    return task


def _build_form(task: Task, rows: list[Breakdown], data: QueryDict | None = None) -> BreakdownForm:
    # The last row of a slot fills its field: rather a proposed or returned value than a confirmed.
    confirmed_first = sorted(rows, key=lambda row: row.state != BreakdownState.CONFIRMED)
    return BreakdownForm(open_slots(task), confirmed_first, data)


def _render_page(
    request: StaffRequest,
    task: Task,
    form: BreakdownForm | None = None,
    back: ReturnForm | None = None,
    refused: Iterable[str] = (),
) -> HttpResponse:
    rows, unit = nodes_of(task), proposing_unit(request.user, task)
    pending = [row for row in rows if row.state == BreakdownState.PROPOSED]
    own = [row for row in pending if row.unit == unit]
    context = {
        "task": task,
        "form": form or _build_form(task, rows),
        "back": back or ReturnForm(),
        "nodes": [(row, node_chip(row)) for row in rows],
        "pending": pending,
        "own": own,
        "proposes": unit is not None,
        "decides": can_decide_breakdown(request.user),
        "recused": is_recused(task, request.user),
        "not_printed": NOT_PRINTED,
        "refused": refused,
        "crumbs": [STAFF_HOME, (f"{task.code} 分解节点", "")],
    }
    return render(request, "staff/breakdown.html", context)


@action_of("progress:breakdown")
def propose(request: StaffRequest, code: str) -> HttpResponse:
    """The unit proposes the values it changed on the form."""
    task, unit = _get_proposing(request, code)
    form = _build_form(task, nodes_of(task), request.POST)
    if not form.is_valid():
        return _render_page(request, task, form)
    try:
        rows = propose_breakdown(
            task=task,
            department=unit,
            nodes=form.nodes(),
            by=request.user,
            at=timezone.now(),
            demonstration=settings.DEMO,
        )
    except Refused as refused:
        return _render_page(request, task, form, refused=refused.reasons)
    messages.success(request, f"已提出 {len(rows)} 个分解节点，由督查室确认后生效。")
    return redirect(address_of(task))


@action_of("progress:breakdown")
def withdraw(request: StaffRequest, code: str) -> HttpResponse:
    """The unit withdraws what it proposed and nobody has decided."""
    task, unit = _get_proposing(request, code)
    try:
        rows = withdraw_breakdown(
            task=task, department=unit, seen=_seen(request), by=request.user, at=timezone.now()
        )
    except Refused as refused:
        return _render_page(request, task, refused=refused.reasons)
    messages.success(
        request, f"已收回 {len(rows)} 个分解节点，督查室不再处理；改好后可以重新提出。"
    )
    return redirect(address_of(task))


def _get_proposing(request: StaffRequest, code: str) -> tuple[Task, Department]:
    """The task, and the unit for which the person proposes; 403 without one."""
    task = _get_task(request, code)
    unit = proposing_unit(request.user, task)
    if unit is None:
        raise PermissionDenied
    return task, unit


@action_of("progress:breakdown")
def confirm(request: StaffRequest, code: str) -> HttpResponse:
    """A supervisor confirms all that is proposed."""
    task = _get_task_to_decide(request, code)
    try:
        rows = confirm_breakdown(task=task, seen=_seen(request), by=request.user, at=timezone.now())
    except Refused as refused:
        return _render_page(request, task, refused=refused.reasons)
    messages.success(request, f"已确认 {len(rows)} 个分解节点，已记入公开记录。")
    return redirect(address_of(task))


@action_of("progress:breakdown")
def send_back(request: StaffRequest, code: str) -> HttpResponse:
    """A supervisor returns all that is proposed, with a reason."""
    task, form = _get_task_to_decide(request, code), ReturnForm(request.POST)
    if not form.is_valid():
        return _render_page(request, task, back=form)
    try:
        return_breakdown(
            task=task,
            seen=_seen(request),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refused:
        return _render_page(request, task, back=form, refused=refused.reasons)
    messages.success(request, "已退回，提出单位会看到理由。")
    return redirect(address_of(task))


def _get_task_to_decide(request: StaffRequest, code: str) -> Task:
    task = _get_task(request, code)
    require(can_decide_breakdown(request.user))
    return task


def _seen(request: StaffRequest) -> list[int]:
    """Ids of the rows the page showed when it was sent."""
    return [pk for typed in request.POST.getlist("seen") if (pk := row_number(typed)) is not None]
