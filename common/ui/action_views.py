"""Addresses at which something is done: they have no page of their own."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods


def action_of(page: str) -> Callable:
    """For a view that acts on the page of this name, found by the same parts of the address.

    A refusal is shown at the address of the action; whoever reloads it, bookmarks it or comes
    back after signing in is led to the page, the query string with them.
    """

    def decorate(view: Callable) -> Callable:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def act(request: HttpRequest, **parts) -> HttpResponse:
            if request.method == "POST":
                return view(request, **parts)
            query = request.META.get("QUERY_STRING", "")
            return redirect(resolve_url(page, **parts) + (f"?{query}" if query else ""))

        return act

    return decorate
