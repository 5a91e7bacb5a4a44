"""更正: proposed by the voice whose words are wrong, checked and published by somebody else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from common.errors import Refused
from common.text.wording import cn_date
from progress.access import HOME, allowed
from publishing.actions.corrections import (
    answer_by,
    correction_refusal_reason,
    propose_correction,
    publish_correction,
    return_correction,
    withdraw_correction,
)
from publishing.choices import Voice
from publishing.forms.correction import CorrectionForm, ReturnCorrectionForm
from publishing.models import CorrectionRequest, Publication
from publishing.permissions import can_correct, can_publish, can_read_requests
from tasks import recusal
from tasks.querysets import paper_of
from workspace.read_models.corrections import right_and_wrong
from workspace.read_models.work_items import address, period_address
from workspace.views.requests import LIST


def propose(request: HttpRequest, pk: int, voice: str) -> HttpResponse:
    shown = get_object_or_404(_published(), pk=pk)
    allowed(can_correct(request.user, shown.task, voice))
    if "withdraw" in request.POST:
        return _withdrawn(request, shown, voice)
    recused = voice == Voice.SUPERVISOR and recusal.recused(shown.task, request.user)
    form, back = CorrectionForm(shown, voice, request.POST or None), _back(shown, voice)
    checked = form.is_valid()
    if checked and "propose" in request.POST and _proposed(request, shown, voice, form):
        return redirect(back)
    context = {
        "shown": shown,
        "form": form,
        "recused": recused,
        "refusal": correction_refusal_reason(shown, voice, request.user),
        "waiting": shown.corrections.waiting().filter(voice=voice).select_related("department", "proposed_by").first(),
        "checked": checked and form.is_valid() and "edit" not in request.POST,
        "differences": form.differences() if checked else [],
        "objections": shown.objections.exclude(state="filed") if voice == Voice.SUPERVISOR else [],
        "back": back,
        "crumbs": [HOME, (f"{shown.task.code} {shown.period.label}", back), ("更正", "")],
    }
    return render(request, "staff/correction.html", context, status=403 if recused and request.POST else 200)


def _published():
    rows = Publication.objects.select_related("task", "period__plan")
    return rows.defer("content", *paper_of("period__plan"))


def _back(shown: Publication, voice: str) -> str:
    unit = voice == Voice.UNIT
    return address("report", shown.task, shown.period) if unit else period_address("release", shown.period)


def _proposed(request: HttpRequest, shown: Publication, voice: str, form: CorrectionForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("reason_class", "reason")}
    said |= {"correction": form.correction(), "by": request.user, "at": timezone.now()}
    try:
        row = propose_correction(publication=shown, voice=voice, **said)
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return False
    messages.success(request, f"更正已送发布员，{cn_date(answer_by(row))}前会有结果；公布以前，公众看到的不变。")
    return True


def _withdrawn(request: HttpRequest, shown: Publication, voice: str) -> HttpResponse:
    asked = request.POST["withdraw"]
    row = get_object_or_404(shown.corrections.filter(voice=voice), pk=asked if asked.isdecimal() else None)
    try:
        withdraw_correction(request=row, by=request.user, at=timezone.now())
        messages.success(request, "更正已收回，公众看到的不变；还要更正的，请重新提出。")
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    return redirect(request.path)


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    allowed(can_read_requests(request.user))
    row = get_object_or_404(CorrectionRequest.objects.with_places(), pk=pk)
    form = ReturnCorrectionForm(request.POST if "return" in request.POST else None)
    refused = []
    if request.method == "POST":
        allowed(can_publish(request.user))
        refused = _decided(request, row, form)
        if refused is None:
            return redirect("workspace:requests")
    context = {
        "row": row,
        "shown": row.publication,
        "differences": right_and_wrong(row),
        "form": form,
        "decides": can_publish(request.user) and row.state == row.State.PROPOSED,
        "own": row.proposed_by_id == request.user.pk,
        "refused": refused,
        "crumbs": [HOME, LIST, (f"{row.publication.task.code} 更正", "")],
    }
    return render(request, "staff/requests/decide_correction.html", context)


def _decided(request: HttpRequest, row: CorrectionRequest, form: ReturnCorrectionForm) -> list[str] | None:
    """None once it is done, else what is to be shown beside the form, whose own errors stand in it."""
    by, returning = {"by": request.user, "at": timezone.now()}, form.is_bound
    if returning and not form.is_valid():
        return []
    try:
        if returning:
            return_correction(request=row, reason=form.cleaned_data["reason"], **by)
            messages.success(request, f"更正已退回{row.department.short_name}，提出的人会看到您的理由。")
        elif "publish" in request.POST:
            now = publish_correction(request=row, **by)
            messages.success(request, f"更正已公布，现行第 {now.revision} 版；原来的版本仍可查看。")
        else:
            return []
    except Refused as refused:
        return refused.reasons
    return None
