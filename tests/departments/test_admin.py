"""The reference data room: administrators keep people, units and the calendar; nobody deletes;
all is on record.
"""

import json
import re
from datetime import date

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import Refused
from departments import actions
from departments.models import CalendarDay, Department, Membership, User
from departments.rules.holidays import BUILT_IN, built_in
from ledger.models import Entry
from public.read_models.ledger import entry_line
from tests.fixtures.people import NOW, PORTAL

# The framework's own templates ask for variables they may not have.
pytestmark = pytest.mark.ignore_template_errors
PEOPLE = "/admin/departments/user/"
POSTS = "/admin/departments/membership/"
UNITS = "/admin/departments/department/"
CALENDAR = "/admin/departments/calendarday/"
REGISTERED = [pytest.param(model, id=model._meta.label) for model in admin.site._registry]


@pytest.fixture
def room(client, people):
    client.force_login(people.administrator)
    return client


def verbs() -> list[str]:
    return list(Entry.objects.values_list("verb", flat=True))


@pytest.mark.parametrize("model", REGISTERED)
def test_nothing_in_the_reference_data_can_be_deleted(model, rf, people):
    shown = admin.site._registry[model]
    request = rf.get("/admin/")
    for person in vars(people).values():
        request.user = person
        assert not shown.has_delete_permission(request)
        assert "delete_selected" not in shown.get_actions(request)


def test_the_reference_data_room_bears_the_name_of_the_site(room, settings):
    settings.SITE = settings.SITE | {"name": "海边区公开平台"}
    page = room.get("/admin/").content.decode()
    assert "海边区公开平台" in page
    assert "Django" not in page


@pytest.mark.parametrize(
    "place", [f"{PEOPLE}add/", f"{POSTS}add/", f"{UNITS}add/", f"{CALENDAR}add/", PEOPLE]
)
def test_a_supervisor_keeps_no_people_units_or_calendar(client, people, place):
    client.force_login(people.supervisor)
    assert client.get(place).status_code == 403


@pytest.mark.parametrize("place", ["/admin/", PEOPLE, UNITS])
@pytest.mark.parametrize("person", ["reporter", "clerk", "publisher", "leader", "auditor"])
def test_roles_without_reference_data_are_not_let_in(client, people, person, place):
    client.force_login(getattr(people, person))
    assert client.get(place, follow=True).status_code == 403


def test_a_changed_unit_is_on_record_and_keeps_its_address(room, units):
    unit = units["jiaoyuju"]
    form = {
        "short_name": "教育局",
        "full_name": "示例区教育体育局",
        "level": "district",
        "name_basis": "documented",
    }
    assert room.post(f"{UNITS}{unit.pk}/change/", {**form, "slug": "elsewhere"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.full_name, unit.slug) == ("示例区教育体育局", "jiaoyuju")
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id, entry.actor_unit) == (
        "change_department",
        "jiaoyuju",
        "区府办",
    )


def test_signing_is_switched_on_for_a_unit_and_on_record(room, units):
    unit = units["jiaoyuju"]
    form = {
        "short_name": "教育局",
        "full_name": "示例区教育局",
        "level": "district",
        "name_basis": "inferred",
    }
    room.post(f"{UNITS}{unit.pk}/change/", {**form, "signs_reports": "on"})
    unit.refresh_from_db()
    assert unit.signs_reports
    assert dict(entry_line(Entry.objects.get()).facts)["报送前须审签"] == "是"
    assert "报送前须审签" in room.get(UNITS).content.decode()


@pytest.mark.parametrize(("unit", "warned"), [("jiaoyuju", True), ("anjianju", False)])
def test_signing_without_a_signer_is_warned_of_by_name(room, units, unit, warned):
    given = units[unit]
    form = {"short_name": given.short_name, "full_name": given.full_name, "level": "district"}
    form |= {"name_basis": "inferred", "signs_reports": "on"}
    page = room.post(f"{UNITS}{given.pk}/change/", form, follow=True).content.decode()
    assert (f"{given}现在没有审签人" in page) == warned


def test_a_new_unit_is_on_record(room):
    form = {
        "slug": "wentiju",
        "short_name": "文体局",
        "full_name": "示例区文体局",
        "level": "district",
    }
    room.post(f"{UNITS}add/", {**form, "name_basis": "inferred"})
    assert Department.objects.filter(slug="wentiju").exists()
    assert verbs() == ["add_department"]


GOOD = "wang01,王一,教育局,填报员\nwang01,王一,教育局,审签人\nli.02 李二 安监局 督查员"


def test_a_good_list_is_shown_first_and_written_only_when_confirmed(room):
    page = room.post(f"{PEOPLE}add/", {"text": GOOD, "check": "1"}).content.decode()
    assert "共 3 行，没有发现问题" in page
    assert 'name="create"' in page
    assert not User.objects.filter(username="wang01").exists()


def test_confirmed_accounts_come_with_first_passwords_that_work_and_must_be_changed(room, client):
    page = room.post(f"{PEOPLE}add/", {"text": GOOD, "create": "1"}).content.decode()
    slips = re.findall(r"<code>([a-z0-9-]{19})</code>", page)
    wang = User.objects.get(username="wang01")
    assert len(set(slips)) == 2
    assert wang.check_password(slips[0])
    assert wang.must_change_password
    assert sorted(wang.memberships.values_list("role", flat=True)) == ["reporter", "signer"]
    assert sorted(verbs()) == ["add_person"] * 2 + ["add_post"] * 3
    assert slips[0] not in room.get(PEOPLE).content.decode()


def test_the_record_of_people_names_nobody(room):
    room.post(f"{PEOPLE}add/", {"text": GOOD, "create": "1"})
    assert not Entry.objects.public().exists()
    assert not any(
        "王一" in entry.payload or "wang01" in entry.payload for entry in Entry.objects.all()
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("wang01,王一,教育局", "每行要有四项"),
        ("Wang01,王一,教育局,填报员", "用户名只用小写字母"),
        ("reporter,王一,教育局,填报员", "已经有用户名 reporter"),
        ("wang01,王一,教委,填报员", "单位表里没有“教委”"),
        ("wang01,王一,教育局,科长", "没有“科长”这个岗位"),
        ("li.02,李三,教育局,填报员", "同一用户名写了两个姓名"),
        ("li.02,李二,安监局,督查员", "这一行写了两次"),
    ],
)
def test_one_bad_line_names_its_fault_and_stops_the_whole_list(room, line, problem):
    for button in ("check", "create"):
        page = room.post(f"{PEOPLE}add/", {"text": f"{GOOD}\n{line}", button: "1"}).content.decode()
        assert problem in page
        assert 'name="create"' not in page
    assert not User.objects.filter(username="li.02").exists()


def test_a_list_of_too_many_people_is_refused(room):
    lines = "\n".join(f"p{n},王一,教育局,填报员" for n in range(51))
    assert (
        "一次最多建立 50 个账号"
        in room.post(f"{PEOPLE}add/", {"text": lines, "create": "1"}).content.decode()
    )
    assert not User.objects.filter(username="p1").exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_from_an_office_is_read_with_its_head(room, encoding):
    text = "用户名,姓名,单位,岗位\nwang01,王一,教育局,填报员\n".encode(encoding)
    page = room.post(
        f"{PEOPLE}add/", {"file": SimpleUploadedFile("名单.csv", text), "check": "1"}
    ).content.decode()
    assert "共 1 行，没有发现问题" in page
    assert "wang01,王一,教育局,填报员</textarea>" in page


def test_what_is_no_table_is_refused_in_words(room):
    file = SimpleUploadedFile("名单.xlsx", b"not a workbook")
    page = room.post(f"{PEOPLE}add/", {"file": file, "check": "1"}).content.decode()
    assert "这个文件不是 .xlsx 表" in page


def test_an_administrator_disables_an_account_and_lets_it_in_again(room, people):
    ids = {"_selected_action": [people.reporter.pk], "confirmed": ""}
    room.post(PEOPLE, {"action": "disable", **ids})
    people.reporter.refresh_from_db()
    assert not people.reporter.is_active
    page = room.post(PEOPLE, {"action": "reset_passwords", **ids}).content.decode()
    people.reporter.refresh_from_db()
    assert people.reporter.is_active
    assert people.reporter.check_password(re.search(r"<code>(.+)</code>", page)[1])
    assert verbs() == ["disable_person", "reset_password"]


@pytest.mark.parametrize(
    ("action", "says"),
    [("disable", "停用以后立即退出登录"), ("reset_passwords", "原来的密码立即作废")],
)
def test_before_accounts_are_touched_the_page_names_whose(room, people, action, says):
    chosen = [people.reporter.pk, people.clerk.pk]
    page = room.post(PEOPLE, {"action": action, "_selected_action": chosen}).content.decode()
    assert says in page
    assert "<b>陈填报</b>" in page
    assert "clerk · 区府办受理员" in page
    assert re.search('name="confirmed">(停用|重置)这 2 个', page)
    assert "王外人" not in page
    assert verbs() == []
    assert (
        User.objects.filter(pk__in=chosen, is_active=True, must_change_password=False).count() == 2
    )


def test_before_a_post_ends_the_page_names_it(room, people):
    held = people.stranger.memberships.get()
    page = room.post(POSTS, {"action": "end", "_selected_action": [held.pk]}).content.decode()
    assert "<b>王外人 教育局 填报员</b>" in page
    held.refresh_from_db()
    assert held.ended_at is None


def test_several_accounts_are_disabled_together_or_not_at_all(room, people):
    chosen = [people.administrator.pk, people.reporter.pk, people.stranger.pk]
    room.post(PEOPLE, {"action": "disable", "confirmed": "1", "_selected_action": chosen})
    assert User.objects.filter(pk__in=chosen, is_active=True).count() == 3
    assert verbs() == []


def test_nobody_disables_the_own_account(room, people):
    ids = {"_selected_action": [people.administrator.pk], "confirmed": ""}
    page = room.post(PEOPLE, {"action": "disable", **ids}, follow=True)
    assert "不能停用自己的账号" in page.content.decode()
    people.administrator.refresh_from_db()
    assert people.administrator.is_active


def test_a_person_is_renamed_but_keeps_the_user_name(room, people):
    form = {"name": "陈新名", "username": "other", "is_active": "", "memberships-TOTAL_FORMS": 0}
    room.post(f"{PEOPLE}{people.reporter.pk}/change/", {**form, "memberships-INITIAL_FORMS": 0})
    people.reporter.refresh_from_db()
    assert (people.reporter.name, people.reporter.username, people.reporter.is_active) == (
        "陈新名",
        "reporter",
        True,
    )
    assert verbs() == ["rename_person"]


def test_a_post_is_given_and_ended_and_given_again(room, people, units):
    form = {"user": people.stranger.pk, "department": units["qufuban"].pk, "role": "clerk"}
    room.post(f"{POSTS}add/", form)
    held = Membership.objects.get(user=people.stranger, role="clerk")
    assert "已有这个岗位" in room.post(f"{POSTS}add/", form, follow=True).content.decode()
    room.post(POSTS, {"action": "end", "_selected_action": [held.pk], "confirmed": ""})
    held.refresh_from_db()
    assert held.ended_at
    room.post(f"{POSTS}add/", form)
    assert verbs() == ["add_post", "end_post", "add_post"]


def test_nobody_gives_a_post_to_himself(room, people, units):
    form = {
        "user": people.administrator.pk,
        "department": units["duchashi"].pk,
        "role": "supervisor",
    }
    page = room.post(f"{POSTS}add/", form, follow=True).content.decode()
    assert "不能给自己增加岗位" in page
    assert not people.administrator.memberships.filter(role="supervisor").exists()
    assert verbs() == []


def test_the_last_administrator_cannot_leave_the_house_locked(room, people):
    post = people.administrator.memberships.get()
    page = room.post(
        POSTS, {"action": "end", "_selected_action": [post.pk], "confirmed": ""}, follow=True
    ).content.decode()
    assert "请由另一位系统管理员办理" in page
    post.refresh_from_db()
    assert (post.ended_at, verbs()) == (None, [])


def test_one_administrator_ends_the_post_of_another(room, people, units):
    other = Membership.objects.create(
        user=people.leader, department=units["qufuban"], role="administrator"
    )
    room.post(POSTS, {"action": "end", "_selected_action": [other.pk], "confirmed": ""})
    other.refresh_from_db()
    assert other.ended_at


def test_the_last_administrator_stays_whoever_asks(people):
    with pytest.raises(Refused, match="最后一位系统管理员"):
        actions.disable_person(user=people.administrator, by=PORTAL, at=NOW)
    with pytest.raises(Refused, match="最后一位系统管理员"):
        actions.end_membership(membership=people.administrator.memberships.get(), by=PORTAL, at=NOW)
    assert verbs() == []


def test_an_administrator_who_cannot_sign_in_is_none_to_rely_on(people, units):
    Membership.objects.create(user=people.leader, department=units["qufuban"], role="administrator")
    actions.disable_person(user=people.leader, by=PORTAL, at=NOW)
    with pytest.raises(Refused, match="最后一位系统管理员"):
        actions.end_membership(membership=people.administrator.memberships.get(), by=PORTAL, at=NOW)


def test_the_calendar_is_loaded_whole_and_not_typed_day_by_day(room):
    page = room.post(f"{CALENDAR}add/", {"year": 2017}).content.decode()
    assert "已载入 2017 年，工作日共" in page
    assert CalendarDay.objects.filter(date__year=2017).count() == 365
    assert not CalendarDay.objects.get(date=date(2017, 10, 2)).is_workday
    assert CalendarDay.objects.get(date=date(2017, 9, 30)).is_workday
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id) == ("load_calendar", "2017")
    assert (
        room.get(f"{CALENDAR}{CalendarDay.objects.first().pk}/change/")
        .content.decode()
        .count("<input")
        < 8
    )


def test_a_year_beyond_the_built_in_table_asks_for_the_notice(room):
    assert "没有 2090 年" in room.post(f"{CALENDAR}add/", {"year": 2090}).content.decode()
    room.post(
        f"{CALENDAR}add/", {"year": 2090, "days_off": "10-01 至 10-07\n01-02", "days_on": "10-08"}
    )
    assert not CalendarDay.objects.get(date=date(2090, 10, 3)).is_workday
    assert not CalendarDay.objects.get(date=date(2090, 1, 2)).is_workday
    assert CalendarDay.objects.get(date=date(2090, 10, 8)).is_workday
    assert json.loads(Entry.objects.get().payload)["facts"]["source"] == "国务院办公厅放假通知"


@pytest.mark.parametrize("typed", ["十月一日", "13-01", "10-07 至 10-01"])
def test_a_day_of_the_calendar_that_cannot_be_read_is_given_back(room, typed):
    page = room.post(f"{CALENDAR}add/", {"year": 2090, "days_off": typed}).content.decode()
    assert f"“{typed}”看不明白" in page
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    ("day", "shown"),
    [("2026-09-30", False), ("2026-10-01", True), ("2027-02-16", True)],
)
@pytest.mark.parametrize("address", [CALENDAR, f"{CALENDAR}add/", "/staff/"])
def test_administrators_read_that_a_table_is_due(address, day, shown, client, people, time_machine):
    time_machine.move_to(f"{day}T09:00:00+08:00")
    client.force_login(people.administrator)
    actions.load_calendar(year=2026, days=built_in(2026), source=BUILT_IN, by=PORTAL, at=NOW)
    page = client.get(address).content.decode()
    assert ("还没有 2027 年的法定工作日历" in page) == shown


def test_only_administrators_are_asked_for_a_calendar(client, people, time_machine):
    time_machine.move_to("2027-02-16T09:00:00+08:00")
    client.force_login(people.reporter)
    assert "法定工作日历" not in client.get("/staff/").content.decode()
