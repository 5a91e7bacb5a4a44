"""Promises are closed and succeeded, never overwritten,
and each action tells the record what it did.
"""

import json
from datetime import date

import pytest

from common.errors import Refused
from common.text.canonical import digest
from departments.models import Role
from ledger.models import Entry
from tasks.actions.plans import (
    PlainWords,
    archive_plan,
    publish_plan,
    save_plain_words,
    set_tracked_from,
)
from tasks.actions.responsibilities import confirm_proposed, designate
from tasks.models import Responsibility, Task
from tests.fixtures.people import NOW, PORTAL

pytestmark = pytest.mark.both


@pytest.fixture
def by(people):
    return people.supervisor.actor(Role.SUPERVISOR)


@pytest.fixture
def bare(white_paper) -> Task:
    """A second task for which the document prints no unit."""
    return Task.objects.create(
        plan=white_paper.plan,
        section=white_paper.section,
        number=19,
        code="wp2013-19",
        title="绩效",
    )


def propose(task, unit, kind="lead", order=1) -> Responsibility:
    return Responsibility.objects.create(
        task=task, department=unit, order=order, kind=kind, basis="proposed", source="按职能推定"
    )


def in_force(task) -> list[tuple[str, str, str]]:
    return list(task.responsibilities.in_force().values_list("department__slug", "kind", "basis"))


def facts() -> list[dict]:
    return [
        json.loads(payload)["facts"]
        for payload in Entry.objects.public().values_list("payload", flat=True)
    ]


def test_confirming_closes_the_proposed_row_and_lets_a_designated_one_succeed_it(bare, units, by):
    old = propose(bare, units["chengguanju"])
    assert confirm_proposed(tasks=[bare], by=by, at=NOW) == 1
    old.refresh_from_db()
    new = bare.responsibilities.in_force().get()
    assert (old.basis, old.valid_to) == ("proposed", date(2013, 7, 2))
    assert (new.kind, new.basis, new.decided_by, new.valid_from) == (
        "lead",
        "designated",
        "督查室",
        date(2013, 7, 2),
    )
    assert new.source == "督查室于2013年7月2日指定"
    assert facts() == [{"department": "chengguanju", "kind": "lead", "basis": "designated"}]


def test_confirming_several_tasks_at_once_leaves_what_is_printed_alone(
    white_paper, bare, units, by
):
    propose(white_paper.task, units["jiaoyuju"], order=2)
    propose(bare, units["chengguanju"])
    propose(bare, units["qufuban"], kind="supporting", order=2)
    assert confirm_proposed(tasks=[white_paper.task, bare], by=by, at=NOW) == 3
    assert ("anjianju", "listed", "published") in in_force(white_paper.task)
    assert in_force(bare) == [
        ("chengguanju", "lead", "designated"),
        ("qufuban", "supporting", "designated"),
    ]
    assert Entry.objects.about("task", bare.code).count() == 2


def test_confirming_twice_changes_nothing_more(bare, units, by):
    propose(bare, units["chengguanju"])
    confirm_proposed(tasks=[bare], by=by, at=NOW)
    assert confirm_proposed(tasks=[bare], by=by, at=NOW) == 0
    assert Entry.objects.count() == 1


def test_only_the_chosen_unit_of_a_joint_item_is_succeeded(white_paper, units, by):
    Responsibility.objects.create(
        task=white_paper.task,
        department=units["jiaoyuju"],
        order=2,
        kind="listed",
        basis="published",
    )
    designate(task=white_paper.task, department=units["anjianju"], kind="lead", by=by, at=NOW)
    assert in_force(white_paper.task) == [
        ("anjianju", "lead", "designated"),
        ("jiaoyuju", "listed", "published"),
    ]
    assert (
        white_paper.task.responsibilities.filter(
            basis="published", valid_to=date(2013, 7, 2)
        ).count()
        == 1
    )


def test_a_printed_unit_stays_named_when_the_lead_passes_to_another(white_paper, units, by):
    Responsibility.objects.create(
        task=white_paper.task,
        department=units["jiaoyuju"],
        order=2,
        kind="listed",
        basis="published",
    )
    designate(task=white_paper.task, department=units["anjianju"], kind="lead", by=by, at=NOW)
    designate(task=white_paper.task, department=units["jiaoyuju"], kind="lead", by=by, at=NOW)
    assert in_force(white_paper.task) == [
        ("anjianju", "listed", "published"),
        ("jiaoyuju", "lead", "designated"),
    ]


def test_a_designated_unit_comes_after_those_already_there(white_paper, units, by):
    made = designate(
        task=white_paper.task, department=units["jiaoyuju"], kind="supporting", by=by, at=NOW
    )
    assert made.order == 2


def test_a_printed_lead_is_above_designation(bare, units, by):
    Responsibility.objects.create(
        task=bare, department=units["chengguanju"], order=1, kind="lead", basis="published"
    )
    with pytest.raises(Refused, match="文件载明由城管局牵头"):
        designate(task=bare, department=units["jiaoyuju"], kind="lead", by=by, at=NOW)
    assert in_force(bare) == [("chengguanju", "lead", "published")]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("unit", "kind", "refusal"),
    [
        ("anjianju", "supporting", "安监局已由文件载明为责任单位"),
        ("jiaoyuju", "listed", "请选择牵头或配合"),
    ],
)
def test_a_designation_that_says_nothing_is_refused(white_paper, units, by, unit, kind, refusal):
    with pytest.raises(Refused, match=refusal):
        designate(task=white_paper.task, department=units[unit], kind=kind, by=by, at=NOW)


def test_the_same_designation_is_not_made_twice(bare, units, by):
    designate(task=bare, department=units["jiaoyuju"], kind="lead", by=by, at=NOW)
    with pytest.raises(Refused, match="已经指定过"):
        designate(task=bare, department=units["jiaoyuju"], kind="lead", by=by, at=NOW)


def test_nobody_without_a_unit_can_designate(bare, units):
    with pytest.raises(Refused, match="要写明由哪个单位指定"):
        designate(task=bare, department=units["jiaoyuju"], kind="lead", by=PORTAL, at=NOW)


def test_plans_move_only_along_their_states(white_paper, by):
    with pytest.raises(Refused, match="现在的状态不能改为“已公布”"):
        publish_plan(plan=white_paper.plan, by=by, at=NOW)
    archive_plan(plan=white_paper.plan, by=by, at=NOW)
    assert white_paper.plan.state == "archived"
    assert facts() == [{"state": ["published", "archived"]}]
    publish_plan(plan=white_paper.plan, by=by, at=NOW)
    assert Entry.objects.about("plan", "wp2013").count() == 2


def test_the_day_from_which_a_plan_is_tracked_is_on_record(white_paper, by):
    set_tracked_from(plan=white_paper.plan, day=date(2013, 4, 1), by=by, at=NOW)
    white_paper.plan.refresh_from_db()
    assert white_paper.plan.tracked_from == date(2013, 4, 1)
    assert facts() == [{"tracked_from": ["2013-01-01", "2013-04-01"]}]


def test_plain_words_are_signed_by_the_unit_that_wrote_them(white_paper, by):
    task, name, sentence = white_paper.task, "安全生产培训", "全年培训一万五千人次。"
    save_plain_words([PlainWords(task, name, sentence)], by=by, at=NOW)
    task.refresh_from_db()
    assert (task.name, task.summary, task.summary_by) == (name, sentence, "督查室")
    assert facts() == [{"summary": digest(sentence), "plain_name": digest(name)}]
    for unsigned in (PlainWords(task, "", "没有署名。"), PlainWords(task, "没有署名", "")):
        with pytest.raises(Refused, match="通俗名称和一句话说明要有署名单位"):
            save_plain_words([unsigned], by=PORTAL, at=NOW)
    save_plain_words([PlainWords(task, "", "")], by=PORTAL, at=NOW)
    task.refresh_from_db()
    assert (task.name, task.summary_by) == (task.title, "")
