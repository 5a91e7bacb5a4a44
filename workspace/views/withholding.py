"""What is withheld or has to go: a publication taken down, a withheld line reviewed."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.ui.action_views import action_of, succeeds
from departments.http import StaffRequest
from progress.access import require
from publishing.actions.withholding import (
    extend_withholding,
    lift_withholding,
    take_down_publication,
)
from publishing.forms.releases import TakeDownPublicationForm
from publishing.permissions import can_extend_withholding, can_publish
from workspace.addresses import period_address
from workspace.pages.withholding import (
    current_publication,
    extend_form,
    lift_form,
    take_down_response,
    withheld_clearance,
    withholding_response,
)


def take_down(request: StaffRequest, pk: int) -> HttpResponse:
    """The form, and once it is valid everything that will vanish; `confirm_take_down` does it."""
    require(can_publish(request.user))
    publication, form = current_publication(pk), TakeDownPublicationForm(request.POST or None)
    checked = form.is_valid() and "edit" not in request.POST
    return take_down_response(request, publication, form, checked=checked)


@action_of("workspace:take-down")
def confirm_take_down(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes down at once, by one person, because it may be urgent."""
    require(can_publish(request.user))
    publication, form = current_publication(pk), TakeDownPublicationForm(request.POST)

    def perform() -> str:
        cleaned = form.cleaned_data
        row = take_down_publication(
            publication=publication, **cleaned, by=request.user, at=timezone.now()
        )
        return f"{row.task.code} 已依法撤下，公开页面只写明依据和日期。"

    if succeeds(request, form, perform):
        return redirect(period_address("release", publication.period))
    return take_down_response(request, publication, form, checked=False)


@require_safe
def withholding(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of a withheld line, on which the withholding is lifted or extended."""
    return withholding_response(request, withheld_clearance(request.user, pk))


@action_of("workspace:withholding")
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    clearance, form = withheld_clearance(request.user, pk), lift_form(request.POST)
    require(can_publish(request.user))

    def perform() -> str:
        cleaned = form.cleaned_data
        lift_withholding(clearance=clearance, **cleaned, by=request.user, at=timezone.now())
        return f"{clearance.task.code} 已解除暂不公开，进展已公布。"

    if succeeds(request, form, perform):
        return redirect(period_address("release", clearance.release.period))
    return withholding_response(request, clearance, lift=form)


@action_of("workspace:withholding")
def extend(request: StaffRequest, pk: int) -> HttpResponse:
    clearance, form = withheld_clearance(request.user, pk), extend_form(request.POST)
    require(can_extend_withholding(request.user))

    def perform() -> str:
        cleaned = form.cleaned_data
        extend_withholding(clearance=clearance, **cleaned, by=request.user, at=timezone.now())
        return f"{clearance.task.code} 继续暂不公开，到新的再审查日期再提醒。"

    if succeeds(request, form, perform):
        return redirect(period_address("release", clearance.release.period))
    return withholding_response(request, clearance, extend=form)
