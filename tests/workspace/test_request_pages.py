"""The pages on which units ask for time or another look, and on which supervisors answer."""

from datetime import date

import pytest
import time_machine

from departments.models import CalendarDay, Department, Membership, Role
from progress.actions.extensions import grant_extension
from progress.actions.periods import close_period
from progress.models import ExtensionRequest, Unlock
from publishing.models import Objection, Publication
from tests.fixtures.page_text import text_of
from tests.fixtures.quarter import JULY_2, JULY_5, JULY_16, moment
from tests.fixtures.requests import (
    AUGUST_5,
    JULY_19,
    LAST_MINUTE,
    TOO_LATE,
    ask,
    decide,
    object_to,
    unlock,
)
from workspace.read_models.work_items import work_items_for

REPORT, DESK = "/staff/reports/wp2013-18/2013-2/", "/staff/requests/"
ASK, UNLOCK = f"{REPORT}extension/", "/staff/periods/wp2013/2013-2/unlock/"
WISH = {
    "requested_until": "2013-07-19",
    "reason": "场地检修",
    "progress_so_far": "已培训 3000 人次",
}


@pytest.fixture
def as_(client, office, calendar_2013):
    def sign_in(name: str):
        client.force_login(getattr(office.people, name))
        return client

    return sign_in


@pytest.fixture
def judged(office):
    office.verify(office.submit(), "slow", note="抽查两处，记录不全。")
    office.publish()
    return office


def objection_page(objection) -> str:
    return f"{DESK}objections/{objection.pk}/"


def test_a_unit_asks_for_an_extension_and_reads_what_holds_meanwhile(as_):
    with time_machine.travel(JULY_2, tick=False):
        assert ASK in as_("reporter").get(REPORT).content.decode()
        shown = text_of(as_("reporter").post(ASK, WISH, follow=True))
    assert "延期申请已送督查室。答复之前，仍请按2013年7月12日准备。" in shown
    assert "安监局2013年7月2日申请延期至2013年7月19日：等督查室答复" in shown
    assert ExtensionRequest.objects.get().department.short_name == "安监局"


@pytest.mark.parametrize(("at", "offered"), [(LAST_MINUTE, True), (TOO_LATE, False)])
def test_after_the_due_day_no_extension_is_offered_and_words_sent_are_not_lost(at, offered, as_):
    with time_machine.travel(at, tick=False):
        assert (ASK in as_("reporter").get(REPORT).content.decode()) == offered
        shown = text_of(as_("reporter").get(ASK))
        answer = as_("reporter").post(ASK, WISH)
    assert ("现在不能申请延期" in shown) != offered
    assert answer.status_code == (302 if offered else 200)
    if not offered:
        assert "报送截止日（2013年7月12日）已过" in text_of(answer)
        assert "场地检修" in answer.content.decode()


def test_a_half_filled_form_for_an_extension_says_what_is_missing(as_):
    with time_machine.travel(JULY_2, tick=False):
        shown = text_of(
            as_("reporter").post(ASK, WISH | {"reason": "", "requested_until": "下周五"})
        )
    assert "请写明延期理由。" in shown
    assert "请写成 2026-10-20 这样的日期。" in shown
    assert not ExtensionRequest.objects.exists()


def test_a_supervisor_grants_another_day_and_both_days_are_on_the_report(as_, office):
    extension = ask(office)
    with time_machine.travel(LAST_MINUTE, tick=False):
        assert "场地检修" in text_of(as_("supervisor").get(f"{DESK}extensions/{extension.pk}/"))
        answer = {"granted_until": "2013-07-16", "note": "请抓紧"}
        shown = text_of(
            as_("supervisor").post(f"{DESK}extensions/{extension.pk}/grant/", answer, follow=True)
        )
        page = text_of(as_("reporter").get(REPORT))
    assert "已延期至2013年7月16日，原定日期一并显示" in shown
    assert "报送截止 2013年7月16日（原定2013年7月12日）" in page
    assert "请抓紧" in page


def test_refusing_an_extension_on_its_page_needs_a_reason_and_no_day(as_, office):
    address = f"{DESK}extensions/{ask(office).pk}/"
    assert "不同意延期请写明理由" in text_of(
        as_("supervisor").post(f"{address}refuse/", {"note": ""})
    )
    assert as_("supervisor").post(f"{address}refuse/", {"note": "已两次延期"}).status_code == 302
    assert ExtensionRequest.objects.get().state == "refused"
    assert "已两次延期" in text_of(as_("reporter").get(REPORT))


def test_granting_an_extension_on_its_page_needs_a_day(as_, office):
    address = f"{DESK}extensions/{ask(office).pk}/"
    assert "请写明批准延期到哪一天" in text_of(
        as_("supervisor").post(f"{address}grant/", {"granted_until": ""})
    )
    assert ExtensionRequest.objects.get().state == "asked"


def test_the_requests_page_shows_the_oldest_first_and_those_for_others_apart(as_, judged):
    object_to(judged)
    shown = text_of(as_("supervisor").get(DESK))
    assert "没有等您办理的申请" in shown
    assert "由其他人办理 1 份" in shown
    assert "等您办理 1 份" in text_of(as_("other_supervisor").get(DESK))


def test_a_recused_supervisor_reads_why_and_an_answer_sent_anyway_changes_nothing(as_, office):
    """安监局 went into a unit that went into 监察局, where the supervisor sits."""
    between = Department.objects.create(
        slug="between", short_name="应急局", full_name="x", level="district", name_basis="inferred"
    )
    Department.objects.filter(pk=office.units["anjianju"].pk).update(successor=between)
    Department.objects.filter(pk=between.pk).update(successor=office.units["jianchaju"])
    address = f"{DESK}extensions/{ask(office).pk}/"
    client = as_("other_supervisor")
    assert f"{address}grant/" not in client.get(address).content.decode()
    answer = client.post(f"{address}grant/", {"granted_until": "2013-07-19"})
    assert answer.status_code == 403
    assert "按回避规定由其他单位的督查员答复" in text_of(answer)
    assert ExtensionRequest.objects.get().state == "asked"


def test_the_workspace_shows_an_extension_to_the_supervisor_and_its_answer_to_the_unit(
    office, people
):
    extension = ask(office)
    duty = next(d for d in work_items_for(people.supervisor, JULY_5.date()) if d.verb == "答复")
    assert (duty.due_on, duty.title) == (date(2013, 7, 12), "延期申请：全面落实安全生产责任制")
    assert "延期申请待答复" in work_items_for(people.reporter, JULY_5.date())[0].note
    grant_extension(extension=extension, until=JULY_19, by=people.supervisor, at=LAST_MINUTE)
    told = work_items_for(people.reporter, JULY_5.date())[0]
    assert told.due_on == JULY_19
    assert "经批准延期至2013年7月19日（原定2013年7月12日）" in told.note


def test_every_due_day_of_the_workspace_is_explained(as_, office):
    CalendarDay.objects.filter(date=date(2013, 7, 8)).update(is_workday=False, note="台风停工")
    with time_machine.travel(JULY_2, tick=False):
        for address in ("/staff/", REPORT):
            shown = text_of(as_("reporter").get(address))
            assert "2013年7月1日开放，次日起数 8 个工作日，到2013年7月12日" in shown
            assert "台风停工，不计" in shown
    assert "核查截止同样从2013年7月1日次日起数" in text_of(as_("supervisor").get("/staff/periods/"))


def test_an_unlock_of_one_report_is_shown_to_supervisor_and_unit(as_, office):
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    with time_machine.travel(moment("2013-07-18T10:00:00"), tick=False):
        assert UNLOCK in as_("supervisor").get("/staff/periods/").content.decode()
        before = text_of(as_("supervisor").get(UNLOCK))
        typed = {"task": "wp2013-18", "reason": "系统故障"}
        shown = text_of(as_("supervisor").post(UNLOCK, typed, follow=True))
        page = text_of(as_("reporter").get(REPORT))
    assert "单独开放 3 个工作日：今天开放，到2013年7月23日为止" in before
    assert "单位可以填报到2013年7月23日；2013年7月12日以后报送的，记为逾期报送" in shown
    assert "正在开放" in shown
    assert "这一项开放到2013年7月23日，到期自动关闭" in page
    assert "系统故障" in page


def test_a_task_of_ones_own_unit_is_not_offered_for_opening(as_, office):
    Membership.objects.create(
        user=office.people.supervisor, department=office.units["anjianju"], role=Role.REPORTER
    )
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    assert "wp2013-18" not in as_("supervisor").get(UNLOCK).content.decode()
    as_("supervisor").post(UNLOCK, {"task": "wp2013-18", "reason": "故障"})
    assert not Unlock.objects.exists()


def test_an_unlock_that_ran_out_is_shown_as_over(as_, office):
    close_period(period=office.period, by=office.people.supervisor, at=JULY_16)
    unlock(office, at=moment("2013-07-18T10:00:00"))
    with time_machine.travel(moment("2013-07-24T00:00:00"), tick=False):
        assert "已关闭" in text_of(as_("supervisor").get(UNLOCK))
        assert "单项开放" not in text_of(as_("reporter").get(REPORT))


def test_a_unit_objects_and_another_supervisor_decides(as_, judged):
    row = Publication.objects.get()
    with time_machine.travel(AUGUST_5, tick=False):
        assert (
            f"/staff/publications/{row.pk}/objection/"
            in as_("reporter").get(REPORT).content.decode()
        )
        typed = {"text": "抽查的两处不属于本项"}
        shown = text_of(
            as_("reporter").post(f"/staff/publications/{row.pk}/objection/", typed, follow=True)
        )
        assert "复核申请已送督查室，2013年9月4日前会有结论。" in shown
        answer = {"outcome": "partly", "decision": "一处属实"}
        address = objection_page(Objection.objects.get())
        told = text_of(as_("other_supervisor").post(address, answer, follow=True))
    assert "请接着提出更正，由发布员发布。" in told
    assert "提出更正：全面落实安全生产责任制" in told
    page = text_of(as_("colleague").get(REPORT))
    for words in ("复核结论：部分采纳", "一处属实", "抽查的两处不属于本项"):
        assert words in page


def test_whoever_assessed_a_report_finds_no_form_to_decide_its_objection(as_, judged):
    address = objection_page(object_to(judged))
    assert 'name="decide"' not in as_("supervisor").get(address).content.decode()
    answer = as_("supervisor").post(address, {"outcome": "rejected", "decision": "维持"})
    assert (answer.status_code, Objection.objects.get().state) == (403, "filed")
    assert "由另一位督查员作出" in text_of(answer)


def test_a_decision_without_its_reason_keeps_the_outcome_chosen(as_, judged):
    answer = as_("other_supervisor").post(
        objection_page(object_to(judged)), {"outcome": "partly", "decision": ""}
    )
    assert "请写明复核意见" in text_of(answer)
    assert 'value="partly" id="id_outcome_1" checked' in answer.content.decode().replace(
        ' class=""', ""
    )


def to_correct(person) -> list[str]:
    return [duty.url for duty in work_items_for(person, AUGUST_5.date()) if duty.verb == "更正"]


def test_an_objection_upheld_leads_another_supervisor_to_the_correction_of_the_verdict(as_, judged):
    decide(judged, object_to(judged), "upheld")
    people, shown = judged.people, Publication.objects.get()
    address = f"/staff/publications/{shown.pk}/correct-verdict/"
    assert [
        to_correct(one) for one in (people.other_supervisor, people.supervisor, people.publisher)
    ] == [
        [address],
        [],
        [],
    ]
    assert "复查属实" in text_of(as_("other_supervisor").get(address))
    assert "由另一位督查员提出" in text_of(as_("supervisor").get(address))
    judged.propose(shown, assessment_pace="on_course", by=people.other_supervisor)
    assert to_correct(people.other_supervisor) == []


def test_an_objection_rejected_leads_nobody_on_and_the_unit_reads_it_for_two_weeks(judged):
    decide(judged, object_to(judged), "rejected")
    assert to_correct(judged.people.other_supervisor) == []
    told = [
        [d.title for d in work_items_for(judged.people.reporter, day)]
        for day in (date(2013, 8, 18), date(2013, 8, 19))
    ]
    assert told == [["复核结论“维持”：全面落实安全生产责任制"], []]


def test_the_public_reads_that_an_objection_was_filed_and_its_outcome_but_no_words(client, judged):
    objection = object_to(judged)
    address = Publication.objects.get().get_absolute_url()
    assert "责任单位已于2013年8月5日对第 1 版申请复核，2013年9月4日前会有结论" in text_of(
        client.get(address)
    )
    decide(judged, objection, "rejected")
    shown, history = text_of(client.get(address)), text_of(client.get("/tasks/wp2013-18/history/"))
    assert "复核结论：维持（2013年8月5日）" in shown
    assert "作出复核结论" in history
    assert "维持" in history
    assert not any(
        words in page for page in (shown, history) for words in ("复查属实", "抽查的两处")
    )


def test_the_public_reads_the_day_granted_beside_the_day_first_set(client, office):
    grant_extension(
        extension=ask(office), until=JULY_19, by=office.people.supervisor, at=LAST_MINUTE
    )
    office.submit(at=moment("2013-07-15T10:00:00"))
    office.publish()
    row = Publication.objects.get()
    for address in (row.get_absolute_url(), "/tasks/wp2013-18/"):
        assert "经批准延期至2013年7月19日报送（原定2013年7月12日）" in text_of(client.get(address))
    assert (
        '"extended_to":"2013-07-19"'
        in client.get(f"{row.get_absolute_url()[:-1]}.json").content.decode()
    )
