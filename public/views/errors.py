"""Error pages that need no context processor, no session and no query."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string

from common.ui.form_parts import typed_words


def server_error(_request: HttpRequest) -> HttpResponse:
    """A 503 with Retry-After while the database cannot be reached, else a 500."""
    is_unavailable = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    response = HttpResponse(
        render_to_string("503.html" if is_unavailable else "500.html"),
        status=503 if is_unavailable else 500,
    )
    if is_unavailable:
        response["Retry-After"] = "120"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form sent without a valid CSRF token; it returns what was typed."""
    context = {"cookies_off": reason == REASON_NO_CSRF_COOKIE, "typed": typed_words(request.POST)}
    return HttpResponse(render_to_string("403_csrf.html", context), status=403)
