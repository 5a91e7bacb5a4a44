"""Pages for when all else fails: no context processor, no session, no query."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string

from common.ui.form_parts import typed_words


def server_error(request) -> HttpResponse:
    """503 and "come back later" while the database cannot be reached; any other failure is a 500 of ours."""
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    response = HttpResponse(render_to_string("503.html" if away else "500.html"), status=503 if away else 500)
    if away:
        response["Retry-After"] = "120"
    return response


def not_our_form(request, reason="") -> HttpResponse:
    """The browser did not send back the small file that came with the form. What was typed is given back."""
    context = {"cookies_off": reason == REASON_NO_CSRF_COOKIE, "typed": typed_words(request.POST)}
    return HttpResponse(render_to_string("403_csrf.html", context), status=403)
