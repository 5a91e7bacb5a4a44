"""The pages of supervision slips (督办单): list, new slip, one slip, its steps, print, files."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.downloads import upload_response
from common.text.wording import cn_date
from common.ui.action_views import action_of, attempt
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import User
from progress.access import require
from progress.models import ReportingPeriod
from progress.requirements.report import lead_of
from supervision.actions.issuing import Basis, issue_slip
from supervision.filters import SlipFilter
from supervision.forms.slips import ChooseTaskForm, SlipForm
from supervision.models import SlipFile, SupervisionSlip
from supervision.pages.slips import LIST, get_slip_or_404, slip_response, take_step
from supervision.permissions import can_issue_slips, can_read_slips
from supervision.querysets.slips import SlipQuerySet
from supervision.read_models.proposals import proposals_for, tasks_to_choose
from supervision.read_models.slip_drafts import SlipDraft, slip_draft
from supervision.read_models.slips import slip_line, slip_page
from tasks.choices import PlanState
from tasks.models import Task
from tasks.recusal import is_recused


@require_safe
def slips(request: StaffRequest) -> HttpResponse:
    """The list of slips, with what the rules propose."""
    require(can_read_slips(request.user))
    today = timezone.localdate()
    slip_filter = SlipFilter(
        request.GET, SupervisionSlip.objects.visible_to(request.user).with_related()
    )
    rows = slip_filter.qs
    assert isinstance(rows, SlipQuerySet), "the filter narrows the queryset it was given"
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "form": slip_filter.form,
        "page_obj": page,
        "lines": [slip_line(slip, today) for slip in page],
        "withdrawn": rows.withdrawn().count(),
        "proposals": proposals_for(request.user, today),
        "issues": can_issue_slips(request.user),
        "crumbs": [STAFF_HOME, ("督办单", "")],
    }
    return render(request, "staff/slips/slips.html", context)


def new(request: StaffRequest) -> HttpResponse:
    """The prefilled form for the task and quarter in the address; without a task, its choice."""
    require(can_issue_slips(request.user))
    if not request.GET.get("task"):
        return _choose_task(request)
    tasks = Task.objects.filter(plan__state=PlanState.PUBLISHED).with_plan()
    task = get_object_or_404(tasks, code=request.GET["task"])
    draft = slip_draft(
        task, _find_quarter(task, request.GET.get("quarter", "")), timezone.localdate()
    )
    form = SlipForm(draft, request.POST or None)
    issued = attempt(form, lambda: _issue(task, draft, form.cleaned_data, request.user))
    if issued is not None:
        return _redirect_to_issued(request, issued)
    recused, open_slip = is_recused(task, request.user), task.slips.open().first()
    context = {
        "task": task,
        "lead": lead_of(task),
        "form": form,
        "recused": recused,
        "busy": open_slip,
        "crumbs": [STAFF_HOME, LIST, (f"{task.code} 开督办单", "")],
    }
    status = 403 if recused and request.method == "POST" else 200
    return render(request, "staff/slips/new.html", context, status=status)


def _choose_task(request: StaffRequest) -> HttpResponse:
    context = {
        "form": ChooseTaskForm(tasks_to_choose()),
        "crumbs": [STAFF_HOME, LIST, ("开督办单", "")],
    }
    return render(request, "staff/slips/choose.html", context)


def _find_quarter(task: Task, address: str) -> ReportingPeriod | None:
    """The quarter of the task's plan with this address; None for an unknown or empty one."""
    periods = ReportingPeriod.objects.quarters().filter(plan=task.plan_id)
    return next((period for period in periods if period.address == address), None)


def _issue(task: Task, draft: SlipDraft, data: dict[str, Any], by: User) -> SupervisionSlip:
    """Issues the slip as typed; period and publication come from the draft."""
    reference = draft.basis
    return issue_slip(
        task=task,
        level=data["level"],
        basis=Basis(data["basis"], reference.ground, reference.period, reference.publication),
        demand=data["demand"],
        days=data["days"],
        by=by,
        at=timezone.now(),
        demonstration=settings.DEMO,
    )


def _redirect_to_issued(request: StaffRequest, slip: SupervisionSlip) -> HttpResponse:
    due_on = cn_date(slip.due_on)
    messages.success(
        request, f"{slip.serial}已列入{slip.department.short_name}今天要做的，{due_on}前回复。"
    )
    return redirect(slip)


@require_safe
def slip(request: StaffRequest, year: int, number: int) -> HttpResponse:
    return slip_response(request, get_slip_or_404(request.user, year, number), {})


@action_of("supervision:slip")
def reply(request: StaffRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "reply")


@action_of("supervision:slip")
def close(request: StaffRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "close")


@action_of("supervision:slip")
def send_back(request: StaffRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "send_back")


@action_of("supervision:slip")
def raise_level(request: StaffRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "raise")


@action_of("supervision:slip")
def withdraw(request: StaffRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "withdraw")


@require_safe
def printable(request: StaffRequest, year: int, number: int) -> HttpResponse:
    """The slip on one page to print."""
    slip = get_slip_or_404(request.user, year, number)
    page = slip_page(slip, request.user, timezone.localdate())
    crumbs = [STAFF_HOME, LIST, (slip.serial, slip.get_absolute_url()), ("打印", "")]
    return render(request, "staff/slips/paper.html", {"page": page, "slip": slip, "crumbs": crumbs})


@require_safe
def file(request: StaffRequest, pk: int) -> FileResponse:
    """A file of evidence that goes with a reply."""
    slip_file = get_object_or_404(SlipFile.objects.visible_to(request.user), pk=pk)
    return upload_response(
        slip_file.file, slip_file.name, slip_file.sha256, content_type=slip_file.content_type
    )
