"""Actions on content that a law keeps from the public: lift and extend withholding, take down.

The publication itself stays: it is counted as before and names the law.
"""

from datetime import date, datetime

from django.db import transaction

from common.errors import Refused
from departments.models import User
from departments.roles import Role
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, locked_period, period_subject
from progress.choices import PeriodState
from publishing.actions.releases import check_review_day
from publishing.actions.revisions import (
    lock_current_publication,
    lock_newest_publication,
    mark_released,
    publish_next_revision,
)
from publishing.choices import ClearanceDecision, ReasonClass, ReleaseState
from publishing.drafts import draft_of
from publishing.models import Clearance, Publication
from publishing.rules.citations import citation_refusal_reason


@transaction.atomic
def lift_withholding(*, clearance: Clearance, reason: str, by: User, at: datetime) -> Publication:
    """Publishes a withheld task from its report as it is now, as the next revision.

    `reason` is published with it. `at` is the moment of publication.

    Raises Refused when the task is not withheld now, and without a reason.
    """
    clearance = _locked_in_force(clearance)
    if not reason.strip():
        raise Refused("请写明解除暂不公开的理由，会随这一版公布。")
    period = locked_period(clearance.release.period, PeriodState.RELEASED)
    before = lock_current_publication(clearance.task, period)
    draft = draft_of(clearance.task, period, at=at)
    draft.publication.reason_class, draft.publication.reason = ReasonClass.LIFTED, reason.strip()
    mark_released(clearance.task, period)
    clearance.lifted_at = at
    clearance.save()
    action = LedgerEvent(
        "lift_withholding", "task", clearance.task.code, {"period": period_subject(period)}
    )
    return publish_next_revision(before, draft, by=by, at=at, action=action)


@transaction.atomic
def extend_withholding(
    *, clearance: Clearance, review_on: date, reason: str, by: User, at: datetime
) -> Clearance:
    """Puts the review day off to `review_on`; the task stays withheld by the same law.

    `reason` stays internal. `at` is the moment it happens.

    Raises Refused when the task is not withheld now, for a review day that is not after the day
    of `at`, and without a reason.
    """
    clearance = _locked_in_force(clearance)
    check_review_day(review_on, at=at)
    if not reason.strip():
        raise Refused("请写明为什么还不能公开。")
    clearance.review_on, clearance.extension_reason = review_on, reason.strip()
    clearance.save()
    facts = {"period": period_subject(clearance.release.period), "day": review_on}
    action = LedgerEvent("extend_withholding", "task", clearance.task.code, facts, public=False)
    append([action], by=by.actor(Role.SUPERVISOR), at=at)
    return clearance


def _locked_in_force(clearance: Clearance) -> Clearance:
    """The locked clearance; Refused unless it withholds a published task now."""
    current = locked(clearance)
    is_withheld = (
        current.decision == ClearanceDecision.WITHHELD
        and current.release.state == ReleaseState.PUBLISHED
    )
    if not is_withheld or current.lifted_at:
        raise Refused("这一项现在不是暂不公开，不需要再审查。")
    return current


@transaction.atomic
def take_down_publication(
    *, publication: Publication, legal_basis: str, reason: str, by: User, at: datetime
) -> Publication:
    """Takes down all revisions so far, whose rows are kept; the next one says by which law.

    One person may do it alone, because what a law forbids to show may have to go at once.
    `legal_basis` and `reason` are published. `at` is the moment it happens.

    Raises Refused without a law named by title and article or without a reason, when the period
    is not released or another revision has followed, and when no report content is published.
    """
    if not legal_basis.strip() or not reason.strip():
        raise Refused("依法撤下请写明法律依据和说明，都会公布。")
    if refusal := citation_refusal_reason(legal_basis):
        raise Refused(refusal)
    before = lock_newest_publication(publication, "撤下")
    period = before.period
    if not before.self_pace:
        raise Refused("这一版没有公布填报内容，没有可以撤下的。")
    readable = Publication.objects.filter(task=publication.task, period=period).readable()
    draft = draft_of(publication.task, period, at=at, withheld=legal_basis.strip())
    draft.publication.reason_class, draft.publication.reason = (
        ReasonClass.TAKEN_DOWN,
        reason.strip(),
    )
    count = readable.update(
        is_current=False, taken_down_at=at, taken_down_basis=legal_basis.strip()
    )
    facts = {"period": period_subject(period), "revisions": count}
    action = LedgerEvent("take_down_publication", "task", before.task.code, facts)
    return publish_next_revision(before, draft, by=by, at=at, action=action)
