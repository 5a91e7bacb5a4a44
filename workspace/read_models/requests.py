"""申请: extensions, objections and corrections,
for those who decide on them and those who asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from common.text.wording import cn_date
from common.time.days import local_day
from departments.models import CalendarDay, Department, User
from departments.roles import UNIT_ROLES
from departments.rules.working_days import Counting
from progress.actions.extensions import extension_refusal_reason
from progress.choices import PeriodState
from progress.models import Assessment, ExtensionRequest, ReportingPeriod
from progress.permissions import can_decide_requests
from progress.read_models.work_item import WorkItem
from progress.requirements.deadlines import deadlines_for
from progress.requirements.report import ReportRequirements
from publishing.actions.corrections import answer_by, correcting_unit, correction_refusal_reason
from publishing.actions.objections import FILING, objection_refusal_reason
from publishing.choices import Voice
from publishing.models import CorrectionRequest, Objection, Publication
from publishing.permissions import can_publish
from publishing.read_models.requests import corrections_about, objections_about
from tasks.models import Task
from tasks.recusal import recusing_units
from workspace.addresses import task_address

RequestRow = ExtensionRequest | Objection | CorrectionRequest
# Its kind, the page on which it is answered, and the column with the time it was requested.
KINDS: dict[type[RequestRow], tuple[str, str, str]] = {
    ExtensionRequest: ("延期", "decide-extension", "requested_at"),
    Objection: ("复核", "decide-objection", "filed_at"),
    CorrectionRequest: ("更正", "decide-correction", "proposed_at"),
}
# For so long a unit finds the outcome of its objection among its work items.
NEWS = timedelta(days=14)
# So many answers stay on the page of the requests.
KEPT = 20


@dataclass(frozen=True)
class Request:
    """One extension, objection or correction on the way to its answer, or answered."""

    kind: str
    task: Task
    period: ReportingPeriod
    department: Department
    requested_at: datetime
    decide_by: date
    url: str
    answer: str = ""


@dataclass(frozen=True)
class Requests:
    """Waiting for this person, waiting for somebody else, and answered lately."""

    mine: list[Request]
    others: list[Request]
    answered: list[Request]


def requests_of(user: User) -> Requests:
    """The requests a person may answer, those that wait for others, and the last answers.

    Oldest first; what comes from the person or the person's own units waits for others.
    A constant number of queries.
    """
    mine, others = _waiting(user) if can_decide_requests(user) else ([], [])
    for row in CorrectionRequest.objects.waiting().with_related():
        for_others = row.proposed_by_id == user.pk or not can_publish(user)
        (others if for_others else mine).append(_request(row, answer_by(row)))
    return Requests(_oldest_first(mine), _oldest_first(others), _answered(user))


def _answered(user: User) -> list[Request]:
    rows = list(
        CorrectionRequest.objects.exclude(decided_at=None)
        .order_by("-decided_at")
        .with_related()[:KEPT]
    )
    if can_decide_requests(user):
        for model in (ExtensionRequest, Objection):
            rows += (
                model.objects.exclude(decided_at=None).order_by("-decided_at").with_related()[:KEPT]
            )
    newest = sorted(rows, key=lambda row: row.decided_at, reverse=True)[:KEPT]
    return [_request(row, local_day(row.decided_at)) for row in newest]


def _waiting(user: User) -> tuple[list[Request], list[Request]]:
    """The extensions and objections this supervisor may answer, and those another one has to."""
    extensions = list(ExtensionRequest.objects.waiting().with_related())
    objections = list(Objection.objects.waiting().with_related())
    deadlines = deadlines_for((row.task_id, row.period) for row in extensions)
    own = set(Task.objects.answered_for_by(recusing_units(user)).values_list("pk", flat=True))
    judged = (
        set(Assessment.objects.filter(assessed_by=user).values_list("report", flat=True))
        if objections
        else set()
    )
    mine, others = [], []
    for row in extensions:
        due_on = deadlines[row.task_id, row.period_id].due_on
        (others if row.task_id in own else mine).append(_request(row, due_on))
    for row in objections:
        for_others = row.publication.task_id in own or row.publication.report_id in judged
        (others if for_others else mine).append(_request(row, row.decide_by))
    return _oldest_first(mine), _oldest_first(others)


def _oldest_first(requests: Iterable[Request]) -> list[Request]:
    return sorted(requests, key=lambda request: request.requested_at)


def _request(row: RequestRow, decide_by: date) -> Request:
    kind, page, requested_at = KINDS[type(row)]
    about = row if isinstance(row, ExtensionRequest) else row.publication
    answer = row.get_state_display()
    if isinstance(row, ExtensionRequest) and row.granted_until:
        answer = f"{answer}至{cn_date(row.granted_until)}"
    return Request(
        kind=kind,
        task=about.task,
        period=about.period,
        department=row.department,
        requested_at=getattr(row, requested_at),
        decide_by=decide_by,
        url=reverse(f"workspace:{page}", args=[row.pk]),
        answer=answer,
    )


def request_work_items(user: User, today: date) -> list[WorkItem]:
    """The requests a person has to decide, and the decisions on the own units' objections."""
    return [*_to_decide(user), *_decided(user, today)]


def _to_decide(user: User) -> list[WorkItem]:
    waiting = _waiting(user)[0] if can_decide_requests(user) else []
    return [
        WorkItem(
            due_on=line.decide_by,
            title=f"{line.kind}申请：{line.task.title}",
            missing=f"{line.department.short_name}{cn_date(line.requested_at)}申请，等您答复",
            url=line.url,
            verb="答复",
            note=f"{line.task.code} · {line.period.label}",
            demonstration=line.period.demonstration,
        )
        for line in waiting
    ]


def _decided(user: User, today: date) -> list[WorkItem]:
    """What became of the objections of the person's units, for as long as it is news."""
    units = user.department_ids(*UNIT_ROLES)
    if not units:
        return []
    tasks = Task.objects.answered_for_by(units)
    recent = Objection.objects.filter(decided_at__date__gt=today - NEWS)
    rows = recent.filter(publication__task__in=tasks).with_related()
    return [_decided_work_item(row) for row in rows]


def _decided_work_item(row: Objection) -> WorkItem:
    publication = row.publication
    return WorkItem(
        due_on=local_day(row.decided_at) + NEWS,
        title=f"复核结论“{row.get_state_display()}”：{publication.task.title}",
        missing="结论和意见在填报页",
        url=task_address("report", publication.task, publication.period),
        verb="查看",
        note=f"{publication.task.code} · {publication.period.label}",
        demonstration=publication.demonstration,
    )


@dataclass(frozen=True)
class RequestRights:
    """What a unit may request about one report, what it did, and how its due day was counted."""

    counting: Counting
    may_extend: bool
    unlocked: bool
    publication: Publication | None
    may_object: bool
    object_until: date | None
    objections: list[Objection]
    may_correct: bool
    leads: bool
    corrections: list[CorrectionRequest]


def rights_of(user: User, requirements: ReportRequirements, today: date) -> RequestRights:
    """What the person may request about a report, as of today. A constant number of queries."""
    span = (requirements.period.opens_on, requirements.period.due_on)
    own = user.department_ids(*UNIT_ROLES) & {
        row.department_id for row in requirements.responsibilities
    }
    publication = _published(requirements)
    judged = publication is not None and bool(publication.assessment_pace)
    leads = (
        publication is not None and correcting_unit(requirements.task, Voice.UNIT, user) is not None
    )
    return RequestRights(
        counting=CalendarDay.objects.countings([span])[span],
        may_extend=bool(own)
        and not extension_refusal_reason(requirements.deadline, requirements.report, today=today),
        unlocked=requirements.deadline.is_unlocked(today),
        publication=publication,
        may_object=bool(own) and judged and not objection_refusal_reason(publication, today=today),
        object_until=local_day(publication.published_at) + FILING if judged else None,
        objections=objections_about(requirements.task, requirements.period) if publication else [],
        leads=leads,
        may_correct=leads and not correction_refusal_reason(publication, Voice.UNIT, user),
        corrections=(
            corrections_about(requirements.task, requirements.period) if publication else []
        ),
    )


def _published(requirements: ReportRequirements) -> Publication | None:
    if requirements.period.state != PeriodState.RELEASED:
        return None
    return (
        Publication.objects.current()
        .filter(task=requirements.task, period=requirements.period)
        .defer("content")
        .first()
    )
