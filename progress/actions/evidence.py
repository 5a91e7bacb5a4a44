from datetime import datetime

from django.db import transaction

from common.errors import Refused
from common.files.uploads import CheckedFile
from common.time.days import local_day
from departments.models import Department, Role, User
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
    """Files one paper with the unit's part; part of the draft, so no deed of its own.

    The signed scan of the form may follow a report that was sent to be signed or handed in: that is a deed.
    """
    report = _held_for(report, department, kind, at)
    if kind == EvidenceKind.SIGNED_FORM and is_public:
        raise Refused("盖章报告表不对外公开，请取消“可以公开”。")
    filed = {"filed_by": by, "filed_at": at}
    contribution, _ = Contribution.objects.get_or_create(report=report, department=department, defaults=filed)
    _check_room(contribution, upload)
    evidence = _kept(upload, contribution=contribution, kind=kind, caption=caption, is_public=is_public, added_at=at)
    if not report.can_be_edited:
        event = report_event("add_signed_form", report, {"sha256": evidence.sha256})
        append([event], by=by.actor(Role.REPORTER, of=department.pk), at=at)
    return evidence


def _held_for(report: ProgressReport, department: Department, kind: str, at: datetime) -> ProgressReport:
    if kind == EvidenceKind.SIGNED_FORM:
        report = locked_report(report, "add_signed_form")
        check_answers_for(report.task, department)
        return report
    report = locked_report(report, "save_draft")
    check_may_write(report, department, local_day(at))
    return report


def _kept(upload: CheckedFile, **about) -> Evidence:
    return Evidence.objects.create(**upload.columns, **about)


def _check_room(contribution: Contribution, upload: CheckedFile) -> None:
    if contribution.evidence.count() >= MAX_FILES:
        raise Refused(f"每个单位每次最多上传 {MAX_FILES} 份佐证材料。")
    if contribution.evidence.filter(sha256=upload.sha256).exists():
        raise Refused(f"“{upload.name}”已经上传过了。")


@transaction.atomic
def remove_evidence(*, evidence: Evidence) -> None:
    """Only from a draft; what was once submitted is part of the past."""
    report = locked_report(evidence.contribution.report, "save_draft")
    if report.first_submitted_at and evidence.added_at <= report.submitted_at:
        raise Refused("已经报送过的佐证材料不能删除，可以补充新的。")
    evidence.delete()
    transaction.on_commit(lambda: evidence.file.delete(save=False))
