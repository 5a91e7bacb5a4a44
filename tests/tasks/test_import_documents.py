import re
from datetime import date

import pytest

from tasks.choices import PassageKind
from tasks.models import Passage
from tests.fixtures.sources import (
    BOTH,
    FULL_WIDTH,
    PAPER,
    PLAN,
    draft_of,
    parsed,
    reasons,
    shape,
    source_of,
)


def line_of(path, words: str) -> int:
    return next(
        number for number, line in enumerate(source_of(path).text.split("\n"), 1) if words in line
    )


def test_the_plan_has_seven_sections_and_forty_five_tasks():
    draft = draft_of(PLAN)
    assert draft.kind == "action_plan"
    assert draft.title == "盐田区“城市质量提升年”行动计划"
    assert (draft.year, draft.issued_on, draft.published_on) == (
        2017,
        date(2017, 3, 20),
        date(2017, 5, 12),
    )
    assert draft.issuer == "深圳市盐田区人民政府"
    assert [len(section.tasks) for section in draft.sections] == [7, 7, 7, 5, 9, 6, 4]
    assert [task.number for task in draft.tasks] == list(range(1, 46))
    assert draft.sections[0].title.text == "经济发展质量提升行动"
    assert draft.sections[6].introduction.text.startswith("以群众理念引领作风转变")
    assert draft.blocking == []


def test_the_plan_s_titles_end_before_the_first_full_stop_and_texts_hold_the_rest():
    task = draft_of(PLAN).tasks[7]
    assert task.title.text == "铸造精品公共服务基础设施"
    assert task.text.text.startswith("深化“建设工程规范化管理”行动")
    assert task.text.text.endswith("加快区第二人民医院门诊医技综合楼建设。")


def test_the_plan_says_that_its_annex_was_left_out():
    draft = draft_of(PLAN)
    assert draft.annex_note == "附件:盐田区“城市质量提升年”行动计划责任分工一览表(略)"
    told = {problem.line: problem.message for problem in draft.problems}
    assert "附件在原文中略去" in told[line_of(PLAN, "(略)")]
    assert "45 项任务没有读到责任单位" in told.values()


def test_safeguards_are_no_sections_and_principles_no_tasks():
    draft, text = draft_of(PLAN), source_of(PLAN).text
    found = {
        kind: [text[p.start : p.end][:5] for p in draft.passages if p.kind == kind]
        for kind in PassageKind
    }
    assert found[PassageKind.SAFEGUARD] == ["(一)提高", "(二)坚持", "(三)大力"]
    assert found[PassageKind.PRINCIPLE] == ["一是注重质", "二是注重标", "三是注重以", "四是注重全"]
    assert found[PassageKind.PAGE_FURNITURE] == ["相关法规:", "扫一扫在手"]


def test_the_white_paper_has_five_sections_twenty_items_and_eighty_quarters():
    draft = draft_of(PAPER)
    assert draft.kind == "white_paper"
    assert draft.title == "深圳市盐田区人民政府2013年度公共服务白皮书"
    assert (draft.year, draft.issued_on, draft.published_on) == (2013, None, date(2013, 4, 17))
    assert draft.index_number == "043000-10-2013-006011"
    assert [len(section.tasks) for section in draft.sections] == [5, 5, 4, 4, 2]
    assert [section.title.text for section in draft.sections][:2] == ["民生保障", "经济发展"]
    assert all([each.quarter for each in task.milestones] == [1, 2, 3, 4] for task in draft.tasks)
    assert {each.year for task in draft.tasks for each in task.milestones} == {2013}
    assert draft.problems == ()


def test_the_white_paper_names_twenty_units_thirty_times_and_no_lead():
    units = [unit for task in draft_of(PAPER).tasks for unit in task.responsibilities]
    assert len(units) == 30
    assert len({unit.name for unit in units}) == 20
    assert {unit.kind for unit in units} == {"listed"}


def test_units_are_those_of_their_cell():
    draft, text = draft_of(PAPER), source_of(PAPER).text
    cells = {
        p.task: text[p.start : p.end]
        for p in draft.passages
        if p.kind == PassageKind.RESPONSIBILITY
    }
    assert cells == {
        task.number: " ".join(unit.name for unit in task.responsibilities) for task in draft.tasks
    }


@pytest.mark.parametrize(
    ("number", "units"), [(4, ["人力局"]), (12, ["城管局", "经促局", "梅沙街道办"])]
)
def test_a_row_torn_by_a_page_break_is_one_item_again(number, units):
    task = draft_of(PAPER).tasks[number - 1]
    assert [each.quarter for each in task.milestones] == [1, 2, 3, 4]
    assert [unit.name for unit in task.responsibilities] == units
    text = source_of(PAPER).text
    kinds = [
        p.kind
        for p in draft_of(PAPER).passages
        if p.task == number and text[p.start : p.end].startswith("(")
    ]
    assert kinds == [PassageKind.LABEL, PassageKind.REPEATED_HEAD]


def test_the_kinds_of_passages_are_those_of_the_portal():
    assert PassageKind.choices == Passage._meta.get_field("kind").choices


@pytest.mark.parametrize("path", BOTH)
def test_passages_cover_the_text_code_point_by_code_point(path):
    place = 0
    for passage in draft_of(path).passages:
        assert passage.start == place < passage.end
        place = passage.end
    assert place == len(source_of(path).text)


@pytest.mark.parametrize("path", BOTH)
def test_every_stored_wording_is_a_passage_of_its_own(path):
    draft, text = draft_of(path), source_of(path).text
    spans = {(passage.start, passage.end): passage.kind for passage in draft.passages}
    for section in draft.sections:
        assert spans[section.title.start, section.title.end] == PassageKind.HEADING
        if section.introduction:
            assert (
                spans[section.introduction.start, section.introduction.end]
                == PassageKind.INTRODUCTION
            )
    for task in draft.tasks:
        pieces = {PassageKind.TASK_TITLE: [task.title], PassageKind.TASK_TEXT: [task.text]}
        pieces |= {
            PassageKind.GOAL: [task.goal],
            PassageKind.MILESTONE: [each.words for each in task.milestones],
        }
        for kind, wordings in pieces.items():
            for words in filter(None, wordings):
                assert spans[words.start, words.end] == kind
                assert text[words.start : words.end] == words.text


@pytest.mark.parametrize("path", BOTH)
def test_full_width_punctuation_reads_the_same(path):
    wide = parsed(source_of(path).text.translate(FULL_WIDTH))
    assert wide.blocking == []
    assert shape(wide) == shape(draft_of(path))
    assert (wide.issued_on, wide.published_on, wide.year) == (
        draft_of(path).issued_on,
        draft_of(path).published_on,
        draft_of(path).year,
    )


LAYOUTS = [
    lambda text: text.replace("\n", "\n\n"),
    lambda text: "\n".join(f"\u3000\u3000{line}  " for line in text.split("\n")),
    lambda text: text.replace(" ", "\t"),
    lambda text: re.sub(r"(?m)^(\d+)\.", r"\1、", text),
    lambda text: re.sub(r" \|\n(?!四、)", " | ", text),
    lambda text: re.sub(r" (第[一二三四]季度)", r"\n\1", text),
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("path", BOTH)
def test_another_layout_of_the_same_words_reads_the_same(path, layout):
    again = parsed(layout(source_of(path).text))
    assert reasons(again) == ""
    assert shape(again) == shape(draft_of(path))


def without(path, start: str) -> str:
    return "\n".join(
        line for line in source_of(path).text.split("\n") if not line.startswith(start)
    )


def test_a_missing_task_is_named_with_its_number_and_line():
    assert f"第{line_of(PLAN, '34.建设') - 1}行：“1.”编号不连续：读到第34项，缺第33项" in reasons(
        parsed(without(PLAN, "33."))
    )


def test_a_missing_section_is_noticed_by_its_ordinal():
    assert "“（一）”编号不连续：读到第5项，缺第4项" in reasons(parsed(without(PLAN, "(四)文化")))


def test_a_last_section_cut_out_is_noticed_by_what_the_plan_says_of_itself():
    text = source_of(PLAN).text
    cut = text[: text.index("(七)政府")] + text[text.index("三、保障措施") :]
    assert "文中称“七大行动”，实际读到 6 个行动" in reasons(parsed(cut))


@pytest.mark.parametrize(
    ("path", "last", "reason"),
    [
        (PLAN, "智慧教科研中心”", "第9项有文字在句中结束"),
        (
            PLAN,
            "并及时开展隐患治理工作。",
            "文件在第20项处结束",
        ),
        (PAPER, "环水局 城管局 安监局 盐田交警大队 市交委盐田执法大队 | |||", "文件在第17项处结束"),
        (PLAN, "确保提升行动取得成效。\n(二)", "正文在句中结束"),
        (PAPER, "第二季度:实施第一批节能", "表格在单元格中间中断"),
    ],
)
def test_a_file_that_breaks_off_is_refused(path, last, reason):
    text = source_of(path).text
    assert reason in reasons(parsed(text[: text.index(last) + len(last)]))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("第三季度:举办辖区大学生", "举办辖区大学生", "第4项缺第三季度"),
        ("第四季度:开展辖区大学毕业生", "开展辖区大学毕业生", "第4项缺第四季度"),
        ("目标:强化作风建设", "强化作风建设", "这里应为“目标”和各季度的进度"),
        ("(十九)切实", "(二十一)切实", "读到第21项，缺第19至20项"),
        ("第二季度:对重点工作和", "第一季度:对重点工作和", "第19项的第一季度重复"),
    ],
)
def test_a_damaged_table_is_refused(old, new, reason):
    assert reason in reasons(parsed(source_of(PAPER).text.replace(old, new)))
