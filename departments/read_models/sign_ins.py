"""The sign-in log, and the sessions of a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session

from departments.models import SignInEvent, User

# The most that one page lists; who has more ends the others without reading them one by one.
MOST_SESSIONS = 20


@dataclass(frozen=True)
class OpenSession:
    """One of a person's open sessions."""

    since: datetime
    seen_at: datetime
    address: str
    agent: str
    is_this: bool


def open_sessions(user: User, *, session_key: str, at: datetime) -> list[OpenSession]:
    """The sessions that still live, newest first; `session_key`: of the one that asks."""
    begun = user.sign_in_events.with_open_session().order_by("-at", "-id")
    rows = {row.session_key: row for row in begun[: MOST_SESSIONS * 5]}
    alive = Session.objects.filter(session_key__in=rows, expire_date__gt=at)
    ends = dict(alive.values_list("session_key", "expire_date"))
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return [
        OpenSession(row.at, ends[key] - idle, row.address, row.agent, key == session_key)
        for key, row in rows.items()
        if key in ends
    ][:MOST_SESSIONS]


def failures_of_day(at: datetime) -> int:
    """How many attempts failed in the 24 hours before."""
    return SignInEvent.objects.failed_since(at - timedelta(days=1)).count()
