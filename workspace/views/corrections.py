"""更正: proposed by the office whose words are wrong, checked and published by somebody else."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.addresses import row_number
from common.errors import Refused
from common.text.wording import cn_date
from common.ui.action_views import action_of, succeeds
from departments.http import StaffRequest
from progress.access import require
from publishing.actions.corrections import (
    answer_by,
    propose_correction,
    publish_correction,
    return_correction,
    withdraw_correction,
)
from publishing.forms.corrections import CorrectionForm, ReturnCorrectionForm
from publishing.permissions import can_publish
from workspace.addresses import CORRECTION_PAGES, correction_address
from workspace.pages.corrections import (
    correctable_publication,
    correction_in_sight,
    correction_response,
    decision_response,
    return_address,
)


def correct(request: StaffRequest, pk: int, voice: str) -> HttpResponse:
    """The form, and once it is valid its comparison with what is published; `propose` sends it."""
    publication = correctable_publication(request.user, pk, voice)
    form = CorrectionForm(publication, voice, request.POST or None)
    checked = form.is_valid() and "edit" not in request.POST
    return correction_response(request, publication, voice, form, checked=checked)


def _page_of(voice: str, **_parts: object) -> str:
    """The name of the address on which this voice is corrected."""
    return CORRECTION_PAGES[voice]


@action_of(_page_of)
def propose(request: StaffRequest, pk: int, voice: str) -> HttpResponse:
    publication = correctable_publication(request.user, pk, voice)
    form = CorrectionForm(publication, voice, request.POST)

    def perform() -> str:
        row = propose_correction(
            publication=publication,
            voice=voice,
            correction=form.correction(),
            reason_class=form.cleaned_data["reason_class"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
        return f"更正已送发布员，{cn_date(answer_by(row))}前会有结果；公布以前，公众看到的不变。"

    if succeeds(request, form, perform):
        return redirect(return_address(publication, voice))
    return correction_response(request, publication, voice, form, checked=False)


@action_of(_page_of)
def withdraw(request: StaffRequest, pk: int, voice: str) -> HttpResponse:
    publication = correctable_publication(request.user, pk, voice)
    rows = publication.corrections.filter(voice=voice)
    row = get_object_or_404(rows, pk=row_number(request.POST.get("correction", "")))
    try:
        withdraw_correction(request=row, by=request.user, at=timezone.now())
        messages.success(request, "更正已收回，公众看到的不变；还要更正的，请重新提出。")
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    return redirect(correction_address(publication, voice))


@require_safe
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    return decision_response(request, correction_in_sight(request.user, pk))


@action_of("workspace:decide-correction")
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    row = correction_in_sight(request.user, pk)
    require(can_publish(request.user))
    try:
        revision = publish_correction(request=row, by=request.user, at=timezone.now())
    except Refused as refused:
        return decision_response(request, row, refused=refused.reasons)
    messages.success(request, f"更正已公布，现行第 {revision.revision} 版；原来的版本仍可查看。")
    return redirect("workspace:requests")


@action_of("workspace:decide-correction")
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    row = correction_in_sight(request.user, pk)
    require(can_publish(request.user))
    form = ReturnCorrectionForm(request.POST)
    if not form.is_valid():
        return decision_response(request, row, form)
    reason = form.cleaned_data["reason"]
    try:
        return_correction(request=row, reason=reason, by=request.user, at=timezone.now())
    except Refused as refused:
        return decision_response(request, row, form, refused.reasons)
    messages.success(request, f"更正已退回{row.department.short_name}，提出的人会看到您的理由。")
    return redirect("workspace:requests")
