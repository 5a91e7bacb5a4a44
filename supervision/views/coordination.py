"""需协调事项: raised, decided, carried out, closed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.text.wording import cn_date
from departments.models import Role, User
from progress.access import HOME, allowed, sheet_in_sight
from progress.models import ReportingPeriod
from progress.permissions import can_read_report
from progress.read_models.filed_report import filed
from progress.requirements.report import Sheet, sheet_of
from publishing.read_models.active_periods import periods_in_hand
from supervision.actions.coordination import (
    close_coordination,
    coordination_raising_refusal_reason,
    decide_coordination,
    instruct_coordination,
    raise_coordination,
    reply_coordination,
    wants_help,
)
from supervision.forms.coordination import (
    AT_THE_DESK,
    CoordinationForm,
    DecisionForm,
    InstructionForm,
    OutcomeForm,
    ReplyForm,
)
from supervision.models import CoordinationItem
from supervision.permissions import (
    can_close_coordination,
    can_decide_coordination,
    can_instruct,
    can_oversee,
    can_raise_coordination,
    can_read_coordination,
    can_reply_coordination,
)
from supervision.read_models.coordination import item_chip, item_page, items_for, rights_about, unraised
from tasks.models import Task

LIST = ("需协调事项", "/staff/coordination/")


@require_safe
def coordination(request: HttpRequest) -> HttpResponse:
    allowed(can_read_coordination(request.user))
    supervises = request.user.has_role(Role.SUPERVISOR)
    context = {
        "items": items_for(request.user, timezone.localdate()),
        "unraised": unraised(periods_in_hand()) if supervises else [],
        "oversees": can_oversee(request.user),
        "decides": can_decide_coordination(request.user),
        "crumbs": [HOME, ("需协调事项", "")],
    }
    return render(request, "staff/coordination/items.html", context)


def raise_item(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    sheet = _sheet(request, code, year, quarter)
    allowed(can_raise_coordination(request.user, sheet.task))
    said = sheet.report.help_needed if wants_help(sheet.report) else ""
    form = CoordinationForm(request.POST or None, initial={"text": said})
    refusal = coordination_raising_refusal_reason(sheet.task, sheet.period, request.user)
    if form.is_valid():
        try:
            place = {"task": sheet.task, "period": sheet.period, "by": request.user, "at": timezone.now()}
            item = raise_coordination(**place, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, "已提请区领导协调，决定后在这里和工作台告知落实单位。")
            return redirect(item_page(item))
    crumbs = [HOME, LIST, (f"{sheet.task.code} {sheet.period.label}", "")]
    context = {"sheet": sheet, "task": sheet.task, "period": sheet.period, "report": sheet.report}
    context |= {"form": form, "refusal": refusal, "crumbs": crumbs, "filed": filed(sheet)}
    return render(request, "staff/coordination/raise.html", context)


def _sheet(request: HttpRequest, code: str, year: int, quarter: int) -> Sheet:
    """A supervisor may raise what nobody reported on; everybody else what is in sight."""
    if not request.user.has_role(Role.SUPERVISOR):
        return sheet_in_sight(request.user, code, year, quarter)
    task = get_object_or_404(Task.objects.published(), code=code)
    periods = ReportingPeriod.objects.quarters().filter(plan=task.plan_id).with_plan()
    return sheet_of(task, get_object_or_404(periods, year=year, index=quarter))


def item(request: HttpRequest, pk: int) -> HttpResponse:
    allowed(can_read_coordination(request.user))
    row = get_object_or_404(CoordinationItem.objects.visible_to(request.user).with_places(), pk=pk)
    pressed = next((name for name in DEEDS if name in request.POST), None)
    forms = {name: _form(name, row, request.user, request.POST if name == pressed else None) for name in DEEDS}
    if request.method == "POST":
        return _post(request, row, pressed, forms)
    return _page(request, row, forms)


def _form(name: str, row: CoordinationItem, by: User, data):
    today = timezone.localdate()
    if name == "decide":
        return DecisionForm(row, today, data, meeting=AT_THE_DESK if by.has_role(Role.LEADER) else "")
    if name == "instruct":
        return InstructionForm(today, data)
    return (ReplyForm if name == "reply" else OutcomeForm)(data, auto_id=f"{name}_%s")


def _page(request: HttpRequest, row: CoordinationItem, forms: dict, *, pressed="", status=200) -> HttpResponse:
    context = {
        "item": row,
        "task": row.task,
        "chip": item_chip(row, timezone.localdate()),
        "notes": row.notes.select_related("unit", "written_by"),
        "rights": rights_about(row, request.user),
        "reads_report": can_read_report(request.user, row.task, row.period_id),
        "forms": forms,
        "form": forms[pressed] if pressed else forms["decide"],
        "pressed": pressed,
        "crumbs": [HOME, LIST, (f"{row.task.code} {row.period.label}", "")],
    }
    return render(request, "staff/coordination/item.html", context, status=status)


def _post(request: HttpRequest, row: CoordinationItem, pressed: str | None, forms: dict) -> HttpResponse:
    if pressed is None:
        raise Http404
    may, deed, says = DEEDS[pressed]
    allowed(may(request.user, row))
    form = forms[pressed]
    if form.is_valid():
        try:
            deed(item=row, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reasons)
            status = 403 if rights_about(row, request.user).refusal else 200
            return _page(request, row, forms, pressed=pressed, status=status)
        messages.success(request, says(form.cleaned_data))
        return redirect(item_page(row))
    return _page(request, row, forms, pressed=pressed)


def _decided(said: dict) -> str:
    return f"已登记决定，由{said['owner'].short_name}在{cn_date(said['due_on'])}前落实，到期会提醒。"


# Button -> (who may press it, the deed, what is said afterwards).
DEEDS = {
    "decide": (lambda user, item: can_decide_coordination(user), decide_coordination, _decided),
    "instruct": (
        lambda user, item: can_instruct(user),
        instruct_coordination,
        lambda said: "批示已记下，相关单位和督查员会收到提醒。",
    ),
    "reply": (can_reply_coordination, reply_coordination, lambda said: "落实情况已记下，由督查员核实后办结。"),
    "close": (
        lambda user, item: can_close_coordination(user),
        close_coordination,
        lambda said: "已办结，落实结果留在这里备查。",
    ),
}
