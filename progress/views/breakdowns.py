"""分解节点 of one task: the unit proposes, a supervisor confirms or sends back."""

import re

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.ui.action_views import action_of
from common.ui.crumbs import STAFF_HOME
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

NUMBER = re.compile(r"[0-9]{1,18}")


@require_safe
def breakdown(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _task_in_sight(request, code))


def _task_in_sight(request: HttpRequest, code: str) -> Task:
    task = get_object_or_404(Task.objects.published().with_plan(), code=code)
    require(can_read_breakdown(request.user, task))
    return task


def _form(task: Task, rows: list[Breakdown], data=None) -> BreakdownForm:
    # A later word stands over a confirmed one.
    known = sorted(rows, key=lambda row: row.state != BreakdownState.CONFIRMED)
    return BreakdownForm(open_slots(task), known, data)


def _page(
    request: HttpRequest,
    task: Task,
    form: BreakdownForm | None = None,
    back: ReturnForm | None = None,
    refused=(),
) -> HttpResponse:
    rows, unit = nodes_of(task), proposing_unit(request.user, task)
    pending = [row for row in rows if row.state == BreakdownState.PROPOSED]
    context = {
        "task": task,
        "form": form or _form(task, rows),
        "back": back or ReturnForm(),
        "nodes": [(row, node_chip(row)) for row in rows],
        "pending": pending,
        "own": [row for row in pending if unit and row.unit_id == unit.pk],
        "proposes": unit is not None,
        "decides": can_decide_breakdown(request.user),
        "recused": is_recused(task, request.user),
        "not_printed": NOT_PRINTED,
        "refused": refused,
        "crumbs": [STAFF_HOME, (f"{task.code} 分解节点", "")],
    }
    return render(request, "staff/breakdown.html", context)


@action_of("progress:breakdown")
def propose(request: HttpRequest, code: str) -> HttpResponse:
    task, unit = _to_propose(request, code)
    form = _form(task, nodes_of(task), request.POST)
    if not form.is_valid():
        return _page(request, task, form)
    given = {"by": request.user, "at": timezone.now(), "demonstration": settings.DEMO}
    try:
        made = propose_breakdown(task=task, department=unit, nodes=form.nodes(), **given)
    except Refused as refused:
        return _page(request, task, form, refused=refused.reasons)
    messages.success(request, f"已提出 {len(made)} 个分解节点，由督查室确认后生效。")
    return redirect(address_of(task))


@action_of("progress:breakdown")
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    task, unit = _to_propose(request, code)
    try:
        rows = withdraw_breakdown(department=unit, **_as_displayed(request, task))
    except Refused as refused:
        return _page(request, task, refused=refused.reasons)
    done = f"已收回 {len(rows)} 个分解节点，督查室不再处理；改好后可以重新提出。"
    messages.success(request, done)
    return redirect(address_of(task))


def _to_propose(request: HttpRequest, code: str) -> tuple[Task, Department]:
    task = _task_in_sight(request, code)
    unit = proposing_unit(request.user, task)
    require(unit is not None)
    return task, unit


@action_of("progress:breakdown")
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    task = _to_decide(request, code)
    try:
        rows = confirm_breakdown(**_as_displayed(request, task))
    except Refused as refused:
        return _page(request, task, refused=refused.reasons)
    messages.success(request, f"已确认 {len(rows)} 个分解节点，已记入公开记录。")
    return redirect(address_of(task))


@action_of("progress:breakdown")
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    task, form = _to_decide(request, code), ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, task, back=form)
    reason = form.cleaned_data["reason"]
    try:
        return_breakdown(**_as_displayed(request, task), reason=reason)
    except Refused as refused:
        return _page(request, task, back=form, refused=refused.reasons)
    messages.success(request, "已退回，提出单位会看到理由。")
    return redirect(address_of(task))


def _to_decide(request: HttpRequest, code: str) -> Task:
    task = _task_in_sight(request, code)
    require(can_decide_breakdown(request.user))
    return task


def _as_displayed(request: HttpRequest, task: Task) -> dict:
    """What the actions are given. `seen`: ids of the rows that the page showed when it was sent."""
    seen = [int(pk) for pk in request.POST.getlist("seen") if NUMBER.fullmatch(pk)]
    return {"task": task, "seen": seen, "by": request.user, "at": timezone.now()}
