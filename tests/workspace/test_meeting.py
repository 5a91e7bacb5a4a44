"""会议材料: what changed since the last meeting, the same on page and paper, on one sheet."""

from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from common.text.wording import shortened
from tests.fixtures import coordination as told
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import JULY_30, moment
from tests.fixtures.random_quarter import publish, release_before
from workspace.read_models.meeting import ROOM, MeetingPart, fitted, last_meeting, meeting

JULY_20 = moment("2013-07-20T09:00:00")
PAGE, PAPER = "/staff/meeting/", "/staff/meeting/meeting.docx"


def chapters(office, **since) -> dict[str, list[str]]:
    shown = meeting(office.people.leader, at=JULY_20, **since)
    return {part.title: part.sentences for part in shown.parts}


def test_a_meeting_paper_begins_at_the_last_release_or_the_last_meeting(office):
    assert last_meeting() == (None, "")
    office.publish()
    assert last_meeting() == (JULY_30.date(), "上次公布")
    told.decide(office, told.raised(office))
    assert last_meeting() == (told.JULY_8.date(), "上次会议")


def test_a_task_is_newly_behind_if_said_so_since_and_not_in_the_quarter_before(office):
    release = release_before(office)
    publish(office.white_paper.task, release, "on_course")
    office.verify(office.submit(), "slow", note="场地未落实")
    assert chapters(office, since=told.JULY_8.date())["新落后的"] == []
    (sentence,) = chapters(office, since=moment("2013-07-04T00:00:00").date())["新落后的"]
    assert sentence.startswith("全面落实安全生产责任制（安监局）：推进缓慢（未公布）")
    release.publications.update(headline="not_done")
    assert chapters(office, since=moment("2013-07-04T00:00:00").date())["新落后的"] == []


def test_the_meeting_paper_lists_tasks_newly_done_and_newly_silent(office):
    tasks = more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    release = release_before(office)
    for task, before in zip(tasks, ["on_course", "not_reported"], strict=True):
        publish(task, release, before)
    office.handed_in(tasks[0].pk)
    tasks[0].reports.update(pace="done")
    found = chapters(office, since=moment("2013-07-01T00:00:00").date())
    assert [words[:4] for words in found["新完成的"]] == ["第101"]
    # The other was silent the last time too.
    assert [words[:4] for words in found["新逾期未报送的"]] == ["全面落实"]


def test_the_meeting_paper_says_of_a_self_assessment_that_nobody_has_checked_it(client, office):
    report = office.submit()
    report.pace = "done"
    report.save()
    page, paper = files(client, office, "?since=2013-07-01")
    for words in (page, "\n".join(paper)):
        assert "新完成的：1 项（其中 1 项单位自评，待核查）" in words
        assert "已完成（单位自评，待核查；未公布）" in words
    office.verify(report, "done")
    page, paper = files(client, office, "?since=2013-07-01")
    assert "新完成的：1 项" in page
    assert "单位自评" not in page + "".join(paper)


def test_decisions_stand_in_the_chapter_of_the_meeting_paper_for_their_state(office):
    first = told.decide(office, told.raised(office), due_on=told.JULY_12.date())
    found = chapters(office)
    assert found["这期间决定的"] == found["以前决定、还没有落实的"] + found["这期间决定的"]
    assert "教育局2013年7月12日前落实，逾期 8 天" in found["这期间决定的"][0]
    assert (
        chapters(office, since=told.JULY_19.date())["以前决定、还没有落实的"]
        == found["这期间决定的"]
    )
    told.close(office, first)
    assert len(chapters(office)["这期间办结的"]) == 1
    told.raised(office, at=told.JULY_19)
    assert len(chapters(office)["请会议决定的"]) == 1


def test_the_meeting_paper_shows_what_fits_of_each_chapter_and_counts_the_rest():
    parts = [
        MeetingPart("甲", "项", ["一"] * 20),
        MeetingPart("乙", "件", []),
        MeetingPart("丙", "件", ["二"] * 2),
    ]
    fit = fitted(parts, room=13)
    assert [part.fitting for part in fit] == [4, 0, 2]
    assert [part.left for part in fit] == ["另有 16 项，见总览。", "", ""]
    assert [part.heading for part in fit] == ["甲：20 项", "乙：没有", "丙：2 件"]


@pytest.mark.parametrize(
    "counts", [[9] * 6 + [1], [3] * 6 + [2], [20] + [0] * 6, [9] * 7, [2] * 7, [1] * 7]
)
def test_the_meeting_paper_with_the_longest_sentences_is_one_sheet(counts):
    fit = fitted([MeetingPart("甲", "项", ["长" * 61] * count) for count in counts])
    assert sum(2 * len(part.lines) + bool(part.left) for part in fit) <= ROOM
    assert all(part.fitting or not part.sentences for part in fit)


def files(client, office, since="") -> tuple[str, list[str]]:
    client.force_login(office.people.leader)
    with time_machine.travel(JULY_20):
        page = text_of(client.get(PAGE + since))
        file = b"".join(client.get(PAPER + since).streaming_content)
    return page, [paragraph.text for paragraph in Document(BytesIO(file)).paragraphs]


def test_page_and_document_of_the_meeting_say_the_same_sentences(client, office):
    told.decide(office, told.raised(office))
    more_tasks(office.white_paper, office.units["jiaoyuju"], 20)
    page, paper = files(client, office)
    assert [
        words for words in paper if words.partition(". ")[2] not in page and words not in page
    ] == []
    assert len(paper) > 15
    assert "未报送 21 项（2013年第二季度），2 个牵头单位；退回修改中 0 项；" in page
    assert "以上其中 21 项未公布。待报送 0 项；待决定 0 件。" in page


def test_page_and_document_of_a_meeting_in_the_demonstration_say_so(client, office):
    office.period.demonstration = True
    office.period.save()
    page, paper = files(client, office)
    assert "【演示】承诺事项推进情况" in page
    assert paper[0] == "【演示】承诺事项推进情况"


def test_the_meeting_paper_takes_another_first_day_and_explains_a_wrong_one(client, office):
    client.force_login(office.people.supervisor)
    assert "2013年7月1日（指定日期）至" in text_of(client.get(PAGE, {"since": "2013-07-01"}))
    assert "请填写日期" in text_of(client.get(PAGE, {"since": "2013-07-99"}))
    assert client.get(PAPER, {"since": "2013-07-99"}).status_code == 404


def test_the_document_of_a_meeting_page_gives_the_reason_the_page_gives(client, office):
    office.publish()
    client.force_login(office.people.leader)
    links = {}
    for asked in ("", "?since=2013-07-01"):
        page = client.get(PAGE + asked).content.decode()
        links[asked] = page.split(f'href="{PAPER}')[1].split('"')[0]
    assert links == {"": "", "?since=2013-07-01": "?since=2013-07-01"}


def test_no_sentence_is_cut_within_a_day():
    assert shortened("定于2013年7月12日开会", 8) == "定于…"
    assert shortened("定于2013年7月12日开会", 13) == "定于2013年7月12日开…"


def questions(office) -> int:
    with CaptureQueriesContext(connection) as asked:
        meeting(office.people.leader, at=JULY_20)
    return len(asked)


def test_a_meeting_paper_of_a_dozen_items_costs_no_more_queries_than_of_one(office):
    told.raised(office)
    few = questions(office)
    for task in more_tasks(office.white_paper, office.units["jiaoyuju"], 12):
        place = {"task": task, "period": office.period, "by": office.people.supervisor}
        told.raise_coordination(**place, text="场地", at=told.JULY_8)
    assert questions(office) <= few
