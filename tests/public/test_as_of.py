"""As of a day: what was public when the day ended, and nothing that came later or had to go."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from publishing.actions.withholding import take_down_publication
from publishing.models import Publication
from publishing.read_models.headlines import headlines_of, with_state
from publishing.read_models.public_status import count_states
from tasks.models import Plan, Responsibility, Task
from tests.fixtures.as_of import RELEASED, another_release, newest_by
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import JULY_30, moment
from tests.fixtures.seeded_tasks import seeded_quarter

pytestmark = pytest.mark.both

LATER = "2013-08-15"
ADDRESSES = ["/tasks/", "/tasks/wp2013-18/", "/plans/wp2013/", "/quarters/2013-2/"]
AUGUST_5 = moment("2013-08-05T10:00:00")


@pytest.mark.parametrize("seed", range(4))
def test_on_every_day_the_state_is_the_newest_revision_published_by_then(office, seed):
    seeded_quarter(office, 25, seed)
    for offset in range(-1, 25):
        day = JULY_30.date() + timedelta(days=offset)
        shown = Publication.objects.as_of(day).values_list("task_id", "period_id", "revision")
        assert {(task, period): revision for task, period, revision in shown} == newest_by(day), day
        assert len(shown) == len(newest_by(day))


@pytest.mark.parametrize("seed", range(2))
def test_lists_counts_and_bulletin_of_a_day_are_what_the_rows_of_that_day_give(
    office, seed, client
):
    seeded_quarter(office, 25, seed)
    another_release(office, "2013-08-10")
    day = date(2013, 8, 10)
    expected = newest_by(day)
    rows = [
        row
        for row in Publication.objects.all()
        if expected.get((row.task_id, row.period_id)) == row.revision
    ]
    states = Counter(row.headline for row in rows)
    listed = (
        with_state(Task.objects.all(), day=day)
        .exclude(displayed_id=None)
        .values_list("state", flat=True)
    )
    assert Counter(listed) == states
    headlines = headlines_of(Task.objects.select_related("plan"), day).values()
    shown = {headline.publication.pk for headline in headlines if headline.publication}
    assert shown == {row.pk for row in rows}
    bulletin = client.get("/quarters/2013-2/?as_of=2013-08-10").context["bulletin"]
    told = {part.label: part.count for part in bulletin.parts[0].segments}
    labels = dict(Publication._meta.get_field("headline").choices)
    assert told == {
        str(labels[state]): count for state, count in count_states(states.elements()).items()
    }


def test_a_day_after_the_last_revision_shows_what_is_shown_now(office):
    seeded_quarter(office, 25)
    shown = set(Publication.objects.as_of(date(2014, 1, 1)).values_list("pk", flat=True))
    assert shown == set(Publication.objects.current().values_list("pk", flat=True))


def test_a_moment_before_midnight_belongs_to_its_day(released):
    Publication.objects.update(published_at=moment("2013-07-30T23:59:59"))
    assert Publication.objects.as_of(date(2013, 7, 30)).exists()
    Publication.objects.update(published_at=moment("2013-07-31T00:00:00"))
    assert not Publication.objects.as_of(date(2013, 7, 30)).exists()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_of_a_day_shows_the_word_of_that_day(corrected, client, address):
    then, now = client.get(f"{address}?as_of={RELEASED}"), client.get(address)
    assert "推进缓慢" in states(then)
    assert "已完成" not in states(then)
    assert "已完成" in states(now)


def states(response) -> str:
    """The chips of a page, but for those of single promises."""
    page = re.sub(
        r"<(select|details|form)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(re.findall(r'chip__word">([^<]+)<', page.split('class="quote')[0]))


def test_the_task_of_a_day_has_the_words_and_numbers_of_that_day(corrected, client):
    then = text_of(client.get(f"/tasks/wp2013-18/?as_of={RELEASED}"))
    assert "完成培训 4000 人次" in then
    assert "改过的话" not in then
    assert "4100" not in then
    assert "第 1 版" in then


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_of_a_past_day_says_which_and_is_kept_from_search_engines(
    corrected, client, address
):
    page = client.get(f"{address}?as_of={RELEASED}").content.decode()
    assert "下面是2013年7月30日结束时公布的内容" in page
    assert '<meta name="robots" content="noindex">' in page
    now = client.get(address).content.decode()
    assert "结束时公布的内容" not in now
    assert "noindex" not in now


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_days_with_a_release_are_offered_and_answered(corrected, client, address):
    page = client.get(address).content.decode()
    assert re.findall(r"as_of=([\d-]+)", page) == [RELEASED]
    for day in ("2013-08-05", "2013-07-29", "heute", "2013-7-30"):
        assert client.get(address, {"as_of": day}).status_code == 404


def test_without_any_release_no_day_is_offered(white_paper, client):
    for address in ADDRESSES[:3]:
        assert "as_of=" not in client.get(address).content.decode()


def test_a_day_before_the_first_release_of_a_quarter_has_no_bulletin_of_it(
    released, office, client
):
    another_release(office, "2013-07-10")
    assert client.get("/quarters/2013-2/?as_of=2013-07-10").status_code == 404
    assert "as_of=2013-07-10" not in client.get("/quarters/2013-2/").content.decode()
    assert "进展尚未公布" in text_of(client.get("/tasks/wp2013-18/?as_of=2013-07-10"))


def test_releases_of_a_draft_plan_are_nobodys_business(released, client):
    Plan.objects.update(state="draft")
    assert client.get(f"/tasks/?as_of={RELEASED}").status_code == 404


def test_the_task_page_of_a_past_day_shows_targets_and_units_of_that_day(changed, client):
    then, now = client.get(f"/tasks/wp2013-18/?as_of={RELEASED}"), client.get("/tasks/wp2013-18/")
    assert "不少于15000人次，" in text_of(then)
    assert "12000" not in text_of(then)
    assert "经批准调整" not in text_of(then)
    assert "不少于12000人次（原为15000人次，经批准调整）" in text_of(now)
    assert "教育局" not in then.content.decode()
    assert "教育局" in now.content.decode()


def test_a_changed_responsibility_holds_from_the_day_of_the_change(changed, office):
    held = Responsibility.objects.filter(task=office.white_paper.task)
    for day, names in (
        (date(2013, 8, 4), {"anjianju"}),
        (date(2013, 8, 5), {"jiaoyuju", "anjianju"}),
    ):
        assert set(held.in_force_on(day).values_list("department__slug", flat=True)) == names
    assert set(held.in_force_on(date(2013, 8, 5))) == set(held.in_force())


def test_the_filter_by_unit_asks_who_answered_for_it_that_day(changed, client):
    found = client.get("/tasks/", {"department": "jiaoyuju"})
    then = client.get("/tasks/", {"department": "jiaoyuju", "as_of": RELEASED})
    assert found.context["list"].page.paginator.count == 1
    assert then.context["list"].page.paginator.count == 0


@pytest.mark.parametrize(
    ("asked", "then"), [({"state": "slow"}, 1), ({"state": "done"}, 0), ({"disagree": "1"}, 1)]
)
def test_the_filters_ask_about_that_day_and_the_form_keeps_it(corrected, client, asked, then):
    page = client.get("/tasks/", asked | {"as_of": RELEASED})
    assert page.context["list"].page.paginator.count == then
    assert f'<input type="hidden" name="as_of" value="{RELEASED}">' in page.content.decode()


def test_lists_of_a_past_day_link_tasks_of_the_same_day(corrected, client):
    for address in ("/tasks/", "/plans/wp2013/"):
        assert (
            f'href="/tasks/wp2013-18/?as_of={RELEASED}"'
            in client.get(f"{address}?as_of={RELEASED}").content.decode()
        )
        assert 'href="/tasks/wp2013-18/"' in client.get(address).content.decode()


def test_words_taken_down_by_law_come_back_on_no_past_day(released, office, client):
    told = {
        "legal_basis": "《档案法》第二十八条",
        "reason": "涉及个人。",
        "by": office.people.publisher,
        "at": AUGUST_5,
    }
    take_down_publication(publication=released, **told)
    for address in ADDRESSES:
        page = client.get(f"{address}?as_of={RELEASED}").content.decode()
        assert "完成培训 4000 人次" not in page
        assert "推进缓慢" not in states(client.get(f"{address}?as_of={RELEASED}"))
        assert "依法暂不公开" in page
