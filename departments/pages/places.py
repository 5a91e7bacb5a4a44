"""Where a request comes from, as the sign-in log keeps it."""

from django.http import HttpRequest

from common.security.throttling import callers
from departments.actions.sign_ins import Place

LONGEST_AGENT = 200


def place_of(request: HttpRequest) -> Place:
    """The place of a request; a whole /64 counts as one address, as for every throttle."""
    who = callers(request.META.get("REMOTE_ADDR", ""))
    agent = request.headers.get("User-Agent", "")[:LONGEST_AGENT]
    return Place(who["address"].removesuffix("/32")[:60], who["network"][:60], agent)
