"""督办单: their list, a new one, one slip with an address for each step, and its paper."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.downloads import uploaded
from common.text.wording import cn_date
from common.ui.action_views import action_of, attempt
from departments.models import User
from progress.access import HOME, require
from progress.models import ReportingPeriod
from progress.requirements.report import lead_of
from supervision.actions.slips import Basis, issue_slip
from supervision.filters import SlipFilter
from supervision.forms.slips import ChooseTaskForm, SlipForm
from supervision.models import SlipFile, SupervisionSlip
from supervision.pages.slips import LIST, slip_in_sight, slip_response, take_step
from supervision.permissions import can_issue_slips, can_read_slips
from supervision.read_models.proposals import Draft, draft_of, proposals_for, tasks_to_choose
from supervision.read_models.slips import line_of_slip, slip_page
from tasks import recusal
from tasks.choices import PlanState
from tasks.models import Task


@require_safe
def slips(request: HttpRequest) -> HttpResponse:
    require(can_read_slips(request.user))
    today = timezone.localdate()
    found = SlipFilter(request.GET, SupervisionSlip.objects.visible_to(request.user).with_related())
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
    require(can_issue_slips(request.user))
    if not request.GET.get("task"):
        return _choose(request)
    tasks = Task.objects.filter(plan__state=PlanState.PUBLISHED).with_plan()
    task = get_object_or_404(tasks, code=request.GET["task"])
    draft = draft_of(task, _quarter(task, request.GET.get("quarter", "")), timezone.localdate())
    form = SlipForm(draft, request.POST or None)
    issued = attempt(form, lambda: _issue(task, draft, form.cleaned_data, request.user))
    if issued is not None:
        return _issued(request, issued)
    recused, busy = recusal.recused(task, request.user), task.slips.open().first()
    context = {"task": task, "lead": lead_of(task), "form": form, "recused": recused, "busy": busy}
    context["crumbs"] = [HOME, LIST, (f"{task.code} 开督办单", "")]
    status = 403 if recused and request.method == "POST" else 200
    return render(request, "staff/slips/new.html", context, status=status)


def _choose(request: HttpRequest) -> HttpResponse:
    context = {"form": ChooseTaskForm(tasks_to_choose()), "crumbs": [HOME, LIST, ("开督办单", "")]}
    return render(request, "staff/slips/choose.html", context)


def _quarter(task: Task, address: str) -> ReportingPeriod | None:
    periods = ReportingPeriod.objects.quarters().filter(plan=task.plan_id)
    return next((period for period in periods if period.address == address), None)


def _issue(task: Task, draft: Draft, data: dict, by: User) -> SupervisionSlip:
    """What the supervisor agreed to in the form; the reference behind the words is the draft's."""
    drafted = draft.basis
    basis = Basis(data["basis"], drafted.ground, drafted.period, drafted.publication)
    demand = {name: data[name] for name in ("level", "demand", "days")}
    demand |= {"demonstration": settings.DEMO, "by": by, "at": timezone.now()}
    return issue_slip(task=task, basis=basis, **demand)


def _issued(request: HttpRequest, slip: SupervisionSlip) -> HttpResponse:
    until = cn_date(slip.due_on)
    messages.success(request, f"{slip.serial}已送{slip.department.short_name}，{until}前回复。")
    return redirect(slip)


@require_safe
def slip(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return slip_response(request, slip_in_sight(request.user, year, number), {})


@action_of("supervision:slip")
def reply(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "reply")


@action_of("supervision:slip")
def close(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "close")


@action_of("supervision:slip")
def send_back(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "send_back")


@action_of("supervision:slip")
def raise_level(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "raise")


@action_of("supervision:slip")
def withdraw(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return take_step(request, year, number, "withdraw")


@require_safe
def printable(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The slip as a sheet of A4."""
    found = slip_in_sight(request.user, year, number)
    page = slip_page(found, request.user, timezone.localdate())
    crumbs = [HOME, LIST, (found.serial, found.get_absolute_url()), ("打印", "")]
    return render(request, "staff/slips/paper.html", {"page": page, "slip": found, "crumbs": crumbs})


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    found = get_object_or_404(SlipFile.objects.visible_to(request.user), pk=pk)
    return uploaded(found.file, found.name, found.sha256, content_type=found.content_type)
