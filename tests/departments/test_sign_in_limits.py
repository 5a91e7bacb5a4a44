"""Guessing is stopped, from wherever it comes, and the right person still comes in."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from departments.actions import forget_old_sign_ins
from departments.models import SignInEvent, User
from tests.fixtures.people import NOW

PASSWORD = "wind-over-the-pier-7"
DOOR, PASSWORD_PAGE, ACCOUNT = "/staff/sign-in/", "/staff/password/", "/staff/account/"
HOME_ADDRESS, ELSEWHERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def reporter(people):
    people.reporter.set_password(PASSWORD)
    people.reporter.save()
    return people.reporter


def attempt(name="reporter", password=PASSWORD, *, address=HOME_ADDRESS, client=None) -> int:
    typed = {"username": name, "password": password, "next": PASSWORD_PAGE}
    return (client or Client()).post(DOOR, typed, REMOTE_ADDR=address).status_code


def outcomes() -> list[str]:
    return list(SignInEvent.objects.order_by("id").values_list("outcome", flat=True))


def test_forty_guesses_over_twenty_accounts_from_one_address_are_stopped(reporter):
    answers = [attempt(f"name{n % 20}", "guess") for n in range(40)]
    assert answers == [200] * 20 + [429] * 20
    assert attempt(address=HOME_ADDRESS) == 429
    assert attempt(address=ELSEWHERE) == 302


def test_a_hundred_guesses_from_one_network_are_stopped(reporter):
    answers = [attempt(f"name{n}", "guess", address=f"192.0.2.{n}") for n in range(110)]
    assert answers == [200] * 100 + [429] * 10
    assert attempt(address=ELSEWHERE) == 302


def test_guesses_on_one_account_from_many_networks_are_stopped_and_its_owner_comes_in(reporter):
    assert attempt(address=HOME_ADDRESS) == 302
    answers = [attempt(password="guess", address=f"10.{n}.0.1") for n in range(25)]
    assert answers == [200] * 20 + [429] * 5
    assert attempt(address=ELSEWHERE) == 429
    assert attempt(address=HOME_ADDRESS) == 302


def test_guesses_of_a_neighbour_on_other_accounts_keep_no_owner_out(reporter):
    assert attempt() == 302
    assert {attempt(f"name{n}", "guess") for n in range(30)} == {200, 429}
    assert attempt() == 302


def test_trying_again_while_refused_makes_nobody_wait_longer(reporter, clock):
    for _ in range(5):
        attempt(password="guess")
    for _ in range(14):
        clock.shift(60)
        assert attempt() == 429
    clock.shift(59)
    assert attempt() == 429
    clock.shift(1)
    assert attempt() == 302


def test_after_a_sign_in_what_was_mistyped_before_no_longer_counts(reporter):
    for _ in range(2):
        assert [attempt(password="mistyped") for _ in range(4)] == [200] * 4
        assert attempt() == 302


def test_a_name_without_an_account_waits_like_any_other(db):
    assert [attempt("nobody", "guess") for _ in range(6)] == [200] * 5 + [429]


def test_where_one_has_to_wait_no_password_is_looked_at(reporter, monkeypatch):
    for _ in range(5):
        attempt(password="guess")
    looked_at = []
    monkeypatch.setattr(User, "check_password", lambda *given: looked_at.append(given))
    monkeypatch.setattr(User, "set_password", lambda *given: looked_at.append(given))
    attempt()
    attempt("nobody", address=HOME_ADDRESS)
    assert len(looked_at) == 1


def test_an_address_without_end_of_refusals_fills_no_disk(db):
    for n in range(300):
        attempt(f"name{n}", "guess")
    assert outcomes() == ["wrong"] * 20 + ["refused"] * 100


def test_a_form_without_a_password_is_no_attempt(db):
    assert attempt(password="") == 200
    assert attempt("") == 200
    assert outcomes() == []


def test_the_log_keeps_a_name_only_where_it_is_one(reporter):
    attempt("reporter", "guess")
    attempt("my-password-typed-too-early", "guess")
    rows = SignInEvent.objects.order_by("id")
    assert [row.user for row in rows] == [reporter, None]
    kept = {str(value) for row in rows.values() for value in row.values()}
    assert not any("typed-too-early" in value for value in kept)


def test_wrong_old_passwords_are_stopped_and_the_right_one_changes_it(reporter, clock):
    client = Client(REMOTE_ADDR=HOME_ADDRESS)
    assert attempt(client=client) == 302
    new = {"new_password1": "lanterns-and-harbours", "new_password2": "lanterns-and-harbours"}
    answers = [
        client.post(PASSWORD_PAGE, {"old_password": "guess", **new}).status_code for _ in range(6)
    ]
    assert answers == [200] * 5 + [429]
    clock.shift(15 * 60)
    assert client.post(PASSWORD_PAGE, {"old_password": PASSWORD, **new}).status_code == 302
    assert client.get(PASSWORD_PAGE).status_code == 200
    assert outcomes() == ["signed_in"] + ["wrong"] * 5 + ["refused", "password_changed"]


def test_a_new_password_that_is_refused_is_no_wrong_one(reporter):
    client = Client()
    client.force_login(reporter)
    short = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert [client.post(PASSWORD_PAGE, short).status_code for _ in range(8)] == [200] * 8
    assert outcomes() == []


def test_a_person_sees_where_they_are_signed_in_and_ends_the_others(reporter):
    here, there = Client(), Client()
    assert attempt(client=here) == attempt(client=there, address=ELSEWHERE) == 302
    page = here.get(ACCOUNT).content.decode()
    assert HOME_ADDRESS in page
    assert ELSEWHERE in page
    assert page.count("<b>这里</b>") == 1
    here.post(f"{ACCOUNT}end-sessions/")
    assert there.get(ACCOUNT).status_code == 302
    page = here.get(ACCOUNT).content.decode()
    assert "已退出其他 1 处登录。" in page
    assert ELSEWHERE not in page
    assert "退出其他登录</button>" not in page
    assert Session.objects.count() == 1


def test_a_new_password_ends_the_sessions_elsewhere(reporter):
    here, there = Client(), Client()
    attempt(client=here)
    attempt(client=there)
    new = {"new_password1": "lanterns-and-harbours", "new_password2": "lanterns-and-harbours"}
    here.post(PASSWORD_PAGE, {"old_password": PASSWORD, **new})
    assert there.get(ACCOUNT).status_code == 302
    assert here.get(ACCOUNT).content.decode().count("<b>这里</b>") == 1
    assert Session.objects.count() == 1


def test_twelve_hours_after_its_sign_in_a_busy_session_ends(reporter, clock):
    client = Client()
    attempt(client=client)
    for _ in range(12 * 3 - 1):
        clock.shift(20 * 60)
        assert client.get(ACCOUNT).status_code == 200
    clock.shift(20 * 60)
    assert client.get(ACCOUNT).status_code == 302


def test_signing_out_is_kept_and_browsers_forget_our_pages(reporter):
    client = Client()
    attempt(client=client)
    answer = client.post("/staff/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert outcomes() == ["signed_in", "signed_out"]
    assert not SignInEvent.objects.with_open_session().exists()


@pytest.mark.parametrize("name", ["auditor", "administrator"])
def test_the_log_is_read_and_searched_by_those_who_watch_over_the_accounts(people, reporter, name):
    attempt()
    attempt(password="guess", address=ELSEWHERE)
    client = Client()
    client.force_login(getattr(people, name))
    page = client.get("/staff/sign-ins/").content.decode()
    assert "最近 24 小时有 1 次没有登录成功" in page
    assert page.index(ELSEWHERE) < page.index(HOME_ADDRESS)
    found = client.get("/staff/sign-ins/?outcome=wrong&username=reporter").content.decode()
    assert ELSEWHERE in found
    assert HOME_ADDRESS not in found
    assert "没有符合条件的记录" in client.get("/staff/sign-ins/?until=2013-06-01").content.decode()


def test_many_failures_are_told_to_those_who_watch_over_the_accounts(people, settings):
    settings.SIGN_IN_ALARM = 3
    client = Client()
    client.force_login(people.auditor)
    for n in range(2):
        attempt(f"name{n}", "guess")
    assert "有人在试密码" not in client.get("/staff/").content.decode()
    attempt("name3", "guess")
    assert "最近 24 小时有 3 次没有登录成功" in client.get("/staff/").content.decode()
    client.force_login(people.supervisor)
    assert "有人在试密码" not in client.get("/staff/").content.decode()


def test_what_is_older_than_the_days_to_keep_is_deleted(reporter, clock):
    attempt()
    clock.shift(timedelta(days=179))
    attempt()
    at = NOW + timedelta(days=180, seconds=1)
    assert forget_old_sign_ins(at=at, days=180) == 1
    assert SignInEvent.objects.count() == 1
