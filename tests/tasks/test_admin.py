"""Promises in the reference data room: supervisors describe, publish and designate;
wording is read-only.
"""

from datetime import date

import pytest
from django.contrib import admin

from ledger.models import Entry
from tasks.models import Plan, Responsibility, Target, Task

pytestmark = pytest.mark.ignore_template_errors
PLAN = "/admin/tasks/plan/"
TASK = "/admin/tasks/task/"
DUTY = "/admin/tasks/responsibility/"
LOOKED_AT = [
    "section",
    "milestone",
    "commitment",
    "indicator",
    "target",
    "passage",
    "changerequest",
]
OPEN = {
    Plan: {"short_title", "source_url", "tracked_from", "slips_public", "state"},
    Task: {"plain_name", "summary"},
}


@pytest.fixture
def room(client, people):
    client.force_login(people.supervisor)
    return client


def verbs() -> list[str]:
    return list(Entry.objects.public().values_list("verb", flat=True))


@pytest.mark.parametrize("model", OPEN)
def test_only_summaries_and_settings_of_plans_can_be_edited_in_the_reference_data(
    model, rf, people, white_paper
):
    shown = admin.site._registry[model]
    request = rf.get("/")
    request.user = people.supervisor
    row = model.objects.first()
    assert set(shown.get_form(request, row).base_fields) == OPEN[model]


@pytest.mark.parametrize("name", LOOKED_AT)
def test_rows_the_document_promises_are_read_only_in_the_reference_data(room, white_paper, name):
    assert room.get(f"/admin/tasks/{name}/").status_code == 200
    assert room.get(f"/admin/tasks/{name}/add/").status_code == 403


def test_a_post_cannot_change_official_wording(room, white_paper):
    target = white_paper.indicator.targets.first()
    assert (
        room.post(
            f"/admin/tasks/target/{target.pk}/change/", {"value": 1, "quote": "1人次"}
        ).status_code
        == 403
    )
    room.post(
        f"{TASK}{white_paper.task.pk}/change/",
        {"summary": "", "title": "别的标题", "text": "别的正文"},
    )
    assert Task.objects.get().title == "全面落实安全生产责任制"
    assert Target.objects.filter(quote="15000人次以上").exists()


def test_whether_slips_are_public_is_set_plan_by_plan_and_recorded_in_public(room, white_paper):
    form = {"short_title": "", "source_url": "", "tracked_from": "2013-01-01", "state": "published"}
    room.post(f"{PLAN}{white_paper.plan.pk}/change/", form | {"slips_public": "on"})
    white_paper.plan.refresh_from_db()
    assert white_paper.plan.slips_public
    assert verbs() == ["set_slips_public"]


def test_only_what_changed_on_a_plan_is_done_and_recorded(room, white_paper):
    form = {
        "short_title": "2013白皮书",
        "source_url": "",
        "tracked_from": "2013-01-01",
        "state": "published",
    }
    room.post(f"{PLAN}{white_paper.plan.pk}/change/", form)
    assert verbs() == ["describe_plan"]
    room.post(
        f"{PLAN}{white_paper.plan.pk}/change/",
        form | {"tracked_from": "2013-04-01", "state": "archived"},
    )
    white_paper.plan.refresh_from_db()
    assert (white_paper.plan.short_title, white_paper.plan.state) == ("2013白皮书", "archived")
    assert white_paper.plan.tracked_from == date(2013, 4, 1)
    assert verbs() == ["describe_plan", "set_tracked_from", "archive_plan"]


def test_a_published_plan_never_becomes_a_draft_again(room, white_paper):
    form = {"short_title": "", "source_url": "", "tracked_from": "2013-01-01", "state": "draft"}
    room.post(f"{PLAN}{white_paper.plan.pk}/change/", form)
    white_paper.plan.refresh_from_db()
    assert white_paper.plan.state == "published"
    assert verbs() == []


def test_a_summary_is_signed_with_the_unit_of_its_author(room, white_paper):
    room.post(
        f"{TASK}{white_paper.task.pk}/change/",
        {
            "plain_name": "安全培训",
            "summary": "全年培训一万五千人次。",
            "summary_by": "别人",
        },
    )
    white_paper.task.refresh_from_db()
    task = white_paper.task
    words = (task.plain_name, task.summary, task.summary_by)
    assert words == ("安全培训", "全年培训一万五千人次。", "督查室")
    assert verbs() == ["save_summary"]


def test_the_reference_data_designates_a_unit_through_the_action(room, white_paper, units):
    form = {
        "task": white_paper.task.pk,
        "department": units["chengguanju"].pk,
        "kind": "supporting",
        "basis": "published",
    }
    room.post(f"{DUTY}add/", form)
    made = Responsibility.objects.get(department=units["chengguanju"])
    assert (made.kind, made.basis, made.decided_by) == ("supporting", "designated", "督查室")
    assert verbs() == ["designate"]


def test_a_lead_replaces_the_designated_one_and_listed_is_no_choice(room, white_paper, units):
    form = {"task": white_paper.task.pk, "department": units["chengguanju"].pk, "kind": "lead"}
    room.post(f"{DUTY}add/", form)
    room.post(f"{DUTY}add/", form | {"department": units["jiaoyuju"].pk})
    assert Responsibility.objects.in_force().get(kind="lead").department == units["jiaoyuju"]
    page = room.post(f"{DUTY}add/", form | {"kind": "listed"}).content.decode()
    assert "listed" in page
    assert verbs() == ["designate", "designate"]


def test_a_designation_the_action_refuses_is_explained_on_the_page(room, white_paper, units):
    form = {"task": white_paper.task.pk, "department": units["anjianju"].pk, "kind": "supporting"}
    page = room.post(f"{DUTY}add/", form, follow=True).content.decode()
    assert "已由文件载明为责任单位" in page
    assert verbs() == []


@pytest.mark.parametrize("place", [f"{PLAN}%s/change/", f"{TASK}%s/change/"])
def test_an_administrator_may_look_but_not_write(client, people, white_paper, place):
    client.force_login(people.administrator)
    address = place % (white_paper.plan.pk if "plan" in place else white_paper.task.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"summary": "改", "short_title": "改"}).status_code == 403


def test_an_administrator_designates_nobody(client, people, white_paper):
    client.force_login(people.administrator)
    assert client.get(f"{DUTY}add/").status_code == 403
