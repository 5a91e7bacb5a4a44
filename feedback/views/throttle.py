"""A brake on guessing, per address; the codes themselves are too long to be guessed."""

from django.core.cache import cache

from yantian_portal.lib.canonical import digest

WINDOW = 15 * 60


def _key(scope: str, request) -> str:
    return f"feedback:{scope}:{digest(request.META.get('REMOTE_ADDR', ''))}"


def too_many(scope: str, request, limit: int) -> bool:
    return cache.get(_key(scope, request), 0) >= limit


def count(scope: str, request) -> None:
    """Each further try starts the quarter of an hour anew."""
    key = _key(scope, request)
    cache.set(key, cache.get(key, 0) + 1, WINDOW)
