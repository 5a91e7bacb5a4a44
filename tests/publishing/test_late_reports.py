"""可以补报: what was published without a word stays in sight of its unit, after what is due,
and is said once.
"""

import re

import pytest

from subscriptions.models import Notice
from tests.fixtures.lists import more_tasks
from tests.fixtures.outbox import deliver, remind, told
from tests.fixtures.page_text import source_of
from tests.fixtures.quarter import JULY_30, moment
from tests.fixtures.report_form import FORM
from workspace.read_models.queues import late_quarters

pytestmark = pytest.mark.both

AUGUST_1 = moment("2013-08-01T08:00:00").date()


@pytest.fixture
def silent(office):
    """Published without a report."""
    office.publish()
    return office


def main_of(client) -> str:
    return source_of(client.get("/staff/")).split("<main", 1)[1].split("</main>")[0]


def test_a_report_that_can_be_filed_late_is_one_click_from_the_workspace(client, silent):
    client.force_login(silent.people.reporter)
    late = main_of(client).split("<h2>可以补报</h2>")[1]
    assert f'href="{FORM}"' in late
    assert "不限期" in late
    assert "已过期限" not in late


def test_a_report_that_can_be_filed_late_stands_after_what_is_due(client, silent):
    another = more_tasks(silent.white_paper, silent.units["anjianju"], 1)[0]
    open_again = silent.period.__class__.objects.get()
    open_again.pk, open_again.index, open_again.state, open_again.released_at = (
        None,
        3,
        "open",
        None,
    )
    open_again.save(force_insert=True)
    client.force_login(silent.people.reporter)
    shown = main_of(client)
    assert shown.index(another.title) < shown.index("<h2>可以补报</h2>")


def test_many_late_reports_of_a_quarter_are_one_line_that_leads_to_their_list(client, office):
    more_tasks(office.white_paper, office.units["anjianju"], 2)
    office.publish()
    line = late_quarters(office.people.reporter, AUGUST_1)[0]
    assert (len(line.tasks), line.url) == (3, "/staff/reports/#late")
    client.force_login(office.people.reporter)
    assert re.search(r"> ?3 项任务 ?</a>", main_of(client))
    assert 'id="late"' in client.get("/staff/reports/").content.decode()


def test_a_late_report_once_begun_is_a_work_item_like_any_other(silent):
    silent.save(at=JULY_30)
    assert late_quarters(silent.people.reporter, AUGUST_1) == []


def test_only_the_responsible_unit_sees_a_report_that_can_be_filed_late(silent):
    people = silent.people
    others = [people.stranger, people.supervisor, people.publisher, people.leader]
    assert [late_quarters(person, AUGUST_1) for person in others] == [[]] * 4


def test_the_reminder_to_file_late_is_sent_once_after_the_release(silent):
    remind("08-01")
    assert told("file_late") == {("reporter", 0), ("colleague", 0)}
    text = deliver("08-01").text_to("reporter")
    assert "【可以补报】2013年度公共服务白皮书 2013年第二季度" in text
    assert "1 项公布时没有报送：wp2013-18" in text
    assert "/staff/reports/#late" in text
    assert [remind(day) for day in ("08-01", "08-02", "09-02")] == [0, 0, 0]


def test_one_reminder_to_file_late_covers_the_whole_quarter(office):
    more_tasks(office.white_paper, office.units["anjianju"], 2)
    office.publish()
    remind("08-01")
    assert Notice.objects.filter(event="file_late", recipient=office.people.reporter).count() == 1


def test_no_reminder_to_file_late_is_sent_once_the_report_is_filed(silent):
    remind("08-01")
    silent.save(at=JULY_30)
    assert deliver("08-01").mails == []
    assert set(Notice.objects.values_list("state", flat=True)) == {"settled"}
