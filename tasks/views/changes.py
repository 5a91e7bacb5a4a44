"""The supervisors' pages of changes (调整): the list, the scans and the form for a new one."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.files.downloads import upload_response
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.roles import Role
from tasks.choices import ChangeKind
from tasks.forms import CHANGE_FORMS, GroundForm
from tasks.models import ChangeRequest, Task
from tasks.permissions import can_change, can_read_changes
from tasks.read_models.changes import ChangeLine, all_changes, change_lines, changes_of

LIST = ("调整", "/staff/changes/")


@require_safe
def changes(request: StaffRequest) -> HttpResponse:
    """All changes, newest first; a supervisor may begin a new one."""
    if not can_read_changes(request.user):
        raise PermissionDenied
    page = Paginator(all_changes(), 50).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": change_lines(page.object_list),
        "can_change": can_change(request.user),
        "tasks": Task.objects.published()
        .only("code", "title")
        .order_by("-plan__starts_on", "number"),
        "crumbs": [STAFF_HOME, ("调整", "")],
    }
    return render(request, "staff/changes.html", context)


@require_safe
def basis_scan(request: StaffRequest, pk: int) -> FileResponse:
    """Downloads the scan of a basis document, for those who may read the list."""
    if not can_read_changes(request.user):
        raise PermissionDenied
    change_request = get_object_or_404(ChangeRequest.objects.exclude(basis_scan=""), pk=pk)
    return upload_response(
        change_request.basis_scan,
        change_request.basis_scan_name,
        change_request.basis_scan_sha256,
        content_type=change_request.basis_scan_type,
    )


def change(request: StaffRequest, code: str) -> HttpResponse:
    """Changes a task in three steps: choose the kind, fill in the form, confirm its preview."""
    if not can_change(request.user):
        raise PermissionDenied
    task = get_object_or_404(Task.objects.published().with_plan(), code=code)
    kind = request.GET.get("kind", "")
    form = _form_for(request, task, kind)
    if form and _was_made(request, form):
        messages.success(
            request, "调整已生效，已记入公开记录；任务页面并列显示原定和调整后的内容。"
        )
        return redirect("tasks:changes")
    context = {
        "preview": _preview_change(request, form) if form else None,
        "task": task,
        "kind": kind if form else "",
        "kinds": ChangeKind.choices,
        "form": form,
        "earlier": changes_of(task),
        "crumbs": [STAFF_HOME, LIST, (task.code, "")],
    }
    return render(request, "staff/change.html", context)


def _form_for(request: StaffRequest, task: Task, kind: str) -> GroundForm | None:
    """The form of a kind of change; None before one is chosen."""
    form_class = CHANGE_FORMS.get(kind)
    return form_class(task, request.POST or None, request.FILES or None) if form_class else None


def _was_made(request: StaffRequest, form: GroundForm) -> bool:
    """Whether the person confirmed the change and it was made."""
    return "make" in request.POST and form.is_valid() and _apply_change(request, form)


def _apply_change(request: StaffRequest, form: GroundForm) -> bool:
    """Makes the change; False where it was refused, with the reasons as errors of the form."""
    try:
        form.apply(
            by=request.user.actor(Role.SUPERVISOR), at=timezone.now(), demonstration=settings.DEMO
        )
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return False
    return True


def _preview_change(request: StaffRequest, form: GroundForm) -> ChangeLine | None:
    """The change as everybody will read it, made and rolled back; None while the form has errors.

    The scan is uploaded on the preview itself, because a page cannot pass a file on to the next.
    """
    if not form.is_bound or "edit" in request.POST or form.errors.keys() - {"basis_scan"}:
        return None
    form.cleaned_data["basis_scan"] = None
    with transaction.atomic():
        line = changes_of(form.task)[0] if _apply_change(request, form) else None
        transaction.set_rollback(True)
    return line
