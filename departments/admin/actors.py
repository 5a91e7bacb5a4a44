"""Who acts in the admin pages of this room: an administrator, now."""

from django.http import HttpRequest
from django.utils import timezone

from departments.roles import Role
from ledger.actions import ActorAndTime


def actor_and_time(request: HttpRequest) -> ActorAndTime:
    """The arguments `by` and `at` of every action: this administrator, now."""
    assert request.user.is_authenticated, "the admin is for people who are signed in"
    return {"by": request.user.actor(Role.ADMINISTRATOR), "at": timezone.now()}
