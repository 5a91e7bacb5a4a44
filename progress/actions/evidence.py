"""Actions on evidence: adding files to a unit's part of a report, and removing them."""

from datetime import datetime
from functools import partial

from django.db import transaction

from common.errors import Refused
from common.files.uploads import CheckedFile
from common.time.days import local_day
from departments.models import Department, User
from departments.roles import Role
from ledger.actions import append
from progress.actions.locks import locked_report, report_event
from progress.actions.reports import check_answers_for, check_may_write
from progress.choices import EvidenceKind
from progress.models import Contribution, Evidence, ProgressReport

MAX_FILES = 10


@transaction.atomic
def add_evidence(
    *,
    report: ProgressReport,
    department: Department,
    upload: CheckedFile,
    caption: str,
    is_public: bool,
    kind: str = EvidenceKind.MATERIAL,
    by: User,
    at: datetime,
) -> Evidence:
    """Adds one file to a unit's part of a report, which is begun if there is none yet.

    `upload`: the file, already checked. `caption`: what it shows. `is_public`: whether it is
    published with the report. A file added to a draft belongs to it and has no ledger entry; a
    signed form may also follow a report being signed or submitted, and then has one.

    Raises Refused if the report cannot take the file at this moment, the unit is not responsible
    for the task, a signed form is marked public, the unit has MAX_FILES files already, or this
    file is there already.
    """
    report = _lock_for_upload(report, department, kind, at)
    if kind == EvidenceKind.SIGNED_FORM and is_public:
        raise Refused("盖章报告表不对外公开，请取消“可以公开”。")
    defaults = {"filed_by": by, "filed_at": at}
    contribution, _ = Contribution.objects.get_or_create(
        report=report, department=department, defaults=defaults
    )
    _check_can_take(contribution, upload)
    fields = {"kind": kind, "caption": caption, "is_public": is_public, "added_at": at}
    fields |= upload.columns | upload.original_columns
    evidence = Evidence.objects.create(contribution=contribution, **fields)
    if not report.can_be_edited:
        event = report_event("add_signed_form", report, {"sha256": evidence.sha256})
        append([event], by=by.actor(Role.REPORTER, of=department.pk), at=at)
    return evidence


def _lock_for_upload(
    report: ProgressReport, department: Department, kind: str, at: datetime
) -> ProgressReport:
    if kind == EvidenceKind.SIGNED_FORM:
        report = locked_report(report, "add_signed_form")
        check_answers_for(report.task, department)
        return report
    report = locked_report(report, "save_draft")
    check_may_write(report, department, local_day(at))
    return report


def _check_can_take(contribution: Contribution, upload: CheckedFile) -> None:
    if contribution.evidence.count() >= MAX_FILES:
        raise Refused(f"每个单位每次最多上传 {MAX_FILES} 份佐证材料。")
    if contribution.evidence.filter(sha256=upload.sha256).exists():
        raise Refused(f"“{upload.name}”已经上传过了。")


@transaction.atomic
def remove_evidence(*, evidence: Evidence) -> None:
    """Deletes a file and its original from a draft, and from the disk after the commit.

    Raises Refused if the report is no draft, or if the file was submitted with it once.
    """
    report = locked_report(evidence.contribution.report, "save_draft")
    if report.submitted_at and evidence.added_at <= report.submitted_at:
        raise Refused("已经报送过的佐证材料不能删除，可以补充新的。")
    evidence.delete()
    for file in filter(None, (evidence.file, evidence.original)):
        transaction.on_commit(partial(file.delete, save=False))
