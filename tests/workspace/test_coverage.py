"""Before units are asked to file, the offices see where nobody could: counts first,
the worst first.
"""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Department, Membership, Role, User
from tasks.models import Plan, Responsibility
from tests.fixtures.lists import end, more_tasks
from tests.fixtures.page_text import source_of
from tests.fixtures.people import NOW
from workspace.read_models.coverage import coverage_of

pytestmark = pytest.mark.both

PAGE, OPEN = "/staff/coverage/", "/staff/periods/wp2013/2013-2/open/"


@pytest.fixture
def city(white_paper, units):
    """Three tasks of a unit without anybody, one of the unit with two reporters."""
    more_tasks(white_paper, units["chengguanju"], 2)
    more_tasks(white_paper, units["jianchaju"], 1, first=201)
    return white_paper


def names(lines) -> list[str]:
    return [line.department.short_name for line in lines]


def test_tasks_of_a_unit_without_a_reporter_are_counted_the_most_first(city, people):
    found = coverage_of(NOW)
    assert names(found.unmanned) == ["城管局", "监察局"]
    assert (found.tasks, found.without_reporter, found.stuck) == (4, 3, 3)


@pytest.mark.parametrize("gone", [{"is_active": False}, {"ended_at": NOW}])
def test_a_reporter_who_left_or_was_disabled_does_not_count_as_coverage(gone, white_paper, people):
    where = {"username__in": ["reporter", "colleague"]}
    if "is_active" in gone:
        User.objects.filter(**where).update(**gone)
    else:
        Membership.objects.filter(user__username__in=where["username__in"]).update(**gone)
    assert names(coverage_of(NOW).unmanned) == ["安监局"]


def test_a_task_without_a_lead_is_counted_apart(white_paper, people, units):
    row = {"order": 2, "kind": "listed", "basis": "published", "department": units["jiaoyuju"]}
    Responsibility.objects.create(task=white_paper.task, **row)
    found = coverage_of(NOW)
    assert [task.code for task in found.ownerless] == ["wp2013-18"]
    assert (found.without_reporter, found.stuck) == (0, 1)


def test_a_supporting_unit_without_a_reporter_is_listed_but_blocks_nothing(
    white_paper, people, units
):
    white_paper.task.responsibilities.update(kind="lead")
    row = {"order": 2, "kind": "supporting", "basis": "published", "department": units["duchashi"]}
    Responsibility.objects.create(task=white_paper.task, **row)
    found = coverage_of(NOW)
    assert [(line.department.short_name, line.leads, line.parts) for line in found.unmanned] == [
        ("督查室", 0, 1)
    ]
    assert found.stuck == 0


def test_a_task_that_ended_needs_nobody_once_its_last_quarter_is_published(
    white_paper, people, units, period
):
    [task] = more_tasks(white_paper, units["chengguanju"], 1)
    end(task, on=date(2013, 5, 1))
    assert names(coverage_of(NOW).unmanned) == ["城管局"]
    type(period).objects.update(state="released", released_at=NOW)
    found = coverage_of(NOW)
    assert (found.tasks, found.unmanned, found.stuck) == (1, [], 0)


def test_a_task_that_ended_before_the_quarter_has_no_missing_lead(
    white_paper, people, units, period
):
    [task] = more_tasks(white_paper, units["chengguanju"], 1)
    task.responsibilities.all().delete()
    end(task, on=date(2013, 3, 31))
    assert coverage_of(NOW).ownerless == []


def test_only_tracked_plans_count_for_the_coverage(city, people):
    for change in ({"tracked_from": None}, {"state": "draft"}, {"state": "archived"}):
        Plan.objects.update(**{"tracked_from": "2013-01-01", "state": "published"} | change)
        assert coverage_of(NOW).tasks == 0


def test_a_unit_whose_reporters_never_signed_in_is_named_until_one_does(white_paper, people):
    assert names(coverage_of(NOW).unseen) == ["安监局"]
    User.objects.filter(username="colleague").update(last_login=NOW)
    assert coverage_of(NOW).unseen == []


def test_a_unit_with_one_reporter_has_no_deputy(white_paper, people):
    assert coverage_of(NOW).alone == []
    Membership.objects.filter(user=people.colleague, role=Role.REPORTER).update(ended_at=NOW)
    assert names(coverage_of(NOW).alone) == ["安监局"]


def test_a_unit_that_signs_needs_a_signer(white_paper, people):
    Department.objects.update(signs_reports=True)
    assert coverage_of(NOW).unsigned == []
    Membership.objects.filter(role=Role.SIGNER).update(ended_at=NOW)
    assert names(coverage_of(NOW).unsigned) == ["安监局"]


def test_a_unit_whose_only_reporter_is_its_only_signer_is_named(client, white_paper, people):
    Department.objects.update(signs_reports=True)
    assert coverage_of(NOW).self_signed == []
    people.reporter.memberships.update(ended_at=NOW)
    assert names(coverage_of(NOW).self_signed) == ["安监局"]
    client.force_login(people.supervisor)
    page = client.get(PAGE).content.decode()
    assert "安监局" in page.split('id="self-signed"')[1].split("</section>")[0]
    Department.objects.update(signs_reports=False)
    assert coverage_of(NOW).self_signed == []


def test_an_account_unused_for_ninety_days_is_listed_the_longest_absent_first(white_paper, people):
    User.objects.update(last_login=NOW - timedelta(days=90))
    User.objects.filter(username="clerk").update(last_login=NOW - timedelta(days=91))
    User.objects.filter(username="leader").update(last_login=NOW - timedelta(days=200))
    User.objects.filter(username="auditor").update(last_login=None)
    assert [one.user.username for one in coverage_of(NOW).unused] == ["auditor", "leader", "clerk"]


def test_the_coverage_page_says_how_many_tasks_are_uncovered_and_what_to_do(client, city, people):
    Department.objects.update(signs_reports=True)
    client.force_login(people.administrator)
    page = source_of(client.get(PAGE))
    assert re.search(r'没有审签人的单位</a></th><td class="num" data-label="多少">2 个', page)
    assert "<b>3 项现在没有人能报送</b>" in page
    assert re.search(r'没有填报员的单位</a></th><td class="num" data-label="多少">2 个', page)
    assert page.index('id="unmanned"') < page.index('id="unseen"') < page.index('id="unused"')
    assert '<a href="/admin/departments/user/add/">建立账号</a>' in page
    client.force_login(people.supervisor)
    page = client.get(PAGE).content.decode()
    assert "请系统管理员给这些单位建立填报员账号" in page
    assert "指定牵头单位" not in page
    city.task.responsibilities.all().delete()
    assert (
        '<a href="/staff/responsibilities/">指定牵头单位</a>' in client.get(PAGE).content.decode()
    )


def test_the_coverage_page_says_when_nothing_is_missing(client, white_paper, people):
    client.force_login(people.supervisor)
    assert "跟踪中的 1 项任务都有人能报送。" in client.get(PAGE).content.decode()
    Plan.objects.update(tracked_from=None)
    assert "还没有跟踪中的任务。" in client.get(PAGE).content.decode()


def test_who_opens_a_quarter_is_told_how_many_tasks_nobody_can_submit(
    client, city, period, people, units
):
    period.state = "scheduled"
    period.save()
    client.force_login(people.supervisor)
    page = client.get(OPEN).content.decode()
    assert "4 项任务中有 3 项现在没有人能报送" in page
    assert f'<a href="{PAGE}">' in page
    Membership.objects.create(
        user=people.stranger, department=units["jianchaju"], role=Role.REPORTER
    )
    assert "4 项任务中有 2 项" in client.get(OPEN).content.decode()


def test_the_coverage_page_costs_as_many_queries_for_thirty_units_as_for_three(
    client, city, people, units
):
    client.force_login(people.supervisor)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    more_tasks(city, units["qufuban"], 30, first=301)
    more_tasks(city, units["duchashi"], 30, first=401)
    with CaptureQueriesContext(connection) as many:
        assert "64 项任务里" in client.get(PAGE).content.decode()
    assert len(many) == len(few)
