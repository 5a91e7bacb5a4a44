"""督办单: their list, one slip with its whole story and what may be done with it, a new one, and the paper."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.files.downloads import uploaded
from common.text.wording import cn_date
from common.ui.form_fields import PlainForm
from common.ui.form_parts import typed_words
from departments.models import User
from progress.access import HOME, allowed
from progress.models import ReportingPeriod
from progress.requirements.report import lead_of
from supervision.actions.slips import (
    Basis,
    close_slip,
    issue_slip,
    judgement_refusal_reason,
    raise_slip,
    reply_slip,
    send_back_slip,
    withdraw_slip,
)
from supervision.filters import SlipFilter
from supervision.forms.slips import (
    ChooseTaskForm,
    CloseForm,
    RaiseForm,
    ReplyForm,
    SendBackForm,
    SlipForm,
    WithdrawForm,
)
from supervision.models import SlipFile, SupervisionSlip
from supervision.models.slips import MOVES
from supervision.permissions import can_issue_slips, can_read_slips, can_reply_to_slip
from supervision.read_models.proposals import Draft, draft_of, proposals_for, reason_to_raise, tasks_to_choose
from supervision.read_models.slips import SlipPage, line_of_slip, slip_page
from supervision.rules.slip_levels import above
from tasks import recusal
from tasks.models import Plan, Task

LIST = ("督办单", "/staff/slips/")


@require_safe
def slips(request: HttpRequest) -> HttpResponse:
    allowed(can_read_slips(request.user))
    today = timezone.localdate()
    found = SlipFilter(request.GET, SupervisionSlip.objects.visible_to(request.user).with_places())
    page = Paginator(found.qs, 50).get_page(request.GET.get("page"))
    context = {
        "form": found.form,
        "page_obj": page,
        "lines": [line_of_slip(slip, today) for slip in page],
        "withdrawn": found.qs.withdrawn().count(),
        "proposals": proposals_for(request.user, today),
        "issues": can_issue_slips(request.user),
        "crumbs": [HOME, ("督办单", "")],
    }
    return render(request, "staff/slips/slips.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """About the task and quarter of the address, filled in; without a task one is chosen first."""
    allowed(can_issue_slips(request.user))
    if not request.GET.get("task"):
        context = {"form": ChooseTaskForm(tasks_to_choose()), "crumbs": [HOME, LIST, ("开督办单", "")]}
        return render(request, "staff/slips/choose.html", context)
    tasks = Task.objects.filter(plan__state=Plan.State.PUBLISHED).with_plan()
    task = get_object_or_404(tasks, code=request.GET["task"])
    draft = draft_of(task, _quarter(task, request.GET.get("quarter", "")), timezone.localdate())
    form = SlipForm(draft, request.POST or None)
    if form.is_valid() and (issued := _issue(request, task, draft, form)):
        messages.success(
            request, f"{issued.serial}已送{issued.department.short_name}，{cn_date(issued.due_on)}前回复。"
        )
        return redirect(issued)
    recused, busy = recusal.recused(task, request.user), task.slips.open().first()
    context = {"task": task, "lead": lead_of(task), "form": form, "recused": recused, "busy": busy}
    context["crumbs"] = [HOME, LIST, (f"{task.code} 开督办单", "")]
    status = 403 if recused and request.method == "POST" else 200
    return render(request, "staff/slips/new.html", context, status=status)


def _quarter(task: Task, address: str) -> ReportingPeriod | None:
    periods = ReportingPeriod.objects.quarters().filter(plan=task.plan_id)
    return next((period for period in periods if period.address == address), None)


def _issue(request: HttpRequest, task: Task, draft: Draft, form: SlipForm) -> SupervisionSlip | None:
    """The slip, or None with the reasons in the form beside what was typed."""
    said, found = form.cleaned_data, draft.basis
    basis = Basis(said["basis"], found.ground, found.period, found.publication)
    told = {name: said[name] for name in ("level", "demand", "days")} | {"demonstration": settings.DEMO}
    try:
        return issue_slip(task=task, basis=basis, **told, by=request.user, at=timezone.now())
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None


def slip_in_sight(user: User, year: int, number: int) -> SupervisionSlip:
    rows = SupervisionSlip.objects.visible_to(user).with_places().select_related("period", "publication")
    return get_object_or_404(rows.defer("publication__content"), year=year, number=number)


def slip(request: HttpRequest, year: int, number: int) -> HttpResponse:
    found = slip_in_sight(request.user, year, number)
    pressed = next((name for name in DEEDS if name in request.POST), "")
    forms = _forms(request, found, pressed)
    if not pressed:
        return _page(request, found, forms)
    allowed(can_reply_to_slip(request.user, found) if pressed == "reply" else can_issue_slips(request.user))
    form = forms[pressed]
    if not form.is_valid():
        return _page(request, found, forms)
    try:
        said = DEEDS[pressed](found, form.cleaned_data, {"by": request.user, "at": timezone.now()})
    except Refused as refused:
        form.add_error(None, refused.reasons)
        barred = pressed != "reply" and judgement_refusal_reason(found, request.user)
        return _page(request, slip_in_sight(request.user, year, number), forms, status=403 if barred else 200)
    messages.success(request, said)
    return redirect(found)


def _forms(request: HttpRequest, slip: SupervisionSlip, pressed: str) -> dict[str, PlainForm]:
    """Only the form whose button was pressed is judged."""
    data = {name: request.POST if name == pressed else None for name in DEEDS}
    days, higher = settings.SITE["slips"]["reply_days"], above(slip.level)
    raised = {"days": days, "reason": reason_to_raise(slip, timezone.localdate())}
    raised["level"] = higher[0].key if higher else ""
    return {
        "reply": ReplyForm(data["reply"], request.FILES if pressed == "reply" else None),
        "close": CloseForm(data["close"]),
        "send_back": SendBackForm(data["send_back"], initial={"days": days}),
        "raise": RaiseForm(slip, data["raise"], initial=raised),
        "withdraw": WithdrawForm(data["withdraw"]),
    }


def _page(request: HttpRequest, slip: SupervisionSlip, forms: dict[str, PlainForm], status=200) -> HttpResponse:
    page = slip_page(slip, request.user, timezone.localdate())
    shown = {name: form for name, form in forms.items() if name in _open_to(request.user, page)}
    lost = [form for name, form in forms.items() if form.is_bound and name not in shown]
    context = {
        "page": page,
        "slip": slip,
        "forms": {name: shown.get(name) for name in DEEDS},
        "errors": [form for form in forms.values() if form.is_bound],
        "refused": [reason for form in lost for reason in form.non_field_errors()],
        "unsaved": typed_words(request.POST) if lost else [],
        "crumbs": [HOME, LIST, (slip.serial, "")],
    }
    return render(request, "staff/slips/slip.html", context, status=status)


def _open_to(user: User, page: SlipPage) -> set[str]:
    """The deeds of which the person gets the form."""
    slip, judges = page.slip, can_issue_slips(user) and not page.refusal
    may = {name for name in DEEDS if judges and name != "reply" and (name != "raise" or above(slip.level))}
    may |= {"reply"} if can_reply_to_slip(user, slip) else set()
    return {name for name in may if slip.state in MOVES[name]}


def _reply(slip: SupervisionSlip, said: dict, by: dict) -> str:
    step = reply_slip(slip=slip, words=said["words"], files=said["files"], **by)
    return f"已回复{slip.unit.short_name}，{cn_date(step.due_on)}前会销号或退回。"


def _close(slip: SupervisionSlip, said: dict, by: dict) -> str:
    close_slip(slip=slip, note=said["note"], **by)
    return f"{slip.serial}已销号，{slip.department.short_name}可以看到您的说明。"


def _send_back(slip: SupervisionSlip, said: dict, by: dict) -> str:
    step = send_back_slip(slip=slip, reason=said["reason"], days=said["days"], **by)
    return f"已退回{slip.department.short_name}重办，{cn_date(step.due_on)}前再次回复。"


def _raise(slip: SupervisionSlip, said: dict, by: dict) -> str:
    step = raise_slip(slip=slip, level=said["level"], reason=said["reason"], days=said["days"], **by)
    return f"已提高级别，{slip.department.short_name}须在{cn_date(step.due_on)}前回复。"


def _withdraw(slip: SupervisionSlip, said: dict, by: dict) -> str:
    withdraw_slip(slip=slip, reason=said["reason"], **by)
    return f"{slip.serial}已撤销，编号不再使用，{slip.department.short_name}不用再回复。"


DEEDS = {"reply": _reply, "close": _close, "send_back": _send_back, "raise": _raise, "withdraw": _withdraw}


@require_safe
def paper(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The slip as a sheet of A4."""
    found = slip_in_sight(request.user, year, number)
    page = slip_page(found, request.user, timezone.localdate())
    crumbs = [HOME, LIST, (found.serial, found.get_absolute_url()), ("打印", "")]
    return render(request, "staff/slips/paper.html", {"page": page, "slip": found, "crumbs": crumbs})


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    found = get_object_or_404(SlipFile.objects.visible_to(request.user), pk=pk)
    return uploaded(found.file, found.name, found.sha256, content_type=found.content_type)
