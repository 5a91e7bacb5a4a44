"""What the public may not read for now, or no longer: the line stays, is counted, and names the law."""

from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from departments.models import Role, User
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, locked_period, period_subject
from progress.choices import PeriodState
from publishing.actions.releases import check_review_day
from publishing.actions.revisions import current_line, mark_released, newest_line, succeed
from publishing.choices import ClearanceDecision, ReasonClass, ReleaseState
from publishing.drafts import draft_of
from publishing.models import Clearance, Publication
from publishing.rules.citations import citation_refusal_reason


@transaction.atomic
def lift_withholding(*, clearance: Clearance, reason: str, by: User, at: datetime) -> Publication:
    """Publishes a withheld line after all, from its report as it stands, as the next revision."""
    clearance = _in_force(clearance)
    if not reason.strip():
        raise Refused("请写明解除暂不公开的理由，会随这一版公布。")
    period = locked_period(clearance.release.period, PeriodState.RELEASED)
    before = current_line(clearance.task, period)
    line = draft_of(clearance.task, period, at=at)
    line.publication.reason_class, line.publication.reason = ReasonClass.LIFTED, reason.strip()
    mark_released(clearance.task, period)
    clearance.lifted_at = at
    clearance.save()
    action = LedgerEvent("lift_withholding", "task", clearance.task.code, {"period": period_subject(period)})
    return succeed(before, line, by=by, at=at, action=action)


@transaction.atomic
def extend_withholding(*, clearance: Clearance, review_on: date, reason: str, by: User, at: datetime) -> Clearance:
    """Moves the review day on; the line stays withheld by the same law."""
    clearance = _in_force(clearance)
    check_review_day(review_on, at=at)
    if not reason.strip():
        raise Refused("请写明为什么还不能公开。")
    clearance.review_on, clearance.extension_reason = review_on, reason.strip()
    clearance.save()
    facts = {"period": period_subject(clearance.release.period), "day": review_on}
    action = LedgerEvent("extend_withholding", "task", clearance.task.code, facts, public=False)
    append([action], by=by.actor(Role.SUPERVISOR), at=at)
    return clearance


def _in_force(clearance: Clearance) -> Clearance:
    now = locked(clearance)
    withheld = now.decision == ClearanceDecision.WITHHELD and now.release.state == ReleaseState.PUBLISHED
    if not withheld or now.lifted_at:
        raise Refused("这一项现在不是暂不公开，不需要再审查。")
    return now


@transaction.atomic
def take_down_publication(
    *, publication: Publication, legal_basis: str, reason: str, by: User, at: datetime
) -> Publication:
    """Every revision so far becomes a tombstone, and the next one says by which law. The rows stay for the record.

    One person does it: what the law forbids to show may have to go tonight. The page shows first what will vanish.
    """
    if not legal_basis.strip() or not reason.strip():
        raise Refused("依法撤下请写明法律依据和说明，都会公布。")
    if refusal := citation_refusal_reason(legal_basis):
        raise Refused(refusal)
    before = newest_line(publication, "撤下")
    period = before.period
    if not before.self_pace:
        raise Refused("这一版没有公布填报内容，没有可以撤下的。")
    shown = Publication.objects.filter(task=publication.task, period=period).readable()
    line = draft_of(publication.task, period, at=at, withheld=legal_basis.strip())
    line.publication.reason_class, line.publication.reason = ReasonClass.TAKEN_DOWN, reason.strip()
    count = shown.update(is_current=False, taken_down_at=at, taken_down_basis=legal_basis.strip())
    facts = {"period": period_subject(period), "revisions": count}
    return succeed(
        before, line, by=by, at=at, action=LedgerEvent("take_down_publication", "task", before.task.code, facts)
    )
