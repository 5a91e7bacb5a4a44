"""A one-time password beside the password: set up, asked for, lost and reset."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client

from common.errors import Refused
from common.security.crypto import decrypt
from departments import actions
from departments.actions.sign_ins import Place
from departments.models import SecondFactor, SignInEvent
from ledger.models import Entry
from tests.fixtures.people import NOW, PORTAL

PASSWORD = "wind-over-the-pier-7"
DOOR, CODE, PAGE = "/staff/sign-in/", "/staff/sign-in/code/", "/staff/account/second-factor/"
PLACE = Place("192.0.2.7", "192.0.2.0/24", "a browser")
TYPED = "one_time_password"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def reporter(people):
    people.reporter.set_password(PASSWORD)
    people.reporter.save()
    return people.reporter


def shown(user, steps: int = 0) -> str:
    """What the app shows, so many half minutes from now."""
    key = bytes.fromhex(decrypt(SecondFactor.objects.get(user=user).sealed))
    totp = TOTP(key, 6, SHA1(), 30, enforce_key_length=False)
    return totp.generate(int(time.time()) + 30 * steps).decode()


def set_up(user) -> list[str]:
    """The recovery passwords."""
    actions.begin_second_factor(user=user)
    return actions.confirm_second_factor(
        user=user, password=shown(user), session_key="", place=PLACE, at=NOW
    )


def enter(client, password=PASSWORD):
    return client.post(DOOR, {"username": "reporter", "password": password, "next": PAGE})


def is_in(client) -> bool:
    return client.get(PAGE).status_code == 200


def test_an_app_is_set_up_on_one_page_and_its_recovery_passwords_are_shown_once(reporter):
    client = Client()
    client.force_login(reporter)
    assert "开始设置" in client.get(PAGE).content.decode()
    page = client.post(f"{PAGE}begin/", follow=True).content.decode()
    assert '<svg class="qr"' in page
    assert len(re.search(r"手工输入.*?>([A-Z2-7 ]+)<", page)[1].replace(" ", "")) == 32
    wrong = client.post(f"{PAGE}confirm/", {TYPED: "000000"}).content.decode()
    assert "验证码不对" in wrong
    assert not reporter.__class__.objects.get(pk=reporter.pk).has_second_factor
    page = client.post(f"{PAGE}confirm/", {TYPED: shown(reporter)}).content.decode()
    codes = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page)
    assert len(set(codes)) == 10
    page = client.get(PAGE).content.decode()
    assert "备用码还有 10 个" in page
    assert not any(code in page for code in codes)


def test_neither_secret_nor_recovery_passwords_stand_in_the_database(reporter):
    codes = set_up(reporter)
    row = SecondFactor.objects.filter(user=reporter).values().get()
    kept = " ".join(map(str, row.values()))
    assert decrypt(row["sealed"]) not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_with_an_app_the_password_alone_opens_nothing(reporter, clock):
    set_up(reporter)
    client = Client()
    assert enter(client).url == CODE
    assert not is_in(client)
    assert client.get("/staff/").status_code == 302
    clock.shift(30)
    response = client.post(CODE, {TYPED: shown(reporter)})
    assert response.url == PAGE
    assert is_in(client)
    assert client.get(CODE).url == DOOR


def test_a_wrong_password_learns_nothing_of_the_app(reporter):
    set_up(reporter)
    assert "用户名或密码不对" in enter(Client(), "guess").content.decode()


def test_a_one_time_password_is_taken_once(reporter, clock):
    set_up(reporter)
    assert not actions.check_second_factor(user=reporter, password=shown(reporter), at=NOW)
    clock.shift(30)
    client, other = Client(), Client()
    enter(client)
    enter(other)
    code = shown(reporter)
    assert client.post(CODE, {TYPED: code}).status_code == 302
    assert other.post(CODE, {TYPED: code}).status_code == 200
    assert not is_in(other)


@pytest.mark.parametrize(
    ("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_half_a_minute_off(reporter, clock, steps, taken):
    set_up(reporter)
    clock.shift(600)
    client = Client()
    enter(client)
    assert (client.post(CODE, {TYPED: shown(reporter, steps)}).status_code == 302) is taken


def test_a_recovery_password_opens_once_however_it_is_written(reporter):
    first, second, *_ = set_up(reporter)
    for typed, taken in [(first, True), (first, False), (second.lower().replace("-", " "), True)]:
        client = Client()
        enter(client)
        client.post(CODE, {TYPED: typed})
        assert is_in(client) is taken
    page = client.get(PAGE).content.decode()
    assert "备用码还有 8 个" in page


def test_guesses_of_one_time_passwords_are_stopped(reporter, clock):
    set_up(reporter)
    clock.shift(600)
    client = Client()
    enter(client)
    answers = [client.post(CODE, {TYPED: f"{n:06}"}).status_code for n in range(6)]
    assert answers == [200] * 5 + [429]
    assert client.post(CODE, {TYPED: shown(reporter)}).status_code == 429
    assert enter(Client()).status_code == 429
    clock.shift(15 * 60)
    assert enter(client).status_code == 302
    assert client.post(CODE, {TYPED: shown(reporter)}).status_code == 302


def test_a_right_password_waits_ten_minutes(reporter, clock):
    set_up(reporter)
    client = Client()
    enter(client)
    clock.shift(601)
    assert client.post(CODE, {TYPED: shown(reporter)}).url == DOOR
    assert not is_in(client)


def test_new_recovery_passwords_replace_the_old_ones(reporter, clock):
    old, *_ = set_up(reporter)
    client = Client()
    client.force_login(reporter)
    clock.shift(30)
    page = client.post(f"{PAGE}renew/", {TYPED: shown(reporter)}).content.decode()
    new = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page)[0]
    assert not actions.check_second_factor(user=reporter, password=old, at=NOW)
    assert actions.check_second_factor(user=reporter, password=new, at=NOW)


def test_an_app_is_removed_with_its_password_where_the_site_does_not_ask_for_it(
    reporter, clock, settings
):
    set_up(reporter)
    client = Client()
    client.force_login(reporter)
    settings.SECOND_FACTOR_FOR = ["reporter"]
    clock.shift(30)
    page = client.post(f"{PAGE}remove/", {TYPED: shown(reporter)}).content.decode()
    assert "您的岗位登录时必须用验证器，不能停用" in page
    settings.SECOND_FACTOR_FOR = []
    client.post(f"{PAGE}remove/", {TYPED: "000000"})
    assert SecondFactor.objects.exists()
    client.post(f"{PAGE}remove/", {TYPED: shown(reporter)})
    assert not SecondFactor.objects.exists()


def test_whose_post_asks_for_an_app_does_nothing_before_it_is_set_up(people, reporter, settings):
    settings.SECOND_FACTOR_FOR = ["reporter"]
    client = Client()
    assert enter(client).status_code == 302
    assert client.get("/staff/").url == PAGE
    assert client.get("/admin/").url == PAGE
    assert client.get("/tasks/").status_code == 200
    assert "您的岗位要先设置验证器" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}begin/")
    client.post(f"{PAGE}confirm/", {TYPED: shown(reporter)})
    assert client.get("/staff/").status_code == 200
    client.force_login(people.supervisor)
    assert client.get("/staff/").status_code == 200


def test_setting_up_an_app_ends_the_sessions_elsewhere(reporter):
    here, there = Client(), Client()
    enter(here)
    enter(there)
    here.post(f"{PAGE}begin/")
    here.post(f"{PAGE}confirm/", {TYPED: shown(reporter)})
    assert is_in(here)
    assert not is_in(there)


def test_an_administrator_resets_the_app_of_another_person_with_a_reason(people, reporter):
    set_up(reporter)
    client = Client()
    client.force_login(people.administrator)
    chosen = {"action": "reset_second_factors", "_selected_action": [reporter.pk]}
    assert "理由" in client.post("/admin/departments/user/", chosen).content.decode()
    client.post("/admin/departments/user/", chosen | {"confirmed": "", "reason": ""})
    assert SecondFactor.objects.filter(user=reporter).exists()
    client.post("/admin/departments/user/", chosen | {"confirmed": "", "reason": "当面核实工作证"})
    assert not SecondFactor.objects.filter(user=reporter).exists()
    assert Entry.objects.about("user", reporter.pk).filter(verb="reset_second_factor").count() == 1
    event = SignInEvent.objects.get(outcome="factor_reset")
    assert "当面核实工作证" in event.note
    assert str(people.administrator.pk) in event.note
    client.force_login(people.auditor)
    assert "当面核实工作证" in client.get("/staff/sign-ins/").content.decode()


def test_nobody_resets_the_own_app(people):
    set_up(people.administrator)
    with pytest.raises(Refused, match="不能重置自己的验证器"):
        actions.reset_second_factor(
            user=people.administrator,
            reason="换手机",
            place=PLACE,
            by=people.administrator.actor(),
            at=NOW,
        )


def test_without_an_app_there_is_nothing_to_reset(people):
    with pytest.raises(Refused, match="没有设置验证器"):
        actions.reset_second_factor(
            user=people.reporter, reason="手机丢了", place=PLACE, by=PORTAL, at=NOW
        )


def test_an_app_in_use_is_not_replaced_by_beginning_again(reporter):
    set_up(reporter)
    with pytest.raises(Refused, match="验证器已经启用"):
        actions.begin_second_factor(user=reporter)


def test_after_a_change_of_keys_the_app_still_opens(reporter, clock, settings):
    set_up(reporter)
    code = shown(reporter, 1)
    old = list(settings.CONTACT_KEYS)
    settings.CONTACT_KEYS = ["a-new-key-of-the-site", *old]
    assert actions.reseal_second_factors() == 0
    settings.CONTACT_KEYS = ["a-new-key-of-the-site"]
    clock.shift(30)
    assert actions.check_second_factor(user=reporter, password=code, at=NOW + timedelta(seconds=30))
    settings.CONTACT_KEYS = ["another-key"]
    assert actions.reseal_second_factors() == 1
