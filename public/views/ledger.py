"""The pages and the download of the public record."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from common.addresses import query_without
from common.security.heavy_files import heavy_file
from common.ui.crumbs import PUBLIC_HOME
from ledger.models import Entry
from ledger.verification import last_verification
from public.read_models.ledger import entry_line, export_lines, head
from public.read_models.ledger_pages import PLACES, Place, entry_page, internal_runs, titles_of
from public.record_filters import PublicEntryFilter

# Filters that stay folded until one of them is used.
FOLDED = ("plan", "department", "task", "day_from", "day_to", "scope")


@login_not_required
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The record, filtered; 400 with the form where a filter is invalid."""
    chosen = PublicEntryFilter(request.GET, Entry.objects.all())
    count, newest = head()
    page = entry_page(chosen.qs, Place.of(request.GET))
    runs = internal_runs(page, newest=count) if chosen.is_gapless else {}
    titles = titles_of(page.entries)
    context = {
        "form": chosen.form,
        "filtered": chosen.is_narrowed,
        "more": any(request.GET.get(name) for name in FOLDED),
        "rows": [
            (entry_line(entry), titles.get(entry.subject_id, ""), runs.get(entry.seq))
            for entry in page.entries
        ],
        "last_run": runs.get(0),
        "page": page,
        "address": query_without(request.GET, *PLACES),
        "count": count,
        "head": newest,
        "checked": last_verification(),
        "crumbs": [PUBLIC_HOME, ("公开记录", "")],
    }
    return render(
        request, "ledger/entries.html", context, status=400 if chosen.form.errors else 200
    )


@login_not_required
@require_safe
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    line = entry_line(get_object_or_404(Entry, seq=seq))
    crumbs = [PUBLIC_HOME, ("公开记录", "/ledger/"), (f"第 {seq} 条", "")]
    context = {"line": line, "older": seq - 1, "crumbs": crumbs}
    context["newer"] = seq + 1 if seq < head()[0] else 0
    return render(request, "ledger/entry.html", context)


@login_not_required
@require_safe
def program(_request: HttpRequest) -> HttpResponse:
    """The program with which a stranger checks the download."""
    headers = {"Content-Disposition": 'attachment; filename="check.py"'}
    return HttpResponse(
        render_to_string("ledger/check.txt"),
        content_type="text/x-python; charset=utf-8",
        headers=headers,
    )


@login_not_required
@require_safe
@heavy_file
def export(_request: HttpRequest) -> StreamingHttpResponse:
    """The whole chain as JSON Lines, read row by row."""
    headers = {"Content-Disposition": 'attachment; filename="ledger.jsonl"'}
    return StreamingHttpResponse(
        export_lines(), content_type="application/jsonl; charset=utf-8", headers=headers
    )
