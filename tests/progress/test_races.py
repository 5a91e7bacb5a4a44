"""Two people at the same moment: exactly one succeeds.

Only PostgreSQL lets two writers start at all.
"""

import json
from dataclasses import replace

import pytest
from django.db import transaction

from ledger.actions import Actor, LedgerEvent, append
from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from progress.actions.periods import close_period
from progress.actions.reports import submit_report
from progress.actions.reviews import Verdict, return_report, verify_report
from progress.actions.signing import hand_back_report, recall_report, send_to_sign, sign_report
from progress.models import Assessment, ProgressReport
from publishing.actions.corrections import publish_correction
from publishing.actions.releases import publish_release
from publishing.actions.taking_back import withdraw_report
from publishing.actions.withholding import take_down_publication
from publishing.models import Publication
from tests.fixtures.concurrency import at_once, person
from tests.fixtures.people import NOW
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_16, JULY_30

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_of_two_supervisors_verifying_at_once_one_is_told_no(office):
    report = office.submit()
    judges = [office.people.supervisor, office.people.other_supervisor]

    def action(judge):
        return lambda: verify_report(
            report=report, verdict=Verdict("on_course", "paper"), by=person(judge), at=JULY_5
        )

    assert at_once(*map(action, judges)) == ["Refused", "done"]
    assert Assessment.objects.count() == 1
    assert verify_ledger().sound


def test_of_two_publications_at_once_one_is_told_no(office):
    office.verify(office.submit())
    release = office.approve(office.prepare())

    def action():
        publish_release(release=release, by=person(office.people.publisher), at=JULY_30)

    assert at_once(action, action) == ["Refused", "done"]
    assert Publication.objects.count() == 1
    assert verify_ledger().sound


def test_of_a_correction_and_a_taking_down_at_once_one_is_told_no(office):
    office.verify(office.submit())
    office.publish()
    arguments = {"publication": Publication.objects.get(), "reason": "因", "at": JULY_30}
    proposed = office.propose(narrative="改")

    def correct():
        publish_correction(request=proposed, by=person(office.people.publisher), at=JULY_30)

    def take_down():
        take_down_publication(
            **arguments,
            legal_basis="《个人信息保护法》第四十七条",
            by=person(office.people.publisher),
        )

    assert at_once(correct, take_down) == ["Refused", "done"]
    assert list(Publication.objects.values_list("revision", "is_current")) == [
        (1, False),
        (2, True),
    ]
    assert verify_ledger().sound


def test_of_two_saves_of_the_same_form_one_is_told_that_it_is_stale(office):
    office.save()

    def action():
        office.save(version=1, by=person(office.people.reporter))

    assert at_once(action, action) == ["Stale", "done"]


def sent_to_sign(office, report):
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    return send_to_sign(report=report, by=office.people.reporter, at=JULY_2)


def test_of_signing_and_handing_back_at_once_one_is_told_no(office):
    report = sent_to_sign(office, office.save())
    known = {"report": report, "by": person(office.people.colleague), "at": JULY_5}
    assert at_once(
        lambda: sign_report(**known), lambda: hand_back_report(**known, reason="缺签到表")
    ) == [
        "Refused",
        "done",
    ]
    report.refresh_from_db()
    assert report.status == ("submitted" if report.signed_by else "draft")


def test_of_signing_and_taking_back_at_once_one_is_told_no(office):
    report = sent_to_sign(office, office.save())
    signer, writer = person(office.people.colleague), person(office.people.reporter)
    actions = [(sign_report, signer), (recall_report, writer)]
    assert at_once(
        *(
            lambda action=action, by=by: action(report=report, by=by, at=JULY_5)
            for action, by in actions
        )
    ) == [
        "Refused",
        "done",
    ]
    report.refresh_from_db()
    assert report.status == ("submitted" if report.signed_by else "draft")


def words() -> str:
    return ProgressReport.objects.get().contributions.get().narrative


def facts(verb: str) -> dict:
    return json.loads(Entry.objects.get(verb=verb).payload)["facts"]


@pytest.mark.parametrize("turn", range(4))
def test_a_report_submitted_while_a_colleague_saves_is_what_the_ledger_says(office, turn):
    """Either the colleague was first and the new words are handed in,
    or came too late and is told so.
    """
    report = office.save()
    other = replace(office.filing, narrative="同事的话")
    answers = at_once(
        lambda: submit_report(report=report, by=person(office.people.reporter), at=JULY_2),
        lambda: office.save(other, version=1, by=person(office.people.colleague)),
    )
    handed_in = ProgressReport.objects.get()
    assert handed_in.status == "submitted"
    assert facts("submit")["version"] == handed_in.version
    assert (answers, handed_in.version, words()) in [
        (["Refused", "done"], 1, office.filing.narrative),
        (["done", "done"], 2, "同事的话"),
    ]
    assert verify_ledger().sound


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("verb", ["submit", "sign"])
def test_no_report_is_submitted_after_a_closing_at_the_same_moment(office, verb, turn):
    report, before = office.save(), "draft"
    action, by = submit_report, office.people.reporter
    if verb == "sign":
        report, before = sent_to_sign(office, report), "signing"
        action, by = sign_report, office.people.colleague
    answers = at_once(
        lambda: close_period(period=office.period, by=person(office.people.supervisor), at=JULY_16),
        lambda: action(report=report, by=person(by), at=JULY_5),
    )
    done = list(
        Entry.objects.exclude(verb="send_to_sign").order_by("seq").values_list("verb", flat=True)
    )
    assert (answers, done, ProgressReport.objects.get().status) in [
        (["done", "done"], [verb, "close_period"], "submitted"),
        (["Refused", "done"], ["close_period"], before),
    ]
    assert verify_ledger().sound


def test_of_a_return_and_an_assessment_at_once_one_is_told_no(office):
    report = office.submit()
    judges = [person(office.people.supervisor), person(office.people.other_supervisor)]
    answers = at_once(
        lambda: verify_report(
            report=report, verdict=Verdict("on_course", "paper"), by=judges[0], at=JULY_5
        ),
        lambda: return_report(report=report, reason="请补", by=judges[1], at=JULY_5),
    )
    assert answers == ["Refused", "done"]
    assert (ProgressReport.objects.get().status, Assessment.objects.count()) in [
        ("verified", 1),
        ("returned", 0),
    ]
    assert verify_ledger().sound


def test_of_a_withdrawal_and_an_assessment_at_once_one_is_told_no(office):
    report = office.submit()
    reporter, judge = person(office.people.reporter), person(office.people.supervisor)
    answers = at_once(
        lambda: withdraw_report(report=report, by=reporter, at=JULY_5),
        lambda: verify_report(
            report=report, verdict=Verdict("on_course", "paper"), by=judge, at=JULY_5
        ),
    )
    assert answers == ["Refused", "done"]
    assert (ProgressReport.objects.get().status, Assessment.objects.count()) in [
        ("draft", 0),
        ("verified", 1),
    ]
    assert verify_ledger().sound


@pytest.mark.parametrize("turn", range(4))
def test_what_is_published_is_what_the_record_had_assessed_by_then(office, turn):
    """The assessment is in the published line, or comes after it, or stops the publication."""
    report = office.submit()
    release = office.approve(office.prepare())
    answers = at_once(
        lambda: publish_release(release=release, by=person(office.people.publisher), at=JULY_30),
        lambda: office.verify(report, at=JULY_30, by=person(office.people.supervisor)),
    )
    done = list(
        Entry.objects.filter(verb__in=["verify", "publish"])
        .order_by("seq")
        .values_list("verb", flat=True)
    )
    shown = list(Publication.objects.values_list("assessment_pace", flat=True))
    assert (answers, done, shown, ProgressReport.objects.get().status) in [
        (["done", "done"], ["verify", "publish"], ["on_course"], "released"),
        (["done", "done"], ["publish", "verify"], [""], "verified"),
        (["Refused", "done"], ["verify"], [], "verified"),
    ]
    assert verify_ledger().sound


def test_many_writers_leave_one_unbroken_chain():
    def write():
        for number in range(20):
            with transaction.atomic():
                append([LedgerEvent("try", "thing", str(number))], by=Actor(), at=NOW)

    assert at_once(write, write, write, write) == ["done"] * 4
    assert Entry.objects.count() == 80
    assert verify_ledger().sound
