"""Person x verb: people, units and the calendar are the administrators'; the inner record is the auditors'."""

import pytest
from django.contrib.auth.models import AnonymousUser

from departments import permissions
from tests.cast import PEOPLE

TABLE = {"can_maintain_reference_data": "administrator", "can_read_internal_record": "auditor"}


@pytest.mark.parametrize("verb", TABLE)
@pytest.mark.parametrize("person", PEOPLE)
def test_each_verb_belongs_to_one_post(verb, person, people):
    assert getattr(permissions, verb)(getattr(people, person)) is (person == TABLE[verb])


@pytest.mark.parametrize("verb", TABLE)
def test_a_visitor_may_neither(verb):
    assert getattr(permissions, verb)(AnonymousUser()) is False
