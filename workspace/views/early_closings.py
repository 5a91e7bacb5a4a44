"""A proposal to close a period early, for those who confirm or withdraw it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.text.wording import cn_date
from common.ui.action_views import action_of
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from progress.access import get_period_or_404, require
from progress.actions.early_closings import confirm_early_closing, withdraw_early_closing
from progress.models import EarlyClosing
from progress.permissions import can_confirm_early_closing
from workspace.crumbs import PERIODS
from workspace.read_models.periods import unfiled


@require_safe
def early_closing(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    return _page(request, _get_closing(request, slug, year, quarter))


@action_of("workspace:early-closing")
def confirm(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    closing = _get_closing(request, slug, year, quarter)
    try:
        period = confirm_early_closing(closing=closing, by=request.user, at=timezone.now())
    except Refused as refused:
        status = 403 if _needs_another(request, closing) else 200
        return _page(request, closing, refused=refused.reasons, status=status)
    done = f"{period.label}已提前截止，已列入各责任单位“今天要做的”。可以准备报审稿。"
    messages.success(request, done)
    return redirect("workspace:periods")


@action_of("workspace:early-closing")
def withdraw(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    closing = _get_closing(request, slug, year, quarter)
    try:
        withdraw_early_closing(closing=closing, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, closing, refused=refused.reasons)
    due_on = cn_date(closing.period.due_on)
    messages.success(request, f"已撤回，{closing.period.label}仍在{due_on}截止。")
    return redirect("workspace:periods")


def _get_closing(request: StaffRequest, slug: str, year: int, quarter: int) -> EarlyClosing:
    """The last proposal for the period; 404 without one, 403 for those who do not decide."""
    require(can_confirm_early_closing(request.user))
    period = get_period_or_404(slug, year, quarter)
    closing = EarlyClosing.objects.with_related().filter(period=period).last()
    if closing is None:
        raise Http404
    return closing


def _needs_another(request: StaffRequest, closing: EarlyClosing) -> bool:
    """Whether this person proposed it, so that another one has to confirm it."""
    return closing.two_persons and closing.proposed_by_id == request.user.pk


def _page(
    request: StaffRequest, closing: EarlyClosing, *, refused: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    title = f"提前截止{closing.period.label}"
    context = {
        "title": title,
        "closing": closing,
        "period": closing.period,
        "unfiled": unfiled([closing.period]),
        "waits": closing.is_waiting and closing.period.is_open,
        "needs_another": _needs_another(request, closing),
        "refused": refused,
        "crumbs": [STAFF_HOME, PERIODS, (title, "")],
    }
    return render(request, "staff/periods/early_closing.html", context, status=status)
