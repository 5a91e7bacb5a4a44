"""The page of one coordination item (需协调事项), and the response to a step taken on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from common.errors import Refused
from common.text.wording import cn_date
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import PlainForm
from departments.http import StaffRequest
from departments.models import User
from departments.permissions import is_leader
from progress.access import require
from progress.permissions import can_read_report
from supervision.actions.coordination import (
    close_coordination,
    decide_coordination,
    instruct_coordination,
    reply_coordination,
)
from supervision.forms.coordination import (
    WITHOUT_MEETING,
    CoordinationReplyForm,
    DecisionForm,
    InstructionForm,
    OutcomeForm,
)
from supervision.models import CoordinationItem, CoordinationNote
from supervision.permissions import can_read_coordination
from supervision.read_models.coordination import item_chip, item_page, rights_about
from supervision.transitions import COORDINATION_TRANSITIONS

LIST = ("需协调事项", "/staff/coordination/")


def get_item_or_404(user: User, pk: int) -> CoordinationItem:
    """The item, if the person may see it; 403 for people who read no items at all."""
    require(can_read_coordination(user))
    return get_object_or_404(CoordinationItem.objects.visible_to(user).with_related(), pk=pk)


@dataclass(frozen=True)
class ItemFormSource:
    """What the form of a step is made from: item, person, today, and what was sent, if anything."""

    item: CoordinationItem
    user: User
    today: date
    data: QueryDict | None = None


def _decision_form(source: ItemFormSource) -> DecisionForm:
    meeting = WITHOUT_MEETING if is_leader(source.user) else ""
    return DecisionForm(source.item, source.today, source.data, meeting=meeting)


# Verb -> its form.
FORMS: dict[str, Callable[[ItemFormSource], PlainForm]] = {
    "decide": _decision_form,
    "instruct": lambda source: InstructionForm(source.today, source.data),
    "reply": lambda source: CoordinationReplyForm(source.data, auto_id="reply_%s"),
    "close": lambda source: OutcomeForm(source.data, auto_id="close_%s"),
}
# Verb -> its action, which takes the item, the fields of the form, the person and the moment.
ACTIONS: dict[str, Callable[..., CoordinationItem | CoordinationNote]] = {
    "decide": decide_coordination,
    "instruct": instruct_coordination,
    "reply": reply_coordination,
    "close": close_coordination,
}


def take_step(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """The answer to one step that was sent: back to the item's page,
    or that page with what is wrong.
    """
    item, user = get_item_or_404(request.user, pk), request.user
    require(COORDINATION_TRANSITIONS[verb].may(user, item))
    form = FORMS[verb](ItemFormSource(item, user, timezone.localdate(), request.POST))
    if not form.is_valid():
        return item_response(request, item, {verb: form})
    try:
        ACTIONS[verb](item=item, **form.cleaned_data, by=user, at=timezone.now())
    except Refused as refused:
        form.add_error(None, refused.reasons)
        status = 403 if rights_about(item, user).refusal else 200
        return item_response(request, item, {verb: form}, status=status)
    messages.success(request, _done_message(verb, item, form.cleaned_data))
    return redirect(item_page(item))


def item_response(
    request: StaffRequest, item: CoordinationItem, sent: Mapping[str, PlainForm], status: int = 200
) -> HttpResponse:
    """The item's page with the forms that the person may use.

    `sent` maps the verb of a form that was refused to that form, which is shown with its errors.
    """
    user, today = request.user, timezone.localdate()
    rights, source = rights_about(item, user), ItemFormSource(item, user, today)
    may_take = {
        "decide": rights.decides,
        "instruct": rights.instructs,
        "reply": rights.replies,
        "close": rights.closes,
    }
    context = {
        "item": item,
        "task": item.task,
        "chip": item_chip(item, today),
        "notes": item.notes.select_related("unit", "written_by"),
        "rights": rights,
        "reads_report": can_read_report(user, item.task, item.period_id),
        "forms": {
            verb: sent.get(verb) or (make(source) if may_take[verb] else None)
            for verb, make in FORMS.items()
        },
        "crumbs": [STAFF_HOME, LIST, (f"{item.task.code} {item.period.label}", "")],
    }
    return render(request, "staff/coordination/item.html", context, status=status)


# Verb -> what the person reads after the step, except where it names the owner. None of them
# promises a mail: many sites send none.
DONE_MESSAGES = {
    "instruct": "批示已记下，责任单位和督查员打开这件事项可以看到。",
    "reply": "落实情况已记下，由督查员核实后办结。",
    "close": "已办结，落实结果留在这里备查。",
}


def _done_message(verb: str, item: CoordinationItem, data: dict[str, Any]) -> str:
    if verb == "decide":
        owner, due_on = data["owner"].short_name, cn_date(data["due_on"])
        return f"已登记决定，已列入{owner}今天要做的，{due_on}前落实。"
    if verb == "instruct" and item.owner:
        return f"批示已记下，已列入{item.owner.short_name}今天要做的。"
    return DONE_MESSAGES[verb]
