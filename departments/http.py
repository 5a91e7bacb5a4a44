"""The request as staff pages see it."""

from django.http import HttpRequest

from departments.models import User


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in.

    Only a type: Django's sign-in middleware lets nobody else reach a staff view, so its `user` is
    never an AnonymousUser. Public views take HttpRequest and ask `user.is_authenticated`.
    """

    user: User
