"""The page of a release: its forms, and the answer to a step that was sent."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from common.errors import Refused
from common.ui.crumbs import STAFF_HOME
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
    running_terms,
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


def clearance_form(period: ReportingPeriod, data=None, files=None) -> ClearanceForm:
    return ClearanceForm(list(period.plan.tasks.order_by("number")), timezone.localdate(), data)


def approval_form(period: ReportingPeriod, data=None, files=None) -> ApprovalForm:
    return ApprovalForm(data, files)


def take_step(
    request: HttpRequest,
    period: ReportingPeriod,
    may: Callable[[User], bool],
    perform: Callable[[Form | None], str],
    make_form: Callable[..., Form] | None = None,
) -> HttpResponse:
    """The answer to a step that was sent: a way back to the page, or the page with what is wrong.

    `perform` does it with the form, if there is one, and returns the message for the person.
    """
    require(may(request.user))
    form = make_form(period, request.POST, request.FILES) if make_form else None
    if form is not None and not form.is_valid():
        return release_response(request, period, form)
    try:
        messages.success(request, perform(form))
    except Refused as refused:
        return release_response(request, period, form, refused.reasons)
    return redirect(period_address("release", period))


def release_response(
    request: HttpRequest, period: ReportingPeriod, sent: Form | None = None, refused=()
) -> HttpResponse:
    """The page of a release; `sent`: the form that was not accepted; `refused`: the reasons."""
    prepared = active_release(period)
    clearance = sent if isinstance(sent, ClearanceForm) else clearance_form(period)
    approval = sent if isinstance(sent, ApprovalForm) else _registered_approval(prepared)
    done, today = period.state == PeriodState.RELEASED, timezone.localdate()
    previewed = None if done else preview(period, prepared, at=timezone.now())
    cleared, withheld = decisions_of(prepared)
    context = {
        "period": period,
        "release": prepared,
        "preview": previewed,
        "groups": [] if done else _groups(request, period, previewed, clearance),
        "running": running_terms(period, today) if prepared and not done else [],
        "cleared": cleared,
        "withheld": withheld,
        "published": current_lines(period) if done else [],
        "news": with_news(period) if done else [],
        "lapsed": lapsed(today, period) if done else [],
        "form": clearance,
        "approval": approval,
        "prepares": can_prepare_release(request.user),
        "publishes": can_publish(request.user),
        "handles": can_handle_release(request.user),
        "refused": refused,
        "crumbs": [STAFF_HOME, PERIODS, (f"{period.label}发布", "")],
    }
    return render(request, "staff/release.html", context)


def _registered_approval(prepared: Release | None) -> ApprovalForm:
    names = ("approved_by", "approved_on")
    initial = {name: getattr(prepared, name) for name in names} if prepared else None
    return ApprovalForm(initial=initial)


def _groups(
    request: HttpRequest,
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
    return papers.get(line.publication.report_id, []) if line.publication.self_pace else []
