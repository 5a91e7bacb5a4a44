"""The sign-in log, for those who watch over the accounts."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.ui.crumbs import STAFF_HOME
from departments.filters import SignInFilter
from departments.http import StaffRequest
from departments.models import SignInEvent
from departments.permissions import can_read_sign_ins
from departments.read_models.sign_ins import failures_of_day

PER_PAGE = 50


@require_safe
def sign_ins(request: StaffRequest) -> HttpResponse:
    """Who signed in and out, from where, and which attempts failed; newest first."""
    if not can_read_sign_ins(request.user):
        raise PermissionDenied
    sign_in_filter = SignInFilter(request.GET, SignInEvent.objects.newest_first())
    page = Paginator(sign_in_filter.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": sign_in_filter.form,
        "page_obj": page,
        "failures": failures_of_day(timezone.now()),
        "keep_days": settings.SIGN_IN_KEEP_DAYS,
        "crumbs": [STAFF_HOME, ("登录记录", "")],
    }
    return render(request, "staff/sign_ins.html", context)
