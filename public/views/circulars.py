from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from public.exports.circular_workbook import circular_sheet
from public.read_models.circular import drawn_until, released
from public.read_models.release_days import as_of


@login_not_required
@require_safe
def sheet(request: HttpRequest, quarter: str) -> FileResponse:
    """As of a day past without pictures: they show what is known now."""
    if (asked := as_of(request.GET.get("as_of", ""))) is None:
        raise Http404
    found = released(*map(int, quarter.split("-")), asked.day)
    return circular_sheet(found, [] if asked.day else drawn_until(found), day=asked.day, at=timezone.now())
