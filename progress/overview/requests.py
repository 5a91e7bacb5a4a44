"""申请: what units ask for, before those who decide it and before those who asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from departments.counting import Counting
from departments.models import CalendarDay, Department, Role, User
from progress.actions import no_extension, no_objection, recusing_units
from progress.actions.objections import FILING
from progress.due import terms_of
from progress.filing import Sheet
from progress.models import Assessment, ExtensionRequest, Objection, Publication, ReportingPeriod
from progress.overview.duty import Duty
from tasks.models import Task
from yantian_portal.lib.days import local_day
from yantian_portal.lib.wording import cn_date

EXTENSION, OBJECTION = "延期", "复核"
# So long a unit reads among its duties what became of its objection; so many answers the supervisors' room keeps.
NEWS, KEPT = timedelta(days=14), 20


@dataclass(frozen=True)
class Request:
    """One extension or objection on the way to its answer, or answered."""

    kind: str
    task: Task
    period: ReportingPeriod
    department: Department
    asked_at: datetime
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
    """Oldest first; a person's own units and own verdicts wait for others. A constant number of queries."""
    mine, others = _waiting(user)
    extensions = ExtensionRequest.objects.exclude(state=ExtensionRequest.State.ASKED).order_by("-decided_at")
    objections = Objection.objects.exclude(state=Objection.State.FILED).order_by("-decided_at")
    answered = [*extensions.with_places()[:KEPT], *objections.with_places()[:KEPT]]
    newest = sorted(answered, key=lambda row: row.decided_at, reverse=True)[:KEPT]
    return Requests(mine, others, [_line(row, row.decided_at.date()) for row in newest])


def _waiting(user: User) -> tuple[list[Request], list[Request]]:
    extensions = list(ExtensionRequest.objects.waiting().with_places())
    objections = list(Objection.objects.waiting().with_places())
    terms = terms_of((row.task_id, row.period) for row in extensions)
    own = set(Task.objects.answered_for_by(recusing_units(user)).values_list("pk", flat=True))
    judged = set(Assessment.objects.filter(assessed_by=user).values_list("report", flat=True)) if objections else set()
    mine, others = [], []
    for row in extensions:
        due_on = terms[row.task_id, row.period_id].due_on
        (others if row.task_id in own else mine).append(_line(row, due_on))
    for row in objections:
        kept = row.publication.task_id in own or row.publication.report_id in judged
        (others if kept else mine).append(_line(row, row.decide_by))
    return _oldest_first(mine), _oldest_first(others)


def _oldest_first(lines: Iterable[Request]) -> list[Request]:
    return sorted(lines, key=lambda line: line.asked_at)


def _line(row: ExtensionRequest | Objection, decide_by: date) -> Request:
    asked = isinstance(row, ExtensionRequest)
    about = row if asked else row.publication
    answer = row.get_state_display()
    if asked and row.granted_until:
        answer = f"{answer}至{cn_date(row.granted_until)}"
    return Request(
        kind=EXTENSION if asked else OBJECTION,
        task=about.task,
        period=about.period,
        department=row.department,
        asked_at=row.asked_at if asked else row.filed_at,
        decide_by=decide_by,
        url=reverse(f"staff_progress:{'decide-extension' if asked else 'decide-objection'}", args=[row.pk]),
        answer=answer,
    )


def request_duties(user: User, today: date) -> list[Duty]:
    """To decide, to correct what was decided, and to read what became of one's own."""
    return [*_to_decide(user), *_to_correct(user), *_decided(user, today)]


def _to_decide(user: User) -> list[Duty]:
    waiting = _waiting(user)[0] if user.has_role(Role.SUPERVISOR) else []
    return [
        Duty(
            due_on=line.decide_by,
            title=f"{line.kind}申请：{line.task.title}",
            missing=f"{line.department.short_name}{cn_date(line.asked_at)}申请，等您答复",
            url=line.url,
            verb="答复",
            note=f"{line.task.code} · {line.period.label}",
            demonstration=line.period.demonstration,
        )
        for line in waiting
    ]


def _to_correct(user: User) -> list[Duty]:
    """An objection that was upheld leads on to a correction, which is the publisher's own deed."""
    if not user.has_role(Role.PUBLISHER):
        return []
    upheld = [Objection.State.UPHELD, Objection.State.PARTLY]
    rows = Objection.objects.filter(state__in=upheld, publication__is_current=True).with_places()
    return [
        _about(
            row,
            row.decide_by,
            "还没有按复核结论更正",
            "更正",
            reverse("staff_progress:correct", args=[row.publication_id]),
        )
        for row in rows
    ]


def _decided(user: User, today: date) -> list[Duty]:
    units = user.departments_as(Role.REPORTER, Role.SIGNER)
    if not units:
        return []
    tasks = Task.objects.answered_for_by(units)
    rows = Objection.objects.filter(decided_at__date__gt=today - NEWS, publication__task__in=tasks).with_places()
    return [
        _about(row, local_day(row.decided_at) + NEWS, "结论和意见在填报页", "查看", _report_page(row.publication))
        for row in rows
    ]


def _about(row: Objection, due_on: date, missing: str, verb: str, url: str) -> Duty:
    shown = row.publication
    return Duty(
        due_on=due_on,
        title=f"复核结论“{row.get_state_display()}”：{shown.task.title}",
        missing=missing,
        url=url,
        verb=verb,
        note=f"{shown.task.code} · {shown.period.label}",
        demonstration=shown.demonstration,
    )


def _correction_page(row: Objection) -> str:
    return reverse("staff_progress:correct", args=[row.publication_id])


def _report_page(row: Publication) -> str:
    return reverse("staff_progress:report", args=[row.task.code, row.period.year, row.period.index])


@dataclass(frozen=True)
class Rights:
    """What a unit may still ask about one report, what it asked, and why its day is the day it is."""

    counting: Counting
    may_extend: bool
    unlocked: bool
    publication: Publication | None
    may_object: bool
    object_until: date | None
    objections: list[Objection]


def rights_of(user: User, sheet: Sheet, today: date) -> Rights:
    """Four queries at most."""
    span = (sheet.period.opens_on, sheet.period.due_on)
    own = user.departments_as(Role.REPORTER, Role.SIGNER) & {row.department_id for row in sheet.responsibilities}
    shown = Publication.objects.current().filter(task=sheet.task, period=sheet.period).defer("content").first()
    judged = shown is not None and bool(shown.assessment_pace)
    return Rights(
        counting=CalendarDay.objects.countings([span])[span],
        may_extend=bool(own) and not no_extension(sheet.term, sheet.report, today=today),
        unlocked=sheet.term.unlocked(today),
        publication=shown,
        may_object=bool(own) and judged and not no_objection(shown, today=today),
        object_until=local_day(shown.published_at) + FILING if judged else None,
        objections=objections_about(sheet.task, sheet.period),
    )


def objections_about(task: Task, period: ReportingPeriod) -> list[Objection]:
    """Every objection to whatever revision, oldest first."""
    rows = Objection.objects.filter(publication__task=task, publication__period=period)
    return list(rows.select_related("publication", "department", "decided_by").defer("publication__content"))
