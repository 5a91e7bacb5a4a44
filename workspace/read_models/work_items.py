"""The work items of a person that come from reports, releases, requests and supervision."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.urls import reverse

from common.text.wording import cn_date, stamp
from common.time.days import local_day
from departments.models import CalendarDay, User
from departments.roles import Role
from progress.choices import ExtensionState, PeriodState, ReportStatus
from progress.models import ProgressReport, ReportingPeriod
from progress.permissions import can_open_periods
from progress.read_models.breakdowns import breakdown_work_items
from progress.read_models.work_item import WorkItem
from progress.requirements.deadlines import Deadline
from progress.requirements.report import MissingItem, ReportRequirements
from progress.transitions import TRANSITIONS
from publishing.choices import ReleaseState
from publishing.models import Release
from publishing.permissions import can_handle_release, can_publish
from supervision.read_models.coordination import coordination_work_items
from supervision.read_models.slips import slip_work_items
from tasks.querysets import source_document_fields
from workspace.addresses import period_address, task_address
from workspace.read_models.corrections import correction_work_items
from workspace.read_models.queues import (
    ReviewQueue,
    lapsed,
    review_queue,
    to_sign,
    with_news,
    writable_requirements,
)
from workspace.read_models.release import withheld_due_for_review
from workspace.read_models.requests import request_work_items

MANY = 3
MISSING_WORDS = {"c": "{} 条自评", "n": "{} 条说明", "r": "{} 项数据", "u": "{} 个单位的部分"}
MISSING_FIELDS = {
    "rest": "其余事项的确认",
    "narrative": "进展情况",
    "pace": "总体进展",
    "no_progress_reason": "无进展的原因",
    "pace_reason": "总体进展的理由",
    "contradiction_reason": "数字与自评不一致的说明",
}


def work_items_for(user: User, today: date, queue: ReviewQueue | None = None) -> list[WorkItem]:
    """What a person has to do, unsorted; empty for those who only read.

    `queue` is the person's review queue if the caller has read it already.
    """
    reviews = _to_review(queue or review_queue(user))
    own = [*_to_file(user, today), *_to_sign(user, today)]
    releases = [
        *_active_releases(user),
        *_news_after_release(user, today),
        *_withheld_to_review(user, today),
    ]
    work_items = [*own, *reviews, *_due_periods(user, today), *releases]
    countings = CalendarDay.objects.countings(item.span for item in work_items if item.span)
    return (
        [replace(item, counting=countings.get(item.span)) for item in work_items]
        + request_work_items(user, today)
        + correction_work_items(user, today)
        + breakdown_work_items(user)
        + slip_work_items(user)
        + coordination_work_items(user, today)
    )


def _to_file(user: User, today: date) -> list[WorkItem]:
    units = user.department_ids(Role.REPORTER)
    return [
        _filing_work_item(requirements, units, today)
        for requirements in writable_requirements(user, today)
        if _has_to_write(requirements, units)
    ]


def are_many(work_items: Iterable[WorkItem]) -> bool:
    """Whether one unit owes so many reports that a workbook for all of them is less work."""
    owed = Counter(unit for work_item in work_items for unit in work_item.units)
    return max(owed.values(), default=0) >= MANY


def _has_to_write(requirements: ReportRequirements, units: set[int]) -> bool:
    """The lead until the report is submitted, the other units until their part is there."""
    own = {row.department_id for row in requirements.responsibilities} & units
    leads = requirements.lead is None or requirements.lead.department_id in own
    return leads or any(row.department_id in own for row in requirements.silent)


def _filing_work_item(requirements: ReportRequirements, units: set[int], today: date) -> WorkItem:
    task, period = requirements.task, requirements.period
    return WorkItem(
        title=task.title,
        missing=state_in_words(requirements, units, today),
        url=task_address("report", task, period),
        note=" · ".join([task.code, period.label, *term_in_words(requirements.deadline, today)]),
        demonstration=period.demonstration,
        units=frozenset(units & requirements.units),
        **_sent_back(requirements.report),
        **_days(requirements.deadline, today),
    )


def _sent_back(report: ProgressReport | None) -> dict:
    """The verb, and who sent the report back and why; a signer's reason is the later one."""
    submit = TRANSITIONS["submit"]
    again = {"verb": submit.owed_again_as}
    if report and report.hand_back_reason:
        return again | {"returned": report.hand_back_reason, "sent_back": "审签人退回"}
    if report and report.status == ReportStatus.RETURNED:
        return again | {"returned": report.return_reason}
    return {"verb": submit.owed_as}


def _days(deadline: Deadline, today: date) -> dict:
    """The due day, the span it was counted over, and the extension; an unlock has its own."""
    if deadline.is_unlocked(today):
        until = deadline.unlock.expires_on
        return {"due_on": until, "span": (local_day(deadline.unlock.opened_at), until)}
    return {
        "due_on": deadline.due_on,
        "span": (deadline.period.opens_on, deadline.period.due_on),
        "extension": deadline.extension,
    }


def term_in_words(deadline: Deadline, today: date) -> list[str]:
    """What changed the due day of the period, in phrases for a list."""
    requested = deadline.latest
    phrases = []
    if deadline.extension:
        phrases.append(
            f"经批准延期至{cn_date(deadline.due_on)}（原定{cn_date(deadline.period.due_on)}）"
        )
    if requested and requested.state != ExtensionState.GRANTED:
        waits = requested.state == ExtensionState.ASKED
        phrases.append("延期申请待答复" if waits else "延期未获同意")
    if deadline.is_unlocked(today):
        phrases.append(f"单项开放至{cn_date(deadline.unlock.expires_on)}")
    return phrases


def _to_sign(user: User, today: date) -> list[WorkItem]:
    return [
        WorkItem(
            due_on=deadline.due_on,
            title=report.task.title,
            missing=f"{report.sent_by} {stamp(report.sent_at)} 送审签",
            url=task_address("report", report.task, report.period),
            verb=TRANSITIONS["sign"].owed_as,
            note=f"{report.task.code} · {report.period.label}",
            demonstration=report.period.demonstration,
            span=(report.period.opens_on, report.period.due_on),
            extension=deadline.extension,
        )
        for report, deadline in to_sign(user, today)
    ]


def state_in_words(requirements: ReportRequirements, units: set[int], today: date) -> str:
    """How far a report is, and what is missing, for somebody who writes for these units."""
    if requirements.lead and requirements.lead.department_id not in units:
        return f"由{requirements.lead.department.short_name}牵头，还差本单位的部分"
    if requirements.report is None and requirements.lead:
        return f"未开始，要填：{required_in_words(requirements)}"
    missing_items = requirements.missing_items(today)
    if missing := [item for item in missing_items if item.blocks]:
        return f"还差：{summary(missing)}"
    done = (
        "已填完，可以送审签" if requirements.lead.department.signs_reports else "已填完，可以报送"
    )
    return f"{done}（{len(missing_items)} 个单位未交本单位部分）" if missing_items else done


def required_in_words(requirements: ReportRequirements) -> str:
    """What an untouched report asks for: 3 条自评、1 项数据、进展情况."""
    counts = {
        "条自评": len(requirements.required_commitments),
        "项数据": sum(number.required for number in requirements.numbers),
    }
    return "、".join([f"{count} {what}" for what, count in counts.items() if count] + ["进展情况"])


def summary(missing_items: Iterable[MissingItem]) -> str:
    """What is missing, counted by kind: 2 条自评、1 项数据、进展情况."""
    counted = Counter(
        item.about[0] if item.about[1:].isdigit() else item.about for item in missing_items
    )
    phrases = [
        MISSING_WORDS.get(about, "").format(count) or MISSING_FIELDS.get(about, "")
        for about, count in counted.items()
    ]
    return "、".join(filter(None, phrases)) or "牵头单位，请联系督查室指定"


def _to_review(queue: ReviewQueue) -> list[WorkItem]:
    """One work item for each period: the reports themselves are listed in the review queue."""
    periods = defaultdict(list)
    for report in queue.mine:
        periods[report.period_id].append(report)
    return [
        WorkItem(
            due_on=reports[0].period.review_due_on,
            title=f"核查{reports[0].period.label}填报",
            missing=f"{len(reports)} 份待核查",
            url=reverse("workspace:review-queue"),
            verb=TRANSITIONS["verify"].owed_as,
            note=reports[0].period.plan.name,
            demonstration=reports[0].period.demonstration,
            span=(reports[0].period.opens_on, reports[0].period.review_due_on),
        )
        for reports in periods.values()
    ]


def _due_periods(user: User, today: date) -> list[WorkItem]:
    """Periods whose day to be opened, closed or prepared for release has come."""
    if not can_open_periods(user):
        return []
    to_open, to_close = (
        Q(state=PeriodState.SCHEDULED, opens_on__lte=today),
        Q(state=PeriodState.OPEN, due_on__lt=today),
    )
    to_prepare = Q(state=PeriodState.CLOSED) & ~Q(releases__state=ReleaseState.PREPARED)
    rows = ReportingPeriod.objects.filter(to_open | to_close | to_prepare).quarters().with_plan()
    steps = {
        PeriodState.SCHEDULED: ("open-period", "开放", "opens_on", "到开放日了，还没有开放"),
        PeriodState.OPEN: ("close-period", "截止", "due_on", "已过报送截止日，还没有截止"),
        PeriodState.CLOSED: ("release", "准备", "release_on", "已截止，还没有准备报审稿"),
    }
    return [_period_work_item(period, *steps[period.state]) for period in rows]


def _period_work_item(
    period: ReportingPeriod, page: str, verb: str, day: str, missing: str
) -> WorkItem:
    return WorkItem(
        due_on=getattr(period, day),
        title=f"{period.label}填报期",
        missing=missing,
        url=period_address(page, period),
        verb=verb,
        note=period.plan.name,
        demonstration=period.demonstration,
        span=(period.opens_on, getattr(period, day)),
    )


def _active_releases(user: User) -> list[WorkItem]:
    """Prepared releases: to be approved, then published by somebody who did not prepare them."""
    if not can_handle_release(user):
        return []
    rows = Release.objects.filter(state=ReleaseState.PREPARED).select_related(
        "period__plan", "prepared_by"
    )
    work_items = []
    for row in rows.defer(*source_document_fields("period__plan")):
        if not row.approved_by:
            missing = f"{row.prepared_by}已准备好报审稿，还没有登记批准"
            work_items.append(_release_work_item(row.period, "登记", missing))
        elif can_publish(user) and not (row.two_persons and row.prepared_by_id == user.pk):
            work_items.append(
                _release_work_item(row.period, "发布", "报审稿已批准，等您核对后发布")
            )
    return work_items


def _release_work_item(period: ReportingPeriod, verb: str, missing: str) -> WorkItem:
    return _period_work_item(period, "release", verb, "release_on", missing)


def _news_after_release(user: User, today: date) -> list[WorkItem]:
    """What came in after a release, and what did not come in the time that was granted."""
    if not can_publish(user):
        return []
    late = defaultdict(list)
    for report in with_news():
        late[report.period].append(report)
    over = Counter(row.period for row in lapsed(today))
    return [
        *(
            _release_work_item(period, "公布", f"公布之后又有 {len(reports)} 份报送或核查")
            for period, reports in late.items()
        ),
        *(
            _release_work_item(period, "写明", f"延期期满，还有 {count} 项没有报送")
            for period, count in over.items()
        ),
    ]


def _withheld_to_review(user: User, today: date) -> list[WorkItem]:
    """Withheld lines whose review day has come, for all who may extend or lift the withholding."""
    rows = withheld_due_for_review(today) if can_handle_release(user) else []
    return [
        WorkItem(
            due_on=row.review_on,
            title=f"保密审查到期：{row.task.title}",
            missing="再审查日期到了：解除暂不公开，或写明理由延长",
            url=reverse("workspace:withholding", args=[row.pk]),
            verb="审查",
            note=f"{row.task.code} · {row.release.period.label}",
            demonstration=row.release.period.demonstration,
        )
        for row in rows
    ]
