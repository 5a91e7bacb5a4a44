"""A task with a day of its own: reminded by that day, and the old day is forgotten."""

import pytest

from progress.actions.extensions import grant_extension
from subscriptions.models import Notice
from tests.fixtures.outbox import deliver, remind, told
from tests.fixtures.quarter import moment
from tests.fixtures.requests import JULY_19, ask, unlock

pytestmark = pytest.mark.usefixtures("calendar_2013")


@pytest.fixture
def extended(office):
    """From Friday 12 July to Friday 19 July, a working week later."""
    request = ask(office, at=moment("2013-07-11T09:00:00"))
    by, at = office.people.supervisor, moment("2013-07-11T10:00:00")
    grant_extension(extension=request, until=JULY_19, note="", by=by, at=at)
    return office


def own_day() -> set[str]:
    return set(Notice.objects.filter(event="report_due").values_list("subject", flat=True))


def test_an_extension_moves_the_reminders(extended):
    remind("07-11")
    assert told("report_due") == set()
    remind("07-12")
    remind("07-18")
    assert told("report_due", recipient=extended.people.reporter) == {
        ("reporter", -5),
        ("reporter", -1),
    }
    assert own_day() == {"wp2013-18:2013-2@20130719"}


def test_an_extension_drops_reminders_of_the_old_day_and_names_the_new_one(office, request):
    remind("07-10")
    request.getfixturevalue("extended")
    assert "请报送进展" not in deliver("07-11").text_to("reporter")
    remind("07-16")
    assert "2013年7月19日报送截止，还有 3 个工作日" in deliver("07-16").text_to("reporter")


def test_a_closed_quarter_still_asks_for_what_may_be_filed_in_granted_time(extended):
    extended.period.state = "closed"
    extended.period.save()
    remind("07-18")
    assert ("reporter", -1) in told("report_due")


def test_an_unlocked_report_is_due_when_its_unlock_ends(office):
    office.period.state = "closed"
    office.period.save()
    again = unlock(office, at=moment("2013-07-16T10:00:00"))
    day = again.expires_on
    remind(f"{day:%m-%d}")
    assert told("report_due", offset=0) == {("reporter", 0), ("colleague", 0)}
    assert own_day() == {f"wp2013-18:2013-2@{day:%Y%m%d}"}
