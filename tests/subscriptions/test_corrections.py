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


def test_publishers_hear_of_a_proposed_correction_once_with_a_link(office, proposed):
    remind("08-06")
    remind("08-07")
    assert told("correction_proposed") == {("publisher", 0)}
    text = deliver("08-07").text_to("publisher")
    assert "【更正等您发布】" in text
    assert "wp2013-18 全面落实安全生产责任制：请核对后发布" in text
    assert "/staff/requests/" in text


def test_whoever_proposed_a_correction_is_not_reminded_to_publish_it(office, proposed):
    Membership.objects.create(
        user=office.people.reporter, department=office.units["qufuban"], role="publisher"
    )
    remind("08-06")
    assert told("correction_proposed") == {("publisher", 0)}


def test_without_a_publisher_the_supervisors_hear_of_a_proposed_correction(office, proposed):
    Membership.objects.filter(role="publisher").update(ended_at=NOW)
    remind("08-06")
    assert told("correction_proposed") == {("supervisor", 0), ("other_supervisor", 0)}


def test_no_mail_names_a_correction_published_before_it_was_sent(office, proposed):
    remind("08-06")
    publish_correction(request=proposed, by=office.people.publisher, at=AUGUST_5)
    assert deliver("08-06").mails == []


def test_whoever_proposed_a_correction_hears_each_time_it_is_returned(office, proposed):
    for row in (proposed, None):
        row = row or office.propose(narrative="再改")
        return_correction(request=row, reason="看不出", by=office.people.publisher, at=AUGUST_5)
        remind("08-06")
    assert told("correction_returned") == {("reporter", 0)}
    text = deliver("08-06").text_to("reporter")
    assert text.count("请看退回理由") == 2
    assert "看不出" not in text
