"""Pages of the small plan: none of a draft, and as many queries for many tasks as for few."""

import pytest

from tasks.models import Plan, Task
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import text_of


@pytest.mark.parametrize(
    "address", ["/", "/plans/wp2013/", "/plans/wp2013/document/", "/tasks/", "/search/?q=第"]
)
def test_a_page_asks_the_database_as_often_for_thirty_tasks_as_for_three(
    address, white_paper, units, client, django_assert_max_num_queries
):
    more_tasks(white_paper, units["jiaoyuju"], 3)
    with django_assert_max_num_queries(13) as few:
        client.get(address)
    Task.objects.exclude(code="wp2013-18").update(section=white_paper.section)
    more = [
        Task(
            plan=white_paper.plan,
            section=white_paper.section,
            number=n,
            code=f"wp2013-{n}",
            title="第",
        )
        for n in range(200, 227)
    ]
    Task.objects.bulk_create(more)
    with django_assert_max_num_queries(len(few)):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/plans/wp2013/", "/plans/wp2013/document/", "/tasks/wp2013-18/"]
)
def test_a_draft_is_out_of_sight(address, white_paper, client):
    Plan.objects.update(state="draft")
    assert client.get(address).status_code == 404
    assert "全面落实安全生产责任制" not in text_of(client.get("/tasks/"))
