"""How often one may knock, counted for an address and for the network it is in; nothing is remembered past its window.

The counts lie in the shared cache, so that every process knows them. Two knocks in the very same instant may count as
one, unless each is counted alone, and both are let through: a brake against machines, not a lock. The address is what
our own proxies saw (`middleware.client_address`).
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from math import ceil

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from rest_framework.throttling import BaseThrottle

# One household has one address of the old kind, and a whole /64 of the new.
PREFIX_LENGTHS = {4: {"address": 32, "network": 24}, 6: {"address": 64, "network": 48}}

Callers = dict[str, str]


def callers(address: str) -> Callers:
    """{"address", "network"} of an address as the server saw it; one that cannot be read stands for itself."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return {"address": address, "network": address}
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return {name: str(ip_network(f"{ip}/{bits}", strict=False)) for name, bits in PREFIX_LENGTHS[ip.version].items()}


@dataclass(frozen=True)
class Throttle:
    """`most`: how many within `window` seconds for each kind of caller; from `eased` on something is asked first.

    A kind of caller that neither names is not counted.
    """

    name: str
    window: int
    most: dict[str, int]
    challenge_after: dict[str, int] = field(default_factory=dict)

    def wait(self, who: Callers, now: float) -> int:
        """Seconds until the next one is let through; 0 means now."""
        return self._wait(self._seen(who, now), self.most, now)

    def wait_unchallenged(self, who: Callers, now: float) -> int:
        """Seconds until the next one is let through without being asked anything; 0 means now."""
        return self._wait(self._seen(who, now), self.challenge_after, now)

    def count(self, who: Callers, now: float) -> None:
        seen = self._seen(who, now)
        kept = {self._key(kind, who): [*seen[kind], now][-self._longest(kind) :] for kind in seen}
        cache.set_many(kept, self.window)

    def count_each(self, who: Callers, now: float) -> None:
        """Of several in the very same instant none is lost; it costs a transaction."""
        with transaction.atomic():
            _count_alone(self._key(kind, who) for kind in self._kinds(who))
            self.count(who, now)

    def _seen(self, who: Callers, now: float) -> dict[str, list[float]]:
        """Kind of caller -> the moments still within the window, oldest first."""
        kinds = self._kinds(who)
        known = cache.get_many([self._key(kind, who) for kind in kinds])
        past = now - self.window
        return {kind: [at for at in known.get(self._key(kind, who), []) if at > past] for kind in kinds}

    def _kinds(self, who: Callers) -> list[str]:
        return [kind for kind in who if kind in self.most or kind in self.challenge_after]

    def _wait(self, seen: dict[str, list[float]], limits: dict[str, int], now: float) -> int:
        """As long as the knock that fills the count is remembered."""
        full = [seen[kind][-most] for kind, most in limits.items() if len(seen.get(kind, [])) >= most]
        return max((ceil(at + self.window - now) for at in full), default=0)

    def _longest(self, kind: str) -> int:
        return max(limits.get(kind, 0) for limits in (self.most, self.challenge_after))

    def _key(self, kind: str, who: Callers) -> str:
        """Whoever reads the cache reads no address."""
        return f"brake:{self.name}:{kind}:{salted_hmac('throttle', who[kind], algorithm='sha256').hexdigest()}"


def _count_alone(keys: Iterable[str]) -> None:
    """Until the transaction ends nobody else reads and writes these counts, though they may not be there yet.

    The embedded database lets only one write at a time and needs to be told nothing.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for key in sorted(keys):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def minutes(seconds: int) -> str:
    return f"{ceil(seconds / 60)}分钟"


API = Throttle("api", 60, most={"address": 300})


class ApiThrottle(BaseThrottle):
    """So many questions a minute for one address, or for one person who signed in."""

    def allow_request(self, request, view) -> bool:
        user, now = request.user, time.time()
        who = {"address": f"user {user.pk}"} if user.is_authenticated else callers(request.META.get("REMOTE_ADDR", ""))
        self.seconds = API.wait(who, now)
        if not self.seconds:
            API.count(who, now)
        return not self.seconds

    def wait(self) -> int:
        return self.seconds
