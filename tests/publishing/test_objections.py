"""Another look at a published verdict: asked by the unit in time,
given by somebody who did not judge before.
"""

import json
from datetime import date

import pytest

from common.errors import Refused
from departments.models import Department, Membership, Role, User
from ledger.models import Entry
from publishing.actions.objections import decide_objection
from publishing.models import Objection, Publication
from tasks.models import Responsibility
from tests.fixtures.quarter import JULY_30, moment
from tests.fixtures.requests import AUGUST_5, object_to

AUGUST_20 = moment("2013-08-20T10:00:00")


@pytest.fixture
def judged(office):
    """Filed as on course, found to be slow by the supervisor, released on 30 July."""
    office.verify(office.submit(), "slow", note="抽查两处，记录不全。")
    office.publish(at=JULY_30)
    return office


@pytest.fixture
def decide(judged):
    def action(
        objection, outcome="upheld", *, decision="复查属实", by="other_supervisor", at=AUGUST_20
    ):
        by = User.objects.get(username=by)
        return decide_objection(
            objection=objection, outcome=outcome, decision=decision, by=by, at=at
        )

    return action


def correct(office, publication: Publication) -> Publication:
    return office.correct(
        publication, reason_class="data", reason="错", assessment_pace="on_course", at=AUGUST_5
    )


def test_an_objection_to_a_publication_is_to_be_decided_within_thirty_days(judged):
    objection = object_to(judged)
    assert (objection.state, objection.department.short_name) == ("filed", "安监局")
    assert objection.decide_by == date(2013, 9, 4)


def test_an_objection_may_be_filed_on_the_thirtieth_day_and_not_on_the_next(judged):
    with pytest.raises(Refused, match="2013年8月29日为止"):
        object_to(judged, at=moment("2013-08-30T00:00:00"))
    assert object_to(judged, at=moment("2013-08-29T23:59:59")).pk


def test_only_one_objection_waits_at_a_time(judged, decide):
    objection = object_to(judged)
    with pytest.raises(Refused, match="请等结论"):
        object_to(judged)
    decide(objection, "rejected")
    assert object_to(judged).state == "filed"


def test_a_signer_may_file_an_objection_and_another_unit_may_not(judged):
    with pytest.raises(Refused, match="责任单位"):
        object_to(judged, by="stranger")
    assert object_to(judged, by="colleague").pk


def test_a_line_without_a_verdict_has_nothing_to_look_at_again(office):
    office.submit()
    office.publish()
    with pytest.raises(Refused, match="没有督查核定"):
        object_to(office)


def test_an_objection_is_to_the_current_revision_which_opens_its_own_days(judged):
    first = Publication.objects.get()
    second = correct(judged, first)
    with pytest.raises(Refused, match="已被更新"):
        object_to(judged, first)
    assert object_to(judged, second, at=moment("2013-09-04T23:59:59")).publication == second


def test_an_objection_is_not_filed_without_a_reason(judged):
    with pytest.raises(Refused, match="请写明申请复核的理由"):
        object_to(judged, text=" \n")


@pytest.mark.parametrize("outcome", ["upheld", "partly", "rejected"])
def test_an_objection_is_decided_once_and_keeps_both_texts(outcome, judged, decide):
    objection = object_to(judged)
    decide(objection, outcome)
    with pytest.raises(Refused, match="已有结论"):
        decide(objection, "rejected")
    row = Objection.objects.get()
    assert (row.state, row.text, row.decision) == (outcome, "抽查的两处不属于本项", "复查属实")


@pytest.mark.parametrize("outcome", ["filed", "", "x"])
def test_the_decision_on_an_objection_is_one_of_three_outcomes(outcome, judged, decide):
    with pytest.raises(Refused, match="请选择复核结论"):
        decide(object_to(judged), outcome)


def test_the_decision_on_an_objection_needs_a_reason(judged, decide):
    with pytest.raises(Refused, match="请写明复核意见"):
        decide(object_to(judged), decision=" ")


def test_whoever_assessed_a_report_does_not_decide_on_its_objection(judged, decide):
    with pytest.raises(Refused, match="由另一位督查员作出"):
        decide(object_to(judged), by="supervisor")
    assert Objection.objects.get().state == "filed"


def test_a_supervisor_of_the_successor_unit_does_not_decide_on_its_objection(judged, decide):
    judged.units["anjianju"].successor = judged.units["jianchaju"]
    judged.units["anjianju"].save()
    with pytest.raises(Refused, match="按回避规定由其他单位的督查员复核"):
        decide(object_to(judged))


def test_the_decision_on_an_objection_changes_nothing_that_is_published(judged, decide):
    before = Publication.objects.values().get()
    decide(object_to(judged))
    assert Publication.objects.values().get() == before


def test_an_objection_can_still_be_decided_when_its_line_was_corrected_meanwhile(judged, decide):
    objection = object_to(judged)
    correct(judged, Publication.objects.get())
    assert decide(objection).state == "upheld"


def test_the_public_ledger_has_both_steps_of_an_objection_and_none_of_its_words(judged, decide):
    decide(object_to(judged), "partly")
    entries = Entry.objects.filter(verb__endswith="objection").order_by("seq")
    assert [(row.verb, row.visibility, row.subject_id) for row in entries] == [
        ("file_objection", "public", "wp2013-18"),
        ("decide_objection", "public", "wp2013-18"),
    ]
    facts = json.loads(entries[1].payload)["facts"]
    assert facts == {
        "period": "wp2013:2013-2",
        "revision": 1,
        "outcome": "partly",
        "demonstration": False,
    }
    assert not any(words in row.payload for row in entries for words in ("抽查", "复查"))
    assert entries[0].actor_unit == "安监局"


def test_a_unit_nobody_confirmed_is_not_named_by_its_objection(judged):
    Responsibility.objects.update(basis="proposed")
    object_to(judged)
    assert Entry.objects.get(verb="file_objection").actor_unit == ""


def test_related_units_are_found_over_any_number_of_mergers_and_in_circles(
    units, django_assert_num_queries
):
    """A and B were merged into C, C into D; E stands apart;
    a mistake that points back does no harm.
    """
    a, b, c, d, apart = (
        units[slug] for slug in ("chengguanju", "jiaoyuju", "anjianju", "duchashi", "qufuban")
    )
    for unit, successor in ((a, c), (b, c), (c, d)):
        unit.successor = successor
        unit.save()
    merged = {a.pk, b.pk, c.pk, d.pk}
    with django_assert_num_queries(1):
        assert Department.objects.related_to({a.pk}) == merged
    assert [Department.objects.related_to({unit.pk}) for unit in (b, c, d)] == [merged] * 3
    assert Department.objects.related_to({apart.pk}) == {apart.pk}
    Department.objects.filter(pk=d.pk).update(successor=a)
    assert Department.objects.related_to({c.pk}) == merged


def test_a_person_without_a_post_has_no_related_units(units):
    assert Department.objects.related_to(set()) == set()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_supervisor_at_the_end_of_a_chain_of_mergers_does_not_judge(steps, office):
    """安监局 became one unit after another; a supervisor sits in the last."""
    unit = office.units["anjianju"]
    for number in range(steps):
        following = Department.objects.create(
            slug=f"next{number}",
            short_name=f"第{number}局",
            full_name="x",
            level="district",
            name_basis="inferred",
        )
        Department.objects.filter(pk=unit.pk).update(successor=following)
        unit = following
    Membership.objects.create(user=office.people.supervisor, department=unit, role=Role.SUPERVISOR)
    office.people.supervisor = User.objects.get(username="supervisor")
    with pytest.raises(Refused, match="回避"):
        office.verify(office.submit())
