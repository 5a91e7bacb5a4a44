"""The staff pages of the files that become plans: upload, check, hand over, publish, withdraw."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.ui.action_views import action_of, attempt, succeeds
from common.ui.crumbs import STAFF_HOME
from common.ui.form_fields import PlainForm
from departments.http import StaffRequest
from departments.models import User
from departments.roles import Role
from tasks.actions.imports import (
    discard_import,
    hand_over_import,
    return_import,
    save_import,
    upload_import,
)
from tasks.actions.plans import publish_plan, withdraw_plan
from tasks.forms.imports import CheckForm, ReasonForm, UploadForm
from tasks.importing.curated import INDICATORS
from tasks.models import ImportRun, Plan
from tasks.permissions import can_import_plan, can_publish_plan, can_see_imports
from tasks.read_models.imports import import_list, import_page

LIST = ("文件导入", "/staff/imports/")


def run_or_404(request: StaffRequest, pk: int) -> ImportRun:
    """A file within the person's sight."""
    runs = ImportRun.objects.visible_to(request.user)
    return get_object_or_404(runs.select_related("uploaded_by", "handed_over_by"), pk=pk)


def waiting_plan(found: ImportRun) -> Plan:
    """The draft that waits for its publication. Raises Refused where it does not wait any more."""
    if found.plan is None:
        raise Refused("这份文件现在没有草稿，请刷新页面再看。")
    return found.plan


@require_safe
def imports(request: StaffRequest) -> HttpResponse:
    """The files on their way, and the published plans, which a publisher may withdraw."""
    if not can_see_imports(request.user):
        raise PermissionDenied
    return list_response(request, UploadForm())


def list_response(request: StaffRequest, form: UploadForm) -> HttpResponse:
    context = {
        "form": form if can_import_plan(request.user) else None,
        "list": import_list(request.user),
        "plans": Plan.objects.published().without_source_document(),
        "may_withdraw": can_publish_plan(request.user),
        "crumbs": [STAFF_HOME, ("文件导入", "")],
    }
    return render(request, "staff/imports/list.html", context)


@action_of("tasks:imports")
def upload(request: StaffRequest) -> HttpResponse:
    if not can_import_plan(request.user):
        raise PermissionDenied
    form, made = UploadForm(request.POST, request.FILES), []

    def perform() -> str:
        made.append(upload_import(document=form.document, by=request.user, at=timezone.now()))
        return "文件已读入。请核对读到的内容，再交发布员公布。"

    if succeeds(request, form, perform):
        return redirect("tasks:import", pk=made[0].pk)
    return list_response(request, form)


@require_safe
def run(request: StaffRequest, pk: int) -> HttpResponse:
    return page_response(request, run_or_404(request, pk))


def page_response(request: StaffRequest, found: ImportRun, **shown: BaseForm) -> HttpResponse:
    """The document beside what was read, and the forms of what this person may do with it.

    `shown`: a form of the page as it was sent: `form`, `reason`, or `refused` of an action without
    a field.
    """
    may_check, may_publish = steps_of(request.user, found)
    context = {
        "page": import_page(found),
        "form": CheckForm(found) if may_check else None,
        "reason": ReasonForm() if may_publish else None,
        "refused": PlainForm(),
        "may_discard": not found.is_closed and can_import_plan(request.user),
        "crumbs": [STAFF_HOME, LIST, (found.name, "")],
    }
    return render(request, "staff/imports/run.html", context | shown)


def steps_of(user: User, found: ImportRun) -> tuple[bool, bool]:
    """Whether this person may check the file now, and whether they may publish it."""
    may_check = found.is_read and can_import_plan(user)
    return may_check, found.is_checked and can_publish_plan(user)


@action_of("tasks:import")
def save(request: StaffRequest, pk: int) -> HttpResponse:
    return checked(request, pk, lambda _run: "已保存。")


@action_of("tasks:import")
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Saves what is on the page, and hands the file over unless that brought up new questions."""

    def perform(found: ImportRun) -> str:
        hand_over_import(run=found, indicators=INDICATORS, by=request.user, at=timezone.now())
        return "已交发布员。公布以前只有督查员和发布员看得到。"

    return checked(request, pk, perform)


def checked(request: StaffRequest, pk: int, perform: Callable[[ImportRun], str]) -> HttpResponse:
    """Saves the form of the page, then does what is to be done with the file."""
    found = run_or_404(request, pk)
    if not can_import_plan(request.user):
        raise PermissionDenied
    form = CheckForm(found, request.POST)

    saved = attempt(
        form,
        lambda: save_import(run=found, answers=form.answers, corrections=form.corrections),
    )
    if saved is None:
        return page_response(request, found, form=form)
    refused = PlainForm(request.POST)
    if succeeds(request, refused, lambda: perform(found)):
        return redirect("tasks:import", pk=pk)
    # What was typed is saved, and the answers may have brought up new questions.
    return page_response(request, found, refused=refused)


@action_of("tasks:import")
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    found = run_or_404(request, pk)
    if not can_import_plan(request.user):
        raise PermissionDenied
    form = PlainForm(request.POST)

    def perform() -> str:
        discard_import(run=found, by=request.user, at=timezone.now())
        return "已作废。这份文件没有公布过任何内容。"

    if succeeds(request, form, perform):
        return redirect("tasks:imports")
    return page_response(request, found, refused=form)


@action_of("tasks:import")
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    found = run_or_404(request, pk)
    if not can_publish_plan(request.user):
        raise PermissionDenied
    form = ReasonForm(request.POST)

    def perform() -> str:
        reason = form.cleaned_data["reason"]
        return_import(run=found, reason=reason, by=request.user, at=timezone.now())
        return "已退回督查员。"

    if succeeds(request, form, perform):
        return redirect("tasks:import", pk=pk)
    return page_response(request, found, reason=form)


@action_of("tasks:import")
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    found = run_or_404(request, pk)
    if not can_publish_plan(request.user):
        raise PermissionDenied
    form = PlainForm(request.POST)

    def perform() -> str:
        by = request.user.actor(Role.PUBLISHER)
        publish_plan(plan=waiting_plan(found), by=by, at=timezone.now())
        return "已公布，公众现在可以看到。"

    if succeeds(request, form, perform):
        return redirect("tasks:import", pk=pk)
    return page_response(request, found, refused=form)


@require_safe
def original(request: StaffRequest, pk: int) -> HttpResponse:
    """The file as it was uploaded, byte for byte."""
    found = run_or_404(request, pk)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-SHA256": found.sha256,
        "Cache-Control": "no-store",
    }
    return HttpResponse(bytes(found.source_bytes), content_type=found.media_type, headers=headers)


def withdraw(request: StaffRequest, slug: str) -> HttpResponse:
    """Takes a published plan back, with a reason that everybody reads."""
    if not can_publish_plan(request.user):
        raise PermissionDenied
    plan = get_object_or_404(Plan.objects.published().without_source_document(), slug=slug)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def perform() -> str:
        reason = form.cleaned_data["reason"]
        by = request.user.actor(Role.PUBLISHER)
        withdraw_plan(plan=plan, reason=reason, by=by, at=timezone.now())
        return "已撤回。公众在这份文件的网址上看到撤回日期和理由。"

    if succeeds(request, form, perform):
        return redirect("tasks:imports")
    crumbs = [STAFF_HOME, LIST, (f"撤回 {plan.name}", "")]
    context = {"plan": plan, "form": form, "crumbs": crumbs}
    return render(request, "staff/imports/withdraw.html", context)
