"""The bulletin of a quarter as a workbook."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.security.heavy_files import heavy_file
from public.exports.circular_workbook import bulletin_workbook
from public.pages.as_of import get_as_of_or_404
from public.read_models.circular import get_bulletin_or_404, trajectories_until


@login_not_required
@require_safe
@heavy_file
def workbook(request: HttpRequest, quarter: str) -> FileResponse:
    """Now, or as of a past day; then without charts, which only show what is known now."""
    requested = get_as_of_or_404(request)
    year, index = map(int, quarter.split("-"))
    bulletin = get_bulletin_or_404(year, index, requested.day)
    trajectories = [] if requested.day else trajectories_until(bulletin)
    return bulletin_workbook(bulletin, trajectories, day=requested.day, at=timezone.now())
