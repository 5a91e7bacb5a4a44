"""The draft keeps itself: through a reload, beside a second window,
off the network and past a sign-out.
"""

import re

import pytest
from playwright.sync_api import expect

from progress.models import Contribution
from tests.browser.checks import barriers, overflow

FORM = "/staff/reports/wp2013-09/2013-2/"
NARRATIVE = "进展情况、存在问题及下一步打算"
SAVED = re.compile(r"已自动保存 \d\d:\d\d，还差 \d 项")
WOULD_WARN = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
PATIENCE = 15_000


@pytest.fixture
def form(desk, second_quarter):
    window = desk("promoter")
    window.goto(FORM)
    return window


def write(window, words: str) -> None:
    window.get_by_label(NARRATIVE).fill(words)


def says(window, words) -> None:
    expect(window.get_by_role("status")).to_contain_text(words, timeout=PATIENCE)


def kept() -> list[str]:
    return list(Contribution.objects.values_list("narrative", flat=True))


def test_words_are_there_after_a_reload(form):
    assert not form.evaluate(WOULD_WARN)
    write(form, "问卷完成七成。")
    assert form.evaluate(WOULD_WARN)
    says(form, SAVED)
    assert not form.evaluate(WOULD_WARN)
    assert barriers(form) == []
    form.reload()
    expect(form.get_by_label(NARRATIVE)).to_have_value("问卷完成七成。")
    form.get_by_role("radio", name="已完成").first.check()
    says(form, SAVED)
    form.get_by_role("button", name="保存", exact=True).last.click()
    assert "已保存，还没有报送。" in form.locator("main").inner_text()


def test_a_form_nobody_touched_leaves_nothing(form):
    form.get_by_label(NARRATIVE).focus()
    form.wait_for_timeout(4000)
    assert kept() == []


def test_a_second_window_is_told_so_and_keeps_its_words(form):
    second = form.context.new_page()
    second.goto(FORM)
    write(form, "这边写的。")
    says(form, SAVED)
    write(second, "那边写的。")
    says(second, "已被另一个窗口或同事保存过")
    assert kept() == ["这边写的。"]
    second.get_by_role("button", name="保存", exact=True).last.click()
    shown = second.locator("main").inner_text()
    assert "打开之后有人保存过" in shown
    assert "这边写的。" in shown
    expect(second.get_by_label(NARRATIVE)).to_have_value("那边写的。")


def test_what_is_typed_off_the_network_is_saved_when_it_is_back(form):
    form.context.set_offline(True)
    write(form, "断网时写的。")
    says(form, "没有连上网络，您填写的内容还在这个页面上，连上后会自动保存。")
    form.get_by_role("button", name="保存", exact=True).last.click()
    expect(form.get_by_label(NARRATIVE)).to_have_value("断网时写的。")
    assert kept() == []
    form.context.set_offline(False)
    says(form, SAVED)
    assert kept() == ["断网时写的。"]


def sign_in_again(form, office) -> None:
    office.promoter.set_password("kaimen-2013-anquan")
    office.promoter.save()
    with form.context.expect_page() as opened:
        form.get_by_role("link", name="在新窗口登录").click()
    door = opened.value
    door.get_by_label("用户名").fill("promoter")
    door.get_by_label("密码").fill("kaimen-2013-anquan")
    door.get_by_role("button", name="登录").click()
    door.wait_for_url("**/staff/")
    door.close()


def test_after_signing_in_in_another_window_the_next_try_succeeds(form, office):
    write(form, "写到一半退出了。")
    form.context.clear_cookies(name="sessionid")
    says(form, "已退出登录")
    assert kept() == []
    sign_in_again(form, office)
    says(form, SAVED)
    assert kept() == ["写到一半退出了。"]
    write(form, "再写一句。")
    form.get_by_role("button", name="保存", exact=True).last.click()
    assert "已保存，还没有报送。" in form.locator("main").inner_text()
    assert kept() == ["再写一句。"]


def test_saving_by_hand_while_a_save_is_on_its_way_meets_no_other_window(form):
    def slowly(route):
        form.wait_for_timeout(1500)
        route.continue_()

    form.route(f"**{FORM}autosave/", slowly)
    write(form, "边存边按。")
    form.wait_for_timeout(3200)
    form.get_by_role("button", name="保存", exact=True).last.click()
    form.wait_for_url("**" + FORM)
    expect(form.locator("main")).to_contain_text("已保存，还没有报送。", timeout=PATIENCE)
    assert kept() == ["边存边按。"]


def test_the_form_fits_a_phone(phone_page, sign_in, office, second_quarter):
    sign_in(phone_page, office.promoter)
    phone_page.goto(FORM)
    assert overflow(phone_page) <= 0
    phone_page.goto(FORM + "form/")
    assert overflow(phone_page) <= 0
