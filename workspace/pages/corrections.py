"""The pages on which a correction is proposed, and on which one is answered."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import User
from progress.access import require
from publishing.actions.corrections import correction_refusal_reason
from publishing.choices import CorrectionState, ObjectionState, Voice
from publishing.forms.corrections import CorrectionForm, ReturnCorrectionForm
from publishing.models import CorrectionRequest, Publication
from publishing.permissions import can_correct, can_publish, can_read_requests
from tasks.querysets import source_document_fields
from tasks.recusal import is_recused
from workspace.addresses import correction_address, period_address, task_address
from workspace.crumbs import REQUESTS
from workspace.read_models.corrections import right_and_wrong


def correctable_publication(user: User, pk: int, voice: str) -> Publication:
    """The publication a person may correct in this voice. Raises PermissionDenied for others."""
    rows = Publication.objects.select_related("task", "period__plan")
    publication = get_object_or_404(
        rows.defer("content", *source_document_fields("period__plan")), pk=pk
    )
    require(can_correct(user, publication.task, voice))
    return publication


def return_address(publication: Publication, voice: str) -> str:
    """The page from which somebody came to correct the words of this voice."""
    if voice == Voice.UNIT:
        return task_address("report", publication.task, publication.period)
    return period_address("release", publication.period)


def correction_response(
    request: StaffRequest,
    publication: Publication,
    voice: str,
    form: CorrectionForm,
    *,
    checked: bool,
) -> HttpResponse:
    """The page of the form, or once it was checked, of what it would change."""
    judges = voice == Voice.SUPERVISOR
    barred = judges and is_recused(publication.task, request.user)
    waiting = publication.corrections.waiting().filter(voice=voice)
    decided = publication.objections.exclude(state=ObjectionState.FILED)
    back = return_address(publication, voice)
    title = f"{publication.task.code} {publication.period.label}"
    context = {
        "publication": publication,
        "form": form,
        "recused": barred,
        "refusal": correction_refusal_reason(publication, voice, request.user),
        "waiting": waiting.select_related("department", "proposed_by").first(),
        "checked": checked,
        "differences": form.differences() if checked else [],
        "objections": decided if judges else [],
        "page_url": correction_address(publication, voice),
        "propose_url": correction_address(publication, voice, "propose"),
        "withdraw_url": correction_address(publication, voice, "withdraw"),
        "back": back,
        "crumbs": [STAFF_HOME, (title, back), ("更正", "")],
    }
    status = 403 if barred and form.is_bound else 200
    return render(request, "staff/correction.html", context, status=status)


def correction_in_sight(user: User, pk: int) -> CorrectionRequest:
    """A correction for those who read requests. Raises PermissionDenied for others."""
    require(can_read_requests(user))
    return get_object_or_404(CorrectionRequest.objects.with_related(), pk=pk)


def decision_response(
    request: StaffRequest,
    row: CorrectionRequest,
    form: ReturnCorrectionForm | None = None,
    refused: Sequence[str] = (),
) -> HttpResponse:
    """The page on which a correction is answered; `form`: the reason that was not accepted."""
    publication = row.publication
    context = {
        "row": row,
        "publication": publication,
        "differences": right_and_wrong(row),
        "form": form or ReturnCorrectionForm(),
        "decides": can_publish(request.user) and row.state == CorrectionState.PROPOSED,
        "own": row.proposed_by_id == request.user.pk,
        "refused": refused,
        "crumbs": [STAFF_HOME, REQUESTS, (f"{publication.task.code} 更正", "")],
    }
    return render(request, "staff/requests/decide_correction.html", context)
