"""What an action on a slip does not take: no words, too many days or files, the wrong person."""

import pytest

from common.errors import Refused
from departments.models import CalendarDay
from supervision.actions.issuing import Basis
from supervision.models import SlipFile, SupervisionSlip
from tests.fixtures.slips import (
    brought_to,
    close,
    issue,
    lift,
    paper,
    reply,
    send_back,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("standing", "calendar_2013")
OUT_OF_RANGE = "回复期限请写 1 到 60 个工作日"
NOTHING_SAID = {
    "issue without a basis": (
        lambda office: issue(office, basis=Basis(" ")),
        "请写明督办依据",
    ),
    "issue without a demand": (lambda office: issue(office, demand=" "), "请写明督办要求"),
    "issue on an unknown level": (lambda office: issue(office, level="purple"), "请选择督办级别"),
    "reply": (
        lambda office: reply(office, brought_to(office, "issued"), words=""),
        "请写明办理情况",
    ),
    "send back": (
        lambda office: send_back(office, brought_to(office, "replied"), reason=""),
        "退回重办请写明理由",
    ),
    "raise": (
        lambda office: lift(office, brought_to(office, "issued"), reason=" "),
        "提高级别请写明理由",
    ),
    "close": (
        lambda office: close(office, brought_to(office, "replied"), note=""),
        "销号请写明核实的情况",
    ),
    "withdraw": (
        lambda office: withdraw(office, brought_to(office, "issued"), reason=" "),
        "撤销请写明理由",
    ),
}


@pytest.mark.parametrize("action", NOTHING_SAID)
def test_an_action_on_a_slip_without_its_words_is_refused(office, action):
    attempt, refusal = NOTHING_SAID[action]
    with pytest.raises(Refused, match=refusal):
        attempt(office)


@pytest.mark.parametrize("days", [1, 60])
def test_the_shortest_and_the_longest_time_to_reply_are_taken(office, days):
    slip = issue(office, days=days)
    due_on, _ = CalendarDay.objects.working_day_after(slip.issued_at.date(), days)
    assert slip.due_on == due_on


@pytest.mark.parametrize("days", [0, 61])
def test_a_time_to_reply_beyond_the_limits_is_refused(office, days):
    with pytest.raises(Refused, match=OUT_OF_RANGE):
        issue(office, days=days)


def test_ten_files_come_with_a_reply(office):
    reply(office, issue(office), files=[paper(f"{number}.pdf") for number in range(10)])
    assert SlipFile.objects.count() == 10


def test_an_eleventh_file_of_a_reply_is_refused(office):
    slip = issue(office)
    with pytest.raises(Refused, match="每次回复最多上传 10 份佐证材料"):
        reply(office, slip, files=[paper(f"{number}.pdf") for number in range(11)])
    assert not SlipFile.objects.exists()


def test_the_same_file_twice_with_a_reply_is_refused(office):
    with pytest.raises(Refused, match="选了两次"):
        reply(office, issue(office), files=[paper(), paper()])


@pytest.mark.parametrize("person", ["reporter", "publisher", "leader", "clerk", "auditor"])
def test_a_slip_is_not_issued_by_somebody_who_is_no_supervisor(office, person):
    office.white_paper.task.responsibilities.update(department=office.units["chengguanju"])
    with pytest.raises(Refused, match="督办单由督查员发出"):
        issue(office, by=getattr(office.people, person))
    assert not SupervisionSlip.objects.exists()
