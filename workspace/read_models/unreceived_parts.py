"""The parts of joint items that the person's units did not hand in: what the lead said without
them, and how such a part can still come in.
"""

from datetime import date

from django.db.models import OuterRef, Subquery

from common.not_null import not_null
from common.time.days import local_day
from departments.models import User
from departments.roles import Role
from progress.choices import ReportStatus
from progress.models import ProgressReport, ReportingPeriod
from progress.requirements.deadlines import can_be_filed
from progress.requirements.loading import requirements_for_all
from progress.requirements.report import ReportRequirements
from publishing.choices import CORRECTIONS, ReleaseState
from publishing.models import Publication, Release
from tasks.models import Task
from tasks.querysets import source_document_fields
from workspace.addresses import task_address
from workspace.read_models.outcomes import Outcome
from workspace.read_models.queues import LateQuarter

SENT = [ReportStatus.SIGNING, ReportStatus.SUBMITTED, ReportStatus.VERIFIED]


def unreceived_parts(user: User, today: date) -> list[Outcome]:
    """The reports that went on their way without a part of the person's units, until they are
    published.
    """
    units = user.department_ids(Role.REPORTER)
    if not units:
        return []
    rows = ProgressReport.objects.filter(
        status__in=SENT, task__in=Task.objects.answered_for_by(units)
    ).with_related()
    required = requirements_for_all((row.task, row.period) for row in rows.order_by("pk"))
    releases = Release.objects.filter(state=ReleaseState.PREPARED)
    prepared = set(releases.values_list("period_id", flat=True))
    return [
        _outcome(requirements, names, _way_in(requirements, prepared, today))
        for requirements in required
        if (names := _silent_names(requirements, units))
    ]


def _silent_names(requirements: ReportRequirements, units: set[int]) -> str:
    """The person's units that handed in no part to the lead; empty if there is none."""
    if requirements.lead is None or requirements.lead.department_id in units:
        return ""
    silent = [row.department for row in requirements.silent if row.department_id in units]
    return "、".join(unit.short_name for unit in silent)


def _outcome(requirements: ReportRequirements, names: str, way_in: str) -> Outcome:
    report, task, period = requirements.begun_report, requirements.task, requirements.period
    is_signing = report.status == ReportStatus.SIGNING
    step = "送审签" if is_signing else "报送"
    lead = requirements.lead_unit.short_name
    sent_at = report.sent_at if is_signing else report.submitted_at
    return Outcome(
        on=local_day(not_null(sent_at)),
        title=task.title,
        words=f"{lead}已{step}，注明未收到{names}部分；{way_in}",
        url=task_address("report", task, period),
        note=f"{task.code} · {period.label}",
        demonstration=period.demonstration,
        is_contrary=True,
    )


def _way_in(requirements: ReportRequirements, prepared: set[int], today: date) -> str:
    """How the part can still be handed in before the release.

    `prepared`: ids of the periods whose release has been prepared.
    """
    report, lead = requirements.begun_report, requirements.lead_unit.short_name
    if requirements.period.pk in prepared:
        return "报审稿已准备好，公布时写明"
    if can_be_filed(requirements.deadline, report, today=today):
        if report.status == ReportStatus.SIGNING:
            return f"要补交的，请{lead}从审签收回后补交"
        if report.status == ReportStatus.SUBMITTED and not requirements.period.is_released:
            return f"要补交的，请{lead}收回报送后补交"
    if report.status == ReportStatus.SIGNING:
        return "现在不能填报，要补交的，请联系督查室"
    return "要补交的，请督查室退回后补交"


def published_without_parts(user: User) -> list[LateQuarter]:
    """Lines of 可以补报 for what the newest release of each plan says without a part of the
    person's units, until the lead has it corrected.
    """
    units = user.department_ids(Role.REPORTER)
    if not units:
        return []
    rows = Publication.objects.current().filter(task__in=Task.objects.answered_for_by(units))
    newest = ReportingPeriod.objects.released().filter(plan=OuterRef("period__plan"))
    newest_id = Subquery(newest.order_by("-year", "-index").values("pk")[:1])
    rows = (
        rows.filter(period=newest_id).exclude(silent_units="").exclude(reason_class__in=CORRECTIONS)
    )
    rows = rows.filter(withheld_basis="").select_related("task", "period__plan")
    rows = rows.defer("content", "task__search_text", *source_document_fields("period__plan"))
    ordered = rows.order_by("-period__year", "-period__index", "task__number")
    required = requirements_for_all((row.task, row.period) for row in ordered)
    return [
        LateQuarter(
            requirements.period,
            [requirements.task],
            task_address("report", requirements.task, requirements.period),
            verb="查看",
            without=f"已公布，写明未收到{names}部分；要补充的，请"
            f"{requirements.lead_unit.short_name}提出更正",
        )
        for requirements in required
        if (names := _silent_names(requirements, units))
    ]
