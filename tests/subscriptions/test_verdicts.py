"""Who is told of a verdict: the units it is about, that it agrees, that it differs, and how long
they may object.
"""

import pytest

from departments.models import Membership
from tests.fixtures.outbox import deliver, remind, told
from tests.fixtures.people import NOW
from tests.fixtures.quarter import JULY_5
from tests.fixtures.report_form import add_supporting_unit
from tests.fixtures.requests import object_to

pytestmark = pytest.mark.usefixtures("calendar_2013")
UNIT = {("reporter", 0), ("colleague", 0)}
VERDICTS = ["report_verified", "verdict_differs"]


def slow(office):
    office.verify(office.submit(), "slow", note="签到表缺页")


def test_the_unit_hears_once_that_its_report_was_agreed_with_and_has_nothing_to_do(office):
    office.verify(office.submit())
    remind("07-08")
    assert remind("07-09") == 0
    assert [told(event) for event in VERDICTS] == [UNIT, set()]
    [(_, subject, text)] = [mail for mail in deliver("07-09").mails if mail[0] == "reporter"]
    assert subject.endswith("：有 1 件事告诉您")
    assert "【审核通过】2013年度公共服务白皮书 2013年第二季度" in text
    assert "/staff/reports/wp2013-18/2013-2/" in text


def test_the_unit_hears_once_that_the_supervisor_disagrees_and_what_it_may_do(office):
    slow(office)
    remind("07-08")
    assert remind("07-09") == 0
    assert [told(event) for event in VERDICTS] == [set(), UNIT]
    text = deliver("07-09").text_to("reporter")
    assert "【督查核定与自评不一致】" in text
    assert "公布后 30 天内可以申请复核" in text
    assert "签到表缺页" not in text


def test_a_verdict_that_differs_on_one_commitment_is_a_verdict_that_differs(office):
    training = office.white_paper.commitments[1].pk
    office.verify(office.submit(), findings={training: ("partly", "缺页")})
    remind("07-08")
    assert [told(event) for event in VERDICTS] == [set(), UNIT]


def test_every_unit_of_a_joint_item_hears_of_the_verdict(office):
    add_supporting_unit(office)
    office.submit(at=JULY_5.replace(day=12))
    office.verify(office.white_paper.task.reports.get(), "slow", note="少", at=JULY_5)
    remind("07-15")
    assert told("verdict_differs") == UNIT | {("stranger", 0)}


def test_a_unit_without_reporter_and_signer_has_nobody_in_its_place_told_of_a_verdict(office):
    slow(office)
    Membership.objects.filter(role__in=["reporter", "signer"]).update(ended_at=NOW)
    remind("07-08")
    assert told("verdict_differs") == set()


def test_a_published_verdict_that_differs_is_told_at_once_and_before_the_time_to_object_is_over(
    office,
):
    slow(office)
    office.publish()
    remind("07-31")
    assert told("objection_due") == {(name, -30) for name, _ in UNIT}
    assert remind("08-01") == 0
    text = deliver("08-01").text_to("reporter")
    assert "【可以申请复核】" in text
    assert "2013年8月29日申请复核截止" in text
    assert "督查核定推进缓慢，与自评正常推进不一致，不同意的可以申请复核" in text
    remind("08-22")
    assert told("objection_due", offset=-5) == {(name, -5) for name, _ in UNIT}


@pytest.mark.parametrize("day", ["08-06", "08-30"])
def test_nobody_is_told_to_object_who_has_objected_or_may_no_longer(office, day):
    slow(office)
    office.publish()
    if day == "08-06":
        object_to(office)
    remind(day)
    assert told("objection_due") == set()


def test_a_published_verdict_that_agrees_is_nothing_to_object_to(office):
    office.verify(office.submit())
    office.publish()
    remind("07-31")
    assert told("objection_due") == set()
