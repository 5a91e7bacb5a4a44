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


def test_before_and_after_stand_side_by_side_and_nothing_is_written_yet(supervisor, paper):
    shown = posted(
        supervisor, "target", target=paper.indicator.targets.get(quarter=2).pk, value="3500"
    )
    assert (
        '<td data-label="原定">4000人次</td><td data-label="调整为"><b>3500人次</b></td>' in shown
    )
    assert "依据会议纪要（区政府，2013年6月28日批准）" in shown
    assert "以后报送的数字对照新的目标值" in shown
    assert not ChangeRequest.objects.exists()
    assert not Entry.objects.exists()
    assert paper.indicator.targets.filter(valid_to=None).count() == 2


def test_the_button_of_the_check_writes_what_was_checked(supervisor, paper):
    typed = {"commitment": paper.commitments[0].pk, "due_on": "2014-03-31"}
    shown = posted(supervisor, "date", **typed)
    assert 'type="hidden" name="due_on" value="2014-03-31"' in shown
    assert 'name="make">调整期限</button>' in shown
    posted(supervisor, "date", **typed, make="")
    assert DueChange.objects.get().due_on == date(2014, 3, 31)


def test_one_may_go_back_and_nothing_typed_is_lost(supervisor, paper):
    shown = posted(
        supervisor, "date", commitment=paper.commitments[0].pk, due_on="2014-03-31", edit=""
    )
    assert 'value="2014-03-31" id="id_due_on"' in shown
    assert "场地\n未交付</textarea>" in shown
    assert not ChangeRequest.objects.exists()


def test_what_the_deed_would_refuse_is_said_at_the_check(supervisor, paper, units):
    paper.task.responsibilities.update(kind="lead")
    shown = posted(supervisor, "lead", department=units["anjianju"].pk)
    assert "安监局现在就是牵头单位" in shown
    assert 'name="make"' not in shown


@pytest.mark.parametrize("kind", ["end", "merge", "split"])
def test_an_end_says_who_goes_on_and_what_is_asked_no_more(supervisor, paper, units, kind):
    current_successor = more_tasks(paper, units["jiaoyuju"], 1)[0]
    shown = posted(supervisor, kind, successors=[current_successor.pk])
    assert "以后开始的季度不再要求报送" in shown
    assert ("由第101项（wp2013-101）承接" in shown) == (kind != "end")


def test_a_bad_scan_is_said_where_the_scan_is_asked_for(supervisor, paper):
    shown = posted(supervisor, "end", basis_scan=SimpleUploadedFile("a.pdf", b"MZ"), make="")
    assert "不是可以接收的类型" in shown
    assert 'name="make">终止任务</button>' in shown
    assert not ChangeRequest.objects.exists()
