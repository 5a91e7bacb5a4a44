"""The words by which public questions are chosen: the same on the page,
in the API and in the feed.
"""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from feedback.models import Ticket
from tests.fixtures import letters
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.both, pytest.mark.django_db]
INDEX = "/feedback/"
ENDS = {"page": INDEX, "API": "/api/v1/questions/", "feed": "/feedback/feed/"}
FIRST, LAST = "YT-2013-000001", "YT-2013-000002"


@pytest.fixture
def two(people, units, calendar_2013):
    """Answered on 3 July and, with the last minute of the day, on 31 July;
    both published in August.
    """
    desk = (people.clerk, units["anjianju"], people.reporter)
    letters.published(*desk, token="a")
    late = letters.published(*desk, token="b")
    Ticket.objects.filter(pk=late.pk).update(
        answered_at=datetime.fromisoformat("2013-07-31T23:59:00+08:00")
    )
    Ticket.objects.update(published_at=NOW + timedelta(days=40))


def found(client, where: str, asked: str) -> list[str]:
    answer = client.get(f"{ENDS[where]}?{asked}")
    assert answer.status_code == 200
    return [number for number in (FIRST, LAST) if number in answer.content.decode()]


@pytest.mark.parametrize("where", ENDS)
@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("answered_from=2013-07-03&answered_to=2013-07-31", [FIRST, LAST]),
        ("answered_from=2013-07-04", [LAST]),
        ("answered_to=2013-07-30", [FIRST]),
        ("answered_from=2013-07-31&answered_to=2013-07-31", [LAST]),
        ("answered_from=2013-08-01", []),
        ("answered_from=&answered_to=", [FIRST, LAST]),
    ],
)
def test_the_filter_by_days_means_the_days_of_the_answers_and_includes_both_ends(
    where, asked, numbers, client, two
):
    assert found(client, where, asked) == numbers


WRONG = [
    ("answered_from=7月1日", "“答复日期从”请填写日期，例如 2017-09-30。"),
    ("answered_to=2013-02-30", "“答复日期到”请填写日期，例如 2017-09-30。"),
    (
        "answered_from=2013-07-31&answered_to=2013-07-01",
        "“答复日期到”早于“答复日期从”的2013年7月31日，请改其中一个。",
    ),
]


@pytest.mark.parametrize("where", ENDS)
@pytest.mark.parametrize(("asked", "told"), WRONG)
def test_a_day_that_cannot_be_asked_for_is_said_in_words(where, asked, told, client, two):
    answer = client.get(f"{ENDS[where]}?{asked}")
    assert answer.status_code == 400
    assert told in answer.content.decode()


@pytest.mark.parametrize(("asked", "told"), WRONG)
def test_a_wrong_day_keeps_what_was_typed_and_the_other_filters_of_questions(
    asked, told, client, two
):
    page = client.get(f"{INDEX}?q=电话&{asked}").content.decode()
    typed = [part.split("=")[1] for part in asked.split("&")]
    assert [value for value in ["电话", *typed] if f'value="{value}"' not in page] == []
    assert '<details class="filters__more" open>' in page
    assert FIRST in page


def test_the_days_asked_for_stay_in_the_pagination_and_the_feed_of_questions(
    client, people, units, calendar_2013
):
    for n in range(21):
        letters.published(people.clerk, units["anjianju"], people.reporter, token=f"{n}")
    page = client.get(f"{INDEX}?answered_from=2013-07-01&answered_to=2013-07-31").content.decode()
    assert 'href="?answered_from=2013-07-01&amp;answered_to=2013-07-31&amp;page=2"' in page
    address = "/feedback/feed/?answered_from=2013-07-01&amp;answered_to=2013-07-31"
    assert page.count(f'href="{address}"') == 2


def test_the_day_filters_of_questions_stay_folded_without_a_day(client, two):
    page = client.get(INDEX).content.decode()
    assert re.search(r'<details class="filters__more">\s*<summary>更多条件', page)


def test_the_title_of_the_feed_says_the_days(client, two):
    feed = ET.fromstring(client.get("/feedback/feed/?answered_from=2013-07-04").content)
    assert feed.findtext("{http://www.w3.org/2005/Atom}title").endswith(
        "（答复日期从：2013年7月4日）"
    )


def test_the_list_of_questions_about_one_promise_names_the_promise(
    client, white_paper, people, units, calendar_2013
):
    letters.published(people.clerk, units["anjianju"], people.reporter, task=white_paper.task)
    assert "有关的问答" in (
        page := client.get(f"{INDEX}?task={white_paper.task.code}").content.decode()
    )
    assert f'<a href="/tasks/{white_paper.task.code}/">{white_paper.task.title}</a>”' in page
    assert "有关的问答" not in client.get(INDEX).content.decode()
    assert client.get(f"{INDEX}?task=%00").status_code == 400
