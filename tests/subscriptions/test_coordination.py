"""Who hears of 需协调事项: those who decide, those who carry it out,
and by the day it is due those who see to it.
"""

import pytest

from departments.actions import set_portfolio
from departments.models import Membership
from ledger.actions import Actor
from subscriptions.models import Notice
from tasks.actions.plans import set_section_leaders
from tests.fixtures import coordination as actions
from tests.fixtures.outbox import deliver, remind, told
from tests.fixtures.people import NOW

pytestmark = pytest.mark.usefixtures("calendar_2013")


def test_leaders_hear_of_a_coordination_item_once_and_where_to_find_it(office):
    item = actions.raised(office, text="谁来腾场地")
    remind("07-05")
    remind("07-08")
    assert told("coordination_raised") == {("leader", 0)}
    text = deliver("07-08").text_to("leader")
    assert "wp2013-18 全面落实安全生产责任制：督查室提出" in text
    assert f"/staff/coordination/{item.pk}/" in text
    assert "谁来腾场地" not in text


def another_leader(office):
    user = office.people.publisher
    return Membership.objects.create(user=user, department=office.units["qufuban"], role="leader")


def test_only_the_leader_with_the_unit_in_the_portfolio_hears_of_a_coordination_item(office):
    post = another_leader(office)
    set_portfolio(membership=post, departments=[office.units["anjianju"]], by=Actor(), at=NOW)
    actions.raised(office)
    remind("07-05")
    assert told("coordination_raised") == {("publisher", 0)}


def test_the_leader_with_the_section_in_the_portfolio_hears_of_a_coordination_item(office):
    post = another_leader(office)
    set_section_leaders(section=office.white_paper.section, memberships=[post], by=Actor(), at=NOW)
    actions.raised(office)
    remind("07-05")
    assert told("coordination_raised") == {("publisher", 0)}


def test_without_any_leader_the_supervisors_hear_of_a_coordination_item(office):
    Membership.objects.filter(role="leader").update(ended_at=NOW)
    actions.raised(office)
    remind("07-05")
    assert told("coordination_raised") == {("supervisor", 0), ("other_supervisor", 0)}


def test_the_unit_that_carries_a_decision_out_hears_at_once_and_before_the_due_day(office):
    actions.decide(office, actions.raised(office))
    remind("07-08")
    assert told("coordination_decided") == {("stranger", 0)}
    assert told("coordination_due") == set()
    remind("07-12")
    assert told("coordination_due") == {("stranger", -5)}
    assert "2013年7月19日落实截止，还有 5 个工作日" in deliver("07-12").text_to("stranger")


def test_the_successor_unit_hears_of_decision_instructions_and_due_day(office):
    item = actions.decide(office, actions.raised(office))
    actions.instruct(office, item)
    office.units["jiaoyuju"].successor = office.units["anjianju"]
    office.units["jiaoyuju"].save()
    remind("07-12")
    successor_lookup = {"reporter", "colleague"}
    for event in ("coordination_decided", "instructed", "coordination_due"):
        assert {name for name, _ in told(event)} == successor_lookup, event


def test_supervisors_hear_of_a_coordination_item_once_its_due_day_is_over(office):
    actions.decide(office, actions.raised(office))
    remind("07-22")
    late = {("stranger", 1), ("supervisor", 1), ("other_supervisor", 1)}
    assert told("coordination_due") == late


def test_a_unit_that_reported_on_a_decision_is_not_reminded_any_more(office):
    item = actions.decide(office, actions.raised(office))
    actions.reply(office, item)
    remind("07-18")
    assert told("coordination_due") == set()


def test_each_instruction_is_sent_to_whoever_has_to_act_on_it(office):
    item = actions.raised(office)
    actions.instruct(office, item)
    remind("07-08")
    assert told("instructed") == {("reporter", 0), ("colleague", 0)}
    actions.decide(office, item)
    actions.instruct(office, item, text="抓紧")
    remind("07-09")
    assert ("stranger", 0) in told("instructed")
    assert len(set(Notice.objects.filter(event="instructed").values_list("subject"))) == 2


def test_no_mail_names_a_coordination_item_closed_before_it_was_sent(office):
    item = actions.raised(office)
    remind("07-05")
    actions.close(office, item)
    assert deliver("07-19").text_to("leader") == ""
