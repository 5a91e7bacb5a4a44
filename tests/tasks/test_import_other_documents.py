"""Other governments' habits, as small made-up documents:
nothing of the two shipped ones is built in.
"""

from datetime import date

import pytest

from tasks.choices import PassageKind
from tests.fixtures.sources import parsed, reasons

OPINION = """某办公厅关于加快发展
体育产业的指导意见
某办发〔2018〕121号
各区人民政府，各有关单位：
为加快体育产业发展，现提出以下意见：
一、总体要求
（一）指导思想。坚持服务群众。
（二）发展目标。到2025年，总规模达到2万亿元。
二、丰富赛事活动，完善赛事体系
（三）大力发展职业赛事。着力发展联赛。遏制无序竞争。（体育局、民政局负责）
（四）鼓励创新创业。营造准入环境。（市场监管局负责）加强教育（含技工院校）服务。（体育局、教育局负责）
三、加强资金保障
（五）完善投入机制。拓宽渠道。（财政局牵头，体育局配合）
各区、各有关部门要加强组织领导，务求取得实效。
某办公厅
2018年12月11日
（此件公开发布）"""

SCHEME = """某区2019年重点工作实施方案
　　一、工作目标
　　全面完成各项任务。
　　二、重点任务
　　(一)交通
　　1.修路
　　修建道路3条。
　　责任单位:交通局、住建局。
　　2.种树
　　种树100棵。
　　(二)教育
　　1.建校
　　建校1所。
　　三、组织保障
　　加强领导。"""

LIST = """某区2013年民生实事
一、公共交通
1.加快推进道路工程。
2、建成通车。
二、教育事业
3.新增学位2230个。
某区人民政府
2013年3月1日"""


def units(draft, place: int) -> list:
    return [(unit.name, unit.kind) for unit in draft.tasks[place].responsibilities]


def test_tasks_printed_as_paragraphs_of_a_chapter():
    draft = parsed(OPINION)
    assert draft.blocking == []
    assert draft.title == "某办公厅关于加快发展体育产业的指导意见"
    assert (draft.document_number, draft.issuer) == ("某办发〔2018〕121号", "某办公厅")
    assert (draft.year, draft.issued_on) == (2018, date(2018, 12, 11))
    assert [(task.number, task.title.text) for task in draft.tasks] == [
        (3, "大力发展职业赛事"),
        (4, "鼓励创新创业"),
        (5, "完善投入机制"),
    ]
    assert [section.title.text for section in draft.sections] == [
        "丰富赛事活动，完善赛事体系",
        "加强资金保障",
    ]


def test_a_chapter_that_begins_after_its_first_paragraph_is_refused_as_cut():
    first = next(line for line in OPINION.split("\n") if line.startswith("（三）"))
    assert "读到第4项，缺第3项" in reasons(parsed(OPINION.replace(f"{first}\n", "")))


def test_a_chapter_may_begin_its_paragraphs_with_one_again():
    again = OPINION.replace("（五）完善", "（一）完善")
    assert parsed(again).blocking == []


def test_all_notes_of_a_paragraph_count_and_other_brackets_are_no_notes():
    draft = parsed(OPINION)
    assert units(draft, 0) == [("体育局", "listed"), ("民政局", "listed")]
    assert units(draft, 1) == [("市场监管局", "listed"), ("体育局", "listed"), ("教育局", "listed")]
    assert units(draft, 2) == [("财政局", "lead"), ("体育局", "supporting")]
    assert [each.words.text for each in draft.tasks[1].commitments] == [
        "营造准入环境。",
        "加强教育（含技工院校）服务。",
    ]


def test_a_closing_paragraph_behind_the_last_note_belongs_to_no_task():
    draft = parsed(OPINION)
    closing = [
        OPINION[p.start : p.end][:4] for p in draft.passages if p.kind == PassageKind.SAFEGUARD
    ]
    assert closing == ["各区、各"]
    assert draft.tasks[-1].text.text == "拓宽渠道。（财政局牵头，体育局配合）"


def test_indented_lines_titles_on_their_own_line_and_numbers_that_begin_again():
    draft = parsed(SCHEME)
    assert draft.blocking == []
    assert [(task.number, task.title.text) for task in draft.tasks] == [
        (1, "修路"),
        (2, "种树"),
        (3, "建校"),
    ]
    assert draft.tasks[1].text.text == "种树100棵。"
    assert units(draft, 0) == [("交通局", "listed"), ("住建局", "listed")]
    assert [each.words.text for each in draft.tasks[0].commitments] == ["修建道路3条。"]


def test_a_list_of_bare_sentences_has_chapters_for_sections_and_titles_for_promises():
    draft = parsed(LIST)
    assert draft.blocking == []
    assert [[task.number for task in section.tasks] for section in draft.sections] == [[1, 2], [3]]
    commitment = draft.tasks[2].commitments[0]
    assert (commitment.words.text, commitment.source, commitment.measurable) == (
        "新增学位2230个",
        "title",
        "yes",
    )
    assert "3 项任务没有读到责任单位" in str(draft.problems[0])


def test_several_printed_leads_are_leads():
    assert units(parsed(OPINION.replace("财政局牵头", "财政局、发改局牵头")), 2)[:2] == [
        ("财政局", "lead"),
        ("发改局", "lead"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LIST.replace("某区2013年民生实事\n", ""), "第1行：没有找到文件标题"),
        (LIST.replace("某区人民政府\n2013年3月1日", ""), "文件在第3项处结束"),
        (LIST.replace("2230个。\n", "2230\n"), "正文在句中结束，文件可能被截断：…3.新增学位2230"),
        (LIST.replace("二、教育", "三、教育"), "“一、”编号不连续：读到第3项，缺第2项"),
        (SCHEME.replace("　　2.种树", "　　3.种树"), "“1.”编号不连续：读到第3项，缺第2项"),
        (SCHEME.replace("　　1.建校\n　　建校1所。\n", ""), "“教育”之下没有任务"),
        (SCHEME.replace("　　加强领导。", ""), "标题“组织保障”之后没有内容"),
        (SCHEME + "\n附件:某区“重点工作", "引号或括号没有结束"),
    ],
)
def test_a_doubtful_document_is_kept_out_with_its_reason(text, reason):
    assert reason in reasons(parsed(text))


def test_an_annex_that_is_named_but_not_there_is_told():
    draft = parsed(SCHEME + "\n附件:责任分工表")
    assert draft.blocking == []
    assert "第16行：附件不在文件中：附件:责任分工表" in map(str, draft.problems)


def test_a_covering_notice_without_its_annex_has_no_tasks_and_says_why():
    draft = parsed(
        "某市关于印发2020年重点工作责任分解的通知\n各区人民政府:\n《责任分解》已经同意,现印发给你们。\n"
        "一、2020年是收官之年。要提高站位。\n二、列第一位的责任单位为牵头单位。"
        "\n某市人民政府\n2020年5月20日"
    )
    assert draft.tasks == []
    assert "第3行：没有识别出任务（0 项）" in reasons(draft)
    assert "文件里没有找到所印发的正文或附件" in reasons(draft)


@pytest.mark.parametrize(
    "text",
    [
        "2022年重要民生实事进展\n1.设置公共厕所。\n当前进展:已完成。\n责任编辑:某某",
        "2022年重要民生实事\n序号 | 工作任务 | 责任单位 | 进展情况 | 目标完成情况 |\n"
        "1 | 设置公共厕所 | 城管局 | 已完成。 | 顺利 |",
    ],
)
def test_what_says_what_was_done_is_a_disclosure(text):
    draft = parsed(text)
    assert draft.is_disclosure
    assert [task.title.text for task in draft.tasks] == ["设置公共厕所"]
    assert [actual.words.text for actual in draft.tasks[0].actuals] == ["已完成。"]


def test_a_text_without_tasks_is_told_what_was_looked_for():
    draft = parsed("今天天气很好。\n明天也很好。")
    assert draft.tasks == []
    assert "没有识别出任务（0 项）。找过：带“序号、工作任务、责任单位”一类表头的表格" in reasons(
        draft
    )
