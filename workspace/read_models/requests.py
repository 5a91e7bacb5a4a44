"""申请: extensions, objections and corrections,
for those who decide on them and those who asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet
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
Row = TypeVar("Row", ExtensionRequest, Objection, CorrectionRequest)
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
    """One extension, objection or correction on the way to its answer, or answered.

    `decide_by`: the day by which it has to be answered, or the day on which it was. `is_mine`:
    whether it waits for this person and not for somebody else.
    """

    kind: str
    task: Task
    period: ReportingPeriod
    department: Department
    requested_at: datetime
    decide_by: date
    url: str
    answer: str = ""
    is_mine: bool = False


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
    waiting = _oldest_first([*_waiting_requests(user), *_waiting_corrections(user)])
    return Requests(
        mine=[request for request in waiting if request.is_mine],
        others=[request for request in waiting if not request.is_mine],
        answered=_answered(user),
    )


def _answered(user: User) -> list[Request]:
    answered: list[RequestRow] = list(_last_answered(CorrectionRequest.objects.with_related()))
    if can_decide_requests(user):
        answered += _last_answered(ExtensionRequest.objects.with_related())
        answered += _last_answered(Objection.objects.with_related())
    dated = [(row.decided_at, row) for row in answered if row.decided_at]
    newest = sorted(dated, key=lambda pair: pair[0], reverse=True)[:KEPT]
    return [_request(row, local_day(decided_at)) for decided_at, row in newest]


def _last_answered(rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.exclude(decided_at=None).order_by("-decided_at")[:KEPT]


def _waiting_requests(user: User) -> list[Request]:
    """The extensions and objections that wait for a supervisor."""
    if not can_decide_requests(user):
        return []
    own = set(Task.objects.answered_for_by(recusing_units(user)).values_list("pk", flat=True))
    return [*_waiting_extensions(own), *_waiting_objections(user, own)]


def _waiting_extensions(own: set[int]) -> list[Request]:
    """`own`: the ids of the tasks of the person's units, which another supervisor decides."""
    rows = list(ExtensionRequest.objects.waiting().with_related())
    deadlines = deadlines_for((row.task_id, row.period) for row in rows)
    return [
        _request(row, deadlines[row.task_id, row.period_id].due_on, is_mine=row.task_id not in own)
        for row in rows
    ]


def _waiting_objections(user: User, own: set[int]) -> list[Request]:
    """Nobody decides on an objection to a verdict of their own."""
    rows = list(Objection.objects.waiting().with_related())
    judged: set[int] = set()
    if rows:
        own_verdicts = Assessment.objects.filter(assessed_by=user)
        judged = set(own_verdicts.values_list("report", flat=True))
    return [
        _request(
            row,
            row.decide_by,
            is_mine=row.publication.task_id not in own and row.publication.report_id not in judged,
        )
        for row in rows
    ]


def _waiting_corrections(user: User) -> list[Request]:
    publishes = can_publish(user)
    return [
        _request(row, answer_by(row), is_mine=publishes and row.proposed_by_id != user.pk)
        for row in CorrectionRequest.objects.waiting().with_related()
    ]


def _oldest_first(requests: Iterable[Request]) -> list[Request]:
    return sorted(requests, key=lambda request: request.requested_at)


def _request(row: RequestRow, decide_by: date, *, is_mine: bool = False) -> Request:
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
        is_mine=is_mine,
    )


def request_work_items(user: User, today: date) -> list[WorkItem]:
    """The requests a person has to decide, and the decisions on the own units' objections."""
    return [*_to_decide(user), *_decided(user, today)]


def _to_decide(user: User) -> list[WorkItem]:
    waiting = [request for request in _waiting_requests(user) if request.is_mine]
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
        for line in _oldest_first(waiting)
    ]


def _decided(user: User, today: date) -> list[WorkItem]:
    """What became of the objections of the person's units, for as long as it is news."""
    units = user.department_ids(*UNIT_ROLES)
    if not units:
        return []
    tasks = Task.objects.answered_for_by(units)
    recent = Objection.objects.filter(decided_at__date__gt=today - NEWS)
    rows = recent.filter(publication__task__in=tasks).with_related()
    return [_decided_work_item(row, row.decided_at) for row in rows if row.decided_at]


def _decided_work_item(row: Objection, decided_at: datetime) -> WorkItem:
    publication = row.publication
    return WorkItem(
        due_on=local_day(decided_at) + NEWS,
        title=f"复核结论“{row.get_state_display()}”：{publication.task.title}",
        missing="结论和意见在填报页",
        url=task_address("report", publication.task, publication.period),
        verb="查看",
        note=f"{publication.task.code} · {publication.period.label}",
        demonstration=publication.demonstration,
    )


@dataclass(frozen=True)
class RequestRights:
    """What a unit may request about one report, what it did, and how its due day was counted.

    What follows `publication` is about what is published of the report.
    """

    counting: Counting
    may_extend: bool
    unlocked: bool
    publication: Publication | None = None
    may_object: bool = False
    object_until: date | None = None
    objections: list[Objection] = field(default_factory=list)
    may_correct: bool = False
    leads: bool = False
    corrections: list[CorrectionRequest] = field(default_factory=list)


def rights_of(user: User, requirements: ReportRequirements, today: date) -> RequestRights:
    """What the person may request about a report, as of today. A constant number of queries."""
    span = (requirements.period.opens_on, requirements.period.due_on)
    is_own = bool(user.department_ids(*UNIT_ROLES) & requirements.units)
    rights = RequestRights(
        counting=CalendarDay.objects.countings([span])[span],
        may_extend=is_own
        and not extension_refusal_reason(requirements.deadline, requirements.report, today=today),
        unlocked=requirements.deadline.is_unlocked(today),
    )
    publication = _published(requirements)
    if publication is None:
        return rights
    return _with_publication(rights, publication, requirements, user, is_own=is_own, today=today)


def _with_publication(
    rights: RequestRights,
    publication: Publication,
    requirements: ReportRequirements,
    user: User,
    *,
    is_own: bool,
    today: date,
) -> RequestRights:
    """With what may be requested about the publication; `is_own`: a unit of the person answers."""
    task, period = requirements.task, requirements.period
    judged = bool(publication.assessment_pace)
    leads = correcting_unit(task, Voice.UNIT, user) is not None
    return replace(
        rights,
        publication=publication,
        may_object=is_own and judged and not objection_refusal_reason(publication, today=today),
        object_until=local_day(publication.published_at) + FILING if judged else None,
        objections=objections_about(task, period),
        leads=leads,
        may_correct=leads and not correction_refusal_reason(publication, Voice.UNIT, user),
        corrections=corrections_about(task, period),
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
