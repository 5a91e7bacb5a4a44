"""更正: what a correction would change, and the work items of those who
propose and publish them.
"""

from datetime import date, datetime

from django.urls import reverse

from common.text.wording import cn_date, number
from common.time.days import local_day
from departments.models import User
from progress.choices import Pace
from progress.models import Assessment
from progress.read_models.work_item import WorkItem
from public.read_models.publications import RevisionDifference
from publishing.actions.corrections import answer_by
from publishing.choices import CorrectionState, Voice
from publishing.models import CorrectionRequest, Objection, Publication
from publishing.permissions import can_correct_verdicts, can_publish
from tasks.models import Task
from tasks.recusal import recusing_units
from workspace.addresses import correction_address
from workspace.read_models.requests import NEWS


def right_and_wrong(row: CorrectionRequest) -> list[RevisionDifference]:
    """What the published line would say instead, for the publisher. Three queries at most."""
    pairs = _pairs_of_verdict(row) if row.voice == Voice.SUPERVISOR else _pairs_of_report(row)
    return [difference for difference in pairs if difference.before != difference.after]


def _pairs_of_verdict(row: CorrectionRequest) -> list[RevisionDifference]:
    publication = row.publication
    published = str(publication.get_assessment_pace_display())
    note, right_note = publication.assessment_note, row.assessment_note
    return [
        RevisionDifference("督查核定", published, str(Pace(row.assessment_pace).label)),
        RevisionDifference("核查意见", note, right_note, prose=True),
    ]


def _pairs_of_report(row: CorrectionRequest) -> list[RevisionDifference]:
    publication, values = row.publication, row.values
    readings = publication.readings.select_related("indicator").order_by("indicator__order")
    numbers = [
        RevisionDifference(
            f"{reading.indicator.name}（{reading.indicator.unit}）",
            number(reading.value),
            number(values[reading.indicator_id]),
        )
        for reading in readings
        if reading.indicator_id in values
    ]
    words = RevisionDifference("进展情况", publication.narrative, row.narrative, prose=True)
    return [*numbers, words]


def correction_work_items(user: User, today: date) -> list[WorkItem]:
    """Corrections to publish, to propose after an upheld objection,
    and to change after a return.
    """
    return [*_to_publish(user), *_to_propose(user), *_returned(user, today)]


def _to_publish(user: User) -> list[WorkItem]:
    if not can_publish(user):
        return []
    rows = CorrectionRequest.objects.waiting().exclude(proposed_by=user).with_related()
    return [
        WorkItem(
            due_on=answer_by(row),
            title=f"更正：{row.publication.task.title}",
            missing=f"{row.department.short_name}{cn_date(row.proposed_at)}提出，等您发布或退回",
            url=reverse("workspace:decide-correction", args=[row.pk]),
            verb="核对",
            note=_note(row.publication),
            demonstration=row.publication.demonstration,
        )
        for row in rows
    ]


def _to_propose(user: User) -> list[WorkItem]:
    """An upheld objection leads to a correction by a supervisor who did not give the verdict."""
    if not can_correct_verdicts(user):
        return []
    rows = Objection.objects.upheld().filter(publication__is_current=True).with_related()
    rows = rows.exclude(publication__corrections__state=CorrectionState.PROPOSED)
    rows = rows.exclude(publication__task__in=Task.objects.answered_for_by(recusing_units(user)))
    rows = rows.exclude(
        publication__report__in=Assessment.objects.filter(assessed_by=user).values("report")
    )
    return [
        WorkItem(
            due_on=row.decide_by,
            title=f"复核结论“{row.get_state_display()}”：{row.publication.task.title}",
            missing="还没有按复核结论提出更正",
            url=correction_address(row.publication, Voice.SUPERVISOR),
            verb="更正",
            note=_note(row.publication),
            demonstration=row.publication.demonstration,
        )
        for row in rows
    ]


def _returned(user: User, today: date) -> list[WorkItem]:
    """The person's own returned ones, until the line has a newer revision or a newer proposal."""
    rows = CorrectionRequest.objects.filter(proposed_by=user, state=CorrectionState.RETURNED)
    rows = rows.filter(decided_at__date__gt=today - NEWS, publication__is_current=True)
    rows = rows.exclude(publication__corrections__state=CorrectionState.PROPOSED).with_related()
    return [_returned_work_item(row, row.decided_at) for row in rows if row.decided_at]


def _returned_work_item(row: CorrectionRequest, returned_at: datetime) -> WorkItem:
    return WorkItem(
        due_on=local_day(returned_at) + NEWS,
        title=f"更正：{row.publication.task.title}",
        missing="确需更正的，请修改后重新提出",
        url=correction_address(row.publication, row.voice),
        verb="修改",
        note=_note(row.publication),
        returned=row.note,
        sent_back="发布员退回",
        demonstration=row.publication.demonstration,
    )


def _note(publication: Publication) -> str:
    return f"{publication.task.code} · {publication.period.label}"
