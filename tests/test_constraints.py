"""The database refuses nonsense by itself: every constraint of ours is broken once here,
and none is left out.
"""

from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from departments.actions import begin_attempt, keep_unsent
from departments.actions.sign_ins import Place
from departments.models import CalendarDay, Department, Membership, SignInEvent, UnsentForm
from ledger.actions import Actor, LedgerEvent, append
from ledger.models import Entry, PublicVersion, RecordCheck
from progress.models import (
    AssessedFinding,
    Assessment,
    Breakdown,
    Contribution,
    EarlyClosing,
    Evidence,
    ExtensionRequest,
    Finding,
    Nudge,
    ProgressReport,
    Reading,
    ReportingPeriod,
    Unlock,
)
from publishing.models import (
    Clearance,
    CorrectionRequest,
    Objection,
    Publication,
    PublishedFinding,
    PublishedReading,
    Release,
    YearEnd,
)
from subscriptions.models import Notice
from supervision.models import (
    CoordinationItem,
    CoordinationNote,
    SlipFile,
    SlipStep,
    SupervisionSlip,
)
from tasks.models import (
    ChangeRequest,
    Commitment,
    DueChange,
    ImportRun,
    Indicator,
    Milestone,
    Passage,
    Plan,
    Responsibility,
    Section,
    Target,
    Task,
    Track,
)
from tests.fixtures.finished_quarter import LAST_YEAR, finished
from tests.fixtures.people import NOW
from tests.fixtures.quarter import make_office

pytestmark = [pytest.mark.both, pytest.mark.django_db]
OURS = ("ledger", "departments", "tasks", "progress", "publishing", "supervision", "subscriptions")

# constraint -> (model, the change that a row of a finished quarter must refuse)
BREACHES: dict[str, tuple[type[models.Model], dict]] = {
    "public_version_is_one_row": (PublicVersion, {"id": 2}),
    "department_level_known": (Department, {"level": "x"}),
    "department_name_basis": (Department, {"name_basis": "x"}),
    "department_dates_in_order": (
        Department,
        {"valid_from": date(2013, 1, 1), "valid_to": LAST_YEAR},
    ),
    "department_not_own_successor": (Department, {"successor": models.F("id")}),
    "membership_role_known": (Membership, {"role": "x"}),
    "sign_in_outcome_known": (SignInEvent, {"outcome": "x"}),
    "plan_kind_known": (Plan, {"kind": "x"}),
    "plan_state_known": (Plan, {"state": "x"}),
    "plan_days_in_order": (Plan, {"ends_on": LAST_YEAR}),
    "plan_withdrawn_with_reason": (Plan, {"state": "withdrawn", "withdrawn_on": LAST_YEAR}),
    "import_state_known": (ImportRun, {"state": "x"}),
    "import_has_a_plan_once_checked": (ImportRun, {"state": "checked"}),
    "import_closed_with_a_moment": (ImportRun, {"state": "discarded"}),
    "passage_not_empty": (Passage, {"end": models.F("start")}),
    "passage_kind_known": (Passage, {"kind": "x"}),
    "task_summary_signed": (Task, {"summary": "一句话"}),
    "milestone_quarter": (Milestone, {"quarter": 5}),
    "commitment_not_empty": (Commitment, {"end": models.F("start")}),
    "commitment_source_known": (Commitment, {"source": "x", "quarter": None, "milestone": None}),
    "commitment_measurable": (Commitment, {"measurable": "x"}),
    "commitment_quarter_is_a_milestone": (Commitment, {"quarter": 2, "milestone": None}),
    "indicator_mode": (Indicator, {"mode": "x"}),
    "indicator_direction": (Indicator, {"direction": "x"}),
    "target_quarter": (Target, {"quarter": 5}),
    "target_direction": (Target, {"direction": "x"}),
    "target_range": (Target, {"value_max": models.F("value")}),
    "target_quotes_its_words": (Target, {"quote": ""}),
    "responsibility_kind": (Responsibility, {"kind": "x"}),
    "responsibility_basis": (Responsibility, {"basis": "x"}),
    "responsibility_designated_by_somebody": (Responsibility, {"basis": "designated"}),
    "change_kind_known": (ChangeRequest, {"kind": "x"}),
    "change_has_its_basis": (ChangeRequest, {"basis_document": ""}),
    "due_change_moves": (DueChange, {"due_on": models.F("old_due_on")}),
    "period_state": (ReportingPeriod, {"state": "x", "released_at": None}),
    "period_index": (ReportingPeriod, {"index": 5}),
    "period_days_in_order": (ReportingPeriod, {"due_on": LAST_YEAR}),
    "period_released_at_a_time": (ReportingPeriod, {"released_at": None}),
    "report_status_known": (ProgressReport, {"status": "x"}),
    "report_pace_known": (ProgressReport, {"pace": "x"}),
    "report_submitted_is_complete": (ProgressReport, {"submitted_at": None}),
    "report_returned_with_reason": (ProgressReport, {"status": "returned"}),
    "report_withdrawn_is_a_draft": (ProgressReport, {"withdrawn_at": NOW}),
    "report_signing_was_sent": (ProgressReport, {"status": "signing"}),
    "report_signed_by_another": (
        ProgressReport,
        {
            "sent_by": models.F("submitted_by"),
            "signed_by": models.F("submitted_by"),
            "signed_at": NOW,
        },
    ),
    "finding_pace_known": (Finding, {"pace": "x", "by_default": False}),
    "finding_default_pace": (Finding, {"pace": "done", "by_default": True}),
    "evidence_kind_known": (Evidence, {"kind": "x"}),
    "evidence_original_with_digest": (Evidence, {"original": "evidence/1/a.jpg"}),
    "evidence_signed_form_private": (Evidence, {"kind": "signed_form", "is_public": True}),
    "assessment_pace_known": (Assessment, {"pace": "x"}),
    "assessment_method_known": (Assessment, {"how": "x"}),
    "assessment_confidence_known": (Assessment, {"confidence": "x"}),
    "assessed_finding_pace_known": (AssessedFinding, {"pace": "x"}),
    "assessed_finding_explained": (AssessedFinding, {"note": ""}),
    "early_closing_state": (
        EarlyClosing,
        {"state": "x"},
    ),
    "early_closing_explained": (EarlyClosing, {"reason": ""}),
    "early_closing_decided_by_somebody": (EarlyClosing, {"decided_by": None}),
    "early_closing_by_two_persons": (EarlyClosing, {"decided_by": models.F("proposed_by")}),
    "period_closed_early_with_reason": (ReportingPeriod, {"closed_early_on": LAST_YEAR}),
    "nudge_of_another_unit": (Nudge, {"department": models.F("lead")}),
    "extension_state": (ExtensionRequest, {"state": "x", "granted_until": None}),
    "extension_explained": (ExtensionRequest, {"reason": ""}),
    "extension_decided_by_somebody": (ExtensionRequest, {"decided_by": None}),
    "extension_granted_until_a_day": (ExtensionRequest, {"granted_until": None}),
    "extension_refused_with_reason": (
        ExtensionRequest,
        {"state": "refused", "granted_until": None},
    ),
    "extension_by_two_persons": (ExtensionRequest, {"decided_by": models.F("requested_by")}),
    "unlock_explained": (Unlock, {"reason": ""}),
    "objection_state": (Objection, {"state": "x"}),
    "objection_explained": (Objection, {"text": ""}),
    "objection_decided_with_reason": (Objection, {"decision": ""}),
    "objection_by_two_persons": (Objection, {"decided_by": models.F("filed_by")}),
    "correction_state": (CorrectionRequest, {"state": "x"}),
    "correction_of_own_words": (CorrectionRequest, {"assessment_note": "别人的话"}),
    "correction_explained": (CorrectionRequest, {"reason_class": "late"}),
    "correction_decided_by_somebody": (CorrectionRequest, {"decided_by": None}),
    "correction_returned_with_reason": (CorrectionRequest, {"note": ""}),
    "correction_by_two_persons": (CorrectionRequest, {"decided_by": models.F("proposed_by")}),
    "release_state": (
        Release,
        {"state": "x", "published_by": None, "published_at": None, "sha256": ""},
    ),
    "release_published_by_somebody": (Release, {"published_by": None}),
    "release_by_two_persons": (Release, {"published_by": models.F("prepared_by")}),
    "release_approved_on_a_day": (Release, {"approved_on": None}),
    "clearance_withheld_by_law_until_a_day": (Clearance, {"decision": "withheld"}),
    "publication_headline_known": (Publication, {"headline": "x"}),
    "publication_trajectory_known": (Publication, {"trajectory": "x"}),
    "publication_reporting_known": (Publication, {"reporting": "x"}),
    "publication_timing_known": (Publication, {"timing": "x"}),
    "publication_paces_known": (Publication, {"assessment_pace": "x"}),
    "publication_check_known": (Publication, {"confidence": "x"}),
    "publication_reason_known": (
        Publication,
        {"revision": 2, "reason_class": "x", "reason": "理由"},
    ),
    "published_finding_paces_known": (PublishedFinding, {"self_pace": "x"}),
    "published_finding_explains_itself": (PublishedFinding, {"self_pace": "blocked"}),
    "published_reading_trajectory": (PublishedReading, {"trajectory": "x"}),
    "published_reading_target_basis": (PublishedReading, {"target_basis": ""}),
    "breakdown_state": (Breakdown, {"state": "x"}),
    "breakdown_quarter": (Breakdown, {"quarter": 5}),
    "breakdown_number_or_step": (Breakdown, {"step": ""}),
    "breakdown_decided_by_somebody": (Breakdown, {"decided_by": None}),
    "breakdown_sent_back_with_reason": (Breakdown, {"state": "sent_back"}),
    "coordination_state": (
        CoordinationItem,
        {"state": "x", "outcome": "", "closed_by": None, "closed_at": None},
    ),
    "coordination_explained": (CoordinationItem, {"text": ""}),
    "coordination_decided_whole": (CoordinationItem, {"owner": None}),
    "coordination_days_in_order": (CoordinationItem, {"due_on": LAST_YEAR}),
    "coordination_closed_with_outcome": (CoordinationItem, {"outcome": ""}),
    "coordination_note_kind": (CoordinationNote, {"kind": "x"}),
    "coordination_note_says_something": (CoordinationNote, {"text": ""}),
    "year_end_verdict_known": (YearEnd, {"verdict": "x"}),
    "year_end_explained": (YearEnd, {"reason": ""}),
    "year_end_has_its_document": (YearEnd, {"document": ""}),
    "year_end_published_by_somebody": (YearEnd, {"published_at": None}),
    "year_end_by_two_persons": (YearEnd, {"published_by": models.F("prepared_by")}),
    "slip_serial_starts_at_one": (SupervisionSlip, {"number": 0}),
    "slip_state_known": (SupervisionSlip, {"state": "x"}),
    "slip_ground_has_its_reference": (SupervisionSlip, {"ground": "overdue"}),
    "slip_says_it_all": (SupervisionSlip, {"demand": ""}),
    "slip_due_until_it_ends": (SupervisionSlip, {"due_on": None}),
    "slip_step_known": (SlipStep, {"kind": "x"}),
    "slip_step_explained": (SlipStep, {"words": ""}),
    "slip_raised_to_a_level": (SlipStep, {"level": "red"}),
    "slip_step_sets_a_day": (SlipStep, {"due_on": None}),
    "publication_withheld_has_basis": (Publication, {"headline": "withheld"}),
    "publication_extended_to_a_day": (Publication, {"headline": "extended", "extended_to": None}),
    "publication_taken_down_by_law": (Publication, {"taken_down_at": NOW}),
    "publication_corrected_by_a_voice": (Publication, {"corrected_by": "安监局"}),
    "publication_revision_explained": (Publication, {"revision": 2}),
    "notice_event_known": (Notice, {"event": "x"}),
    "notice_state_known": (Notice, {"state": "x"}),
    "notice_sent_at_a_time": (Notice, {"sent_at": NOW}),
}
# Two rows alike where only one may be: the row is written a second time as it is.
TWINS: dict[str, type[models.Model]] = {
    "membership_once": Membership,
    "unsent_form_once": UnsentForm,
    "section_number_once": Section,
    "passage_order_once": Passage,
    "passage_start_once": Passage,
    "task_number_once": Task,
    "milestone_once": Milestone,
    "track_once": Track,
    "commitment_order_once": Commitment,
    "indicator_once": Indicator,
    "target_one_a_quarter": Target,
    "target_one_a_year": Target,
    "responsibility_once_in_force": Responsibility,
    "responsibility_one_lead": Responsibility,
    "change_one_closing": ChangeRequest,
    "period_once": ReportingPeriod,
    "report_once": ProgressReport,
    "contribution_once": Contribution,
    "finding_once": Finding,
    "reading_once": Reading,
    "evidence_once": Evidence,
    "assessment_one_current": Assessment,
    "assessed_finding_once": AssessedFinding,
    "nudge_once_a_day": Nudge,
    "early_closing_one_waiting": EarlyClosing,
    "extension_one_waiting": ExtensionRequest,
    "unlock_one_current": Unlock,
    "objection_one_waiting": Objection,
    "correction_one_waiting": CorrectionRequest,
    "release_one_active": Release,
    "clearance_once": Clearance,
    "publication_revision_once": Publication,
    "publication_one_current": Publication,
    "published_finding_once": PublishedFinding,
    "published_reading_once": PublishedReading,
    "notice_once": Notice,
    "breakdown_one_number": Breakdown,
    "breakdown_one_step": Breakdown,
    "year_end_once": YearEnd,
    "slip_serial_once": SupervisionSlip,
    "slip_one_open": SupervisionSlip,
    "slip_ended_once": SlipStep,
    "slip_file_once": SlipFile,
    "coordination_one_active": CoordinationItem,
}
# What keeps the second row apart in every other respect, so that only the constraint named can
# refuse it.
APART = {
    "passage_order_once": {"start": 1000, "end": 1001},
    "passage_start_once": {"order": 1000},
    "task_number_once": {"code": "x"},
    "responsibility_one_lead": {"department_id": "duchashi"},
    "publication_revision_once": {"is_current": False},
    "slip_serial_once": {"state": "closed", "due_on": None},
    "slip_one_open": {"number": 2},
    "publication_one_current": {"revision": 2, "reason_class": "data", "reason": "理由"},
}
RECORD = {
    "ledger_seq_starts_at_one": {"seq": 0},
    "ledger_visibility_known": {"visibility": "x"},
    "ledger_alg_known": {"alg": "x"},
}
CHECKS = "record_check_counts_its_faults"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One finished quarter, with at least one row in every table of the tables above;
    nothing that is tried stays.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        office = make_office()
        page, typed = "/staff/account/", [("email", "")]
        keep_unsent(
            user=office.people.reporter, page=page, address=page, typed=typed, known="", at=NOW
        )
        begin_attempt(username="reporter", place=Place("192.0.2.7", "192.0.2.0/24", ""), at=NOW)
        yield finished(office)
        transaction.set_rollback(True)


def refused(action: Callable) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        action()
    return str(refusal.value)


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_refuses_a_row_that_breaks_the_constraint(name, world):
    model, change = BREACHES[name]
    row = model.objects.order_by("pk").last()
    message = refused(lambda: model.objects.filter(pk=row.pk).update(**change))
    assert name in message


@pytest.mark.parametrize("name", TWINS)
def test_the_database_refuses_a_second_row_that_must_be_unique(name, world):
    model = TWINS[name]
    constraint = next(c for c in model._meta.constraints if c.name == name)
    condition = constraint.condition or models.Q()
    row = model.objects.filter(condition).first()
    values = {
        f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if not f.primary_key
    }
    apart, units = APART.get(name, {}), world.units
    values |= {key: units[value].pk if value in units else value for key, value in apart.items()}
    message = refused(lambda: model(**values).save(force_insert=True))
    columns = [model._meta.get_field(field).column for field in constraint.fields]
    assert name in message or all(
        f"{model._meta.db_table}.{column}" in message for column in columns
    )


@pytest.mark.parametrize("name", RECORD)
def test_the_database_refuses_a_ledger_entry_that_breaks_the_constraint(name):
    with transaction.atomic():
        row = append([LedgerEvent("try", "thing", "1")], by=Actor(), at=NOW)[0]
    row.pk, row.seq, row.hash = None, row.seq + 1, "x"
    for field, value in RECORD[name].items():
        setattr(row, field, value)
    assert name in refused(lambda: Entry.objects.bulk_create([row]))


def test_the_database_refuses_a_check_whose_outcome_does_not_fit_its_faults():
    for outcome, faults in [("holds", 1), ("broken", 0), ("unchecked", 1), ("x", 0)]:
        row = RecordCheck(checked_at=NOW, outcome=outcome, faults=faults)
        assert CHECKS in refused(row.save)


def test_the_calendar_knows_a_day_once():
    CalendarDay.objects.create(date=LAST_YEAR, is_workday=True)
    refused(lambda: CalendarDay.objects.create(date=LAST_YEAR, is_workday=False))


def test_no_constraint_is_left_untried():
    ours = {
        c.name
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for c in model._meta.constraints
    }
    assert ours == {*BREACHES, *TWINS, *RECORD, CHECKS}
