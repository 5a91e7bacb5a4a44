"""What views share that do something: the way back to their page, and an action behind a form."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.views.decorators.http import require_http_methods

from common.errors import Refused

Result = TypeVar("Result")


def action_of(page: str | Callable[..., str]) -> Callable:
    """For a view that only acts: whoever looks at its address is led to the page it acts on.

    A refusal is shown at the address of the action. Whoever reloads it, bookmarks it or comes back
    after signing in is led to the page, which has the same parts in its address; the query string
    goes with them. `page` is the name of its address, or a function from those parts to the name.
    Raises Http404 or PermissionDenied where the page does.
    """

    def decorate(view: Callable) -> Callable:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def act(request: HttpRequest, **parts: str) -> HttpResponse:
            if request.method == "POST":
                return view(request, **parts)
            return _lead_to(address(**parts), request)

        def address(**parts: str) -> str:
            name = page if isinstance(page, str) else page(**parts)
            return reverse(name, kwargs=parts)

        return has_form_on(address)(act)

    return decorate


def has_form_on(address: Callable[..., str]) -> Callable:
    """For a view that only acts: its form stands on the page whose address `address` gives.

    `address`: a function from the parts of the view's own address.
    """

    def decorate(view: Callable) -> Callable:
        vars(view)["page_address"] = address
        return view

    return decorate


def page_of(address: str) -> str:
    """The address of the page that shows the form which is sent to `address`.

    That is `address` itself, unless the view there only acts; the query string goes with it.
    Raises Resolver404 where nothing has this address.
    """
    parts = urlsplit(address)
    match = resolve(parts.path)
    page: Callable[..., str] | None = vars(match.func).get("page_address")
    path = page(**match.kwargs) if page else parts.path
    return path + (f"?{parts.query}" if parts.query else "")


def accepted(response: HttpResponse) -> HttpResponse:
    """Marks the page that shows what came of a form which was accepted.

    Every other form that was accepted is answered by leading somewhere else.
    """
    vars(response)["is_accepted"] = True
    return response


def is_accepted(response: Any) -> bool:
    """Whether the response says that the form sent was accepted, and not shown again."""
    return response.status_code in {301, 302, 303} or vars(response).get("is_accepted", False)


def _lead_to(address: str, request: HttpRequest) -> HttpResponse:
    """The page is tried first, so that its action is out of sight wherever the page is."""
    page_view, args, kwargs = resolve(address)
    page_view(request, *args, **kwargs)
    query = request.META.get("QUERY_STRING", "")
    return redirect(address + (f"?{query}" if query else ""))


def attempt(form: Form, perform: Callable[[], Result]) -> Result | None:
    """What `perform` returns; None where the form is invalid or the action was refused.

    The reasons of a refusal are added to the form.
    """
    if not form.is_valid():
        return None
    try:
        return perform()
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None


def succeeds(request: HttpRequest, form: Form, perform: Callable[[], str]) -> bool:
    """Whether the action was done; the person is shown the message `perform` returns."""
    message = attempt(form, perform)
    if message is None:
        return False
    messages.success(request, message)
    return True
