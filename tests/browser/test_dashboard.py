"""总览 in a real browser: everybody can read it in every size, walk its cells,
and count it again.
"""

import pytest

from demo.released_district import ReleasedDistrict
from departments.models import User
from tests.browser.checks import barriers, overflow

PUBLIC = ["/dashboard/", "/dashboard/recount/", "/quarters/2017-4/"]
STAFF = ["/staff/overview/", "/staff/dashboard/", "/staff/meeting/"]
SIZES = ["standard", "large", "xlarge"]
# What somebody who is seventy can be asked to scroll on a phone.
LONGEST = 8_000
# Of neighbours that are alike two will do; where there is room most stand open by themselves.
UNFOLD = (
    "for (const fold of document.querySelectorAll('main details:nth-of-type(-n+2)')) fold.open ="
    " true"
)


@pytest.fixture
def released(transactional_db, built_once):
    built_once("released", lambda: ReleasedDistrict(tasks=10).grow_to(1))


@pytest.fixture
def supervisor(released) -> User:
    return User.objects.filter(memberships__role="supervisor").first()


def troubles(window, width: int) -> list[str]:
    window.set_viewport_size({"width": width, "height": 900})
    return [f"{overflow(window)} px too wide at {width}"] if overflow(window) else []


@pytest.mark.parametrize("size", SIZES)
def test_everybody_can_read_every_dashboard_in_every_size_and_unfolded(
    size, open_page, sign_in, supervisor
):
    window, found = open_page(1280, 900), {}
    sign_in(window, supervisor)
    window.goto(f"/text-size/{size}/")
    for address in PUBLIC + STAFF:
        window.goto(address)
        window.evaluate(UNFOLD)
        said = barriers(window) + [
            one for width in (1280, 1920, 360) for one in troubles(window, width)
        ]
        found |= {address: said} if said else {}
        assert window.locator("html").get_attribute("data-text") == size
        window.set_viewport_size({"width": 1280, "height": 900})
    assert found == {}


def test_without_a_script_no_dashboard_is_long_or_too_wide_for_a_phone(
    open_page, sign_in, supervisor
):
    window, found = open_page(360, 740, javascript=False), {}
    sign_in(window, supervisor)
    for address in PUBLIC + STAFF:
        window.goto(address)
        height = window.locator("html").bounding_box()["height"]
        found |= {address: height} if height > LONGEST or troubles(window, 360) else {}
    assert found == {}


def test_printing_the_dashboard_unfolds_everything(open_page, released):
    window = open_page(360, 740)
    window.goto("/dashboard/")
    cells = window.locator(".matrix td")
    assert not cells.first.is_visible()
    window.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert cells.last.is_visible()
    assert window.locator("main details:not([open])").count() == 0
    window.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not cells.first.is_visible()


def focused(window) -> str:
    return window.evaluate(
        "document.activeElement.closest('tr').rowIndex + ' ' + document.activeElement.innerText"
    )


def test_arrow_keys_go_from_cell_to_cell_and_stop_at_the_edge(page, released):
    page.goto("/dashboard/")
    page.locator(".matrix").first.locator("tbody tr").nth(1).locator("td a").first.focus()
    here = focused(page)
    page.keyboard.press("ArrowRight")
    assert focused(page) != here
    page.keyboard.press("ArrowLeft")
    assert focused(page) == here
    page.keyboard.press("ArrowUp")
    assert focused(page).startswith("1 ")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "0 第一季度"


def test_column_heads_of_the_dashboard_stay_in_sight_while_scrolling(open_page, released):
    window = open_page(1280, 300)
    window.goto("/dashboard/")
    region = window.locator(".scroll--tall").first
    region.evaluate("region => region.scrollTop = region.scrollHeight")
    head = region.locator("thead th").last.bounding_box()
    assert head["y"] == pytest.approx(region.bounding_box()["y"], abs=2)


def test_the_recount_button_finds_every_figure_equal(page, released):
    page.goto("/dashboard/recount/")
    page.get_by_role("button", name="在我的浏览器里重算").click()
    page.get_by_text("全部相符").wait_for()
    again = page.locator("[data-again]").all_text_contents()
    assert len(again) > 100
    assert [words for words in again if not words.endswith("相符") or "不符" in words] == []


def test_the_recount_button_names_a_figure_that_is_not_equal(page, released):
    page.goto("/dashboard/recount/")
    page.locator("[data-value]").first.evaluate("cell => cell.textContent = '99'")
    page.get_by_role("button", name="在我的浏览器里重算").click()
    page.get_by_text("1 个不符").wait_for()
    # Its fold has opened by itself.
    assert page.get_by_text("不符", exact=False).last.is_visible()
    assert page.locator("#figures details[open]").count() == 1


def test_without_script_the_recount_page_says_so_and_gives_the_data(open_page, released):
    window = open_page(360, 740, javascript=False)
    window.goto("/dashboard/recount/")
    assert "您的浏览器没有运行脚本" in window.locator("#verdict").inner_text()
    assert not window.locator("[data-recount]").is_visible()
    assert window.get_by_role("link", name="下载数据和算法（JSON）").is_visible()
