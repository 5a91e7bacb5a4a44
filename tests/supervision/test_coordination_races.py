"""Two people at the same moment about one matter: it is raised once, decided once, closed once."""

import pytest

from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from supervision.models import CoordinationItem
from tests.fixtures import coordination as told
from tests.fixtures.concurrency import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
SIDES = [("reporter", "colleague"), ("reporter", "supervisor"), ("supervisor", "other_supervisor")]


@pytest.mark.parametrize("side", SIDES)
def test_of_two_raising_an_item_from_one_report_one_is_told_it_was_raised(office, side):
    told.file_with_wish(office)
    assert at_once(*(lambda by=by: told.raised(office, by=by) for by in side)) == [
        "Refused",
        "done",
    ]
    assert (
        CoordinationItem.objects.count()
        == Entry.objects.filter(verb="raise_coordination").count()
        == 1
    )
    assert verify_ledger().sound


def test_of_two_decisions_one_is_told_it_was_decided(office):
    item = told.raised(office)
    actions = [lambda by=by: told.decide(office, item, by=by) for by in ("leader", "supervisor")]
    assert at_once(*actions) == ["Refused", "done"]
    assert Entry.objects.filter(verb="decide_coordination").count() == 1


@pytest.mark.parametrize("turn", range(4))
def test_an_item_raised_while_another_closes_leaves_at_most_one_open(office, turn):
    item = told.raised(office)
    answers = at_once(
        lambda: told.close(office, item),
        lambda: told.raised(office, by="other_supervisor", at=told.JULY_19),
    )
    states = sorted(CoordinationItem.objects.values_list("state", flat=True))
    assert (answers, states) in [
        (["Refused", "done"], ["closed"]),
        (["done", "done"], ["closed", "raised"]),
    ]
