"""A unit's quarter with the keyboard alone, and in few steps: the people who file have no time."""

from departments.models import Department, Membership, Role, User
from progress.models import ProgressReport
from tests.browser.checks import barriers
from tests.browser.keyboard import Keyboard

AT_MOST = 8


def file_item_nine(window, way_out: str = "报送", said: str = "已报送督查室。") -> list[str]:
    keyboard, role = Keyboard(window), window.get_by_role
    window.goto("/staff/")
    keyboard.press(role("link", name="有针对性的拓展旅游市场").first, "Enter")
    window.wait_for_url("**/staff/reports/wp2013-09/2013-2/")
    keyboard.press(role("radio", name="已完成").first, "Space")
    keyboard.press(window.get_by_label("其余 2 项：正常推进"), "Space")
    keyboard.type(window.get_by_label("游客调查访问样本量"), "7000")
    keyboard.type(
        window.get_by_label("进展情况、存在问题及下一步打算"),
        "完成问卷7000份，报告已编制。下一步用于规划。",
    )
    keyboard.press(role("button", name=way_out), "Enter")
    window.get_by_text(said).wait_for()
    return keyboard.acts


def test_item_nine_is_filed_with_the_keyboard_in_at_most_eight_steps(desk, second_quarter):
    window = desk("promoter")
    acts = file_item_nine(window)
    report = ProgressReport.objects.get(task__number=9)
    assert (report.status, report.pace) == ("submitted", "on_course")
    assert (report.findings.count(), report.readings.get().value) == (3, 7000)
    assert len(acts) <= AT_MOST, acts


def test_the_enter_key_in_a_field_saves_and_hands_nothing_in(desk, second_quarter):
    window = desk("promoter")
    window.goto("/staff/reports/wp2013-09/2013-2/")
    keyboard = Keyboard(window)
    keyboard.type(window.get_by_label("游客调查访问样本量"), "6000")
    window.keyboard.press("Enter")
    window.get_by_text("已保存，还没有报送。").wait_for()
    assert ProgressReport.objects.get(task__number=9).status == "draft"


def test_a_signer_reads_and_signs_in_two_steps(desk, second_quarter, office):
    unit = Department.objects.get(short_name="经促局")
    Department.objects.filter(pk=unit.pk).update(signs_reports=True)
    office.signer = User.objects.create(username="signer", name="经促局审签人")
    Membership.objects.create(user=office.signer, department=unit, role=Role.SIGNER)
    file_item_nine(desk("promoter"), way_out="送审签", said="已送审签。")
    window = desk("signer")
    window.goto("/staff/")
    keyboard = Keyboard(window)
    keyboard.press(window.get_by_role("link", name="有针对性的拓展旅游市场").first, "Enter")
    window.wait_for_url("**/staff/reports/wp2013-09/2013-2/")
    assert barriers(window) == []
    keyboard.press(window.get_by_role("button", name="审签", exact=True), "Enter")
    window.wait_for_url("**/staff/")
    assert "已审签。已报送督查室。" in window.locator("main").inner_text()
    assert ProgressReport.objects.get(task__number=9).signed_by == office.signer


def test_the_printed_form_can_be_read_by_everybody(desk, second_quarter):
    window = desk("promoter")
    window.goto("/staff/reports/wp2013-09/2013-2/form/")
    assert barriers(window) == []
