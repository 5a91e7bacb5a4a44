"""What became of what a unit handed in: verdicts, slips, extensions, corrections and bad ratings of
its answers; and the days left to object to a verdict.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from common.not_null import not_null
from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import User
from departments.roles import UNIT_ROLES
from feedback.choices import DISSATISFIED
from feedback.models import Rating, Ticket
from progress.choices import ExtensionState, ReportStatus
from progress.models import Assessment, ExtensionRequest, ProgressReport, ReportingPeriod
from progress.read_models.work_item import WorkItem
from publishing.actions.objections import FILING
from publishing.choices import CorrectionState
from publishing.models import CorrectionRequest, Publication
from supervision.choices import ENDED, SlipStepKind
from supervision.models import SupervisionSlip
from tasks.models import Task
from tasks.querysets import source_document_fields
from workspace.addresses import task_address
from workspace.read_models.requests import NEWS

OBJECT_LATER = f"公布后 {FILING.days} 天内可以申请复核"


@dataclass(frozen=True)
class Outcome:
    """What was decided. `is_contrary`: the unit may want to answer it, so it stands above the work
    list under 需要知道的; anything else is settled and stands below, under 最近办结.
    """

    on: date
    title: str
    words: str
    url: str
    note: str
    demonstration: bool
    is_contrary: bool = False


def outcomes_for(user: User, today: date) -> list[Outcome]:
    """What was decided lately about the person's units, the contrary first, then the newest.

    A contrary verdict stays until it is published; then `objection_work_items` has it. A constant
    number of queries.
    """
    units = user.department_ids(*UNIT_ROLES)
    if not units:
        return []
    since = today - NEWS
    outcomes = [
        *_verdicts(Task.objects.answered_for_by(units), since),
        *_ended_slips(user.related_units_as(*UNIT_ROLES), since),
        *_extensions(units, since),
        *_corrections(units, since),
        *_bad_ratings(user, units, since),
    ]
    newest_first = sorted(outcomes, key=lambda outcome: outcome.on, reverse=True)
    return sorted(newest_first, key=lambda outcome: not outcome.is_contrary)


def _verdicts(tasks: QuerySet[Task], since: date) -> Iterator[Outcome]:
    current = Assessment.objects.filter(is_current=True).prefetch_related("findings")
    recent = Q(assessments__is_current=True, assessments__assessed_at__date__gt=since)
    unpublished = Q(status=ReportStatus.VERIFIED)
    rows = ProgressReport.objects.filter(unpublished | recent, task__in=tasks)
    rows = rows.filter(status__in=[ReportStatus.VERIFIED, ReportStatus.RELEASED]).distinct()
    for report in rows.with_related().prefetch_related(Prefetch("assessments", current)):
        for assessment in report.assessments.all():
            on = local_day(assessment.assessed_at)
            words = difference_in_words(report, assessment)
            if not words and on > since:
                agreed = f"审核通过：督查核定{assessment.get_pace_display()}，与自评一致"
                yield _outcome(on, report.task, report.period, agreed)
            elif words and report.status == ReportStatus.VERIFIED:
                later = f"{words}；{OBJECT_LATER}"
                yield _outcome(on, report.task, report.period, later, is_contrary=True)


def difference_in_words(report: ProgressReport, assessment: Assessment) -> str:
    """How the verdict differs from the unit's own, as a whole or on commitments; empty if it does
    not.
    """
    if assessment.pace != report.pace:
        return f"督查核定{assessment.get_pace_display()}，与自评{report.get_pace_display()}不一致"
    single = len(assessment.findings.all())
    return f"督查核定总体与自评一致，{single} 条分解事项不一致" if single else ""


def _ended_slips(units: set[int], since: date) -> Iterator[Outcome]:
    rows = SupervisionSlip.objects.filter(department__in=units, state__in=ENDED)
    rows = rows.filter(steps__kind__in=ENDING, steps__at__date__gt=since)
    for slip in rows.with_related().prefetch_related("steps"):
        ended = next(step for step in slip.steps.all() if step.kind in ENDING)
        yield Outcome(
            on=local_day(ended.at),
            title=slip.task.title,
            words=f"{slip.serial}{ENDING[ended.kind]}",
            url=slip.get_absolute_url(),
            note=slip.task.code,
            demonstration=slip.demonstration,
        )


ENDING: dict[str, str] = {
    SlipStepKind.CLOSED: "已销号",
    SlipStepKind.WITHDRAWN: "已撤销，不用再回复",
}


def _extensions(units: set[int], since: date) -> Iterator[Outcome]:
    rows = ExtensionRequest.objects.filter(department__in=units, decided_at__date__gt=since)
    for row in rows.with_related():
        until = f"至{cn_date(row.granted_until)}" if row.granted_until else ""
        yield _outcome(
            local_day(not_null(row.decided_at)),
            row.task,
            row.period,
            f"延期申请：{row.get_state_display()}{until}",
            is_contrary=row.state == ExtensionState.REFUSED,
        )


def _corrections(units: set[int], since: date) -> Iterator[Outcome]:
    """Published ones; one that was returned is among the work items of whoever proposed it."""
    rows = CorrectionRequest.objects.filter(
        department__in=units, state=CorrectionState.PUBLISHED, decided_at__date__gt=since
    )
    for row in rows.with_related():
        line = row.publication
        on = local_day(not_null(row.decided_at))
        yield _outcome(on, line.task, line.period, "更正已公布")


def _bad_ratings(user: User, units: set[int], since: date) -> Iterator[Outcome]:
    """Answers of the units that did not satisfy their writers; who calls those is the office."""
    rows = Rating.objects.filter(
        grade__in=DISSATISFIED,
        at__date__gt=since,
        reply__department__in=units,
        reply__ticket__in=Ticket.objects.visible_to(user),
    )
    for row in rows.select_related("reply__ticket").order_by("pk"):
        letter = row.reply.ticket
        yield Outcome(
            on=local_day(row.at),
            title=f"{letter.get_kind_display()} {letter.number}",
            words=f"来信人评价本单位的答复：{row.get_grade_display()}",
            url=reverse("staff_feedback:ticket", args=[letter.number]),
            note="诉求",
            demonstration=letter.demonstration,
        )


def _outcome(
    on: date, task: Task, period: ReportingPeriod, words: str, *, is_contrary: bool = False
) -> Outcome:
    return Outcome(
        on=on,
        title=task.title,
        words=words,
        url=task_address("report", task, period),
        note=f"{task.code} · {period.label}",
        demonstration=period.demonstration,
        is_contrary=is_contrary,
    )


def objection_work_items(user: User, today: date) -> list[WorkItem]:
    """The published verdicts that differ from what the person's units said of themselves, for as
    long as they may object and have not.
    """
    units = user.department_ids(*UNIT_ROLES)
    if not units:
        return []
    rows = Publication.objects.open_to_objection(today - FILING).filter(
        task__in=Task.objects.answered_for_by(units)
    )
    heavy = ["content", "task__search_text", *source_document_fields("period__plan")]
    return [
        WorkItem(
            due_on=local_day(row.published_at) + FILING,
            title=f"督查核定与自评不一致：{row.task.title}",
            missing=f"{row.disagreement}；不同意的，可以申请复核",
            url=task_address("report", row.task, row.period),
            verb="查看",
            note=f"{row.task.code} · {row.period.label}",
            demonstration=row.demonstration,
        )
        for row in rows.select_related("task", "period__plan").defer(*heavy).order_by("pk")
    ]
