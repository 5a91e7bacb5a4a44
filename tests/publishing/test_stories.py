"""Quarters of the real documents as they may go,
told from the unit's form to the page the public reads.
"""

from datetime import date

import pytest

from common.errors import Refused
from publishing.models import Publication
from tests.fixtures.documents import read

pytestmark = [pytest.mark.both, pytest.mark.django_db]
APRIL_18 = date(2013, 4, 18)


def shown(code: str, quarter: int) -> Publication:
    return Publication.objects.current().get(task__code=code, period__index=quarter)


def test_a_quarter_over_before_the_plan_came_out_is_filed_without_being_late(
    town,
):
    """The paper is dated 17 April 2013: its first quarter ended before anybody could file it."""
    first = town.open("wp2013", 1, on=APRIL_18)
    assert first.retroactive
    town.verify(town.file("wp2013-18", first, by="安监局", on=first.due_on))
    town.release(first)
    assert shown("wp2013-18", 1).reporting == "retroactive"
    page = read("/tasks/wp2013-18/")
    assert "追溯填报" in page
    assert "逾期报送" not in page
    assert "未报送" in read("/tasks/wp2013-07/")


GAS_STATION = "如大梅沙燃气站拆迁事宜协调完毕"


def test_a_promise_with_a_condition_may_say_that_the_condition_is_not_there_yet_but_must_say_why(
    town,
):
    """Item 8 prints 如…协调完毕: until then its number is nobody's failure,
    and the headline does not call it slow.
    """
    first = town.open("wp2013", 1, on=APRIL_18)
    said = {"read": {"1号路": "0"}, "contradiction_reason": "条件未具备，未能进场"}
    with pytest.raises(Refused, match="前置条件未具备，请写明情况"):
        town.file("wp2013-08", first, by="工务局", said={GAS_STATION: ("blocked", "")}, **said)
    report = town.file(
        "wp2013-08", first, by="工务局", said={GAS_STATION: ("blocked", "拆迁尚未谈妥")}, **said
    )
    assert report.pace == "on_course"
    town.verify(report)
    town.release(first)
    page = read("/tasks/wp2013-08/")
    assert f"文中条件：{GAS_STATION}" in page
    assert "前置条件未具备 督查核定 · 2013年第一季度 单位说明：拆迁尚未谈妥" in page
    assert "推进缓慢" not in page


def test_where_all_but_the_conditions_is_done_the_headline_says_so(town):
    fourth = town.open("wp2013", 4)
    blocked = ("blocked", "消防验收窗口尚未受理")
    words = ["完成市政配套工程施工", "完成华大基因市政配套工程施工"]
    town.verify(town.file("wp2013-08", fourth, by="工务局", said=dict.fromkeys(words, blocked)))
    town.release(fourth)
    assert shown("wp2013-08", 4).headline == "blocked"
    assert "总体前置条件未具备，督查室核查后认同" in read("/tasks/wp2013-08/")


def test_each_undertaking_inside_an_item_gets_its_own_word(town):
    """Item 12 runs a centre, two parks and a hill side by side;
    one of them being late does not hide the others.
    """
    second = town.open("wp2013", 2)
    town.lead("wp2013-12", "城管局")
    late = {"壹海城项目1、2、4区主体封顶": ("partly", "3区地下室晚两周")}
    town.verify(town.file("wp2013-12", second, by="城管局", said=late), pace="partly")
    town.release(second)
    rows = shown("wp2013-12", 2).findings.filter(commitment__quarter=2)
    found = {row.commitment.tracks.get().name: row.pace for row in rows}
    assert found == {"壹海城": "partly", "两座公园": "done", "烟墩山": "done"}
    page = read("/tasks/wp2013-12/")
    assert [name for name in found if f"子项：{name}" not in page] == []


@pytest.mark.parametrize(
    ("code", "unit", "word"), [("wp2013-19", "督查室", "监察局"), ("wp2013-20", "监察局", "督查室")]
)
def test_the_office_that_assesses_does_not_assess_itself(town, code, unit, word):
    second = town.open("wp2013", 2)
    report = town.file(code, second, by=unit)
    own, other = (
        (town.judge, town.other_judge) if unit == "督查室" else (town.other_judge, town.judge)
    )
    with pytest.raises(Refused, match="回避"):
        town.verify(report, by=own)
    town.verify(report, by=other)
    town.release(second)
    assert shown(code, 2).assessor_unit == word
    assert f"{unit}说" in (page := read(f"/tasks/{code}/"))
    assert f"{word}核查后认同" in page


def test_a_joint_item_is_handed_in_by_its_lead_even_if_a_part_is_missing(town):
    """Item 17 names eight units and no lead: 督查室 names one, three write,
    the others say nothing.
    """
    second = town.open("wp2013", 2)
    with pytest.raises(Refused, match="还没有牵头单位"):
        town.file("wp2013-17", second, by="应急办")
    town.lead("wp2013-17", "应急办")
    for unit, words in {"住建局": "出入口已装高清监控。", "城管局": "专项执法6次。"}.items():
        town.save("wp2013-17", second, by=unit, narrative=words)
    with pytest.raises(Refused, match="由牵头单位应急办报送"):
        town.file("wp2013-17", second, by="住建局")
    town.verify(town.file("wp2013-17", second, by="应急办", narrative="三家已报。"))
    town.release(second)
    page = read("/tasks/wp2013-17/")
    assert [unit for unit in ("住建局", "城管局", "应急办") if f"{unit}说" not in page] == []
    assert "环水局说" not in page
    assert "环水局 文件载明" in page
    # The lead wrote last, but the verdict of the sentence is its own.
    assert "应急办填报：“三家已报”（另有2个单位填报），自评总体" in page
