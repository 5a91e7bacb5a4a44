"""Why a report is not opened, asked time for or broken down, as page and action say it."""

from datetime import date
from decimal import Decimal

import pytest

from common.errors import Refused
from progress.actions.breakdowns import open_slots, propose_breakdown, return_breakdown
from progress.actions.extensions import refuse_extension, unlock_refusal_reason
from progress.choices import BreakdownState
from progress.models import Breakdown, ExtensionRequest
from progress.requirements.deadlines import deadline_for
from tests.fixtures.lists import end, more_tasks
from tests.fixtures.quarter import JULY_2, JULY_5
from tests.fixtures.requests import ask

JULY_18 = date(2013, 7, 18)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("scheduled", "填报期截止以后才需要单项开放。"),
        ("open", "填报期截止以后才需要单项开放。"),
        ("closed", ""),
        ("released", "公布之后单位可以直接补报，不需要单项开放。"),
    ],
)
def test_the_page_says_when_a_single_report_is_opened_and_when_not(office, state, reason):
    office.period.state = state
    office.period.released_at = JULY_5 if state == "released" else None
    office.period.save()
    deadline = deadline_for(office.white_paper.task, office.period)
    assert unlock_refusal_reason(deadline, None, today=JULY_18) == reason


def test_no_time_is_asked_for_a_report_that_was_submitted(office):
    office.submit()
    with pytest.raises(Refused, match="这一期已经报送过，不需要延期"):
        ask(office)
    assert not ExtensionRequest.objects.exists()


@pytest.mark.parametrize("said", [{"reason": " "}, {"progress_so_far": ""}])
def test_no_time_is_asked_without_a_reason_and_the_progress_so_far(office, said):
    with pytest.raises(Refused, match="请写明延期理由和目前进展"):
        ask(office, **said)
    assert not ExtensionRequest.objects.exists()


def test_no_time_is_asked_by_a_unit_that_is_not_responsible(office):
    with pytest.raises(Refused, match="只有这项任务的责任单位可以申请"):
        ask(office, by="stranger")
    assert not ExtensionRequest.objects.exists()


def test_time_is_not_refused_without_a_reason(office):
    extension = ask(office)
    with pytest.raises(Refused, match="不同意延期请写明理由，申请单位会看到"):
        refuse_extension(extension=extension, note=" ", by=office.people.supervisor, at=JULY_5)
    extension.refresh_from_db()
    assert extension.state == "asked"


def test_a_task_that_ended_before_the_quarter_takes_no_report(office):
    end(office.white_paper.task, on=date(2013, 3, 31))
    with pytest.raises(Refused, match="已经终止、合并或拆分，这一期不再要求报送"):
        office.save()
    assert not office.white_paper.task.reports.exists()


@pytest.fixture
def proposed(office) -> list[Breakdown]:
    """A step that 安监局 proposed for a task without numbers."""
    (task,) = more_tasks(office.white_paper, office.units["anjianju"], 1)
    *_, fourth = open_slots(task)
    arguments = {
        "task": task,
        "department": office.units["anjianju"],
        "nodes": {fourth: "完成选址"},
    }
    return propose_breakdown(**arguments, by=office.people.reporter, at=JULY_2)


def test_a_breakdown_is_not_returned_without_a_reason(office, proposed):
    seen = [row.pk for row in proposed]
    by = {"by": office.people.supervisor, "at": JULY_5}
    with pytest.raises(Refused, match="退回请写明理由，提出单位会看到"):
        return_breakdown(task=proposed[0].task, seen=seen, reason=" ", **by)
    assert Breakdown.objects.get().state == BreakdownState.PROPOSED


def test_a_quarter_whose_value_is_printed_is_not_broken_down(office):
    slot, *_ = open_slots(more_tasks(office.white_paper, office.units["anjianju"], 1)[0])
    arguments = {"department": office.units["anjianju"], "nodes": {slot: Decimal(1)}}
    with pytest.raises(Refused, match="不能再定分解节点"):
        propose_breakdown(
            task=office.white_paper.task, **arguments, by=office.people.reporter, at=JULY_2
        )
    assert not Breakdown.objects.exists()
