"""督办单 as people meet it: in the workspace, in the list, on its page, on paper,
and what the public reads of it.
"""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from supervision.choices import SlipState
from supervision.models import SlipStep, SupervisionSlip
from supervision.read_models.slip_drafts import slip_draft
from supervision.read_models.slips import slip_line
from tests.fixtures.lists import PDF
from tests.fixtures.page_text import text_of, words_in
from tests.fixtures.quarter import JULY_2, JULY_5
from tests.fixtures.requests import JULY_19
from tests.fixtures.slips import JULY_10, brought_to, close, issue, lift, paper, reply, withdraw
from workspace.read_models.work_items import work_items_for

pytestmark = pytest.mark.usefixtures("calendar_2013")
NEW, SLIP = "/staff/slips/new/?task=wp2013-18&quarter=2013-2", "/staff/slips/2013-1/"


@pytest.fixture
def as_(client, office):
    def sign_in(name: str):
        client.force_login(getattr(office.people, name))
        return client

    with time_machine.travel(JULY_5, tick=False):
        yield sign_in


def duty_of(office, name: str, title: str):
    work_items = work_items_for(getattr(office.people, name), JULY_5.date())
    return next((duty for duty in work_items if title in duty.title), None)


def filled_in(page) -> dict:
    """What the form would send if somebody only pressed its button."""
    form = page.context["form"]
    return {name: form[name].value() for name in form.fields} | {"issue": ""}


def test_the_form_of_a_slip_says_to_whom_it_goes_or_that_nobody_leads(as_, office):
    assert "主送安监局。" in text_of(as_("supervisor").get(NEW))
    office.white_paper.task.responsibilities.all().delete()
    shown = text_of(as_("supervisor").get(NEW))
    assert "还没有牵头单位" in shown
    assert "发出督办单" not in shown


@pytest.mark.parametrize(
    ("person", "before", "after"), [("reporter", True, True), ("leader", False, True)]
)
def test_the_report_a_slip_rests_on_is_linked_for_whoever_may_read_it(
    as_, office, person, before, after
):
    draft = slip_draft(office.white_paper.task, office.period, JULY_19)
    issue(office, basis=draft.basis)
    report = "/staff/reports/wp2013-18/2013-2/"
    assert (report in as_(person).get(SLIP).content.decode()) == before
    office.submit()
    assert (report in as_(person).get(SLIP).content.decode()) == after


def test_from_the_desk_a_slip_is_two_clicks_away_with_nothing_to_type(as_, office):
    office.submit()
    supervisor = as_("supervisor")
    assert (
        NEW.replace("&", "&amp;")
        in supervisor.get("/staff/review/wp2013-18/2013-2/").content.decode()
    )
    answer = supervisor.post(NEW, filled_in(supervisor.get(NEW)), follow=True)
    assert "督办〔2013〕1号已列入安监局今天要做的，2013年7月12日前回复。" in text_of(answer)
    slip = SupervisionSlip.objects.get()
    assert (slip.ground, slip.period, slip.level) == ("report", office.period, "blue")
    assert "2013年第二季度进展填报（2013年7月2日报送，总体自评为“正常推进”）。" in text_of(answer)


@pytest.mark.parametrize(
    "wrong", [{"days": "0"}, {"days": "很快"}, {"demand": ""}, {"level": "x"}, {"basis": " "}]
)
def test_a_wrong_answer_is_named_and_nothing_typed_is_lost(as_, wrong):
    typed = {"level": "red", "demand": "逐条说明", "days": "7", "basis": "抽查"} | wrong
    answer = as_("supervisor").post(NEW, typed)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == wrong.keys()
    kept = [value for name, value in typed.items() if name in {"demand", "basis"} - wrong.keys()]
    assert all(value in answer.content.decode() for value in kept)
    assert not SupervisionSlip.objects.exists()


def test_pressing_twice_issues_one_slip_and_says_so(as_, office):
    supervisor = as_("supervisor")
    typed = filled_in(supervisor.get(NEW))
    supervisor.post(NEW, typed)
    assert "已有一张没有销号的督办〔2013〕1号" in text_of(supervisor.post(NEW, typed))
    assert SupervisionSlip.objects.count() == 1
    assert "已有一张没有销号的督办单" in text_of(supervisor.get(NEW))


def test_a_new_slip_without_a_task_asks_for_one_first(as_):
    shown = as_("supervisor").get("/staff/slips/new/").content.decode()
    assert '<option value="wp2013-18">' in shown
    assert as_("supervisor").get("/staff/slips/new/?task=nothing").status_code == 404


def test_the_unit_finds_a_slip_in_its_workspace_and_answers_with_files(as_, office):
    issue(office)
    duty = duty_of(office, "reporter", "回复督办单")
    assert (duty.url, duty.due_on.isoformat(), duty.missing) == (
        SLIP,
        "2013-07-09",
        "蓝色督办，请按要求回复",
    )
    files = [SimpleUploadedFile("整改.pdf", PDF), SimpleUploadedFile("台账.pdf", PDF + b"2")]
    answer = as_("reporter").post(
        f"{SLIP}reply/", {"words": "已补办。", "files": files}, follow=True
    )
    assert "已回复督查室，2013年7月12日前会销号或退回。" in text_of(answer)
    assert "台账.pdf" in text_of(answer)
    assert duty_of(office, "reporter", "督办") is None


def test_a_file_of_another_kind_in_a_reply_is_refused_and_the_words_stay(as_, office):
    issue(office)
    typed = {"words": "已补办。", "files": [SimpleUploadedFile("整改.pdf", b"no paper")]}
    answer = as_("reporter").post(f"{SLIP}reply/", typed)
    assert "不是可以接收的类型" in text_of(answer)
    assert "已补办。" in answer.content.decode()
    assert not SlipStep.objects.exists()


def test_the_issuing_side_finds_an_answered_slip_and_closes_it(as_, office):
    brought_to(office, "replied")
    assert duty_of(office, "supervisor", "督办单待销号").missing == "安监局已回复，请销号或退回重办"
    assert duty_of(office, "other_supervisor", "督办单") is None
    answer = as_("supervisor").post(f"{SLIP}close/", {"close-note": "已到现场核实。"}, follow=True)
    assert "督办〔2013〕1号已销号" in text_of(answer)
    assert "已到现场核实。" in text_of(answer)
    assert duty_of(office, "supervisor", "督办单") is None


def test_the_unit_of_a_returned_slip_reads_why_and_has_new_days(as_, office):
    brought_to(office, "replied")
    typed = {"back-reason": "缺签到表。", "back-days": "3"}
    shown = text_of(as_("supervisor").post(f"{SLIP}send-back/", typed, follow=True))
    assert "已退回安监局重办，2013年7月10日前再次回复。" in shown
    duty = duty_of(office, "colleague", "回复督办单")
    assert (duty.returned, duty.sent_back) == ("缺签到表。", "督办单退回重办")


def test_a_slip_is_raised_by_hand_with_a_reason(as_, office):
    issue(office)
    typed = {"raise-level": "red", "raise-reason": "群众反映强烈。", "raise-days": "2"}
    shown = text_of(as_("supervisor").post(f"{SLIP}raise/", typed, follow=True))
    assert "提高为红色督办" in shown
    assert "2013年7月9日前回复" in shown


def test_a_slip_of_the_highest_level_offers_no_raising(as_, office):
    lift(office, issue(office))
    assert "raise" not in {
        name for name, form in as_("supervisor").get(SLIP).context["forms"].items() if form
    }


def test_words_for_a_step_of_a_slip_taken_meanwhile_are_given_back(as_, office):
    close(office, brought_to(office, "replied"))
    typed = {"back-reason": "还差签到表", "back-days": "3"}
    shown = text_of(as_("supervisor").post(f"{SLIP}send-back/", typed))
    assert "现在是“已销号”，不能再做这一步" in shown
    assert "您写的没有保存" in shown
    assert "还差签到表" in shown


def test_the_page_of_a_slip_tells_its_steps_in_order(as_, office):
    slip = brought_to(office, "sent_back")
    reply(office, slip, words="补齐了。", at=JULY_10)
    close(office, slip)
    shown = text_of(as_("leader").get(SLIP))
    places = [
        shown.index(words)
        for words in ("发出蓝色督办单", "已补办三场。", "缺签到表。", "补齐了。", "已核实。")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize("state", SlipState)
def test_the_list_of_slips_is_filtered_by_state(as_, office, state):
    brought_to(office, state)
    for asked in SlipState:
        lines = as_("auditor").get(f"/staff/slips/?state={asked}").context["lines"]
        assert len(lines) == (asked == state)


@pytest.mark.parametrize(
    ("person", "suggested"), [("supervisor", True), ("reporter", False), ("leader", False)]
)
def test_beside_the_report_an_overdue_slip_is_named_to_all_and_raising_it_suggested_to_some(
    as_, office, person, suggested
):
    office.submit()
    issue(office, days=1)
    shown = as_(person).get("/staff/reports/wp2013-18/2013-2/").content.decode()
    assert "待回复，已过回复期限" in shown
    assert ("建议提高级别" in shown) == suggested


def test_the_list_of_slips_says_which_are_overdue(as_, office):
    issue(office, days=1)
    assert "已过回复期限" in text_of(as_("leader").get("/staff/slips/"))


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_printed_slip_is_a_document_and_in_the_demonstration_marked_as_none(
    as_, office, demonstration
):
    slip = issue(office)
    reply(office, slip, files=[paper()])
    SupervisionSlip.objects.update(demonstration=demonstration)
    shown = text_of(as_("reporter").get(f"{SLIP}paper/"))
    for words in ("示例区安监局", "现场抽查。", "请报告培训场次。", "2013年7月9日", "附：整改.pdf"):
        assert words in shown
    assert ("演示，不是真实的督办单" in shown) == demonstration
    assert ("督办〔2013〕1号" in shown) == ("盖章" in shown) == (not demonstration)


@pytest.mark.parametrize("public", [True, False])
def test_the_public_reads_of_a_slip_only_where_the_plan_says_so_and_never_its_words(
    client, office, public
):
    office.white_paper.plan.slips_public = public
    office.white_paper.plan.save()
    slip = issue(office)
    reply(office, slip)
    shown = client.get("/tasks/wp2013-18/").content.decode()
    assert ("蓝色督办" in shown) == public
    for secret in ("督办〔2013〕1号", "现场抽查", "请报告培训场次", "已补办三场", "赵督查"):
        assert secret not in shown
    close(office, slip)
    assert "蓝色督办" not in client.get("/tasks/wp2013-18/").content.decode()


def test_a_withdrawn_slip_stands_in_the_history_and_warns_nobody(client, office):
    office.white_paper.plan.slips_public = True
    office.white_paper.plan.save()
    withdraw(office, issue(office))
    task, history = client.get("/tasks/wp2013-18/"), client.get("/tasks/wp2013-18/history/")
    words = "督查单位2013年7月2日发出的蓝色督办单，2013年7月8日撤销。"
    assert "督办" not in task.content.decode().split('id="changes"')[0]
    assert words in words_in(task, "changes")
    assert words in text_of(history)
    for page in (task, history):
        assert "chip--behind" not in page.content.decode()
        assert "发错了" not in text_of(page)
    assert client.get("/api/v1/tasks/wp2013-18/").json()["slips"] == []
    issue(office, level="red")
    task = client.get("/tasks/wp2013-18/")
    assert "红色督办 督查单位已发出督办单，还没有销号。" in text_of(task)
    assert words in words_in(task, "changes")


def test_nothing_of_a_withdrawn_slip_is_public_where_the_plan_keeps_slips_internal(client, office):
    withdraw(office, issue(office))
    for address in ("/tasks/wp2013-18/", "/tasks/wp2013-18/history/"):
        assert "督办" not in text_of(client.get(address))


def test_staff_see_the_level_of_an_ended_slip_without_its_tone(as_, office):
    slip = issue(office, level="red")
    levels = [slip_line(slip, JULY_5.date()).level]
    withdraw(office, slip)
    slip.refresh_from_db()
    levels += [slip_line(slip, JULY_5.date()).level]
    assert [(level.label, level.tone) for level in levels] == [
        ("红色督办", "late"),
        ("红色督办", "quiet"),
    ]


def test_a_withdrawn_slip_keeps_its_number_and_reason_and_is_counted_apart(as_, office):
    issue(office)
    answer = as_("supervisor").post(
        f"{SLIP}withdraw/", {"withdraw-reason": "已书面报告。"}, follow=True
    )
    assert "督办〔2013〕1号已撤销，编号不再使用，安监局不用再回复。" in text_of(answer)
    assert duty_of(office, "reporter", "督办") is None
    issue(office)
    for name in ("reporter", "leader", "other_supervisor"):
        assert "这张督办单已撤销已书面报告。" in text_of(as_(name).get(SLIP))
        assert "共 2 张，其中已撤销 1 张" in text_of(as_(name).get("/staff/slips/"))
    assert "督办单（已撤销）" in (paper := text_of(as_("reporter").get(f"{SLIP}paper/")))
    assert "盖章" not in paper


def test_a_slip_issued_in_the_demonstration_is_marked(as_, office):
    with override_settings(DEMO=True):
        as_("supervisor").post(NEW, filled_in(as_("supervisor").get(NEW)))
    assert SupervisionSlip.objects.get().demonstration


def test_a_unit_reads_its_own_slips_and_no_others(as_, office):
    issue(office, at=JULY_2)
    assert len(as_("colleague").get("/staff/slips/").context["lines"]) == 1
    assert as_("stranger").get("/staff/slips/").context["lines"] == []
    assert as_("stranger").get(SLIP).status_code == 404
