"""需协调事项: from the words of a report to what became of it; who may,
and who is too near to it.
"""

from datetime import date

import pytest

from common.errors import Refused
from departments.models import Membership, User
from ledger.models import Entry
from progress.actions.reports import submit_report
from supervision.actions.coordination import coordination_raising_refusal_reason
from supervision.choices import CoordinationState as State
from supervision.models import CoordinationItem
from supervision.read_models.coordination import coordination_work_items, rights_about
from tests.fixtures import coordination as told
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_2, moment


def test_a_unit_raises_what_its_report_says(office):
    told.file_with_wish(office)
    item = told.raised(office, by="reporter", text="请协调培训场地")
    assert (item.state, item.department.short_name, item.raised_by) == (
        "raised",
        "安监局",
        office.people.reporter,
    )


@pytest.mark.parametrize("stage", ["nothing", "draft", "without a wish"])
def test_a_unit_cannot_raise_what_is_not_in_a_report_that_left_it(office, stage):
    if stage == "draft":
        office.save()
        office.white_paper.task.reports.update(help_needed="请协调")
    if stage == "without a wish":
        office.submit()
    with pytest.raises(Refused, match="请先在填报里写明需协调事项并报送"):
        told.raised(office, by="reporter")


def test_a_supervisor_raises_also_where_nobody_reported(office):
    assert told.raised(office).department.short_name == "督查室"


def test_a_coordination_item_is_not_raised_by_somebody_of_neither_side(office):
    with pytest.raises(Refused, match="您现在的岗位不能办这一步"):
        told.raised(office, by="stranger")


def test_a_report_has_one_open_coordination_item_and_another_after_closing(office):
    first = told.raised(office)
    with pytest.raises(Refused, match="还没有办结"):
        told.raised(office, by="other_supervisor")
    told.close(office, first)
    assert told.raised(office).pk != first.pk


def test_no_coordination_item_is_raised_in_a_quarter_not_opened_yet(office):
    office.period.state = "scheduled"
    office.period.save()
    task, supervisor = office.white_paper.task, office.people.supervisor
    assert (
        coordination_raising_refusal_reason(task, office.period, supervisor) == "这一期还没有开放。"
    )
    with pytest.raises(Refused, match="还没有开放"):
        told.raised(office)


def test_a_decision_keeps_its_meeting_its_owner_and_its_day(office):
    item = told.decide(office, told.raised(office))
    assert (item.state, item.meeting, item.owner.short_name) == ("decided", "区长办公会", "教育局")
    assert (item.decided_on, item.due_on, item.decided_by) == (
        date(2013, 7, 8),
        told.DUE,
        office.people.leader,
    )


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"meeting": " "}, "请写明在什么会上、决定了什么"),
        ({"decision": ""}, "请写明在什么会上、决定了什么"),
        ({"decided_on": date(2013, 7, 9)}, "决定日期不晚于今天"),
        ({"due_on": date(2013, 7, 7)}, "落实期限不早于决定日期"),
    ],
)
def test_a_decision_that_lacks_something_changes_nothing(office, said, refusal):
    item = told.raised(office)
    with pytest.raises(Refused, match=refusal):
        told.decide(office, item, **said)
    item.refresh_from_db()
    assert (item.state, item.decision) == ("raised", "")


def of_the_responsible_unit(office, name: str) -> None:
    Membership.objects.create(
        user=getattr(office.people, name), department=office.units["anjianju"], role="supervisor"
    )


def test_a_supervisor_of_the_responsible_unit_neither_records_a_decision_nor_closes(office):
    of_the_responsible_unit(office, "other_supervisor")
    item = told.raised(office)
    for action in (told.decide, told.close):
        with pytest.raises(Refused, match="回避"):
            action(office, item, by="other_supervisor")
    told.decide(office, item, by="supervisor")
    with pytest.raises(Refused, match="回避"):
        told.close(office, item, by="other_supervisor")


def test_recusal_from_a_decision_reaches_the_predecessors_of_the_unit(office):
    old = office.units["jianchaju"]
    old.successor = office.units["anjianju"]
    old.save()
    with pytest.raises(Refused, match="回避"):
        told.decide(office, told.raised(office), by="other_supervisor")


def test_the_unit_that_carries_a_decision_out_does_not_close_the_item(office):
    item = told.decide(office, told.raised(office), owner="duchashi")
    with pytest.raises(Refused, match="落实单位"):
        told.close(office, item, by="supervisor")
    assert told.close(office, item, by="other_supervisor").state == State.CLOSED


def test_a_leader_decides_also_about_the_own_office(office):
    office.white_paper.task.responsibilities.update(department=office.units["qufuban"])
    assert told.decide(office, told.raised(office)).state == State.DECIDED


def test_an_instruction_stands_beside_the_earlier_one_and_its_answer(office):
    item = told.raised(office)
    told.instruct(office, item)
    told.decide(office, item)
    told.instruct(office, item, text="抓紧")
    told.reply(office, item)
    assert list(item.notes.values_list("kind", "text")) == [
        ("instruction", "务必七月办好"),
        ("instruction", "抓紧"),
        ("reply", "场地已腾出"),
    ]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"text": " "}, "请写明批示内容"),
        ({"day": date(2013, 7, 9)}, "批示日期不晚于今天"),
    ],
)
def test_an_instruction_has_words_and_a_day_that_has_come(office, said, refusal):
    item = told.raised(office)
    with pytest.raises(Refused, match=refusal):
        told.instruct(office, item, **said)
    assert not item.notes.exists()


@pytest.mark.parametrize("person", ["reporter", "supervisor", "leader"])
def test_only_the_unit_that_carries_a_decision_out_reports_on_it(office, person):
    item = told.decide(office, told.raised(office))
    with pytest.raises(Refused, match="落实单位"):
        told.reply(office, item, by=person)


def test_the_successor_of_a_unit_carries_its_decision_out_and_reports_on_it(office):
    """教育局 decided upon, gone into 城管局, which went into 安监局."""
    item = told.decide(office, told.raised(office))
    for old, new in (("jiaoyuju", "chengguanju"), ("chengguanju", "anjianju")):
        office.units[old].successor = office.units[new]
        office.units[old].save()
    reporter = User.objects.get(pk=office.people.reporter.pk)
    assert [duty.verb for duty in coordination_work_items(reporter, told.DUE)] == ["报告落实情况"]
    assert rights_about(item, reporter).replies
    assert told.reply(office, item, by="reporter").unit == office.units["anjianju"]


def test_a_successor_sees_the_coordination_items_its_predecessor_raised(office):
    office.white_paper.task.responsibilities.all().delete()
    item = told.raised(office)
    reporter, seen = office.people.reporter, CoordinationItem.objects
    assert not seen.visible_to(reporter).exists()
    office.units["duchashi"].successor = office.units["anjianju"]
    office.units["duchashi"].save()
    assert list(seen.visible_to(reporter)) == [item]


def test_a_coordination_item_that_settled_itself_is_closed_without_a_decision(office):
    item = told.close(office, told.raised(office), outcome="场地自行解决")
    assert (item.state, item.decision, item.outcome) == ("closed", "", "场地自行解决")
    with pytest.raises(Refused, match="落实结果"):
        told.close(office, told.raised(office), outcome=" ")


def test_each_step_of_coordination_is_an_internal_ledger_entry_without_words(office):
    item = told.decide(office, told.raised(office))
    told.instruct(office, item)
    told.reply(office, item)
    told.close(office, item)
    rows = Entry.objects.order_by("seq")
    verbs = [f"{verb}_coordination" for verb in ("raise", "decide", "instruct", "reply", "close")]
    assert list(rows.values_list("verb", flat=True)) == verbs
    assert set(rows.values_list("visibility", flat=True)) == {"internal"}
    written = "".join(rows.values_list("payload", flat=True))
    words = ["场地", "七月", "办公会", "核实"]
    assert [word for word in words if word in written] == []


def test_the_actor_is_the_post_in_which_somebody_acted(office):
    told.file_with_wish(office)
    item = told.raised(office, by="reporter")
    told.decide(office, item)
    posts = (
        Entry.objects.filter(verb__contains="coordination")
        .order_by("seq")
        .values_list("actor_unit", "actor_post")
    )
    assert list(posts) == [("安监局", "填报员"), ("区府办", "区领导")]


def test_filing_again_leaves_the_item_as_it_was_raised(office):
    told.file_with_wish(office)
    item = told.raised(office, by="reporter", text="请协调培训场地")
    report = office.white_paper.task.reports.get()
    report.status, report.returned_at, report.return_reason = "returned", JULY_2, "请补"
    report.save()
    office.save(version=report.version)
    submit_report(report=report, by=office.people.reporter, at=moment("2013-07-09T10:00:00"))
    item.refresh_from_db()
    assert item.text == "请协调培训场地"


def test_the_hint_of_the_meeting_names_what_is_filled_in_for_a_leader(office, as_):
    item = told.raised(office)
    html = source_of(as_("leader").get(f"/staff/coordination/{item.pk}/"))
    assert 'name="meeting" value="没有开会，直接决定"' in html
    assert "没有开会的，写“没有开会，直接决定”“现场办公”“专题批示”等。" in html


@pytest.mark.parametrize(
    ("meeting", "line"),
    [
        ("没有开会，直接决定", "没有开会，直接决定：由教育局腾出场地"),
        ("区长办公会", "区长办公会决定：由教育局腾出场地"),
    ],
)
def test_a_decision_on_the_units_home_says_once_that_it_was_decided(office, meeting, line):
    told.decide(office, told.raised(office), meeting=meeting)
    [item] = coordination_work_items(office.people.stranger, told.JULY_8.date())
    assert item.missing == line


def test_a_leader_reads_what_became_of_an_instruction_and_no_promise_of_a_mail(office, as_):
    item = told.raised(office)
    address = f"/staff/coordination/{item.pk}/instruct/"
    typed = {"text": "抓紧", "day": "2013-07-08"}
    before = as_("leader").post(address, typed, follow=True).content.decode()
    assert "批示已记下，责任单位和督查员打开这件事项可以看到。" in before
    told.decide(office, item)
    after = as_("leader").post(address, typed, follow=True).content.decode()
    assert "批示已记下，已列入教育局今天要做的。" in after
    assert coordination_work_items(office.people.stranger, told.JULY_8.date())
    assert "收到提醒" not in before + after
