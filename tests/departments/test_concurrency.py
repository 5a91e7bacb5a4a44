"""Two administrators at the same moment. Only PostgreSQL lets two writers start at all."""

import pytest

from departments import actions
from departments.models import Membership, Role, User
from tests.fixtures.concurrency import at_once
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(people, units) -> list[User]:
    Membership.objects.create(
        user=people.leader, department=units["qufuban"], role=Role.ADMINISTRATOR
    )
    return [people.administrator, people.leader]


def end(user: User, by: User) -> None:
    actions.end_membership(
        membership=user.memberships.get(role=Role.ADMINISTRATOR), by=by.actor(), at=NOW
    )


def disable(user: User, by: User) -> None:
    actions.disable_person(user=user, by=by.actor(), at=NOW)


@pytest.mark.parametrize("attempts", [(end, end), (disable, disable), (end, disable)])
def test_two_administrators_who_send_each_other_away_leave_one(pair, attempts):
    one, other = pair
    assert at_once(lambda: attempts[0](one, other), lambda: attempts[1](other, one)) == [
        "Refused",
        "done",
    ]
    left = Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at=None, user__is_active=True)
    assert left.count() == 1


def hand_over(leaving: User, to: User) -> None:
    actions.hand_over(
        membership=leaving.memberships.get(role=Role.REPORTER), to=to, by=leaving.actor(), at=NOW
    )


def test_two_reporters_who_hand_over_to_each_other_leave_one(people):
    one, other = people.reporter, people.colleague
    posts = Membership.objects.filter(department__slug="anjianju", role=Role.REPORTER)
    # Without the lock both are done in about one of two attempts.
    for _ in range(5):
        assert at_once(lambda: hand_over(one, other), lambda: hand_over(other, one)) == [
            "Refused",
            "done",
        ]
        assert posts.filter(ended_at=None).count() == 1
        posts.update(ended_at=None)
