"""复核: a unit asks for another look at a published verdict; somebody who did not give it decides."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from common.errors import Refused
from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import Role, User
from departments.roles import UNIT_ROLES
from ledger.actions import Actor, LedgerEvent, append
from progress.actions.extensions import answering_for
from progress.actions.locks import locked, period_subject
from progress.models import Assessment
from publishing.choices import ObjectionState
from publishing.models import Objection, Publication
from tasks.choices import ResponsibilityBasis
from tasks.models import Responsibility
from tasks.recusal import check_not_recused

# Calendar days: to file after the publication, to decide after the filing.
FILING, DECIDING = timedelta(days=30), timedelta(days=30)


def objection_refusal_reason(publication: Publication, *, today: date) -> str:
    """Why no second look can be asked for on this day; empty when it can."""
    last = local_day(publication.published_at) + FILING
    if not publication.is_current:
        return "这一版已被更新，请对现行的一版申请复核。"
    if not publication.assessment_pace:
        return "这一版没有督查核定，没有可以复核的。"
    if publication.objections.waiting().exists():
        return "这一版已经有一份复核申请，请等结论。"
    return f"公布后 30 天内（{cn_date(last)}为止）可以申请复核，现在已过。" if today > last else ""


@transaction.atomic
def file_objection(*, publication: Publication, text: str, by: User, at: datetime) -> Objection:
    """By a responsible unit against the verdict as published. That it was filed is public, its words are not."""
    publication, today = locked(publication), local_day(at)
    if refusal := objection_refusal_reason(publication, today=today):
        raise Refused(refusal)
    if not text.strip():
        raise Refused("请写明申请复核的理由。")
    answering = answering_for(publication.task, by)
    objection = Objection.objects.create(
        publication=publication,
        department=answering.department,
        text=text.strip(),
        filed_by=by,
        filed_at=at,
        decide_by=today + DECIDING,
    )
    append([_event("file_objection", objection)], by=_speaker(by, answering, publication), at=at)
    return objection


def objection_decision_refusal_reason(objection: Objection, by: User) -> str:
    """Why this person may not decide: who gave the verdict does not judge it a second time."""
    if Assessment.objects.filter(report=objection.publication.report_id, assessed_by=by).exists():
        return "您核定过这份填报，复核由另一位督查员作出。"
    return ""


@transaction.atomic
def decide_objection(*, objection: Objection, outcome: str, decision: str, by: User, at: datetime) -> Objection:
    """Upheld, partly or rejected, once. What follows is a correction, proposed by a supervisor."""
    objection = locked(objection)
    check_not_recused(objection.publication.task, by, "复核")
    if refusal := objection_decision_refusal_reason(objection, by):
        raise Refused(refusal)
    if objection.state != ObjectionState.FILED:
        raise Refused(f"这份复核申请已有结论：{objection.get_state_display()}。")
    if outcome not in {ObjectionState.UPHELD, ObjectionState.PARTLY, ObjectionState.REJECTED}:
        raise Refused("请选择复核结论。")
    if not decision.strip():
        raise Refused("请写明复核意见，申请单位会看到。")
    objection.state, objection.decision = outcome, decision.strip()
    objection.decided_by, objection.decided_at = by, at
    objection.save()
    append([_event("decide_objection", objection, {"outcome": outcome})], by=by.actor(Role.SUPERVISOR), at=at)
    return objection


def _speaker(by: User, answering: Responsibility, publication: Publication) -> Actor:
    """A public entry makes no unit responsible that nobody confirmed."""
    actor = by.actor(*UNIT_ROLES, of=answering.department_id)
    unconfirmed = answering.basis == ResponsibilityBasis.PROPOSED and not publication.demonstration
    return replace(actor, unit="") if unconfirmed else actor


def _event(verb: str, objection: Objection, facts: dict | None = None) -> LedgerEvent:
    row = objection.publication
    where = {"period": period_subject(row.period), "revision": row.revision, "demonstration": row.demonstration}
    return LedgerEvent(verb, "task", row.task.code, where | (facts or {}))
