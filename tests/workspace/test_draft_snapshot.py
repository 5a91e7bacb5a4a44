"""/staff/dashboard/: the public dashboard with what is not public yet,
marked as such and kept inside.
"""

import pytest
import time_machine

from progress.choices import ReportStatus
from progress.models import ReportingPeriod
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_tables import leads, starting, tables
from tests.fixtures.page_text import text_of, words_in
from tests.fixtures.quarter import JULY_5, moment

PAGE, PUBLIC = "/staff/dashboard/", "/dashboard/"
MATRIX = "各项任务各季度的状态"


@pytest.fixture
def look(client, office):
    def read(address: str = PAGE, *, on=JULY_5, as_: str = "leader"):
        client.force_login(getattr(office.people, as_))
        with time_machine.travel(on):
            return client.get(address)

    return read


def second_quarter(page) -> list[str]:
    return [row[2] for row in starting(page, MATRIX)]


def test_the_draft_dashboard_shows_a_submitted_report_before_it_is_public(look, office):
    office.verify(office.submit(), pace="slow", note="现场看了两处")
    assert second_quarter(look()) == ["推进缓慢"]
    assert "2013年第二季度 未公布，要求报送 1 项，有进展的 1 项" in text_of(look())
    assert "推进缓慢" not in text_of(look(PUBLIC))


def test_the_draft_dashboard_says_that_it_is_internal(look):
    assert "含未公布的内容，只供内部使用" in text_of(look())


def test_the_draft_dashboard_shows_a_draft_as_awaited_and_not_as_silence(look, office):
    office.save()
    assert second_quarter(look()) == ["待报送"]
    assert "没有进展可以公布的 1 项" in text_of(look())


def test_the_draft_dashboard_says_not_reported_after_the_due_day(look):
    assert second_quarter(look(on=moment("2013-07-13T09:00:00"))) == ["未报送"]


def test_the_draft_dashboard_withholds_what_a_prepared_release_withholds(look, office):
    office.submit()
    office.prepare(
        withheld={office.white_paper.task.pk: "《中华人民共和国政府信息公开条例》第十四条"}
    )
    assert second_quarter(look()) == ["依法暂不公开"]
    assert tables(look())["18 安全生产公共培训（人次），每季"][2][1:3] == ["4000", "依法暂不公开"]


def test_the_draft_dashboard_draws_the_numbers_of_a_submitted_report(look, office):
    office.submit()
    shown = tables(look())["18 安全生产公共培训（人次），每季"]
    assert [row[1:4] for row in shown[1:]][1] == ["4000", "4000", "相符"]


def test_a_cell_leads_to_the_report_and_no_count_to_a_list_of_the_public(look, office):
    office.submit()
    page = look()
    assert 'href="/staff/reports/wp2013-18/2013-2/"' in page.content.decode()
    assert leads(page) == []


def test_the_draft_dashboard_links_the_report_where_both_voices_differ(look, office):
    office.verify(office.submit(), pace="slow", note="现场看了两处")
    (row,) = tables(look())["单位自评与督查核定不一致的任务"][1:]
    assert row == ["18 全面落实安全生产责任制", "正常推进", "推进缓慢"]


def test_the_draft_dashboard_of_a_released_quarter_says_what_the_public_reads(look, office):
    office.verify(office.submit())
    office.publish()
    inside, outside = tables(look()), tables(look(PUBLIC))
    assert {caption: inside[caption] for caption in inside} == {
        caption: outside[caption] for caption in inside
    }
    assert "未公布，要求报送" not in text_of(look())


def test_the_newest_quarter_of_which_anything_is_known_comes_first(look, office):
    office.verify(office.submit())
    office.publish()
    opened = dict.fromkeys(("opens_on", "due_on", "review_due_on", "release_on"), JULY_5.date())
    ReportingPeriod.objects.create(
        plan=office.white_paper.plan, year=2013, index=3, state="open", **opened
    )
    assert "2013年第二季度，要求报送" in text_of(look(on=moment("2013-07-04T09:00:00")))


def test_a_quarter_of_the_draft_dashboard_is_chosen_as_in_public(look, office):
    office.submit()
    assert "2013年第二季度" in words_in(look(f"{PAGE}?plan=wp2013&quarter=2013-2"), "main")
    assert look(f"{PAGE}?quarter=2013-9").status_code == 400


def test_thirty_tasks_cost_no_more_questions_than_three(
    look, office, django_assert_num_queries, client
):
    more_tasks(office.white_paper, office.units["jiaoyuju"], 3)
    client.force_login(office.people.leader)
    with django_assert_num_queries(30, exact=False) as few:
        client.get(PAGE)
    more_tasks(office.white_paper, office.units["jiaoyuju"], 27, first=200)
    with django_assert_num_queries(len(few)):
        client.get(PAGE)


@pytest.mark.parametrize(
    "status", [ReportStatus.DRAFT, ReportStatus.SIGNING, ReportStatus.RETURNED]
)
def test_the_draft_dashboard_gives_words_of_submitted_reports_only(look, office, status):
    report = office.submit()
    facts = {"returned": {"returned_at": JULY_5, "return_reason": "请补"}}
    facts["signing"] = {"sent_at": JULY_5, "sent_by": office.people.reporter}
    type(report).objects.update(status=status, **facts.get(status, {}))
    assert "4000" not in second_quarter(look())[0]
    assert "有进展的 0 项" in text_of(look())
