"""What happens to a quarter of the real documents after its release,
and to promises that change or stay closed.
"""

from datetime import date
from decimal import Decimal

import pytest

from demo.samples.people import noon
from departments.models import Role
from progress.models import ReportingPeriod
from publishing.actions.revisions import publish_revision
from publishing.models import Publication
from tasks.actions.changes import Ground, change_target
from tasks.models import Target
from tests.fixtures.documents import read

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def test_a_unit_that_files_late_is_shown_late_and_what_was_shown_before_stays(town):
    """Item 7 of the second quarter: 未报送 on the day of the release, filed in August,
    assessed in August.
    """
    second = town.open("wp2013", 2)
    town.release(second)
    assert "没有报送这个季度的进展" in read("/tasks/wp2013-07/")
    august = date(2013, 8, 20)
    report = town.file("wp2013-07", second, by="经促局", on=august)
    publish_revision(report=report, by=town.publisher, at=noon(august))
    town.verify(report)
    publish_revision(report=report, by=town.publisher, at=noon(august))
    old, late, now = Publication.objects.filter(task__code="wp2013-07", period=second).order_by(
        "revision"
    )
    assert [row.reporting for row in (old, late, now)] == ["missing", "late", "late"]
    assert "逾期报送" in read("/tasks/wp2013-07/")
    page = read(old.get_absolute_url())
    assert "这是旧版" in page
    assert "没有报送这个季度的进展" in page


def test_a_number_that_was_wrong_is_corrected_in_sight_of_everybody(town):
    """Item 9 of the first quarter: 120 sheets were counted twice."""
    first = town.open("wp2013", 1, on=date(2013, 4, 18))
    town.verify(town.file("wp2013-09", first, by="经促局"))
    town.release(first)
    before = Publication.objects.get(task__code="wp2013-09")
    right = {"readings": {before.readings.get().indicator_id: Decimal(3380)}}
    after = town.correct(
        before, by="经促局", reason="120份问卷重复计数", on=date(2013, 6, 3), **right
    )
    page = read(after.get_absolute_url())
    assert "更正：数据错误 · 由经促局提出。120份问卷重复计数" in page
    assert "3500 份 → 3380 份" in page
    assert "3500 份" in read(before.get_absolute_url())
    assert before.report.readings.get().value == 3500
    assert "更正：数据错误" in read("/tasks/wp2013-09/history/")


def test_a_target_that_was_changed_stands_beside_the_one_that_was_promised(town):
    """The plan promises about 1,500 homes; a higher number needs a document and
    a body that approved it.
    """
    change_target(
        target=Target.objects.in_force().get(indicator__task__code="ap2017-14"),
        value=Decimal(1600),
        value_max=None,
        ground=Ground("上级追加任务", "区政府常务会议纪要", "区政府常务会议", date(2017, 9, 1)),
        by=town.judge.actor(Role.SUPERVISOR),
        at=noon(date(2017, 9, 4)),
    )
    page = read("/tasks/ap2017-14/")
    assert "约1600套（原为1500套，经批准调整）" in page
    assert "1600 区政府常务会议纪要（调整）" in page
    assert "“2017年新开工和筹建约1500套人才住房和保障性住房”，2017年9月4日起不再适用" in page
    assert "1500 → 1600" in read("/tasks/ap2017-14/history/")


def test_a_line_withheld_by_law_names_the_law_is_counted_and_stops_nothing(town):
    third = town.open("wp2013", 3)
    for code, unit in (("wp2013-13", "城改办"), ("wp2013-18", "安监局")):
        town.verify(town.file(code, third, by=unit, narrative=f"{unit}的话"))
    law = "《中华人民共和国政府信息公开条例》第十四条"
    town.release(third, withheld={"wp2013-13": law})
    page = read("/tasks/wp2013-13/")
    assert f"依法暂不公开。依据：{law}" in page
    assert "城改办的话" not in page
    assert "安监局的话" in read("/tasks/wp2013-18/")
    bulletin = read("/quarters/2013-3/")
    assert "依法暂不公开 1 项" in bulletin
    assert law in bulletin
    assert "城改办的话" not in Publication.objects.get(task__code="wp2013-13").content


def test_of_the_time_before_the_tracking_began_nothing_is_asked_and_nothing_is_said(town):
    """The plan of 2017 is tracked from April: its first quarter is 未采集, never 未报送."""
    assert list(
        ReportingPeriod.objects.filter(plan__slug="ap2017").values_list("index", flat=True)
    ) == [2, 3, 4]
    second = town.open("ap2017", 2)
    town.release(second)
    page = read("/tasks/ap2017-33/")
    assert "第一季度 平台启用前，未采集" in page
    assert "第二季度 未报送" in page
    assert "平台启用前，未采集 45" in read("/tasks/?plan=ap2017&year=2017&quarter=1")
