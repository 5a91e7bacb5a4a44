"""进展不实: a letter calls a published line untrue; whoever did not assess it looks again, and says so in public."""

from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.text.canonical import digest
from common.time.days import local_day
from departments.models import Role, User
from feedback.actions.desk import still_private
from feedback.actions.steps import locked, move, not_about_own_unit, stepped
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
    """By the desk, once: the letter itself goes its way, and the supervisors have one thing more to answer.

    They have the days that a unit's own objection gives them.
    """
    ticket = locked(ticket, "dispute")
    not_about_own_unit(ticket, by)
    if ticket.disputed_id:
        raise Refused("这件诉求已经提请核实。")
    if ticket.task_id is None or not ticket.task.publications.current().filter(pk=publication.pk).exists():
        raise Refused("请选择这项任务现行的公布版本。")
    ticket.disputed, ticket.review_by = publication, local_day(at) + DECIDING
    period = publication.period
    facts = {"period": period_subject(period), "revision": publication.revision}
    note = f"反映{period.label}公布的进展不实，由督查部门核实"
    return move(ticket, "dispute", facts, note, by=by.actor(*DESK), at=at, due_on=ticket.review_by)


@transaction.atomic
def decide_review(*, ticket: Ticket, outcome: str, note: str, by: User, at: datetime) -> Ticket:
    """True, partly or untrue, once. What was published is put right by a correction, and not here."""
    ticket = locked(ticket, "decide_review")
    not_about_own_unit(ticket, by)
    if reasons := _why_no_decision(ticket, outcome, note, by):
        raise Refused(*reasons)
    check_not_recused(ticket.task, by, "核实")
    ticket.review_outcome, ticket.review_note, ticket.reviewed_at = outcome, note.strip(), at
    ticket.save()
    told, actor = f"{ticket.get_review_outcome_display()}。{ticket.review_note}", by.actor(Role.SUPERVISOR)
    events = [stepped(ticket, "decide_review", {"found": outcome, "reason": digest(note)}, told, by=actor, at=at)]
    append([*events, _public_event(ticket)], by=actor, at=at)
    return ticket


def _why_no_decision(ticket: Ticket, outcome: str, note: str, by: User) -> list[str]:
    if not ticket.awaits_review:
        return ["这件诉求没有等着核实的进展。"]
    if outcome not in ReviewOutcome.values or not note.strip():
        return ["请选择核实结论，并写明理由；结论和理由会公开。"]
    report = ticket.disputed.report_id
    if report and Assessment.objects.filter(report=report, assessed_by=by).exists():
        return ["您核定过这份填报，请由另一位督查员核实。"]
    return still_private(ticket, note)


def _public_event(ticket: Ticket) -> LedgerEvent:
    """About the task and not about the letter: whether that one is public is its writer's to say."""
    row = ticket.disputed
    facts = {"period": period_subject(row.period), "revision": row.revision, "found": ticket.review_outcome}
    return LedgerEvent("review_published", "task", ticket.task.code, facts | {"demonstration": ticket.demonstration})
