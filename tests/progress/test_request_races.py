"""Two people at the same moment about the same request: exactly one succeeds,
and the record has it once.
"""

import pytest

from departments.models import Membership, Role, User
from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from progress.actions.extensions import grant_extension
from progress.actions.periods import close_period
from progress.models import ExtensionRequest, Unlock
from publishing.actions.corrections import publish_correction, return_correction
from publishing.actions.objections import decide_objection
from publishing.models import CorrectionRequest, Objection, Publication
from tests.fixtures.concurrency import at_once, person
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_16
from tests.fixtures.requests import AUGUST_5, JULY_19, ask, object_to, unlock

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_of_two_colleagues_asking_for_an_extension_one_is_told_it_was_asked(office):
    asked = [lambda: ask(office, at=JULY_2), lambda: ask(office, at=JULY_2, by="colleague")]
    assert at_once(*asked) == ["Refused", "done"]
    assert ExtensionRequest.objects.count() == 1


def test_of_two_decisions_on_one_extension_one_is_refused(office):
    until = {"extension": ask(office, at=JULY_2), "until": JULY_19, "at": JULY_5}
    judges = [person(office.people.supervisor), person(office.people.other_supervisor)]
    assert at_once(*(lambda by=by: grant_extension(**until, by=by) for by in judges)) == [
        "Refused",
        "done",
    ]
    assert Entry.objects.filter(verb="grant_extension").count() == 1
    assert verify_ledger().sound


def test_of_two_unlocks_of_one_report_one_is_told_it_is_open(office):
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    opened = [
        lambda: unlock(office, at=JULY_5),
        lambda: unlock(office, at=JULY_5, by="other_supervisor"),
    ]
    assert at_once(*opened) == ["Refused", "done"]
    assert Unlock.objects.count() == 1


def test_of_two_objections_one_is_told_to_wait(office):
    office.verify(office.submit())
    office.publish()
    assert at_once(lambda: object_to(office), lambda: object_to(office, by="colleague")) == [
        "Refused",
        "done",
    ]
    assert Objection.objects.count() == 1


def test_an_objection_is_decided_once(office):
    office.verify(office.submit())
    office.publish()
    arguments = {"objection": object_to(office), "decision": "属实", "at": AUGUST_5}
    judge = office.people.other_supervisor
    actions = [
        lambda word=word: decide_objection(**arguments, outcome=word, by=person(judge))
        for word in ("upheld", "rejected")
    ]
    assert at_once(*actions) == ["Refused", "done"]
    assert Entry.objects.filter(verb="decide_objection").count() == 1


def second_publisher(office) -> User:
    user = User.objects.create(username="second", name="何发布")
    Membership.objects.create(user=user, department=office.units["qufuban"], role=Role.PUBLISHER)
    return user


def test_of_two_publishers_publishing_the_same_correction_one_is_told_it_was_done(office):
    office.verify(office.submit())
    office.publish()
    arguments = {"request": office.propose(narrative="改"), "at": AUGUST_5}
    publishers = [person(office.people.publisher), second_publisher(office)]
    actions = [lambda by=by: publish_correction(**arguments, by=by) for by in publishers]
    assert at_once(*actions) == ["Refused", "done"]
    assert list(Publication.objects.values_list("revision", "is_current")) == [
        (1, False),
        (2, True),
    ]
    assert Entry.objects.filter(verb="publish_correction").count() == 1
    assert verify_ledger().sound


def test_of_publishing_a_correction_and_sending_it_back_one_is_told_no(office):
    office.verify(office.submit())
    office.publish()
    arguments = {"request": office.propose(narrative="改"), "at": AUGUST_5}
    answers = at_once(
        lambda: publish_correction(**arguments, by=person(office.people.publisher)),
        lambda: return_correction(**arguments, reason="看不出", by=second_publisher(office)),
    )
    assert answers == ["Refused", "done"]
    assert (CorrectionRequest.objects.get().state, Publication.objects.count()) in [
        ("published", 2),
        ("returned", 1),
    ]


def test_of_two_voices_proposing_at_once_one_is_told_to_wait(office):
    office.verify(office.submit())
    office.publish()
    answers = at_once(
        lambda: office.propose(narrative="改", by=person(office.people.reporter)),
        lambda: office.propose(assessment_note="改", by=person(office.people.supervisor)),
    )
    assert answers == ["Refused", "done"]
    assert CorrectionRequest.objects.count() == 1
