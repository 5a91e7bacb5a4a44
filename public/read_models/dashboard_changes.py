"""What changed on 总览: states since the quarter before, and revisions since the release."""

from dataclasses import dataclass

from common.not_null import not_null
from common.text.wording import cn_date
from common.ui.chips import Chip
from progress.choices import State
from public.read_models.plan_snapshot import PlanSnapshot, TaskResult
from publishing.models import Publication
from publishing.read_models.public_status import NO_LONGER_ASKED, headline_chip
from tasks.models import Task


@dataclass(frozen=True)
class StateChange:
    """The public state of a task before and now, and the reason."""

    task: Task
    old: Chip
    new: Chip
    publication: Publication
    reason: str


def state_changes(results: list[TaskResult]) -> list[StateChange]:
    """Tasks whose public state differs from the quarter released before."""
    return [
        _state_change(result.previous, result, _reason(result.publication))
        for result in results
        if result.publication and result.previous and result.has_new_state
    ]


def corrections(snapshot: PlanSnapshot, results: list[TaskResult]) -> list[StateChange]:
    """Tasks of which another revision was published since the release of this quarter."""
    return [
        _state_change(before, result, _reason_of_revision(row))
        for result in results
        if (row := result.publication)
        and row.revision > 1
        and (before := snapshot.revision_before(row))
    ]


def _state_change(before: Publication, result: TaskResult, reason: str) -> StateChange:
    """The change, with the year-end conclusion beside the newer state."""
    now = not_null(result.publication)
    new = headline_chip(now, quarter=False, conclusion=result.headline.conclusion)
    return StateChange(now.task, headline_chip(before, quarter=False), new, now, reason)


def _reason(row: Publication) -> str:
    """The reason for the state in its author's words, and that for a later revision."""
    revised = _reason_of_revision(row) if row.revision > 1 else ""
    return "；".join(filter(None, [_reason_of_author(row), revised]))


def _reason_of_author(row: Publication) -> str:
    if row.assessment_pace:
        return f"核查意见：{row.assessment_note}" if row.assessment_note else "核查意见没有写明理由"
    reasons = {
        State.WITHHELD: f"依据：{row.withheld_basis}",
        State.RETURNED: "改好后再公布",
        State.NOT_REPORTED: "",
        State.CLOSED_EARLY: "填报期提前截止",
        State.EXTENDED: f"延期至{cn_date(row.extended_to)}",
    }
    if row.headline in NO_LONGER_ASKED:
        return "经批准调整"
    return reasons.get(State(row.headline), "督查单位还没有核查")


def _reason_of_revision(row: Publication) -> str:
    return f"{row.get_reason_class_display()}：{row.reason}"
