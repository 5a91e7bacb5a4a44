"""A leader's ten seconds, and three interactions from a line of the first
screen to a decision or slip on record.
"""

from datetime import date

import pytest
from django.contrib.auth.hashers import make_password

from supervision.actions.coordination import raise_coordination
from supervision.models import CoordinationItem, SupervisionSlip
from tasks.models import Task
from tests.browser.checks import barriers, click_through, overflow
from tests.fixtures.lists import more_tasks
from tests.fixtures.quarter import JULY_2, Office

FIGURES, LINES = "ul.figures li", ".todo--close > li"
# As long as the longest title of a white paper.
LONG = "实施“金色夕阳、幸福长者”工程，打造专业化、全方位的老人日间照料服务机构"


class Hand:
    """Somebody at the page: each press and each field written in is one interaction."""

    def __init__(self, page):
        self.page, self.interactions = page, 0

    def press(self, role: str, name: str, within=None) -> None:
        click_through((within or self.page).get_by_role(role, name=name))
        self.interactions += 1

    def write(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)
        self.interactions += 1


@pytest.fixture
def small_office(transactional_db, white_paper, period, people, units, filing) -> Office:
    """The small paper of the other tests, six tasks long;
    `office` is here the house with both real documents.
    """
    more_tasks(white_paper, units["jiaoyuju"], 5)
    return Office(white_paper, period, people, units, filing)


def raised(office) -> CoordinationItem:
    place = {"task": office.white_paper.task, "period": office.period}
    return raise_coordination(**place, text="场地归谁调配", by=office.people.supervisor, at=JULY_2)


def foot_of_the_fifth(page) -> float:
    fifth = page.locator(LINES).nth(4).bounding_box()
    return fifth["y"] + fifth["height"]


def signed_in(page, person) -> Hand:
    """Through the door, with all that is pressed and written there left out of the count."""
    person.password = make_password("long enough for anybody")
    person.save()
    page.goto("/staff/sign-in/")
    page.get_by_label("用户名").fill(person.username)
    page.get_by_label("密码", exact=True).fill("long enough for anybody")
    click_through(page.get_by_role("button", name="登录"))
    return Hand(page)


def test_a_leader_signs_in_and_sees_figures_and_the_worst_five_without_scrolling(
    open_page, small_office
):
    page = open_page(1280, 800)
    hand = signed_in(page, small_office.people.leader)
    assert page.url.endswith("/staff/overview/")
    assert page.locator(FIGURES).count() == 4
    assert page.locator(LINES).first.inner_text().startswith("逾期")
    assert (hand.interactions, foot_of_the_fifth(page) <= 800) == (0, True)


def test_a_supervisor_has_the_list_one_click_from_the_door_even_with_the_longest_titles(
    open_page, small_office
):
    Task.objects.update(title=LONG)
    page = open_page(1280, 800)
    hand = signed_in(page, small_office.people.supervisor)
    hand.press("link", "总览")
    assert page.locator(LINES).first.inner_text().startswith("逾期")
    assert (hand.interactions, foot_of_the_fifth(page) <= 800) == (1, True)


def test_a_supervisor_issues_a_slip_from_a_line_in_two_interactions(page, sign_in, small_office):
    sign_in(page, small_office.people.supervisor)
    page.goto("/staff/overview/")
    hand = Hand(page)
    hand.press("link", "开督办单", within=page.locator(LINES).nth(1))
    hand.press("button", "发出督办单")
    slip = SupervisionSlip.objects.get()
    assert slip.serial in page.locator("main").inner_text()
    assert (slip.task.plan.slug, hand.interactions) == ("wp2013", 2)


def test_a_leader_decides_at_the_desk_in_three_interactions(page, sign_in, small_office):
    raised(small_office)
    sign_in(page, small_office.people.leader)
    page.goto("/staff/overview/")
    hand = Hand(page)
    hand.press("link", "作决定")
    hand.write("决定了什么", "由教育局腾出场地")
    hand.press("button", "登记决定")
    assert "已登记决定，已列入安监局今天要做的" in page.locator("main").inner_text()
    item = CoordinationItem.objects.get()
    assert (item.state, item.decided_on, item.owner.short_name) == (
        "decided",
        date.today(),
        "安监局",
    )
    assert (item.meeting, hand.interactions) == ("没有开会，直接决定", 3)


def test_a_supervisor_records_what_a_meeting_decided_and_has_to_name_the_meeting(
    page, sign_in, small_office
):
    sign_in(page, small_office.people.supervisor)
    page.goto("/staff/overview/")
    click_through(page.locator(LINES).first.get_by_role("link", name="提出协调"))
    page.get_by_label("需要协调什么").fill("场地归谁调配")
    click_through(page.get_by_role("button", name="提请协调"))
    assert page.get_by_label("在什么会上决定的").input_value() == ""
    page.get_by_label("决定了什么").fill("由教育局腾出场地")
    page.get_by_label("在什么会上决定的").fill("专题会议")
    click_through(page.get_by_role("button", name="登记决定"))
    assert CoordinationItem.objects.get().state == "decided"
    assert (barriers(page), overflow(page)) == ([], 0)


@pytest.mark.parametrize(
    "address", ["/staff/coordination/", "/staff/coordination/{}/", "/staff/meeting/"]
)
def test_the_pages_of_coordination_and_meeting_fit_a_phone(
    phone_page, sign_in, small_office, address
):
    item = raised(small_office)
    sign_in(phone_page, small_office.people.leader)
    phone_page.goto(address.format(item.pk))
    assert (barriers(phone_page), overflow(phone_page)) == ([], 0)


def test_the_printed_meeting_paper_is_one_sheet_even_when_every_chapter_is_full(
    page, sign_in, small_office
):
    tasks = more_tasks(small_office.white_paper, small_office.units["chengguanju"], 20, first=201)
    for task in tasks[:12]:
        place = {"task": task, "period": small_office.period, "by": small_office.people.supervisor}
        raise_coordination(**place, text="需要区里统一调配场地和人手，" * 8, at=JULY_2)
    sign_in(page, small_office.people.leader)
    page.goto("/staff/meeting/?since=2013-07-01")
    assert "见总览" in page.locator("main").inner_text()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
