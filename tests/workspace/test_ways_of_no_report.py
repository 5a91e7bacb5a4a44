"""待报送, 退回修改中, 未报送 and 提前截止时未报送 are four things: whoever counts one counts no
other, on every page, paper, file and interface, before the release and after it.
"""

import re
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

import pytest
import time_machine
from docx import Document

from progress.actions.nudges import nudge_partner
from progress.actions.reports import submit_report
from progress.actions.reviews import return_report
from tasks.models import Responsibility
from tests.fixtures.page_tables import tables
from tests.fixtures.page_text import text_of, words_in
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30, moment
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.word_files import book_of, records
from workspace.read_models.internal_status import status_rows
from workspace.read_models.oversight import oversight
from workspace.read_models.release import preview

pytestmark = pytest.mark.usefixtures("standing")
JULY_6, JULY_10, JULY_16 = (moment(f"2013-07-{day}T09:00:00") for day in ("06", "10", "13"))
CROSS = "办得怎样（行）和报得怎样（列），项数"
QUARTER = {"plan": "wp2013", "year": 2013, "quarter": 2}
# Each word with its key in `reporting=`.
KEYS = {
    "待报送": "awaited",
    "退回修改中": "returned",
    "未报送": "missing",
    "提前截止时未报送": "closed_early",
}


class Way(NamedTuple):
    """How it comes about, the day on which staff look, and why the quarter is closed early."""

    happens: Callable
    day: object
    early: str = ""


def nothing(office):
    """No unit files anything."""


def sent_back(office):
    return_report(report=office.submit(), reason="请补", by=office.people.supervisor, at=JULY_5)


def closed_early(office):
    office.close_early("提前开会")


BEFORE = {
    "待报送": [Way(nothing, JULY_2), Way(nothing, JULY_10)],
    "退回修改中": [Way(sent_back, JULY_10), Way(sent_back, JULY_16)],
    "未报送": [Way(nothing, JULY_16)],
    "提前截止时未报送": [Way(closed_early, JULY_6), Way(closed_early, JULY_16)],
}
AFTER = {
    "退回修改中": [Way(sent_back, JULY_30)],
    "未报送": [Way(nothing, JULY_30)],
    "提前截止时未报送": [Way(nothing, JULY_30, "提前开会"), Way(nothing, JULY_6, "提前开会")],
}


def ways(table: dict) -> list:
    return [
        pytest.param(word, way, id=f"{KEYS[word]}-{way.day:%m%d}")
        for word, rows in table.items()
        for way in rows
    ]


def counts(text: str) -> dict[str, int]:
    """Word -> how many a text counts of it, in a sentence or the head of a chapter."""
    found = {word: re.search(rf"(?<!时){word}(?: |的（|)(\d+) ?项", text) for word in KEYS}
    return {word: int(match[1]) for word, match in found.items() if match and int(match[1])}


def crossed(page) -> dict[str, int]:
    """Word -> its count in the table of doing and reporting."""
    head, *lines = tables(page)[CROSS]
    return {
        word: count
        for word, cells in zip(head, zip(*lines, strict=True), strict=True)
        if word in KEYS and (count := sum(int(cell.split()[0]) for cell in cells))
    }


def paper(response) -> str:
    document = Document(BytesIO(b"".join(response.streaming_content)))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def overview(client) -> str:
    """Its figures, without the line that may name a word in a sentence."""
    return re.sub(r"\s+", " ", words_in(client.get("/staff/overview/"), "main"))


def seen_by_staff(client, office) -> dict[str, dict[str, int]]:
    client.force_login(office.people.leader)
    return {
        "overview": counts(overview(client)),
        "meeting": counts(text_of(client.get("/staff/meeting/"))),
        "meeting in Word": counts(paper(client.get("/staff/meeting/meeting.docx"))),
        "dashboard of staff": crossed(
            client.get("/staff/dashboard/", {"plan": "wp2013", "quarter": "2013-2"})
        ),
    }


@pytest.mark.parametrize(("word", "way"), ways(BEFORE))
def test_before_the_release_staff_read_one_way_of_no_report_and_no_other(client, office, word, way):
    way.happens(office)
    with time_machine.travel(way.day, tick=False):
        found = seen_by_staff(client, office)
        client.force_login(office.people.supervisor)
        page = client.get("/staff/releases/wp2013/2013-2/")
        found["release"] = counts(text_of(page))
        word_file = client.get("/staff/releases/wp2013/2013-2/draft.docx")
        found["release in Word"] = counts(paper(word_file))
        assert "新逾期未报送的：没有" in text_of(client.get("/staff/meeting/")) or word == "未报送"
        assert ("逾期 1 天" in overview(client)) == (word == "未报送")
    assert found == {place: {word: 1} for place in found}


@pytest.mark.parametrize(("word", "way"), ways(AFTER))
def test_after_the_release_everybody_reads_one_way_of_no_report_and_no_other(
    client, office, word, way
):
    way.happens(office)
    office.publish(at=way.day, early=way.early)
    with time_machine.travel(way.day, tick=False):
        found = seen_by_staff(client, office)
        found["circular"] = counts(paper(client.get("/staff/quarters/2013-2/circular.docx")))
        client.logout()
        found["dashboard"] = crossed(client.get("/dashboard/", {"plan": "wp2013"}))
        found["bulletin"] = counts(text_of(client.get("/quarters/2013-2/")))
        found["front page"] = counts(text_of(client.get("/")))
        (line,) = records(book_of(client), "总数")
        found["circular as a table"] = {key: line[key] for key in KEYS if line.get(key)}
        found["interface"] = asked(client)
    assert found == {place: {word: 1} for place in found}


def test_a_silent_partner_of_a_joint_item_is_named_and_counted_as_no_missing_report(client, office):
    """The lead has reported: what is missing is a part."""
    add_supporting_unit(office)
    office.save()
    nudge_partner(
        task=office.white_paper.task,
        period=office.period,
        department=office.units["jiaoyuju"],
        by=office.people.reporter,
        at=JULY_2,
    )
    report = office.white_paper.task.reports.get()
    office.verify(submit_report(report=report, by=office.people.reporter, at=JULY_5))
    office.publish()
    with time_machine.travel(JULY_30, tick=False):
        found = seen_by_staff(client, office)
        circular = paper(client.get("/staff/quarters/2013-2/circular.docx"))
        client.logout()
        found |= {"circular": counts(circular), "dashboard": crossed(client.get("/dashboard/"))}
        bulletin = text_of(client.get("/quarters/2013-2/"))
        found |= {"bulletin": counts(bulletin), "interface": asked(client)}
    assert found == {place: {} for place in found}
    assert "未收到教育局部分" in circular
    assert "未收到教育局部分" in bulletin


def asked(client) -> dict[str, int]:
    """Word -> how many tasks the interface finds by it; their own words say the same."""
    found = {}
    for word, key in KEYS.items():
        page = client.get("/api/v1/tasks/", QUARTER | {"reporting": key}).json()
        for task in page["results"]:
            row = task["latest_publication"]
            said = (row["reporting"], row["headline"]["label"])
            assert said == ({"code": key, "label": word}, word)
            assert row["first_filed_on"] == ("2013-07-02" if word == "退回修改中" else None)
            found[word] = found.get(word, 0) + 1
    return found


def test_units_without_a_report_are_counted_alike_on_overview_and_release_page(office):
    Responsibility.objects.update(kind="lead")
    for order, name in enumerate(["jiaoyuju", "chengguanju"], 2):
        Responsibility.objects.create(
            task=office.white_paper.task,
            department=office.units[name],
            order=order,
            kind="supporting",
            basis="published",
        )
    shown = oversight(status_rows(at=JULY_16))
    ((words, units),) = preview(office.period, None, at=JULY_16).owing
    assert (words, units) == ("未报送", ["安监局"])
    assert shown.silent_units == len(units)


def test_a_group_of_the_overview_names_its_quarters_and_the_returned_one_is_in_a_count(office):
    sent_back(office)
    office.publish()
    shown = oversight(status_rows(at=JULY_30))
    assert shown.quarters["returned"] == "2013年第二季度"
    counted = [shown.filed, shown.unreported, shown.returned, shown.closed_early]
    assert sum(map(len, counted)) == shown.due == 1


def test_the_list_of_periods_counts_filed_and_returned_as_the_overview_does(client, office):
    client.force_login(office.people.supervisor)
    sent_back(office)
    with time_machine.travel(JULY_6, tick=False):
        words = re.sub(r"\s+", " ", text_of(client.get("/staff/periods/")))
        assert "0 / 1另有 1 项退回修改中" in words
        assert "已报送 0/1 项" in overview(client)
        office.period.reports.update(status="submitted")
        words = re.sub(r"\s+", " ", text_of(client.get("/staff/periods/")))
        assert "1 / 1" in words
        assert "退回修改中" not in words
        assert "已报送 1/1 项" in overview(client)


def test_nothing_is_new_that_the_last_release_has_said(office):
    assert [row.new for row in oversight(status_rows(at=JULY_16)).rows] == [False]
    office.publish()
    shown = oversight(status_rows(at=JULY_30))
    assert (len(shown.rows), shown.new, shown.compared) == (1, [], 1)


def test_a_released_quarter_is_nowhere_announced_beside_the_day_it_was_released_on(client, office):
    client.force_login(office.people.supervisor)
    pages = ("/staff/releases/wp2013/2013-2/", "/staff/periods/")

    def announcing() -> list[str]:
        return [page for page in pages if re.search("(?<!原)计划公布", text_of(client.get(page)))]

    assert announcing() == [*pages]
    office.publish()
    assert "已公布 · 2013年7月30日" in text_of(client.get(pages[0]))
    assert announcing() == []


def test_the_circular_says_of_a_report_nobody_has_checked_that_it_waits(client, office):
    report = office.submit()
    report.pace = "slow"
    report.save()
    office.publish()
    client.force_login(office.people.supervisor)
    circular = paper(client.get("/staff/quarters/2013-2/circular.docx"))
    assert "单位自评推进缓慢，待核查" in circular
    assert "督查核定待核查" not in circular
