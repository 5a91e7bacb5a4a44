"""After the release: what came late, what may be shown after all, and what has to go."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from common.errors import Refused
from progress.access import HOME, allowed
from progress.choices import PeriodKind
from progress.models import ProgressReport
from public.read_models.publications import vanishing
from publishing.actions.revisions import publish_lapse, publish_revision
from publishing.actions.withholding import extend_withholding, lift_withholding, take_down_publication
from publishing.choices import ReleaseState
from publishing.forms.release import ExtendForm, LiftForm, TakeDownForm
from publishing.models import Clearance, Publication
from publishing.permissions import can_extend_withholding, can_handle_release, can_publish
from workspace.read_models.release import preview_of_one
from workspace.read_models.work_items import period_address
from workspace.views.periods import LIST


@require_POST
def revise(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    allowed(can_publish(request.user))
    rows = ProgressReport.objects.with_places().filter(period__kind=PeriodKind.QUARTER)
    report = get_object_or_404(rows, task__code=code, period__year=year, period__index=quarter)
    return _revised(request, report, publish_revision, {"report": report}, "补充公布")


@require_POST
def lapse(request: HttpRequest, pk: int) -> HttpResponse:
    allowed(can_publish(request.user))
    publication = _current(pk)
    return _revised(request, publication, publish_lapse, {"publication": publication}, "写明期满未报送")


def _revised(request: HttpRequest, about: ProgressReport | Publication, deed, said: dict, verb: str) -> HttpResponse:
    try:
        row = deed(**said, by=request.user, at=timezone.now())
        messages.success(request, f"{about.task.code} 已{verb}，现行第 {row.revision} 版。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(period_address("release", about.period))


def _current(pk: int) -> Publication:
    return get_object_or_404(Publication.objects.current().select_related("task", "period__plan"), pk=pk)


def _crumbs(period, back: str, here: str) -> list[tuple[str, str]]:
    return [HOME, LIST, (f"{period.label}发布", back), (here, "")]


def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Typed, then looked at with everything that will vanish, then done; one person may have to do it tonight."""
    allowed(can_publish(request.user))
    publication = _current(pk)
    form, back = TakeDownForm(request.POST or None), period_address("release", publication.period)
    checked = form.is_valid()
    if checked and "take_down" in request.POST and _taken_down(request, publication, form):
        return redirect(back)
    context = {
        "publication": publication,
        "form": form,
        "checked": checked and form.is_valid() and "edit" not in request.POST,
        "vanishing": vanishing(publication),
        "back": back,
        "crumbs": _crumbs(publication.period, back, "依法撤下"),
    }
    return render(request, "staff/take_down.html", context)


def _taken_down(request: HttpRequest, publication: Publication, form: TakeDownForm) -> bool:
    said = {"publication": publication, "by": request.user, "at": timezone.now()}
    try:
        row = take_down_publication(**said, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return False
    messages.success(request, f"{row.task.code} 已依法撤下，公开页面只写明依据和日期。")
    return True


def withholding(request: HttpRequest, pk: int) -> HttpResponse:
    """The review of a withheld line: published after all by a publisher, or withheld longer by a supervisor."""
    allowed(can_handle_release(request.user))
    clearance = get_object_or_404(
        Clearance.objects.withheld().with_places(), pk=pk, release__state=ReleaseState.PUBLISHED
    )
    lift = LiftForm(request.POST if "lift" in request.POST else None, prefix="lift")
    extend = ExtendForm(request.POST if "extend" in request.POST else None, prefix="extend")
    for form, deed in ((lift, _lift), (extend, _extend)):
        if form.is_bound and deed(request, clearance, form):
            return redirect(period_address("release", clearance.release.period))
    period = clearance.release.period
    context = {
        "clearance": clearance,
        "period": period,
        "line": None if clearance.lifted_at else preview_of_one(clearance, at=timezone.now()),
        "lift": lift if can_publish(request.user) else None,
        "extend": extend if can_extend_withholding(request.user) else None,
        "crumbs": _crumbs(period, period_address("release", period), "再次保密审查"),
    }
    return render(request, "staff/withholding.html", context)


def _lift(request: HttpRequest, clearance: Clearance, form: LiftForm) -> bool:
    allowed(can_publish(request.user))
    return _done(request, clearance, form, lift_withholding, "{} 已解除暂不公开，进展已公布。")


def _extend(request: HttpRequest, clearance: Clearance, form: ExtendForm) -> bool:
    allowed(can_extend_withholding(request.user))
    return _done(request, clearance, form, extend_withholding, "{} 继续暂不公开，到新的再审查日期再提醒。")


def _done(request: HttpRequest, clearance: Clearance, form, deed, says: str) -> bool:
    if not form.is_valid():
        return False
    try:
        deed(clearance=clearance, **form.cleaned_data, by=request.user, at=timezone.now())
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return False
    messages.success(request, says.format(clearance.task.code))
    return True
