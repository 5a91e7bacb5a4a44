"""Actions on objections (复核申请): a unit files one, a supervisor who did not assess decides."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from common.errors import Refused
from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import User
from departments.roles import UNIT_ROLES, Role
from ledger.actions import Actor, LedgerEvent, append
from progress.actions.extensions import answering_for
from progress.actions.locks import locked, period_subject
from progress.models import Assessment
from publishing.choices import ObjectionState
from publishing.models import Objection, Publication
from tasks.choices import ResponsibilityBasis
from tasks.models import Responsibility
from tasks.recusal import check_not_recused

# In calendar days: FILING runs from the publication, DECIDING from the filing of the objection.
FILING, DECIDING = timedelta(days=30), timedelta(days=30)


def objection_refusal_reason(publication: Publication, *, today: date) -> str:
    """Why no objection to the publication can be filed on the day `today`; empty when one can."""
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
    """Files an objection of a responsible unit to the published verdict of the supervisor.

    `text` is for the supervisors; the public sees only that an objection was filed. `at` is the
    moment of filing: the time left to file and to decide is counted from its day.

    Raises Refused when the revision is not current, has no verdict or has an objection waiting,
    when the time to file has passed, without a text, and for a unit that is not responsible.
    """
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
    append(
        [_event("file_objection", objection)], by=_public_actor(by, answering, publication), at=at
    )
    return objection


def objection_decision_refusal_reason(objection: Objection, by: User) -> str:
    """Why this person may not decide the objection; empty when they may.

    Nobody who has assessed the report decides on an objection to the verdict.
    """
    if Assessment.objects.filter(report=objection.publication.report_id, assessed_by=by).exists():
        return "您核定过这份填报，复核由另一位督查员作出。"
    return ""


@transaction.atomic
def decide_objection(
    *, objection: Objection, outcome: str, decision: str, by: User, at: datetime
) -> Objection:
    """Decides the objection, once; if it is upheld, a supervisor then proposes a correction.

    `outcome` is one of UPHELD, PARTLY and REJECTED; `decision` is the reason, which the unit reads.
    `at` is the moment of the decision.

    Raises Refused for a person who is recused or has assessed the report, when the objection was
    decided already, for an unknown outcome, and without a decision text.
    """
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
    append(
        [_event("decide_objection", objection, {"outcome": outcome})],
        by=by.actor(Role.SUPERVISOR),
        at=at,
    )
    return objection


def _public_actor(by: User, answering: Responsibility, publication: Publication) -> Actor:
    """The actor of a public ledger entry, without a unit that is only proposed as responsible."""
    actor = by.actor(*UNIT_ROLES, of=answering.department_id)
    unconfirmed = answering.basis == ResponsibilityBasis.PROPOSED and not publication.demonstration
    return replace(actor, unit="") if unconfirmed else actor


def _event(
    verb: str, objection: Objection, facts: Mapping[str, object] | None = None
) -> LedgerEvent:
    row = objection.publication
    reference = {
        "period": period_subject(row.period),
        "revision": row.revision,
        "demonstration": row.demonstration,
    }
    return LedgerEvent(verb, "task", row.task.code, {**reference, **(facts or {})})
