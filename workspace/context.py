"""The template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from common.ui.page_components import TEXT_SIZES
from workspace.menu import staff_nav


def portal(request: HttpRequest) -> dict[str, Any]:
    """The site profile, demonstration or not, the reader's text size, and the staff menu."""
    size = request.COOKIES.get("text_size", "standard")
    return {
        "site": settings.SITE,
        "demo": settings.DEMO,
        "text_size": size if size in dict(TEXT_SIZES) else "standard",
        # Lazy, because only staff pages read it and it costs queries.
        "staff_nav": SimpleLazyObject(lambda: staff_nav(getattr(request, "user", None))),
    }
