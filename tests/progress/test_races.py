"""Two people at the same moment: exactly one succeeds. Only PostgreSQL lets two writers start at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from departments.models import User
from ledger.actions import Actor, Deed, append
from ledger.models import Entry
from ledger.verification import verify as verify_ledger
from progress.actions import Verdict, hand_back_report, publish_release, send_to_sign, sign_report, verify_report
from progress.models import Assessment, Publication
from tests.cast import NOW
from tests.quarter import JULY_2, JULY_5, JULY_30
from yantian_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*deeds) -> list[str]:
    """Starts the deeds together, each on a connection of its own; "done" or the class of its refusal."""
    gate = Barrier(len(deeds))

    def run(deed):
        try:
            gate.wait()
            deed()
        except Refused as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def person(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_of_two_supervisors_verifying_at_once_one_is_told_no(office):
    report = office.submit()
    judges = [office.people.supervisor, office.people.other_supervisor]

    def deed(judge):
        return lambda: verify_report(report=report, verdict=Verdict("on_course"), by=person(judge), at=JULY_5)

    assert at_once(*map(deed, judges)) == ["Refused", "done"]
    assert Assessment.objects.count() == 1
    assert verify_ledger().sound


def test_of_two_publications_at_once_one_is_told_no(office):
    office.verify(office.submit())
    release = office.prepare()

    def deed():
        publish_release(release=release, by=person(office.people.publisher), at=JULY_30)

    assert at_once(deed, deed) == ["Refused", "done"]
    assert Publication.objects.count() == 1
    assert verify_ledger().sound


def test_of_two_saves_of_the_same_form_one_is_told_that_it_is_stale(office):
    office.save()

    def deed():
        office.save(version=1, by=person(office.people.reporter))

    assert at_once(deed, deed) == ["Stale", "done"]


def test_of_signing_and_handing_back_at_once_one_is_told_no(office):
    office.units["anjianju"].signs_reports = True
    office.units["anjianju"].save()
    report = send_to_sign(report=office.save(), by=office.people.reporter, at=JULY_2)
    known = {"report": report, "by": person(office.people.colleague), "at": JULY_5}
    assert at_once(lambda: sign_report(**known), lambda: hand_back_report(**known, reason="缺签到表")) == [
        "Refused",
        "done",
    ]
    report.refresh_from_db()
    assert report.status == ("submitted" if report.signed_by else "draft")


def test_many_writers_leave_one_unbroken_chain():
    def write():
        for number in range(20):
            with transaction.atomic():
                append([Deed("try", "thing", str(number))], by=Actor(), at=NOW)

    assert at_once(write, write, write, write) == ["done"] * 4
    assert Entry.objects.count() == 80
    assert verify_ledger().sound
