"""The page on which a reporter's work is handed over to a colleague."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from common.errors import Refused
from common.ui.crumbs import STAFF_HOME
from departments import actions
from departments.forms import HandOverForm
from departments.http import StaffRequest
from departments.models import Membership, User
from departments.permissions import can_hand_over, can_maintain_reference_data, can_see_coverage
from departments.roles import UNIT_ROLES, Role


def hand_over(request: StaffRequest) -> HttpResponse:
    """Shows who reports for the unit and ends the membership of the reporter who leaves."""
    user = request.user
    if not can_hand_over(user):
        raise PermissionDenied
    leaving, colleagues = _memberships_to_choose(user)
    initial = {"post": request.GET.get("post")}
    form = HandOverForm(leaving, colleagues, request.POST or None, initial=initial)
    if form.is_valid() and _has_handed_over(request, form):
        return redirect("workspace:coverage" if can_see_coverage(user) else "workspace:home")
    context = {
        "form": form,
        "team": _team_of(user),
        "possible": form.is_bound or (leaving.exists() and colleagues.exists()),
        "crumbs": [STAFF_HOME, ("交接", "")],
    }
    return render(request, "staff/hand_over.html", context)


def _team_of(user: User) -> QuerySet[Membership]:
    """Who reports and signs for the units for which the person reports."""
    current = Membership.objects.current().of_role(*UNIT_ROLES).select_related("user", "department")
    own_units = user.department_ids(Role.REPORTER)
    return current.filter(department__in=own_units).order_by("department", "role", "pk")


def _memberships_to_choose(user: User) -> tuple[QuerySet[Membership], QuerySet[Membership]]:
    """Reporters' memberships this person may hand over, and those of who could take over."""
    reporters = (
        Membership.objects.of_role(Role.REPORTER)
        .filter(ended_at=None)
        .select_related("user", "department")
        .order_by("department", "pk")
    )
    if can_maintain_reference_data(user):
        return reporters, reporters.current()
    own_unit = reporters.filter(department__in=user.department_ids(Role.REPORTER))
    return own_unit.filter(user=user), own_unit.current().exclude(user=user)


def _has_handed_over(request: StaffRequest, form: HandOverForm) -> bool:
    """Carries out the valid form; False, with the reasons in the form, if it was refused."""
    leaving, to = form.cleaned_data["post"], form.cleaned_data["to"]
    if leaving.user_id == request.user.pk:
        by = request.user.actor(Role.REPORTER, of=leaving.department_id)
    else:
        by = request.user.actor(Role.ADMINISTRATOR)
    try:
        actions.hand_over(membership=leaving, to=to.user, by=by, at=timezone.now())
    except Refused as refused:
        form.add_error("to", refused.reasons)
        return False
    done = f"{leaving.user}的{leaving.department}填报员岗位已交给{to.user}。"
    messages.success(request, f"{done}草稿、退回的填报和诉求都在单位名下，{to.user}登录后接着办。")
    return True
