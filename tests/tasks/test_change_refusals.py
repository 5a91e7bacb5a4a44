"""Changes of a promise that change nothing, come twice, too early or from others: refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from common.errors import Refused
from departments.models import Department, Membership, Role
from tasks.actions import changes
from tasks.actions.changes import Ground
from tasks.actions.plans import set_section_leaders
from tasks.forms import TargetChangeForm
from tasks.importing.apply import new_plan
from tasks.importing.parse import parse
from tasks.importing.rows import save
from tasks.models import ChangeRequest, DueChange, Responsibility, Target
from tests.fixtures.people import NOW
from tests.fixtures.sources import PLAN, source_of


@pytest.fixture
def at_once(people) -> dict:
    """The arguments of a change that was approved today."""
    ground = Ground("培训对象减少", "会议纪要", "区政府常务会议", NOW.date())
    return {"ground": ground, "by": people.supervisor.actor(Role.SUPERVISOR), "at": NOW}


@pytest.fixture
def target(white_paper) -> Target:
    return white_paper.indicator.targets.get(quarter=2)


def test_a_target_is_not_changed_to_the_value_it_has(target, at_once):
    with pytest.raises(Refused, match="新的目标值和现在的一样"):
        changes.change_target(target=target, value=target.value, value_max=None, **at_once)
    assert not ChangeRequest.objects.exists()


def test_a_target_that_was_changed_already_is_not_changed_again(target, at_once):
    changes.change_target(target=target, value=Decimal(3500), value_max=None, **at_once)
    with pytest.raises(Refused, match="这个目标值已经调整过，请刷新页面再看"):
        changes.change_target(target=target, value=Decimal(3000), value_max=None, **at_once)
    assert ChangeRequest.objects.count() == 1


def test_a_commitment_is_not_moved_to_the_day_it_is_due(white_paper, at_once):
    goal = white_paper.commitments[0]
    with pytest.raises(Refused, match="新的期限和现在的一样"):
        changes.change_due(commitment=goal, due_on=date(2013, 12, 31), **at_once)
    assert not DueChange.objects.exists()


def test_a_unit_that_leads_is_not_made_the_lead_again(white_paper, units, at_once):
    Responsibility.objects.update(kind="lead")
    with pytest.raises(Refused, match="安监局现在就是牵头单位"):
        changes.change_lead(task=white_paper.task, department=units["anjianju"], **at_once)


def test_a_change_approved_today_is_made_and_one_approved_tomorrow_is_not(target, at_once):
    arguments = {"target": target, "value": Decimal(3500), "value_max": None}
    tomorrow = Ground("培训对象减少", "会议纪要", "区政府", NOW.date() + timedelta(days=1))
    with pytest.raises(Refused, match="批准日期不能晚于今天"):
        changes.change_target(**arguments, **at_once | {"ground": tomorrow})
    assert changes.change_target(**arguments, **at_once).value == Decimal(3500)


def test_a_task_that_ended_is_changed_no_more(white_paper, target, at_once):
    changes.change_task(task=white_paper.task, kind="end", **at_once)
    with pytest.raises(Refused, match="已经终止、合并或拆分，不再调整"):
        changes.change_target(target=target, value=Decimal(3500), value_max=None, **at_once)


@pytest.mark.parametrize(
    ("upper", "errors"),
    [("", []), ("3501", []), ("3500", ["上限要大于目标值。"]), ("3499", ["上限要大于目标值。"])],
)
def test_the_upper_end_of_a_changed_range_lies_above_its_value(white_paper, target, upper, errors):
    typed = {"target": target.pk, "value": "3500", "value_max": upper}
    assert TargetChangeForm(white_paper.task, typed).errors.get("value_max", []) == errors


REFUSED_TO = ["reporter", "colleague", "publisher", "clerk", "administrator"]


@pytest.mark.parametrize("person", REFUSED_TO)
def test_the_changes_and_their_scans_are_read_by_oversight_alone(client, people, person):
    client.force_login(getattr(people, person))
    for address in ("/staff/changes/", "/staff/changes/1/paper/"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("person", [*REFUSED_TO, "leader", "auditor"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_but_a_supervisor_changes_a_promise(client, white_paper, people, person, method):
    client.force_login(getattr(people, person))
    address = f"/staff/tasks/{white_paper.task.code}/change/?kind=end"
    assert getattr(client, method)(address).status_code == 403
    assert not ChangeRequest.objects.exists()


def test_a_section_is_put_into_the_portfolio_of_leaders_in_office_only(white_paper, people):
    by = people.administrator.actor(Role.ADMINISTRATOR)
    leader = people.leader.memberships.get()
    for membership in (people.clerk.memberships.get(), ended(leader)):
        with pytest.raises(Refused, match="分管只登记在在岗的区领导名下"):
            set_section_leaders(
                section=white_paper.section, memberships=[membership], by=by, at=NOW
            )
    assert not white_paper.section.leaders.exists()


def ended(membership: Membership) -> Membership:
    membership.ended_at = NOW
    membership.save()
    return membership


def test_a_text_longer_than_its_column_is_refused_and_not_cut(units):
    department = units["anjianju"]
    department.pk, department.slug, department.short_name = None, "long", "长" * 200
    longest = Department._meta.get_field("short_name").max_length
    with pytest.raises(Refused, match=f"“{'长' * 20}…”作为简称超过 {longest} 字"):
        save([department])


@pytest.mark.parametrize("slug", ["AP2017", "2017", "a b", "ap_2017", "", "计划"])
def test_a_plan_is_not_imported_under_an_address_that_is_malformed(slug):
    source = source_of(PLAN)
    with pytest.raises(Refused, match="只能用小写字母、数字和连字符，以字母开头"):
        new_plan(parse(source), source, slug, tracked_from=None, days=(NOW.date(), NOW.date()))


@pytest.mark.parametrize(("unit", "is_taken"), [("%", True), ("人次", False)])
def test_a_new_target_takes_a_percent_sign_where_its_unit_is_the_percent(
    white_paper, unit, is_taken
):
    white_paper.indicator.unit = unit
    white_paper.indicator.save()
    target = white_paper.indicator.targets.first()
    form = TargetChangeForm(white_paper.task, {"target": str(target.pk), "value": "98.5%"})
    assert ("value" not in form.errors) is is_taken


@pytest.mark.parametrize("key", ["", "x", "²", "9" * 30])
def test_a_forged_target_is_refused_and_no_error(white_paper, key):
    form = TargetChangeForm(white_paper.task, {"target": key, "value": "98.5"})
    assert "target" in form.errors
