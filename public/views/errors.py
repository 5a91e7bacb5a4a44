"""Answers to what went wrong, which need no context processor, no session and no query.

Pages for people; for programs JSON in the shape of every error of the API.
"""

import sys

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string
from django.views import defaults

from common.rest import SENTENCES
from common.text.readable import unreadable_reason
from common.ui.form_parts import typed_words

FOR_PROGRAMS = "/api/v1/"


def server_error(request: HttpRequest) -> HttpResponse:
    """A 503 with Retry-After while the database cannot be reached, else a 500."""
    is_unavailable = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status = 503 if is_unavailable else 500
    response = _json(request, status) or HttpResponse(
        render_to_string(f"{status}.html"), status=status
    )
    if is_unavailable:
        response["Retry-After"] = "120"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _json(request, 404) or defaults.page_not_found(request, exception)


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return _json(request, 403) or defaults.permission_denied(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _json(request, 400) or defaults.bad_request(request, exception)


def unreadable(request: HttpRequest, reason: str, status: int = 400) -> HttpResponse:
    """Refuses a request before any view; gives back what was typed of it and can be shown."""
    if answer := _json(request, status, reason):
        return answer
    typed = [words for words in typed_words(request.POST) if not unreadable_reason(words)]
    page = render_to_string("400.html", {"reason": reason, "typed": typed})
    return HttpResponse(page, status=status)


def _json(request: HttpRequest, status: int, sentence: str = "") -> JsonResponse | None:
    """The error as the API says it; None for whoever asked for a page."""
    if not request.path_info.startswith(FOR_PROGRAMS):
        return None
    return JsonResponse(
        {"detail": sentence or SENTENCES[status]},
        status=status,
        json_dumps_params={"ensure_ascii": False},
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form sent without a valid CSRF token; it returns what was typed."""
    context = {"cookies_off": reason == REASON_NO_CSRF_COOKIE, "typed": typed_words(request.POST)}
    return HttpResponse(render_to_string("403_csrf.html", context), status=403)
