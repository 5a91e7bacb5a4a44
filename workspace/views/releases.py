"""Making a quarter public: prepared by one person, approved on paper, published by another."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.errors import Refused
from common.files.downloads import uploaded
from common.files.packages import WORD
from progress.access import HOME, allowed, period_of
from progress.choices import PeriodState
from progress.models import ReportingPeriod
from publishing.actions.releases import approve_release, drop_release, prepare_release, publish_release
from publishing.forms.release import ApprovalForm, ClearanceForm
from publishing.models import Release
from publishing.permissions import can_handle_release, can_prepare_release, can_preview_release, can_publish
from workspace.exports.release_draft import draft_of
from workspace.read_models.queues import lapsed, with_news
from workspace.read_models.release import (
    Preview,
    PreviewLine,
    current_lines,
    decisions_of,
    papers_of,
    preview,
    release_in_hand,
    running_terms,
)
from workspace.read_models.work_items import period_address
from workspace.views.periods import LIST

Forms = tuple[ClearanceForm, ApprovalForm]


def release(request: HttpRequest, slug: str, year: int, quarter: int) -> HttpResponse:
    allowed(can_preview_release(request.user))
    period = period_of(slug, year, quarter)
    tasks = list(period.plan.tasks.order_by("number"))
    clearance = ClearanceForm(tasks, timezone.localdate(), request.POST if "prepare" in request.POST else None)
    in_hand = release_in_hand(period)
    forms = clearance, _approval_form(request, in_hand)
    return _post(request, period, forms) if request.method == "POST" else _page(request, period, in_hand, forms)


def _approval_form(request: HttpRequest, in_hand: Release | None) -> ApprovalForm:
    if "approve" in request.POST:
        return ApprovalForm(request.POST, request.FILES)
    names = ("approved_by", "approved_on")
    return ApprovalForm(initial={name: getattr(in_hand, name) for name in names} if in_hand else None)


def _page(request: HttpRequest, period: ReportingPeriod, in_hand: Release | None, forms: Forms, refused=()):
    clearance, approval = forms
    done = period.state == PeriodState.RELEASED
    shown = None if done else preview(period, in_hand, at=timezone.now())
    cleared, withheld = decisions_of(in_hand)
    context = {
        "period": period,
        "release": in_hand,
        "preview": shown,
        "groups": [] if done else _groups(request, period, shown, clearance),
        "running": running_terms(period, timezone.localdate()) if in_hand and not done else [],
        "cleared": cleared,
        "withheld": withheld,
        "published": current_lines(period) if done else [],
        "news": with_news(period) if done else [],
        "lapsed": lapsed(timezone.localdate(), period) if done else [],
        "form": clearance,
        "approval": approval,
        "prepares": can_prepare_release(request.user),
        "publishes": can_publish(request.user),
        "handles": can_handle_release(request.user),
        "refused": refused,
        "crumbs": [HOME, LIST, (f"{period.label}发布", "")],
    }
    return render(request, "staff/release.html", context)


def _groups(request: HttpRequest, period: ReportingPeriod, shown: Preview, form: ClearanceForm) -> list[tuple]:
    """(title, lines, whether any was marked); a line is

    (line, the fields by which it may be withheld, the evidence that would become public, whether it was marked).
    """
    papers, groups = papers_of(period, request.user), []
    for title, lines in shown.groups:
        rows = [(line, form.of(line.task), _papers(line, papers), form.marks(line.task)) for line in lines]
        groups.append((title, rows, any(marked for *_, marked in rows)))
    return groups


def _papers(line: PreviewLine, papers: dict[int, list]) -> list:
    return papers.get(line.shown.report_id, []) if line.shown.self_pace else []


def _post(request: HttpRequest, period: ReportingPeriod, forms: Forms):
    clearance, approval = forms
    deeds = {
        "prepare": (can_prepare_release, _prepare, clearance),
        "approve": (can_handle_release, _approve, approval),
        "publish": (can_publish, _publish, None),
        "drop": (can_handle_release, _drop, None),
    }
    may, deed, form = next((deeds[name] for name in deeds if name in request.POST), (can_preview_release, None, None))
    allowed(may(request.user))
    if deed is None or (form is not None and not form.is_valid()):
        return _page(request, period, release_in_hand(period), forms)
    try:
        messages.success(request, deed(request, period, form))
    except Refused as refused:
        return _page(request, period, release_in_hand(period), forms, refused.reasons)
    return redirect(period_address("release", period))


def _prepare(request: HttpRequest, period: ReportingPeriod, form: ClearanceForm) -> str:
    said = {"withheld": form.withheld(), "rest_public": form.cleaned_data["rest_public"]}
    prepare_release(period=period, **said, by=request.user, at=timezone.now())
    return "报审稿已准备好。请下载报审稿送批，批准后在这里登记批准人，再由另一位同事发布。"


def _approve(request: HttpRequest, period: ReportingPeriod, form: ApprovalForm) -> str:
    done = approve_release(release=_in_hand(period), **form.cleaned_data, by=request.user, at=timezone.now())
    return f"已登记{done.approved_by}批准，现在可以由发布员发布。"


def _publish(request: HttpRequest, period: ReportingPeriod, form: None) -> str:
    publish_release(release=_in_hand(period), by=request.user, at=timezone.now())
    return f"{period.label}进展已公布。"


def _drop(request: HttpRequest, period: ReportingPeriod, form: None) -> str:
    drop_release(release=_in_hand(period), by=request.user, at=timezone.now())
    return "报审稿已撤回，可以重新准备。"


def _in_hand(period: ReportingPeriod) -> Release:
    found = release_in_hand(period)
    if found is None:
        raise Refused("这份报审稿已被撤回，下面是现在的情况。")
    return found


@require_safe
def draft(request: HttpRequest, slug: str, year: int, quarter: int) -> FileResponse:
    """The paper for approval, from the same lines as the page; once the quarter is public there is none."""
    allowed(can_preview_release(request.user))
    period = period_of(slug, year, quarter)
    if period.state == PeriodState.RELEASED:
        raise Http404
    in_hand, now = release_in_hand(period), timezone.now()
    file = draft_of(period, in_hand, preview(period, in_hand, at=now), at=now)
    name = f"{period.plan.name}{period.label}报审稿.docx"
    headers = {"Content-Type": WORD, "Cache-Control": "no-store"}
    return FileResponse(file, as_attachment=True, filename=name, headers=headers)


@require_safe
def approval(request: HttpRequest, slug: str, year: int, quarter: int) -> FileResponse:
    """The signed paper as scanned, for those who see the preview; for everybody else there is no such thing."""
    found = release_in_hand(period_of(slug, year, quarter)) if can_preview_release(request.user) else None
    if found is None or not found.approval:
        raise Http404
    return uploaded(found.approval, found.approval_name, found.approval_sha256)
