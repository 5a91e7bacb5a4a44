"""Somebody sets up the app for one-time passwords and signs in with it, in a real browser."""

import re
import time

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from common.security.crypto import decrypt
from departments.models import SecondFactor
from tests.browser.checks import barriers, click_through, overflow

PAGE = "/staff/account/second-factor/"


def fits(page) -> None:
    assert (barriers(page), overflow(page)) == ([], 0)


def shown(steps: int) -> str:
    key = bytes.fromhex(decrypt(SecondFactor.objects.get().sealed))
    totp = TOTP(key, 6, SHA1(), 30, enforce_key_length=False)
    return totp.generate(int(time.time()) + 30 * steps).decode()


def sign_in_with(page, code: str) -> None:
    page.get_by_text("菜单").click()
    click_through(page.get_by_role("button", name="退出"))
    page.goto("/staff/sign-in/")
    page.get_by_label("用户名").fill("reporter")
    page.get_by_label("密码").fill("kaimen-2013-anquan")
    click_through(page.get_by_role("button", name="登录"))
    fits(page)
    page.get_by_label("验证码").fill(code)
    click_through(page.get_by_role("button", name="登录"))


def test_an_app_is_set_up_and_asked_for_and_a_recovery_password_opens_once(
    phone_page, sign_in, office
):
    page, reporter = phone_page, office.reporter
    reporter.set_password("kaimen-2013-anquan")
    reporter.save()
    sign_in(page, reporter)
    page.goto(PAGE)
    click_through(page.get_by_role("button", name="开始设置"))
    fits(page)
    # The clock of the app is half a minute behind, so that the next one is still unused.
    page.get_by_label("验证码").fill(shown(-1))
    click_through(page.get_by_role("button", name="启用"))
    fits(page)
    codes = re.findall(r"(?:[A-Z2-9]{4}-){2}[A-Z2-9]{4}", page.locator("main").inner_text())
    assert len(codes) == 10
    sign_in_with(page, shown(1))
    assert page.url.endswith("/staff/")
    sign_in_with(page, codes[0])
    assert page.url.endswith("/staff/")
    sign_in_with(page, codes[0])
    assert "验证码不对" in page.locator("main").inner_text()
