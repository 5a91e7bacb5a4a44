"""Two people at the same moment about the same request: exactly one succeeds, and the record has it once."""

import pytest

from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from progress.actions import close_period, decide_objection, grant_extension
from progress.models import ExtensionRequest, Objection, Unlock
from tests.progress.pleas import AUGUST_5, JULY_19, ask, object_to, unlock
from tests.progress.test_races import at_once, person
from tests.quarter import JULY_2, JULY_5

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_of_two_colleagues_asking_for_time_one_is_told_it_was_asked(office):
    asked = [lambda: ask(office, at=JULY_2), lambda: ask(office, at=JULY_2, by="colleague")]
    assert at_once(*asked) == ["Refused", "done"]
    assert ExtensionRequest.objects.count() == 1


def test_of_two_answers_one_is_told_no(office):
    until = {"extension": ask(office, at=JULY_2), "until": JULY_19, "at": JULY_5}
    judges = [person(office.people.supervisor), person(office.people.other_supervisor)]
    assert at_once(*(lambda by=by: grant_extension(**until, by=by) for by in judges)) == ["Refused", "done"]
    assert Entry.objects.filter(verb="grant_extension").count() == 1
    assert verify_ledger().sound


def test_of_two_unlocks_one_is_told_it_is_open(office):
    close_period(period=office.period, by=office.people.supervisor, at=JULY_5)
    opened = [lambda: unlock(office, at=JULY_5), lambda: unlock(office, at=JULY_5, by="other_supervisor")]
    assert at_once(*opened) == ["Refused", "done"]
    assert Unlock.objects.count() == 1


def test_of_two_objections_one_is_told_to_wait(office):
    office.verify(office.submit())
    office.publish()
    assert at_once(lambda: object_to(office), lambda: object_to(office, by="colleague")) == ["Refused", "done"]
    assert Objection.objects.count() == 1


def test_an_objection_is_decided_once(office):
    office.verify(office.submit())
    office.publish()
    said = {"objection": object_to(office), "decision": "属实", "at": AUGUST_5}
    judge = office.people.other_supervisor
    deeds = [
        lambda word=word: decide_objection(**said, outcome=word, by=person(judge)) for word in ("upheld", "rejected")
    ]
    assert at_once(*deeds) == ["Refused", "done"]
    assert Entry.objects.filter(verb="decide_objection").count() == 1
