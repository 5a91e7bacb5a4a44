"""Error pages that need no context processor, no session and no query."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string

from common.files.spooling import NO_ROOM
from common.ui.form_parts import typed_words


def server_error(request: HttpRequest) -> HttpResponse:
    """A 503 with Retry-After while database or disk cannot take anything, else a 500.

    The 503 gives back what was typed.
    """
    if not _is_unavailable(sys.exc_info()[1]):
        return HttpResponse(render_to_string("500.html"), status=500)
    context = {"was_posted": request.method == "POST", "typed": _typed_words(request)}
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = "120"
    return response


def _is_unavailable(problem: BaseException | None) -> bool:
    if isinstance(problem, OSError):
        return problem.errno in NO_ROOM
    return isinstance(problem, (OperationalError, InterfaceError))


def _typed_words(request: HttpRequest) -> list[str]:
    """What was typed; nothing where the request itself could not be read."""
    try:
        return typed_words(request.POST)
    except (OSError, RawPostDataException):
        return []


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form sent without a valid CSRF token; it returns what was typed."""
    context = {"cookies_off": reason == REASON_NO_CSRF_COOKIE, "typed": typed_words(request.POST)}
    return HttpResponse(render_to_string("403_csrf.html", context), status=403)
