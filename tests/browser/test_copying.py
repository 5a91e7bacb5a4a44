"""The text for the work group gets into the clipboard, or is at least selected;
without script it can be marked.
"""

from datetime import date

import pytest

from progress.models import ReportingPeriod
from tests.browser.checks import barriers, overflow
from tests.fixtures import people

PAGE = "/staff/reminders/"


@pytest.fixture
def supervisor(transactional_db):
    units = people.make_units()
    days = dict.fromkeys(["opens_on", "due_on", "review_due_on", "release_on"], date(2013, 7, 12))
    ReportingPeriod.objects.create(
        plan=people.make_white_paper(units).plan, year=2013, index=2, state="open", **days
    )
    return people.make_people(units).supervisor


@pytest.mark.parametrize("width", [360, 1280])
def test_one_press_copies_the_whole_notice(open_page, sign_in, supervisor, width):
    window = open_page(width, 800)
    sign_in(window, supervisor)
    window.goto(PAGE)
    assert barriers(window) == []
    assert overflow(window) <= 0
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    window.locator("[data-copy]").first.click()
    window.get_by_role("button", name="已复制").wait_for()
    copied = window.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("【催报】2013年度公共服务白皮书 2013年第二季度进展")
    assert copied == window.locator("textarea").first.input_value()


def test_without_script_the_text_is_there_and_no_idle_button(open_page, sign_in, supervisor):
    window = open_page(1280, 800, javascript=False)
    sign_in(window, supervisor)
    window.goto(PAGE)
    assert "安监局" in window.locator("textarea").first.input_value()
    assert not window.locator("[data-copy]").first.is_visible()
