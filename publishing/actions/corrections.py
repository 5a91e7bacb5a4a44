"""更正: proposed, or taken back, by the voice whose words are wrong; published by somebody else, or sent back."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from common.errors import Refused
from common.text.canonical import canonical
from common.text.wording import number
from common.time.days import local_day
from departments.models import Department, Role, User
from ledger.actions import LedgerEvent, append
from progress.actions.locks import locked, period_subject
from progress.requirements.report import lead_of
from progress.rules import verdicts
from publishing.actions.objections import objection_decision_refusal_reason
from publishing.actions.revisions import newest_line, succeed
from publishing.choices import CORRECTIONS, CorrectionState, ReasonClass, Voice
from publishing.drafts import UNCONFIRMED_UNIT, PublicationDraft, named
from publishing.models import CorrectionRequest, Publication, PublishedReading
from tasks.models import Task
from tasks.recusal import check_not_recused

# Calendar days in which a publisher publishes what was proposed or sends it back.
HANDLING = timedelta(days=14)


def answer_by(row: CorrectionRequest) -> date:
    return local_day(row.proposed_at) + HANDLING


@dataclass(frozen=True)
class Correction:
    """What was wrong; what is left out stays as published. `readings` is indicator id -> right value."""

    narrative: str | None = None
    readings: dict[int, Decimal] = field(default_factory=dict)
    assessment_pace: str | None = None
    assessment_note: str | None = None

    def words_of(self, voice: str) -> bool:
        unit = self.narrative is not None or bool(self.readings)
        supervisor = self.assessment_pace is not None or self.assessment_note is not None
        return not (supervisor if voice == Voice.UNIT else unit)


def correction_refusal_reason(publication: Publication, voice: str, by: User) -> str:
    """Why this voice cannot be corrected now, or not by this person; empty when it can."""
    if not publication.is_current:
        return "这一版已被更新，请在最新一版上更正。"
    if not publication.self_pace:
        return "这一版没有公布填报内容，没有可以更正的；请由单位补报后补充公布。"
    if publication.corrections.waiting().exists():
        return "这一版已经提出过更正，请等发布员处理。"
    if voice == Voice.UNIT:
        return ""
    if not publication.assessment_pace:
        return "这一版没有督查核定，没有可以更正的；核查以后补充公布。"
    upheld = publication.objections.upheld().first()
    judged = upheld is not None and objection_decision_refusal_reason(upheld, by)
    return "您核定过这份填报，按复核结论更正由另一位督查员提出。" if judged else ""


def correcting_unit(task: Task, voice: str, by: User) -> Department | None:
    """For which unit the person corrects words of this voice: the lead, be it under another name by now."""
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
    """Puts the right words of one voice up for publication. Nothing of them is public yet."""
    if reason_class not in CORRECTIONS or not reason.strip():
        raise Refused("更正请选择原因，并写明哪里错了。")
    before = newest_line(publication, "更正")
    department = _speaking(before.task, voice, by)
    if refusal := correction_refusal_reason(before, voice, by):
        raise Refused(refusal)
    row = CorrectionRequest.objects.create(
        publication=before,
        voice=voice,
        department=department,
        reason_class=reason_class,
        reason=reason.strip(),
        **_right_words(before, voice, correction, only_papers=reason_class == ReasonClass.EVIDENCE),
        proposed_by=by,
        proposed_at=at,
    )
    append([_event("propose_correction", row)], by=by.actor(_role_of(voice), of=department.pk), at=at)
    return row


def _speaking(task: Task, voice: str, by: User) -> Department:
    """The person's relation to these words: the lead unit's own, or a verdict on the task of other units."""
    if voice == Voice.SUPERVISOR:
        check_not_recused(task, by, "更正")
    department = correcting_unit(task, voice, by)
    if department is None:
        raise Refused("单位填报的内容由牵头单位的填报员提出更正，督查核定由督查员提出更正。")
    return department


def _right_words(before: Publication, voice: str, correction: Correction, *, only_papers: bool) -> dict[str, str]:
    """The voice as it will stand; where only its papers were wrong the words may stay as they are."""
    if not correction.words_of(voice):
        raise Refused("只能更正自己的内容：填报内容由责任单位提出，督查核定由督查员提出。")
    published = _published_words(before, voice)
    right = published | {
        name: value.strip()
        for name in published.keys() - {"readings"}
        if (value := getattr(correction, name)) is not None
    }
    if "readings" in right:
        numbers = {str(pk): number(value) for pk, value in correction.readings.items()}
        right["readings"] = canonical(json.loads(right["readings"]) | numbers)
    if right == published and not only_papers:
        raise Refused("没有改动任何内容，请先改正需要更正的地方。")
    if voice == Voice.SUPERVISOR and right["assessment_pace"] != before.self_pace and not right["assessment_note"]:
        raise Refused("督查核定与单位自评不一致，请写明核查意见。")
    return right


def _published_words(before: Publication, voice: str) -> dict[str, str]:
    if voice == Voice.SUPERVISOR:
        return {"assessment_pace": before.assessment_pace, "assessment_note": before.assessment_note}
    readings = {str(row.indicator_id): number(row.value) for row in before.readings.all()}
    return {"narrative": before.narrative, "readings": canonical(readings)}


@transaction.atomic
def publish_correction(*, request: CorrectionRequest, by: User, at: datetime) -> Publication:
    """The published line stays; the next revision has the right words and says whose they are and why."""
    row = _waiting_for_another(request, by)
    before = newest_line(row.publication, "重新提出更正")
    _decide(row, CorrectionState.PUBLISHED, by=by, at=at)
    return succeed(before, _corrected(before, row), by=by, at=at, action=_event("publish_correction", row))


@transaction.atomic
def return_correction(*, request: CorrectionRequest, reason: str, by: User, at: datetime) -> CorrectionRequest:
    """Back to whoever proposed it, also where another revision has followed meanwhile."""
    row = _waiting_for_another(request, by)
    if not reason.strip():
        raise Refused("退回更正请写明理由，提出的人会看到。")
    _decide(row, CorrectionState.RETURNED, by=by, at=at, note=reason.strip())
    append([_event("return_correction", row)], by=by.actor(Role.PUBLISHER), at=at)
    return row


@transaction.atomic
def withdraw_correction(*, request: CorrectionRequest, by: User, at: datetime) -> CorrectionRequest:
    """Taken back by the office that proposed it, before anybody has dealt with it."""
    row = _waiting(request)
    role = _role_of(row.voice)
    if row.department_id not in by.department_ids(role):
        raise Refused(f"由提出更正的{row.department.short_name}收回。")
    _decide(row, CorrectionState.WITHDRAWN, by=None, at=at)
    append([_event("withdraw_correction", row)], by=by.actor(role, of=row.department_id), at=at)
    return row


def _role_of(voice: str) -> Role:
    return Role.REPORTER if voice == Voice.UNIT else Role.SUPERVISOR


def _waiting_for_another(request: CorrectionRequest, by: User) -> CorrectionRequest:
    row = _waiting(request)
    if row.proposed_by_id == by.pk:
        raise Refused("更正由一人提出、另一人发布，请由另一位发布员处理。")
    return row


def _waiting(request: CorrectionRequest) -> CorrectionRequest:
    # The period first, as every deed on a published line takes it.
    locked(request.publication.period)
    row = locked(request)
    if row.state != CorrectionState.PROPOSED:
        raise Refused(f"这份更正已经处理过：{row.get_state_display()}。")
    return row


def _decide(row: CorrectionRequest, state: str, *, by: User | None, at: datetime, note: str = "") -> None:
    row.state, row.decided_by, row.decided_at, row.note = state, by, at, note
    row.save()


def _corrected(before: Publication, request: CorrectionRequest) -> PublicationDraft:
    row = _copy(before)
    row.task, row.period = before.task, before.period
    row.reason_class, row.reason = request.reason_class, request.reason
    row.corrected_by = _named(request, before)
    sealed = json.loads(before.content)
    narratives = sealed["narratives"]
    if request.voice == Voice.SUPERVISOR:
        row.assessment_pace, row.assessment_note = request.assessment_pace, request.assessment_note
        row.assessor_unit = request.department.short_name
        row.headline = verdicts.headline(self_pace=row.self_pace, assessment_pace=row.assessment_pace)
    elif request.narrative != before.narrative:
        row.narrative = request.narrative
        # Corrected words stay the words of those who filed them.
        narratives = [{"unit": "、".join(part["unit"] for part in narratives), "text": row.narrative}]
    values = request.values
    readings = [_copied_reading(reading, values) for reading in before.readings.select_related("indicator")]
    row.trajectory = verdicts.worst(reading.trajectory for reading in readings)
    findings = [_copy(finding) for finding in before.findings.select_related("commitment")]
    return PublicationDraft(row, findings, readings, narratives, sealed["units"])


def _named(request: CorrectionRequest, before: Publication) -> str:
    """As the public may read it: nobody is made responsible by a correction."""
    if request.voice == Voice.SUPERVISOR:
        return request.department.short_name
    lead = lead_of(before.task)
    if lead is None:
        return UNCONFIRMED_UNIT
    return named(request.department, lead.basis, demonstration=before.demonstration)


def _copied_reading(reading: PublishedReading, values: dict[int, Decimal]) -> PublishedReading:
    copy = _copy(reading)
    if reading.indicator_id in values:
        copy.value = values[reading.indicator_id]
        aim = verdicts.Aim(copy.target, copy.target_direction, copy.target_max) if copy.target is not None else None
        copy.trajectory = verdicts.trajectory(copy.value, aim)
    return copy


def _copy(row):
    """An unsaved twin of the row."""
    names = [f.attname for f in row._meta.concrete_fields if not f.primary_key]
    return type(row)(**{name: getattr(row, name) for name in names})


def _event(verb: str, row: CorrectionRequest) -> LedgerEvent:
    """What was proposed is nobody's business but the offices'; what was published is everybody's."""
    line = row.publication
    facts = {
        "period": period_subject(line.period),
        "revision": line.revision,
        "voice": row.voice,
        "demonstration": line.demonstration,
    }
    return LedgerEvent(verb, "task", line.task.code, facts, public=verb == "publish_correction")
