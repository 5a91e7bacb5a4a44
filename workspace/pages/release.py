"""The page of a release: its forms, and the answer to a step that was sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from common.errors import Refused
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import User
from progress.access import get_period_or_404, require
from progress.choices import PeriodState
from progress.models import ReportingPeriod
from publishing.forms.releases import ApprovalForm, ClearanceForm
from publishing.models import Release
from publishing.permissions import (
    can_handle_release,
    can_prepare_release,
    can_preview_release,
    can_publish,
)
from subscriptions.permissions import can_chase
from workspace.addresses import period_address
from workspace.crumbs import PERIODS
from workspace.read_models.queues import lapsed, with_news
from workspace.read_models.release import (
    Preview,
    PreviewLine,
    active_release,
    current_lines,
    decisions_of,
    papers_of,
    preview,
    still_to_come,
)


def previewed_period(user: User, slug: str, year: int, quarter: int) -> ReportingPeriod:
    """The quarter whose release the person may preview. Raises PermissionDenied for others."""
    require(can_preview_release(user))
    return get_period_or_404(slug, year, quarter)


def prepared_release(period: ReportingPeriod) -> Release:
    """The release prepared for a quarter. Raises Refused where a colleague has dropped it."""
    prepared = active_release(period)
    if prepared is None:
        raise Refused("这份报审稿已被撤回，下面是现在的情况。")
    return prepared


def clearance_form(
    period: ReportingPeriod, data: Mapping[str, object] | None = None
) -> ClearanceForm:
    """The form with a pair of fields for each task of the quarter's plan."""
    return ClearanceForm(list(period.plan.tasks.order_by("number")), timezone.localdate(), data)


def take_step(
    request: StaffRequest,
    period: ReportingPeriod,
    perform: Callable[[], str],
    form: Form | None = None,
) -> HttpResponse:
    """The answer to a step that was sent: a way back to the page, or the page with what is wrong.

    `perform` does it and returns the message for the person; a step may have a form.
    """
    if form is not None and not form.is_valid():
        return release_response(request, period, form)
    try:
        messages.success(request, perform())
    except Refused as refused:
        return release_response(request, period, form, refused.reasons)
    return redirect(period_address("release", period))


def release_response(
    request: StaffRequest,
    period: ReportingPeriod,
    sent: Form | None = None,
    refused: Sequence[str] = (),
) -> HttpResponse:
    """The page of a release; `sent`: the form that was not accepted; `refused`: the reasons."""
    prepared = active_release(period)
    clearance = sent if isinstance(sent, ClearanceForm) else clearance_form(period)
    approval = sent if isinstance(sent, ApprovalForm) else _registered_approval(prepared)
    if period.state == PeriodState.RELEASED:
        parts = _parts_after_release(period)
    else:
        parts = _parts_before_release(request, period, prepared, clearance)
    cleared, withheld = decisions_of(prepared)
    context = {
        "period": period,
        "release": prepared,
        "cleared": cleared,
        "withheld": withheld,
        "form": clearance,
        "approval": approval,
        "prepares": can_prepare_release(request.user),
        "publishes": can_publish(request.user),
        "handles": can_handle_release(request.user),
        "chases": can_chase(request.user),
        "refused": refused,
        "crumbs": [STAFF_HOME, PERIODS, (f"{period.label}发布", "")],
    }
    return render(request, "staff/release.html", context | parts)


# The parts of the page that depend on whether the quarter is released.
NO_PARTS: dict[str, Any] = {
    "preview": None,
    "groups": [],
    "running": [],
    "published": [],
    "news": [],
    "lapsed": [],
}


def _parts_before_release(
    request: StaffRequest, period: ReportingPeriod, prepared: Release | None, form: ClearanceForm
) -> dict[str, Any]:
    previewed = preview(period, prepared, at=timezone.now())
    return NO_PARTS | {
        "preview": previewed,
        "groups": _groups(request, period, previewed, form),
        "running": still_to_come(period, timezone.localdate()) if prepared else [],
    }


def _parts_after_release(period: ReportingPeriod) -> dict[str, Any]:
    return NO_PARTS | {
        "published": current_lines(period),
        "news": with_news(period),
        "lapsed": lapsed(timezone.localdate(), period),
    }


def _registered_approval(prepared: Release | None) -> ApprovalForm:
    names = ("approved_by", "approved_on")
    initial = {name: getattr(prepared, name) for name in names} if prepared else None
    return ApprovalForm(initial=initial)


def _groups(
    request: StaffRequest,
    period: ReportingPeriod,
    preview: Preview,
    form: ClearanceForm,
) -> list[tuple]:
    """(title, lines, whether any was marked); a line is

    (line, the fields by which it may be withheld, the evidence that would become public, whether it
    was marked).
    """
    papers, groups = papers_of(period, request.user), []
    for title, lines in preview.groups:
        rows = [
            (line, form.fields_for(line.task), _papers(line, papers), form.has_input_for(line.task))
            for line in lines
        ]
        groups.append((title, rows, any(marked for *_, marked in rows)))
    return groups


def _papers(line: PreviewLine, papers: dict[int, list]) -> list:
    """The evidence that becomes public with the line; none with one whose report is not shown."""
    report = line.publication.report_id
    return papers.get(report, []) if report and line.publication.self_pace else []
