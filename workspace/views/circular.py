"""The quarter's circular as a Word file for staff."""

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.packages import WORD
from public.exports.circular import circular_name, circular_of
from public.read_models.circular import circular_from, released


@require_safe
def document(request: HttpRequest, year: int, quarter: int) -> FileResponse:
    periods = released(year, quarter)
    file = circular_of(circular_from(periods, at=timezone.now()))
    headers = {"Content-Type": WORD, "Cache-Control": "no-store"}
    return FileResponse(file, as_attachment=True, filename=f"{circular_name(periods)}.docx", headers=headers)
