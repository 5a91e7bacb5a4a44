from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from common.errors import Refused
from common.ui.crumbs import STAFF_HOME
from departments import actions
from departments.forms import HandOverForm
from departments.models import Membership, Role, User
from departments.permissions import can_hand_over, can_maintain_reference_data, can_see_coverage
from departments.roles import UNIT_ROLES


def hand_over(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not can_hand_over(user):
        raise PermissionDenied
    leaving, colleagues = _posts(user)
    form = HandOverForm(leaving, colleagues, request.POST or None, initial={"post": request.GET.get("post")})
    if form.is_valid() and _handed_over(request, form):
        return redirect("workspace:coverage" if can_see_coverage(user) else "workspace:home")
    files = Membership.objects.current().of_role(*UNIT_ROLES).select_related("user", "department")
    team = files.filter(department__in=user.department_ids(Role.REPORTER)).order_by("department", "role", "pk")
    possible = form.is_bound or (leaving.exists() and colleagues.exists())
    context = {"form": form, "team": team, "possible": possible, "crumbs": [STAFF_HOME, ("交接", "")]}
    return render(request, "staff/hand_over.html", context)


def _posts(user: User) -> tuple[QuerySet, QuerySet]:
    """Reporters' posts that this person may hand over, and those of the colleagues who could take them."""
    posts = Membership.objects.of_role(Role.REPORTER).filter(ended_at=None).select_related("user", "department")
    posts = posts.order_by("department", "pk")
    if can_maintain_reference_data(user):
        return posts, posts.current()
    ours = posts.filter(department__in=user.department_ids(Role.REPORTER))
    return ours.filter(user=user), ours.current().exclude(user=user)


def _handed_over(request: HttpRequest, form: HandOverForm) -> bool:
    post, to = form.cleaned_data["post"], form.cleaned_data["to"]
    own = {"of": post.department_id} if post.user_id == request.user.pk else {}
    by = request.user.actor(Role.REPORTER if own else Role.ADMINISTRATOR, **own)
    try:
        actions.hand_over(membership=post, to=to.user, by=by, at=timezone.now())
    except Refused as refused:
        form.add_error("to", refused.reasons)
        return False
    done = f"{post.user}的{post.department}填报员岗位已交给{to.user}。"
    messages.success(request, f"{done}草稿、退回的填报和诉求都在单位名下，{to.user}登录后接着办。")
    return True
