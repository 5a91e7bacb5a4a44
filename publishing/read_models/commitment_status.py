"""The public state of one commitment, as one chip, from publications alone."""

from collections import defaultdict
from collections.abc import Iterable

from common.text.wording import cn_quarter
from common.ui.chips import Chip, Tone
from progress.choices import Pace
from progress.read_models.chips import pace_chip
from publishing.models import Publication, PublishedFinding
from publishing.read_models.public_status import (
    ASSESSED_VOICE,
    SELF_VOICE,
    WITHOUT_WORDS,
    current_publications,
    headline_chip,
    missing_chip,
)
from tasks.models import Commitment, Plan

NO_STATEMENT = "没有单独说明"

# (publication id, commitment id) -> the published finding.
Findings = dict[tuple[int, int], PublishedFinding]


def commitment_chips(plan: Plan, commitments: list[Commitment]) -> dict[int, Chip]:
    """Maps a commitment id to the chip of its public state. Two queries."""
    tasks = {commitment.task_id for commitment in commitments}
    rows = current_publications(tasks).prefetch_related("findings")
    return commitment_chips_from(plan, commitments, rows)


def commitment_chips_from(
    plan: Plan, commitments: list[Commitment], rows: Iterable[Publication]
) -> dict[int, Chip]:
    """Maps a commitment id to the chip of its public state, without a query.

    `rows` are the tasks' publications, oldest first, with their findings prefetched. The year-end
    conclusion on a task is no word on any one of its commitments: it stands at the task.
    """
    by_task: dict[int, list[Publication]] = defaultdict(list)
    findings: Findings = {}
    for row in rows:
        by_task[row.task_id].append(row)
        findings |= {(row.pk, finding.commitment_id): finding for finding in row.findings.all()}
    return {
        row.pk: _commitment_chip(row, by_task[row.task_id], findings)
        if by_task[row.task_id]
        else missing_chip(plan)
        for row in commitments
    }


def _commitment_chip(commitment: Commitment, rows: list[Publication], findings: Findings) -> Chip:
    """The last published verdict on the commitment, or the reason why there is none.

    `rows`: the publications of its task, at least one.
    """
    latest, verdict = rows[-1], _last_verdict(commitment, rows, findings)
    if verdict and _still_holds(*verdict, latest):
        return finding_chip(*verdict)
    if commitment.quarter and (commitment.year, commitment.quarter) > _quarter_of(latest):
        return Chip("未到期", Tone.QUIET, cn_quarter(commitment.year, commitment.quarter))
    # Without a recent verdict the task's own state counts, where it says why there is none.
    without_verdict = _without_verdict(commitment, rows)
    if without_verdict:
        return headline_chip(without_verdict)
    if verdict:
        return finding_chip(*verdict)
    return Chip(NO_STATEMENT, Tone.QUIET, latest.period.label)


def _last_verdict(
    commitment: Commitment, rows: list[Publication], findings: Findings
) -> tuple[Publication, PublishedFinding] | None:
    for row in reversed(rows):
        if finding := findings.get((row.pk, commitment.pk)):
            return row, finding
    return None


def _still_holds(publication: Publication, finding: PublishedFinding, latest: Publication) -> bool:
    """Whether the verdict is of the latest publication, or will not change any more."""
    return publication is latest or finding.pace == Pace.DONE


def _without_verdict(commitment: Commitment, rows: list[Publication]) -> Publication | None:
    """The latest publication, or that of the commitment's quarter, if it has no verdict at all."""
    due_quarter = (commitment.year, commitment.quarter)
    candidates = [rows[-1], *(row for row in rows if _quarter_of(row) == due_quarter)]
    return next((row for row in candidates if row.headline in WITHOUT_WORDS), None)


def _quarter_of(row: Publication) -> tuple[int, int]:
    return row.period.year, row.period.index


def finding_chip(publication: Publication, finding: PublishedFinding) -> Chip:
    """The chip of one commitment's verdict, with the voice and the period it comes from."""
    voice = ASSESSED_VOICE if finding.assessment_pace else SELF_VOICE
    return pace_chip(
        finding.pace, f"{voice} · {publication.period.label}", demo=publication.demonstration
    )
