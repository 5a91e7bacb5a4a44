"""A published line, its corrections and the changes since, for the pages as of a day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from departments.roles import Role
from ledger.actions import Actor
from publishing.models import Publication
from tasks.actions.changes import Ground, change_lead, change_target
from tasks.actions.plans import publish_plan
from tasks.models import Plan
from tests.fixtures.quarter import moment
from tests.fixtures.sources import INDICATORS, PAPER, PLAN

AUGUST_5 = moment("2013-08-05T10:00:00")


@pytest.fixture
def released(office) -> Publication:
    """On course by its unit, slow by the supervisor, published on 30 July."""
    office.verify(office.submit(), pace="slow", note="记录不全。")
    office.publish()
    return Publication.objects.get()


@pytest.fixture
def corrected(released, office) -> Publication:
    """A week later: other words and numbers by the unit, and it was done after all."""
    readings = {office.white_paper.indicator.pk: Decimal(4100)}
    office.correct(narrative="改过的话。", readings=readings, at=AUGUST_5)
    return office.correct(assessment_pace="done", at=AUGUST_5)


@pytest.fixture
def changed(released, office):
    """In August a number was lowered and another unit took the lead."""
    by = {"by": office.people.supervisor.actor(Role.SUPERVISOR), "at": AUGUST_5}
    ground = Ground("对象减少", "会议纪要", "区政府", date(2013, 8, 1))
    target = office.white_paper.indicator.targets.get(quarter=None)
    change_target(target=target, value=Decimal(12000), value_max=None, ground=ground, **by)
    change_lead(
        task=office.white_paper.task,
        department=office.units["jiaoyuju"],
        ground=replace(ground),
        **by,
    )


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker):
    """Both documents as a clone imports them, for all tests of a module: history, not tracked."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_documents()
        yield
        transaction.set_rollback(True)


def import_documents() -> None:
    fixtures = INDICATORS.parent
    call_command("import_departments", fixtures / "departments.csv", stdout=StringIO())
    call_command("import_plan", PLAN, stdout=StringIO())
    call_command("import_plan", PAPER, stdout=StringIO())
    for plan in Plan.objects.all():
        publish_plan(plan=plan, by=Actor(), at=timezone.now())
    arguments = {"basis": "proposed", "plan": "ap2017", "stdout": StringIO()}
    call_command(
        "import_responsibilities", fixtures / "responsibility-2017-proposed.csv", **arguments
    )
