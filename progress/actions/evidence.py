from datetime import datetime

from django.db import transaction

from departments.models import Department, User
from progress.actions.locks import locked_report
from progress.models import Contribution, Evidence, ProgressReport
from yantian_portal.lib.errors import Refused
from yantian_portal.lib.uploads import CheckedFile

MAX_FILES = 10


@transaction.atomic
def add_evidence(
    *,
    report: ProgressReport,
    department: Department,
    upload: CheckedFile,
    caption: str,
    is_public: bool,
    by: User,
    at: datetime,
) -> Evidence:
    """Files one piece of evidence with the unit's part; part of the draft, so no deed of its own."""
    report = locked_report(report, "save_draft")
    contribution, _ = Contribution.objects.get_or_create(
        report=report, department=department, defaults={"filed_by": by, "filed_at": at}
    )
    if contribution.evidence.count() >= MAX_FILES:
        raise Refused(f"每个单位每次最多上传 {MAX_FILES} 份佐证材料。")
    if contribution.evidence.filter(sha256=upload.sha256).exists():
        raise Refused(f"“{upload.name}”已经上传过了。")
    return Evidence.objects.create(
        contribution=contribution,
        file=upload.content,
        name=upload.name,
        caption=caption,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        is_public=is_public,
        added_at=at,
    )


@transaction.atomic
def remove_evidence(*, evidence: Evidence) -> None:
    """Only from a draft; what was once submitted is part of the past."""
    report = locked_report(evidence.contribution.report, "save_draft")
    if report.first_submitted_at and evidence.added_at <= report.submitted_at:
        raise Refused("已经报送过的佐证材料不能删除,可以补充新的。")
    evidence.delete()
    transaction.on_commit(lambda: evidence.file.delete(save=False))
