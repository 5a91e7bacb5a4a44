"""A quarter of the small paper of tests/cast.py and the deeds that carry it along."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from progress.actions.periods import close_period
from progress.actions.reports import Filing, submit_report
from progress.actions.reports import save_draft as save
from progress.actions.reviews import Verdict, verify_report
from progress.models import ProgressReport, ReportingPeriod
from publishing.actions.corrections import Correction, propose_correction, publish_correction
from publishing.actions.releases import Withheld, approve_release, prepare_release, publish_release
from publishing.choices import Voice
from publishing.models import Publication
from tests.cast import make_paper, make_people, make_units


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


JULY_2, JULY_5, JULY_30 = moment("2013-07-02T10:00:00"), moment("2013-07-05T10:00:00"), moment("2013-07-30T10:00:00")

NEXT_JULY = date(2014, 7, 1)


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker) -> "Office":
    """For modules of many short tests, by `usefixtures`: the office set up once, of which each test gets a copy."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_office()
        transaction.set_rollback(True)


@pytest.fixture
def period(paper, own_copy) -> ReportingPeriod:
    """The second quarter of 2013, open, due on 12 July."""
    return own_copy.period if own_copy else make_period(paper)


def make_period(paper) -> ReportingPeriod:
    return ReportingPeriod.objects.create(
        plan=paper.plan,
        year=2013,
        index=2,
        opens_on=date(2013, 7, 1),
        due_on=date(2013, 7, 12),
        review_due_on=date(2013, 7, 22),
        release_on=date(2013, 7, 29),
        state="open",
    )


@pytest.fixture
def filing(paper) -> Filing:
    """A full and consistent answer: 4000 of 4000 trained, the exercise held."""
    return make_filing(paper)


def make_filing(paper) -> Filing:
    due = paper.commitments[1:]
    return Filing(
        narrative="完成培训 4000 人次，演练 1 次。下一步继续。",
        pace="on_course",
        findings={commitment.pk: ("done", "") for commitment in due},
        rest_on_course=True,
        readings={paper.indicator.pk: (Decimal(4000), "")},
    )


@pytest.fixture
def office(paper, period, people, units, filing):
    """The deeds of a quarter with their usual people and days, each to be called when the test wants it."""
    return Office(paper, period, people, units, filing)


@pytest.fixture
def as_(client, office):
    """A browser in which one of the cast has signed in."""

    def sign_in(name: str):
        client.force_login(getattr(office.people, name))
        return client

    return sign_in


def make_office() -> "Office":
    units = make_units()
    people, paper = make_people(units), make_paper(units)
    return Office(paper, make_period(paper), people, units, make_filing(paper))


class Office:
    def __init__(self, paper, period, people, units, filing):
        self.paper, self.period, self.people, self.units, self.filing = paper, period, people, units, filing

    def save(self, filing=None, *, version=0, at=JULY_2, by=None, unit="anjianju"):
        return save(
            task=self.paper.task,
            period=self.period,
            department=self.units[unit],
            filing=filing or self.filing,
            expected_version=version,
            by=by or self.people.reporter,
            at=at,
        )

    def submit(self, filing=None, *, at=JULY_2, version=0):
        report = self.save(filing, at=at, version=version)
        return submit_report(report=report, by=self.people.reporter, at=at)

    def verify(self, report, pace="on_course", *, at=JULY_5, by=None, **verdict):
        return verify_report(report=report, verdict=Verdict(pace, **verdict), by=by or self.people.supervisor, at=at)

    def prepare(self, *, withheld=None, rest_public=True):
        """`withheld` is task id -> legal basis, to be reviewed in a year, or a whole `Withheld`.

        Only what was filed can be withheld, so a task without a report is given one.
        """
        for pk in withheld or {}:
            self.handed_in(pk)
        close_period(period=self.period, by=self.people.supervisor, at=JULY_5, reason="都已报送")
        self.period.refresh_from_db()
        given = (withheld or {}).items()
        held = {pk: one if isinstance(one, Withheld) else Withheld(one, NEXT_JULY) for pk, one in given}
        said = {"withheld": held, "rest_public": rest_public, "by": self.people.supervisor, "at": JULY_5}
        return prepare_release(period=self.period, **said)

    def handed_in(self, task_id: int) -> None:
        when = {"submitted_at": JULY_2, "first_submitted_at": JULY_2, "submitted_by": self.people.reporter}
        said = {"status": "submitted", "pace": "on_course"} | when
        ProgressReport.objects.get_or_create(task_id=task_id, period=self.period, defaults=said)

    def approve(self, release, *, by="区府办主任", on=JULY_5, scan=None):
        said = {"approved_by": by, "approved_on": on.date(), "scan": scan, "by": self.people.supervisor}
        return approve_release(release=release, **said, at=JULY_30)

    def publish(self, *, at=JULY_30, approval=None, **prepared):
        release = self.approve(self.prepare(**prepared), **approval or {})
        release = publish_release(release=release, by=self.people.publisher, at=at)
        self.period.refresh_from_db()
        return release

    def propose(self, row=None, *, at=JULY_30, by=None, reason_class="slip", reason="漏录", **right):
        """By the voice whose words `right` has: the unit's reporter, or the supervisor who belongs to no unit of it."""
        row = row or Publication.objects.current().get(task=self.paper.task)
        judged = right.keys() & {"assessment_pace", "assessment_note"}
        voice = Voice.SUPERVISOR if judged else Voice.UNIT
        by = by or (self.people.supervisor if judged else self.people.reporter)
        said = {"correction": Correction(**right), "reason_class": reason_class, "reason": reason, "by": by, "at": at}
        return propose_correction(publication=row, voice=voice, **said)

    def correct(self, row=None, *, at=JULY_30, **said) -> Publication:
        return publish_correction(request=self.propose(row, at=at, **said), by=self.people.publisher, at=at)
