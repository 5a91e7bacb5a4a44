"""带入上一期填报内容: offered, never silent, and nothing is saved by it."""

from copy import copy
from dataclasses import replace
from decimal import Decimal

import pytest

from progress.models import ProgressReport, ReportingPeriod
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2
from tests.fixtures.report_form import add_supporting_unit

THIRD = "/staff/reports/wp2013-18/2013-3/"
LINK = "带入上一期填报内容"


@pytest.fixture
def third(office) -> ReportingPeriod:
    period = copy(office.period)
    period.pk, period.index = None, 3
    period.save(force_insert=True)
    return period


@pytest.fixture
def reporter(client, office, third):
    client.force_login(office.people.reporter)
    return client


def file_the_second(office, white_paper) -> None:
    """With a note at the whole year's promise, which lags and is asked again,
    and one at the number.
    """
    slow = {white_paper.commitments[0].pk: ("slow", "场地检修")}
    readings = {white_paper.indicator.pk: (Decimal(4000), "六月底数")}
    arguments = {"pace": "slow", "narrative": "上一季的话。", "readings": readings}
    office.submit(replace(office.filing, findings=office.filing.findings | slow, **arguments))


def test_no_prefill_is_offered_without_an_earlier_report(reporter, office):
    assert LINK not in source_of(reporter.get(THIRD))
    office.save()
    assert LINK not in source_of(reporter.get(THIRD))


def test_the_prefill_is_offered_and_not_done_by_itself(reporter, office, white_paper):
    file_the_second(office, white_paper)
    html = source_of(reporter.get(THIRD))
    assert LINK in html
    assert "?prefill=1" in html
    assert "上一季的话。" not in html.split('<form class="form"')[1].split("</form>")[0]


def test_the_prefill_brings_words_and_notes_and_says_from_where(reporter, office, white_paper):
    file_the_second(office, white_paper)
    html = source_of(reporter.get(THIRD + "?prefill=1"))
    form = html.split('<form class="form"')[1].split("</form>")[0]
    assert "带入的内容还没有保存" in html
    assert "2013年第二季度" in html.split("带入的内容还没有保存")[1][:60]
    assert "上一季的话。" in form
    assert "场地检修" in form
    assert not ProgressReport.objects.filter(period__index=3).exists()


@pytest.mark.parametrize(
    ("mode", "expected"), [("cumulative", True), ("per_quarter", False), ("at_end", False)]
)
def test_the_prefill_brings_a_number_only_where_it_is_cumulative(
    reporter, office, white_paper, mode, expected
):
    white_paper.indicator.targets.exclude(quarter=None).delete()
    white_paper.indicator.mode = mode
    white_paper.indicator.save()
    file_the_second(office, white_paper)
    html = source_of(reporter.get(THIRD + "?prefill=1"))
    assert "六月底数" in html
    assert ('value="4000"' in html) == expected


def test_prefilled_answers_count_as_typed_when_they_are_saved(reporter, office, white_paper):
    file_the_second(office, white_paper)
    goal = white_paper.commitments[0]
    typed = {
        "version": "0",
        "narrative": "上一季的话。",
        f"c{goal.pk}": "on_course",
        f"n{goal.pk}": "场地检修",
    }
    response = reporter.post(THIRD + "?prefill=1", typed | {"save": ""})
    assert response["Location"] == THIRD
    report = ProgressReport.objects.get(period__index=3)
    assert report.contributions.get().narrative == "上一季的话。"
    assert report.findings.get(commitment=goal).note == "场地检修"


def test_no_prefill_is_offered_once_the_unit_has_saved_something(reporter, office, white_paper):
    file_the_second(office, white_paper)
    reporter.post(THIRD, {"version": "0", "narrative": "这一季的话。", "save": ""})
    html = source_of(reporter.get(THIRD + "?prefill=1"))
    assert LINK not in html
    assert "带入的内容还没有保存" not in html
    assert "这一季的话。" in html


def test_the_prefill_offers_a_unit_its_own_words_and_not_another_units(
    client, reporter, office, white_paper
):
    add_supporting_unit(office)
    office.save(
        replace(office.filing, narrative="教育局的话。"), unit="jiaoyuju", by=office.people.stranger
    )
    office.submit(
        replace(office.filing, narrative="安监局的话。"), version=1, at=JULY_2.replace(day=12)
    )
    client.force_login(office.people.stranger)
    html = source_of(client.get(THIRD + "?prefill=1"))
    form = html.split('<form class="form"')[1].split("</form>")[0]
    assert "教育局的话。" in form
    assert "安监局的话。" not in form
