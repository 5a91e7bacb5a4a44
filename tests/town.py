"""Both real documents with the people who work on them, and the deeds of a quarter in few words."""

import html
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from demo.samples.people import load_people, noon, person
from demo.samples.reports import hand_in
from departments.models import Department, Role
from ledger.actions import Actor
from progress.actions.periods import close_period, generate_periods, open_period
from progress.actions.reports import Filing, save_draft
from progress.actions.reviews import Verdict, verify_report
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.report import ReportRequirements, requirements_for
from publishing.actions.corrections import Correction, propose_correction, publish_correction
from publishing.actions.releases import Withheld, approve_release, prepare_release, publish_release
from publishing.choices import Voice
from publishing.models import Publication
from tasks.actions.plans import publish_plan, set_tracked_from
from tasks.actions.responsibilities import designate
from tasks.models import Plan, Task


@pytest.fixture(scope="module")
def town(real_site) -> "Town":
    """As a real site begins its work: the paper of 2013 from its first quarter on, the plan of 2017 from April on."""
    return Town()


class Town:
    def __init__(self):
        start = noon(date(2013, 1, 1))
        load_people(settings.FIXTURES / "demo", at=start)
        self.judge = person(Role.SUPERVISOR, unit("督查室"))
        self.other_judge = person(Role.SUPERVISOR, unit("监察局"))
        self.publisher = person(Role.PUBLISHER)
        for slug, tracked_from in {"wp2013": date(2013, 1, 1), "ap2017": date(2017, 4, 1)}.items():
            plan = Plan.objects.get(slug=slug)
            publish_plan(plan=plan, by=Actor(), at=start)
            set_tracked_from(plan=plan, day=tracked_from, by=Actor(), at=start)
            generate_periods(plan=plan, by=self.judge, at=start)

    def lead(self, code: str, name: str) -> None:
        by = self.judge.actor(Role.SUPERVISOR)
        designate(task=task(code), department=unit(name), kind="lead", by=by, at=noon(date(2013, 4, 18)))

    def open(self, slug: str, quarter: int, *, on: date | None = None) -> ReportingPeriod:
        found = ReportingPeriod.objects.get(plan__slug=slug, index=quarter)
        return open_period(period=found, by=self.judge, at=noon(on or found.opens_on), on=on)

    def save(self, code: str, period: ReportingPeriod, *, by: str, on: date | None = None, **said) -> ProgressReport:
        """What the unit's reporter types, `said` and `read` by first words of promises and numbers."""
        found = ProgressReport.objects.filter(task=task(code), period=period).first()
        return save_draft(
            task=task(code),
            period=period,
            department=unit(by),
            filing=answers(requirements_for(task(code), period), **said),
            expected_version=found.version if found else 0,
            by=person(Role.REPORTER, unit(by)),
            at=noon(on or period.due_on),
        )

    def file(self, code: str, period: ReportingPeriod, *, by: str, on: date | None = None, **said) -> ProgressReport:
        report = self.save(code, period, by=by, on=on, **said)
        return hand_in(report, unit(by), at=noon(on or period.due_on))

    def verify(self, report: ProgressReport, *, by=None, pace: str = "", **verdict) -> None:
        verdict = Verdict(pace or report.pace, **verdict)
        verify_report(report=report, verdict=verdict, by=by or self.judge, at=noon(report.period.review_due_on))

    def release(self, period: ReportingPeriod, withheld: dict[str, str] | None = None) -> None:
        day, later = noon(period.review_due_on), noon(period.release_on)
        close_period(period=period, by=self.judge, at=day)
        next_year = period.release_on + timedelta(days=365)
        held = {task(code).pk: Withheld(law, next_year) for code, law in (withheld or {}).items()}
        judged = {"by": self.judge, "at": day}
        release = prepare_release(period=period, withheld=held, rest_public=True, **judged)
        approve_release(
            release=release, approved_by="区府办主任", approved_on=period.review_due_on, scan=None, **judged
        )
        publish_release(release=release, by=self.publisher, at=later)
        period.refresh_from_db()

    def correct(self, row: Publication, *, by: str, reason: str, on: date, **right) -> Publication:
        """What the unit's reporter found wrong in its own words, published the same day."""
        said = {"correction": Correction(**right), "reason_class": "data", "reason": reason}
        reporter = person(Role.REPORTER, unit(by))
        asked = propose_correction(publication=row, voice=Voice.UNIT, **said, by=reporter, at=noon(on))
        return publish_correction(request=asked, by=self.publisher, at=noon(on))


def read(address: str) -> str:
    """The words of a public page, as a visitor reads them: no marks, one space at most."""
    page = Client().get(address)
    assert page.status_code == 200, address
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def unit(name: str) -> Department:
    return Department.objects.get(short_name=name)


def task(code: str) -> Task:
    return Task.objects.get(code=code)


def answers(sheet: ReportRequirements, *, said=None, read=None, narrative="按计划推进。", **whole) -> Filing:
    """Done where due and on course where not, the numbers as printed, but for what is given."""
    findings = {q.commitment.pk: ("done" if q.due else "on_course", "") for q in sheet.questions}
    for words, answer in (said or {}).items():
        (asked,) = [q.commitment.pk for q in sheet.questions if q.commitment.text.startswith(words)]
        findings[asked] = answer
    readings = {n.indicator.pk: (n.target.value, "") for n in sheet.numbers if n.target}
    for name, value in (read or {}).items():
        number = next(n for n in sheet.numbers if n.indicator.name.startswith(name))
        readings[number.indicator.pk] = (Decimal(value), "")
    return Filing(narrative=narrative, findings=findings, readings=readings, rest_on_course=True, **whole)
