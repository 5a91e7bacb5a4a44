"""The workspace: what the person has to do today, over all rooms of the house."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback import overview as feedback
from progress.overview import desk as progress
from progress.overview.proposals import proposals_for
from progress.overview.waiting import late_quarters, review_queue
from yantian_portal.context import rooms


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    queue = review_queue(user)
    filing = progress.duties_of(user, today, queue)
    duties = sorted([*filing, *feedback.duties_of(user, today)], key=lambda duty: (not duty.returned, duty.due_on))
    ways_on = [] if duties else rooms(user)[1:]
    context = {"duties": duties, "others": queue.others, "today": today, "rooms": ways_on}
    context["late"] = late_quarters(user, today)
    context["proposals"] = proposals_for(user, today)
    context["many_to_file"] = progress.are_many(filing)
    return render(request, "staff/home.html", context)
