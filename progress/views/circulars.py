"""督查通报: the released quarter as files. The table is everybody's; the paper to be signed is for the offices."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from progress.exports.circular import circular_name, circular_of
from progress.exports.circular_sheet import circular_sheet
from progress.overview.bulletin import Bulletin, bulletin
from progress.overview.circular import circular_from, drawn_until
from progress.overview.release_days import as_of
from yantian_portal.lib.uploads import WORD


def released(year: int, quarter: int, day: date | None = None) -> Bulletin:
    if (found := bulletin(year, quarter, day)) is None:
        raise Http404
    return found


@login_not_required
@require_safe
def sheet(request: HttpRequest, quarter: str) -> FileResponse:
    """As of a day past without pictures: they show what is known now."""
    if (asked := as_of(request.GET.get("as_of", ""))) is None:
        raise Http404
    found = released(*map(int, quarter.split("-")), asked.day)
    return circular_sheet(found, [] if asked.day else drawn_until(found), day=asked.day, at=timezone.now())


@require_safe
def paper(request: HttpRequest, year: int, quarter: int) -> FileResponse:
    found = released(year, quarter)
    file = circular_of(circular_from(found, at=timezone.now()))
    headers = {"Content-Type": WORD, "Cache-Control": "no-store"}
    return FileResponse(file, as_attachment=True, filename=f"{circular_name(found)}.docx", headers=headers)
