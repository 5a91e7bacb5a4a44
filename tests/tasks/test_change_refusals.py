"""Changes of a promise that change nothing, come twice or too early: refused in words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from common.errors import Refused
from departments.models import Role
from tasks.actions import changes
from tasks.actions.changes import Ground
from tasks.models import ChangeRequest, DueChange, Responsibility, Target
from tests.fixtures.people import NOW


@pytest.fixture
def at_once(people) -> dict:
    """The arguments of a change that was approved today."""
    ground = Ground("培训对象减少", "会议纪要", "区政府常务会议", NOW.date())
    return {"ground": ground, "by": people.supervisor.actor(Role.SUPERVISOR), "at": NOW}


@pytest.fixture
def target(paper) -> Target:
    return paper.indicator.targets.get(quarter=2)


def test_a_target_is_not_changed_to_the_value_it_has(target, at_once):
    with pytest.raises(Refused, match="新的目标值和现在的一样"):
        changes.change_target(target=target, value=target.value, value_max=None, **at_once)
    assert not ChangeRequest.objects.exists()


def test_a_target_that_was_changed_already_is_not_changed_again(target, at_once):
    changes.change_target(target=target, value=Decimal(3500), value_max=None, **at_once)
    with pytest.raises(Refused, match="这个目标值已经调整过，请刷新页面再看"):
        changes.change_target(target=target, value=Decimal(3000), value_max=None, **at_once)
    assert ChangeRequest.objects.count() == 1


def test_a_commitment_is_not_moved_to_the_day_it_is_due(paper, at_once):
    goal = paper.commitments[0]
    with pytest.raises(Refused, match="新的期限和现在的一样"):
        changes.change_due(commitment=goal, due_on=date(2013, 12, 31), **at_once)
    assert not DueChange.objects.exists()


def test_a_unit_that_leads_is_not_made_the_lead_again(paper, units, at_once):
    Responsibility.objects.update(kind="lead")
    with pytest.raises(Refused, match="安监局现在就是牵头单位"):
        changes.change_lead(task=paper.task, department=units["anjianju"], **at_once)


def test_a_change_approved_today_is_made_and_one_approved_tomorrow_is_not(target, at_once):
    said = {"target": target, "value": Decimal(3500), "value_max": None}
    tomorrow = Ground("培训对象减少", "会议纪要", "区政府", NOW.date() + timedelta(days=1))
    with pytest.raises(Refused, match="批准日期不能晚于今天"):
        changes.change_target(**said, **at_once | {"ground": tomorrow})
    assert changes.change_target(**said, **at_once).value == Decimal(3500)


def test_a_task_that_ended_is_changed_no_more(paper, target, at_once):
    changes.change_task(task=paper.task, kind="end", **at_once)
    with pytest.raises(Refused, match="已经终止、合并或拆分，不再调整"):
        changes.change_target(target=target, value=Decimal(3500), value_max=None, **at_once)
