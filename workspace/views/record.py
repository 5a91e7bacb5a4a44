"""The whole record for those who may read its internal entries."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.addresses import query_without
from common.security.heavy_files import heavy_file
from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.permissions import can_read_internal_record
from ledger.models import Entry
from progress.access import require
from public.read_models.ledger import entry_line, head
from public.read_models.ledger_pages import PLACES, Place, entry_page
from workspace.exports.record import MOST_ROWS, record_workbook, whole_record
from workspace.record_filters import RecordFilter

# Filters that stay folded until one of them is used.
FOLDED = ["verb", "acting_unit", "post", "plan", "task", "department"]
FOLDED += ["person", "day_from", "day_to"]


@require_safe
def record(request: StaffRequest) -> HttpResponse:
    """The record with the text of internal entries, filtered; 400 where a filter is invalid.

    It has an address of its own, so that no cache mixes it up with the public record.
    """
    require(can_read_internal_record(request.user))
    chosen = RecordFilter(request.GET, Entry.objects.all())
    page = entry_page(chosen.qs, Place.of(request.GET))
    context = {
        "form": chosen.form,
        "filtered": chosen.is_narrowed,
        "more": any(request.GET.get(name) for name in FOLDED),
        "lines": [entry_line(entry, internal=True) for entry in page.entries],
        "page": page,
        "count": head()[0],
        "most_rows": MOST_ROWS,
        "address": query_without(request.GET, *PLACES),
        "crumbs": [STAFF_HOME, ("全部记录", "")],
    }
    return render(request, "staff/record.html", context, status=400 if chosen.form.errors else 200)


@require_safe
@heavy_file
def workbook(request: StaffRequest) -> HttpResponseBase:
    """What the page lists; an invalid filter leads back to the page, which says what is wrong."""
    require(can_read_internal_record(request.user))
    chosen = RecordFilter(request.GET, Entry.objects.all())
    if not chosen.is_valid():
        return redirect(f"{reverse('workspace:record')}?{request.GET.urlencode()}")
    return record_workbook(chosen.qs)


@require_safe
@heavy_file
def whole(request: StaffRequest) -> StreamingHttpResponse:
    """The whole chain with its internal entries, read row by row."""
    require(can_read_internal_record(request.user))
    headers = {"Content-Disposition": 'attachment; filename="ledger.jsonl"'}
    return StreamingHttpResponse(
        whole_record(), content_type="application/jsonl; charset=utf-8", headers=headers
    )
