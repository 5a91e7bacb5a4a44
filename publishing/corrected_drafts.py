"""The draft of a corrected revision: a copy of the published one with the right words in it."""

import json
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model

from progress.requirements.report import lead_of
from progress.rules import verdicts
from publishing.choices import Voice
from publishing.content import PublicationDraft
from publishing.drafts import UNCONFIRMED_UNIT, public_unit_name
from publishing.models import CorrectionRequest, Publication, PublishedReading

Row = TypeVar("Row", bound=Model)


def corrected_draft(before: Publication, request: CorrectionRequest) -> PublicationDraft:
    """The draft of the next revision: a copy of the published one with the right words in it."""
    row = _unsaved_copy(before)
    row.task, row.period = before.task, before.period
    row.reason_class, row.reason = request.reason_class, request.reason
    row.corrected_by = _proposer_name(request, before)
    sealed = json.loads(before.content)
    narratives = sealed["narratives"]
    if request.voice == Voice.SUPERVISOR:
        _correct_verdict(row, request)
    elif request.narrative != before.narrative:
        row.narrative = request.narrative
        # A corrected narrative is still attributed to the units that filed it.
        units = "、".join(narrative["unit"] for narrative in narratives)
        narratives = [{"unit": units, "text": row.narrative}]
    values = request.values
    readings = [
        _corrected_reading(reading, values)
        for reading in before.readings.select_related("indicator")
    ]
    row.trajectory = verdicts.worst(reading.trajectory for reading in readings)
    findings = [_unsaved_copy(finding) for finding in before.findings.select_related("commitment")]
    return PublicationDraft(row, findings, readings, narratives, sealed["units"])


def _correct_verdict(row: Publication, request: CorrectionRequest) -> None:
    row.assessment_pace, row.assessment_note = request.assessment_pace, request.assessment_note
    row.assessor_unit = request.department.short_name
    row.headline = verdicts.headline(self_pace=row.self_pace, assessment_pace=row.assessment_pace)


def _proposer_name(request: CorrectionRequest, before: Publication) -> str:
    """The public name of the unit that proposed the correction.

    Proposing a correction does not confirm the responsibility of a unit.
    """
    if request.voice == Voice.SUPERVISOR:
        return request.department.short_name
    lead = lead_of(before.task)
    if lead is None:
        return UNCONFIRMED_UNIT
    return public_unit_name(request.department, lead.basis, demonstration=before.demonstration)


def _corrected_reading(reading: PublishedReading, values: dict[int, Decimal]) -> PublishedReading:
    """An unsaved copy of the reading with its right value and the trajectory it leads to."""
    copy = _unsaved_copy(reading)
    if reading.indicator_id in values:
        copy.value = values[reading.indicator_id]
        copy.trajectory = verdicts.trajectory(copy.value, _aim_of(copy))
    return copy


def _aim_of(reading: PublishedReading) -> verdicts.Aim | None:
    if reading.target is None:
        return None
    return verdicts.Aim(reading.target, reading.target_direction, reading.target_max)


def _unsaved_copy(row: Row) -> Row:
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return type(row)(**{name: getattr(row, name) for name in names})
