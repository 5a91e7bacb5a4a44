"""What the frame of every staff page needs of this room."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from common.text.typed import typed_in, version_of
from departments.models import User
from departments.pages.signing_in import SIGNED_IN_AT
from departments.pages.unsent import HOME, key_of, page_or_none
from departments.read_models.unsent import unsent_of, unsent_on

NOTHING: dict[str, Any] = {"page": "", "forms": [], "answered": "", "version": "", "elsewhere": 0}


def unsent(request: HttpRequest) -> dict[str, Any]:
    """What was typed on the page and not sent, and how long a session lives."""
    return {
        # Lazy, because only staff pages read it and it costs a query.
        "unsent": SimpleLazyObject(lambda: unsent_of_page(request)),
        "session_seconds": settings.SESSION_COOKIE_AGE - settings.SESSION_SAVED_EVERY,
        "session_left": SimpleLazyObject(lambda: seconds_left(request)),
        "session_hours": settings.SESSION_LONGEST // 3600,
    }


def seconds_left(request: HttpRequest) -> int:
    """How long the session goes on at most, however busy it is."""
    now = timezone.now().timestamp()
    return int(request.session.get(SIGNED_IN_AT, now) + settings.SESSION_LONGEST - now)


def unsent_of_page(request: HttpRequest) -> dict[str, Any]:
    """What the frame of a staff page needs: its address, and what was typed there and not sent.

    A page that answers a form shows in the form itself what was typed there: of it, it only learns
    the version.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return NOTHING
    page = page_or_none(request.get_full_path()) or request.get_full_path()
    today = timezone.localdate()
    if request.path == HOME:
        # Nothing is typed there; whoever comes back is told of what lies on other pages.
        return NOTHING | {"page": page, "elsewhere": len(unsent_of(user, today))}
    forms = unsent_on(user, page, today)
    if request.method != "POST":
        return NOTHING | {"page": page, "forms": forms}
    key, version = key_of(request), version_of(typed_in(request.POST))
    others = [kept for kept in forms if kept.key != key]
    return NOTHING | {"page": page, "forms": others, "answered": key, "version": version}
