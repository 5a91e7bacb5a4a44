"""The keeping of what was typed, at the edge: a form that was sent, carried or not accepted."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404
from django.utils import timezone

from common.errors import Refused
from common.text.typed import (
    KEY,
    KNOWN,
    Typed,
    is_worth_keeping,
    only_typed,
    typed_in,
    words_of,
)
from common.ui.action_views import is_accepted, page_of
from departments import actions
from departments.models import User

HOME = "/staff/"
# Tells the page's script which version of its words is kept now.
VERSION_HEADER = "X-Unsent"
MOST_ADDRESS = 400
# What became of a form at these answers is not known or nothing; at others it was never there.
NOT_DONE = {200, 403, 409, 422}


def page_or_none(address: str) -> str | None:
    """The page of a form sent to this staff address; None where nothing of the staff has it."""
    if not address.startswith(HOME) or len(address) > MOST_ADDRESS:
        return None
    try:
        page = page_of(address)
    except Resolver404:
        return None
    return page if len(page) <= MOST_ADDRESS else None


def key_of(request: HttpRequest) -> str:
    """Under which address the words of the form that was sent are kept.

    The page's script says it; an automatic saving is that of the form on its page.
    """
    said = request.POST.get(KEY, "")
    if page_or_none(said):
        return said
    address = request.get_full_path()
    return (page_or_none(address) or address) if request.headers.get("X-Autosave") else address


def settle(request: HttpRequest, response: HttpResponse) -> None:
    """Forgets what was typed into the form if it was accepted, else keeps it."""
    user = request.user
    if not isinstance(user, User) or request.resolver_match is None:
        return
    if request.resolver_match.url_name in NOT_KEPT:
        return
    known = request.POST.get(KNOWN)
    is_autosave = bool(request.headers.get("X-Autosave"))
    if is_accepted(response) or (is_autosave and response.status_code == 200):
        actions.drop_unsent(user=user, addresses=_addresses(request), known=known)
        if is_autosave:
            response[VERSION_HEADER] = ""
    elif response.status_code in NOT_DONE or response.status_code >= 500:
        _keep(request, response, user, known)


# These keep and forget by themselves, or there is nothing in them to be kept.
NOT_KEPT = {"keep-unsent", "drop-unsent", "go-on", "sign-in", "sign-out"}


def _addresses(request: HttpRequest) -> set[str]:
    """Of the form that was sent; without a script also that of its page, where it may stand."""
    key = key_of(request)
    if KEY in request.POST:
        return {key}
    return {key, page_or_none(key) or key}


def _keep(request: HttpRequest, response: HttpResponse, user: User, known: str | None) -> None:
    typed, key = typed_in(request.POST), key_of(request)
    page = page_or_none(key)
    if page is None or not (is_worth_keeping(typed) or known):
        return
    try:
        response[VERSION_HEADER] = actions.keep_unsent(
            user=user, page=page, address=key, typed=typed, known=known, at=timezone.now()
        )
    except Refused:
        # The page that answers shows the words; the newer ones of another window stay kept.
        return


def carried(request: HttpRequest) -> dict[str, Any]:
    """What a form brought along that somebody sent who was signed out, for the sign-in page.

    It goes through the sign-in page in hidden fields; nothing of it is kept before somebody has
    signed in. Outside the pages of the staff it can only be read and copied.
    """
    typed, key = typed_in(request.POST), key_of(request)
    page = page_or_none(key)
    is_carried = page is not None and is_worth_keeping(typed)
    came_from = urlsplit(request.META.get("HTTP_REFERER", "")).path
    return {
        "next": page if is_carried else came_from or HOME,
        "words": words_of(typed),
        "carried": json.dumps(typed, ensure_ascii=False) if is_carried else "",
        "carried_address": key if is_carried else "",
        "files": [upload.name for _, sent in request.FILES.lists() for upload in sent],
    }


def carried_on(request: HttpRequest) -> dict[str, Any]:
    """The same where the sign-in page is shown again."""
    return {name: request.POST.get(name, "") for name in ("carried", "carried_address")}


def keep_carried(request: HttpRequest, user: User) -> None:
    """Keeps what was carried through the sign-in page for the person who signed in there."""
    address = request.POST.get("carried_address", "")
    page, typed = page_or_none(address), read_typed(request.POST.get("carried", ""))
    if page is None or not typed:
        return
    try:
        actions.keep_unsent_beside(
            user=user, page=page, address=address, typed=typed, at=timezone.now()
        )
    except Refused:
        return


def read_typed(text: str) -> Typed:
    """The names and values that a script or a page sent as JSON; empty if they are none."""
    try:
        return only_typed((str(name), str(value)) for name, value in json.loads(text))
    except (ValueError, TypeError, RecursionError):
        return []
