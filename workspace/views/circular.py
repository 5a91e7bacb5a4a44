"""The quarter's circular as a Word file for staff."""

from django.http import FileResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.files.packages import WORD
from common.security.heavy_files import heavy_file
from departments.http import StaffRequest
from public.exports.circular import circular_name, write_circular
from public.read_models.circular import build_circular, get_bulletin_or_404


@require_safe
@heavy_file
def document(_request: StaffRequest, year: int, quarter: int) -> FileResponse:
    periods = get_bulletin_or_404(year, quarter)
    file = write_circular(build_circular(periods, at=timezone.now()))
    headers = {"Content-Type": WORD, "Cache-Control": "no-store"}
    return FileResponse(
        file, as_attachment=True, filename=f"{circular_name(periods)}.docx", headers=headers
    )
