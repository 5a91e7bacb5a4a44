"""Limits how many attempts an address, and the network it is in, may make within a time window.

The moments of attempts are kept in a cache and forgotten after the window: of what is sent in the
shared one, so that every process sees them. Two attempts at the very same instant may count as one,
except with `count_each`: a throttle against machines, not a lock. The address is the one our own
proxies saw (`middleware.client_address`). While a store on another machine is away, everybody is
let through.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address, ip_network
from math import ceil
from typing import TYPE_CHECKING, TypeVar

from django.core.cache import BaseCache, caches
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    # Its class reads this module, because the settings name `ApiThrottle`.
    from rest_framework.views import APIView

T = TypeVar("T")
logger = logging.getLogger(__name__)
# One household has one address in IPv4, and a whole /64 in IPv6.
PREFIX_LENGTHS = {4: {"address": 32, "network": 24}, 6: {"address": 64, "network": 48}}

# From the kind of caller ("address", "network" and what a throttle adds) to which one it is.
Callers = dict[str, str]


def callers(address: str) -> Callers:
    """The "address" and "network" of an IP address; text that is none is returned for both."""
    return dict(_prefixes(address))


@lru_cache(maxsize=2000)
def _prefixes(address: str) -> tuple[tuple[str, str], ...]:
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return ("address", address), ("network", address)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return tuple(
        (name, str(ip_network(f"{ip}/{bits}", strict=False)))
        for name, bits in PREFIX_LENGTHS[ip.version].items()
    )


def reader(request: HttpRequest | Request) -> Callers:
    """Whom reading counts for: a person who is signed in, because a whole office may have one
    address; everybody else by address and network.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return {"address": f"user {user.pk}"}
    return callers(request.META.get("REMOTE_ADDR", ""))


@dataclass(frozen=True)
class Throttle:
    """A limit called `name` on one kind of attempt.

    `most`: how many attempts each kind of caller may make within `window` seconds;
    `challenge_after`: how many before a challenge has to be solved. A kind of caller named in
    neither is not counted. `store`: the cache of the counts; "brakes" is that of what is only read,
    where each process counts for itself and the database is left alone. In all methods `now` is in
    seconds since the epoch.
    """

    name: str
    window: int
    most: dict[str, int]
    challenge_after: dict[str, int] = field(default_factory=dict)
    store: str = "default"

    def wait(self, who: Callers, now: float) -> int:
        """Seconds until the next attempt is allowed; 0 means now."""
        return self._seconds_left(self._moments(who, now), self.most, now)

    def wait_unchallenged(self, who: Callers, now: float) -> int:
        """Seconds until the next attempt is allowed without a challenge; 0 means now."""
        return self._seconds_left(self._moments(who, now), self.challenge_after, now)

    def count(self, who: Callers, now: float) -> None:
        """Counts an attempt at `now`."""
        moments = self._moments(who, now)
        kept = {
            self._key(kind, who): [*moments[kind], now][-self._highest_limit(kind) :]
            for kind in moments
        }
        _asked(self.store, lambda cache: cache.set_many(kept, self.window))

    def count_each(self, who: Callers, now: float) -> None:
        """Counts an attempt so that simultaneous ones are all counted; takes a transaction."""
        with transaction.atomic():
            lock_counts(self._key(kind, who) for kind in self._kinds(who))
            self.count(who, now)

    def _moments(self, who: Callers, now: float) -> dict[str, list[float]]:
        """From each kind of caller to its attempts still within the window, oldest first."""
        kinds = self._kinds(who)
        keys = [self._key(kind, who) for kind in kinds]
        cached = _asked(self.store, lambda cache: cache.get_many(keys)) or {}
        start = now - self.window
        return {
            kind: [at for at in cached.get(self._key(kind, who), []) if at > start]
            for kind in kinds
        }

    def _kinds(self, who: Callers) -> list[str]:
        return [kind for kind in who if kind in self.most or kind in self.challenge_after]

    def _seconds_left(
        self, moments: dict[str, list[float]], limits: dict[str, int], now: float
    ) -> int:
        """Seconds until the attempt that reached the limit leaves the window."""
        full = [
            moments[kind][-most]
            for kind, most in limits.items()
            if len(moments.get(kind, [])) >= most
        ]
        return max((ceil(at + self.window - now) for at in full), default=0)

    def _highest_limit(self, kind: str) -> int:
        return max(limits.get(kind, 0) for limits in (self.most, self.challenge_after))

    def _key(self, kind: str, who: Callers) -> str:
        return _key_of(self.name, kind, who)


@dataclass(frozen=True)
class Tally:
    """A limit on what is asked so often that the moments would be too many to keep.

    Kept is how many there were in this window of the clock and in the one before, which counts
    less and less as this one passes. Otherwise as a `Throttle`.
    """

    name: str
    window: int
    most: dict[str, int]
    store: str

    def wait(self, who: Callers, now: float) -> int:
        """Seconds until the next attempt is allowed; 0 means now."""
        window, left = int(now // self.window), self.window - now % self.window
        windows = {
            kind: (f"{key}:{window - 1}", f"{key}:{window}") for kind, key in self._keys(who)
        }
        keys = [key for both in windows.values() for key in both]
        found = _asked(self.store, lambda cache: cache.get_many(keys)) or {}
        waits = (
            self._seconds_left(found.get(before, 0), found.get(current, 0), self.most[kind], left)
            for kind, (before, current) in windows.items()
        )
        return max(waits, default=0)

    def count(self, who: Callers, now: float) -> None:
        """Counts an attempt at `now`."""
        window = int(now // self.window)
        keys = [f"{key}:{window}" for _, key in self._keys(who)]
        # One question, so that a store which hangs is waited for once.
        _asked(self.store, lambda cache: _add_one_to_each(cache, keys, 2 * self.window))

    def _keys(self, who: Callers) -> list[tuple[str, str]]:
        return [(kind, _key_of(self.name, kind, who)) for kind in who if kind in self.most]

    def _seconds_left(self, before: int, current: int, most: int, left: float) -> int:
        """Seconds for one kind of caller, `left` seconds before the end of this window."""
        if current >= most:
            return ceil(left)
        if current + ceil(before * left / self.window) >= most:
            return max(1, ceil(left - (most - current) * self.window / before))
        return 0


def _add_one_to_each(cache: BaseCache, keys: list[str], timeout: int) -> None:
    for key in keys:
        try:
            cache.incr(key)
        except ValueError:
            # The first of its window.
            cache.add(key, 1, timeout)


def _asked(store: str, ask: Callable[[BaseCache], T]) -> T | None:
    """What a store of counts says; None where it does not answer.

    Nobody can be counted then, and a page that is not braked is better than none. What the database
    refuses is raised: the transaction around it is lost already.
    """
    try:
        return ask(caches[store])
    except DatabaseError:
        raise
    # Each kind of store has exceptions of its own.
    except Exception as error:
        logger.warning("the store of the brakes does not answer: %s", type(error).__name__)
        return None


def _key_of(name: str, kind: str, who: Callers) -> str:
    """The cache key, with a keyed digest so that the cache holds no address."""
    return f"throttle:{name}:{kind}:{_digest(who[kind])}"


# A reader has two: the own one, and that of the network.
@lru_cache(maxsize=4000)
def _digest(caller: str) -> str:
    # So many signs tell all readers apart.
    return salted_hmac("throttle", caller, algorithm="sha256").hexdigest()[:24]


def lock_counts(keys: Iterable[str]) -> None:
    """Locks these counts until the end of the transaction, even those that do not exist yet.

    SQLite needs no lock, because it lets only one transaction write at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for key in sorted(keys):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def minutes(seconds: int) -> str:
    """The seconds as whole minutes, rounded up, in Chinese."""
    return f"{ceil(seconds / 60)}分钟"


# Requests a minute to each process. A network has 65,536 addresses in IPv6: without a limit of its
# own it could push the counts of everybody else out of the store.
API = Tally("api", 60, most={"address": 300, "network": 3000}, store="brakes")


class ApiThrottle(BaseThrottle):
    """Limits the requests to the API for an address, or for a person who is signed in."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        who, now = reader(request), time.time()
        self.seconds = API.wait(who, now)
        if not self.seconds:
            API.count(who, now)
        return not self.seconds

    def wait(self) -> int:
        return self.seconds
