"""What comes after a release: late reports, corrections, objections and what is taken down."""

from datetime import date
from decimal import Decimal

from demo.samples.people import noon, person, working_day
from demo.samples.reports import SampleReport, unrecused_supervisors
from departments.models import User
from departments.roles import Role
from publishing.actions.corrections import Correction, propose_correction, publish_correction
from publishing.actions.objections import decide_objection, file_objection
from publishing.actions.revisions import publish_lapse, publish_revision
from publishing.actions.withholding import take_down_publication
from publishing.choices import Voice
from publishing.models import Publication


def correct_publication(
    row: Publication,
    voice: str,
    correction: Correction,
    reason_class: str,
    reason: str,
    *,
    by: User,
    on: date,
) -> None:
    """Proposes a correction in the voice that was wrong and publishes it two working days later."""
    request = propose_correction(
        publication=row,
        voice=voice,
        correction=correction,
        reason_class=reason_class,
        reason=f"【演示】{reason}",
        by=by,
        at=noon(on),
    )
    publish_correction(request=request, by=person(Role.PUBLISHER), at=noon(working_day(on, 2)))


def play_after_release(sample: SampleReport) -> None:
    """Publishes what comes after the release of the sample's quarter, as its row says."""
    line, later = sample.line, working_day(sample.period.release_on, 8)
    if line["fate"] == "late":
        _publish_late_report(sample, on=later)
    if line["fate"] == "lapsed":
        _publish_lapse(sample)
    if "correction" in line:
        _correct_reading(sample, *line["correction"], on=later)
    if "taken_down" in line:
        _take_down(sample, *line["taken_down"], on=later)
    if "objection" in line:
        _file_objection(sample, *line["objection"], on=later)


def _publication_of(sample: SampleReport) -> Publication:
    return Publication.objects.current().get(task=sample.task, period=sample.period)


def _publish_late_report(sample: SampleReport, *, on: date) -> None:
    """Publishes the report when it comes, and once more when it was assessed."""
    report = sample.file(on=on)
    publish_revision(report=report, by=person(Role.PUBLISHER), at=noon(on))
    sample.verify(report, on=on)
    publish_revision(report=report, by=person(Role.PUBLISHER), at=noon(on))


def _publish_lapse(sample: SampleReport) -> None:
    """Publishes that nothing came although the extension went beyond the release."""
    row = _publication_of(sample)
    assert row.extended_to, "a report can only lapse after it was extended"
    publish_lapse(
        publication=row, by=person(Role.PUBLISHER), at=noon(working_day(row.extended_to, 1))
    )


def _correct_reading(
    sample: SampleReport, name: str, value: float, reason_class: str, reason: str, *, on: date
) -> None:
    row = _publication_of(sample)
    indicator = row.readings.get(indicator__name__startswith=name).indicator_id
    correction = Correction(
        readings={indicator: Decimal(str(value))}, narrative=sample.line.get("corrected_text")
    )
    reporter = person(Role.REPORTER, sample.lead)
    correct_publication(row, Voice.UNIT, correction, reason_class, reason, by=reporter, on=on)


def _file_objection(
    sample: SampleReport, text: str, outcome: str, decision: str, *, on: date
) -> None:
    row, day = _publication_of(sample), working_day(on, 10)
    filed = file_objection(
        publication=row,
        text=f"【演示】{text}",
        by=person(Role.REPORTER, sample.lead),
        at=noon(on),
    )
    others = (user for user in unrecused_supervisors(sample.task) if user != sample.assessor)
    decider = next(others)
    decide_objection(
        objection=filed,
        outcome=outcome,
        decision=f"【演示】{decision}",
        by=decider,
        at=noon(day),
    )
    if "corrected_verdict" in sample.line:
        pace, note = sample.line["corrected_verdict"]
        correction = Correction(assessment_pace=pace, assessment_note=f"【演示】{note}")
        correct_publication(row, Voice.SUPERVISOR, correction, "data", decision, by=decider, on=day)


def _take_down(sample: SampleReport, basis: str, reason: str, *, on: date) -> None:
    take_down_publication(
        publication=_publication_of(sample),
        legal_basis=basis,
        reason=f"【演示】{reason}",
        by=person(Role.PUBLISHER),
        at=noon(on),
    )
