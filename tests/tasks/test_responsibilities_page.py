"""The supervisor's page of proposed units: one by one, or a whole plan at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.models import Entry
from tasks.models import Responsibility, Task
from tests.fixtures.lists import more_tasks

PAGE = "/staff/responsibilities/"


@pytest.fixture
def proposed(white_paper, units) -> list[Task]:
    rows = []
    for number in (19, 20, 21):
        task = Task.objects.create(
            plan=white_paper.plan,
            section=white_paper.section,
            number=number,
            code=f"wp2013-{number}",
            title=f"任务{number}",
        )
        for order, (unit, kind) in enumerate(
            [("chengguanju", "lead"), ("jiaoyuju", "supporting")], 1
        ):
            Responsibility.objects.create(
                task=task,
                department=units[unit],
                order=order,
                kind=kind,
                basis="proposed",
                source="按职能",
            )
        rows.append(task)
    return rows


@pytest.fixture
def desk(client, people):
    client.force_login(people.supervisor)
    return client


def open_rows() -> list[str]:
    rows = Responsibility.objects.in_force().filter(basis="proposed", kind="lead")
    return list(rows.order_by("task__number").values_list("task__code", flat=True))


@pytest.mark.parametrize(
    "person", ["reporter", "publisher", "clerk", "leader", "auditor", "administrator"]
)
def test_only_supervisors_open_the_page_of_responsibilities(client, people, person):
    client.force_login(getattr(people, person))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"plan": "wp2013"}).status_code == 403


def test_what_a_confirmed_unit_will_be_called_is_said_in_the_words_of_its_label(
    client, people, proposed
):
    client.force_login(people.other_supervisor)
    assert "确认后改为“由督查室指定”" in client.get(PAGE).content.decode()


def test_the_way_to_name_another_unit_stays_when_nothing_is_proposed(desk, white_paper):
    page = desk.get(PAGE).content.decode()
    assert "没有待确认的责任单位" in page
    assert "确认后改为" not in page
    assert "另行指定</a>" in page


def test_every_proposal_is_shown_with_its_units_and_reason(desk, proposed):
    page = desk.get(PAGE).content.decode()
    assert page.count("城管局（牵头）、教育局（配合）") == 3
    assert "确认全部 3 项" in page


def test_the_ticked_ones_are_confirmed_and_the_rest_stays(desk, proposed):
    page = desk.post(
        PAGE, {"tasks": [proposed[0].pk, proposed[2].pk]}, follow=True
    ).content.decode()
    assert "已指定 4 个责任单位" in page
    assert open_rows() == ["wp2013-20"]
    assert (
        Responsibility.objects.in_force().filter(basis="designated", decided_by="督查室").count()
        == 4
    )
    assert Entry.objects.public().filter(verb="confirm_proposed").count() == 4


def test_a_whole_plan_is_confirmed_by_one_button(desk, proposed):
    desk.post(PAGE, {"plan": "wp2013"})
    assert open_rows() == []
    assert "没有待确认的责任单位" in desk.get(PAGE).content.decode()


def test_confirming_responsibilities_without_a_tick_does_nothing_and_says_so(desk, proposed):
    assert "请先勾选要确认的任务" in desk.post(PAGE, {"x": "1"}).content.decode()
    assert len(open_rows()) == 3


def test_a_responsibility_confirmed_in_between_is_not_confirmed_twice(desk, proposed):
    desk.post(PAGE, {"tasks": [proposed[0].pk]})
    assert "已由别人指定" in desk.post(PAGE, {"tasks": [proposed[0].pk]}).content.decode()
    assert Entry.objects.count() == 2


def test_joint_items_without_a_lead_are_named_with_the_way_to_one(desk, white_paper, units):
    assert "还没有牵头单位" not in desk.get(PAGE).content.decode()
    Responsibility.objects.create(
        task=white_paper.task,
        department=units["jiaoyuju"],
        order=2,
        kind="listed",
        basis="published",
    )
    page = desk.get(PAGE).content.decode()
    assert f"?task={white_paper.task.pk}&amp;kind=lead" in page


def test_the_page_of_responsibilities_asks_as_many_queries_for_three_as_for_one(desk, proposed):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get(PAGE)
        return len(asked)

    three = questions()
    Responsibility.objects.filter(task__in=proposed[1:]).delete()
    assert questions() == three


@pytest.mark.parametrize(("count", "opened"), [(7, 1), (8, 0)])
def test_a_long_list_is_folded_by_section_with_its_count_in_sight(
    desk, proposed, white_paper, units, count, opened
):
    """Three are there."""
    for task in more_tasks(white_paper, units["jiaoyuju"], count):
        task.responsibilities.update(basis="proposed")
    page = desk.get(PAGE).content.decode()
    assert f"<summary>社会管理 {count + 3} 项</summary>" in page
    assert page.count('<details class="fold" open>') == opened
    assert page.count('name="tasks"') == count + 3
