"""Who is told of a 督办单: the unit that has to answer it, when it comes, when it comes back,
and around its day.
"""

import pytest

from departments.models import Membership
from subscriptions.models import Notice
from tests.fixtures.outbox import deliver, remind, states, told
from tests.fixtures.quarter import JULY_2
from tests.fixtures.slips import close, issue, lift, reply, send_back, withdraw

pytestmark = pytest.mark.usefixtures("calendar_2013")
# Issued on Tuesday 2 July, to be answered by Tuesday 9 July.
UNIT = {"reporter", "colleague"}


def people(event: str) -> set[str]:
    return {name for name, _ in told(event)}


def test_the_unit_hears_of_a_new_slip_once_with_its_due_day(office):
    issue(office)
    assert remind("07-02") > 0
    assert remind("07-02") == 0
    assert people("slip_issued") == UNIT
    mail = deliver("07-02").text_to("reporter")
    assert "【督办单】督办〔2013〕1号，蓝色督办，2013年7月9日前回复，还有 5 个工作日" in mail
    assert "wp2013-18 全面落实安全生产责任制：安监局" in mail
    assert "/staff/slips/2013-1/" in mail


def test_no_word_of_the_slip_itself_leaves_the_house(office):
    issue(office)
    remind("07-02")
    mail = deliver("07-02").text_to("reporter")
    assert "请报告培训场次" not in mail
    assert "现场抽查" not in mail


@pytest.mark.parametrize(
    ("day", "offset"), [("07-02", -5), ("07-04", -3), ("07-08", -1), ("07-09", 0), ("07-10", 1)]
)
def test_the_unit_is_reminded_around_the_due_day_of_a_slip(office, day, offset):
    issue(office)
    remind(day)
    assert told("slip_due") == {(name, offset) for name in UNIT}


def test_an_answered_slip_is_quiet_and_a_returned_one_announced_with_its_new_day(office):
    slip = issue(office)
    remind("07-04")
    reply(office, slip)
    assert "督办" not in deliver("07-05").text_to("reporter")
    assert states()["settled"] >= 4
    send_back(office, slip)
    remind("07-08")
    assert people("slip_sent_back") == UNIT
    assert "【督办单退回重办】督办〔2013〕1号，蓝色督办，2013年7月11日前回复" in deliver(
        "07-08"
    ).text_to("reporter")


def test_a_withdrawn_slip_is_not_reminded_of_and_waiting_notices_are_dropped(office):
    slip = issue(office)
    remind("07-02")
    withdraw(office, slip)
    remind("07-09")
    assert told("slip_due") == {(name, -5) for name in UNIT}
    assert "请回复督办单" not in deliver("07-09").text_to("reporter")


@pytest.mark.parametrize(("end", "words"), [(withdraw, "已撤销"), (close, "已销号")])
def test_the_unit_hears_once_that_a_slip_has_ended(office, end, words):
    slip = issue(office)
    if end is close:
        reply(office, slip)
    end(office, slip)
    remind("07-11")
    remind("07-12")
    assert told("slip_ended") == {(name, 0) for name in UNIT}
    text = deliver("07-12").text_to("reporter")
    assert f"【督办单已结束】督办〔2013〕1号，蓝色督办，{words}" in text
    assert "发错了" not in text
    assert "已核实" not in text
    Notice.objects.all().delete()
    remind("07-30")
    assert told("slip_ended") == set()


def test_a_raised_slip_is_announced_with_its_new_level(office):
    slip = issue(office)
    remind("07-02")
    lift(office, slip)
    remind("07-08")
    subjects = set(Notice.objects.filter(event="slip_issued").values_list("subject", flat=True))
    assert subjects == {"slip:2013-1@blue", "slip:2013-1@red"}
    assert "红色督办，2013年7月10日前回复" in deliver("07-08").text_to("reporter")


def test_supervisors_hear_of_the_slip_of_a_unit_without_people(office):
    issue(office)
    Membership.objects.filter(department=office.units["anjianju"]).delete()
    remind("07-02")
    assert people("slip_issued") == {"supervisor", "other_supervisor"}


def test_the_successor_of_the_unit_hears_of_its_slip(office):
    issue(office)
    old, middle, new = (office.units[name] for name in ("anjianju", "chengguanju", "jiaoyuju"))
    for earlier, later in ((old, middle), (middle, new)):
        earlier.successor = later
        earlier.save()
    remind("07-02")
    assert people("slip_issued") == {"stranger"}


def test_the_mail_about_a_slip_of_the_demonstration_says_so(office):
    issue(office, at=JULY_2, demonstration=True)
    remind("07-02")
    assert "督办〔2013〕1号（演示）" in deliver("07-02").text_to("reporter")
