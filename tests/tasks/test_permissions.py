"""Person x verb: promises are the supervisors' to edit and designate."""

import pytest
from django.contrib.auth.models import AnonymousUser

from tasks import permissions
from tests.fixtures.people import PEOPLE

VERBS = ["can_edit_plan", "can_designate"]
SUPERVISORS = {"supervisor", "other_supervisor"}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("person", PEOPLE)
def test_only_supervisors_edit_or_designate_promises(verb, person, people):
    assert getattr(permissions, verb)(getattr(people, person)) is (person in SUPERVISORS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_visitor_edits_or_designates_no_promise(verb):
    assert getattr(permissions, verb)(AnonymousUser()) is False


def test_a_post_that_ended_gives_nothing_any_more(people):
    assert permissions.can_designate(people.supervisor)
    people.supervisor.memberships.update(ended_at="2013-07-01T00:00+08:00")
    del people.supervisor.current_memberships
    assert not permissions.can_designate(people.supervisor)
