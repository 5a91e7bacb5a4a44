"""督查通报: the released quarter as files. The table is everybody's; the paper to be signed is for the offices."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from progress.exports.circular import circular_name, circular_of
from progress.exports.circular_sheet import circular_sheet
from progress.overview.bulletin import Bulletin, bulletin
from yantian_portal.lib.uploads import WORD


def released(year: int, quarter: int) -> Bulletin:
    if (found := bulletin(year, quarter)) is None:
        raise Http404
    return found


@login_not_required
@require_safe
def sheet(request: HttpRequest, quarter: str) -> FileResponse:
    return circular_sheet(released(*map(int, quarter.split("-"))), at=timezone.now())


@require_safe
def paper(request: HttpRequest, year: int, quarter: int) -> FileResponse:
    found = released(year, quarter)
    file = circular_of(found, at=timezone.now())
    headers = {"Content-Type": WORD, "Cache-Control": "no-store"}
    return FileResponse(file, as_attachment=True, filename=f"{circular_name(found)}.docx", headers=headers)
