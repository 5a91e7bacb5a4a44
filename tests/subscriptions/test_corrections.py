"""A correction calls the publishers, one that came back whoever proposed it,
and each only while it holds.
"""

import pytest

from departments.models import Membership
from publishing.actions.corrections import publish_correction, return_correction
from tests.fixtures.outbox import deliver, remind, told
from tests.fixtures.people import NOW
from tests.fixtures.requests import AUGUST_5


@pytest.fixture
def proposed(office):
    office.verify(office.submit())
    office.publish()
    return office.propose(narrative="改")


def test_publishers_are_told_once_and_led_to_the_room(office, proposed):
    remind("08-06")
    remind("08-07")
    assert told("correction_proposed") == {("publisher", 0)}
    text = deliver("08-07").text_to("publisher")
    assert "【更正等您发布】" in text
    assert "wp2013-18 全面落实安全生产责任制：请核对后发布" in text
    assert "/staff/requests/" in text


def test_who_proposed_it_is_not_called_to_publish_it(office, proposed):
    Membership.objects.create(
        user=office.people.reporter, department=office.units["qufuban"], role="publisher"
    )
    remind("08-06")
    assert told("correction_proposed") == {("publisher", 0)}


def test_without_a_publisher_the_supervisors_are_told(office, proposed):
    Membership.objects.filter(role="publisher").update(ended_at=NOW)
    remind("08-06")
    assert told("correction_proposed") == {("supervisor", 0), ("other_supervisor", 0)}


def test_what_was_published_before_the_mail_went_out_is_not_said(office, proposed):
    remind("08-06")
    publish_correction(request=proposed, by=office.people.publisher, at=AUGUST_5)
    assert deliver("08-06").mails == []


def test_sent_back_it_is_told_to_whoever_proposed_it_each_time(office, proposed):
    for row in (proposed, None):
        row = row or office.propose(narrative="再改")
        return_correction(request=row, reason="看不出", by=office.people.publisher, at=AUGUST_5)
        remind("08-06")
    assert told("correction_returned") == {("reporter", 0)}
    text = deliver("08-06").text_to("reporter")
    assert text.count("请看退回理由") == 2
    assert "看不出" not in text
