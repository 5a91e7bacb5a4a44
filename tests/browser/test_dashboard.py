"""总览 in a real browser: everybody can read it in every size, walk its cells, and count it again."""

import pytest

from progress.management.boards import ReleasedDistrict
from tests.browser.checks import barriers, overflow

PAGES = ["/dashboard/", "/dashboard/recount/"]


@pytest.fixture
def released(transactional_db):
    ReleasedDistrict(tasks=10).grow_to(1)


@pytest.mark.parametrize("size", ["standard", "large", "xlarge"])
@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_it_can_be_read_by_everybody_and_fits_the_window(width, size, open_page, released):
    window = open_page(width, 900)
    window.goto(f"/text-size/{size}/")
    for address in PAGES:
        window.goto(address)
        assert window.locator("html").get_attribute("data-text") == size
        assert barriers(window) == []
        assert overflow(window) <= 0


def focused(window) -> str:
    return window.evaluate("document.activeElement.closest('tr').rowIndex + ' ' + document.activeElement.innerText")


def test_arrow_keys_go_from_cell_to_cell_and_stop_at_the_edge(page, released):
    page.goto("/dashboard/")
    page.locator(".matrix tbody tr").nth(1).locator("td a").first.focus()
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


def test_the_heads_stay_in_sight(open_page, released):
    window = open_page(1280, 300)
    window.goto("/dashboard/")
    region = window.locator(".scroll--tall")
    region.evaluate("region => region.scrollTop = region.scrollHeight")
    head = window.locator(".matrix thead th").last.bounding_box()
    assert head["y"] == pytest.approx(region.bounding_box()["y"], abs=2)


def test_the_button_counts_again_and_finds_every_figure_equal(page, released):
    page.goto("/dashboard/recount/")
    page.get_by_role("button", name="在我的浏览器里重算").click()
    page.get_by_text("全部相符").wait_for()
    again = page.locator("[data-again]").all_inner_texts()
    assert len(again) > 100
    assert [words for words in again if not words.endswith("相符") or "不符" in words] == []


def test_the_button_names_a_figure_that_is_not_equal(page, released):
    page.goto("/dashboard/recount/")
    page.locator("[data-value]").first.evaluate("cell => cell.textContent = '99'")
    page.get_by_role("button", name="在我的浏览器里重算").click()
    page.get_by_text("1 个不符").wait_for()
    assert "不符" in page.locator("[data-again]").first.inner_text()


def test_without_script_it_says_so_and_gives_the_data(open_page, released):
    window = open_page(360, 740, javascript=False)
    window.goto("/dashboard/recount/")
    assert "您的浏览器没有运行脚本" in window.locator("#verdict").inner_text()
    assert not window.locator("[data-recount]").is_visible()
    assert window.get_by_role("link", name="下载数据和算法（JSON）").is_visible()
