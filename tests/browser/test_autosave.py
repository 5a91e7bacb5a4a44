"""The draft keeps itself: through a reload, beside a second window,
off the network and past a sign-out.
"""

import re

from playwright.sync_api import expect

from progress.models import Contribution
from tests.browser.checks import barriers, click_through, overflow
from tests.browser.report_form import FORM, PATIENCE

NARRATIVE = "进展情况、存在问题及下一步打算"
SAVED = re.compile(r"已自动保存 \d\d:\d\d，还差 \d 项")
WOULD_WARN = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"


def write(window, words: str) -> None:
    window.get_by_label(NARRATIVE).fill(words)


def says(window, words) -> None:
    expect(window.get_by_role("status")).to_contain_text(words, timeout=PATIENCE)


def kept() -> list[str]:
    return list(Contribution.objects.values_list("narrative", flat=True))


def test_words_of_a_draft_are_still_there_after_a_reload(report_form):
    assert not report_form.evaluate(WOULD_WARN)
    write(report_form, "问卷完成七成。")
    says(report_form, SAVED)
    assert not report_form.evaluate(WOULD_WARN)
    assert barriers(report_form) == []
    report_form.reload()
    expect(report_form.get_by_label(NARRATIVE)).to_have_value("问卷完成七成。")
    report_form.get_by_role("radio", name="已完成").first.check()
    says(report_form, SAVED)
    click_through(report_form.get_by_role("button", name="保存", exact=True).last)
    assert "已保存，还没有报送。" in report_form.locator("main").inner_text()


def test_a_form_nobody_touched_saves_no_report(report_form):
    report_form.get_by_label(NARRATIVE).focus()
    report_form.wait_for_timeout(4000)
    assert kept() == []


def test_words_of_the_last_second_are_saved_while_the_page_is_left(report_form):
    write(report_form, "最后一句。")
    assert not report_form.evaluate(WOULD_WARN)
    report_form.locator("a.brand").click()
    report_form.wait_for_url("**/staff/")
    for _ in range(20):
        if kept():
            break
        report_form.wait_for_timeout(200)
    assert kept() == ["最后一句。"]


def test_a_second_window_hears_of_the_first_and_keeps_its_own_words(report_form):
    second = report_form.context.new_page()
    second.goto(FORM)
    write(report_form, "这边写的。")
    says(report_form, SAVED)
    write(second, "那边写的。")
    says(second, "已被另一个窗口或同事保存过")
    assert kept() == ["这边写的。"]
    click_through(second.get_by_role("button", name="保存", exact=True).last)
    shown = second.locator("main").inner_text()
    assert "打开之后有人保存过" in shown
    assert "这边写的。" in shown
    expect(second.get_by_label(NARRATIVE)).to_have_value("那边写的。")


def test_what_is_typed_off_the_network_is_saved_when_it_is_back(report_form):
    report_form.context.set_offline(True)
    write(report_form, "断网时写的。")
    says(report_form, "没有连上网络，您填写的内容还在这个页面上，连上后会自动保存。")
    assert report_form.evaluate(WOULD_WARN)
    report_form.get_by_role("button", name="保存", exact=True).last.click()
    expect(report_form.get_by_label(NARRATIVE)).to_have_value("断网时写的。")
    assert kept() == []
    report_form.context.set_offline(False)
    says(report_form, SAVED)
    assert kept() == ["断网时写的。"]


def sign_in_again(report_form, office) -> None:
    office.promoter.set_password("kaimen-2013-anquan")
    office.promoter.save()
    with report_form.context.expect_page() as opened:
        report_form.get_by_role("link", name="在新窗口登录").click()
    door = opened.value
    door.get_by_label("用户名").fill("promoter")
    door.get_by_label("密码").fill("kaimen-2013-anquan")
    door.get_by_role("button", name="登录").click()
    door.wait_for_url("**/staff/")
    door.close()


def test_after_signing_in_in_another_window_the_next_try_succeeds(report_form, office):
    write(report_form, "写到一半退出了。")
    report_form.context.clear_cookies(name="sessionid")
    says(report_form, "已退出登录")
    assert kept() == []
    sign_in_again(report_form, office)
    says(report_form, SAVED)
    assert kept() == ["写到一半退出了。"]
    write(report_form, "再写一句。")
    click_through(report_form.get_by_role("button", name="保存", exact=True).last)
    assert "已保存，还没有报送。" in report_form.locator("main").inner_text()
    assert kept() == ["再写一句。"]


def test_saving_by_hand_while_a_save_is_on_its_way_meets_no_other_window(report_form):
    def slowly(route):
        report_form.wait_for_timeout(1500)
        route.continue_()

    report_form.route(f"**{FORM}autosave/", slowly)
    write(report_form, "边存边按。")
    report_form.wait_for_timeout(3200)
    click_through(report_form.get_by_role("button", name="保存", exact=True).last)
    report_form.wait_for_url("**" + FORM)
    expect(report_form.locator("main")).to_contain_text("已保存，还没有报送。", timeout=PATIENCE)
    assert kept() == ["边存边按。"]


def test_the_form_fits_a_phone(phone_page, sign_in, office, second_quarter):
    sign_in(phone_page, office.promoter)
    phone_page.goto(FORM)
    assert overflow(phone_page) <= 0
    phone_page.goto(FORM + "form/")
    assert overflow(phone_page) <= 0
