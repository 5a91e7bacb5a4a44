"""The first screen as leaders and supervisors read it,
and the way from a line of it to a decision.
"""

import html
import re
from copy import copy
from datetime import date

import pytest
import time_machine
from django.contrib.auth.hashers import make_password

from departments.actions import set_portfolio
from ledger.actions import Actor
from progress.models import ReportingPeriod
from supervision.models import CoordinationItem
from tasks.actions.plans import set_section_leaders
from tasks.models import Section, Task
from tests.fixtures import coordination as told
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import text_of, words_in
from tests.fixtures.people import NOW
from tests.fixtures.quarter import moment
from tests.fixtures.random_quarter import publish, release_before
from tests.fixtures.slips import issue, withdraw

PAGE, RAISE = "/staff/overview/", "/staff/reports/wp2013-18/2013-2/coordination/"
JULY_16 = moment("2013-07-13T09:00:00")


@pytest.fixture
def look(client, office):
    """The words of a page as one of the cast sees it on 13 July,
    one day after the reports were due.
    """

    def read(person: str, address: str = PAGE) -> str:
        client.force_login(getattr(office.people, person))
        with time_machine.travel(JULY_16):
            return re.sub(r"\s+", " ", words_in(client.get(address), "main"))

    return read


def test_the_four_figures_say_of_how_many_and_lead_to_their_lists(look, office):
    told.raised(office)
    words = look("leader")
    assert re.search(r"落后 0 项\s*已报送 0/1 项", words)
    assert re.search(r"未报送 1 项\s*1 个牵头单位；2013年第二季度", words)
    assert re.search(r"退回修改中 0 项 · 待报送 0 项", words)
    assert re.search(r"需您协调 1 件", words)
    assert "比上次公布新增 还没有公布过，没有上次可比" in words
    # Nobody is silent before the day is over.
    ReportingPeriod.objects.update(due_on=JULY_16.date())
    assert "0 个牵头单位" not in look("leader")
    ReportingPeriod.objects.update(due_on=office.period.due_on)
    for only, found in {"behind": 0, "unreported": 1, "new": 0}.items():
        assert look("leader", f"{PAGE}?only={only}").count("全面落实安全生产责任制 安监局") == found


def test_an_overview_without_a_quarter_to_compare_with_says_so_instead_of_zero(look, office):
    assert "比上次公布新增 还没有公布过，没有上次可比" in look("leader")
    office.publish()
    assert "比上次公布新增 0 项 上次公布时还没有的" in look("leader")


def test_overview_lines_that_cannot_be_compared_are_counted_beside_the_new_ones(look, office):
    publish(office.white_paper.task, release_before(office), "done")
    more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    said = "比上次公布新增 1 项 上次公布时还没有的；2013年第二季度；另有 2 项没有上次可比"
    assert said in look("leader")


def test_a_line_says_task_unit_why_and_days_and_that_it_is_not_public(look):
    words = look("leader")
    assert re.search(r"逾期 1 天 ?未报送 未公布", words)
    assert "全面落实安全生产责任制 安监局 · 2013年第二季度 · wp2013-18" in words
    assert "wp2013-182013年7月12日截止，没有报送" in words
    assert "其中 1 项未公布" in words


def test_a_supervisor_acts_on_the_line_and_a_leader_reads(look):
    offered = re.compile(r"提出协调|催报|开报告|开督办单")
    words = {person: look(person).split("最严重的在前")[1] for person in ("supervisor", "leader")}
    assert set(offered.findall(words["supervisor"])) == {"提出协调", "催报", "开督办单"}
    assert not offered.findall(words["leader"])


def test_a_task_with_a_coordination_item_links_it_in_place_of_raising_another(look, office, client):
    item = told.raised(office)
    look("supervisor")
    with time_machine.travel(JULY_16):
        page = client.get(PAGE).content.decode()
    assert f'href="/staff/coordination/{item.pk}/"' in page
    assert RAISE not in page


@pytest.mark.parametrize("person", ["supervisor", "leader"])
def test_a_task_with_a_slip_links_it_in_place_of_issuing_another(look, office, person):
    slip = issue(office)
    words = look(person)
    assert "督办单待回复" in words
    assert "开督办单" not in words
    withdraw(office, slip)
    assert "督办单待回复" not in look(person)


def test_a_leaders_own_units_come_first_and_all_are_one_click_away(look, office):
    more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    assert "我分管的" not in look("leader")
    post = office.people.leader.memberships.get()
    set_portfolio(membership=post, departments=[office.units["jiaoyuju"]], by=Actor(), at=NOW)
    words = look("leader")
    assert "分管：教育局" in words
    assert re.search(r"未报送 2 项\s*1 个牵头单位", words)
    words = look("leader", f"{PAGE}?whose=all")
    assert re.search(r"未报送 3 项\s*2 个牵头单位", words)


def test_the_overview_of_a_portfolio_includes_its_sections(look, office):
    tasks = more_tasks(office.white_paper, office.units["jiaoyuju"], 2)
    other = Section.objects.create(plan=office.white_paper.plan, number=9, title="宜居城区")
    Task.objects.filter(pk=tasks[0].pk).update(section=other)
    post = office.people.leader.memberships.get()
    set_section_leaders(section=other, memberships=[post], by=Actor(), at=NOW)
    words = look("leader")
    assert "分管：宜居城区" in words
    assert re.search(r"未报送 1 项\s*1 个牵头单位", words)
    set_portfolio(membership=post, departments=[office.units["anjianju"]], by=Actor(), at=NOW)
    words = look("leader")
    assert "分管：安监局、宜居城区" in words
    assert re.search(r"未报送 2 项\s*2 个牵头单位", words)


@pytest.mark.parametrize(("person", "lands"), [("leader", PAGE), ("supervisor", "/staff/")])
def test_the_first_page_after_signing_in_depends_on_the_role(client, office, person, lands):
    user = getattr(office.people, person)
    user.password = make_password("long enough for anybody")
    user.save()
    typed = {"username": user.username, "password": "long enough for anybody"}
    assert client.post("/staff/sign-in/", typed)["Location"] == lands
    assert PAGE in client.get("/staff/").content.decode()


def test_an_empty_portal_says_so(client, people):
    client.force_login(people.leader)
    words = words_in(client.get(PAGE), "main")
    assert "没有这样的任务" in words
    assert "没有等待决定的事项" in words


def test_the_page_to_raise_begins_with_the_words_of_the_report(look, client, office):
    told.file_with_wish(office, "请协调培训场地")
    client.force_login(office.people.reporter)
    assert "请协调培训场地</textarea>" in html.unescape(client.get(RAISE).content.decode())
    report = "/staff/reports/wp2013-18/2013-2/"
    assert "提请协调" in text_of(client.get(report))
    done = client.post(RAISE, {"text": "请协调培训场地"}, follow=True)
    assert "已提请区领导协调" in text_of(done)
    assert "需协调事项：待决定" in text_of(client.get(report))


def test_a_supervisor_finds_what_reports_ask_for_and_nobody_raised(look, office):
    told.file_with_wish(office, "请协调培训场地")
    assert "填报里写了、还没有提出的 1 件" in look("supervisor", "/staff/coordination/")
    assert "还没有提出的" not in look("leader", "/staff/coordination/")
    told.raised(office, by="reporter")
    assert "还没有提出的" not in look("supervisor", "/staff/coordination/")


def test_bad_input_says_what_is_wrong_and_keeps_what_was_typed(client, office):
    item = told.raised(office)
    client.force_login(office.people.leader)
    typed = {
        "decision": "由教育局腾出场地",
        "meeting": "",
        "decided_on": "2013-07-99",
        "due_on": "",
    }
    with time_machine.travel(JULY_16):
        page = client.post(f"/staff/coordination/{item.pk}/decide/", typed)
    words = text_of(page)
    assert [
        said
        for said in ("请写明在什么会上决定的。", "请填写日期", "请写明落实期限。")
        if said not in words
    ] == []
    assert "由教育局腾出场地</textarea>" in page.content.decode()
    assert CoordinationItem.objects.get().state == "raised"


def test_a_recused_supervisor_sees_why_and_gets_no_form_for_coordination(client, office):
    office.white_paper.task.responsibilities.update(department=office.units["jianchaju"])
    item = told.raised(office)
    client.force_login(office.people.other_supervisor)
    address = f"/staff/coordination/{item.pk}/"
    page = client.get(address).content.decode()
    assert "按回避规定由其他单位的督查员登记" in page
    assert "<form" not in page.split("<main", 1)[1].split("</main>")[0]
    assert client.post(f"{address}close/", {"outcome": "办好"}).status_code == 403
    assert CoordinationItem.objects.get().state == "raised"


def test_an_unknown_coordination_action_is_not_found_and_its_page_refuses_a_post(client, office):
    client.force_login(office.people.leader)
    address = f"/staff/coordination/{told.raised(office).pk}/"
    assert client.post(f"{address}delete/").status_code == 404
    assert client.post(address, {"delete": ""}).status_code == 405


@pytest.mark.parametrize("person", ["stranger", "clerk", "publisher"])
def test_a_coordination_item_of_others_is_closed_to_people_without_a_part_in_it(
    client, office, person
):
    item = told.raised(office)
    client.force_login(getattr(office.people, person))
    expected = 404 if person == "stranger" else 403
    assert client.get(f"/staff/coordination/{item.pk}/").status_code == expected


def test_the_unit_that_carries_a_decision_out_sees_the_item_of_anothers_task(client, office):
    item = told.decide(office, told.raised(office))
    client.force_login(office.people.stranger)
    assert client.get(f"/staff/coordination/{item.pk}/").status_code == 200


def test_the_public_reads_nothing_of_coordination_items(client, office):
    item = told.decide(office, told.raised(office, text="场地归谁调配"))
    told.instruct(office, item)
    told.close(office, item)
    office.publish()
    addresses = [
        "/",
        "/tasks/wp2013-18/",
        "/quarters/2013-2/",
        "/ledger/",
        "/api/v1/tasks/wp2013-18/",
    ]
    pages = {address: client.get(address).content.decode() for address in addresses}
    secret = ("场地", "务必七月", "办公会", "教育局腾出")
    assert [(at, word) for at, page in pages.items() for word in secret if word in page] == []


@pytest.mark.parametrize(
    ("before", "kind", "said"),
    [
        ("slow", "behind", "推进缓慢"),
        ("not_reported", "unreported", "未报送"),
        ("on_course", "", "正常推进"),
    ],
)
def test_an_early_closing_makes_no_trouble_of_the_quarter_before_disappear(
    look, office, before, kind, said
):
    publish(office.white_paper.task, release_before(office), before)
    office.close_early("提前开会")
    words = look("leader")
    assert re.search(f"提前截止时未报送 未公布 ?2013年第一季度{said}", words)
    assert "落后 1 项" in words or kind != "behind"
    assert "未报送 1 项 1 个牵头单位；2013年第一季度" in words or kind != "unreported"
    assert ("其中 1 项按上次所知另计" in words) == bool(kind)
    shown = look("leader", f"{PAGE}?only={kind or 'behind'}").split("最严重的在前")[1]
    assert ("wp2013-18" in shown.split("需您协调")[0]) == bool(kind)
    assert f"提前截止时未报送（未公布） · 2013年第一季度{said}" in look("leader", "/staff/meeting/")


def test_what_was_known_before_an_early_closing_counts_after_the_release_too(look, office):
    publish(office.white_paper.task, release_before(office), "slow")
    office.publish(at=JULY_16, early="提前开会")
    words = look("leader")
    assert re.search("提前截止时未报送 ?2013年第一季度推进缓慢", words)
    assert "落后 1 项" in words


def test_an_unpublished_quarter_counts_on_when_the_next_one_is_closed_early(look, office):
    office.verify(office.submit(), "slow", note="场地未落实")
    later = copy(office.period)
    later.pk, later.index, later.state, later.early_reason = None, 3, "closed", "提前开会"
    later.due_on = later.review_due_on = later.release_on = date(2013, 10, 18)
    later.save(force_insert=True)
    words = look("leader")
    assert re.search("提前截止时未报送 未公布 ?2013年第二季度推进缓慢（督查核定）", words)
    assert re.search(r"落后 1 项.{0,60}落后的：2013年第二季度", words)
    # What is new of the quarter before is told as news all the same.
    paper = look("leader", "/staff/meeting/?since=2013-07-01")
    assert "新落后的：1 项" in paper
    assert "落后 1 项（2013年第二季度）" in paper


def test_an_open_matter_stays_on_the_line_when_a_newer_quarter_is_shown(look, office):
    told.raised(office)
    later = copy(office.period)
    later.pk, later.index, later.state, later.early_reason = None, 3, "closed", "提前开会"
    later.due_on = later.review_due_on = later.release_on = date(2013, 10, 18)
    later.save(force_insert=True)
    words = look("supervisor").split("需您协调")[1]
    assert "待决定（2013年第二季度）" in words
    assert "提出协调" not in words
