"""What is typed into staff forms and not yet sent: kept, listed and given up."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refused
from common.ui.crumbs import STAFF_HOME
from departments import actions
from departments.http import StaffRequest
from departments.pages.unsent import page_or_none, read_typed
from departments.read_models.unsent import unsent_of


@require_safe
def unsent(request: StaffRequest) -> HttpResponse:
    """The list of all that the person typed anywhere and has not sent."""
    context = {
        "kept_forms": unsent_of(request.user, timezone.localdate()),
        "keep_days": settings.UNSENT_KEEP_DAYS,
        "crumbs": [STAFF_HOME, ("没有提交的内容", "")],
    }
    return render(request, "staff/unsent.html", context)


@require_POST
def keep(request: StaffRequest) -> JsonResponse:
    """Keeps, for the page's script, what a form holds; answers the version and the moment."""
    address, known = request.POST.get("address", ""), request.POST.get("known", "")
    page, typed = page_or_none(address), read_typed(request.POST.get("typed", ""))
    if page is None:
        return JsonResponse({"message": "这个页面不暂存。"}, status=422)
    if not typed:
        actions.drop_unsent(user=request.user, addresses={address}, known=known)
        return JsonResponse({"version": "", "saved_at": ""})
    now = timezone.now()
    try:
        version = actions.keep_unsent(
            user=request.user, page=page, address=address, typed=typed, known=known, at=now
        )
    except Refused as refused:
        return JsonResponse({"message": " ".join(refused.reasons)}, status=409)
    saved_at = timezone.localtime(now).isoformat(timespec="seconds")
    return JsonResponse({"version": version, "saved_at": saved_at})


@require_POST
def drop(request: StaffRequest) -> HttpResponse:
    """Gives up what was typed into one form, and leads back to its page."""
    address = request.POST.get("address", "")
    page = page_or_none(address.partition("#")[0])
    actions.drop_unsent(user=request.user, addresses={address})
    messages.success(request, "已放弃没有提交的内容。")
    return redirect(page or "departments:unsent")


@require_POST
def go_on(_request: StaffRequest) -> JsonResponse:
    """Keeps the person signed in: like each request, this one begins the half hour anew."""
    return JsonResponse({})
