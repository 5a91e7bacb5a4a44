"""分解节点: a unit's own interim values, confirmed by a supervisor,
expected from then on and never called printed.
"""

import json
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refused
from departments.models import Membership, Role
from ledger.models import Entry
from progress.actions.breakdowns import (
    Slot,
    confirm_breakdown,
    open_slots,
    propose_breakdown,
    withdraw_breakdown,
)
from progress.choices import BreakdownState
from progress.models import Breakdown
from progress.requirements.items import numbers_of
from progress.requirements.loading import requirements_for
from publishing.models import Publication
from tasks.choices import IndicatorMode
from tasks.models import Indicator, Target
from tests.fixtures.lists import end, more_tasks
from tests.fixtures.quarter import JULY_2, JULY_5
from workspace.read_models.work_items import work_items_for

pytestmark = pytest.mark.both

PAGE, TASK = "/staff/tasks/wp2013-18/breakdown/", "/tasks/wp2013-18/"
PROPOSE, WITHDRAW = PAGE + "propose/", PAGE + "withdraw/"
CONFIRM, RETURN = PAGE + "confirm/", PAGE + "return/"
LABEL = "单位分解，非文件原文"


@pytest.fixture
def unbroken(white_paper):
    """The number of the paper with its yearly value only, counted so far."""
    white_paper.indicator.targets.filter(quarter=2).delete()
    Indicator.objects.update(mode="cumulative")
    white_paper.indicator.refresh_from_db()
    return white_paper


@pytest.fixture
def unit(office, unbroken):
    """What the responsible unit and the supervisor do, each with its usual person and day."""
    task, people = unbroken.task, office.people

    def propose(*values, task=task):
        slots = open_slots(task)
        nodes = {slots[quarter - 1]: value for quarter, value in values}
        return propose_breakdown(
            task=task,
            department=office.units["anjianju"],
            nodes=nodes,
            by=people.reporter,
            at=JULY_2,
        )

    def confirm(rows, by=people.supervisor):
        return confirm_breakdown(task=rows[0].task, seen=[row.pk for row in rows], by=by, at=JULY_5)

    return SimpleNamespace(propose=propose, confirm=confirm, task=task)


def number_of(office):
    return requirements_for(office.white_paper.task, office.period).numbers[0]


def test_a_proposed_interim_value_is_expected_only_once_it_is_confirmed(office, unit):
    rows = unit.propose((2, Decimal(5000)))
    assert (number_of(office).aim, number_of(office).required, number_of(office).basis) == (
        None,
        False,
        "",
    )
    unit.confirm(rows)
    assert (number_of(office).aim.value, number_of(office).basis) == (Decimal(5000), "breakdown")


def test_confirming_a_breakdown_leaves_the_document_as_it_was_printed(office, unit, client):
    before = list(Target.objects.values_list()), list(unit.task.milestones.values_list())
    document = client.get("/plans/wp2013/document/").content
    unit.confirm(unit.propose((2, Decimal(5000))))
    assert (list(Target.objects.values_list()), list(unit.task.milestones.values_list())) == before
    assert client.get("/plans/wp2013/document/").content == document


def test_a_confirmed_interim_value_makes_the_path_and_is_marked_as_the_units_own(
    office, unit, client
):
    unit.confirm(unit.propose((2, Decimal(5000))))
    office.submit(
        office.filing.__class__(**vars(office.filing) | {"contradiction_reason": "天气原因"})
    )
    office.publish()
    reading = Publication.objects.get().readings.get()
    assert (reading.target, reading.target_basis, reading.trajectory) == (
        Decimal(5000),
        "breakdown",
        "behind",
    )
    assert json.loads(reading.publication.content)["readings"][0]["target_basis"] == "breakdown"
    for address in (TASK, reading.publication.get_absolute_url()):
        assert LABEL in client.get(address).content.decode()
    shown = client.get("/api/v1/tasks/wp2013-18/").json()
    assert shown["breakdowns"][0]["basis"] == {"code": "breakdown", "label": LABEL}
    assert shown["latest_publication"]["readings"][0]["target_basis"]["code"] == "breakdown"
    assert [row["quarter"] for row in shown["targets"]] == [None]


def test_form_and_desk_say_that_an_interim_value_is_the_units_own(office, unit, client):
    unit.confirm(unit.propose((2, Decimal(5000))))
    client.force_login(office.people.reporter)
    form = client.get("/staff/reports/wp2013-18/2013-2/").content.decode()
    assert f"2013年第二季度应达到 5000 人次（{LABEL}）" in form
    office.submit(
        office.filing.__class__(**vars(office.filing) | {"contradiction_reason": "天气原因"})
    )
    client.force_login(office.people.supervisor)
    assert f"本季目标：{LABEL}" in client.get("/staff/review/wp2013-18/2013-2/").content.decode()


def test_a_target_whose_quarters_are_printed_is_not_broken_down(office, white_paper):
    assert open_slots(white_paper.task) == []


def test_the_last_quarter_of_a_sum_is_held_against_the_year(unit):
    assert [slot.quarter for slot in open_slots(unit.task)] == [1, 2, 3]


def test_no_interim_value_is_set_for_a_quarter_already_reported_on(office, unit):
    slots = open_slots(unit.task)
    rows = unit.propose((2, Decimal(3000)))
    office.submit()
    assert [slot.quarter for slot in open_slots(unit.task)] == [1, 3]
    with pytest.raises(Refused, match="2013年第二季度文件已写明目标，或者已经报送"):
        unit.confirm(rows)
    with pytest.raises(Refused, match="已经报送"):
        propose_breakdown(
            task=unit.task,
            department=office.units["anjianju"],
            nodes={slots[1]: Decimal(1)},
            by=office.people.reporter,
            at=JULY_5,
        )


def test_a_plan_that_is_not_tracked_has_nothing_to_break_down(unit, white_paper):
    white_paper.plan.tracked_from = None
    white_paper.plan.save()
    unit.task.refresh_from_db()
    assert open_slots(unit.task) == []


def test_a_later_interim_value_replaces_an_earlier_one_once_confirmed(unit):
    first = unit.confirm(unit.propose((2, Decimal(5000))))[0]
    second = unit.propose((2, Decimal(4500)))
    assert Breakdown.objects.confirmed().get() == first
    unit.confirm(second)
    first.refresh_from_db()
    assert (first.state, Breakdown.objects.confirmed().get().value) == ("replaced", Decimal(4500))
    facts = json.loads(Entry.objects.public().order_by("-seq").first().payload)["facts"]
    assert facts == {
        "demonstration": False,
        "indicator": "安全生产公共培训",
        "quarter": 2,
        "year": 2013,
    } | {"value": ["5000", "4500"]}


def test_a_breakdown_changed_after_it_was_read_is_not_confirmed(unit, office):
    rows = unit.propose((2, Decimal(5000)))
    unit.propose((3, Decimal(8000)))
    with pytest.raises(Refused, match="刚才有变化"):
        unit.confirm(rows)


def test_nobody_confirms_for_a_unit_of_their_own_nor_what_they_proposed(unit, office):
    rows = unit.propose((2, Decimal(5000)))
    judge = office.people.other_supervisor
    Membership.objects.create(user=judge, department=office.units["anjianju"], role=Role.REPORTER)
    with pytest.raises(Refused, match="回避"):
        unit.confirm(rows, by=judge)
    Breakdown.objects.update(proposed_by=office.people.supervisor)
    with pytest.raises(Refused, match="另一位督查员"):
        unit.confirm(rows)


def test_another_unit_proposes_nothing(unit, office):
    nodes = {open_slots(unit.task)[0]: Decimal(1)}
    arguments = {"by": office.people.stranger, "at": JULY_2}
    with pytest.raises(Refused, match="不是这项任务的责任单位"):
        propose_breakdown(
            task=unit.task, department=office.units["jiaoyuju"], nodes=nodes, **arguments
        )


def test_a_task_without_numbers_is_broken_down_in_words(unit, office, client):
    task = more_tasks(office.white_paper, office.units["anjianju"], 1)[0]
    unit.confirm(unit.propose((2, "完成选址"), task=task))
    page = client.get(f"/tasks/{task.code}/").content.decode()
    assert "2013年第二季度：完成选址" in page
    assert LABEL in page
    payload = Entry.objects.public().get(verb="confirm_breakdown").payload
    assert "完成选址" not in payload


def test_a_breakdown_is_proposed_returned_and_confirmed_through_the_pages(unit, office, client):
    field = f"b{office.white_paper.indicator.pk}-2013-2"
    client.force_login(office.people.reporter)
    assert "没有新的内容可以提出" in client.post(PROPOSE).content.decode()
    assert "请填写数字" in client.post(PROPOSE, {field: "五千"}).content.decode()
    assert client.post(PROPOSE, {field: "5,000"}).status_code == 302
    client.force_login(office.people.supervisor)
    assert "1 个分解节点待确认" in client.get("/staff/").content.decode()
    seen = {"seen": Breakdown.objects.get().pk}
    assert "请写明理由" in client.post(RETURN, seen | {"reason": ""}).content.decode()
    assert client.post(RETURN, seen | {"reason": "偏低"}).status_code == 302
    client.force_login(office.people.reporter)
    assert "偏低" in client.get("/staff/").content.decode()
    client.post(PROPOSE, {field: "6000"})
    assert [
        duty for duty in work_items_for(office.people.reporter, JULY_2.date()) if duty.returned
    ] == []
    client.force_login(office.people.supervisor)
    client.post(CONFIRM, {"seen": Breakdown.objects.proposed().get().pk})
    assert Breakdown.objects.confirmed().get().value == Decimal(6000)


@pytest.mark.parametrize("seen", ["²", "9" * 5000, "-1", ""])
def test_a_made_up_mark_of_what_was_read_confirms_nothing(unit, office, client, seen):
    unit.propose((2, Decimal(5000)))
    client.force_login(office.people.supervisor)
    assert "刚才有变化" in client.post(CONFIRM, {"seen": seen}).content.decode()
    assert not Breakdown.objects.confirmed().exists()


def test_an_untouched_field_does_not_undo_what_a_colleague_proposed_meanwhile(unit, office, client):
    second, third = (f"b{office.white_paper.indicator.pk}-2013-{quarter}" for quarter in (2, 3))
    unit.propose((2, Decimal(10)))
    before = {f"initial-{second}": "10", second: "10", f"initial-{third}": ""}
    unit.propose((2, Decimal(12)))
    client.force_login(office.people.reporter)
    assert client.post(PROPOSE, before | {third: "20"}).status_code == 302
    assert [row.value for row in Breakdown.objects.proposed()] == [12, 20]


def test_two_proposals_for_one_quarter_are_reported_before_either_is_overwritten(
    unit, office, client
):
    second = f"b{office.white_paper.indicator.pk}-2013-2"
    client.force_login(office.people.reporter)
    assert f'name="initial-{second}"' in client.get(PAGE).content.decode()
    unit.propose((2, Decimal(12)))
    typed = {f"initial-{second}": "", second: "15"}
    again = client.post(PROPOSE, typed)
    assert "刚才有人提出了别的内容" in again.content.decode()
    assert f'name="initial-{second}" value="12"' in again.content.decode()
    assert client.post(PROPOSE, typed | {f"initial-{second}": "12"}).status_code == 302
    assert Breakdown.objects.proposed().get().value == 15


def test_nothing_is_set_for_quarters_in_which_the_task_is_not_asked_any_more(unit, office):
    [task] = more_tasks(office.white_paper, office.units["anjianju"], 1)
    end(task, on=date(2013, 7, 1))
    assert [slot.quarter for slot in open_slots(task)] == [1, 2, 3]
    with pytest.raises(Refused, match="第四季度"):
        propose_breakdown(
            task=task,
            department=office.units["anjianju"],
            nodes={Slot(None, 2013, 4): "验收"},
            by=office.people.reporter,
            at=JULY_2,
        )


STATES = st.sampled_from(BreakdownState.values)
PRINTED = st.builds(
    Target,
    year=st.just(2013),
    quarter=st.sampled_from([None, 1, 2]),
    value=st.integers(1, 9),
    direction=st.just("about"),
)
OWN = st.builds(
    Breakdown, year=st.just(2013), quarter=st.integers(1, 3), value=st.integers(1, 9), state=STATES
)


def rows(found: list):
    return SimpleNamespace(all=lambda: found)


@given(
    st.lists(PRINTED, max_size=3),
    st.lists(OWN, max_size=4),
    st.booleans(),
    st.sampled_from(IndicatorMode.values),
)
def test_no_interim_value_is_expected_that_was_neither_printed_nor_confirmed(
    printed, own, last, mode
):
    indicator = SimpleNamespace(pk=None, targets=rows(printed), mode=mode, direction="at_least")
    period = SimpleNamespace(year=2013, index=2, is_last_of_plan=last)
    for number in numbers_of(SimpleNamespace(indicators=rows([indicator])), period, own):
        said = {t.value for t in printed if t.quarter == 2 or (t.quarter is None and last)}
        confirmed = {n.value for n in own if (n.quarter, n.state) == (2, "confirmed")}
        assert number.aim is None or number.aim.value in (said or confirmed)
        assert (number.aim is None) == (number.basis == "") == (not number.required)
        assert not (number.basis == "breakdown" and any(t.quarter for t in printed))


def test_a_unit_withdraws_its_own_breakdown_while_nobody_has_answered(unit, office, client):
    rows = unit.propose((2, Decimal(5000)))
    client.force_login(office.people.reporter)
    seen = {"seen": rows[0].pk}
    assert "收回 1 个待确认的节点" in client.get(PAGE).content.decode()
    shown = client.post(WITHDRAW, seen, follow=True).content.decode()
    assert "已收回 1 个分解节点，督查室不再处理" in shown
    assert "收回 1 个待确认的节点" not in shown
    assert Breakdown.objects.get().state == "withdrawn"
    entry = Entry.objects.order_by("-seq").first()
    assert (entry.verb, entry.visibility, entry.actor_unit) == (
        "withdraw_breakdown",
        "internal",
        "安监局",
    )
    assert "刚才有变化" in client.post(WITHDRAW, seen).content.decode()


def test_a_confirmed_breakdown_or_one_of_another_unit_is_not_withdrawn(unit, office):
    rows = unit.propose((2, Decimal(5000)))
    arguments = {
        "task": unit.task,
        "seen": [rows[0].pk],
        "by": office.people.reporter,
        "at": JULY_2,
    }
    with pytest.raises(Refused, match="不是这项任务的责任单位"):
        withdraw_breakdown(department=office.units["jiaoyuju"], **arguments)
    unit.confirm(rows)
    with pytest.raises(Refused, match="刚才有变化"):
        withdraw_breakdown(department=office.units["anjianju"], **arguments)
