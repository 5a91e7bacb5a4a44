from datetime import date

import pytest

from tasks.importing.commitments import due_on, measurable, read_commitments
from tasks.importing.draft import Wording
from tests.fixtures.sources import BOTH, PAPER, PLAN, draft_of, source_of


def split(text: str) -> list[str]:
    return [
        each.words.text
        for each in read_commitments(Wording(text, 0, len(text)), source="text", year=2017)
    ]


def of(path, number: int, quarter: int | None = None) -> list:
    return [
        each for each in draft_of(path).tasks[number - 1].commitments if each.quarter == quarter
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("修路。种树;清河;", ["修路。", "种树;", "清河;"]),
        ("落实《办法(试行);细则。》,修路。种树", ["落实《办法(试行);细则。》,修路。", "种树"]),
        (
            "打造“明厨;亮灶。”工程;修路(东段;西段)。",
            ["打造“明厨;亮灶。”工程;", "修路(东段;西段)。"],
        ),
        ("修路； 种树。", ["修路；", "种树。"]),
        ("修路。(教育局、民政局负责)种树。(水务局负责)", ["修路。", "种树。"]),
        ("修路(含桥梁)。", ["修路(含桥梁)。"]),
        ("多出一个)括号。种树。", ["多出一个)括号。", "种树。"]),
    ],
)
def test_wording_is_split_after_full_stops_and_semicolons_outside_brackets(text, parts):
    assert split(text) == parts


@pytest.mark.parametrize("path", BOTH)
def test_commitments_are_the_source_word_for_word_in_order(path):
    for task in draft_of(path).tasks:
        for each in task.commitments:
            assert source_of(path).text[each.words.start : each.words.end] == each.words.text
        by_source = {each.source: [] for each in task.commitments}
        for each in task.commitments:
            by_source[each.source].append(each.words.start)
        assert all(starts == sorted(starts) for starts in by_source.values())


def test_the_plan_promises_175_things_and_the_quarter_cells_133():
    assert sum(len(task.commitments) for task in draft_of(PLAN).tasks) == 175
    in_cells = [
        each
        for task in draft_of(PAPER).tasks
        for each in task.commitments
        if each.source == "milestone"
    ]
    assert len(in_cells) == 133
    assert {each.quarter for each in in_cells} == {1, 2, 3, 4}


def test_nothing_of_a_text_is_lost_between_its_commitments():
    for task in draft_of(PLAN).tasks:
        assert "".join(each.words.text for each in task.commitments) == task.text.text


@pytest.mark.parametrize(
    ("wording", "day"),
    [
        ("确保9月份正式开学", date(2017, 9, 30)),
        ("2017年6月底前,全面禁止", date(2017, 6, 30)),
        ("2018年2月末完成", date(2018, 2, 28)),
        ("2018年1月15日前完成", date(2018, 1, 15)),
        ("2017年底基本达到", date(2017, 12, 31)),
        ("3月5日前完成", date(2017, 3, 5)),
        ("年内竣工投入使用", None),
        ("2017年起全部使用", None),
        ("“中英街3·18警示日”", None),
        ("13月底前完成", None),
        ("2月30日前完成", None),
    ],
)
def test_only_days_printed_in_the_wording_are_due_days(wording, day):
    assert due_on(wording, 2017) == day


def test_a_printed_condition_is_kept_word_for_word():
    conditions = {
        each.condition
        for path in BOTH
        for task in draft_of(path).tasks
        for each in task.commitments
    }
    assert conditions == {"", "如大梅沙燃气站拆迁事宜协调完毕"}


@pytest.mark.parametrize(
    ("wording", "answer"),
    [
        ("力争国家高新技术企业新增10家。", "yes"),
        ("全年召开三次议政会。", "yes"),
        ("确保9月份正式开学。", "yes"),
        ("召开盐田现代产业服务中心入驻专题推介会,吸引优质企业和项目落户。", "partly"),
        ("启动消防安全“3323”工程。", "partly"),
        ("完成公共自行车二期工程建设。", "partly"),
        ("办好第十六届黄金海岸旅游节。", "no"),
        ("加快轨道交通8号线一期项目建设进度。", "no"),
        ("开展志愿服务,迎接香港回归20周年。", "no"),
        ("推动、探索、加强、促进各项工作。", "no"),
        ("通过扬优势、补短板,鼓励企业参与标准制定。", "no"),
    ],
)
def test_measurable_is_what_prints_a_number_or_a_day_and_partly_what_is_done_or_not(
    wording, answer
):
    assert measurable(wording) == answer


def test_quarters_of_an_item_keep_their_own_promises():
    assert [each.words.text for each in of(PAPER, 12, 3)] == [
        "壹海城项目1、2、4区主体封顶,进行粗装修及幕墙施工,3区主体施工,中央公园动工;",
        "开展海山公园、梅沙鹅公岌公园改造提升施工招标工作;",
        "完成烟墩山公园用地方案编制工作。",
    ]
    assert [each.source for each in of(PAPER, 12)] == ["title", "goal", "goal", "goal"]
