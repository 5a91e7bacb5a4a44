"""The originals of evidence that was drawn anew to be safe to show."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from common.files.downloads import upload_response
from departments.http import StaffRequest
from progress.models import Evidence


@require_safe
def original(request: StaffRequest, pk: int) -> FileResponse:
    """The picture as it was sent, for those who may see the evidence; always as a download."""
    rows = Evidence.objects.visible_to(request.user).exclude(original="")
    evidence = get_object_or_404(rows, pk=pk)
    return upload_response(evidence.original, evidence.original_name, evidence.original_sha256)
