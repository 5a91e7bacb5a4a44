"""Closing a period before its due day is over: one person proposes it, another one confirms it."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from common.errors import Refused
from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import User
from departments.roles import OVERSIGHT_ROLES
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, locked_period, period_subject
from progress.actions.periods import closing_event, in_order, is_early
from progress.choices import EarlyClosingState, PeriodState
from progress.models import EarlyClosing, ReportingPeriod


@transaction.atomic
def propose_early_closing(
    *, periods: Iterable[ReportingPeriod], reason: str, by: User, at: datetime
) -> list[EarlyClosing]:
    """Proposes to close open periods before their due day is over, all or none.

    Nothing changes for the units before it is confirmed; where one person may do both
    (TWO_PERSON_CLOSING), it is confirmed at once. `reason`: why the units get less time. `at`: the
    moment of the proposal.

    Raises Refused if a period is not open, is past its due day, or has a proposal that waits, and
    without a reason.
    """
    if not reason.strip():
        raise Refused("提前截止请写明理由。")
    locked_periods = [locked_period(period, PeriodState.OPEN) for period in in_order(periods)]
    rows = [_propose(period, reason.strip(), by=by, at=at) for period in locked_periods]
    events = [_event("propose_early_closing", row) for row in rows]
    append(events, by=by.actor(*OVERSIGHT_ROLES), at=at)
    if not settings.TWO_PERSON_CLOSING:
        for row in rows:
            confirm_early_closing(closing=row, by=by, at=at)
    return rows


def _propose(period: ReportingPeriod, reason: str, *, by: User, at: datetime) -> EarlyClosing:
    if not is_early(period, local_day(at)):
        raise Refused(f"{period.label}已过报送截止日，可以直接截止，不用写理由。")
    if period.early_closings.filter(state=EarlyClosingState.PROPOSED).exists():
        raise Refused(f"{period.label}已经有人提出提前截止，等另一个人确认。")
    return EarlyClosing.objects.create(
        period=period,
        reason=reason,
        proposed_by=by,
        proposed_at=at,
        two_persons=settings.TWO_PERSON_CLOSING,
    )


@transaction.atomic
def confirm_early_closing(*, closing: EarlyClosing, by: User, at: datetime) -> ReportingPeriod:
    """Confirms the proposal and closes the period. `at`: the moment of closing.

    Raises Refused if the period is not open or past its due day, if the proposal was confirmed or
    withdrawn, or if the person proposed it where two persons are required.
    """
    period = locked_period(closing.period, PeriodState.OPEN)
    closing, today = _locked_waiting(closing), local_day(at)
    if not is_early(period, today):
        raise Refused(f"{period.label}已过报送截止日，可以直接截止。")
    if closing.two_persons and closing.proposed_by_id == by.pk:
        raise Refused("提出和确认须由两个人完成，请另一位督查员或区领导确认。")
    closing.state = EarlyClosingState.CONFIRMED
    closing.decided_by, closing.decided_at = by, at
    closing.save()
    period.state = PeriodState.CLOSED
    period.early_reason, period.closed_early_on = closing.reason, today
    period.save()
    append([closing_event(period)], by=by.actor(*OVERSIGHT_ROLES), at=at)
    return period


@transaction.atomic
def withdraw_early_closing(*, closing: EarlyClosing, by: User, at: datetime) -> EarlyClosing:
    """Withdraws a proposal that was not confirmed; who may confirm it may refuse it like this too.

    `at`: the moment of the withdrawal.

    Raises Refused if the proposal was confirmed or withdrawn.
    """
    locked(closing.period)
    closing = _locked_waiting(closing)
    closing.state = EarlyClosingState.WITHDRAWN
    closing.decided_by, closing.decided_at = by, at
    closing.save()
    event = _event("withdraw_early_closing", closing)
    append([event], by=by.actor(*OVERSIGHT_ROLES), at=at)
    return closing


def _locked_waiting(closing: EarlyClosing) -> EarlyClosing:
    now = locked(closing)
    if now.state != EarlyClosingState.PROPOSED:
        said = f"{cn_date(now.decided_at)}{now.get_state_display()}"
        raise Refused(f"这份提前截止的提议已经处理过（{said}）。")
    return now


def _event(verb: str, closing: EarlyClosing) -> LedgerEvent:
    facts = {"due_on": closing.period.due_on}
    return LedgerEvent(verb, "period", period_subject(closing.period), facts, public=False)
