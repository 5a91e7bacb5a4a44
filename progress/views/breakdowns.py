"""分解节点 of one task: the unit proposes, a supervisor confirms or sends back."""

import re

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from common.errors import Refused
from progress.access import HOME, allowed, proposing_unit
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
from tasks.recusal import recused

NUMBER = re.compile(r"[0-9]{1,18}")


def breakdown(request: HttpRequest, code: str) -> HttpResponse:
    task = get_object_or_404(Task.objects.published().with_plan(), code=code)
    allowed(can_read_breakdown(request.user, task))
    if request.method == "POST":
        deed = next((DEEDS[name] for name in DEEDS if name in request.POST), _decide)
        return deed(request, task)
    return _page(request, task)


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
        "recused": recused(task, request.user),
        "not_printed": NOT_PRINTED,
        "refused": refused,
        "crumbs": [HOME, (f"{task.code} 分解节点", "")],
    }
    return render(request, "staff/breakdown.html", context)


def _propose(request: HttpRequest, task: Task) -> HttpResponse:
    unit = proposing_unit(request.user, task)
    allowed(unit is not None)
    form = _form(task, nodes_of(task), request.POST)
    if not form.is_valid():
        return _page(request, task, form)
    told = {"by": request.user, "at": timezone.now(), "demonstration": settings.DEMO}
    try:
        made = propose_breakdown(task=task, department=unit, nodes=form.nodes(), **told)
    except Refused as refused:
        return _page(request, task, form, refused=refused.reasons)
    messages.success(request, f"已提出 {len(made)} 个分解节点，由督查室确认后生效。")
    return redirect(address_of(task))


def _withdraw(request: HttpRequest, task: Task) -> HttpResponse:
    unit = proposing_unit(request.user, task)
    allowed(unit is not None)
    try:
        rows = withdraw_breakdown(department=unit, **_told(request, task))
    except Refused as refused:
        return _page(request, task, refused=refused.reasons)
    messages.success(request, f"已收回 {len(rows)} 个分解节点，督查室不再处理；改好后可以重新提出。")
    return redirect(address_of(task))


DEEDS = {"propose": _propose, "withdraw": _withdraw}


def _told(request: HttpRequest, task: Task) -> dict:
    seen = [int(pk) for pk in request.POST.getlist("seen") if NUMBER.fullmatch(pk)]
    return {"task": task, "seen": seen, "by": request.user, "at": timezone.now()}


def _decide(request: HttpRequest, task: Task) -> HttpResponse:
    allowed(can_decide_breakdown(request.user))
    told = _told(request, task)
    back = ReturnForm(request.POST if "return" in request.POST else None)
    if back.is_bound and not back.is_valid():
        return _page(request, task, back=back)
    try:
        if back.is_bound:
            rows = return_breakdown(**told, reason=back.cleaned_data["reason"])
        else:
            rows = confirm_breakdown(**told)
    except Refused as refused:
        return _page(request, task, back=back, refused=refused.reasons)
    said = "已退回，提出单位会看到理由。" if back.is_bound else f"已确认 {len(rows)} 个分解节点，已记入公开记录。"
    messages.success(request, said)
    return redirect(address_of(task))
