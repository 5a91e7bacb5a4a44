"""A supervisor goes through consistent reports with one key, each after a look at its page."""

import pytest

from tests.browser.checks import barriers, click_through, overflow
from tests.fixtures.evidence import attach
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_2, Office


@pytest.fixture
def small_office(transactional_db, white_paper, period, people, units, filing) -> Office:
    """The small paper of the other tests; `office` is here the house with both real documents."""
    return Office(white_paper, period, people, units, filing)


def another_report(office) -> None:
    task = more_tasks(office.white_paper, office.units["anjianju"], 1)[0]
    facts = {"pace": "slow", "status": "submitted", "submitted_by": office.people.reporter}
    office.period.reports.create(task=task, submitted_at=JULY_2, first_submitted_at=JULY_2, **facts)


def press_alt_y(page) -> None:
    """As the keyboard sends it; the library's own `press` leaves out the letter
    an access key is known by.
    """
    key = {"modifiers": 1, "key": "y", "code": "KeyY", "windowsVirtualKeyCode": 89}
    key |= {"text": "y", "unmodifiedText": "y"}
    page.context.new_cdp_session(page).send("Input.dispatchKeyEvent", {"type": "keyDown", **key})


def test_one_key_agrees_and_the_next_report_opens(page, sign_in, small_office):
    attach(small_office, small_office.save())
    small_office.submit(version=1)
    another_report(small_office)
    sign_in(page, small_office.people.supervisor)
    page.goto("/staff/review/")
    click_through(page.get_by_role("link", name="全面落实安全生产责任制").first)
    assert page.get_by_label("把握一般").first.is_checked()
    assert (barriers(page), overflow(page)) == ([], 0)
    page.get_by_label("书面核查").first.check()
    with page.expect_navigation():
        press_alt_y(page)
    assert page.url.endswith("/staff/review/wp2013-101/2013-2/")
    assert "wp2013-18 已同意单位自评，审核通过。" in page.locator("main").inner_text()
    assert "总体自评为推进缓慢。" in page.locator("main").inner_text()


def test_on_a_phone_the_key_comes_after_the_facts(phone_page, sign_in, small_office):
    attach(small_office, small_office.save())
    small_office.submit(version=1)
    sign_in(phone_page, small_office.people.supervisor)
    phone_page.goto("/staff/review/wp2013-18/2013-2/")
    facts, key = (
        phone_page.get_by_text(words).first
        for words in ("完成培训 4000 人次", "同意单位自评，审核通过")
    )
    assert facts.bounding_box()["y"] < key.bounding_box()["y"]
    assert (barriers(phone_page), overflow(phone_page)) == ([], 0)
    phone_page.get_by_label("书面核查").first.check()
    click_through(key)
    assert phone_page.url.endswith("/staff/review/")
