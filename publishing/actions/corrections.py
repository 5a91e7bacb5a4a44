"""Actions on corrections (更正) of publications: propose, publish, return and withdraw one.

A correction is proposed by the voice whose words are wrong, a reporter of the lead unit or a
supervisor, and published or returned by a publisher who is another person.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from common.errors import Refused
from common.text.canonical import canonical
from common.text.wording import number
from common.time.days import local_day
from departments.models import Department, User
from departments.roles import Role
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, period_subject
from progress.requirements.report import lead_of
from publishing.actions.objections import objection_decision_refusal_reason
from publishing.actions.revisions import lock_newest_publication, publish_next_revision
from publishing.choices import CORRECTIONS, CorrectionState, ReasonClass, Voice
from publishing.corrected_drafts import corrected_draft
from publishing.models import CorrectionRequest, Publication
from tasks.models import Task
from tasks.recusal import check_not_recused

# Calendar days within which a publisher publishes a proposed correction or returns it.
HANDLING = timedelta(days=14)


def answer_by(row: CorrectionRequest) -> date:
    """The day by which a publisher has to publish or return the correction."""
    return local_day(row.proposed_at) + HANDLING


@dataclass(frozen=True)
class Correction:
    """The right words of one voice. A field that is None stays as published.

    `readings` maps an indicator id to its right value; an indicator that is missing stays as it is.
    """

    narrative: str | None = None
    readings: dict[int, Decimal] = field(default_factory=dict)
    assessment_pace: str | None = None
    assessment_note: str | None = None

    def is_limited_to(self, voice: str) -> bool:
        """Whether it changes no words of the other voice."""
        changes_unit = self.narrative is not None or bool(self.readings)
        changes_supervisor = self.assessment_pace is not None or self.assessment_note is not None
        return not (changes_supervisor if voice == Voice.UNIT else changes_unit)

    @property
    def texts(self) -> dict[str, str]:
        """The columns in words that it changes, each with its right text."""
        texts = {
            "narrative": self.narrative,
            "assessment_pace": self.assessment_pace,
            "assessment_note": self.assessment_note,
        }
        return {name: text.strip() for name, text in texts.items() if text is not None}


def correction_refusal_reason(publication: Publication, voice: str, by: User) -> str:
    """Why this person cannot propose a correction of this voice now; empty when they can."""
    if not publication.is_current:
        return "这一版已被更新，请在最新一版上更正。"
    if not publication.self_pace:
        return "这一版没有公布填报内容，没有可以更正的；请由单位补报后补充公布。"
    if publication.corrections.waiting().exists():
        return "这一版已经提出过更正，请等发布员处理。"
    return _verdict_correction_refusal_reason(publication, by) if voice == Voice.SUPERVISOR else ""


def _verdict_correction_refusal_reason(publication: Publication, by: User) -> str:
    if not publication.assessment_pace:
        return "这一版没有督查核定，没有可以更正的；核查以后补充公布。"
    # After an objection was upheld, the person who gave the verdict does not word its correction.
    upheld = publication.objections.upheld().first()
    gave_verdict = upheld is not None and objection_decision_refusal_reason(upheld, by)
    return "您核定过这份填报，按复核结论更正由另一位督查员提出。" if gave_verdict else ""


def correcting_unit(task: Task, voice: str, by: User) -> Department | None:
    """The unit for which the person may correct words of this voice; None if there is none.

    For the unit's voice that is the lead unit of the task, or a unit related to it by a merger.
    """
    if voice == Voice.SUPERVISOR:
        return by.acting_department(Role.SUPERVISOR)
    lead = lead_of(task)
    related_units = Department.objects.related_to({lead.department_id}) if lead else set()
    return by.acting_department(Role.REPORTER, among=related_units)


@transaction.atomic
def propose_correction(
    *,
    publication: Publication,
    voice: str,
    correction: Correction,
    reason_class: str,
    reason: str,
    by: User,
    at: datetime,
) -> CorrectionRequest:
    """Proposes the right words of one voice for publication. Nothing becomes public yet.

    `reason_class` is one of `CORRECTIONS`; `reason` says what was wrong and is published with the
    correction. `at` is the moment of the proposal.

    Raises Refused without a reason, when the publication is not the newest revision, when the
    person may not correct this voice, when another correction waits, and when nothing was changed.
    """
    if reason_class not in CORRECTIONS or not reason.strip():
        raise Refused("更正请选择原因，并写明哪里错了。")
    before = lock_newest_publication(publication, "更正")
    department = _require_correcting_unit(before.task, voice, by)
    if refusal := correction_refusal_reason(before, voice, by):
        raise Refused(refusal)
    row = CorrectionRequest.objects.create(
        publication=before,
        voice=voice,
        department=department,
        reason_class=reason_class,
        reason=reason.strip(),
        **_corrected_columns(
            before, voice, correction, may_be_unchanged=reason_class == ReasonClass.EVIDENCE
        ),
        proposed_by=by,
        proposed_at=at,
    )
    append(
        [_event("propose_correction", row)], by=by.actor(_role_of(voice), of=department.pk), at=at
    )
    return row


def _require_correcting_unit(task: Task, voice: str, by: User) -> Department:
    """The unit for which the person corrects this voice; Refused without one, or when recused."""
    if voice == Voice.SUPERVISOR:
        check_not_recused(task, by, "更正")
    department = correcting_unit(task, voice, by)
    if department is None:
        raise Refused("单位填报的内容由牵头单位的填报员提出更正，督查核定由督查员提出更正。")
    return department


def _corrected_columns(
    before: Publication, voice: str, correction: Correction, *, may_be_unchanged: bool
) -> dict[str, str]:
    """The columns of the voice as they will be published.

    They may be unchanged where only the evidence was wrong.
    """
    if not correction.is_limited_to(voice):
        raise Refused("只能更正自己的内容：填报内容由责任单位提出，督查核定由督查员提出。")
    published = _published_columns(before, voice)
    corrected = published | correction.texts
    if voice == Voice.UNIT:
        corrected["readings"] = _with_readings(published["readings"], correction.readings)
    if corrected == published and not may_be_unchanged:
        raise Refused("没有改动任何内容，请先改正需要更正的地方。")
    if voice == Voice.SUPERVISOR:
        _check_explained(before, corrected)
    return corrected


def _with_readings(published: str, values: dict[int, Decimal]) -> str:
    """The published readings, as canonical JSON, with these values in them."""
    return canonical(
        json.loads(published) | {str(pk): number(value) for pk, value in values.items()}
    )


def _check_explained(before: Publication, corrected: dict[str, str]) -> None:
    """Refused for a verdict that differs from the unit's without a note."""
    if corrected["assessment_pace"] != before.self_pace and not corrected["assessment_note"]:
        raise Refused("督查核定与单位自评不一致，请写明核查意见。")


def _published_columns(before: Publication, voice: str) -> dict[str, str]:
    """The columns of the voice as they are published now."""
    if voice == Voice.SUPERVISOR:
        return {
            "assessment_pace": before.assessment_pace,
            "assessment_note": before.assessment_note,
        }
    readings = {str(row.indicator_id): number(row.value) for row in before.readings.all()}
    return {"narrative": before.narrative, "readings": canonical(readings)}


@transaction.atomic
def publish_correction(*, request: CorrectionRequest, by: User, at: datetime) -> Publication:
    """Publishes the correction as the next revision, which says whose words it corrects and why.

    The revision that was wrong stays. `at` is the moment of publication.

    Raises Refused when the correction was decided or withdrawn already, when the person proposed
    it, and when another revision has followed meanwhile.
    """
    row = _locked_for_publisher(request, by)
    before = lock_newest_publication(row.publication, "重新提出更正")
    _save_decision(row, CorrectionState.PUBLISHED, by=by, at=at)
    draft = corrected_draft(before, row)
    return publish_next_revision(
        before, draft, by=by, at=at, action=_event("publish_correction", row)
    )


@transaction.atomic
def return_correction(
    *, request: CorrectionRequest, reason: str, by: User, at: datetime
) -> CorrectionRequest:
    """Returns the correction to the person who proposed it, with a reason.

    This is possible also when another revision has followed meanwhile. `at` is the moment of the
    decision.

    Raises Refused when the correction was decided or withdrawn already, when the person proposed
    it, and without a reason.
    """
    row = _locked_for_publisher(request, by)
    if not reason.strip():
        raise Refused("退回更正请写明理由，提出的人会看到。")
    _save_decision(row, CorrectionState.RETURNED, by=by, at=at, note=reason.strip())
    append([_event("return_correction", row)], by=by.actor(Role.PUBLISHER), at=at)
    return row


@transaction.atomic
def withdraw_correction(*, request: CorrectionRequest, by: User, at: datetime) -> CorrectionRequest:
    """Withdraws the correction for the unit that proposed it. `at` is the moment of withdrawal.

    Raises Refused when the correction was decided or withdrawn already, and for a person of
    another unit.
    """
    row = _locked_proposal(request)
    role = _role_of(row.voice)
    if row.department_id not in by.department_ids(role):
        raise Refused(f"由提出更正的{row.department.short_name}收回。")
    _save_decision(row, CorrectionState.WITHDRAWN, by=None, at=at)
    append([_event("withdraw_correction", row)], by=by.actor(role, of=row.department_id), at=at)
    return row


def _role_of(voice: str) -> Role:
    return Role.REPORTER if voice == Voice.UNIT else Role.SUPERVISOR


def _locked_for_publisher(request: CorrectionRequest, by: User) -> CorrectionRequest:
    """The locked correction; Refused for the person who proposed it."""
    row = _locked_proposal(request)
    if row.proposed_by_id == by.pk:
        raise Refused("更正由一人提出、另一人发布，请由另一位发布员处理。")
    return row


def _locked_proposal(request: CorrectionRequest) -> CorrectionRequest:
    """The locked correction; Refused when it was decided or withdrawn already."""
    # All actions on a publication lock its period first, so that no two wait for each other.
    locked(request.publication.period)
    row = locked(request)
    if row.state != CorrectionState.PROPOSED:
        raise Refused(f"这份更正已经处理过：{row.get_state_display()}。")
    return row


def _save_decision(
    row: CorrectionRequest, state: str, *, by: User | None, at: datetime, note: str = ""
) -> None:
    row.state, row.decided_by, row.decided_at, row.note = state, by, at, note
    row.save()


def _event(verb: str, row: CorrectionRequest) -> LedgerEvent:
    """The ledger event of a step; only the publication of a correction is shown to the public."""
    publication = row.publication
    facts = {
        "period": period_subject(publication.period),
        "revision": publication.revision,
        "voice": row.voice,
        "demonstration": publication.demonstration,
    }
    return LedgerEvent(
        verb, "task", publication.task.code, facts, public=verb == "publish_correction"
    )
