"""The open interface: what the pages show, as JSON, for everybody, and nothing to write."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.security.throttling import Tally
from feedback.filters import QuestionFilter
from progress.models import ReportingPeriod
from public.filters import TaskFilter
from publishing.models import Publication
from tasks.models import Responsibility, Task
from tests.fixtures.people import PEOPLE
from tests.fixtures.routes import routes
from tests.fixtures.site import everything

API = "/api/v1/"
TASKS = f"{API}tasks/"
ONE = f"{TASKS}wp2013-18/"
ENDS = ["", "plans/", "tasks/", "milestones/", "departments/", "questions/", "letters/"]
# Whatever the router answers to; which row is asked for makes no difference to somebody who wants
# to write.
EVERYWHERE = [
    re.sub(r"\(\?P<.*?\)", "1", f"/{route}") for route, _ in routes() if route.startswith("api/v1/")
]
UNSAFE = ["post", "put", "patch", "delete"]
DETAILS = ["plans/wp2013/", "tasks/wp2013-18/", "departments/anjianju/"]


@pytest.fixture(autouse=True)
def fresh_counter():
    cache.clear()


def read(client, address=TASKS, **params):
    response = client.get(address, params)
    assert response.status_code == 200, response.content.decode()
    return response.json()


@pytest.fixture
def published(office) -> Publication:
    """The second quarter as released: on course says the unit, slow says the supervisor."""
    ReportingPeriod.objects.update(demonstration=True)
    office.period.refresh_from_db()
    asked = {commitment.pk: ("done", "") for commitment in office.white_paper.commitments[1:]}
    reading = {office.white_paper.indicator.pk: (Decimal("3601.5"), "")}
    said = replace(
        office.filing, findings=asked, readings=reading, contradiction_reason="数字仍在汇总"
    )
    office.verify(office.submit(said), "slow", note="人数不足")
    office.publish()
    return Publication.objects.get()


def more_tasks(white_paper, units, number: int, start: int = 100) -> None:
    for n in range(start, start + number):
        task = Task.objects.create(
            plan=white_paper.plan,
            section=white_paper.section,
            number=n,
            code=f"wp2013-{n}",
            title="更多",
            search_text="",
        )
        Responsibility.objects.create(
            task=task, department=units["jiaoyuju"], order=1, kind="listed", basis="published"
        )


@pytest.mark.parametrize("end", [*ENDS, *DETAILS])
def test_everybody_may_read_the_api(client, white_paper, end):
    assert client.get(API + end).status_code == 200


@pytest.mark.parametrize("person", ["visitor", *PEOPLE])
@pytest.mark.parametrize("address", EVERYWHERE)
def test_nobody_may_write_through_the_api(client, people, white_paper, address, person):
    if person != "visitor":
        client.force_login(getattr(people, person))
    before = everything()
    said = {"data": {"title": "改"}, "content_type": "application/json"}
    answers = {method: getattr(client, method)(address, **said).status_code for method in UNSAFE}
    assert set(answers.values()) <= {401, 403, 405}, answers
    assert everything() == before


def test_a_task_comes_with_its_words_as_printed(client, white_paper):
    task = read(client, ONE)
    assert (task["code"], task["plan"], task["number"]) == ("wp2013-18", "wp2013", 18)
    assert task["goal"] == "全年培训15000人次以上。"
    assert task["milestones"] == [
        {"year": 2013, "quarter": 2, "text": "培训4000人次以上；组织应急演练。"}
    ]
    assert [row["text"] for row in task["commitments"]][1] == "培训4000人次以上；"
    assert task["commitments"][1]["source"] == {"code": "milestone", "label": "季度目标"}


def test_targets_come_flat_and_as_numbers_people_write(client, white_paper):
    white_paper.indicator.targets.filter(quarter=2).update(value_max="4500.5")
    assert read(client, ONE)["targets"] == [
        {
            "name": "安全生产公共培训",
            "unit": "人次",
            "value": 4000,
            "value_max": 4500.5,
            "direction": "at_least",
            "mode": "per_quarter",
            "year": 2013,
            "quarter": 2,
            "quote": "4000人次以上",
        },
        read(client, ONE)["targets"][1] | {"value": 15000, "value_max": None, "quarter": None},
    ]
    assert b'"value":4000,' in client.get(ONE).content


def test_a_target_that_was_changed_is_not_shown_twice(client, white_paper):
    white_paper.indicator.targets.filter(quarter=2).update(valid_to=date(2013, 7, 1))
    assert [row["value"] for row in read(client, ONE)["targets"]] == [15000]


def test_an_unpublished_task_says_nothing_rather_than_something(client, white_paper):
    assert read(client, ONE)["latest_publication"] is None


def test_both_voices_and_the_numbers_come_with_their_day_and_their_mark(client, published):
    shown = read(client, ONE)["latest_publication"]
    assert shown["period"] == {"year": 2013, "quarter": 2, "label": "2013年第二季度"}
    assert (shown["headline"]["label"], shown["self"]["label"]) == ("推进缓慢", "正常推进")
    assert shown["assessment"] == {"code": "slow", "label": "推进缓慢"}
    assert shown["trajectory"] == {"code": "watch", "label": "进度略慢"}
    assert shown["timing"]["label"] == "未到期"
    assert shown["readings"] == [
        {"name": "安全生产公共培训", "unit": "人次", "value": 3601.5, "target": 4000}
        | {"target_basis": {"code": "printed", "label": "文件载明"}}
    ]
    assert (shown["data_date"], shown["revision"]) == ("2013-06-30", 1)
    assert shown["sha256"] == published.sha256
    assert shown["demonstration"] is True
    assert datetime.fromisoformat(shown["published_at"]) == published.published_at


def test_what_a_law_withholds_comes_with_the_law_and_no_number(client, office):
    office.submit()
    office.publish(withheld={office.white_paper.task.pk: "《保守国家秘密法》第二十条"})
    shown = read(client, ONE)["latest_publication"]
    assert (shown["headline"]["label"], shown["withheld_basis"]) == (
        "依法暂不公开",
        "《保守国家秘密法》第二十条",
    )
    assert shown["readings"] == []
    assert shown["self"] is None


def test_the_quarter_asked_for_chooses_the_publication_and_drops_no_task(client, published):
    found = read(client, year=2013, quarter=1)
    assert found["count"] == 1
    assert found["results"][0]["latest_publication"] is None


def test_an_unconfirmed_owner_is_not_named_outside_the_demonstration(
    client, white_paper, units, settings
):
    white_paper.task.responsibilities.update(basis="proposed")
    settings.DEMO = False
    assert read(client, ONE)["departments"] == []
    assert read(client, department="anjianju")["count"] == 0


def test_in_the_demonstration_an_unconfirmed_owner_never_comes_without_its_label(
    client, white_paper, settings
):
    white_paper.task.responsibilities.update(basis="proposed")
    settings.DEMO = True
    (named,) = read(client, ONE)["departments"]
    assert named["basis"] == {"code": "proposed", "label": "按职能推定，未经确认"}


def test_a_printed_unit_says_on_what_authority(client, white_paper):
    (named,) = read(client, ONE)["departments"]
    assert (named["slug"], named["kind"]["label"], named["basis"]["label"]) == (
        "anjianju",
        "责任单位",
        "文件载明",
    )


@pytest.mark.parametrize("end", ["plans/", "tasks/", "milestones/"])
def test_the_api_gives_nothing_of_a_draft_plan(client, white_paper, end):
    white_paper.plan.state = "draft"
    white_paper.plan.save()
    assert read(client, API + end)["results"] == []
    assert client.get(ONE).status_code == 404
    assert client.get(f"{API}plans/wp2013/").status_code == 404


@pytest.mark.parametrize(
    ("end", "params"),
    [
        ("tasks/", {"state": "nonsense"}),
        ("tasks/", {"plan": "ap1999"}),
        ("tasks/", {"quarter": "5"}),
        ("milestones/", {"plan": "ap1999"}),
    ],
)
def test_a_filter_value_the_api_does_not_know_is_refused_in_words(client, white_paper, end, params):
    response = client.get(API + end, params)
    assert response.status_code == 400
    assert "请从列出的选项中选择" in response.content.decode()


def test_the_filters_of_the_api_are_those_of_the_page(client, published, units, white_paper):
    more_tasks(white_paper, units, 2)
    assert read(client, state="slow")["count"] == 1
    assert read(client, department="jiaoyuju")["count"] == 2
    assert read(client, disagree=1)["results"][0]["code"] == "wp2013-18"
    assert read(client, q="培训")["count"] == 1


def test_the_milestones_of_the_api_are_filtered_by_quarter(client, white_paper):
    assert read(client, f"{API}milestones/", task="wp2013-18", quarter=2)["count"] == 1
    assert read(client, f"{API}milestones/", quarter=3)["count"] == 0


def test_the_api_is_paginated_and_never_gives_more_than_two_hundred_rows(
    client, white_paper, units
):
    more_tasks(white_paper, units, 204)
    first = read(client, page_size=500)
    assert (first["count"], len(first["results"])) == (205, 200)
    assert len(read(client, page_size=500, page=2)["results"]) == 5
    assert len(read(client)["results"]) == 50
    assert client.get(TASKS, {"page": 99}).status_code == 404


@pytest.mark.parametrize("end", ENDS[1:])
def test_thirty_rows_cost_no_more_questions_than_three(client, published, white_paper, units, end):
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(client, API + end)
        return len(asked)

    more_tasks(white_paper, units, 2)
    few = questions()
    more_tasks(white_paper, units, 27, start=300)
    assert questions() == few <= 24


@pytest.fixture
def braked(settings):
    cache = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "braked"}
    settings.CACHES = settings.CACHES | {"brakes": cache}
    caches["brakes"].clear()


def test_one_address_cannot_ask_without_end_and_cannot_pretend_to_be_another(
    client, white_paper, monkeypatch, braked
):
    monkeypatch.setattr(
        "common.security.throttling.API", Tally("api", 60, {"address": 3}, "brakes")
    )
    answers = [client.get(API, headers={"x-forwarded-for": f"10.0.0.{n}"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert client.get(API, REMOTE_ADDR="10.9.8.7").status_code == 200


def test_one_person_who_asked_too_often_does_not_silence_a_colleague_behind_the_same_address(
    client, people, white_paper, monkeypatch, braked
):
    monkeypatch.setattr(
        "common.security.throttling.API", Tally("api", 60, {"address": 2}, "brakes")
    )
    client.force_login(people.reporter)
    assert [client.get(API).status_code for _ in range(3)] == [200, 200, 429]
    client.force_login(people.colleague)
    assert client.get(API).status_code == 200
    client.logout()
    assert client.get(API).status_code == 200


def test_the_page_about_the_api_names_every_address_and_every_filter(client, db):
    page = client.get("/api/docs/").content.decode()
    asked = [*TaskFilter.base_filters, *QuestionFilter.base_filters]
    assert [name for name in asked if f"<code>{name}</code>" not in page] == []
    assert "/feedback/feed/" in page
    assert [end for end in ENDS if f"/api/v1/{end}" not in page] == []
