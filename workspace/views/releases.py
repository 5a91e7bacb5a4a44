"""The release of a quarter: prepared by one person, approved in writing, published by another."""

from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.downloads import upload_response
from common.files.packages import WORD
from common.security.heavy_files import heavy_file
from common.ui.action_views import action_of
from departments.http import StaffRequest
from progress.access import get_period_or_404, require
from progress.choices import PeriodState
from publishing.actions.releases import (
    approve_release,
    drop_release,
    prepare_release,
    publish_release,
)
from publishing.forms.releases import ApprovalForm
from publishing.permissions import (
    can_handle_release,
    can_prepare_release,
    can_preview_release,
    can_publish,
)
from workspace.exports.release_draft import release_draft
from workspace.pages.release import (
    clearance_form,
    prepared_release,
    previewed_period,
    release_response,
    take_step,
)
from workspace.read_models.release import active_release, preview


@require_safe
def release(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    return release_response(request, previewed_period(request.user, slug, year, quarter))


@action_of("workspace:release")
def prepare(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    period = previewed_period(request.user, slug, year, quarter)
    require(can_prepare_release(request.user))
    form = clearance_form(period, request.POST)

    def perform() -> str:
        prepare_release(
            period=period,
            withheld=form.withheld(),
            rest_public=form.cleaned_data["rest_public"],
            by=request.user,
            at=timezone.now(),
        )
        return "报审稿已准备好。请下载报审稿送批，批准后在这里登记批准人，再由另一位同事发布。"

    return take_step(request, period, perform, form)


@action_of("workspace:release")
def approve(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    period = previewed_period(request.user, slug, year, quarter)
    require(can_handle_release(request.user))
    form = ApprovalForm(request.POST, request.FILES)

    def perform() -> str:
        approved = approve_release(
            release=prepared_release(period),
            **form.cleaned_data,
            by=request.user,
            at=timezone.now(),
        )
        return f"已登记{approved.approved_by}批准，现在可以由发布员发布。"

    return take_step(request, period, perform, form)


@action_of("workspace:release")
def publish(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    period = previewed_period(request.user, slug, year, quarter)
    require(can_publish(request.user))

    def perform() -> str:
        publish_release(release=prepared_release(period), by=request.user, at=timezone.now())
        return f"{period.label}进展已公布。"

    return take_step(request, period, perform)


@action_of("workspace:release")
def drop(request: StaffRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    period = previewed_period(request.user, slug, year, quarter)
    require(can_handle_release(request.user))

    def perform() -> str:
        drop_release(release=prepared_release(period), by=request.user, at=timezone.now())
        return "报审稿已撤回，可以重新准备。"

    return take_step(request, period, perform)


@require_safe
@heavy_file
def draft(request: StaffRequest, slug: str, year: int, quarter: int) -> FileResponse:
    """The Word file for approval, from the lines of the page; 404 once the quarter is public."""
    require(can_preview_release(request.user))
    period = get_period_or_404(slug, year, quarter)
    if period.state == PeriodState.RELEASED:
        raise Http404
    active, now = active_release(period), timezone.now()
    file = release_draft(period, active, preview(period, active, at=now), at=now)
    name = f"{period.plan.name}{period.label}报审稿.docx"
    headers = {"Content-Type": WORD, "Cache-Control": "no-store"}
    return FileResponse(file, as_attachment=True, filename=name, headers=headers)


@require_safe
def approval(request: StaffRequest, slug: str, year: int, quarter: int) -> FileResponse:
    """The scan of the signed approval for those who see the preview; 404 for everybody else."""
    allowed = can_preview_release(request.user)
    active = active_release(get_period_or_404(slug, year, quarter)) if allowed else None
    if active is None or not active.approval:
        raise Http404
    return upload_response(active.approval, active.approval_name, active.approval_sha256)
