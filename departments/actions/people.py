"""Actions on accounts: to create, rename and disable them, and to set their passwords."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from common.errors import Refused
from departments.actions.memberships import (
    check_administrator_remains,
    locked_administrators,
    membership_event,
)
from departments.actions.sign_ins import end_sessions
from departments.actions.unsent import forget_unsent_of_leaver
from departments.models import Department, Membership, User
from ledger.actions import Actor, LedgerEvent, append


@dataclass(frozen=True)
class NewPerson:
    """An account to create; `memberships` are pairs `(department, role)`."""

    username: str
    name: str
    password: str
    memberships: tuple[tuple[Department, str], ...]


def create_people(*, people: Iterable[NewPerson], by: Actor, at: datetime) -> list[User]:
    """Create all accounts with their memberships, or none of them.

    `people`: their passwords are plain text and must be changed at the first sign-in.

    Raises Refused if somebody else took one of the user names in the meantime.
    """
    people = list(people)
    # Hashing takes a quarter of a second each, so it is done before other writers have to wait.
    users = [
        User(
            username=person.username,
            name=person.name,
            password=make_password(person.password),
            must_change_password=True,
        )
        for person in people
    ]
    with transaction.atomic():
        _save_new_users(users)
        memberships = Membership.objects.bulk_create(
            Membership(user=user, department=department, role=role)
            for user, person in zip(users, people, strict=True)
            for department, role in person.memberships
        )
        events = [_user_event(user, "add_person") for user in users]
        events += [membership_event(membership, "add_post") for membership in memberships]
        append(events, by=by, at=at)
    return users


def _save_new_users(users: list[User]) -> None:
    """Save the accounts; Refused if a user name was taken while the passwords were hashed."""
    try:
        with transaction.atomic():
            for user in users:
                user.save()
    except IntegrityError:
        usernames = [user.username for user in users]
        taken = User.objects.filter(username__in=usernames).values_list("username", flat=True)
        if not taken:
            raise
        names = "、".join(sorted(taken))
        raise Refused(f"用户名 {names} 刚刚被别人建立了，这次一个账号也没有建立。") from None


def create_person(
    *,
    username: str,
    name: str,
    password: str,
    memberships: Iterable[tuple[Department, str]],
    by: Actor,
    at: datetime,
) -> User:
    """Create one account; `memberships` are pairs `(department, role)`.

    `password` is plain text and must be changed at the first sign-in.

    Raises Refused if somebody else took the user name in the meantime.
    """
    person = NewPerson(username, name, password, tuple(memberships))
    return create_people(people=[person], by=by, at=at)[0]


@transaction.atomic
def rename_person(*, user: User, name: str, by: Actor, at: datetime) -> None:
    """Change the name shown for a person; the ledger notes the change without the name.

    Raises nothing of its own.
    """
    User.objects.filter(pk=user.pk).update(name=name)
    append([_user_event(user, "rename_person")], by=by, at=at)


@transaction.atomic
def set_email(*, user: User, email: str, by: Actor, at: datetime) -> None:
    """Change the address that reminders go to; empty: the person gets none.

    The ledger notes the change without the address. Raises nothing of its own.
    """
    User.objects.filter(pk=user.pk).update(email=email)
    append([_user_event(user, "set_email")], by=by, at=at)


@transaction.atomic
def disable_person(*, user: User, by: Actor, at: datetime) -> None:
    """Forbid sign-in; open sessions end with their next request.

    `reset_password` allows sign-in again, but revives no session.

    Raises Refused for one's own account and for the last administrator.
    """
    if str(user.pk) == by.id:
        raise Refused("不能停用自己的账号，请由另一位系统管理员办理。")
    check_administrator_remains(
        [membership.user_id != user.pk for membership in locked_administrators()]
    )
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    forget_unsent_of_leaver(user)
    append([_user_event(user, "disable_person")], by=by, at=at)


def reset_password(*, user: User, password: str, by: Actor, at: datetime) -> None:
    """Set a new first password, which also lets a disabled person sign in again.

    `password` is plain text and must be changed at the next sign-in. Raises nothing of its own.
    """
    user.set_password(password)
    user.is_active = user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["password", "is_active", "must_change_password"])
        end_sessions(user)
        append([_user_event(user, "reset_password")], by=by, at=at)


def change_own_password(*, user: User, password: str, at: datetime) -> None:
    """Set the password a person chose for themself, in plain text and already validated.

    Raises nothing of its own.
    """
    user.set_password(password)
    user.must_change_password = False
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        append([_user_event(user, "change_password")], by=user.actor(), at=at)


def _user_event(user: User, verb: str) -> LedgerEvent:
    return LedgerEvent(verb, "user", str(user.pk), public=False)
