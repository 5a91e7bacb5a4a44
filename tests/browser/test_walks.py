"""The two walks the portal exists for, on the two real documents, through a real browser."""

import io
from datetime import date

import pytest
from PIL import Image

from ledger.verification import verify
from tests.browser.checks import barriers, click_through, overflow
from tests.browser.keyboard import Keyboard


def fits(window) -> None:
    assert barriers(window) == []
    assert overflow(window) <= 0


def follow(hands, control, key="Enter") -> None:
    with hands.window.expect_navigation():
        hands.press(control, key)


def find_the_task(hands) -> None:
    """A resident on a phone finds the toilets and reads three promised numbers."""
    window = hands.window
    window.goto("/")
    hands.type(window.get_by_role("searchbox").last, "公厕")
    with window.expect_navigation():
        window.keyboard.press("Enter")
    follow(hands, window.get_by_role("link", name="公厕改造和新建").first)
    assert window.url.endswith("/tasks/ap2017-33/")
    for number in ("40座", "90座", "7座"):
        assert number in window.locator("main").inner_text().replace(" ", "")
    follow(hands, window.get_by_role("link", name="咨询").first)


def mend_the_form(hands) -> None:
    """Sent too early: the summary has the focus, its link leads to the field,
    and what was typed is there.
    """
    window, further = hands.window, hands.window.get_by_role("button", name="下一步：核对")
    hands.type(window.get_by_label("地点"), "鹏湾")
    follow(hands, further)
    fits(window)
    assert window.title().startswith("错误：")
    hands.press(window.get_by_role("link", name="请写下您想说的话。"), "Enter")
    window.keyboard.type("鹏湾公厕有没有无障碍设施？我姓林。")
    assert window.get_by_label("您想说什么").input_value().startswith("鹏湾公厕")
    assert window.get_by_label("地点").input_value() == "鹏湾"


def ask(window) -> tuple[str, str]:
    """The question with a photo, and a number to be called at, which is asked for only now."""
    hands = Keyboard(window)
    find_the_task(hands)
    mend_the_form(hands)
    window.get_by_label("照片").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    assert not window.get_by_label("您的号码").is_visible()
    hands.press(window.get_by_role("radio", name="我自己上网查"), "ArrowDown")
    hands.type(window.get_by_label("您的号码"), "138 0000 0000")
    hands.press(window.get_by_label("我同意公开"), "Space")
    fits(window)
    follow(hands, window.get_by_role("button", name="下一步：核对"))
    assert "附了一张" in window.locator("main").inner_text()
    fits(window)
    follow(hands, window.get_by_role("button", name="提交"))
    fits(window)
    number, code = window.locator(".receipt__number").all_inner_texts()
    return number, code


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4000, 3000), "teal").save(out, "JPEG")
    return out.getvalue()


def look_up(window, number: str, code: str) -> None:
    hands = Keyboard(window)
    window.goto("/feedback/track/")
    hands.type(window.get_by_label("登记编号"), number)
    hands.type(window.get_by_label("查询码"), code.lower())
    follow(hands, window.get_by_role("button", name="查看"))
    fits(window)


def screen_and_assign(window, number: str) -> None:
    window.goto("/staff/")
    click_through(window.get_by_role("link", name=number).first)
    window.get_by_label("交办内容").fill("询问鹏湾公厕有没有无障碍设施。")
    click_through(window.get_by_role("button", name="受理"))
    window.get_by_label("主办").first.select_option(label="城管局")
    click_through(window.get_by_role("button", name="转办"))


def answer(window, number: str) -> None:
    window.goto("/staff/")
    click_through(window.get_by_role("link", name=number).first)
    assert "13800000000" not in window.content()
    click_through(window.get_by_role("button", name="接收办理"))
    window.get_by_label("答复").last.fill("设无障碍厕位和扶手。")
    fits(window)
    click_through(window.get_by_role("button", name="发出答复"))


@pytest.mark.parametrize("javascript", [False, True])
def test_a_question_gets_a_number_an_answer_and_a_public_page(javascript, open_page, desk):
    resident = open_page(360, 740, javascript=javascript)
    number, code = ask(resident)
    clerk = desk("clerk")
    screen_and_assign(clerk, number)
    answer(desk("reporter"), number)
    publish(clerk, number)
    look_up(resident, number, code)
    assert "设无障碍厕位和扶手" in resident.locator("main").inner_text()
    rate(resident)
    resident.goto("/tasks/ap2017-33/")
    assert "鹏湾公厕有没有无障碍设施？" in resident.locator("main").inner_text()
    assert "13800000000" not in resident.content()
    fits(resident)
    assert verify().sound


def publish(clerk, number: str) -> None:
    clerk.goto(f"/staff/feedback/{number}/")
    clerk.locator("summary", has_text="公开").click()
    clerk.get_by_label("公开的问题").fill("鹏湾公厕有没有无障碍设施？")
    clerk.get_by_label("公开的答复").fill("设无障碍厕位和扶手。")
    click_through(clerk.get_by_role("button", name="公开", exact=True))


def rate(window) -> None:
    hands = Keyboard(window)
    hands.press(window.get_by_role("radio", name="非常满意"), "Space")
    follow(hands, window.get_by_role("button", name="提交评价"))
    assert "已收到您的评价" in window.locator("main").inner_text()
    fits(window)


def open_the_quarter(window) -> None:
    """Opened years late: filings will be 追溯填报."""
    window.goto("/staff/periods/")
    click_through(window.locator("a[href='/staff/periods/wp2013/generate/']"))
    click_through(window.locator("main form button"))
    click_through(window.locator("a[href='/staff/periods/wp2013/2013-2/open/']"))
    fits(window)
    click_through(window.locator("main form button"))


def file_the_report(window) -> None:
    window.goto("/staff/")
    click_through(window.get_by_role("link", name="全面落实安全生产").first)
    window.get_by_role("radio", name="已完成").first.check()
    window.get_by_label("其余 2 项：正常推进").check()
    window.get_by_label("安全生产公共培训（人次）").fill("4000")
    window.get_by_label("参观安全实景模拟基地（人次）").fill("2000")
    window.get_by_label("进展情况、存在问题及下一步打算").fill("完成培训和参观，下一步继续。")
    fits(window)
    click_through(window.get_by_role("button", name="报送"))


def verify_the_report(window) -> None:
    window.goto("/staff/")
    click_through(window.get_by_role("link", name="核查2013年第二季度填报", exact=True))
    click_through(window.get_by_role("link", name="全面落实安全生产").first)
    window.get_by_role("radio", name="正常推进").first.check()
    window.get_by_label("数据比对").check()
    fits(window)
    click_through(window.get_by_role("button", name="保存核定", exact=True))


def release_the_quarter(supervisor, other_supervisor, publisher) -> None:
    supervisor.goto("/staff/periods/")
    click_through(supervisor.locator("a[href='/staff/periods/wp2013/2013-2/close/']"))
    supervisor.get_by_label("为什么提前截止").fill("都已报送")
    click_through(supervisor.locator("main form button"))
    other_supervisor.goto("/staff/")
    click_through(other_supervisor.get_by_role("link", name="2013年第二季度填报期", exact=True))
    fits(other_supervisor)
    click_through(other_supervisor.get_by_role("button", name="确认提前截止"))
    supervisor.goto("/staff/releases/wp2013/2013-2/")
    fits(supervisor)
    supervisor.get_by_label("其余各项主动公开").check()
    click_through(supervisor.get_by_role("button", name="准备"))
    supervisor.get_by_label("批准人姓名和职务").fill("区府办主任")
    supervisor.get_by_label("批准日期").fill(date.today().isoformat())
    fits(supervisor)
    click_through(supervisor.get_by_role("button", name="登记批准"))
    publisher.goto("/staff/")
    click_through(publisher.get_by_role("link", name="2013年第二季度").first)
    click_through(publisher.get_by_role("button", name="发布"))


def test_what_a_unit_files_is_what_page_and_program_read(open_page, desk):
    supervisor = desk("supervisor")
    open_the_quarter(supervisor)
    file_the_report(desk("trainer"))
    verify_the_report(supervisor)
    release_the_quarter(supervisor, desk("other_supervisor"), desk("publisher"))
    visitor = open_page(360, 740)
    visitor.goto("/tasks/wp2013-18/")
    shown = visitor.locator("main").inner_text().replace(" ", "")
    assert "第二季度填报4000人次" in shown
    assert "第二季度填报2000人次" in shown
    assert "追溯填报" in shown
    fits(visitor)
    latest = visitor.request.get("/api/v1/tasks/wp2013-18/").json()["latest_publication"]
    assert [(number["name"], number["value"]) for number in latest["readings"]] == [
        ("安全生产公共培训", 4000),
        ("参观安全实景模拟基地", 2000),
    ]
    assert (latest["self"]["code"], latest["assessment"]["code"]) == ("on_course", "on_course")
    visitor.goto("/tasks/wp2013-05/")
    assert "未报送" in visitor.locator("main").inner_text()
    assert verify().sound


def test_the_link_of_the_receipt_fills_in_the_code_and_leaves_no_trace_of_it(open_page, desk):
    resident = open_page(360, 740)
    number, code = ask(resident)
    follow(Keyboard(resident), resident.get_by_role("link", name=number))
    assert code.replace(" ", "") not in resident.url
    follow(Keyboard(resident), resident.get_by_role("button", name="查看"))
    assert "您的咨询" in resident.locator("main").inner_text()
