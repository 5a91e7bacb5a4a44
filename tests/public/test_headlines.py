"""The headline of a task: its year-end conclusion once that is published, else its last quarter."""

from datetime import date

import pytest

from progress.models import ReportingPeriod
from publishing.actions.withholding import take_down_publication
from publishing.choices import Outcome
from publishing.models import Publication, YearEnd
from publishing.read_models.commitment_status import commitment_chips
from publishing.read_models.headlines import displayed_headlines, headlines_of, with_state
from publishing.read_models.public_status import DELIVERY, STATE_WORDS
from tasks.models import Plan, Task
from tests.fixtures.independent_figures import counts
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_tables import leads, listed
from tests.fixtures.quarter import moment
from tests.fixtures.word_files import book_of, records, word_of

pytestmark = pytest.mark.both

JANUARY, FEBRUARY = moment("2014-01-20T10:00:00"), moment("2014-02-20T10:00:00")
DASHBOARD = {"plan": "wp2013"}


def conclude(office, verdict="partly", *, task=None, year=2013, at=FEBRUARY) -> YearEnd:
    people = office.people
    said = {"verdict": verdict, "reason": "少培训200人次。"}
    said |= {"document": "" if verdict in ("done", "exceeded") else "完成情况报告"}
    drawn_up = {"prepared_by": people.supervisor, "prepared_at": JANUARY}
    published = {"published_by": people.publisher, "published_at": at} if at else {}
    task = task or office.white_paper.task
    return YearEnd.objects.create(task=task, year=year, **said, **drawn_up, **published)


def quarter_of_next_year() -> None:
    """The plan runs on, and its first quarter of 2014 was released as done."""
    Plan.objects.update(ends_on=date(2014, 12, 31))
    row = Publication.objects.get()
    later = ReportingPeriod.objects.get(pk=row.period_id)
    later.pk, later.year, later.index = None, 2014, 1
    later.released_at = moment("2014-04-30T10:00:00")
    later.save()
    row.pk, row.period, row.sha256, row.headline = None, later, "4" * 64, "done"
    row.assessment_pace, row.published_at = "done", later.released_at
    row.save()


def headline(**chosen) -> tuple[str | None, str]:
    """(state, word) of the only task: by the database, which must agree with the rows in Python."""
    tasks = with_state(Task.objects.select_related("plan"), **chosen)
    task, quarter = tasks.get(), chosen.get("quarter")
    shown = displayed_headlines([task], chosen.get("year"), quarter)[task.pk]
    assert shown.state == (task.state or shown.own_state)
    if not quarter and "year" not in chosen:
        assert headlines_of([task], chosen.get("day"))[task.pk].chip() == shown.chip()
    return task.state, shown.chip().label


def test_without_a_conclusion_the_last_quarter_is_the_headline(released):
    assert headline() == ("slow", "推进缓慢")


def test_a_conclusion_that_is_not_published_is_not_the_headline(released, office):
    conclude(office, at=None)
    assert headline() == ("slow", "推进缓慢")


def test_a_published_conclusion_is_the_headline_with_the_last_quarter_beside_it(released, office):
    conclude(office)
    assert headline() == ("partly", "部分完成")
    (shown,) = headlines_of(Task.objects.select_related("plan")).values()
    assert (shown.voice, shown.chip().note) == ("年终结论", "年终结论 · 第二季度核定 推进缓慢")


def test_a_conclusion_is_the_headline_where_no_quarter_was_published(office):
    conclude(office, "done")
    assert headline() == ("done", "完成")


def test_the_last_quarter_is_not_repeated_where_it_says_the_same(released, office):
    Publication.objects.update(headline="done", assessment_pace="done")
    conclude(office, "done")
    (shown,) = headlines_of(Task.objects.select_related("plan")).values()
    assert shown.chip().note == "年终结论"


def test_a_quarter_of_a_later_year_is_the_headline_again(released, office):
    conclude(office)
    quarter_of_next_year()
    assert headline() == ("done", "已完成")
    assert headline(year=2013) == ("partly", "部分完成")
    conclude(office, "not_done", year=2014)
    assert headline() == ("not_done", "未完成")
    (shown,) = headlines_of(Task.objects.select_related("plan")).values()
    assert shown.chip().note == "2014年年终结论 · 第一季度核定 已完成"


def test_a_chosen_quarter_keeps_its_state_with_the_conclusion_on_its_year_beside_it(
    released, office, client
):
    conclude(office)
    quarter_of_next_year()
    assert headline(year=2013, quarter=2) == ("slow", "推进缓慢")
    (line,) = client.get("/tasks/", {"year": 2013, "quarter": 2}).context["list"].lines
    assert line.chip.note == "督查核定 · 2013年第二季度 · 年终结论 部分完成"
    (line,) = client.get("/tasks/", {"year": 2014, "quarter": 1}).context["list"].lines
    assert line.chip.note == "督查核定 · 2014年第一季度"
    (line,) = client.get("/tasks/", {"year": 2013, "quarter": 4}).context["list"].lines
    assert (line.chip.label, line.chip.note) == ("尚未公布", "年终结论 部分完成")


@pytest.mark.parametrize(
    ("day", "state"), [(date(2014, 2, 19), "slow"), (date(2014, 2, 20), "partly")]
)
def test_a_conclusion_counts_from_its_own_day(released, office, day, state):
    conclude(office)
    assert headline(day=day)[0] == state


def test_the_day_of_a_conclusion_can_be_asked_for(released, office, client):
    conclude(office)
    assert client.get("/tasks/?as_of=2014-02-20").status_code == 200
    assert 'as_of=2014-02-20"' in client.get("/plans/wp2013/").content.decode()


def test_a_quarter_taken_down_by_law_is_not_told_beside_the_conclusion(released, office):
    conclude(office)
    law = {"legal_basis": "《档案法》第二十八条", "reason": "涉及个人。"}
    take_down_publication(publication=released, **law, by=office.people.publisher, at=FEBRUARY)
    (shown,) = headlines_of(Task.objects.select_related("plan")).values()
    assert shown.chip().note == "年终结论 · 第二季度 依法暂不公开"


@pytest.mark.parametrize(
    ("verdict", "group"),
    [
        ("done", "done"),
        ("exceeded", "done"),
        ("done_changed", "done"),
        ("partly", "behind"),
        ("not_done", "behind"),
        ("ended", "not_asked"),
    ],
)
def test_each_conclusion_is_found_by_its_key_and_in_its_group_alone(
    released, office, client, verdict, group
):
    conclude(office, verdict)
    assert listed(client, f"/tasks/?state={verdict}") == 1
    groups = ("done", "going", "behind", "unknown", "not_asked")
    found = {key for key in groups if listed(client, f"/tasks/?delivery={key}")}
    assert found == {group}
    told = client.get("/api/v1/tasks/", {"state": verdict}).json()["results"][0]["state"]
    assert told == {"code": verdict, "label": Outcome(verdict).label, "voice": "年终结论"}


def test_the_circular_names_the_conclusion_beside_the_task(released, office, client):
    conclude(office)
    client.force_login(office.people.leader)
    paper = "".join(paragraph.text for paragraph in word_of(client).paragraphs)
    assert "（年终结论 部分完成）" in paper
    assert "以上是这个季度的状态；2013年年终结论：部分完成1项。" in paper
    (line,) = records(book_of(client), "各项")
    assert (line["公开状态"], line["年终结论"]) == ("推进缓慢", "部分完成")


def test_every_conclusion_has_a_public_word_and_stands_in_one_group():
    assert set(Outcome.values) <= STATE_WORDS.keys()
    groups = ("done", "going", "behind", "unknown", "not_asked")
    for verdict in Outcome.values:
        assert sum(verdict in DELIVERY[key][1] for key in groups) == 1


def test_no_promise_is_marked_by_the_conclusion_on_its_task(released, office, white_paper):
    before = commitment_chips(white_paper.plan, white_paper.commitments)
    conclude(office, "not_done")
    assert commitment_chips(white_paper.plan, white_paper.commitments) == before
    assert "未完成" not in {chip.label for chip in before.values()}


def test_counts_and_lists_of_a_concluded_plan_agree_where_tasks_were_never_published(
    released, office, client
):
    """Two tasks came after the only release: they have a conclusion and no quarter."""
    others = more_tasks(office.white_paper, office.units["chengguanju"], 2)
    for task, verdict in zip([released.task, *others], ["partly", "done", "ended"], strict=True):
        conclude(office, verdict, task=task)
    page = client.get("/dashboard/", DASHBOARD)
    data = client.get("/dashboard/recount.json", DASHBOARD).json()
    assert sorted(row["state"] for row in data["rows"]) == ["done", "ended", "partly"]
    found = leads(page)
    assert [(n, address) for n, address in found if listed(client, address) != n] == []
    figures = [one for one in data["figures"] if one["recipe"]["op"] == "count"]
    assert [
        one
        for one in figures
        if int(one["value"]) != sum(counts(row, one["recipe"]) for row in data["rows"])
    ] == []
    assert "到年底：完成1，部分完成1，终止1" in client.get("/plans/").content.decode()
