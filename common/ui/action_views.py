"""A decorator for views at addresses that only carry out an action and have no page."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods


def action_of(page: str) -> Callable:
    """Decorates a view that acts on POST only; GET redirects to the page it belongs to.

    `page`: the name of that page's address, which takes the same arguments. A refusal is shown at
    the address of the action, so people who reload or bookmark it, or come back after signing in,
    have to be led to the page, with their query string.
    """

    def decorate(view: Callable) -> Callable:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def act(request: HttpRequest, **url_args) -> HttpResponse:
            if request.method == "POST":
                return view(request, **url_args)
            query = request.META.get("QUERY_STRING", "")
            return redirect(resolve_url(page, **url_args) + (f"?{query}" if query else ""))

        return act

    return decorate
