"""Nothing that was promised changes before the person has read what everybody will read of it."""

from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ledger.models import Entry
from tasks.models import ChangeRequest, DueChange
from tests.fixtures.lists import more_tasks
from tests.fixtures.page_text import source_of

PAGE = "/staff/tasks/wp2013-18/change/"
TYPED = {
    "reason": "场地\n未交付",
    "basis_document": "会议纪要",
    "approving_body": "区政府",
    "approved_on": "2013-06-28",
}


@pytest.fixture
def supervisor(client, people):
    client.force_login(people.supervisor)
    return client


def posted(client, kind: str, **typed) -> str:
    return unescape(source_of(client.post(f"{PAGE}?kind={kind}", TYPED | typed)))


def test_before_and_after_stand_side_by_side_and_nothing_is_written_yet(supervisor, white_paper):
    html = posted(
        supervisor, "target", target=white_paper.indicator.targets.get(quarter=2).pk, value="3500"
    )
    assert '<td data-label="原定">4000人次</td><td data-label="调整为"><b>3500人次</b></td>' in html
    assert "依据会议纪要（区政府，2013年6月28日批准）" in html
    assert "以后报送的数字对照新的目标值" in html
    assert not ChangeRequest.objects.exists()
    assert not Entry.objects.exists()
    assert white_paper.indicator.targets.filter(valid_to=None).count() == 2


def test_the_button_of_the_check_page_makes_the_change_that_was_checked(supervisor, white_paper):
    typed = {"commitment": white_paper.commitments[0].pk, "due_on": "2014-03-31"}
    html = posted(supervisor, "date", **typed)
    assert 'type="hidden" name="due_on" value="2014-03-31"' in html
    assert 'name="make">调整期限</button>' in html
    posted(supervisor, "date", **typed, make="")
    assert DueChange.objects.get().due_on == date(2014, 3, 31)


def test_going_back_from_the_check_of_a_change_keeps_what_was_typed(supervisor, white_paper):
    html = posted(
        supervisor, "date", commitment=white_paper.commitments[0].pk, due_on="2014-03-31", edit=""
    )
    assert 'value="2014-03-31" id="id_due_on"' in html
    assert "场地\n未交付</textarea>" in html
    assert not ChangeRequest.objects.exists()


def test_a_change_the_action_would_refuse_is_refused_at_the_check(supervisor, white_paper, units):
    white_paper.task.responsibilities.update(kind="lead")
    html = posted(supervisor, "lead", department=units["anjianju"].pk)
    assert "安监局现在就是牵头单位" in html
    assert 'name="make"' not in html


@pytest.mark.parametrize("kind", ["end", "merge", "split"])
def test_the_check_of_an_ending_task_says_who_goes_on_and_what_is_asked_no_more(
    supervisor, white_paper, units, kind
):
    current_successor = more_tasks(white_paper, units["jiaoyuju"], 1)[0]
    html = posted(supervisor, kind, successors=[current_successor.pk])
    assert "以后开始的季度不再要求报送" in html
    assert ("由第101项（wp2013-101）承接" in html) == (kind != "end")


def test_a_bad_scan_is_said_where_the_scan_is_asked_for(supervisor, white_paper):
    html = posted(supervisor, "end", basis_scan=SimpleUploadedFile("a.pdf", b"MZ"), make="")
    assert "不是可以接收的类型" in html
    assert 'name="make">终止任务</button>' in html
    assert not ChangeRequest.objects.exists()
