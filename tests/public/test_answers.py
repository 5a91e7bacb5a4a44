"""The sentences on top of a task: how the year ended, what the unit wrote last, who checked it."""

import json
from datetime import date

from progress.choices import State
from progress.models import ReportingPeriod
from public.read_models.answers import answer
from publishing.models import Publication, YearEnd
from tasks.models import Plan

PLAN = Plan(starts_on=date(2013, 1, 1), ends_on=date(2013, 12, 31), tracked_from=date(2013, 1, 1))
NO_NUMBERS = "文件写明3条承诺内容，没有可以逐季对照的数字。"


def publication(quarter=1, *, year=2013, headline=State.ON_COURSE, units=(), **columns):
    narratives = [{"unit": unit, "text": text} for unit, text in units]
    row = Publication(
        period=ReportingPeriod(year=year, index=quarter),
        headline=headline,
        data_date=date(year, quarter * 3, 30),
        content=json.dumps({"narratives": narratives}),
        **columns,
    )
    row.numbers = []
    return row


def said(*published, verdict=None) -> str:
    return "".join(answer(PLAN, [], 3, list(published), verdict))


def test_where_only_a_direction_was_printed_the_units_own_words_are_quoted_up_to_a_full_stop():
    row = publication(
        units=[("教育局", "方案已经印发。\n下一步：招标。")],
        self_pace="on_course",
        assessment_pace="slow",
        assessed_how="on_site",
        assessor_unit="督查室",
    )
    assert said(row) == (
        "到2013年3月30日，教育局填报：“方案已经印发”，自评总体正常推进，"
        f"督查室实地核查后认定推进缓慢。{NO_NUMBERS}"
    )


def test_of_several_units_the_first_is_quoted_and_the_others_are_counted():
    row = publication(units=[("住建局", "装了监控。"), ("城管局", "查了。")], self_pace="done")
    assert said(row) == (
        "到2013年3月30日，住建局填报：“装了监控”（另有1个单位填报），自评总体已完成，待核查。"
        f"{NO_NUMBERS}"
    )


def test_a_unit_that_wrote_nothing_is_not_quoted():
    assert said(publication(self_pace="done")) == (
        f"到2013年3月30日，责任单位填报总体已完成，待核查。{NO_NUMBERS}"
    )


def test_after_a_silent_quarter_the_words_of_the_last_one_are_named_with_their_quarter():
    before = publication(units=[("教育局", "方案已经印发。")], self_pace="on_course")
    silent = publication(2, headline=State.NOT_REPORTED)
    assert said(before, silent) == (
        f"2013年第二季度没有报送进展；此前2013年第一季度教育局填报：“方案已经印发”。{NO_NUMBERS}"
    )
    assert said(silent) == f"2013年第二季度没有报送进展。{NO_NUMBERS}"


def test_a_withheld_quarter_is_not_filled_with_older_words():
    before = publication(units=[("教育局", "方案已经印发。")], self_pace="on_course")
    withheld = publication(2, headline=State.WITHHELD, withheld_basis="某法第一条")
    assert said(before, withheld) == (
        f"2013年第二季度的进展依法暂不公开（某法第一条）。{NO_NUMBERS}"
    )


def test_the_conclusion_of_the_year_comes_first_until_a_later_year_is_published():
    verdict = YearEnd(year=2013, verdict="partly", reason="招标推迟。明年再办。")
    first = "2013年年终结论：部分完成（招标推迟）。"
    assert said(publication(4, self_pace="done"), verdict=verdict).startswith(
        f"{first}到2013年12月"
    )
    assert first not in said(publication(1, year=2014, self_pace="done"), verdict=verdict)
    assert said(verdict=YearEnd(year=2013, verdict="done")).startswith("2013年年终结论：完成。")
