"""The day a public page is read as of."""

from django.http import Http404, HttpRequest

from public.read_models.release_days import AsOf, as_of
from tasks.models import Plan


def get_as_of_or_404(request: HttpRequest, plan: Plan | None = None) -> AsOf:
    """The day of ?as_of=, or now without one, among the release days of one plan or of all.

    Raises Http404 for a day on which nothing was released.
    """
    if (requested := as_of(request.GET.get("as_of", ""), plan)) is None:
        raise Http404
    return requested
