"""The pages and the download of the public record."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.ui.crumbs import PUBLIC_HOME
from ledger.models import Entry
from public.read_models.ledger import (
    PER_PAGE,
    entry_line,
    export_lines,
    head,
    last_verification,
)


@login_not_required
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    page = Paginator(Entry.objects.newest_first(), PER_PAGE).get_page(request.GET.get("page"))
    count, newest = head()
    context = {
        "lines": [entry_line(entry) for entry in page],
        "page_obj": page,
        "count": count,
        "head": newest,
        "verified": last_verification(),
        "crumbs": [PUBLIC_HOME, ("公开记录", "")],
    }
    return render(request, "ledger/entries.html", context)


@login_not_required
@require_safe
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    line = entry_line(get_object_or_404(Entry, seq=seq))
    crumbs = [PUBLIC_HOME, ("公开记录", "/ledger/"), (f"第 {seq} 条", "")]
    return render(request, "ledger/entry.html", {"line": line, "crumbs": crumbs})


@login_not_required
@require_safe
def export(_request: HttpRequest) -> StreamingHttpResponse:
    """The whole chain as JSON Lines, read row by row as it is sent."""
    headers = {"Content-Disposition": 'attachment; filename="ledger.jsonl"'}
    return StreamingHttpResponse(
        export_lines(), content_type="application/jsonl; charset=utf-8", headers=headers
    )
