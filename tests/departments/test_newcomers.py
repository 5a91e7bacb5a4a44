"""Accounts as a newcomer makes them: what may be written stands on the page,
and each person gets a slip of paper.
"""

import re

import pytest
from django.contrib.auth import authenticate
from django.core.files.uploadedfile import SimpleUploadedFile

from departments import newcomers
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
        "重置密码、重置验证器、停用：回到人员列表"
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


WRITTEN = [
    "zhang1, 张一, 教育局, 填报员",
    "zhang1，张一，教育局，填报员",
    "zhang1 , 张一 , 教育局 , 填报员 ",
    "zhang1 张一 教育局 填报员",
    "zhang1\u3000张一\u3000\u3000教育局\u3000填报员",
    "zhang1\t张一\t教育局\t填报员",
    "zhang1 \t 张一 \t 教育局 \t 填报员",
    "zhang1, 张一 教育局，填报员",
    "\ufeffzhang1,张一\u200b,教育局,填报员\u200b",
]


@pytest.mark.parametrize("line", WRITTEN)
def test_a_line_is_read_with_whatever_marks_people_put_between_its_cells(line, units):
    (read,) = newcomers.check(newcomers.split(line))
    assert read.cells == ["zhang1", "张一", "教育局", "填报员"]


FILES = {
    "a.txt": "zhang1, 张一, 教育局, 填报员\n".encode(),
    "b.txt": "用户名\t姓名\t单位\t岗位\r\nzhang1\t张一\t教育局\t填报员\r\n".encode("gb18030"),
    "c.txt": "用户名\t姓名\t单位\t岗位\r\nzhang1\t张一\t教育局\t填报员\r\n".encode("utf-16"),
    "d.txt": "zhang1 张一 教育局 填报员".encode(),
    "e.csv": "zhang1，张一，教育局，填报员".encode("utf-8-sig"),
    "f.csv": "用户名,姓名,单位,岗位\r\nzhang1,张一,教育局,填报员\r\n".encode("utf-16"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_list_is_read_from_text_files_of_any_program(room, units, name):
    sent = {"file": SimpleUploadedFile(name, FILES[name]), "check": ""}
    page = room.post(ADD, sent).content.decode()
    assert "共 1 行，没有发现问题" in page
    assert "zhang1,张一,教育局,填报员</textarea>" in page


def test_a_name_with_a_blank_is_one_cell_between_tabs_or_commas(units):
    for mark in ("\t", ","):
        line = mark.join(["zhang9", "张 九", "教育局", "填报员"])
        (read,) = newcomers.check(newcomers.split(line))
        assert read.cells[1] == "张 九"


def test_an_empty_cell_between_tabs_is_missed_and_not_closed_up(room, units):
    page = room.post(ADD, {"text": "zhang1\t\t教育局\t填报员", "check": ""}).content.decode()
    assert "每行要有四项" in page
