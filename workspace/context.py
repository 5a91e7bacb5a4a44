"""The template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from common.ui.page_components import text_size_of
from feedback.assignment import lacking_to_take_letters
from workspace.menu import staff_nav


def portal(request: HttpRequest) -> dict[str, Any]:
    """The site and its reader, whether letters are taken, and the staff menu."""
    return {
        "site": settings.SITE,
        "demo": settings.DEMO,
        "text_size": text_size_of(request),
        # Lazy, because it costs a query; asked once a page, however often the page says it.
        "takes_letters": SimpleLazyObject(lambda: not lacking_to_take_letters()),
        # Lazy, because only staff pages read it and it costs queries.
        "staff_nav": SimpleLazyObject(lambda: staff_nav(getattr(request, "user", None))),
    }
