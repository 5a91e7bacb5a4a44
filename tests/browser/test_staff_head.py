"""On a telephone the head of the workspace leaves room for the work,
the reference data are of the same house.
"""

import pytest

from departments.models import User
from tests.browser.checks import barriers, overflow

ROOM = 'nav a[href="/staff/reminders/"]'
HEAD = "document.querySelector('header').offsetHeight"
ROOMS = [
    "departments/user",
    "departments/membership",
    "departments/department",
    "departments/calendarday",
]
PAPERS = [
    "tasks/plan",
    "tasks/task",
    "tasks/commitment",
    "tasks/responsibility",
    "tasks/target",
    "tasks/changerequest",
]


def test_on_a_phone_the_staff_menu_is_one_key_away_and_out_of_the_way(
    phone_page, sign_in, people, white_paper
):
    sign_in(phone_page, people.supervisor)
    phone_page.goto("/staff/")
    link = phone_page.locator(ROOM)
    assert phone_page.evaluate(HEAD) <= 125
    assert not link.is_visible()
    for _ in range(3):
        phone_page.keyboard.press("Tab")
    assert phone_page.evaluate("document.activeElement.textContent") == "菜单"
    phone_page.keyboard.press("Enter")
    assert link.is_visible()
    assert phone_page.get_by_role("button", name="退出").is_visible()
    assert (barriers(phone_page), overflow(phone_page)) == ([], 0)
    link.focus()
    phone_page.keyboard.press("Enter")
    phone_page.wait_for_url("**/staff/reminders/")
    assert not link.is_visible()


def test_the_menu_opens_without_script(open_page, sign_in, people, white_paper):
    window = open_page(360, 740, javascript=False)
    sign_in(window, people.supervisor)
    window.goto("/staff/")
    window.get_by_text("菜单").click()
    assert window.locator(ROOM).is_visible()


def test_in_a_wide_window_the_staff_menu_lies_open(page, sign_in, people, white_paper):
    sign_in(page, people.supervisor)
    page.goto("/staff/")
    assert page.locator(ROOM).is_visible()
    assert not page.get_by_text("菜单").is_visible()


@pytest.mark.parametrize(("person", "rooms"), [("administrator", ROOMS), ("supervisor", PAPERS)])
def test_the_reference_data_fit_a_phone_and_everybody_can_read_them(
    phone_page, sign_in, people, white_paper, person, rooms
):
    sign_in(phone_page, getattr(people, person))
    found = {}
    for address in ["/admin/", *(f"/admin/{room}/" for room in rooms)]:
        phone_page.goto(address)
        found[address] = (
            phone_page.evaluate(HEAD) <= 125,
            overflow(phone_page),
            barriers(phone_page),
        )
    assert {at: said for at, said in found.items() if said != (True, 0, [])} == {}


def test_before_a_password_is_reset_the_names_are_read_and_confirmed(phone_page, sign_in, people):
    sign_in(phone_page, people.administrator)
    phone_page.goto("/admin/departments/user/")
    phone_page.get_by_role("row", name="王外人").get_by_role("checkbox").check()
    phone_page.get_by_label("动作").select_option("disable")
    phone_page.get_by_role("button", name="执行").click()
    phone_page.get_by_text("stranger · 教育局填报员").wait_for()
    assert (barriers(phone_page), overflow(phone_page)) == ([], 0)
    phone_page.get_by_role("button", name="停用这 1 个账号").click()
    phone_page.get_by_text("已停用 1 个账号。").wait_for()
    assert not User.objects.get(username="stranger").is_active
