"""Reviews of published progress (进展不实): a letter calls a published line untrue, somebody who
did not assess it looks again and publishes the outcome.
"""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import User
from departments.roles import Role
from feedback.actions.desk import privacy_problems
from feedback.actions.steps import apply_transition, build_step, check_not_about_own_unit, lock
from feedback.choices import ReviewOutcome
from feedback.models import Ticket
from feedback.roles import DESK
from ledger.actions import LedgerEvent, append
from progress.actions.locks import period_subject
from progress.models import Assessment
from publishing.actions.objections import DECIDING
from publishing.models import Publication
from tasks.recusal import check_not_recused


@transaction.atomic
def dispute(*, ticket: Ticket, publication: Publication, by: User, at: datetime) -> Ticket:
    """Asks the supervisors to review a published line that the letter calls untrue, once for each
    letter.

    The letter itself goes on. The review is due after as many days as for a unit's own objection.

    Raises Refused when a review was asked for before, when the publication is not a current one of
    the letter's task, when the letter is in no such status, or when the letter is about a unit of
    `by`.
    """
    ticket = lock(ticket, "dispute")
    check_not_about_own_unit(ticket, by)
    if ticket.disputed_id:
        raise Refused("这件诉求已经提请核实。")
    current = ticket.task.publications.current() if ticket.task else Publication.objects.none()
    if not current.filter(pk=publication.pk).exists():
        raise Refused("请选择这项任务现行的公布版本。")
    ticket.disputed, ticket.review_by = publication, local_day(at) + DECIDING
    period = publication.period
    facts = {"period": period_subject(period), "revision": publication.revision}
    note = f"反映{period.label}公布的进展不实，由督查部门核实"
    return apply_transition(
        ticket, "dispute", facts, note, by=by.actor(*DESK), at=at, due_on=ticket.review_by
    )


@transaction.atomic
def decide_review(*, ticket: Ticket, outcome: str, note: str, by: User, at: datetime) -> Ticket:
    """Publishes the outcome of the review, once. A published line is put right by a correction, not
    here.

    `outcome`: a `ReviewOutcome`.

    Raises Refused when no review is open, when outcome or reason is missing, when the reason holds
    personal data, when `by` assessed the report or belongs to a responsible unit, or when the
    letter is about a unit of `by`.
    """
    ticket = lock(ticket, "decide_review")
    check_not_about_own_unit(ticket, by)
    disputed = ticket.disputed
    if disputed is None or not ticket.awaits_review:
        raise Refused("这件诉求没有等着核实的进展。")
    if reasons := _decision_obstacles(ticket, disputed, outcome, note, by):
        raise Refused(*reasons)
    check_not_recused(disputed.task, by, "核实")
    ticket.review_outcome, ticket.review_note, ticket.reviewed_at = outcome, note.strip(), at
    ticket.save()
    actor, facts = by.actor(Role.SUPERVISOR), {"found": outcome, "reason": digest(note)}
    public_note = f"{ticket.get_review_outcome_display()}。{ticket.review_note}"
    step = build_step(ticket, "decide_review", facts, public_note, by=actor, at=at)
    append([step, _public_event(ticket, disputed)], by=actor, at=at)
    return ticket


def _decision_obstacles(
    ticket: Ticket, disputed: Publication, outcome: str, note: str, by: User
) -> list[str]:
    if outcome not in ReviewOutcome.values or not note.strip():
        return ["请选择核实结论，并写明理由；结论和理由会公开。"]
    report = disputed.report_id
    if report and Assessment.objects.filter(report=report, assessed_by=by).exists():
        return ["您核定过这份填报，请由另一位督查员核实。"]
    return privacy_problems(ticket, note)


def _public_event(ticket: Ticket, disputed: Publication) -> LedgerEvent:
    """The ledger event about the task, not about the letter:
    whether that one is public is for its writer to say.
    """
    facts = {
        "period": period_subject(disputed.period),
        "revision": disputed.revision,
        "found": ticket.review_outcome,
        "demonstration": ticket.demonstration,
    }
    return LedgerEvent("review_published", "task", disputed.task.code, facts)
