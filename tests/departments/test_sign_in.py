"""The door: who comes in, who has to wait, and when somebody is out."""

import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse

from departments import actions
from ledger.models import Entry
from progress.models import ProgressReport
from tests.fixtures.people import NOW, PORTAL

PASSWORD = "wind-over-the-pier-7"
DOOR = "/staff/sign-in/"
INSIDE = "/staff/password/"


@pytest.fixture
def reporter(people):
    people.reporter.set_password(PASSWORD)
    people.reporter.save()
    return people.reporter


def attempt(client, password=PASSWORD, **more):
    return client.post(DOOR, {"username": "reporter", "password": password, "next": INSIDE, **more})


def test_the_right_password_leads_to_where_the_person_wanted(client, reporter):
    response = attempt(client)
    assert response.status_code == 302
    assert response.url == INSIDE
    assert "陈填报" in client.get(INSIDE).content.decode()


def test_signing_in_without_a_wanted_page_leads_to_the_workspace(client, reporter):
    assert attempt(client, next="").url == reverse("workspace:home")


@pytest.mark.parametrize("wrong", [{"password": "something-else"}, {"username": "nobody"}])
def test_a_wrong_name_and_a_wrong_password_look_the_same(client, reporter, wrong):
    page = client.post(
        DOOR, {"username": "reporter", "password": PASSWORD, "next": "", **wrong}
    ).content.decode()
    assert "用户名或密码不对" in page
    assert "_auth_user_id" not in client.session


def test_signing_in_never_leads_to_an_address_of_another_site(client, reporter):
    assert attempt(client, next="https://elsewhere.example.org/").url == reverse("workspace:home")


def test_a_visitor_is_sent_to_the_sign_in_page_and_back(client, db):
    assert client.get(INSIDE).url == f"{DOOR}?next={INSIDE}"


def test_words_typed_while_the_session_ended_go_through_the_sign_in_and_nothing_is_saved(
    client, office
):
    form = "/staff/reports/wp2013-18/2013-2/"
    typed = {
        "version": "0",
        "narrative": "第一段。\n<第二段>",
        "pace": "on_course",
        "old_password": "密码不回显",
    }
    response = client.post(
        form, typed | {"save": ""}, headers={"referer": f"http://testserver{form}"}
    )
    page = response.content.decode()
    assert response.status_code == 403
    assert "没有办成" in page
    assert "第一段。<br>&lt;第二段&gt;" in page
    assert "密码不回显" not in page
    assert f'<input type="hidden" name="next" value="{form}">' in page
    assert not ProgressReport.objects.exists()


def test_an_action_tried_after_the_session_ended_leads_to_the_sign_in_page(client, db):
    response = client.post("/staff/feedback/YT-2026-000001/take/")
    assert response.status_code == 403
    page = response.content.decode()
    assert f'method="post" action="{DOOR}"' in page
    assert '<input type="hidden" name="next" value="/staff/">' in page


def test_a_page_out_of_sight_leads_back_to_the_workspace(client, people):
    client.force_login(people.reporter)
    html = client.get("/staff/reports/wp2013-99/2013-2/").content.decode()
    assert '<a href="/staff/">回到工作台</a>' in html
    assert "回到工作台" not in client.get("/tasks/wp2013-99/").content.decode()


def test_sign_out_needs_a_post_and_ends_the_session(client, reporter):
    attempt(client)
    assert client.get("/staff/sign-out/").status_code == 405
    client.post("/staff/sign-out/")
    assert client.get(INSIDE).status_code == 302


def test_half_an_hour_without_a_request_signs_out(client, reporter):
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(reporter)
        for minutes, status in [(29, 200), (29, 200), (31, 302)]:
            clock.shift(minutes * 60)
            assert client.get(INSIDE).status_code == status


def test_a_visitor_gets_no_session(client, db):
    client.get(DOOR)
    assert not Session.objects.exists()


def test_disabling_a_person_ends_the_session_at_once_and_for_good(client, reporter):
    client.force_login(reporter)
    actions.disable_person(user=reporter, by=PORTAL, at=NOW)
    assert client.get(INSIDE).status_code == 302
    actions.reset_password(user=reporter, password="another-tide-at-dawn", by=PORTAL, at=NOW)
    assert client.get(INSIDE).status_code == 302


def test_too_many_wrong_passwords_lock_the_sign_in_and_say_until_when(client, reporter):
    with time_machine.travel(NOW, tick=False) as clock:
        answers = [attempt(client, "wrong-password").status_code for _ in range(5)]
        assert answers == [200] * 5
        locked = attempt(client)
        page = locked.content.decode()
        assert locked.status_code == 429
        assert "2013-07-02 09:15" in page
        assert not re.search(r"axes|locked|attempt", page, re.IGNORECASE)
        clock.shift(16 * 60)
        assert attempt(client).status_code == 302


def test_the_lock_of_the_sign_in_is_for_one_name_at_one_address(client, people, reporter):
    people.colleague.set_password(PASSWORD)
    people.colleague.save()
    for _ in range(5):
        attempt(client, "wrong-password")
    assert attempt(client, username="colleague").status_code == 302
    client.logout()
    assert (
        client.post(
            DOOR,
            {"username": "reporter", "password": PASSWORD, "next": INSIDE},
            REMOTE_ADDR="10.1.2.3",
        ).status_code
        == 302
    )


def change(client, old=PASSWORD, new="lanterns-and-harbours", again=None):
    return client.post(
        INSIDE, {"old_password": old, "new_password1": new, "new_password2": again or new}
    )


@pytest.fixture
def newcomer(client, reporter):
    actions.reset_password(user=reporter, password=PASSWORD, by=PORTAL, at=NOW)
    client.force_login(reporter)
    return reporter


@pytest.mark.parametrize("place", ["/staff/", "/staff/responsibilities/", "/admin/"])
def test_a_first_password_opens_nothing_but_the_page_to_change_it(client, newcomer, place):
    assert client.get(place).url == INSIDE
    assert "请先换一个自己的密码" in client.get(INSIDE).content.decode()


def test_after_changing_the_first_password_the_person_is_and_stays_signed_in(client, newcomer):
    assert change(client).url == reverse("workspace:home")
    newcomer.refresh_from_db()
    assert not newcomer.must_change_password
    assert newcomer.check_password("lanterns-and-harbours")
    assert client.get(INSIDE).status_code == 200
    assert Entry.objects.about("user", newcomer.pk).filter(verb="change_password").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "not-this-one-at-all"}, "原密码不对"),
        ({"again": "lanterns-and-harbour"}, "两次输入的新密码不一样"),
        ({"new": PASSWORD}, "新密码不能与原密码相同"),
        ({"new": "short-1"}, "至少"),
        ({"new": "yantian-harbour-88"}, "不要用本站或本区的名称"),
    ],
)
def test_a_bad_new_password_is_refused_with_a_reason(client, newcomer, typed, sentence):
    page = change(client, **typed).content.decode()
    assert sentence in page.partition('class="error-summary"')[2].partition("</div>")[0]
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_the_reference_data_room_uses_the_same_sign_in_page(client, people):
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url == f"{DOOR}?next=/admin/"


def test_a_person_without_reference_data_reads_why_the_room_is_closed(client, people):
    client.force_login(people.reporter)
    assert client.get("/admin/", follow=True).status_code == 403


def test_an_empty_sign_in_form_says_what_to_type(client, db):
    page = client.post(DOOR, {"username": "", "password": "", "next": ""}).content.decode()
    assert "请输入用户名。" in page
    assert "请输入密码。" in page


def test_looking_at_pages_saves_a_session_once_a_minute_and_prolongs_it(client, people, settings):
    settings.SESSION_SAVED_EVERY = 60
    with time_machine.travel("2026-08-03T10:00:00+08:00", tick=False) as clock:
        client.force_login(people.reporter)
        saved = []
        for seconds in (0, 30, 29, 1, 29 * 60, 31 * 60):
            clock.shift(seconds)
            before = Session.objects.values_list("expire_date", flat=True).first()
            answer = client.get("/staff/account/")
            after = Session.objects.values_list("expire_date", flat=True).first()
            saved.append(after != before)
            if answer.status_code == 302:
                break
    # At once, not within the minute, after it, after half an hour less a minute; then it is over.
    assert saved == [False, False, False, True, True, False]
    assert answer.status_code == 302
