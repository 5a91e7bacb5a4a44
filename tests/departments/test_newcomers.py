"""Accounts as a newcomer makes them: what may be written stands on the page,
and each person gets a slip of paper.
"""

import re

import pytest
from django.contrib.auth import authenticate

from departments.actions import people as people_actions
from departments.models import Role, User
from departments.newcomers import ROLES

pytestmark = pytest.mark.ignore_template_errors
ADD, LIST = "/admin/departments/user/add/", "/admin/departments/user/"
PEOPLE = "wang01,王一,教育局,填报员\nli02\t李二\t安监局\t督查员"


@pytest.fixture
def room(client, people):
    client.force_login(people.administrator)
    return client


def test_every_post_is_explained_once():
    assert {role for role, _ in ROLES} == set(Role)


def test_units_and_posts_to_choose_from_stand_on_the_page(room, units):
    units["jianchaju"].valid_to = "2012-01-01"
    units["jianchaju"].save()
    page = room.get(ADD).content.decode()
    assert all(role.label in page for role in Role)
    named = re.findall(r'<span class="unit">(.*?)</span>', page)
    assert named == ["城管局", "教育局", "安监局", "督查室", "区府办"]


def test_the_example_on_the_page_is_a_list_that_works(room, units):
    example = re.search(
        r'<pre class="sample">(.*?)</pre>', room.get(ADD).content.decode(), re.DOTALL
    )[1]
    assert (
        "共 2 行，没有发现问题" in room.post(ADD, {"text": example, "check": ""}).content.decode()
    )


def slips(response) -> list[str]:
    return re.findall(
        r'<section class="slip">(.*?)</section>', response.content.decode(), re.DOTALL
    )


def test_each_person_gets_a_slip_with_all_that_is_needed_to_sign_in(room, settings, rf):
    given = slips(room.post(ADD, {"text": PEOPLE, "create": ""}))
    assert len(given) == 2
    for words in ("王一", "wang01", "http://testserver/staff/sign-in/", settings.SITE["name"]):
        assert words in given[0]
    password = re.search(r"<code>(.+?)</code>", given[0])[1]
    assert authenticate(rf.post("/staff/sign-in/"), username="wang01", password=password)
    assert User.objects.get(username="wang01").must_change_password


def test_a_new_password_comes_on_a_slip_too_and_the_old_one_opens_nothing(room, people, rf):
    people.stranger.set_password("old-password-1")
    people.stranger.save()
    answer = room.post(
        LIST,
        {"action": "reset_passwords", "_selected_action": [people.stranger.pk], "confirmed": ""},
    )
    assert "王外人" in slips(answer)[0]
    assert (
        authenticate(rf.post("/staff/sign-in/"), username="stranger", password="old-password-1")
        is None
    )


def test_the_pages_say_where_passwords_are_reset_and_posts_are_left(room, people):
    page = room.get(LIST).content.decode()
    assert "重置密码、停用账号：勾选人员" in page
    assert 'href="/staff/hand-over/"' in page
    assert (
        "重置密码、停用：回到人员列表"
        in room.get(f"{LIST}{people.stranger.pk}/change/").content.decode()
    )


def test_a_user_name_taken_while_the_list_is_written_is_told_and_nothing_is_lost(
    room, people, units, monkeypatch
):
    """Passwords take seconds to hash; meanwhile a colleague may make an account
    of the same name.
    """
    hashed = people_actions.make_password

    def slowly(password):
        User.objects.get_or_create(username="li02", name="别人")
        return hashed(password)

    monkeypatch.setattr(people_actions, "make_password", slowly)
    page = room.post(ADD, {"text": PEOPLE, "create": ""}).content.decode()
    assert "用户名 li02 刚刚被别人建立了，这次一个账号也没有建立。" in page
    assert "已经有用户名 li02。" in page
    assert "wang01,王一,教育局,填报员\nli02,李二,安监局,督查员</textarea>" in page
    assert 'name="create"' not in page
    assert not User.objects.filter(username="wang01").exists()


LINES = [
    ("wang01,王一,教育局,填报员,督查员", "每行要有四项"),
    ("wang01,王一,教育局", "每行要有四项"),
    ("wang01 王 一 教育局 填报员", "每行要有四项"),
    ("wang01,王一,教育局,填报员,,", "没有发现问题"),
]


@pytest.mark.parametrize(("line", "says"), LINES)
def test_a_line_of_more_or_less_than_four_is_not_guessed_at(room, units, line, says):
    assert says in room.post(ADD, {"text": line, "check": ""}).content.decode()
