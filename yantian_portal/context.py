from django.conf import settings

TEXT_SIZES = ("standard", "large", "xlarge")


def portal(request):
    """What every page needs: the site profile, whether this is the demonstration, and the reader's text size."""
    size = request.COOKIES.get("text_size", "standard")
    return {
        "site": settings.SITE,
        "demo": settings.DEMO,
        "text_size": size if size in TEXT_SIZES else "standard",
    }
