"""What is typed into a staff form keeps itself: left, come back to, signed out, opened twice."""

import re

import pytest
from playwright.sync_api import expect

from departments.models import UnsentForm
from tests.browser.checks import barriers, click_through, overflow
from tests.browser.report_form import FORM, PATIENCE
from tests.fixtures.lists import PDF

KEPT = re.compile(r"已暂存 \d\d:\d\d，还没有提交。")
WOULD_WARN = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
SLIP, LETTER = "/staff/slips/new/?task=wp2013-09", "/staff/feedback/new/"
# Who types, on which page, into which field.
SAMPLE = [
    ("clerk", LETTER, "text"),
    ("supervisor", SLIP, "demand"),
    ("supervisor", "/staff/tasks/wp2013-09/change/?kind=end", "reason"),
    ("supervisor", "/staff/periods/wp2013/2013-2/close/", "reason"),
    ("promoter", FORM + "extension/", "reason"),
]
PASSWORD = "kaimen-2013-anquan"


def write(window, name: str, words: str):
    field = window.locator(f"main textarea[name={name}]")
    field.fill(words)
    return field


def says(window, words) -> None:
    expect(window.locator("main form [role=status]").last).to_contain_text(words, timeout=PATIENCE)


def holds(window, name: str, words: str) -> None:
    expect(window.locator(f"main textarea[name={name}]")).to_have_value(words, timeout=PATIENCE)


def test_five_forms_hold_their_words_after_leaving_and_coming_back(desk, second_quarter):
    for person, address, name in SAMPLE:
        window = desk(person)
        window.goto(address)
        write(window, name, "写到一半的话。")
        says(window, KEPT)
        assert not window.evaluate(WOULD_WARN), address
        window.goto("/staff/")
        window.goto(address)
        holds(window, name, "写到一半的话。")
        assert "没有提交的内容" in window.locator("[data-unsent]").inner_text()
        assert barriers(window) == []
        window.context.close()


def test_words_of_the_last_second_are_kept_while_the_page_is_left(desk, office):
    window = desk("supervisor")
    window.goto(SLIP)
    write(window, "demand", "最后一句。")
    window.locator("a.brand").click()
    window.wait_for_url("**/staff/")
    for _ in range(20):
        if UnsentForm.objects.exists():
            break
        window.wait_for_timeout(200)
    window.goto(SLIP)
    holds(window, "demand", "最后一句。")


def test_choices_come_back_with_the_words_and_giving_up_empties_the_form(desk, office):
    window = desk("clerk")
    window.goto(LETTER)
    window.locator("[name=kind][value=complaint]").check()
    write(window, "text", "路灯不亮。")
    says(window, KEPT)
    window.reload()
    holds(window, "text", "路灯不亮。")
    expect(window.locator("[name=kind][value=complaint]")).to_be_checked()
    assert "文件要再选一次" in window.locator("[data-unsent]").inner_text()
    assert "路灯不亮" not in UnsentForm.objects.get().sealed
    window.get_by_role("button", name="放弃").click()
    window.wait_for_url("**" + LETTER)
    holds(window, "text", "")
    assert not UnsentForm.objects.exists()


def test_the_older_of_two_windows_overwrites_nothing_and_asks_before_it_is_left(desk, office):
    older = desk("supervisor")
    older.goto(SLIP)
    newer = older.context.new_page()
    newer.goto(SLIP)
    write(newer, "demand", "这边的新话。")
    says(newer, KEPT)
    write(older, "demand", "那边的旧话。")
    says(older, "另一个窗口里写了更新的内容")
    assert older.evaluate(WOULD_WARN)
    newer.reload()
    holds(newer, "demand", "这边的新话。")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_sent_after_the_session_ended_is_there_after_signing_in(
    scripts, open_page, sign_in, office
):
    office.supervisor.set_password(PASSWORD)
    office.supervisor.save()
    window = open_page(1280, 900, javascript=scripts)
    sign_in(window, office.supervisor)
    window.goto(SLIP)
    write(window, "demand", "退出以后才提交的话。")
    window.locator("main [name=days]").fill("7")
    window.context.clear_cookies(name="sessionid")
    click_through(window.locator("main form.form button").last)
    window.get_by_label("用户名").fill("supervisor")
    window.get_by_label("密码").fill(PASSWORD)
    click_through(window.get_by_role("button", name="登录"))
    window.wait_for_url("**" + SLIP)
    if scripts:
        holds(window, "demand", "退出以后才提交的话。")
        expect(window.locator("main [name=days]")).to_have_value("7")
    else:
        window.get_by_text("看写了什么").click()
        assert "退出以后才提交的话。" in window.locator("main").inner_text()
        click_through(window.get_by_role("button", name="照原样提交"))
        assert "已列入经促局今天要做的" in window.locator("main").inner_text()
        assert not UnsentForm.objects.exists()


def test_two_minutes_before_the_session_ends_the_page_offers_to_go_on(open_page, sign_in, office):
    window = open_page(360, 740)
    sign_in(window, office.supervisor)
    window.clock.install()
    window.goto(SLIP)
    notice = window.get_by_role("alert").filter(has_text="退出登录")
    window.clock.fast_forward("27:30")
    expect(notice).to_be_hidden()
    window.clock.fast_forward("00:40")
    expect(notice).to_contain_text("再过 2 分钟会自动退出登录")
    assert overflow(window) <= 0
    window.get_by_role("button", name="继续使用").click()
    expect(notice).to_be_hidden()
    window.clock.fast_forward("30:30")
    expect(notice).to_contain_text("已自动退出登录")
    # A page with a clock of its own never tells the browser that it has come to rest.
    window.goto("about:blank")


def test_two_minutes_before_a_long_day_ends_the_page_says_so(open_page, sign_in, office, settings):
    settings.SESSION_LONGEST = 20 * 60
    window = open_page(360, 740)
    sign_in(window, office.supervisor)
    window.clock.install()
    window.goto(SLIP)
    notice = window.get_by_role("alert").filter(has_text="退出登录")
    window.clock.fast_forward("17:00")
    expect(notice).to_be_hidden()
    window.clock.fast_forward("01:10")
    expect(notice).to_contain_text("再过 2 分钟会自动退出登录")
    expect(notice.get_by_role("button", name="继续使用")).to_have_count(0)
    assert overflow(window) <= 0
    window.clock.fast_forward("02:30")
    expect(notice).to_contain_text("已自动退出登录")
    window.goto("about:blank")


def test_a_bad_file_is_left_out_of_the_choice_and_the_good_one_stays(report_form):
    files = [{"name": name, "mimeType": "", "buffer": PDF} for name in ("旧格式.doc", "签到.pdf")]
    field = report_form.locator("main [name=files]")
    field.set_input_files(files)
    shown = report_form.get_by_role("alert").filter(has_text="没有选上")
    expect(shown).to_contain_text("“旧格式.doc”请另存为 docx 或 PDF 再上传")
    assert field.evaluate("field => [...field.files].map(file => file.name)") == ["签到.pdf"]
    click_through(report_form.get_by_role("button", name="保存", exact=True).last)
    said = report_form.locator("main .messages, main [role=status]").filter(has_text="没有收")
    expect(said.first).to_contain_text("“旧格式.doc”请另存为", timeout=PATIENCE)
