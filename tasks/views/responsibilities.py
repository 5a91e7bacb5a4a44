"""The supervisors' page of responsible units that nobody has confirmed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.roles import Role
from tasks.actions.responsibilities import confirm_proposed
from tasks.choices import ResponsibilityBasis
from tasks.forms import ConfirmForm
from tasks.permissions import can_designate
from tasks.read_models.proposed_responsibilities import proposed_parts, tasks_without_lead


def responsibilities(request: StaffRequest) -> HttpResponse:
    """Lists the proposed units and confirms them, task by task or a whole plan at once."""
    if not can_designate(request.user):
        raise PermissionDenied
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        by = request.user.actor(Role.SUPERVISOR)
        count = confirm_proposed(tasks=form.cleaned_data["tasks"], by=by, at=timezone.now())
        messages.success(request, f"已指定 {count} 个责任单位，已记入公开记录。")
        return redirect("tasks:responsibilities")
    context = {
        "form": form,
        "designated": ResponsibilityBasis.DESIGNATED.label,
        "parts": proposed_parts(),
        "leaderless": tasks_without_lead(),
        "crumbs": [STAFF_HOME, ("责任单位", "")],
    }
    return render(request, "staff/responsibilities.html", context)
