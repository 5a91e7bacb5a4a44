"""Making a quarter public: prepared by one person, published by another, corrected in sight of everybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from departments.models import Role
from progress import actions
from progress.forms import CorrectionForm, WithholdingForm
from progress.models import ProgressReport, Publication, ReportingPeriod
from progress.overview.desk import period_address
from progress.overview.release import current_lines, preview, release_in_hand
from progress.overview.waiting import with_news
from progress.permissions import can_prepare_release, can_preview_release, can_publish
from progress.views.fetch import HOME, allowed, period_of
from progress.views.periods import LIST
from yantian_portal.lib.errors import Refused


def release(request: HttpRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    allowed(can_preview_release(request.user))
    period = period_of(slug, year, quarter)
    form = WithholdingForm(list(period.plan.tasks.order_by("number")), request.POST or None)
    if request.method == "POST":
        return _post(request, period, form)
    return _page(request, period, form)


def _page(request: HttpRequest, period: ReportingPeriod, form: WithholdingForm, refused=()) -> HttpResponse:
    in_hand = release_in_hand(period)
    done = period.state == ReportingPeriod.State.RELEASED
    context = {
        "period": period,
        "release": in_hand,
        "preview": None if done else preview(period, in_hand, form, at=timezone.now()),
        "published": current_lines(period) if done else [],
        "news": with_news(period) if done else [],
        "form": form,
        "prepares": can_prepare_release(request.user),
        "publishes": can_publish(request.user),
        "refused": refused,
        "crumbs": [HOME, LIST, (f"{period.label}发布", "")],
    }
    return render(request, "staff/release.html", context)


def _post(request: HttpRequest, period: ReportingPeriod, form: WithholdingForm) -> HttpResponse:
    deeds = {"prepare": _prepare, "publish": _publish, "drop": _drop}
    deed = next((deeds[name] for name in deeds if name in request.POST), None)
    if deed is None or not form.is_valid():
        return _page(request, period, form)
    try:
        messages.success(request, deed(request, period, form))
    except Refused as refused:
        return _page(request, period, form, refused.reasons)
    return redirect(period_address("release", period))


def _prepare(request: HttpRequest, period: ReportingPeriod, form: WithholdingForm) -> str:
    allowed(can_prepare_release(request.user))
    actions.prepare_release(period=period, withheld=form.withheld(), by=request.user, at=timezone.now())
    return "报审稿已准备好,请另一位同事核对后发布。"


def _publish(request: HttpRequest, period: ReportingPeriod, form: WithholdingForm) -> str:
    allowed(can_publish(request.user))
    actions.publish_release(release=_in_hand(period), by=request.user, at=timezone.now())
    return f"{period.label}进展已公布。"


def _drop(request: HttpRequest, period: ReportingPeriod, form: WithholdingForm) -> str:
    allowed(request.user.has_role(Role.SUPERVISOR, Role.PUBLISHER))
    actions.drop_release(release=_in_hand(period), by=request.user, at=timezone.now())
    return "报审稿已撤回,可以重新准备。"


def _in_hand(period: ReportingPeriod):
    found = release_in_hand(period)
    if found is None:
        raise Refused("这份报审稿已被撤回,下面是现在的情况。")
    return found


@require_POST
def revise(request: HttpRequest, code: str, year: int, quarter: int) -> HttpResponse:
    allowed(can_publish(request.user))
    rows = ProgressReport.objects.with_places().filter(period__kind="quarter")
    report = get_object_or_404(rows, task__code=code, period__year=year, period__index=quarter)
    try:
        row = actions.publish_revision(report=report, by=request.user, at=timezone.now())
        messages.success(request, f"{report.task.code} 已补充公布,现行第 {row.revision} 版。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(period_address("release", report.period))


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    allowed(can_publish(request.user))
    rows = Publication.objects.current().select_related("task", "period__plan")
    publication = get_object_or_404(rows, pk=pk)
    form = CorrectionForm(publication, request.POST or None)
    back = period_address("release", publication.period)
    if form.is_valid() and "publish" in request.POST and _corrected(request, publication, form):
        return redirect(back)
    checked = form.is_valid()
    context = {
        "publication": publication,
        "form": form,
        "checked": checked and "edit" not in request.POST,
        "differences": form.differences() if checked else [],
        "objections": publication.objections.exclude(state="filed"),
        "crumbs": [HOME, LIST, (f"{publication.period.label}发布", back), ("更正", "")],
    }
    return render(request, "staff/correction.html", context)


def _corrected(request: HttpRequest, publication: Publication, form: CorrectionForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("reason_class", "reason")}
    said |= {"correction": form.correction(), "by": request.user, "at": timezone.now()}
    try:
        row = actions.correct_publication(publication=publication, **said)
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return False
    messages.success(request, f"更正已公布,现行第 {row.revision} 版;原来的版本仍可查看。")
    return True
