"""催报: the page of missing reports, with texts for the work group and the state of the outbox."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from subscriptions.permissions import can_chase
from subscriptions.read_models import outbox, quarters


@require_safe
def reminders(request: StaffRequest) -> HttpResponse:
    """Who has not reported, what to write to them, and whether mails are sent."""
    if not can_chase(request.user):
        raise PermissionDenied
    crumbs = [STAFF_HOME, ("催报", "")]
    context = {"quarters": quarters(timezone.localdate()), "outbox": outbox(), "crumbs": crumbs}
    return render(request, "staff/reminders.html", context)
