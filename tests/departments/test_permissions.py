"""Person x verb: people, units and the calendar are the administrators',
the inner record is the auditors'.
"""

import pytest
from django.contrib.auth.models import AnonymousUser

from departments import permissions
from tests.fixtures.people import PEOPLE

TABLE = {
    "can_maintain_reference_data": {"administrator"},
    "can_read_internal_record": {"auditor"},
    "can_see_coverage": {"supervisor", "other_supervisor", "administrator"},
    "can_hand_over": {"reporter", "colleague", "stranger", "administrator"},
}


@pytest.mark.parametrize("verb", TABLE)
@pytest.mark.parametrize("person", PEOPLE)
def test_each_verb_belongs_to_its_posts(verb, person, people):
    assert getattr(permissions, verb)(getattr(people, person)) is (person in TABLE[verb])


@pytest.mark.parametrize("verb", TABLE)
def test_a_visitor_may_nothing(verb):
    assert getattr(permissions, verb)(AnonymousUser()) is False
