"""The page on which a request for more time is answered."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.models import User
from progress.access import require
from progress.forms.extensions import ExtensionAnswerForm
from progress.models import ExtensionRequest
from progress.permissions import can_decide_requests
from tasks.recusal import is_recused
from workspace.crumbs import REQUESTS


def requested_extension(user: User, pk: int) -> ExtensionRequest:
    """An extension for those who decide on it. Raises PermissionDenied for others."""
    require(can_decide_requests(user))
    return get_object_or_404(ExtensionRequest.objects.with_related(), pk=pk)


def extension_response(
    request: StaffRequest, extension: ExtensionRequest, form: ExtensionAnswerForm
) -> HttpResponse:
    """The page of one request; an answer sent by somebody who is recused is refused with 403."""
    barred = is_recused(extension.task, request.user)
    context = {
        "extension": extension,
        "form": form,
        "recused": barred,
        "crumbs": [STAFF_HOME, REQUESTS, (f"{extension.task.code} 延期", "")],
    }
    status = 403 if barred and form.is_bound else 200
    return render(request, "staff/requests/decide_extension.html", context, status=status)
