"""No mail stops the run: whatever it holds, it is a letter, an addition or visibly set aside."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from feedback import actions
from feedback.incoming import Fate, receive_mail
from feedback.models import SetAsideMail, Ticket
from tests.fixtures import letters
from tests.fixtures.mail_strategies import mails
from tests.fixtures.people import NOW

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def answered_by_mail(units):
    """A letter one of whose mails the generated ones claim to answer."""
    ticket = letters.received("mailed", contact="c@example.org", reply_by="mail")
    actions.record_sent_mail(ticket=ticket, message_id="<x@y>", at=NOW)
    return ticket


def traces() -> int:
    ticket = Ticket.objects.get(form_token="mailed")
    return Ticket.objects.count() + SetAsideMail.objects.count() + ticket.additions.count()


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=mails)
def test_every_mail_leaves_exactly_one_trace_and_a_second_time_none(answered_by_mail, data):
    with transaction.atomic():
        before = traces()
        received = receive_mail(data, at=NOW)
        assert received.fate != Fate.KNOWN
        assert traces() == before + 1
        assert receive_mail(data, at=NOW).fate == Fate.KNOWN
        assert traces() == before + 1
        transaction.set_rollback(True)
