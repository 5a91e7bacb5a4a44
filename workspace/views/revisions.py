"""After the release: what came late, what may be shown after all, and what has to go."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refused
from common.ui.action_views import action_of, succeeds
from progress.access import require
from progress.choices import PeriodKind
from progress.models import ProgressReport
from publishing.actions.revisions import publish_lapse, publish_revision
from publishing.actions.withholding import (
    extend_withholding,
    lift_withholding,
    take_down_publication,
)
from publishing.forms.release import TakeDownPublicationForm
from publishing.models import Publication
from publishing.permissions import can_extend_withholding, can_publish
from workspace.pages.revisions import (
    current_publication,
    extend_form,
    lift_form,
    take_down_response,
    withheld_clearance,
    withholding_response,
)
from workspace.read_models.work_items import period_address


@require_POST
def revise(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    require(can_publish(request.user))
    rows = ProgressReport.objects.with_related().filter(period__kind=PeriodKind.QUARTER)
    report = get_object_or_404(rows, task__code=code, period__year=year, period__index=quarter)
    return _revised(request, report, publish_revision, {"report": report}, "补充公布")


@require_POST
def lapse(request: HttpRequest, pk: int) -> HttpResponse:
    require(can_publish(request.user))
    publication = current_publication(pk)
    return _revised(request, publication, publish_lapse, {"publication": publication}, "写明期满未报送")


def _revised(
    request: HttpRequest, about: ProgressReport | Publication, action, subject: dict, verb: str
) -> HttpResponse:
    try:
        row = action(**subject, by=request.user, at=timezone.now())
        messages.success(request, f"{about.task.code} 已{verb}，现行第 {row.revision} 版。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(period_address("release", about.period))


def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Typed, then looked at with everything that will vanish; confirmed at an address of its own."""
    require(can_publish(request.user))
    publication, form = current_publication(pk), TakeDownPublicationForm(request.POST or None)
    checked = form.is_valid() and "edit" not in request.POST
    return take_down_response(request, publication, form, checked=checked)


@action_of("workspace:take-down")
def confirm_take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """At once and by one person: it may have to be done tonight."""
    require(can_publish(request.user))
    publication, form = current_publication(pk), TakeDownPublicationForm(request.POST)

    def perform() -> str:
        words = form.cleaned_data
        row = take_down_publication(publication=publication, **words, by=request.user, at=timezone.now())
        return f"{row.task.code} 已依法撤下，公开页面只写明依据和日期。"

    if succeeds(request, form, perform):
        return redirect(period_address("release", publication.period))
    return take_down_response(request, publication, form, checked=False)


@require_safe
def withholding(request: HttpRequest, pk: int) -> HttpResponse:
    """The review of a withheld line: published after all by a publisher, or withheld longer."""
    return withholding_response(request, withheld_clearance(request.user, pk))


@action_of("workspace:withholding")
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    clearance, form = withheld_clearance(request.user, pk), lift_form(request.POST)
    require(can_publish(request.user))

    def perform() -> str:
        words = form.cleaned_data
        lift_withholding(clearance=clearance, **words, by=request.user, at=timezone.now())
        return f"{clearance.task.code} 已解除暂不公开，进展已公布。"

    if succeeds(request, form, perform):
        return redirect(period_address("release", clearance.release.period))
    return withholding_response(request, clearance, lift=form)


@action_of("workspace:withholding")
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    clearance, form = withheld_clearance(request.user, pk), extend_form(request.POST)
    require(can_extend_withholding(request.user))

    def perform() -> str:
        words = form.cleaned_data
        extend_withholding(clearance=clearance, **words, by=request.user, at=timezone.now())
        return f"{clearance.task.code} 继续暂不公开，到新的再审查日期再提醒。"

    if succeeds(request, form, perform):
        return redirect(period_address("release", clearance.release.period))
    return withholding_response(request, clearance, extend=form)
