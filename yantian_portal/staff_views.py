"""The workspace: what the person has to do today, over all rooms of the house."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from departments.models import Role
from feedback import overview as feedback
from progress.overview import desk as progress
from progress.overview.waiting import review_queue
from yantian_portal.context import rooms


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    owed = [*progress.duties_of(user, today), *feedback.duties_of(user, today)]
    duties = sorted(owed, key=lambda duty: (not duty.returned, duty.due_on))
    others = review_queue(user).others if user.has_role(Role.SUPERVISOR) else []
    context = {"duties": duties, "others": others, "today": today, "rooms": [] if duties else rooms(user)[1:]}
    return render(request, "staff/home.html", context)
