"""The day past that a page or a file is asked for."""

from django.http import Http404, HttpRequest

from public.read_models.release_days import AsOf, as_of
from tasks.models import Plan


def day_asked(request: HttpRequest, plan: Plan | None = None) -> AsOf:
    """The day named by `as_of` in the address, else today; 404 for a day that is not offered."""
    requested = as_of(request.GET.get("as_of", ""), plan)
    if requested is None:
        raise Http404
    return requested
