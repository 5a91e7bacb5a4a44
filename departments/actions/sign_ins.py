"""What is kept of each sign-in, and how many wrong passwords are let pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from common.security.throttling import lock_counts
from departments.choices import SignInOutcome
from departments.models import SignInEvent, User
from departments.rules.sign_in_limits import (
    ADDRESS,
    FAMILIAR_FOR,
    LIMITS,
    NAME,
    NAME_AT_ADDRESS,
    NETWORK,
    WINDOW,
    opens_at,
)

LONGEST_NAME = 60
COUNTED = [SignInOutcome.WRONG, SignInOutcome.WRONG_CODE]


@dataclass(frozen=True)
class Place:
    """Where an attempt comes from: the address our own proxies saw, its network, the browser."""

    address: str
    network: str
    agent: str


class TooManyWrong(Exception):
    """Too many wrong passwords; no further one is looked at before `until`."""

    def __init__(self, until: datetime):
        super().__init__(until)
        self.until = until


def begin_attempt(
    *, username: str, place: Place, at: datetime, wrong: SignInOutcome = SignInOutcome.WRONG
) -> SignInEvent:
    """Counts an attempt as a wrong one, before the password is looked at.

    `wrong`: as what it is kept, of the two outcomes that are counted.

    So simultaneous guesses are all counted, and none costs the hashing of a password once there
    were too many. `succeed` makes it a sign-in.

    Raises TooManyWrong where one has to wait.
    """
    digest = name_digest(username)
    event = SignInEvent(
        at=at,
        user=User.objects.filter(username=username).first(),
        name_digest=digest,
        address=place.address,
        network=place.network,
        agent=place.agent,
    )
    with transaction.atomic():
        lock_counts([f"sign-in {digest}", f"sign-in {place.network}"])
        until = _opens_at(event)
        event.outcome = SignInOutcome.REFUSED if until else wrong
        if until is None or _is_worth_a_row(event):
            event.save()
    if until:
        raise TooManyWrong(until)
    return event


def name_digest(username: str) -> str:
    """What stands for a user name when attempts are counted, whether or not it has an account."""
    return salted_hmac("sign-in", username[:LONGEST_NAME], algorithm="sha256").hexdigest()


def _opens_at(event: SignInEvent) -> datetime | None:
    here = {"name_digest": event.name_digest, "address": event.address}
    signed_in = SignInEvent.objects.filter(
        outcome=SignInOutcome.SIGNED_IN, at__gt=event.at - FAMILIAR_FOR, **here
    )
    last = signed_in.order_by("-at", "-id").values_list("at", "id").first()
    rows = SignInEvent.objects.filter(
        Q(name_digest=event.name_digest) | Q(address=event.address) | Q(network=event.network),
        outcome__in=COUNTED,
        at__gt=event.at - WINDOW,
    )
    wrong: dict[str, list[datetime]] = {kind: [] for kind in LIMITS}
    for row in rows.order_by("at", "id"):
        for kind in _kinds(row, event, last):
            wrong[kind].append(row.at)
    return opens_at(wrong, familiar=last is not None, at=event.at)


def _kinds(
    row: SignInEvent, event: SignInEvent, last: tuple[datetime, int] | None
) -> Iterator[str]:
    """For what a wrong attempt counts against the new one; `last`: the last sign-in there."""
    is_name, is_address = row.name_digest == event.name_digest, row.address == event.address
    counts = {
        # A sign-in forgives what the same person mistyped before it.
        NAME_AT_ADDRESS: is_name and is_address and (last is None or (row.at, row.pk) > last),
        ADDRESS: is_address,
        NETWORK: row.network == event.network,
        NAME: is_name,
    }
    return (kind for kind in counts if counts[kind])


def _is_worth_a_row(event: SignInEvent) -> bool:
    """Whoever tries on and on while refused fills no disk: a few rows say it."""
    refused = SignInEvent.objects.filter(
        outcome=SignInOutcome.REFUSED, at__gt=event.at - WINDOW, network=event.network
    )
    return refused.count() < LIMITS[NETWORK]


def succeed(*, event: SignInEvent, user: User, session_key: str) -> None:
    """Makes a counted attempt the sign-in that began this session."""
    event.outcome, event.user, event.session_key = SignInOutcome.SIGNED_IN, user, session_key
    event.save(update_fields=["outcome", "user", "session_key"])


def password_was_right(event: SignInEvent) -> None:
    """Makes a counted attempt one that waits for the one-time password."""
    event.outcome = SignInOutcome.PASSWORD_ONLY
    event.save(update_fields=["outcome"])


def forget_attempt(event: SignInEvent) -> None:
    """Takes back a counted attempt: the password was right, and something else was not."""
    event.delete()


def note_sign_out(*, user: User, session_key: str, place: Place, at: datetime) -> None:
    """Keeps that the person ended this session."""
    note(user, SignInOutcome.SIGNED_OUT, place, at)
    user.sign_in_events.filter(session_key=session_key).update(session_key="")


@transaction.atomic
def end_other_sessions(*, user: User, session_key: str, place: Place, at: datetime) -> int:
    """Ends all sessions of the person but this one; answers how many there were."""
    number = end_sessions(user, but=session_key)
    for _ in range(number):
        note(user, SignInOutcome.ENDED, place, at)
    return number


def end_sessions(user: User, *, but: str = "") -> int:
    """Ends the sessions of the person, all or all but the one with this key."""
    begun = user.sign_in_events.with_open_session().exclude(session_key=but)
    keys = list(begun.values_list("session_key", flat=True))
    _, deleted = Session.objects.filter(session_key__in=keys).delete()
    begun.update(session_key="")
    return deleted.get("sessions.Session", 0)


def note_password_change(
    *, event: SignInEvent, user: User, old_key: str, new_key: str, place: Place, at: datetime
) -> None:
    """Keeps that a counted attempt changed the password, which ends the other sessions.

    `old_key`, `new_key`: of this session, before and after.
    """
    event.outcome = SignInOutcome.PASSWORD_CHANGED
    event.save(update_fields=["outcome"])
    user.sign_in_events.filter(session_key=old_key).update(session_key=new_key)
    end_other_sessions(user=user, session_key=new_key, place=place, at=at)


def forget_old_sign_ins(*, at: datetime, days: int) -> int:
    """Deletes what is older than so many days; answers how many rows that were."""
    return SignInEvent.objects.filter(at__lt=at - timedelta(days=days)).delete()[0]


def note(user: User, outcome: SignInOutcome, place: Place, at: datetime, *, why: str = "") -> None:
    """Keeps what happened to an account; `why`: in words, at most 200 characters."""
    SignInEvent.objects.create(
        at=at,
        outcome=outcome,
        user=user,
        name_digest=name_digest(user.username),
        address=place.address,
        network=place.network,
        agent=place.agent,
        note=why,
    )
