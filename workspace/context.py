from django.conf import settings
from django.utils.functional import SimpleLazyObject

from common.ui.components import TEXT_SIZES
from workspace.menu import staff_nav


def portal(request):
    """What every page needs: the site profile, whether this is the demonstration, and the reader's text size."""
    size = request.COOKIES.get("text_size", "standard")
    return {
        "site": settings.SITE,
        "demo": settings.DEMO,
        "text_size": size if size in dict(TEXT_SIZES) else "standard",
        # Asked by the staff layout only; a public page pays nothing for it.
        "staff_nav": SimpleLazyObject(lambda: staff_nav(getattr(request, "user", None))),
    }
