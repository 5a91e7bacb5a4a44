"""Whoever judges is a stranger to the task:
every judging action is refused to the unit itself and to related units.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Membership, Role, User
from progress.actions.extensions import grant_extension, refuse_extension, unlock_report
from progress.actions.periods import close_period
from progress.actions.reviews import Verdict, return_report, verify_report
from publishing.actions.objections import decide_objection
from tests.fixtures.faults import tried
from tests.fixtures.judges import RELATED, judge_of
from tests.fixtures.quarter import JULY_5, JULY_16
from tests.fixtures.requests import AUGUST_5, JULY_19, ask, object_to

pytestmark = pytest.mark.usefixtures("standing", "calendar_2013")


def closed(office):
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    return office.period


def objected(office):
    """Against a verdict of somebody who judges nothing else here."""
    office.verify(office.submit(), by=one_more_judge(office))
    office.publish()
    return object_to(office)


def one_more_judge(office) -> User:
    judge = User.objects.create(username="third_supervisor", name="第三位")
    Membership.objects.create(user=judge, department=office.units["duchashi"], role=Role.SUPERVISOR)
    return judge


# Action -> (what it is done to, the action by somebody).
JUDGING = {
    "verify": (
        lambda office: office.submit(),
        lambda row, **by: verify_report(
            report=row, verdict=Verdict("on_course", "paper"), at=JULY_5, **by
        ),
    ),
    "return": (
        lambda office: office.submit(),
        lambda row, **by: return_report(report=row, reason="请补", at=JULY_5, **by),
    ),
    "grant extension": (
        ask,
        lambda row, **by: grant_extension(extension=row, until=JULY_19, at=JULY_5, **by),
    ),
    "refuse extension": (
        ask,
        lambda row, **by: refuse_extension(extension=row, note="照原日", at=JULY_5, **by),
    ),
    "unlock": (
        closed,
        lambda row, **by: unlock_report(
            task=row.plan.tasks.get(), period=row, reason="系统故障", at=JULY_5, **by
        ),
    ),
    "decide objection": (
        objected,
        lambda row, **by: decide_objection(
            objection=row, outcome="upheld", decision="属实", at=AUGUST_5, **by
        ),
    ),
}


@pytest.mark.parametrize("action", JUDGING)
@pytest.mark.parametrize("related_units", RELATED)
def test_nobody_of_a_responsible_or_related_unit_judges_a_report(office, related_units, action):
    before, judging = JUDGING[action]
    row, judge = before(office), judge_of(office, related_units)
    assert not tried(lambda: judging(row, by=judge))
    assert tried(lambda: judging(row, by=office.people.supervisor))


@pytest.mark.parametrize("action", JUDGING)
@pytest.mark.parametrize("post", [Role.REPORTER, Role.SIGNER, Role.LEADER])
def test_a_second_post_in_a_supporting_unit_recuses_from_judging_a_report(office, action, post):
    before, judging = JUDGING[action]
    row, judge = before(office), office.people.other_supervisor
    second = office.white_paper.task.responsibilities.get()
    second.pk, second.order, second.kind, second.department = (
        None,
        2,
        "supporting",
        office.units["jiaoyuju"],
    )
    second.save()
    Membership.objects.create(user=judge, department=office.units["jiaoyuju"], role=post)
    assert not tried(lambda: judging(row, by=User.objects.get(pk=judge.pk)))


def test_a_page_asks_once_which_units_are_related(client, office):
    """Each of its lists leaves out what the person is recused from."""
    client.force_login(office.people.supervisor)
    with CaptureQueriesContext(connection) as asked:
        client.get("/staff/")
    assert sum('"successor_id" IS NULL' in query["sql"] for query in asked.captured_queries) == 1
