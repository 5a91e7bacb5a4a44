"""Answers to what went wrong, which need no context processor, no session and no query.

Pages for people; for programs JSON in the shape of every error of the API.
"""

import sys

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string
from django.views import defaults

from common.files.spooling import NO_ROOM
from common.files.stored import LostFile
from common.rest import SENTENCES
from common.text.readable import unreadable_reason
from common.ui.form_parts import typed_words

FOR_PROGRAMS = "/api/v1/"


def server_error(request: HttpRequest) -> HttpResponse:
    """A 503 with Retry-After while database or disk cannot take anything, else a 500.

    The 503 gives back what was typed.
    """
    if not _is_unavailable(sys.exc_info()[1]):
        page = render_to_string("500.html")
        return _json(request, 500) or HttpResponse(page, status=500)
    context = {"was_posted": request.method == "POST", "typed": _typed_words(request)}
    page = render_to_string("503.html", context)
    response = _json(request, 503) or HttpResponse(page, status=503)
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


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, LostFile):
        page = render_to_string("404.html", {"lost": str(exception)})
        return HttpResponse(page, status=404)
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
