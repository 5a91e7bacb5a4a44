"""The whole record for those who may read its internal entries."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.ui.crumbs import STAFF_HOME
from departments.http import StaffRequest
from departments.permissions import can_read_internal_record
from ledger.models import Entry
from progress.access import require
from public.read_models.ledger import PER_PAGE, entry_line


@require_safe
def record(request: StaffRequest) -> HttpResponse:
    """The record with the text of internal entries.

    It has an address of its own, so that no cache mixes it up with the public record.
    """
    require(can_read_internal_record(request.user))
    page = Paginator(Entry.objects.newest_first(), PER_PAGE).get_page(request.GET.get("page"))
    lines = [entry_line(entry, internal=True) for entry in page]
    crumbs = [STAFF_HOME, ("全部记录", "")]
    return render(
        request, "staff/record.html", {"lines": lines, "page_obj": page, "crumbs": crumbs}
    )
