"""How a single promise, and a plan, stand when a later quarter was released."""

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from common.ui.chips import Tone
from progress.choices import Reporting, tone_of
from progress.models import ReportingPeriod
from public.read_models.data_dates import data_date
from public.read_models.plans import plan_cards
from publishing.models import Publication
from publishing.read_models.commitment_status import NO_STATEMENT, commitment_chips
from publishing.read_models.public_status import NOT_PUBLISHED, STATE_WORDS, missing_word, segments
from tasks.models import Plan
from tests.fixtures.page_text import text_of, words_in
from tests.fixtures.quarter import moment

pytestmark = pytest.mark.both


def test_silence_has_one_strong_sign_that_nothing_else_has():
    counts = dict.fromkeys(STATE_WORDS, 1)
    tones = {segment.label: segment.tone for segment in segments(counts)}
    alike = [word for word, tone in tones.items() if tone == tones["未报送"]]
    assert (alike, tones["未报送"]) == (["未报送"], Tone.SILENT)
    assert tone_of(Reporting.MISSING) == Tone.SILENT
    assert [word for word, tone in tones.items() if tone == Tone.RETURNED] == ["退回修改中"]
    for word in ("尚未公布", "未启动", "平台启用前，未采集"):
        assert tones[word] == Tone.QUIET


@pytest.fixture
def later(office) -> Publication:
    """The second quarter's line, and the third quarter's without a word on the single promises."""
    office.verify(office.submit())
    office.publish()
    row = Publication.objects.get()
    row.findings.all().delete()
    third = ReportingPeriod.objects.get(pk=row.period_id)
    third.pk, third.index, third.released_at = None, 3, moment("2013-10-30T10:00:00")
    third.save()
    row.pk, row.period, row.sha256 = None, third, "3" * 64
    row.save()
    return row


@pytest.mark.parametrize("word", ["withheld", "not_reported", "returned"])
def test_a_promise_nobody_spoke_of_stands_as_its_own_quarter(word, later, white_paper):
    second = Publication.objects.get(period__index=2)
    basis = "《政府信息公开条例》第十四条" if word == "withheld" else ""
    Publication.objects.filter(pk=second.pk).update(headline=word, withheld_basis=basis)
    trained = white_paper.commitments[1]
    chip = commitment_chips(white_paper.plan, [trained])[trained.pk]
    second.refresh_from_db()
    assert (chip.label, chip.note) == (second.get_headline_display(), "2013年第二季度")


def test_a_promise_nobody_spoke_of_in_its_reported_quarter_says_so(later, white_paper):
    trained = white_paper.commitments[1]
    assert commitment_chips(white_paper.plan, [trained])[trained.pk].label == NO_STATEMENT


def test_a_change_names_the_quarter_of_the_state_before_and_of_the_state_after(later, client):
    Publication.objects.filter(period__index=2).update(headline="not_reported")
    Publication.objects.filter(period__index=3).update(published_at=moment("2013-10-30T10:00:00"))
    said = words_in(client.get("/"), "main").partition("最近有什么变化")[2]
    assert re.search(r"未报送 ?2013年第二季度.*变为 ?正常推进.*2013年第三季度", said)


def test_the_bar_of_a_list_says_that_it_counts_more_than_was_found(office, client):
    office.publish()
    for query, said in (("", False), ("?state=not_reported", False), ("?state=done", True)):
        words = words_in(client.get(f"/tasks/{query}"), "main")
        assert ("下面的图不限状态，全部 1 项" in words) == said


def test_the_figures_of_an_indicator_name_their_columns_on_a_narrow_screen(office, client):
    office.submit()
    office.publish()
    page = client.get("/tasks/wp2013-18/").content.decode()
    for column in ("目标值", "文件原文", "填报数", "数字进度"):
        assert f'data-label="{column}"' in page


def test_a_plan_whose_quarters_were_all_released_awaits_no_other(later, white_paper):
    assert data_date([white_paper.plan]).closed
    ReportingPeriod.objects.filter(index=3).update(state="scheduled", released_at=None)
    assert not data_date([white_paper.plan]).closed


@pytest.fixture
def running(later) -> ReportingPeriod:
    """The quarter to come of another plan, whose first task was never published."""
    plan, period = Plan.objects.get(), ReportingPeriod.objects.get(index=3)
    task = plan.tasks.get()
    plan.pk, plan.slug, plan.short_title = None, "wp2014", "另一份白皮书"
    plan.save()
    section = task.section
    section.pk, section.plan = None, plan
    section.save()
    task.pk, task.plan, task.section, task.code = None, plan, section, "wp2014-18"
    task.save()
    period.pk, period.plan, period.state, period.released_at = None, plan, "scheduled", None
    period.release_on = date(2014, 1, 28)
    period.save()
    return period


OF_THE_FINISHED_PLAN = [
    "/quarters/2013-3/",
    "/tasks/?plan=wp2013",
    "/tasks/?state=on_course",
    "/tasks/?plan=wp2013&q=没有这样的话",
    "/tasks/?section=wp2013-1&q=没有这样的话",
    "/departments/anjianju/",
    "/dashboard/?plan=wp2013",
]


@pytest.mark.parametrize("address", OF_THE_FINISHED_PLAN)
def test_a_page_about_a_finished_plan_names_no_release_of_another(address, running, client):
    words = words_in(client.get(address), "main")
    assert "各季均已公布，如有更正会另发一版" in words
    assert "2014年1月28日" not in words


@pytest.mark.parametrize("address", ["/tasks/", "/tasks/?plan=wp2014", "/data/"])
def test_a_page_about_a_running_plan_names_its_next_release(address, running, client):
    words = words_in(client.get(address), "main")
    assert "2014年1月28日" in words
    assert "各季均已公布" not in words


def test_a_list_of_a_plan_without_data_names_no_data_day_of_another(running, client):
    Plan.objects.update(published_on=None, issued_on=None)
    assert "数据截至" in words_in(client.get("/tasks/"), "main")
    assert "数据尚未公布" in words_in(client.get("/tasks/?plan=wp2014"), "main")
    days = {}
    for slug in ("wp2013", "wp2014"):
        file = b"".join(client.get(f"/tasks/export.xlsx?plan={slug}").streaming_content)
        rows = load_workbook(BytesIO(file))["说明"].iter_rows(values_only=True)
        days[slug] = dict(rows)["数据截至"]
    assert days == {"wp2013": "2013年6月30日", "wp2014": "尚未公布"}


def test_a_tracked_plan_whose_quarters_are_not_laid_out_yet_still_awaits_them(white_paper):
    assert white_paper.plan.tracked_from
    assert not data_date([white_paper.plan]).closed


def test_a_plan_to_come_is_neither_history_nor_over(white_paper, client):
    Plan.objects.update(tracked_from=None, state="published")
    plan = Plan.objects.get()
    assert not data_date([plan]).closed
    assert missing_word(plan) == NOT_PUBLISHED
    for address in ("/", "/quarters/", "/plans/wp2013/", "/tasks/wp2013-18/", "/dashboard/"):
        words = text_of(client.get(address))
        assert [said for said in OF_THE_PAST if said in words] == [], address
    Plan.objects.update(state="archived")
    assert data_date([Plan.objects.get()]).closed == "不再更新"
    assert "执行时本平台尚未启用" in text_of(client.get("/tasks/wp2013-18/"))


OF_THE_PAST = ["不再更新", "启用前执行", "平台启用前，未采集", "执行时本平台尚未启用"]


@pytest.mark.django_db
def test_a_site_without_a_document_says_neither_that_it_is_over_nor_before_its_time(client):
    assert not data_date([]).closed
    for address in ("/", "/quarters/", "/tasks/", "/data/", "/dashboard/"):
        words = text_of(client.get(address))
        assert [said for said in ("不再更新", "启用前执行") if said in words] == [], address


def test_each_card_of_the_front_page_says_its_own_data_day(office, client):
    Plan.objects.update(published_on=None, issued_on=None)
    assert "数据截至" not in words_in(client.get("/"), "main")
    Plan.objects.update(published_on=date(2013, 4, 17))
    assert "数据截至 2013年4月17日" in words_in(client.get("/"), "main")
    office.publish()
    assert "数据截至 2013年6月30日" in words_in(client.get("/"), "main")
    Publication.objects.update(data_date=date(2013, 6, 20))
    assert [card.as_of for card in plan_cards()] == [date(2013, 6, 20)]
