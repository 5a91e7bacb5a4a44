"""A unit that was allowed to file later is not called silent: a state of its own,
with its day, counted apart.
"""

import re
from datetime import date

import pytest
import time_machine
from docx import Document

from progress.actions.extensions import grant_extension
from progress.actions.reviews import return_report
from progress.models import ReportingPeriod
from public.read_models.bulletin import bulletin, newest_quarter
from publishing.actions.revisions import publish_revision
from publishing.models import Publication
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_30, moment
from tests.fixtures.requests import ask
from tests.fixtures.word_files import paragraph_after
from workspace.exports.release_draft import release_draft
from workspace.read_models.queues import never_filed
from workspace.read_models.release import preview

AUGUST_9, JULY_15 = date(2013, 8, 9), moment("2013-07-15T09:00:00")
RELEASE = "/staff/releases/wp2013/2013-2/"


@pytest.fixture
def extended(office):
    """Time until 9 August for the first task; the second is silent; the release is on 30 July."""
    more_tasks(office.white_paper, office.units["jiaoyuju"], 1)
    extension = ask(office, at=JULY_2, requested_until=AUGUST_9)
    grant_extension(extension=extension, until=AUGUST_9, by=office.people.supervisor, at=JULY_15)
    return office


@pytest.fixture
def line(extended) -> Publication:
    extended.publish()
    return Publication.objects.get(task=extended.white_paper.task)


def read(client, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", client.get(address).content.decode()))


def test_an_extended_line_names_its_day_wherever_the_public_reads_it(client, line):
    assert (line.get_headline_display(), line.reporting, line.extended_to) == (
        "经批准延期报送",
        "awaited",
        AUGUST_9,
    )
    page = read(client, line.get_absolute_url())
    assert "经批准延期报送 至2013年8月9日" in page
    assert "到公布时还没有到这一天，责任单位还没有报送" in page
    assert "没有报送这个季度的进展" not in page
    assert "2013年第二季度的进展经批准延期至2013年8月9日报送" in read(client, "/tasks/wp2013-18/")


def test_the_bulletin_counts_an_extended_line_apart_from_those_not_reported(client, line):
    part = bulletin(2013, 2).parts[0]
    assert [row.task.number for row in part.extended] == [18]
    assert [row.task.number for row in part.unreported] == [101]
    page = read(client, "/quarters/2013-2/")
    assert "未报送 1 项，退回修改中 0 项，经批准延期报送 1 项" in page
    now = newest_quarter()
    assert (now.expected, now.reported) == (2, 0)
    assert now.others == [("经批准延期报送", 1), ("未报送", 1)]
    assert "2 项中 0 项公布了进展，经批准延期报送 1 项，未报送 1 项" in read(client, "/")


def test_tasks_can_be_filtered_by_the_extended_state(client, line):
    page = read(client, "/tasks/?plan=wp2013&state=extended")
    assert line.task.title in page
    assert "第101项" not in page


def test_preview_and_release_draft_name_an_extended_line_apart_with_its_day(client, extended):
    shown = preview(extended.period, None, at=JULY_30)
    assert (
        shown.counted
        == "2 项承诺中，公布进展 0 项，未报送 1 项，经批准延期报送 1 项，退回修改中 0 项，"
        "依法暂不公开 0 项。"
    )
    paper = release_draft(ReportingPeriod.objects.get(), None, shown, at=JULY_30)
    assert paragraph_after(Document(paper), "二、经批准延期报送的").endswith(
        "安监局，延期至2013年8月9日"
    )
    assert shown.owing == [("未报送", ["教育局"])]
    client.force_login(extended.people.supervisor)
    with time_machine.travel(JULY_30):
        page = read(client, RELEASE)
    assert "经批准延期报送 1 项" in page
    assert "安监局，延期至2013年8月9日" in page


def test_the_api_gives_the_day_of_an_extended_line(client, line):
    shown = client.get("/api/v1/tasks/wp2013-18/").json()["latest_publication"]
    assert shown["headline"] == {"code": "extended", "label": "经批准延期报送"}
    assert shown["extended_to"] == "2013-08-09"
    assert (
        client.get("/api/v1/tasks/wp2013-101/").json()["latest_publication"]["extended_to"] is None
    )
    assert client.get("/api/v1/tasks/?state=extended").json()["count"] == 1


def test_a_day_that_passed_before_the_release_excuses_nobody(extended):
    extended.publish(at=moment("2013-08-10T09:00:00"))
    assert Publication.objects.get(task=extended.white_paper.task).headline == "not_reported"


def test_a_returned_report_with_an_extension_is_published_as_returned(extended):
    return_report(report=extended.submit(), reason="请补", by=extended.people.supervisor, at=JULY_5)
    extended.publish()
    assert Publication.objects.get(task=extended.white_paper.task).headline == "returned"


def test_a_report_filed_within_its_extension_becomes_the_next_revision(extended, line):
    report = extended.submit(at=moment("2013-08-09T10:00:00"))
    row = publish_revision(
        report=report, by=extended.people.publisher, at=moment("2013-08-12T10:00:00")
    )
    assert (row.headline, row.reporting, row.reason_class) == ("on_course", "on_time", "filed")


def test_an_extended_line_may_be_filed_late_once_its_day_has_passed(extended, line):
    reporter = extended.people.reporter
    assert never_filed(reporter, AUGUST_9) == []
    assert [task.number for task, _ in never_filed(reporter, date(2013, 8, 10))] == [18]
