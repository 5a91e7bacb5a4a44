"""Where in the demonstration each awkward case is to be seen: a story, its address,
and the words that stand there.
"""

import pytest

from tests.fixtures.documents import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
LINE = "/tasks/{}/quarters/{}/r{}/"
STORIES = {
    "filed afterwards, because the paper came out in April": [
        (LINE.format("wp2013-18", "2013-1", 1), "报送 追溯填报"),
    ],
    "a condition that is not there yet": [
        (
            LINE.format("wp2013-08", "2013-1", 1),
            "前置条件未具备 督查核定 · 2013年第一季度 演示 单位说明：大梅沙燃气站",
        ),
        ("/tasks/wp2013-08/", "文中条件：如大梅沙燃气站拆迁事宜协调完毕"),
    ],
    "one of three undertakings behind the others": [
        (LINE.format("wp2013-12", "2013-2", 1), "改造提升方案设计; 部分完成"),
        (LINE.format("wp2013-12", "2013-2", 1), "完成烟墩山公园总体规划方案编制。 已完成"),
        ("/tasks/wp2013-12/", "子项：两座公园"),
    ],
    "the supervisor's office assessed by another": [
        ("/tasks/wp2013-19/", "自评总体已完成，监察局核查后认同")
    ],
    "the other office assessed by the supervisor's": [
        (LINE.format("wp2013-20", "2013-3", 1), "督查室核查后说"),
        (LINE.format("wp2013-20", "2013-3", 1), "监察局说"),
    ],
    "a joint item of which only some units wrote": [
        (LINE.format("wp2013-17", "2013-2", 1), "住建局说"),
        ("/tasks/wp2013-17/", "环水局 文件载明"),
    ],
    "filed after the release": [
        (LINE.format("wp2013-07", "2013-2", 1), "这是旧版"),
        (LINE.format("wp2013-07", "2013-2", 2), "逾期报送"),
    ],
    "a number that was wrong": [
        (LINE.format("wp2013-09", "2013-1", 2), "更正：数据错误 · 由经促局"),
        (LINE.format("wp2013-09", "2013-1", 2), "3500 份 → 3380 份"),
    ],
    "a verdict that another office looked at again and corrected": [
        (LINE.format("wp2013-16", "2013-2", 1), "复核结论： 采纳"),
        (LINE.format("wp2013-16", "2013-2", 2), "监察局提出"),
        (LINE.format("wp2013-16", "2013-2", 2), "推进缓慢 → 部分完成"),
    ],
    "a target that was changed": [
        ("/tasks/ap2017-14/", "约1600套（原为1500套，经批准调整）"),
        ("/tasks/ap2017-14/history/", "1500 → 1600"),
    ],
    "a line withheld by law": [
        (
            LINE.format("wp2013-13", "2013-3", 1),
            "依法暂不公开。依据：《中华人民共和国政府信息公开条例》第十四条",
        ),
        ("/quarters/2013-3/", "依法暂不公开 1 项"),
    ],
    "a slip of which the public reads that it is there and how grave it is": [
        ("/tasks/ap2017-28/", "黄色督办 演示 督查单位已发出督办单，还没有销号。"),
    ],
    "a slip issued in error": [
        ("/tasks/ap2017-37/", "发出的黄色督办单，2027年2月5日撤销（演示）。")
    ],
    "a release day that was not kept": [
        ("/", "，比原定的2017年11月7日晚了 2 天"),
        ("/quarters/", "晚了 2 天"),
    ],
    "papers that show it, in the plan too": [
        (LINE.format("ap2017-33", "2017-3", 1), "市政公厕和社会公厕改造清单（演示）.xlsx"),
    ],
    "a letter that called a published line untrue, and was right in part": [
        ("/tasks/ap2017-31/", "收到 1 件，答复 1 件，因此改变 1 项。"),
        ("/feedback/YT-2017-000004/", "督查单位核实： 部分属实 。"),
        (LINE.format("ap2017-31", "2017-3", 1), "这是旧版"),
        (LINE.format("ap2017-31", "2017-3", 2), "正常推进 → 推进缓慢"),
    ],
    "a suggestion taken up in part, and what its writer thought of it": [
        ("/tasks/ap2017-33/", "部分采纳 · 来信人评价：满意"),
    ],
    "a question that was taken down": [
        (
            "/tasks/ap2017-33/",
            "YT-2017-000003 2017年11月10日撤下，原因：【演示】《中华人民共和国政府信息公开条例》",
        ),
    ],
    "what several people wait for an answer about": [
        ("/feedback/new/", "铸造精品公共服务基础设施 ：3 件")
    ],
    "tracked only from a later day": [("/tasks/ap2017-33/", "第一季度 平台启用前，未采集")],
}


@pytest.mark.parametrize("story", STORIES)
def test_each_story_of_the_demonstration_is_on_the_page_the_table_names(story):
    assert [(at, words) for at, words in STORIES[story] if words not in read(at)] == []


def test_silent_units_and_withheld_lines_are_not_quoted():
    assert "环水局说" not in read(LINE.format("wp2013-17", "2013-2", 1))
    assert "城改办说" not in read(LINE.format("wp2013-13", "2013-3", 1))


def test_evidence_that_is_not_public_is_not_named():
    assert "小公厕选址征求意见汇总" not in read(LINE.format("ap2017-33", "2017-3", 1))
