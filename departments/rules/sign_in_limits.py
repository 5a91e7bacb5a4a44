"""How many wrong passwords are let pass before somebody has to wait.

Counted for a name at an address, for an address, for the network it is in, and for a name from
everywhere. An address at which the person has signed in before is familiar: only the first of the
limits holds there, so that guesses of strangers elsewhere keep nobody out.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
# For how long an address stays familiar after a sign-in.
FAMILIAR_FOR = timedelta(days=90)
NAME_AT_ADDRESS, ADDRESS, NETWORK, NAME = "name at address", "address", "network", "name"
# What a familiar address is asked, and every other one.
FAMILIAR_LIMITS = {NAME_AT_ADDRESS: 5}
LIMITS = {NAME_AT_ADDRESS: 5, ADDRESS: 20, NETWORK: 100, NAME: 20}


def opens_at(
    wrong: Mapping[str, list[datetime]], *, familiar: bool, at: datetime
) -> datetime | None:
    """When the next attempt is allowed; None: now.

    `wrong`: the moments of the wrong attempts of each kind, oldest first, none after `at`; those
    before the window count for nothing. A refused attempt is none of them, so that trying again
    makes nobody wait longer.
    """
    limits = FAMILIAR_LIMITS if familiar else LIMITS
    waits = [_last_wait(wrong[kind], most) for kind, most in limits.items()]
    return max((moment for moment in waits if moment and moment > at), default=None)


def _last_wait(moments: list[datetime], most: int) -> datetime | None:
    """When so few of the attempts are left in the window that one more is let pass."""
    return moments[-most] + WINDOW if len(moments) >= most else None
