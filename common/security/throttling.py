"""Limits how many attempts an address, and the network it is in, may make within a time window.

The moments of attempts are kept in a cache and forgotten after the window: of what is sent in the
shared one, so that every process sees them. Two attempts at the very same instant may count as one,
except with `count_each`: a throttle against machines, not a lock. The address is the one our own
proxies saw (`middleware.client_address`).
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address, ip_network
from math import ceil
from typing import TYPE_CHECKING

from django.core.cache import BaseCache, caches
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    # Its class reads this module, because the settings name `ApiThrottle`.
    from rest_framework.views import APIView

# One household has one address in IPv4, and a whole /64 in IPv6.
PREFIX_LENGTHS = {4: {"address": 32, "network": 24}, 6: {"address": 64, "network": 48}}

# From the kind of caller ("address", "network" and what a throttle adds) to which one it is.
Callers = dict[str, str]


def callers(address: str) -> Callers:
    """The "address" and "network" of an IP address; text that is none is returned for both."""
    return dict(_prefixes(address))


@lru_cache(maxsize=1000)
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
        self._cache.set_many(kept, self.window)

    def count_each(self, who: Callers, now: float) -> None:
        """Counts an attempt so that simultaneous ones are all counted; takes a transaction."""
        with transaction.atomic():
            lock_counts(self._key(kind, who) for kind in self._kinds(who))
            self.count(who, now)

    def _moments(self, who: Callers, now: float) -> dict[str, list[float]]:
        """From each kind of caller to its attempts still within the window, oldest first."""
        kinds = self._kinds(who)
        cached = self._cache.get_many([self._key(kind, who) for kind in kinds])
        start = now - self.window
        return {
            kind: [at for at in cached.get(self._key(kind, who), []) if at > start]
            for kind in kinds
        }

    @property
    def _cache(self) -> BaseCache:
        return caches[self.store]

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
        waits = [0]
        for kind in who.keys() & self.most.keys():
            key, most = _key_of(self.name, kind, who), self.most[kind]
            found = caches[self.store].get_many([f"{key}:{window - 1}", f"{key}:{window}"])
            before, current = found.get(f"{key}:{window - 1}", 0), found.get(f"{key}:{window}", 0)
            if current >= most:
                waits.append(ceil(left))
            elif current + ceil(before * left / self.window) >= most:
                waits.append(max(1, ceil(left - (most - current) * self.window / before)))
        return max(waits)

    def count(self, who: Callers, now: float) -> None:
        """Counts an attempt at `now`."""
        for kind in who.keys() & self.most.keys():
            key = f"{_key_of(self.name, kind, who)}:{int(now // self.window)}"
            try:
                caches[self.store].incr(key)
            except ValueError:
                # The first of its window.
                caches[self.store].add(key, 1, 2 * self.window)


def _key_of(name: str, kind: str, who: Callers) -> str:
    """The cache key, with a keyed digest so that the cache holds no address."""
    return f"throttle:{name}:{kind}:{_digest(who[kind])}"


@lru_cache(maxsize=1000)
def _digest(caller: str) -> str:
    # Each sign of a key is looked at with each use; so many tell all readers apart.
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
