"""调整: what was promised changes by a paper only,
and what was first promised stays in sight beside what holds now.
"""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from common.errors import Refused
from common.files.uploads import check
from departments.models import Role
from ledger.models import Entry
from progress.models import ReportingPeriod
from progress.requirements.items import split_commitments
from progress.requirements.loading import requirements_for
from publishing.drafts import draft_of
from publishing.models import Publication
from tasks.actions import changes
from tasks.actions.changes import Ground
from tasks.actions.responsibilities import designate
from tasks.models import ChangeRequest, DueChange, Responsibility, Task
from tests.fixtures.faults import tried
from tests.fixtures.lists import PDF, more_tasks
from tests.fixtures.people import NOW
from tests.fixtures.quarter import JULY_2, JULY_30
from workspace.read_models.queues import unfinished

GROUND = Ground("培训对象减少", "会议纪要", "区政府常务会议", date(2013, 6, 28))
TASK, PAGE = "/tasks/wp2013-18/", "/staff/tasks/wp2013-18/change/"


@pytest.fixture
def by(people):
    return people.supervisor.actor(Role.SUPERVISOR)


@pytest.fixture
def told(by):
    return {"ground": GROUND, "by": by, "at": NOW}


def facts() -> dict:
    return json.loads(Entry.objects.public().order_by("-seq").first().payload)["facts"]


def seen(client) -> list[str]:
    """The task's page, its history, the interface and the file:
    wherever a stranger reads about it.
    """
    book = load_workbook(BytesIO(b"".join(client.get("/tasks/export.xlsx").streaming_content)))
    file = "".join(
        str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row
    )
    pages = [client.get(address).content.decode() for address in (TASK, f"{TASK}history/")]
    return [*pages, json.dumps(client.get(f"/api/v1{TASK}").json(), ensure_ascii=False), file]


def test_a_changed_target_keeps_the_original_beside_it(white_paper, told):
    old = white_paper.indicator.targets.get(quarter=2)
    new = changes.change_target(target=old, value=Decimal(3500), value_max=None, **told)
    old.refresh_from_db()
    assert (old.value, old.quote, old.valid_to) == (Decimal(4000), "4000人次以上", date(2013, 7, 2))
    assert (new.value, new.quote, new.valid_from) == (Decimal(3500), "", date(2013, 7, 2))
    assert (new.commitment, new.quarter, new.derived) == (old.commitment, 2, False)
    assert new.change_request == ChangeRequest.objects.get(kind="target", basis_document="会议纪要")
    assert (facts()["value"], facts()["quarter"]) == (["4000", "3500"], 2)
    assert "value_max" not in facts()


def test_a_target_is_changed_once_and_its_successor_next(white_paper, told):
    old = white_paper.indicator.targets.get(quarter=2)
    new = changes.change_target(target=old, value=Decimal(3500), value_max=None, **told)
    with pytest.raises(Refused, match="已经调整过"):
        changes.change_target(target=old, value=Decimal(3600), value_max=None, **told)
    with pytest.raises(Refused, match="和现在的一样"):
        changes.change_target(target=new, value=Decimal(3500), value_max=None, **told)
    changes.change_target(target=new, value=Decimal(3600), value_max=None, **told)
    assert white_paper.indicator.targets.in_force().get(quarter=2).value == Decimal(3600)


def test_a_change_that_is_not_approved_yet_is_refused(white_paper, told):
    told["ground"] = Ground("理由", "文件", "区政府", date(2013, 7, 3))
    with pytest.raises(Refused, match="不能晚于今天"):
        changes.change_due(commitment=white_paper.commitments[0], due_on=date(2014, 6, 30), **told)
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(("number", "first"), [(0, "2013年12月31日"), (1, "2013年6月30日")])
def test_both_days_of_a_moved_promise_stay_in_sight(white_paper, told, client, number, first):
    changes.change_due(
        commitment=white_paper.commitments[number], due_on=date(2013, 10, 31), **told
    )
    changes.change_due(
        commitment=white_paper.commitments[number], due_on=date(2013, 11, 30), **told
    )
    for page in seen(client):
        assert first in page
        assert "2013年10月31日" in page
        assert "2013年11月30日" in page
        assert "会议纪要" in page
    assert facts()["due_on"] == ["2013-10-31", "2013-11-30"]
    assert (
        f"原定{first}，2013年7月2日起调整为2013年10月31日，依据会议纪要"
        in client.get(TASK).content.decode()
    )


def test_quarters_ask_for_a_promise_by_its_new_due_day(white_paper, told, office):
    training = white_paper.commitments[1]
    changes.change_due(commitment=training, due_on=date(2013, 9, 30), **told)
    third = ReportingPeriod(plan=white_paper.plan, year=2013, index=3)
    asked, _ = split_commitments(white_paper.task, office.period, set())
    assert [(q.commitment.pk, q.due) for q in asked if q.commitment == training] == [
        (training.pk, False)
    ]
    later, _ = split_commitments(white_paper.task, third, set())
    assert [(q.commitment.pk, q.due) for q in later] == [(training.pk, True)]
    assert draft_of(white_paper.task, office.period, at=JULY_30).publication.timing == ""


def test_an_approved_change_replaces_a_printed_lead_and_a_designation_does_not(
    white_paper, told, units, by, client
):
    white_paper.task.responsibilities.update(kind="lead")
    with pytest.raises(Refused, match="请先办理调整"):
        designate(task=white_paper.task, department=units["jiaoyuju"], kind="lead", by=by, at=NOW)
    made = changes.change_lead(task=white_paper.task, department=units["jiaoyuju"], **told)
    assert (made.basis, made.source, made.change_request.kind) == ("published", "会议纪要", "lead")
    old = white_paper.task.responsibilities.get(department=units["anjianju"])
    assert (old.kind, old.basis, old.valid_to) == ("lead", "published", date(2013, 7, 2))
    for page in seen(client):
        assert "安监局" in page
        assert "教育局" in page
    assert "牵头单位原定安监局，2013年7月2日起调整为教育局" in client.get(TASK).content.decode()
    with pytest.raises(Refused, match="现在就是牵头单位"):
        changes.change_lead(task=white_paper.task, department=units["jiaoyuju"], **told)


def test_a_lead_nobody_confirmed_is_not_named_afterwards_either(
    white_paper, told, units, client, settings
):
    settings.DEMO = False
    Responsibility.objects.update(kind="lead", basis="proposed")
    changes.change_lead(task=white_paper.task, department=units["jiaoyuju"], **told)
    assert [page for page in seen(client) if "安监局" in page] == []


@pytest.fixture
def second(white_paper, units) -> Task:
    return more_tasks(white_paper, units["anjianju"], 1)[0]


def end(task, told, kind="end", successors=()) -> ChangeRequest:
    return changes.change_task(task=task, kind=kind, successors=successors, **told)


@pytest.mark.parametrize(
    ("kind", "successors", "says"),
    [("end", 1, "终止没有承接"), ("merge", 0, "请选择承接"), ("split", 0, "请选择承接")],
)
def test_merged_and_split_tasks_name_a_successor_and_an_ended_one_has_none(
    white_paper, told, second, kind, successors, says
):
    with pytest.raises(Refused, match=says):
        end(white_paper.task, told, kind, [second][:successors])


def test_a_task_is_merged_into_one_other_and_never_into_itself(white_paper, told, second):
    with pytest.raises(Refused, match="只选一项"):
        end(white_paper.task, told, "merge", [second, white_paper.task])
    with pytest.raises(Refused, match="不能是这项任务自己"):
        end(white_paper.task, told, "merge", [white_paper.task])


CHANGES = {
    "target": lambda white_paper, second, units, told: changes.change_target(
        target=white_paper.indicator.targets.get(quarter=2),
        value=Decimal(3500),
        value_max=None,
        **told,
    ),
    "date": lambda white_paper, second, units, told: changes.change_due(
        commitment=white_paper.commitments[0], due_on=date(2014, 1, 1), **told
    ),
    "lead": lambda white_paper, second, units, told: changes.change_lead(
        task=white_paper.task, department=units["jiaoyuju"], **told
    ),
    "end": lambda white_paper, second, units, told: end(white_paper.task, told),
    "merge": lambda white_paper, second, units, told: end(
        white_paper.task, told, "merge", [second]
    ),
    "split": lambda white_paper, second, units, told: end(
        white_paper.task, told, "split", [second]
    ),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("closed_by", [None, "end", "merge", "split"])
def test_a_task_is_not_changed_any_more_after_its_end(
    white_paper, second, units, told, closed_by, change
):
    if closed_by:
        CHANGES[closed_by](white_paper, second, units, told)
    assert tried(lambda: CHANGES[change](white_paper, second, units, told)) == (closed_by is None)


def test_the_database_closes_a_task_once(white_paper, told):
    end(white_paper.task, told)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.create(
            task=white_paper.task,
            kind="merge",
            reason="r",
            basis_document="d",
            approving_body="b",
            approved_on=NOW.date(),
        )


def test_the_page_says_at_its_top_that_the_task_ended_and_who_goes_on(
    white_paper, told, second, client
):
    end(white_paper.task, told, "merge", [second])
    page = client.get(TASK).content.decode()
    assert page.index("2013年6月28日合并，由第101项（wp2013-101）承接，依据会议纪要") < page.index(
        "承诺原文"
    )
    assert f'<a href="/tasks/{second.code}/">' in page
    assert facts()["successors"] == "wp2013-101"
    assert client.get(f"/api/v1{TASK}").json()["changes"][0]["successors"] == ["wp2013-101"]


def test_the_quarter_that_had_begun_is_still_asked_for(white_paper, told, office):
    end(white_paper.task, told)
    assert requirements_for(white_paper.task, office.period).closing is None
    office.publish()
    assert Publication.objects.get().headline == "not_reported"


@pytest.mark.parametrize(("kind", "headline"), [("end", "ended"), ("split", "succeeded")])
def test_later_quarters_ask_nothing_and_never_say_not_reported(
    white_paper, told, office, second, client, kind, headline
):
    told["ground"] = Ground("改址", "会议纪要", "区政府", date(2013, 3, 31))
    end(white_paper.task, told, kind, [second] if kind == "split" else [])
    with pytest.raises(Refused, match="不再要求报送"):
        office.save()
    assert [task.code for task, _ in unfinished(office.people.reporter, JULY_2.date())] == [
        "wp2013-101"
    ]
    office.publish()
    row = Publication.objects.get(task=white_paper.task)
    assert (row.headline, row.reporting, row.timing) == (headline, "not_asked", "")
    bulletin = client.get("/quarters/2013-2/").content.decode()
    assert "不再要求报送" in bulletin
    assert "不再要求报送" in client.get(TASK).content.decode()


def test_a_report_filed_before_the_end_of_its_task_was_known_is_published_as_filed(
    white_paper, told, office
):
    office.submit()
    told["ground"] = Ground("改址", "会议纪要", "区政府", date(2013, 3, 31))
    end(white_paper.task, told)
    office.publish()
    assert Publication.objects.get().headline == "on_course"


TYPED = {
    "reason": "理由",
    "basis_document": "会议纪要",
    "approving_body": "区政府",
    "approved_on": "2013-06-28",
}


def test_through_the_page_a_kind_is_chosen_and_the_change_made_with_its_scan(
    white_paper, people, client
):
    client.force_login(people.supervisor)
    assert "?kind=target" in client.get(PAGE).content.decode()
    typed = TYPED | {"commitment": white_paper.commitments[0].pk, "due_on": "2014-03-31"}
    scan = SimpleUploadedFile("纪要.pdf", PDF)
    assert (
        client.post(f"{PAGE}?kind=date", typed | {"basis_scan": scan, "make": ""}).status_code
        == 302
    )
    assert DueChange.objects.get().due_on == date(2014, 3, 31)
    assert "纪要.pdf" in client.get("/staff/changes/").content.decode()
    request = ChangeRequest.objects.get()
    answer = client.get(f"/staff/changes/{request.pk}/paper/")
    assert b"".join(answer.streaming_content) == PDF
    assert request.basis_scan_sha256 == check(SimpleUploadedFile("纪要.pdf", PDF)).sha256
    client.logout()
    assert client.get(f"/staff/changes/{request.pk}/paper/").status_code == 302
    assert "纪要.pdf" not in client.get(TASK).content.decode()


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("end", {"approved_on": "2999-01-01"}, "批准日期不能晚于今天。"),
        ("end", {"reason": ""}, "请写明调整理由。"),
        ("end", {"basis_scan": SimpleUploadedFile("a.pdf", b"MZ")}, "不是可以接收的类型"),
        ("split", {}, "请选择承接的任务。"),
        ("target", {"value": "很多"}, "请填写数字"),
        ("lead", {}, "请选择。"),
    ],
)
def test_the_form_of_a_change_says_what_is_wrong_and_keeps_what_was_typed(
    white_paper, people, client, kind, typed, says
):
    client.force_login(people.supervisor)
    page = client.post(f"{PAGE}?kind={kind}", TYPED | typed).content.decode()
    assert says in page
    assert 'value="会议纪要"' in page
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize("kind", ["target", "lead", "merge", "split", "end"])
def test_every_kind_of_change_has_its_form(white_paper, people, units, client, second, kind):
    client.force_login(people.supervisor)
    more = {
        "target": white_paper.indicator.targets.get(quarter=2).pk,
        "value": "3500",
        "department": units["jiaoyuju"].pk,
    }
    typed = TYPED | more | {"successors": [second.pk], "make": ""}
    assert client.post(f"{PAGE}?kind={kind}", typed).status_code == 302
    assert ChangeRequest.objects.get().kind == kind
